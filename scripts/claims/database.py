"""The package as a SQLite database: typed tables with real keys and checks, made from the schemas alone.

It is what build.py publishes and takes tables and views from; the checks ask the engine.
"""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from .sql import columns, literal, quoted
from .table import Table
from .tabledata import TableData

SQL_TYPES = {"string": "TEXT", "date": "TEXT", "integer": "INTEGER", "number": "REAL", "boolean": "INTEGER"}
READ_ONLY = {sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_FUNCTION, sqlite3.SQLITE_RECURSIVE}
STEPS_PER_CHECK = 100_000
LONGEST_VALUE = 1 << 20


class QueryRefused(Exception):
    """A query of a package that writes, takes too long or is no SQL."""


def load(tables: dict[str, Table], data: dict[str, TableData]) -> sqlite3.Connection:
    """All tables in the order of the descriptor, in memory.

    Foreign keys are checked once all rows are in. Raises sqlite3.Error where a row does not fit, OverflowError for a
    whole number of more than 64 bits.
    """
    connection = sqlite3.connect(":memory:")
    connection.execute("PRAGMA foreign_keys = OFF")
    with connection:
        connection.execute("BEGIN")
        for table in tables.values():
            connection.execute(create_statement(table))
            marks = ", ".join("?" * len(table.fields))
            rows = typed_rows(table, data[table.name])
            connection.executemany(f"INSERT INTO {quoted(table.name)} VALUES ({marks})", rows)
            for own, _, _ in table.foreign_keys:
                connection.execute(index_statement(table, own))
    for (name,) in connection.execute('SELECT DISTINCT "table" FROM pragma_foreign_key_check'):
        raise sqlite3.IntegrityError(f"FOREIGN KEY constraint failed: a row of {name}")
    connection.execute("PRAGMA foreign_keys = ON")
    return connection


def create_statement(table: Table) -> str:
    """The CREATE TABLE statement of one table: strict types, keys, and every constraint SQLite can check."""
    parts = [column_definition(one) for one in table.fields]
    parts.append(f"PRIMARY KEY ({columns(table.primary_key)})")
    parts += [f"UNIQUE ({columns(key)})" for key in table.schema.get("uniqueKeys", [])]
    parts += [
        f"FOREIGN KEY ({columns(own)}) REFERENCES {quoted(target)} ({columns(others)}) DEFERRABLE INITIALLY DEFERRED"
        for own, target, others in table.foreign_keys
    ]
    return f"CREATE TABLE {quoted(table.name)} (\n  " + ",\n  ".join(parts) + "\n) STRICT"


def index_statement(table: Table, key: list[str]) -> str:
    """The CREATE INDEX statement of a foreign key; of one that may be empty, and mostly is, only what is there."""
    required = {one["name"] for one in table.fields if one.get("constraints", {}).get("required")}
    filled = " AND ".join(f"{quoted(name)} IS NOT NULL" for name in key if name not in required)
    name = quoted(f"{table.name}_{'_'.join(key)}")
    return f"CREATE INDEX {name} ON {quoted(table.name)} ({columns(key)}){' WHERE ' if filled else ''}{filled}"


def column_definition(field: dict) -> str:
    """Name, type and checks of one column."""
    name, kind, given = quoted(field["name"]), field["type"], field.get("constraints", {})
    checks = []
    if kind == "boolean":
        checks.append(f"{name} IN (0, 1)")
    if kind == "date":  # SQLite's date() passes 2024-02-30 unless it has to add something
        checks.append(f"{name} IS date({name}, '+0 days')")
    if "enum" in given:
        # not IN: SQLite sorts its list anew for every row, which takes longer than all the rest of loading
        checks.append("(" + " OR ".join(f"{name} = {literal(one)}" for one in given["enum"]) + ")")
    for key, sign in (("minimum", ">="), ("maximum", "<=")):
        if key in given:
            checks.append(f"{name} {sign} {literal(given[key])}")
    for key, sign in (("minLength", ">="), ("maxLength", "<=")):
        if key in given:
            checks.append(f"length({name}) {sign} {int(given[key])}")
    parts = [name, SQL_TYPES[kind]]
    if given.get("required"):
        parts.append("NOT NULL")
    if given.get("unique"):
        parts.append("UNIQUE")
    if checks:
        parts.append(f"CHECK ({' AND '.join(checks)})")
    return " ".join(parts)


def typed_rows(table: Table, data: TableData) -> Iterator[list]:
    """Records as values: numbers as numbers, true and false as 1 and 0, an empty cell as NULL."""
    others: list[tuple[int, Callable]] = [
        (index, READERS[one["type"]]) for index, one in enumerate(table.fields) if one["type"] in READERS
    ]
    for line in data.records:
        cells = [cell or None for cell in line.cells]
        for index, read in others:
            if cells[index]:
                cells[index] = read(cells[index])
        yield cells


READERS: dict[str, Callable[[str], object]] = {
    "integer": int,
    "number": float,
    "boolean": lambda cell: {"true": 1, "false": 0}[cell],
}


@contextmanager
def read_only(connection: sqlite3.Connection, most_steps: int = 200) -> Iterator[sqlite3.Connection]:
    """The connection while it may only read and only for a bounded time: for SQL that a package brings along."""
    steps = iter(range(most_steps))
    connection.set_authorizer(lambda action, *_: sqlite3.SQLITE_OK if action in READ_ONLY else sqlite3.SQLITE_DENY)
    connection.set_progress_handler(lambda: next(steps, None) is None, STEPS_PER_CHECK)
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LONGEST_VALUE)
    try:
        yield connection
    finally:
        connection.set_authorizer(None)
        connection.set_progress_handler(None, 0)


def select(connection: sqlite3.Connection, sql: str, most_steps: int = 200) -> list[dict]:
    """Rows of one SELECT of a package, as dictionaries. Raises QueryRefused for anything but a bounded SELECT."""
    try:
        with read_only(connection, most_steps):
            cursor = connection.execute(sql)
            names = [column[0] for column in cursor.description or ()]
            return [dict(zip(names, row, strict=True)) for row in cursor]
    except (sqlite3.Error, sqlite3.Warning) as error:
        raise QueryRefused(str(error)) from error
