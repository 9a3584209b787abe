"""Several packages as one data set: Parquet partitioned by package, and a SQLite database, of every table and view.

A row is known by its package and its id, so that no id has to change; `package:id` is how it is cited.
"""

import sqlite3
from itertools import groupby

from .findings import Unusable
from .outputs.data.parquet import parquet_bytes
from .package import Package
from .sql import columns, quoted
from .validation import validate
from .views import Relation

PACKAGE = "package"
TYPES = {"integer": "INTEGER", "number": "REAL", "boolean": "INTEGER"}


def combine(packages: list[Package]) -> dict[str, bytes]:
    """Path to bytes of the combined data set.

    Raises Unusable for packages that are not valid, bear one name, or whose tables have other columns.
    """
    for name, same in groupby(sorted(package.name for package in packages)):
        if len(list(same)) > 1:
            raise Unusable(f"two packages are called '{name}'; rename one in its datapackage.json")
    for package in packages:
        if not package.conventions or not validate(package).valid:
            raise Unusable(
                f"{package.source} is not valid; run `claims validate {package.source}` and correct it first"
            )
    relations = {package.name: {one.name: one for one in package.relations} for package in packages}
    first, *others = packages
    for other in others:
        refuse_other_columns(first, other, relations)
    files = {
        f"parquet/{name}/{PACKAGE}={of_package}/{name}.parquet": parquet_bytes(relation)
        for of_package, by_name in relations.items()
        for name, relation in by_name.items()
    }
    return files | {"combined.sqlite": database(first, relations)}


def refuse_other_columns(first: Package, other: Package, relations: dict[str, dict[str, Relation]]) -> None:
    """Raises Unusable, with the first difference, for packages whose tables and views do not have the same columns."""
    ours, theirs = relations[first.name], relations[other.name]
    for name in [*ours, *theirs]:
        mine, yours = (set(by_name[name].field_names) if name in by_name else set() for by_name in (ours, theirs))
        if mine != yours:
            column = sorted(mine ^ yours)[0]
            has, lacks = (first, other) if column in mine else (other, first)
            raise Unusable(
                f"{has.source} has {name}.{column} and {lacks.source} has not; "
                "bring both to the same version of the schemas first"
            )


def database(first: Package, relations: dict[str, dict[str, Relation]]) -> bytes:
    """A SQLite database of all rows: tables with `package` in every key, and the rows of the views as tables."""
    connection = sqlite3.connect(":memory:")
    keys = {name: table.foreign_keys for name, table in first.tables.items()}
    try:
        with connection:
            for name, relation in relations[first.name].items():
                connection.execute(create_statement(relation, keys.get(name, [])))
                marks = ", ".join("?" * (len(relation.fields) + 1))
                names = columns([PACKAGE, *relation.field_names])
                for of_package, by_name in relations.items():
                    same_order = [by_name[name].field_names.index(column) for column in relation.field_names]
                    rows = ((of_package, *(row[index] for index in same_order)) for row in by_name[name].rows)
                    connection.executemany(f"INSERT INTO {quoted(name)} ({names}) VALUES ({marks})", rows)
        connection.execute("VACUUM")
        return connection.serialize()
    finally:
        connection.close()


def create_statement(relation: Relation, foreign_keys: list[tuple[list[str], str, list[str]]]) -> str:
    """The CREATE TABLE statement of a table or of the rows of a view, with the package in every key and reference."""
    parts = [f"{quoted(PACKAGE)} TEXT NOT NULL"]
    parts += [f"{quoted(field['name'])} {TYPES.get(field['type'], 'TEXT')}" for field in relation.fields]
    if relation.key:
        parts.append(f"PRIMARY KEY ({columns([PACKAGE, *relation.key])})")
    parts += [
        f"FOREIGN KEY ({columns([PACKAGE, *own])}) REFERENCES {quoted(target)} ({columns([PACKAGE, *keys])})"
        for own, target, keys in foreign_keys
    ]
    return f"CREATE TABLE {quoted(relation.name)} ({', '.join(parts)})"
