"""Layer 3, jsonschema: which cells of a row go together.

A table's row rules are the members of `allOf` in the JSON Schema its resource names; each is applied to the object of a
row's non-empty cells and gives at most one finding a row. jsonschema is the reference; in large packages it only sees
what jsonschema-rs, which is thirty times as fast, refuses.
"""

import jsonschema_rs
from jsonschema import Draft202012Validator

from ..csvtext import Record
from ..findings import Finding, Rule
from ..package import Package
from ..table import Table
from ..tabledata import TableData
from .metadata import columns_compared, columns_of

FILLED = "x"  # stands for any cell that is not empty, where no rule asks what it holds


def rules(table: Table) -> list[Rule]:
    """The table's row rules as entries of the catalogue."""
    return [
        Rule(f"{table.name}.{one['$anchor']}", "jsonschema", one["title"], one["description"])
        for one in table.row_rules.get("allOf", [])
    ]


def check(package: Package, thorough: bool) -> list[Finding]:
    """Findings of every row of every table that has row rules; columns that are off are another layer's finding."""
    findings = []
    for data in package.data.values():
        if data.table.row_rules.get("allOf") and data.header == data.table.field_names:
            findings += of_table(data, thorough)
    return findings


def of_table(data: TableData, thorough: bool) -> list[Finding]:
    """Findings of one table's rows.

    Rows that fill the same cells, and agree in those whose value a rule compares, are judged together: 56,100
    statements are of 200 kinds.
    """
    members = data.table.row_rules["allOf"]
    named, compared = (set().union(*map(of, members)) for of in (columns_of, columns_compared))
    columns = {
        name: cells if name in compared else [cell and FILLED for cell in cells]
        for name, cells in zip(data.header, data.columns, strict=True)
        if name in named
    }
    kinds = list(zip(*columns.values(), strict=True))
    compiled = jsonschema_rs.Draft202012Validator(data.table.row_rules)
    validators = [(rule, Draft202012Validator(rule)) for rule in members]
    broken: dict[tuple, list[dict]] = {}
    for kind in set(kinds):
        row = {name: cell for name, cell in zip(columns, kind, strict=True) if cell}
        if thorough or not compiled.is_valid(row):
            broken[kind] = [rule for rule, validator in validators if not validator.is_valid(row)]
    return [
        finding(data, line, rule)
        for line, kind in zip(data.records, kinds, strict=True)
        if broken.get(kind) and len(line.cells) == len(data.header)  # what a blank line lacks is said already
        for rule in broken[kind]
    ]


def finding(data: TableData, line: Record, rule: dict) -> Finding:
    """What to say of a row that breaks a rule: the cells that the rule takes together."""
    cells = dict(zip(data.header, line.cells, strict=True))
    together = ", ".join(f"{name} {cells.get(name) or '(empty)'}" for name in sorted(columns_of(rule)))
    return Finding(
        f"{data.table.name}.{rule['$anchor']}",
        data.table.path,
        f"these cells do not go together: {together}",
        line.number,
        rule["column"],
        cells[rule["column"]],
        data.row_id(line),
    )
