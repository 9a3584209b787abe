"""Layer 3, jsonschema: which cells of a row go together.

A table's row rules are the members of `allOf` in the JSON Schema its resource names; each is applied to
the object of a row's non-empty cells and gives at most one finding a row. jsonschema is the reference; jsonschema-rs,
which is thirty times as fast and must find the same, takes its place in large packages.
"""

import jsonschema_rs
from jsonschema import Draft202012Validator

from ..content import Content
from ..findings import Finding, Rule
from ..package import Table
from .metadata import columns_of


def rules(table: Table) -> list[Rule]:
    """The table's row rules as entries of the catalogue."""
    return [
        Rule(f"{table.name}.{one['$anchor']}", "jsonschema", one["title"], one["description"])
        for one in table.row_rules.get("allOf", [])
    ]


def check(contents: dict[str, Content], thorough: bool) -> list[Finding]:
    """Findings of every row of every table that has row rules."""
    findings = []
    validator_of = Draft202012Validator if thorough else jsonschema_rs.Draft202012Validator
    for content in contents.values():
        validators = [
            (
                f"{content.table.name}.{one['$anchor']}",
                one["column"],
                sorted(columns_of(one)),
                validator_of(one),
            )
            for one in content.table.row_rules.get("allOf", [])
        ]
        if not validators:
            continue
        all_of_them = validator_of(content.table.row_rules)
        for line, cells in content.records():
            row = {column: cell for column, cell in cells.items() if cell}
            for rule, column, involved, validator in () if all_of_them.is_valid(row) else validators:
                if not validator.is_valid(row):
                    message = "together: " + ", ".join(f"{name} {row.get(name, '(empty)')}" for name in involved)
                    place = {"line": line.number, "column": column, "row": content.row_id(line)}
                    findings.append(Finding(rule, content.table.path, message, value=cells[column], **place))
    return findings
