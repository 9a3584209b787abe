"""dist/PACKAGE.sqlite: SQLite database, every table with its keys and checks, every view, and what they all mean."""

import sqlite3

from ... import views
from ...package import Package

ABOUT = ("name", "title", "version", "created", "description", "homepage")


def build(package: Package) -> dict[str, bytes]:
    connection = sqlite3.connect(":memory:")
    try:
        package.database.backup(connection)
        with connection:
            connection.execute("CREATE TABLE _package (property TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT")
            connection.executemany("INSERT INTO _package VALUES (?, ?)", about(package))
            connection.execute(
                "CREATE TABLE _descriptions (relation TEXT NOT NULL, column_name TEXT NOT NULL, type TEXT,"
                " title TEXT NOT NULL, description TEXT NOT NULL, PRIMARY KEY (relation, column_name)) STRICT"
            )
            connection.executemany("INSERT INTO _descriptions VALUES (?, ?, ?, ?, ?)", descriptions(package))
        connection.execute("VACUUM")  # without it the bytes depend on the way the rows came in
        return {f"dist/{package.name}.sqlite": connection.serialize()}
    finally:
        connection.close()


def about(package: Package) -> list[tuple[str, str]]:
    """The package's own properties and its licence."""
    given = [(name, str(package.descriptor[name])) for name in ABOUT if package.descriptor.get(name)]
    return given + [("license", licence["path"]) for licence in package.descriptor["licenses"][:1]]


def descriptions(package: Package) -> list[tuple]:
    """One row per table, view and column; that of a table or view has an empty column name."""
    rows = []
    for table in [*views.of_tables(package.tables), *package.views]:
        if table.fields:
            rows.append((table.name, "", None, table.title, table.description))
            rows += [
                (table.name, column["name"], column["type"], column["title"], column["description"])
                for column in table.fields
            ]
    return rows
