"""Layer 4, across: what must hold between tables, as the package's own queries say.

A package names its file of rules in its conventions. Each rule is one SELECT over the tables and the helper tables made
here; every row it returns is a finding. The queries may only read and are stopped after a bounded time.
"""

from collections.abc import Iterator

from .. import edtf
from ..database import QueryRefused
from ..engine import Engine
from ..findings import Finding, Rule, Unusable
from ..package import Package
from ..sql import VALUES, literal, quoted, source, value
from ..table import Table

LAYER = "across"
SECONDS, ROWS_PER_SECOND = 5, 20_000  # a rule may take so long: a fixed time and a share for every row
DATE = r"(?:\.\.|[0-9]{2}[0-9X]{2})[0-9X/.-]*"
COLUMNS = ["tbl", "row_id", "column", "value", "message"]


def rules(package: Package) -> dict[str, dict]:
    """The package's rules across tables by id, as its file has them (claims/profiles/rules.json says in what shape)."""
    return {entry["id"]: entry for entry in package.settings("rules").get("rule", [])}


def catalogue(package: Package) -> list[Rule]:
    """The rules as entries of the catalogue; none of a file that is not of its shape, which metadata finds."""
    try:
        return [
            Rule(one["id"], LAYER, one["why"], one["mend"], one.get("level", "error"))
            for one in rules(package).values()
        ]
    except (Unusable, KeyError, TypeError, AttributeError):
        return []


def check(package: Package) -> list[Finding]:
    """Findings of every rule; a query that cannot be run is a finding about the file of rules."""
    path = package.conventions.get("rules")
    if not path:
        return []
    engine = package.engine
    if findings := [*not_loaded(package)]:
        return findings
    load_helpers(package)
    seconds = SECONDS + sum(engine.counts.values()) / ROWS_PER_SECOND
    for rule, entry in rules(package).items():
        try:
            rows = engine.select(entry["sql"], seconds)
        except QueryRefused as error:
            findings.append(Finding("rule-broken", path, str(error), column=rule))
            continue
        if rows and list(rows[0]) != COLUMNS:
            message = f"selects {', '.join(rows[0])} instead of {', '.join(COLUMNS)}"
            findings.append(Finding("rule-broken", path, message, column=rule))
            continue
        findings += [finding(package, path, rule, row) for row in rows]
    return findings


def not_loaded(package: Package) -> Iterator[Finding]:
    """Tables that the engine could not load, and numbers that no database holds."""
    engine = package.engine
    for name, table in package.tables.items():
        if name not in engine.tables:
            yield Finding("not-loadable", table.path, "no database reads this file")
            continue
        for one in table.fields:
            if one["type"] not in VALUES:
                continue
            for rowid, cells in engine.records(name, f"{quoted(one['name'])} IS NOT NULL AND {value(one)} IS NULL"):
                place = {"line": engine.line(name, rowid), "column": one["name"], "row": table.row_id(cells)}
                message = f"no {one['type']} of 64 bits"
                yield Finding("not-loadable", table.path, message, value=cells[one["name"]][:200], **place)


def finding(package: Package, path: str, rule: str, row: dict) -> Finding:
    """What to say of one row that a rule selects."""
    table = package.tables.get(row["tbl"])
    return Finding(
        rule,
        table.path if table else path,
        row["message"],
        line_of(package.engine, table, row["row_id"] or "") if table else 0,
        row["column"] or "",
        "" if row["value"] is None else str(row["value"]),
        row["row_id"] or "",
    )


def line_of(engine: Engine, table: Table, row_id: str) -> int:
    """The line on which a row begins; 0 for one that is not there."""
    key = " || '/' || ".join(map(quoted, table.primary_key))
    found = next(engine.records(table.name, f"{key} = ?", [row_id]), None)
    return engine.line(table.name, found[0]) if found else 0


def load_helpers(package: Package) -> None:
    """Make the tables that tell rules and audit of all tables at once.

    `_ids` holds every primary key, `_codes_used` every code that a cell holds, `_example_uses` those of the rows that
    are named as examples, `_edtf` every text that is a date and its bounds, `_package` version and date of the package.
    """
    engine, codes = package.engine, package.tables.get(package.conventions.get("codes", ""))
    ids, uses = [], []
    used: set[tuple[str, str]] = set()
    dates: set[str] = set()
    for table in engine.tables.values():
        row_id = " || '/' || ".join(map(quoted, table.primary_key))
        ids.append(f"SELECT {row_id} AS id, {literal(table.name)} AS tbl FROM {source(table)}")
        coded = [one for one in table.fields if "codeList" in one]
        if coded:  # few rows differ in all their codes
            kinds = engine.distinct(table, [one["name"] for one in coded])
            for one, cells in zip(coded, zip(*kinds, strict=True), strict=False):
                used |= {(one["codeList"], code) for code in cells if code}
        if texts := [quoted(one["name"]) for one in table.fields if may_be_date(table, one)]:
            lists = [f"list({name}) FILTER ({dated(name)})" for name in texts]
            (found,) = engine.rows(f"SELECT {', '.join(lists)} FROM {source(table)}")
            dates.update(*(cells or () for cells in found))
        if coded and codes:
            names = ", ".join(quoted(one["name"]) for one in coded)
            examples = f"SELECT example_id FROM {source(codes)}"
            rows = engine.rows(f"SELECT {row_id} AS id, {names} FROM {source(table)} WHERE id IN ({examples})")
            uses += [
                (one["codeList"], code, row) for row, *cells in rows for one, code in zip(coded, cells, strict=True)
            ]
    engine.create_as("_ids", " UNION ALL ".join(ids))
    engine.create("_codes_used", ["code_list", "code"], sorted(used))
    engine.create("_example_uses", ["code_list", "code", "row_id"], uses)
    bounds = [(cell, *days) for cell in sorted(dates) if (days := bounds_of(cell))]
    engine.create("_edtf", ["value", "earliest", "latest"], bounds)
    of_package = [str(package.descriptor.get(name, "")) for name in ("version", "created")]
    engine.create("_package", ["version", "created"], [of_package])


def may_be_date(table: Table, field: dict) -> bool:
    """Whether a column may hold dates as text: it is neither a key nor a code."""
    keys = {name for key in (table.primary_key, *(own for own, _, _ in table.foreign_keys)) for name in key}
    return field["type"] == "string" and "codeList" not in field and field["name"] not in keys


def dated(name: str) -> str:
    """SQL that is true for a cell in the form of a date; points and digits stand before the colon."""
    return f"WHERE {name} < ':' AND regexp_full_match({name}, {literal(DATE)})"


def bounds_of(cell: str) -> list[str | None]:
    """The first and last day of a date; nothing for what is none."""
    try:
        return [day or None for day in edtf.bounds(cell)]
    except ValueError:
        return []
