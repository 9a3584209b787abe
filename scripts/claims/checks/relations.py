"""Layer 4, rules: what must hold between tables, as the package's own queries say.

A package names its file of rules in its conventions. Each rule is one SELECT over the database that the loader makes;
every row it returns is a finding. The queries may only read and are stopped after a bounded amount of work.
"""

import sqlite3

from .. import database
from ..findings import Finding, Rule, Unusable
from ..package import Package

LAYER = "rules"
KEYS = {"id", "why", "mend", "sql", "level"}
COLUMNS = ["tbl", "row_id", "column", "value", "message"]


def rules(package: Package) -> dict[str, dict]:
    """The package's rules across tables by id. Raises ValueError for a file that is not of the shape described."""
    if not package.conventions.get("rules"):
        return {}
    try:
        entries = package.settings("rules")["rule"]
        found = {entry["id"]: entry for entry in entries}
    except (Unusable, KeyError, TypeError) as error:
        raise ValueError(f"cannot be read: {error}") from error
    for entry in entries:
        if not {"id", "why", "mend", "sql"} <= set(entry) <= KEYS or not all(
            isinstance(v, str) for v in entry.values()
        ):
            raise ValueError(f"rule '{entry['id']}' must have id, why, mend and sql, may have level, and nothing else")
    if len(found) != len(entries):
        raise ValueError("two rules of one id")
    return found


def catalogue(package: Package) -> list[Rule]:
    """The rules as entries of the catalogue."""
    return [
        Rule(one["id"], LAYER, one["why"], one["mend"], one.get("level", "error")) for one in rules(package).values()
    ]


def loaded(package: Package) -> sqlite3.Connection:
    """The package's tables and the helper tables of the rules. Raises sqlite3.Error or OverflowError."""
    connection = database.load(package.tables, package.data)
    load_helpers(connection, package)
    return connection


def load_helpers(connection: sqlite3.Connection, package: Package) -> None:
    codes = package.conventions.get("codes", "")
    database.load_helpers(connection, package.tables, package.data, codes, package.descriptor)


def check(package: Package, connection: sqlite3.Connection | None = None) -> list[Finding]:
    """Findings of every rule; a query that cannot be run is a finding about the file of rules.

    `connection` is the package's database, where it is loaded already; it is closed.
    """
    path = package.conventions.get("rules")
    if not path:
        return []
    try:
        connection = connection or loaded(package)
    except (sqlite3.Error, OverflowError) as error:
        return [Finding("not-loadable", path, str(error))]
    findings = []
    with connection:
        for rule, entry in rules(package).items():
            try:
                rows = database.select(connection, entry["sql"], steps(package))
            except database.QueryRefused as error:
                findings.append(Finding("rule-broken", path, str(error), column=rule))
                continue
            if rows and list(rows[0]) != COLUMNS:
                message = f"selects {', '.join(rows[0])} instead of {', '.join(COLUMNS)}"
                findings.append(Finding("rule-broken", path, message, column=rule))
                continue
            for row in rows:
                table = package.tables.get(row["tbl"])
                findings.append(
                    Finding(
                        rule,
                        table.path if table else path,
                        row["message"],
                        line_of(package, row["tbl"], row["row_id"]),
                        row["column"] or "",
                        "" if row["value"] is None else str(row["value"]),
                        row["row_id"] or "",
                    )
                )
    connection.close()
    return findings


def line_of(package: Package, table: str, row_id: str) -> int:
    """The line on which a row begins; 0 for one that is not there."""
    data = package.data.get(table)
    lines = data.records if data else []
    return next((line.number for line in lines if data.row_id(line) == row_id), 0)


def steps(package: Package) -> int:
    """How many hundred thousand steps a query may take: a fixed amount and a share for every row."""
    return 200 + sum(len(one.records) for one in package.data.values()) // 20
