"""Layer 3, rows: which cells of a row go together.

A table's row rules are the members of `allOf` in the JSON Schema its resource names; each is applied to the object of a
row's non-empty cells and gives at most one finding a row. Rows that fill the same cells, and agree in those whose value
a rule compares, are judged together: 56,100 statements are of 200 kinds. jsonschema is the reference; it only sees the
kinds that jsonschema-rs, which is thirty times as fast, refuses.
"""

import jsonschema_rs

from ..engine import Engine
from ..findings import Finding, Rule
from ..package import Package
from ..sql import quoted, source
from ..table import Table
from .metadata import columns_compared, columns_of

FILLED = "x"  # stands for any cell that is not empty, where no rule asks what it holds


def rules(table: Table) -> list[Rule]:
    """The table's row rules as entries of the catalogue."""
    return [
        Rule(f"{table.name}.{one['$anchor']}", "rows", one["title"], one["description"])
        for one in table.row_rules.get("allOf", [])
    ]


def check(package: Package) -> list[Finding]:
    """Findings of every row of every table that has row rules; columns that are off are another layer's finding."""
    engine = package.engine
    return [
        finding
        for table in engine.tables.values()
        if table.row_rules.get("allOf")
        for finding in of_table(engine, table, jsonschema_rs.Draft202012Validator(table.row_rules).is_valid)
    ]


def of_table(engine: Engine, table: Table, is_valid) -> list[Finding]:
    """Findings of one table's rows; `is_valid` says of the filled cells of a row whether they break no rule."""
    cells = kind_columns(table)
    kinds = engine.rows(f"SELECT DISTINCT {', '.join(cells.values())} FROM {source(table)}")
    findings = []
    for kind in kinds:
        row = {name: cell for name, cell in zip(cells, kind, strict=True) if cell}
        if not is_valid(row) and (broken := broken_rules(table, row)):
            alike = [f"{sql} IS NOT DISTINCT FROM ?" for sql in cells.values()]
            for rowid, found in engine.records(table.name, " AND ".join(alike), kind):
                line = engine.line(table.name, rowid)
                findings += [finding(table, line, found, rule) for rule in broken]
    return findings


def kind_columns(table: Table) -> dict[str, str]:
    """The columns that rules speak of: SQL for the cell, or, where none asks what it holds, whether there is one."""
    members = table.row_rules["allOf"]
    named, compared = (set().union(*map(of, members)) for of in (columns_of, columns_compared))
    return {
        name: quoted(name) if name in compared else f"CASE WHEN {quoted(name)} IS NOT NULL THEN '{FILLED}' END"
        for name in table.field_names
        if name in named
    }


def broken_rules(table: Table, row: dict[str, str]) -> list[dict]:
    """The rules that a row breaks, as the reference implementation of JSON Schema judges."""
    from jsonschema import Draft202012Validator  # imported only where something seems to be wrong

    return [rule for rule in table.row_rules["allOf"] if not Draft202012Validator(rule).is_valid(row)]


def finding(table: Table, line: int, cells: dict[str, str], rule: dict) -> Finding:
    """What to say of a row that breaks a rule: the cells that the rule takes together."""
    together = ", ".join(f"{name} {cells.get(name) or '(empty)'}" for name in sorted(columns_of(rule)))
    return Finding(
        f"{table.name}.{rule['$anchor']}",
        table.path,
        f"these cells do not go together: {together}",
        line,
        rule["column"],
        cells[rule["column"]],
        table.row_id(cells),
    )
