"""Pieces of SQL, for SQLite and DuckDB."""

from .table import Table

TEXT = "_text"
# A cell as a value, where that is not its text.
VALUES = {
    "integer": "TRY_CAST({} AS BIGINT)",
    "number": "TRY_CAST({} AS DOUBLE)",
    "boolean": "CASE {} WHEN 'true' THEN 1 WHEN 'false' THEN 0 END",
}


def quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def columns(names: list[str]) -> str:
    return ", ".join(map(quoted, names))


def literal(value) -> str:
    return str(value) if isinstance(value, int | float) else "'" + str(value).replace("'", "''") + "'"


def value(field: dict, prefix: str = "") -> str:
    """A cell of a column as a value."""
    return VALUES.get(field["type"], "{}").format(prefix + quoted(field["name"]))


def source(table: Table) -> str:
    """Where the engine has the cells of a table as they are written: apart only if the values are others."""
    apart = any(one["type"] in VALUES for one in table.fields)
    return f"{TEXT}.{quoted(table.name)}" if apart else quoted(table.name)
