"""Run every layer over a package, in order, and apply its exceptions."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass, field

from .checks import across, bytes, history, metadata, rows, tables
from .findings import Finding, Rule, Unchecked, did_you_mean, generic_rules
from .package import Package

log = logging.getLogger(__name__)
LAYERS = ("metadata", "bytes", "tables", "rows", "across", "history")
SEALS = {"bytes", "hash", "row-count", "row-order"}  # rules that say nothing of the rows themselves


@dataclass
class Result:
    """What validation found. `not_run` names the layers that an earlier finding stopped.

    `waivers_elsewhere` counts the exceptions that only `claims audit` can need.
    `compared_with` is the version of the last release; empty when none is at hand.
    """

    package: Package
    rules: dict[str, Rule]
    layers: tuple[str, ...] = LAYERS
    findings: list[Finding] = field(default_factory=list)
    waived: list[Finding] = field(default_factory=list)
    row_counts: dict[str, int] = field(default_factory=dict)
    not_run: list[str] = field(default_factory=list)
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


def validate(package: Package) -> Result:
    """Check a package that `package.opened` gave. Never raises for what is wrong in the package."""
    if not package.conventions:
        return of_stranger(package)
    result = Result(package, catalogue(package))
    waivers = Waivers()
    complete = set(LAYERS)
    for number, (layer, check) in enumerate(CHECKS.items()):
        if layer == "across" and result.errors - SEALS:  # rules presuppose rows that are right by themselves
            result.not_run = [layer]
            complete.remove(layer)
            continue
        log.info("checking %s", layer)
        if layer == "bytes":
            waivers.read(package)
        found = check(package)
        kept, waived = waivers.split(found)
        result.findings += kept
        result.waived += waived
        if blocking(found, result.rules):
            result.not_run = list(LAYERS[number + 1 :])
            complete.clear()
            break
    result.compared_with = history.compared_with(package)
    if "history" in result.not_run or not result.compared_with:
        result.compared_with = ""
        complete.discard("history")
    result.findings += waivers.faults(result.rules, complete)
    result.waivers_elsewhere = waivers.outside(result.rules, LAYERS)
    result.row_counts = row_counts(package)
    order = {table.path: number for number, table in enumerate(package.tables.values(), 1)}
    result.findings.sort(key=lambda one: (order.get(one.file, 0), one.file, one.line, one.column, one.rule))
    return result


# What checks each layer, in order.
CHECKS = {
    "metadata": lambda package: package.findings or metadata.check(package),
    "bytes": bytes.check,
    "tables": tables.check,
    "rows": rows.check,
    "across": across.check,
    "history": history.check,
}


def of_stranger(package: Package) -> Result:
    """The result of a package without conventions, which is judged by its own descriptor."""
    from . import strangers  # loads frictionless

    result = Result(package, generic_rules(), layers=("metadata", "tables"))
    result.findings = package.findings
    if package.descriptor:
        result.findings, result.row_counts, result.unchecked = strangers.check(package)
    return result


def row_counts(package: Package) -> dict[str, int]:
    """How many rows each table has that could be read, as far as it was."""
    counts = package.engine.counts if package.has("engine") else {}
    others = {name: len(data.records) for name, (data, _) in package.readings.items() if data}
    return {name: (counts | others)[name] for name in package.tables if name in counts or name in others}


def catalogue(package: Package) -> dict[str, Rule]:
    """Every rule that can apply to a package, by id: the validator's own and the package's."""
    found = generic_rules()
    for table in package.tables.values():
        if metadata.row_rules_usable(table):
            found |= {rule.id: rule for rule in rows.rules(table)}
    return found | {rule.id: rule for rule in across.catalogue(package)}


def blocking(findings: list[Finding], rules: dict[str, Rule]) -> bool:
    return any(rules[one.rule].blocks for one in findings)


class Waivers:
    """The exceptions table: each row waives one rule for one row and item (the column of the finding)."""

    def __init__(self):
        self.place: dict[tuple[str, str, str], dict] = {}
        self.used: set[tuple[str, str, str]] = set()

    def read(self, package: Package) -> None:
        """Take the waivers of the table that the package's conventions name."""
        data = package.read(package.conventions.get("exceptions", ""))
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
