"""Layer 2, tables: files are those that the descriptor describes, cells are values of their columns, keys hold.

The engine finds the rows that are not surely right; frictionless, which is imported only then, reads these rows and
what they point to, and says what is wrong with them.
"""

from ..engine import Engine
from ..findings import Finding
from ..package import Package
from ..sql import VALUES, literal, quoted, source
from ..table import Table
from ..tabledata import TableData
from . import screen, values


def check(package: Package) -> list[Finding]:
    """Findings about every table that could be read."""
    findings = seals(package)
    if doubtful := suspects(package):
        from . import explain  # frictionless takes as long to import as everything else here takes to run

        findings += explain.check(package, doubtful)
    return without_consequences(findings)


def without_consequences(findings: list[Finding]) -> list[Finding]:
    """Leave out what only follows: of columns that are off all values and keys, of a blank row its other errors."""
    off = {(one.file, one.line): one for one in findings if one.rule in ("header", "row-length")}
    if off:
        wrong = {file for file, _ in off}
        findings = [one for one in findings if one.file not in wrong and one.rule != "foreign-key"] + [*off.values()]
    blank = {(one.file, one.line) for one in findings if one.rule == "blank-row"}
    return [one for one in findings if one.rule == "blank-row" or (one.file, one.line) not in blank]


def seals(package: Package) -> list[Finding]:
    """Sizes and checksums that are not those of the descriptor."""
    findings = []
    for name, seal in package.engine.seals.items():
        table = package.tables[name]
        for rule, key in (("bytes", "bytes"), ("hash", "hash")):
            wanted = table.resource.get(key, seal[key])
            if wanted != seal[key]:
                expected, actual = (str(one).removeprefix("sha256:") for one in (wanted, seal[key]))
                message = f'expected is "{expected}" and actual is "{actual}"'
                findings.append(Finding(rule, table.path, message))
    return findings


def suspects(package: Package) -> dict[str, set[int]]:
    """Of each table the lines of the records that are not surely right; 1, the header, for columns that are off."""
    engine = package.engine
    found = {name: unloaded(package.data[name]) for name in package.tables if name not in engine.tables}
    for name, table in engine.tables.items():
        found[name] = irregular(package, table) | refused(engine, table)
        found[name] |= {engine.line(name, rowid) for rowid in keys(engine, table)}
        if not all(values.accepted(one, one["example"]) for one in table.fields):  # frictionless reads the schema too
            found[name].add(1)
    for name, rowid in dangling(engine):
        found[name].add(engine.line(name, rowid))
    return {name: lines for name, lines in found.items() if lines}


def unloaded(data: TableData) -> set[int]:
    """All lines of a table that the engine has not, because its columns are off or it cannot be loaded."""
    return {1, *(record.number for record in data.records)}


def irregular(package: Package, table: Table) -> set[int]:
    """Records of a file that is not canonical which have not as many cells as the header."""
    if table.name not in package.engine.lines:
        return set()
    return {one.number for one in package.data[table.name].records if len(one.cells) != len(table.fields)}


def refused(engine: Engine, table: Table) -> set[int]:
    """Records with a cell that its field does not surely accept."""
    return {
        record.number
        for record in screen.doubtful(engine, table)
        if not all(map(values.accepted, table.fields, record.cells))
    }


def keys(engine: Engine, table: Table) -> set[int]:
    """Rowids of records that share a key with another, or have an empty part of the primary key."""
    unique = [[one["name"]] for one in table.fields if one.get("constraints", {}).get("unique")]
    empty = " OR ".join(f"{quoted(name)} IS NULL" for name in table.primary_key) or "FALSE"
    wrong = [f"SELECT rowid FROM {source(table)} WHERE {empty}"]
    for key in filter(None, [table.primary_key, *table.schema.get("uniqueKeys", []), *unique]):
        parts = ", ".join(typed(table, key))
        filled = " AND ".join(f"{part} IS NOT NULL" for part in typed(table, key))
        twice = f"FROM {source(table)} WHERE {filled} GROUP BY {parts} HAVING count(*) > 1"
        if engine.rows(f"SELECT 1 {twice} LIMIT 1"):
            wrong.append(f"SELECT rowid FROM {source(table)} WHERE ({parts}) IN (SELECT {parts} {twice})")
    return {rowid for query in wrong for (rowid,) in engine.rows(query)}


def dangling(engine: Engine) -> list[tuple[str, int]]:
    """Table and rowid of the records that point to none; of a key whose columns are of two types, all that point."""
    pointing: dict[tuple, list[str]] = {}
    for table in engine.tables.values():
        for own, name, others in table.foreign_keys:
            if name not in engine.tables:
                continue
            target = engine.tables[name]
            filled = " AND ".join(f"{quoted(part)} IS NOT NULL" for part in own)  # else not tested, as in SQL
            cells = ", ".join(f"{cell} AS key_{number}" for number, cell in enumerate(typed(table, own)))
            same = " AND ".join(f"key_{number} = {cell}" for number, cell in enumerate(typed(target, others)))
            alike = kinds(table, own) == kinds(target, others)
            pointing.setdefault((source(target), same if alike else "FALSE", len(own)), []).append(
                f"SELECT {literal(table.name)} AS tbl, rowid AS row, {cells} FROM {source(table)} WHERE {filled}"
            )
    queries = (
        f"SELECT tbl, row FROM ({' UNION ALL '.join(rows)}) ANTI JOIN {target} AS target ON {same}"
        for (target, same, _), rows in pointing.items()
    )
    return [found for query in queries for found in engine.rows(query)]


def kinds(table: Table, names: list[str]) -> list[str]:
    of = {one["name"]: one["type"] for one in table.fields}
    return [of[name] for name in names]


def typed(table: Table, names: list[str]) -> list[str]:
    """The columns as expressions of their types, so that 1.0 and 1.00 are one value."""
    return [VALUES.get(kind, "{}").format(quoted(name)) for kind, name in zip(kinds(table, names), names, strict=True)]
