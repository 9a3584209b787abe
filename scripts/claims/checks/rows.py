"""Layer 3, jsonschema: which cells of a row go together.

A table's row rules are the members of `allOf` in the JSON Schema its resource names; each is applied to the object of a
row's non-empty cells and gives at most one finding a row. jsonschema is the reference; in large packages it only sees
what jsonschema-rs, which is thirty times as fast, refuses.
"""

import jsonschema_rs
from jsonschema import Draft202012Validator

from ..content import Content
from ..csvtext import Line
from ..findings import Finding, Rule
from ..package import Table
from .metadata import columns_compared, columns_of

FILLED = "x"  # stands for any cell that is not empty, where no rule asks what it holds


def rules(table: Table) -> list[Rule]:
    """The table's row rules as entries of the catalogue."""
    return [
        Rule(f"{table.name}.{one['$anchor']}", "jsonschema", one["title"], one["description"])
        for one in table.row_rules.get("allOf", [])
    ]


def check(contents: dict[str, Content], thorough: bool) -> list[Finding]:
    """Findings of every row of every table that has row rules; columns that are off are another layer's finding."""
    findings = []
    for content in contents.values():
        if content.table.row_rules.get("allOf") and content.header == content.table.field_names:
            findings += of_table(content, thorough)
    return findings


def of_table(content: Content, thorough: bool) -> list[Finding]:
    """Findings of one table's rows.

    Rows that fill the same cells, and agree in those whose value a rule compares, are judged together: 56,100
    statements are of 200 kinds.
    """
    members = content.table.row_rules["allOf"]
    named, compared = (set().union(*map(of, members)) for of in (columns_of, columns_compared))
    columns = {
        name: cells if name in compared else [cell and FILLED for cell in cells]
        for name, cells in zip(content.header, content.columns, strict=True)
        if name in named
    }
    kinds = list(zip(*columns.values(), strict=True))
    compiled = jsonschema_rs.Draft202012Validator(content.table.row_rules)
    validators = [(rule, Draft202012Validator(rule)) for rule in members]
    broken: dict[tuple, list[dict]] = {}
    for kind in set(kinds):
        row = {name: cell for name, cell in zip(columns, kind, strict=True) if cell}
        if thorough or not compiled.is_valid(row):
            broken[kind] = [rule for rule, validator in validators if not validator.is_valid(row)]
    return [
        finding(content, line, rule)
        for line, kind in zip(content.lines, kinds, strict=True)
        if broken.get(kind) and len(line.cells) == len(content.header)  # what a blank line lacks is said already
        for rule in broken[kind]
    ]


def finding(content: Content, line: Line, rule: dict) -> Finding:
    """What to say of a row that breaks a rule: the cells that the rule takes together."""
    cells = dict(zip(content.header, line.cells, strict=True))
    together = ", ".join(f"{name} {cells.get(name) or '(empty)'}" for name in sorted(columns_of(rule)))
    return Finding(
        f"{content.table.name}.{rule['$anchor']}",
        content.table.path,
        f"these cells do not go together: {together}",
        line.number,
        rule["column"],
        cells[rule["column"]],
        content.row_id(line),
    )
