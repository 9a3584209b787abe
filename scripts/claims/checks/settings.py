"""What the settings files ask of the tables: each is TOML in the shape of its profile, and its SQL can be run.

Nothing is run here. SQLite prepares every query on the tables without rows, as `claims build` will on those with.
Rules across tables are run in a later layer anyway.
"""

import sqlite3
from collections.abc import Iterator

from .. import database, views
from ..findings import Finding, Unusable, did_you_mean, generic_rules
from ..package import DESCRIPTOR, Package
from ..settings import PAGE_FUNCTIONS, USES, NotToml, line_of, queries
from ..sql import quoted
from .profiles import against

SHEETS = ("read me", "columns")  # that the workbook has beside those of tables and views
LONGEST_SHEET = 31


def check(package: Package) -> list[Finding]:
    """Findings about the settings files that the conventions name, and the names of tables and views."""
    findings = [finding for use in USES for finding in of_file(package, use)]
    return findings or [*rule_names(package), *names(package)] or [*prepared(package)]


def of_file(package: Package, use: str) -> list[Finding]:
    """One file is there, is TOML and has the shape of its profile; views repeat columns that are there."""
    path = package.conventions.get(use)
    if not path:
        return []
    if package.locate(path, f"conventions {use}") is None:
        return [package.findings.pop()]
    try:
        if findings := against(use, package.settings(use), path):
            return findings
        if use == "views":
            views.of_entries(package.settings(use), package.tables, path)
    except NotToml as error:
        return [Finding("metadata", path, error.reason, line=error.line)]
    except Unusable as error:
        return [Finding("metadata", path, str(error).removeprefix(f"{path}: "))]
    return []


def rule_names(package: Package) -> Iterator[Finding]:
    """No two rules have one name, and none that of a rule of the validator."""
    path, seen = package.conventions.get("rules", ""), set(generic_rules())
    own: set[str] = set()
    for entry in package.settings("rules").get("rule", []):
        name = entry["id"]
        if name in own:
            yield Finding("metadata", path, f"two rules are called '{name}'", line_of(package.root / path, name))
        elif name in seen:
            yield Finding("metadata", path, "the validator has a rule of this name", column=name)
        own.add(name)


def names(package: Package) -> Iterator[Finding]:
    """Tables and views become tables, files and sheets; no two may have one name in any of these."""
    taken = dict.fromkeys(SHEETS, "a sheet of the workbook")
    places = dict.fromkeys(package.tables, ("table", DESCRIPTOR, 0))
    path = package.conventions.get("views", "")
    for view in package.views:
        if view.name in places:
            message = f"a {places[view.name][0]} is called '{view.name}' already"
            yield Finding("name-taken", path, message, line_of(package.root / path, view.name), value=view.name)
        places.setdefault(view.name, ("view", path, line_of(package.root / path, view.name)))
    for name, (kind, file, line) in places.items():
        sheet = name[:LONGEST_SHEET].casefold()
        if sheet in taken:
            message = f"a sheet has {LONGEST_SHEET} letters, and as '{sheet}' this {kind} is {taken[sheet]}"
            yield Finding("name-taken", file, message, line, value=name)
        if sheet.startswith("sqlite_"):
            yield Finding("name-taken", file, "SQLite keeps names that begin with sqlite_ for itself", line, value=name)
        taken[sheet] = f"the {kind} '{name}'"


def prepared(package: Package) -> Iterator[Finding]:
    """Every view and query names tables and columns that are there, and only reads."""
    connection = sqlite3.connect(":memory:")
    try:
        for table in package.tables.values():
            connection.execute(database.create_statement(table))
        for name, arguments in PAGE_FUNCTIONS.items():
            connection.create_function(name, arguments, lambda *_: None)
        if findings := [*prepared_views(package, connection)]:  # queries read views
            yield from findings
            return
        for use in ("figures", "site"):
            for name, sql in queries(package.settings(use)):
                if problem := unprepared(connection, f"EXPLAIN {sql}"):
                    yield refused(package, use, name, problem)
    finally:
        connection.close()


def prepared_views(package: Package, connection: sqlite3.Connection) -> Iterator[Finding]:
    """Make every view, after those that it uses. What is wrong with one is said once, not of those that use it too."""
    problems: set[str] = set()
    for view in package.views:
        problem = unprepared_view(connection, view)
        if problem and problem not in problems:
            yield refused(package, "views", view.name, problem)
        problems.add(problem)


def unprepared_view(connection: sqlite3.Connection, view: views.Relation) -> str:
    """Why a view cannot be made, or is not of the columns that it says; empty when all is well."""
    try:
        connection.execute(f"CREATE VIEW {quoted(view.name)} AS {view.sql.strip()}")
    except (sqlite3.Error, sqlite3.Warning) as error:
        return str(error)
    if problem := unprepared(connection, f"EXPLAIN SELECT * FROM {quoted(view.name)}"):
        return problem
    found = [column[0] for column in connection.execute(f"SELECT * FROM {quoted(view.name)} LIMIT 0").description]
    if not view.fields or view.field_names == found:
        return ""
    wrong = sorted(set(found) ^ set(view.field_names)) or ["their order"]
    return f"columns and sql differ in {wrong[0]}"


def unprepared(connection: sqlite3.Connection, sql: str) -> str:
    """Why SQLite would not run a query that may only read; empty when it would."""
    try:
        with database.read_only(connection):
            connection.execute(sql)
    except (sqlite3.Error, sqlite3.Warning) as error:
        return str(error)
    return ""


def refused(package: Package, use: str, name: str, problem: str) -> Finding:
    """A query that could not be run, on the line where its entry begins."""
    path = package.conventions[use]
    missing = problem.rpartition(": ")[2].removeprefix("main.")
    known = [*package.tables, *(view.name for view in package.views)]
    known += [field["name"] for table in package.tables.values() for field in table.fields]
    hint = did_you_mean(missing, known) if problem.startswith("no such") else ""
    return Finding("query", path, problem, line_of(package.root / path, name), name, hint=hint)
