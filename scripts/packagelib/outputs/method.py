"""The generated part of docs/METHOD.md: the coding rules of docs/coding_rules.csv with their example rows."""

import csv
import re
from itertools import groupby

from ..content import Content
from ..package import Package
from .markdown import table as markdown_table


def build(package: Package, contents: dict[str, Content]) -> dict[str, bytes]:
    file, rules = package.root / "docs" / "METHOD.md", package.root / "docs" / "coding_rules.csv"
    if not file.is_file() or not rules.is_file():
        return {}
    with rules.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    parts = []
    for (name, text), examples in groupby(rows, key=lambda row: (row["rule"], row["text"])):
        lines = [[one["kind"], f"`{one['row_id']}`", f"`{one['property']}`", one["why"]] for one in examples]
        parts.append(f"### {name}\n\n{text}\n\n" + markdown_table(["", "row", "coded", "because"], lines))
    block = "\n" + "\n".join(parts) + "\n"
    text = re.sub(
        r"(?s)(<!-- begin rules -->\n).*?(<!-- end rules -->)",
        lambda match: match[1] + block + match[2],
        file.read_text("utf-8"),
    )
    return {"docs/METHOD.md": text.encode("utf-8")}
