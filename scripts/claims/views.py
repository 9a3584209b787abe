"""Tables and views as rows of typed values: what every output below dist/ is written from.

A package names its file of views in its conventions; the file says of what kinds they are.
"""

import sqlite3
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from . import database
from .content import Content
from .package import Package, Unusable

KEPT = ("type", "title", "titleRu", "description", "codeList")  # of a table's column that a view repeats


@dataclass
class Relation:
    """A table or view: what it is, its fields as a Table Schema has them, and how to get its rows."""

    name: str
    title: str
    description: str
    key: list[str]
    fields: list[dict]
    sql: str
    feeds: str = ""
    alias_of: str = ""
    rows: list[tuple] = field(default_factory=list)

    @property
    def field_names(self) -> list[str]:
        return [one["name"] for one in self.fields]

    def records(self) -> list[dict]:
        return [dict(zip(self.field_names, row, strict=True)) for row in self.rows]


@contextmanager
def loaded(package: Package, contents: dict[str, Content], target: str = ":memory:") -> Iterator[sqlite3.Connection]:
    """The database of the package with all its views, and nothing else. Raises Unusable for views that do not work."""
    connection = database.load(package, contents, target, helpers=False)
    try:
        with connection:
            for view in views(package):
                connection.execute(f"CREATE VIEW {database.quoted(view.name)} AS {view.sql.strip()}")
        yield connection
    except (sqlite3.Error, sqlite3.Warning) as error:
        raise Unusable(f"{package.conventions.get('views')}: {error}") from error
    finally:
        connection.close()


def published(package: Package, contents: dict[str, Content]) -> list[Relation]:
    """Every table, then every published view, with rows."""
    return filled(package, contents, [*tables(package), *(one for one in views(package) if one.fields)])


def feeding(package: Package, contents: dict[str, Content], output: str) -> dict[str, Relation]:
    """The views that feed one output, by name, with rows; their fields have only names."""
    return {one.name: one for one in filled(package, contents, [v for v in views(package) if v.feeds == output])}


def filled(package: Package, contents: dict[str, Content], relations: list[Relation]) -> list[Relation]:
    """The relations with their rows. Raises Unusable for a view whose columns are not what it says they are."""
    with loaded(package, contents) as connection:
        for one in relations:
            with database.read_only(connection):
                cursor = connection.execute(one.sql)
                one.rows = cursor.fetchall()
            names = [column[0] for column in cursor.description]
            if not one.fields:
                one.fields = [{"name": name} for name in names]
            if one.field_names != names:
                wrong = sorted(set(names) ^ set(one.field_names)) or ["their order"]
                raise Unusable(f"{package.conventions['views']}: {one.name}: columns and sql differ in {wrong[0]}")
    return relations


def tables(package: Package) -> list[Relation]:
    """The tables of the package, rows in the order of the files."""
    return [
        Relation(
            name,
            table.resource.get("title", name),
            table.resource.get("description", ""),
            table.primary_key,
            table.fields,
            f"SELECT {database.columns(table.field_names)} FROM {database.quoted(name)} ORDER BY rowid",
        )
        for name, table in package.tables.items()
    ]


def views(package: Package) -> list[Relation]:
    """The views of the package, in the order of their file. Raises Unusable where it cannot be read."""
    path = package.conventions.get("views")
    if not path:
        return []
    try:
        return relations(package, entries(package, path)["view"])
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise Unusable(f"{path}: {error}") from error


def entries(package: Package, path: str) -> dict:
    """The file of views as it stands; claims/profiles/views.json says of what shape it must be. Raises ValueError."""
    file = package.locate(path, "conventions views")
    if file is None:
        raise ValueError("is not there")
    return tomllib.loads(file.read_text("utf-8"))


def relations(package: Package, entries: list[dict]) -> list[Relation]:
    """The entries of the file of views. Raises ValueError where one repeats a column or a view that is not there."""
    by_name: dict[str, Relation] = {}
    for entry in entries:
        by_name[entry["name"]] = alias(entry, by_name) if "alias_of" in entry else relation(package, entry)
    return list(by_name.values())


def alias(entry: dict, views_before: dict[str, Relation]) -> Relation:
    """One of the views before it, under a second name. Raises ValueError where there is none of that name."""
    if entry["alias_of"] not in views_before:
        raise ValueError(f"{entry['name']}: alias_of: there is no view {entry['alias_of']} before it")
    texts = {key: entry[key] for key in ("name", "title", "description", "alias_of")}
    return replace(views_before[entry["alias_of"]], **texts, sql=f"SELECT * FROM {database.quoted(entry['alias_of'])}")


def relation(package: Package, entry: dict) -> Relation:
    """One entry of the file of views. Raises ValueError where it repeats a column that is not there."""
    fields = []
    for column, given in entry.get("columns", {}).items():
        if isinstance(given, str):
            table, _, source = given.partition(".")
            repeated = [one for one in getattr(package.tables.get(table), "fields", ()) if one["name"] == source]
            if not repeated:
                raise ValueError(f"{entry['name']}.{column}: there is no column {given}")
            given = {key: repeated[0][key] for key in KEPT if key in repeated[0]}
        fields.append({"type": "string", **given, "name": column})
    return Relation(
        entry["name"],
        entry.get("title", entry["name"]),
        entry.get("description", ""),
        [entry["key"]] if "key" in entry else [],
        fields,
        entry["sql"],
        entry.get("feeds", ""),
    )
