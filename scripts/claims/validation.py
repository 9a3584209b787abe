"""Run every layer over a package, in order, and apply its exceptions."""

import logging
import sqlite3
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field

from .beside import beside
from .checks import history, metadata, relations, rows, screen, tabular, text
from .findings import Finding, Rule, Unchecked, did_you_mean, generic_rules
from .package import Package

log = logging.getLogger(__name__)
LAYERS = ("metadata", "bytes", "frictionless", "jsonschema", "rules", "history")
SEALS = {"bytes", "hash", "row-count", "row-order"}  # rules that say nothing of the rows themselves
LARGE = 20_000  # rows; of 22,000 the slow witnesses take six of nine seconds


@dataclass
class Result:
    """What validation found. `not_run` names the layers that an earlier finding stopped.

    `waivers_elsewhere` counts the exceptions that only `claims audit` can need.

    `thorough` says whether the slow witnesses, frictionless and jsonschema, read every row themselves.
    `compared_with` is the version of the last release; empty when none is at hand.
    """

    package: Package
    rules: dict[str, Rule]
    layers: tuple[str, ...] = LAYERS
    findings: list[Finding] = field(default_factory=list)
    waived: list[Finding] = field(default_factory=list)
    row_counts: dict[str, int] = field(default_factory=dict)
    not_run: list[str] = field(default_factory=list)
    thorough: bool = True
    compared_with: str = ""
    unchecked: list[Unchecked] = field(default_factory=list)
    waivers_elsewhere: int = 0

    @property
    def errors(self) -> set[str]:
        """The rules that are broken, those of warnings left out."""
        return {one.rule for one in self.findings if self.rules[one.rule].level == "error"}

    @property
    def valid(self) -> bool:
        return not self.errors

    @property
    def unread(self) -> list[Unchecked]:
        """The tables that nobody read; beside one no package is called valid."""
        return [part for part in self.unchecked if part.table]


def validate(package: Package, thorough: bool | None = None) -> Result:
    """Check a package that `package.opened` gave. Never raises for what is wrong in the package.

    With `thorough` frictionless and jsonschema read every row; otherwise frictionless reads only the tables that a
    faster check suspects, and jsonschema only the rows that jsonschema-rs refuses. By default the size decides.
    """
    if not package.conventions:
        return of_stranger(package)
    result = Result(package, catalogue(package))
    waivers = Waivers()

    # what a large package's screen finds: tables that frictionless is to read, what is wrong with rows, the database
    suspects: set[str] | None = None
    of_rows: list[Finding] | None = None
    database: sqlite3.Connection | None = None

    def bytes_layer() -> list[Finding]:
        nonlocal suspects, of_rows, database
        findings = package.byte_findings
        rows_found = sum(len(one.records) for one in package.data.values())
        result.thorough = not package.conventions or (rows_found <= LARGE if thorough is None else thorough)
        waivers.read(package)
        if blocking(findings, result.rules):
            return findings
        if result.thorough:
            return findings + text.check(package)
        log.info("%s rows", f"{rows_found:,}")
        cells = beside(lambda: (text.check(package), screen.ill_formed(package), rows.check(package, thorough=False)))
        database, refused = screen.loaded(package)
        of_text, ill_formed, of_rows = cells()
        wrong = {one.file for one in result.findings}  # a schema of which frictionless may have to say something too
        suspects = refused | ill_formed | {one.name for one in package.tables.values() if one.schema_path in wrong}
        return findings + of_text

    def history_layer() -> list[Finding]:
        findings, result.compared_with = history.check(package)
        return findings

    layers = {
        "metadata": lambda: package.findings or metadata.check(package),
        "bytes": bytes_layer,
        "frictionless": lambda: tabular.check(package, suspects),
        "jsonschema": lambda: rows.check(package, thorough=True) if of_rows is None else of_rows,
        "rules": lambda: relations.check(package, database),
        "history": history_layer,
    }
    complete = set(LAYERS)
    for number, (layer, run) in enumerate(layers.items()):
        if layer == "rules" and result.errors - SEALS:  # they presuppose rows that are right by themselves
            result.not_run = [layer]
            complete.remove(layer)
            continue
        log.info("checking %s", layer)
        found = run()
        kept, waived = waivers.split(found)
        result.findings += kept
        result.waived += waived
        if blocking(found, result.rules):
            result.not_run = list(LAYERS[number + 1 :])
            complete.clear()
            break
    if not result.compared_with:
        complete.discard("history")
    result.findings += waivers.faults(result.rules, complete)
    result.waivers_elsewhere = waivers.outside(result.rules, LAYERS)
    result.row_counts = {name: len(one.records) for name, one in package.data.items()}
    order = {table.path: number for number, table in enumerate(package.tables.values(), 1)}
    result.findings.sort(key=lambda one: (order.get(one.file, 0), one.file, one.line, one.column, one.rule))
    return result


def of_stranger(package: Package) -> Result:
    """The result of a package without conventions, which is judged by its own descriptor."""
    from . import strangers  # loads frictionless

    result = Result(package, generic_rules(), layers=("metadata", "frictionless"))
    result.findings = package.findings
    if package.descriptor:
        result.findings, result.row_counts, result.unchecked = strangers.check(package)
    return result


def catalogue(package: Package) -> dict[str, Rule]:
    """Every rule that can apply to a package, by id: the validator's own and the package's."""
    found = generic_rules()
    for table in package.tables.values():
        if metadata.row_rules_usable(table):
            found |= {rule.id: rule for rule in rows.rules(table)}
    with suppress(ValueError):  # metadata.check reports a file of rules that cannot be read
        found |= {rule.id: rule for rule in relations.catalogue(package)}
    return found


def blocking(findings: list[Finding], rules: dict[str, Rule]) -> bool:
    return any(rules[one.rule].blocks for one in findings)


class Waivers:
    """The exceptions table: each row waives one rule for one row and item (the column of the finding)."""

    def __init__(self):
        self.place: dict[tuple[str, str, str], dict] = {}
        self.used: set[tuple[str, str, str]] = set()

    def read(self, package: Package) -> None:
        """Take the waivers of the table that the package's conventions name."""
        data = package.data.get(package.conventions.get("exceptions", ""))
        if data and data.regular:
            for line, cells in data.by_column():
                key = (cells["rule_id"], cells["row_id"], cells["item"])
                self.place[key] = {"file": data.table.path, "line": line.number, "row": data.row_id(line)}

    def split(self, findings: list[Finding]) -> tuple[list[Finding], list[Finding]]:
        """Findings that stay, and findings that are waived."""
        kept: list[Finding] = []
        waived: list[Finding] = []
        for one in findings:
            key = (one.rule, one.row, one.column)
            if one.row and key in self.place:
                self.used.add(key)
                waived.append(one)
            else:
                kept.append(one)
        return kept, waived

    def outside(self, rules: dict[str, Rule], layers: Iterable[str]) -> int:
        """How many are about rules of other layers than these."""
        return sum(key[0] in rules and rules[key[0]].layer not in layers for key in self.place)

    def faults(self, rules: dict[str, Rule], layers: set[str]) -> list[Finding]:
        """Waivers of rules that do not exist, and waivers that waived nothing although their layer ran."""
        findings = []
        for key, place in self.place.items():
            rule = rules.get(key[0])
            place = {**place, "column": "rule_id", "value": key[0]}
            if layers and rule is None:
                hint = did_you_mean(key[0], rules)
                findings.append(Finding("exception-unknown", message="no such rule", hint=hint, **place))
            elif rule and rule.layer in layers and key not in self.used:
                findings.append(Finding("exception-unneeded", message=f"{key[0]} finds nothing at '{key[1]}'", **place))
        return findings
