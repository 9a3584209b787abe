"""Layer 2 of a large package: which tables frictionless has to read at all.

Fast, and words nothing: size and checksum, columns, the forms of cells, and for all other constraints and keys the
loader, whose tables carry them. Whatever it refuses frictionless then reads and explains.
"""

import re
import sqlite3

from .. import canonical, database
from ..content import Content
from ..package import Package

LEXICAL = {
    "integer": re.compile(r"-?(?:0|[1-9][0-9]*)"),
    "number": re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?"),
    "date": re.compile(r"(?!0000)[0-9]{4}-[0-9]{2}-[0-9]{2}"),
}


def form(kind: str, constraints: dict) -> re.Pattern | None:
    """What a cell that is not empty must match as a whole."""
    pattern = constraints.get("pattern")
    return re.compile(pattern) if kind == "string" and pattern else LEXICAL.get(kind)


def loaded(package: Package, contents: dict[str, Content]) -> tuple[sqlite3.Connection | None, set[str]]:
    """The package's database, or none and the tables whose rows do not fit. Needs a package whose metadata is right."""
    connection = sqlite3.connect(":memory:")
    refused = {content.table.name for content in contents.values() if not content.regular}
    refused |= {name for name, _ in database.fill(connection, package, contents)}
    if refused:
        connection.close()
        return None, refused
    database.load_helpers(connection, package, contents)
    return connection, set()


def ill_formed(contents: dict[str, Content]) -> set[str]:
    """The tables whose file is not the one described, or whose columns or cells are not of the form they must have."""
    return {content.table.name for content in contents.values() if not sealed(content) or not well_formed(content)}


def sealed(content: Content) -> bool:
    """Whether a file is the one the descriptor describes."""
    seal = canonical.seal(content.table.file.read_bytes(), len(content.lines))
    return all(content.table.resource.get(key, seal[key]) == seal[key] for key in ("bytes", "hash"))


def well_formed(content: Content) -> bool:
    """Whether every cell of a table has the form of its column; numbers, one that a double can hold exactly."""
    if not content.regular:
        return False
    for one, cells in zip(content.table.fields, content.distinct, strict=True):
        whole = form(one["type"], one.get("constraints", {}))
        if whole and not all(map(whole.fullmatch, cells - {""})):
            return False
        if one["type"] == "number" and max(map(len, cells), default=0) > 15:
            return False
    return True
