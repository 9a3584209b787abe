"""The figures in docs/METHOD.md are those the commands print."""

import csv
import json
import re
from pathlib import Path

from harness import claims

ROOT = Path(__file__).parent.parent


def test_the_audit_table_is_the_one_that_the_audit_prints(article):
    audit = json.loads(claims("audit", article, "--format", "json").stdout)["audit"]
    header = list(audit[0])
    lines = [header, ["---"] * len(header), *([str(cell) for cell in row.values()] for row in audit)]
    table = "".join("| " + " | ".join(line) + " |\n" for line in lines)
    block = re.search(
        r"(?s)<!-- begin audit.*?-->\n(.*?)<!-- end audit -->", (ROOT / "docs/METHOD.md").read_text("utf-8")
    )
    assert block[1] == table, f"put this between the marks:\n{table}"


def test_example_rows_are_there_and_coded_as_the_method_says():
    rows = {}
    for resource in json.loads((ROOT / "datapackage.json").read_text("utf-8"))["resources"]:
        (key, *more) = json.loads((ROOT / resource["schema"]).read_text("utf-8"))["primaryKey"]
        with (ROOT / resource["path"]).open(encoding="utf-8", newline="") as stream:
            rows |= {} if more else {row[key]: row for row in csv.DictReader(stream)}
    with (ROOT / "docs" / "coding_rules.csv").open(encoding="utf-8", newline="") as stream:
        examples = list(csv.DictReader(stream))
    for one in examples:
        column, _, value = one["property"].partition("=")
        assert rows[one["row_id"]][column] == value, one
    kinds = {(one["rule"], one["kind"]) for one in examples}
    assert len(kinds) == 3 * len({one["rule"] for one in examples}), "each rule holds, does not, and has a boundary"
