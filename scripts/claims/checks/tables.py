"""Layer 2, tables: files are those that the descriptor describes, cells are values of their columns, keys hold.

The engine finds the rows that are not surely right; frictionless, which is imported only then, reads these rows and
what they point to, and says what is wrong with them.
"""

from ..engine import Engine
from ..findings import Finding
from ..package import Package
from ..sql import VALUES, quoted, source
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
        if not all(
            values.accepted(one, one["example"]) for one in table.fields
        ):  # of the schema itself there is a word
            found[name].add(1)
    return {name: lines for name, lines in found.items() if lines}


def unloaded(data: TableData) -> set[int]:
    """All lines of a table that the engine could not load; of one whose columns are off the header is enough."""
    return {1} if data.header != data.table.field_names else {1, *(one.number for one in data.records)}


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
    """Rowids of records that share a key with another, have an empty part of one, or point to no record."""
    unique = [[one["name"]] for one in table.fields if one.get("constraints", {}).get("unique")]
    queries = [repeated(table, key) for key in [table.primary_key, *table.schema.get("uniqueKeys", []), *unique]]
    empty = " OR ".join(f"{quoted(name)} IS NULL" for name in table.primary_key)
    queries.append(f"SELECT rowid FROM {source(table)} WHERE {empty}")
    queries += [
        dangling(table, own, engine.tables[target], others)
        for own, target, others in table.foreign_keys
        if target in engine.tables
    ]
    return {rowid for (rowid,) in engine.rows(" UNION ALL ".join(f"({query})" for query in queries))}


def repeated(table: Table, key: list[str]) -> str:
    """SQL for the records whose key, of which no part is empty, another has too."""
    name, parts = f"{source(table)}", typed(table, key)
    filled = " AND ".join(f"{part} IS NOT NULL" for part in parts)
    twice = f"SELECT {', '.join(parts)} FROM {name} WHERE {filled} GROUP BY ALL HAVING count(*) > 1"
    return f"SELECT rowid FROM {name} WHERE ({', '.join(parts)}) IN ({twice})"


def dangling(table: Table, own: list[str], target: Table, others: list[str]) -> str:
    """SQL for the records that point to no record; of a key whose columns are of two types, all that point."""
    filled = " OR ".join(f"own.{quoted(name)} IS NOT NULL" for name in own)
    if kinds(table, own) != kinds(target, others):
        return f"SELECT rowid FROM {source(table)} AS own WHERE {filled}"
    pairs = zip(typed(table, own, "own."), typed(target, others, "other."), strict=True)
    same = " AND ".join(f"{mine} = {theirs}" for mine, theirs in pairs)
    other = f"{source(target)} AS other"
    return f"SELECT own.rowid FROM {source(table)} AS own ANTI JOIN {other} ON {same} WHERE {filled}"


def kinds(table: Table, names: list[str]) -> list[str]:
    of = {one["name"]: one["type"] for one in table.fields}
    return [of[name] for name in names]


def typed(table: Table, names: list[str], prefix: str = "") -> list[str]:
    """The columns as expressions of their types, so that 1.0 and 1.00 are one value."""
    pairs = zip(kinds(table, names), names, strict=True)
    return [VALUES.get(kind, "{}").format(prefix + quoted(name)) for kind, name in pairs]
