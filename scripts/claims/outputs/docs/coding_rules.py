"""The coding rules of docs/coding_rules.csv with their example rows, for docs/METHOD.md."""

import csv
from itertools import groupby

from ...markdown import table as markdown_table
from ...package import Package


def coding_rules(package: Package) -> str:
    """One section a rule: a row to which it applies, one to which it does not, one at the boundary."""
    file = package.root / "docs" / "coding_rules.csv"
    if not file.is_file():
        return ""
    with file.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    parts = []
    for (name, text), examples in groupby(rows, key=lambda row: (row["rule"], row["text"])):
        lines = [
            [example["kind"], f"`{example['row_id']}`", f"`{example['property']}`", example["why"]]
            for example in examples
        ]
        parts.append(f"### {name}\n\n{text}\n\n" + markdown_table(["", "row", "coded", "because"], lines))
    return "\n" + "\n".join(parts) + "\n"
