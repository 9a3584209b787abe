"""Layer 2 of a large package: which tables frictionless has to read at all.

Fast, and words nothing: size and checksum, columns, the forms of cells, and for all other constraints and keys the
loader, whose tables carry them. Whatever it refuses frictionless then reads and explains.
"""

import re
import sqlite3

from .. import canonical, database
from ..package import Package
from ..tabledata import TableData
from . import relations

LEXICAL = {
    "integer": re.compile(r"-?(?:0|[1-9][0-9]*)"),
    "number": re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?"),
    "date": re.compile(r"(?!0000)[0-9]{4}-[0-9]{2}-[0-9]{2}"),
}


def form(kind: str, constraints: dict) -> re.Pattern | None:
    """What a cell that is not empty must match as a whole."""
    pattern = constraints.get("pattern")
    return re.compile(pattern) if kind == "string" and pattern else LEXICAL.get(kind)


def loaded(package: Package) -> tuple[sqlite3.Connection | None, set[str]]:
    """The package's database, or none and the tables whose rows do not fit. Needs a package whose metadata is right."""
    connection = sqlite3.connect(":memory:")
    refused = {data.table.name for data in package.data.values() if not data.regular}
    refused |= {name for name, _ in database.fill(connection, package.tables, package.data)}
    if refused:
        connection.close()
        return None, refused
    relations.load_helpers(connection, package)
    return connection, set()


def ill_formed(package: Package) -> set[str]:
    """The tables whose file is not the one described, or whose columns or cells are not of the form they must have."""
    return {data.table.name for data in package.data.values() if not sealed(data) or not well_formed(data)}


def sealed(data: TableData) -> bool:
    """Whether a file is the one the descriptor describes."""
    seal = canonical.seal(data.table.file.read_bytes(), len(data.records))
    return all(data.table.resource.get(key, seal[key]) == seal[key] for key in ("bytes", "hash"))


def well_formed(data: TableData) -> bool:
    """Whether every cell of a table has the form of its column; numbers, one that a double can hold exactly."""
    if not data.regular:
        return False
    for one, cells in zip(data.table.fields, data.distinct, strict=True):
        whole = form(one["type"], one.get("constraints", {}))
        if whole and not all(map(whole.fullmatch, cells - {""})):
            return False
        if one["type"] == "number" and max(map(len, cells), default=0) > 15:
            return False
    return True
