"""Tables and views as rows of typed values: what every output below dist/ is written from.

A package names its file of views in its conventions; the file says of what kinds they are.
"""

import sqlite3
from dataclasses import dataclass, field, replace

from . import database
from .findings import Unusable
from .sql import columns, quoted
from .table import Table

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


def create(connection: sqlite3.Connection, views: list[Relation], path: str) -> None:
    """Make all views in a database of the package's tables. Raises Unusable, naming the file, for one that fails."""
    try:
        with connection:
            for view in views:
                connection.execute(f"CREATE VIEW {quoted(view.name)} AS {view.sql.strip()}")
    except (sqlite3.Error, sqlite3.Warning) as error:
        raise Unusable(f"{path}: {error}") from error


def filled(connection: sqlite3.Connection, relations: list[Relation], path: str) -> list[Relation]:
    """Copies of the relations with their rows. Raises Unusable for a view that fails or has other columns than it says.

    A view that says nothing of its columns gets their names.
    """
    with_rows = []
    for one in relations:
        try:
            with database.read_only(connection):
                cursor = connection.execute(one.sql)
                rows = cursor.fetchall()
        except (sqlite3.Error, sqlite3.Warning) as error:
            raise Unusable(f"{path}: {error}") from error
        names = [column[0] for column in cursor.description]
        if one.fields and one.field_names != names:
            wrong = sorted(set(names) ^ set(one.field_names)) or ["their order"]
            raise Unusable(f"{path}: {one.name}: columns and sql differ in {wrong[0]}")
        with_rows.append(replace(one, rows=rows, fields=one.fields or [{"name": name} for name in names]))
    return with_rows


def of_tables(tables: dict[str, Table]) -> list[Relation]:
    """The tables of a package, rows in the order of the files."""
    return [
        Relation(
            name,
            table.resource.get("title", name),
            table.resource.get("description", ""),
            table.primary_key,
            table.fields,
            f"SELECT {columns(table.field_names)} FROM {quoted(name)} ORDER BY rowid",
        )
        for name, table in tables.items()
    ]


def sides(descriptor: dict) -> list[tuple[str, dict]]:
    """The two sides that a package is about, as `a` and `b`; none where its descriptor names none."""
    named = descriptor.get("sides", [])
    return list(zip("ab", named, strict=False)) if isinstance(named, list) else []


def of_settings(descriptor: dict) -> Relation:
    """The view `sides`, which those of the package may use: the country codes of each side."""
    rows = [(code, side) for side, entry in sides(descriptor) for code in entry["countries"]]
    selects = [
        f"SELECT {database.literal(code)} AS country_code, {database.literal(side)} AS side" for code, side in rows
    ]
    empty = "SELECT CAST(NULL AS TEXT) AS country_code, CAST(NULL AS TEXT) AS side WHERE 1 = 0"
    return Relation("sides", "Sides", "The country codes of each side.", [], [], " UNION ALL ".join(selects) or empty)


def of_entries(entries: dict, tables: dict[str, Table], path: str) -> list[Relation]:
    """The views as a file of them has them (claims/profiles/views.json says in what shape). Raises Unusable."""
    try:
        return relations(tables, entries.get("view", []))
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise Unusable(f"{path}: {error}") from error


def relations(tables: dict[str, Table], entries: list[dict]) -> list[Relation]:
    """The entries of the file of views. Raises ValueError where one repeats a column or a view that is not there."""
    by_name: dict[str, Relation] = {}
    for entry in entries:
        by_name[entry["name"]] = alias(entry, by_name) if "alias_of" in entry else relation(tables, entry)
    return list(by_name.values())


def alias(entry: dict, views_before: dict[str, Relation]) -> Relation:
    """One of the views before it, under a second name. Raises ValueError where there is none of that name."""
    if entry["alias_of"] not in views_before:
        raise ValueError(f"{entry['name']}: alias_of: there is no view {entry['alias_of']} before it")
    texts = {key: entry[key] for key in ("name", "title", "description", "alias_of")}
    return replace(views_before[entry["alias_of"]], **texts, sql=f"SELECT * FROM {quoted(entry['alias_of'])}")


def relation(tables: dict[str, Table], entry: dict) -> Relation:
    """One entry of the file of views. Raises ValueError where it repeats a column that is not there."""
    fields = []
    for column, given in entry.get("columns", {}).items():
        if isinstance(given, str):
            table, _, source = given.partition(".")
            repeated = [one for one in getattr(tables.get(table), "fields", ()) if one["name"] == source]
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
