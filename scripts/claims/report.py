"""A result as text for people, JSON for programs, workflow commands, JUnit or SARIF for CI. All say the same."""

import json
import os
from collections import Counter
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any
from urllib.parse import quote
from xml.etree import ElementTree

from . import HOME, version
from .findings import Finding, counted
from .package import Package
from .printing import in_json, printable
from .table import as_list
from .validation import Result

MOST_PER_FILE = 20
MOST_PER_RULE = 1000  # findings listed of one rule; all are counted
MOST_ON_FORGE = 100
MOST_PRINTED = 1000  # characters of one text in a report


def as_text(result: Result) -> str:
    """One line per resource; findings grouped by file, each with place, value, rule, why and how to put it right."""
    lines = [title(result.package), *resource_lines(result), *finding_lines(result), ""]
    lines += [f"not checked: {part}" for part in result.unchecked[:MOST_PER_FILE]]
    if result.not_run:
        lines.append(not_run(result))
    lines.append(summary(result) + f"; layers {', '.join(ran(result))}; {comparison(result)}")
    return "\n".join(map(printable, lines)) + "\n"


def title(package: Package) -> str:
    """Name and version, as far as the descriptor gives them; without a name what the user named."""
    parts = [str(package.descriptor[key]) for key in ("name", "version") if key in package.descriptor]
    return " ".join(parts if "name" in package.descriptor else [str(package.source), *parts])


def resource_lines(result: Result) -> list[str]:
    """Rows and state of every resource, also of those that could not be read."""
    counts = Counter(finding.file for finding in result.findings)
    resources = result.package.descriptor.get("resources", [])
    named = {
        entry["name"]: entry for entry in resources if isinstance(entry, dict) and isinstance(entry.get("name"), str)
    }
    width = max(map(len, named), default=0)
    lines = []
    for name, resource in named.items():
        rows = result.row_counts.get(name)
        findings = sum(counts[path] for path in as_list(resource.get("path")) if isinstance(path, str))
        if findings:
            state = counted(findings, "finding")
        elif rows is None:
            state = "not checked"
        else:
            state = "no finding so far" if result.not_run else "ok"
        count = "   not read" if rows is None else f"{rows:>6} row{' ' if rows == 1 else 's'}"
        lines.append(f"  {name:<{width}}  {count}  {state}")
    return lines


def not_run(result: Result) -> str:
    return f"not run because of the findings above: {', '.join(result.not_run)}"


def ran(result: Result) -> list[str]:
    """The layers that were checked. History needs a release to compare with."""
    at_hand = [layer for layer in result.layers if layer != "history" or result.compared_with]
    return [layer for layer in at_hand if layer not in result.not_run]


def comparison(result: Result) -> str:
    if result.compared_with:
        return f"compared with release {result.compared_with}"
    if "history" in result.not_run:
        return "comparison not run"
    return "not compared with an earlier release"


def finding_lines(result: Result) -> list[str]:
    """The findings grouped by file: place, row, value and rule, then the message.

    Why, and how to put it right, is said once a rule. What `claims fmt` corrects comes last, in one line.
    """
    by_file: dict[str, list[Finding]] = {}
    for finding in result.findings:
        by_file.setdefault(finding.file, []).append(finding)
    lines, explained = [], set()
    for file, findings in by_file.items():
        of_form = [finding for finding in findings if result.package.conventions and result.rules[finding.rule].fmt]
        others = [finding for finding in findings if finding not in of_form]
        lines += ["", file]
        for finding in others[:MOST_PER_FILE]:
            rule = result.rules[finding.rule]
            row = f" {finding.row}" if finding.row != finding.value else ""
            value = f" {finding.value[:120]!r}" if finding.value else ""
            lines.append(
                f"  {finding.place}{row}{value}  [{finding.rule}]{'' if rule.level == 'error' else ' warning'}"
            )
            lines.append(f"      {message(finding)}")
            if finding.rule not in explained:
                lines += [f"      why:  {rule.why}", f"      fix:  {rule.mend}"]
                explained.add(finding.rule)
        if len(others) > MOST_PER_FILE:
            lines.append(f"  … and {len(others) - MOST_PER_FILE} more; --format json lists all")
        if of_form:
            first = {finding.rule: finding for finding in reversed(of_form)}
            places = [
                f"[{rule}]" + (f" in line {finding.line}" if finding.line else "") for rule, finding in first.items()
            ]
            lines.append(f"  {counted(len(of_form), 'finding')} of form: {', '.join(reversed(places))}")
            lines.append(f"      fix:  if the change is meant, run {formatter(result.package)}; else restore the file")
    return lines


def listed(result: Result, most: int = MOST_PER_RULE) -> list[Finding]:
    """The first findings of each rule, none of their texts longer than a report can hold."""
    numbers: Counter = Counter()
    kept = []
    for finding in result.findings:
        numbers[finding.rule] += 1
        if numbers[finding.rule] <= most:
            texts: dict[str, Any] = {
                key: text[:MOST_PRINTED] for key, text in asdict(finding).items() if isinstance(text, str)
            }
            kept.append(replace(finding, **texts) if max(map(len, texts.values())) == MOST_PRINTED else finding)
    return kept


def message(finding: Finding) -> str:
    """What is wrong, with the hint where there is one."""
    return f"{finding.message} ({finding.hint})" if finding.hint else finding.message


def formatter(package: Package) -> str:
    """The command that corrects what is of form in this package."""
    if package.folder and package.folder.resolve() == HOME.resolve():
        return "`make fmt`"
    unpacked = package.folder or "FOLDER"
    return f"`claims fmt --package {unpacked}`" + ("" if package.folder else " on the unpacked zip")


def verdict(result: Result) -> str:
    """`valid`, `not valid`, or `not wholly checked` where nothing is wrong and a table was not read."""
    return "not valid" if not result.valid else "not wholly checked" if result.unread else "valid"


def summary(result: Result, good: str = "", bad: str = "") -> str:
    """The last line: the verdict, or other words for it, and the counts."""
    rows, tables = sum(result.row_counts.values()), len(result.row_counts)
    parts = [f"{counted(rows, 'row')} in {counted(tables, 'table')}"]
    parts.append(counted(len(result.findings), "finding") if result.findings else "no findings")
    if result.unread:
        parts.append(f"{counted(len(result.unread), 'table')} not read")
    if result.unchecked:
        parts.append(f"{counted(len(result.unchecked), 'thing')} not checked")
    if result.waived or result.waivers_elsewhere:
        elsewhere = f" ({result.waivers_elsewhere} more waivers for `claims audit`)"
        parts.append(f"{len(result.waived)} waived" + elsewhere * bool(result.waivers_elsewhere))
    words = (good if result.valid else bad) or verdict(result)
    return f"{words}: " + "; ".join(parts)


def as_object(result: Result) -> dict:
    """The result as plain data: package, version, valid, tables, findings, waived, not_run, unchecked.

    Of each rule the first MOST_PER_RULE findings are listed; `counts` has the number of all.
    """

    def full(finding: Finding) -> dict:
        rule = result.rules[finding.rule]
        return {**asdict(finding), "level": rule.level, "layer": rule.layer, "why": rule.why, "mend": rule.mend}

    return {
        "package": result.package.name,
        "version": result.package.version,
        "valid": result.valid and not result.unread,
        "verdict": verdict(result),
        "tables": [{"name": name, "rows": rows} for name, rows in result.row_counts.items()],
        "counts": dict(Counter(finding.rule for finding in result.findings)),
        "findings": [full(finding) for finding in listed(result)],
        "waived": [full(finding) for finding in result.waived],
        "not_run": result.not_run,
        "compared_with": result.compared_with or None,
        "unchecked": [asdict(part) for part in result.unchecked],
    }


def as_json(result: Result) -> str:
    return as_json_text(as_object(result))


def as_json_text(value: dict) -> str:
    """JSON in which nothing is obeyed."""
    return in_json(json.dumps(value, ensure_ascii=False, indent=2, default=str)) + "\n"


def as_github(result: Result) -> str:
    """Workflow commands that put each finding beside its line on a forge, and the verdict as the last line."""
    lines = []
    for finding in listed(result, MOST_ON_FORGE):
        rule = result.rules[finding.rule]
        place = {"title": f"{finding.rule} {finding.column}".strip()}
        if result.package.folder:  # of a zip no forge shows the lines
            place = {"file": on_forge(result.package.folder, finding.file), "line": str(finding.line or 1), **place}
        properties = ",".join(f"{key}={escaped(value, ':,')}" for key, value in place.items())
        row = f"{finding.row}: " if finding.row != finding.value and finding.row else ""
        value = f"{finding.value[:120]!r}: " if finding.value else ""
        lines.append(f"::{rule.level} {properties}::{escaped(f'{row}{value}{message(finding)}. {rule.mend}')}")
    if left := len(result.findings) - len(lines):
        lines.append(f"::notice title=more::{left} more findings; --format json has their counts")
    if result.not_run:
        lines.append(f"::notice title=not run::{escaped(not_run(result))}")
    lines += [f"::warning title=not checked::{escaped(str(part))}" for part in result.unchecked]
    return "\n".join([*lines, summary(result)]) + "\n"


def escaped(text: str, also: str = "") -> str:
    """Text as workflow commands want it."""
    text = printable(text, MOST_PRINTED)
    for character in "%\r\n" + also:
        text = text.replace(character, f"%{ord(character):02X}")
    return text


def on_forge(folder: Path, file: str) -> str:
    """The path of a package's file from the root of the repository, or from the working directory."""
    base = Path(os.environ.get("GITHUB_WORKSPACE") or ".").resolve()
    whole = folder.resolve() / file
    return (whole.relative_to(base) if whole.is_relative_to(base) else Path(file)).as_posix()


def as_junit(result: Result) -> str:
    """JUnit XML: a suite per layer, a case per rule, a failure where it has findings; layers not run are skipped."""
    by_rule: dict[str, list[Finding]] = {}
    numbers = Counter(finding.rule for finding in result.findings)
    for finding in listed(result):
        by_rule.setdefault(finding.rule, []).append(finding)
    root = ElementTree.Element("testsuites", name=f"{result.package.name} {result.package.version}")
    for layer in result.layers:
        rules = [rule for rule in result.rules.values() if rule.layer == layer]
        skipped = layer not in ran(result)
        failing = [rule for rule in rules if rule.id in by_rule and rule.level == "error"]
        counts = {"tests": len(rules), "failures": len(failing), "skipped": len(rules) if skipped else 0}
        suite = ElementTree.SubElement(root, "testsuite", {"name": layer, **{k: str(v) for k, v in counts.items()}})
        for rule in rules:
            case = ElementTree.SubElement(suite, "testcase", classname=layer, name=rule.id)
            if skipped:
                why = not_run(result) if layer in result.not_run else "no earlier release at hand"
                ElementTree.SubElement(case, "skipped", message=why)
            elif rule.id in by_rule:
                kind = "failure" if rule.level == "error" else "system-out"
                part = ElementTree.SubElement(case, kind)
                if kind == "failure":
                    part.set("message", f"{counted(numbers[rule.id], 'finding')}. {rule.why}")
                lines = [describe(finding) for finding in by_rule[rule.id]]
                part.text = "\n".join(printable(line, MOST_PRINTED) for line in [*lines, rule.mend])
    if result.unchecked:
        number = str(len(result.unchecked))
        suite = ElementTree.SubElement(root, "testsuite", name="not checked", tests=number, skipped=number)
        for unchecked in result.unchecked:
            case = ElementTree.SubElement(suite, "testcase", classname="not checked", name=unchecked.name or "package")
            ElementTree.SubElement(case, "skipped", message=unchecked.reason)
    return as_xml(root)


def as_xml(root: ElementTree.Element) -> str:
    """An XML document in which no attribute holds what is obeyed; texts are printable already."""
    for element in root.iter():
        for key, value in element.attrib.items():
            element.set(key, printable(value, MOST_PRINTED))
    ElementTree.indent(root)
    return ElementTree.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def describe(finding: Finding) -> str:
    """Place, row, value and message in one line."""
    return f"{finding.place} {finding.row} {finding.value[:120]!r} {message(finding)}"


def as_sarif(result: Result) -> str:
    """SARIF 2.1.0, as code scanning reads it; waived findings are suppressed results."""
    rules = list(result.rules.values())
    index = {rule.id: number for number, rule in enumerate(rules)}

    def result_of(finding: Finding, waived: bool = False) -> dict:
        rule = result.rules[finding.rule]
        location: dict = {"physicalLocation": {"artifactLocation": {"uri": uri(result.package, finding.file)}}}
        if finding.line:
            location["physicalLocation"]["region"] = {"startLine": finding.line}
        if name := " ".join(filter(None, (finding.row, finding.column))):
            location["logicalLocations"] = [{"fullyQualifiedName": name}]
        value = f"{finding.value[:120]!r}: " if finding.value else ""
        return {
            "ruleId": rule.id,
            "ruleIndex": index[rule.id],
            "level": rule.level,
            "message": {"text": f"{value}{message(finding)}"},
            "locations": [location],
        } | ({"suppressions": [{"kind": "external"}]} if waived else {})

    described = [
        {
            "id": rule.id,
            "shortDescription": {"text": rule.why},
            "help": {"text": rule.mend},
            "defaultConfiguration": {"level": rule.level},
            "properties": {"layer": rule.layer},
        }
        for rule in rules
    ]
    results = [result_of(finding) for finding in listed(result)]
    results += [result_of(finding, waived=True) for finding in result.waived]
    notes = [not_run(result)] if result.not_run else []
    notes += [f"not checked: {part}" for part in result.unchecked]
    if left := len(result.findings) - len(results) + len(result.waived):
        notes.append(f"{left} more findings are not listed")
    return sarif(described, results, notes, completed=True)


def sarif(rules: list[dict], results: list[dict], notes: list[str], completed: bool) -> str:
    """A SARIF log of one run; `notes` say what was not done, and an error where the run was not `completed`."""
    level = "warning" if completed else "error"
    notifications = [{"level": level, "message": {"text": note}} for note in notes]
    run = {
        "tool": {"driver": {"name": "claims", "semanticVersion": version(), "rules": rules}},
        "invocations": [{"executionSuccessful": completed, "toolExecutionNotifications": notifications}],
        "results": results,
    }
    log = {"$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0", "runs": [run]}
    return as_json_text(log)


def uri(package: Package, file: str) -> str:
    """The path of a file as a relative URI, from the root of the repository where the package lies in one."""
    return quote(on_forge(package.folder, file) if package.folder else file)


FORMATS = {"text": as_text, "json": as_json, "github": as_github, "junit": as_junit, "sarif": as_sarif}


def could_not_run(message: str, kind: str) -> str:
    """In a format for programs, that nothing was checked and why; people read it among the errors."""
    if kind == "json":
        return as_json_text({"error": message})
    if kind == "github":
        return f"::error::{escaped(message)}\n"
    if kind == "sarif":
        return sarif([], [], [message], completed=False)
    if kind == "junit":
        root = ElementTree.Element("testsuites", errors="1")
        case = ElementTree.SubElement(
            ElementTree.SubElement(root, "testsuite", name="package"), "testcase", name="opened"
        )
        ElementTree.SubElement(case, "error", message=message)
        return as_xml(root)
    return ""
