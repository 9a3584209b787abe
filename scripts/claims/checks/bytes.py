"""Layer 1, bytes: a table is canonical when reading it and writing it again gives the same bytes, and cells are clean.

A canonical file is loaded as it is, and the engine finds the records in which a cell may be unclean; any other is read
record by record. What makes a file unreadable is found in tabledata.py, for packages without conventions too.
"""

import re
from collections.abc import Iterable
from itertools import chain
from typing import Any

from .. import canonical, csvtext, edtf
from ..csvtext import Record
from ..engine import Engine, among
from ..findings import Finding
from ..package import Package
from ..sql import quoted, source
from ..table import Table
from ..tabledata import BOM, CSV, TableData, dialect
from . import cells, screen


def check(package: Package) -> list[Finding]:
    """Findings about the form of every file, and of the cells of those that could be read."""
    engine = package.engine
    others = [name for name in package.tables if name not in engine.tables or name in engine.lines]
    if unreadable := [finding for name in others for finding in package.reading(name)[1]]:
        return unreadable
    findings: list[Finding] = []
    for name, table in package.tables.items():
        if name in others:
            data = package.data[name]
            findings += bytes_of_file(data)
            findings += empty(table, len(data.records))
            findings += clean(table, data.header, data.records)
        else:
            findings += empty(table, engine.counts[name])
            findings += clean(table, table.field_names, screen.doubtful(engine, table))
    if all(package.data[name].regular for name in others):
        for table in package.tables.values():
            findings += derived(engine, table)
            findings += order(package, table)
            findings += row_count(engine, table)
        findings += codes_in_schemas(package)
        findings += descriptions(package)
    return findings


def bytes_of_file(data: TableData) -> list[Finding]:
    """BOM, line ends, final newline, superfluous quotes."""
    path, text = data.table.path, data.text
    findings = []
    if text.startswith(BOM):
        findings.append(Finding("bom", path, "the file begins with a byte order mark", line=1))
        text = text.removeprefix(BOM)
    if "\r" in text:
        line = len(re.split(r"\r\n?|\n", text[: text.index("\r")]))
        count = text.count("\r")
        findings.append(Finding("line-ending", path, f"{count} carriage returns, the first here", line=line))
    elif not text.endswith("\n"):
        findings.append(Finding("final-newline", path, "the last line has no end", line=text.count("\n") + 1))
    elif data.header == data.table.field_names:  # columns that are off are the next layer's finding
        number, found, wanted = first_difference(text, data)
        if found:  # so is a blank line
            findings.append(Finding("quoting", path, f"written canonically: {wanted}", number, value=found))
    return findings


def empty(table: Table, records: int) -> list[Finding]:
    if records or table.resource.get("mayBeEmpty"):
        return []
    return [Finding("table-empty", table.path, "a header and no rows", line=1)]


def first_difference(text: str, data: TableData) -> tuple[int, str, str]:
    """Number of the first line that is not as it would be written, as it is, and as it should be; or 0 and nothing.

    Between commas only records with a quote can differ, one of eight; to write them all anew took six times as long.
    """
    found = text.split("\n")
    other_dialect = dialect(data.table) != CSV
    for start, written in (csvtext.Record(1, data.header), *data.records):
        if other_dialect or '"' in found[start - 1]:
            for number, wanted in enumerate(csvtext.write([written]).split("\n")[:-1], start):
                if found[number - 1] != wanted:
                    return number, found[number - 1], wanted
    return 0, "", ""


def clean(table: Table, header: list[str], records: Iterable[Record]) -> list[Finding]:
    """What no cell may hold, header cells included, of these records."""
    findings: list[Finding] = []
    seen: dict[tuple[bool, str], tuple[str, str] | None] = {}
    types = {one["name"]: one.get("type") for one in table.fields}
    columns = [(name, types.get(name) == "string") for name in header]
    data = TableData(table, "", header)
    for record in chain([Record(1, header)], records):
        for (column, is_text), cell in zip(columns, record.cells, strict=False):
            if cell and (is_text, cell) not in seen:
                seen[is_text, cell] = cells.offence(cell, is_text)
            if cell and (offence := seen[is_text, cell]):
                rule, message = offence
                row = data.row_id(record) if record.number > 1 else ""
                place: dict[str, Any] = {"line": record.number, "column": column.strip(), "row": row}
                findings.append(Finding(rule=rule, file=table.path, message=message, value=cell, **place))
    return findings


def derived(engine: Engine, table: Table) -> list[Finding]:
    """Dates that have the right shape and are no date, and derived cells that differ from what they must be."""
    fields = {one["name"]: one for one in table.fields}
    findings = []
    for name in dict.fromkeys(one["derived"]["from"] for one in fields.values() if "derived" in one):
        pattern = fields[name].get("constraints", {}).get("pattern", "")
        # a cell that already breaks its pattern is the next layer's finding
        shaped = [cell for (cell,) in engine.distinct(table, [name]) if cell and re.fullmatch(pattern, cell)]
        findings += wherever(engine, table, "edtf", [name], {(cell,): not_a_date(cell) for cell in shaped})
    for name, one in fields.items():
        if "derived" in one:
            pair = [name, one["derived"]["from"]]
            findings += wherever(
                engine, table, "derived", pair, {cells: differs(one, *cells) for cells in engine.distinct(table, pair)}
            )
    return findings


def wherever(engine: Engine, table: Table, rule: str, names: list[str], messages: dict) -> list[Finding]:
    """A finding in the first of these columns for every record whose cells in them have a message."""
    wrong = {cells: message for cells, message in messages.items() if message}
    return [
        Finding(
            rule,
            table.path,
            wrong[tuple(found[name] for name in names)],
            engine.line(table.name, rowid),
            names[0],
            found[names[0]],
            table.row_id(found),
        )
        for rowid, found in (engine.records(table.name, among(names, wrong)) if wrong else ())
    ]


def not_a_date(cell: str) -> str:
    """Why a cell is no date; empty when it is one."""
    try:
        edtf.bounds(cell)
    except ValueError as error:
        return str(error)
    return ""


def differs(field: dict, found: str, source: str) -> str:
    """What a derived cell must be instead; empty when it is that, or when its source cannot be read."""
    try:
        wanted = canonical.derived_cell(field, source)
    except ValueError:
        return ""
    return "" if found == wanted else f"must be {wanted or 'empty'}, by {field['derived']['from']}"


def order(package: Package, table: Table) -> list[Finding]:
    """The first row that is not where it belongs."""
    engine, (keys, joins) = package.engine, sort_sql(package, table)
    rows, order_by = f"{source(table)} AS own {joins}", ", ".join(keys)
    before = ", ".join(f"lag({key}) OVER (ORDER BY own.rowid)" for key in keys)
    back = f"SELECT own.rowid AS place, ({before}) > ({order_by}) AS back FROM {rows}"
    if not engine.rows(f"SELECT place FROM ({back}) WHERE place > 0 AND back LIMIT 1"):
        return []
    places = f"SELECT own.rowid AS found, row_number() OVER (ORDER BY {order_by}, own.rowid) - 1 AS place FROM {rows}"
    ((place, belongs),) = engine.rows(
        f"SELECT place, found FROM ({places}) WHERE place <> found ORDER BY place LIMIT 1"
    )
    found, wanted = (
        table.row_id(cells) for rowid in (place, belongs) for _, cells in engine.records(table.name, f"rowid = {rowid}")
    )
    message = f"row '{found}' stands where '{wanted}' belongs"
    return [Finding("row-order", table.path, message, line=engine.line(table.name, place), row=found)]


def sort_sql(package: Package, table: Table) -> tuple[list[str], str]:
    """What canonical.ordered sorts by, in SQL over the cells of `own`, and the joins that this needs."""
    keys: list[str] = []
    joins: list[str] = []
    kinds = {one["name"]: one["type"] for one in table.fields}
    for name in table.schema.get("sortBy") or table.primary_key:
        name, _, beyond = name.partition(".")
        cell, kind = f"coalesce(own.{quoted(name)}, '')", kinds[name]
        if beyond:
            target, key = next((target, keys[0]) for columns, target, keys in table.foreign_keys if columns == [name])
            kind = next(one["type"] for one in package.tables[target].fields if one["name"] == beyond)
            value = f"arg_max(coalesce({quoted(beyond)}, ''), rowid) AS value"
            other = f"(SELECT {quoted(key)} AS key, {value} FROM {source(package.tables[target])} GROUP BY key)"
            joins.append(f"LEFT JOIN {other} AS other_{len(joins)} ON other_{len(joins)}.key = own.{quoted(name)}")
            cell = f"coalesce(other_{len(joins) - 1}.value, {cell})"
        if kind == "integer":
            number = f"CASE WHEN regexp_full_match({cell}, '[0-9]+') THEN TRY_CAST({cell} AS HUGEINT) END"
            keys += [f"({number} IS NULL)", f"coalesce({number}, 0)"]
            cell = f"CASE WHEN {number} IS NULL THEN {cell} ELSE '' END"
        keys.append(cell)
    return keys, " ".join(joins)


def codes_in_schemas(package: Package) -> list[Finding]:
    """Fields whose list does not exist, and enums or categories that differ from the codes table."""
    findings = []
    lists = canonical.code_lists(package)
    for table in package.tables.values():
        for found, wanted in zip(table.fields, canonical.with_codes(table.schema, lists)["fields"], strict=True):
            place = {"file": table.schema_path, "column": found["name"]}
            if "codeList" in found and found["codeList"] not in lists:
                message = "the codes table has no list of this name"
                findings.append(Finding("code-list", message=message, value=found["codeList"], **place))
            elif found != wanted:
                message = f"enum or categories differ from list '{found['codeList']}' of the codes table"
                findings.append(Finding("codes-in-schema", message=message, **place))
    return findings


def row_count(engine: Engine, table: Table) -> list[Finding]:
    """`rowCount` in the descriptor against the rows there are."""
    stated, there = table.resource.get("rowCount"), engine.counts[table.name]
    if stated == there:
        return []
    return [Finding("row-count", table.path, f"the descriptor says {stated} rows, the file has {there}")]


def descriptions(package: Package) -> list[Finding]:
    """Titles and descriptions of tables in the descriptor against those of their schemas."""
    return [
        Finding(
            "table-description", "datapackage.json", f"{table.schema_path} says otherwise", column=key, row=table.name
        )
        for table in package.tables.values()
        for key, text in canonical.described(table).items()
        if table.resource.get(key) != text
    ]
