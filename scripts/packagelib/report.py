"""A result as text for people, JSON for programs, workflow commands or JUnit for CI. All say the same."""

import json
import re
from collections import Counter
from dataclasses import asdict
from xml.etree import ElementTree

from .findings import Finding
from .validation import LARGE, LAYERS, Result

MOST_PER_FILE = 20
NOT_THOROUGH = "frictionless and jsonschema read only what a faster check of the same rules refused"
UNPRINTABLE = re.compile("[^\\t\\n\\r\\x20-\\ud7ff\\ue000-\\ufffd\\U00010000-\\U0010ffff]")


def as_text(result: Result) -> str:
    """One line a table; findings grouped by file, each with place, value, rule, why and how to mend."""
    package = result.package
    counts = Counter(one.file for one in result.findings)
    lines = [f"{package.name} {package.version}"]
    width = max((len(name) for name in package.tables), default=0)
    for table in package.tables.values():
        rows = result.row_counts.get(table.name)
        count = "not read" if rows is None else f"{rows:>6} rows"
        found = counts[table.path]
        state = f"{found} finding{'s' * (found > 1)}" if found else "not checked" if rows is None else "ok"
        lines.append(f"  {table.name:<{width}}  {count}  {state}")
    lines += [f"  {name}: not a plain CSV file, not read" for name in package.not_read]
    lines += [*finding_lines(result), ""]
    if result.not_run:
        lines.append(f"not run because of the findings above: {', '.join(result.not_run)}")
    if not result.thorough:
        lines.append(f"more than {LARGE} rows: {NOT_THOROUGH}; --all has them read every row")
    lines.append(summary(result, "valid", "not valid") + f"; layers {', '.join(ran(result))}; {comparison(result)}")
    return "\n".join(lines) + "\n"


def ran(result: Result) -> list[str]:
    """The layers that were checked. History needs a release to compare with."""
    at_hand = LAYERS if result.compared_with else LAYERS[:-1]
    return [layer for layer in at_hand if layer not in result.not_run]


def comparison(result: Result) -> str:
    if result.compared_with:
        return f"compared with release {result.compared_with}"
    return "not compared with an earlier release"


def finding_lines(result: Result) -> list[str]:
    """The findings grouped by file: place, value and rule, then message, why and how to mend."""
    by_file: dict[str, list[Finding]] = {}
    for one in result.findings:
        by_file.setdefault(one.file, []).append(one)
    lines = []
    for file, findings in by_file.items():
        lines += ["", file]
        for one in findings[:MOST_PER_FILE]:
            rule = result.rules[one.rule]
            value = f" {one.value[:120]!r}" if one.value else ""
            lines.append(f"  {one.place}{value}  [{one.rule}]{'' if rule.level == 'error' else ' warning'}")
            hint = f" ({one.hint})" if one.hint else ""
            lines += [f"      {one.message}{hint}", f"      why:  {rule.why}", f"      mend: {rule.mend}"]
        if len(findings) > MOST_PER_FILE:
            lines.append(f"  … and {len(findings) - MOST_PER_FILE} more; --format json lists all")
    return lines


def summary(result: Result, good: str, bad: str) -> str:
    """The last line: the verdict and the counts."""
    parts = [f"{sum(result.row_counts.values())} rows in {len(result.row_counts)} tables"]
    parts.append(f"{len(result.findings)} findings" if result.findings else "no findings")
    if result.waived:
        parts.append(f"{len(result.waived)} waived")
    return f"{good if result.valid else bad}: " + "; ".join(parts)


def as_object(result: Result) -> dict:
    """The result as plain data: package, version, valid, tables, findings, waived, not_run, not_read."""

    def full(one: Finding) -> dict:
        rule = result.rules[one.rule]
        return {**asdict(one), "level": rule.level, "layer": rule.layer, "why": rule.why, "mend": rule.mend}

    return {
        "package": result.package.name,
        "version": result.package.version,
        "valid": result.valid,
        "tables": [{"name": name, "rows": rows} for name, rows in result.row_counts.items()],
        "findings": [full(one) for one in result.findings],
        "waived": [full(one) for one in result.waived],
        "not_run": result.not_run,
        "thorough": result.thorough,
        "compared_with": result.compared_with or None,
        "not_read": result.package.not_read,
    }


def as_json(result: Result) -> str:
    return json.dumps(as_object(result), ensure_ascii=False, indent=2) + "\n"


def as_github(result: Result) -> str:
    """Workflow commands that put each finding beside its line on a forge, and the verdict as the last line."""

    def escaped(text: str, also: str = "") -> str:
        for character in "%\r\n" + also:
            text = text.replace(character, f"%{ord(character):02X}")
        return text

    lines = []
    for one in result.findings:
        rule = result.rules[one.rule]
        place = {"file": one.file, "line": str(one.line or 1), "title": f"{one.rule} {one.column}".strip()}
        properties = ",".join(f"{key}={escaped(value, ':,')}" for key, value in place.items())
        value = f"{one.value[:120]!r}: " if one.value else ""
        message = f"{value}{one.message}. {one.hint} {rule.mend}".replace("  ", " ")
        lines.append(f"::{rule.level} {properties}::{escaped(message)}")
    return "\n".join([*lines, summary(result, "valid", "not valid")]) + "\n"


def as_junit(result: Result) -> str:
    """JUnit XML: a suite a layer, a case a rule, a failure where the rule has findings; layers not run are skipped."""
    found: dict[str, list[Finding]] = {}
    for one in result.findings:
        found.setdefault(one.rule, []).append(one)
    root = ElementTree.Element("testsuites", name=f"{result.package.name} {result.package.version}")
    for layer in LAYERS:
        rules = [rule for rule in result.rules.values() if rule.layer == layer]
        skipped = layer not in ran(result)
        failing = [rule for rule in rules if rule.id in found and rule.level == "error"]
        counts = {"tests": len(rules), "failures": len(failing), "skipped": len(rules) if skipped else 0}
        suite = ElementTree.SubElement(root, "testsuite", {"name": layer, **{k: str(v) for k, v in counts.items()}})
        for rule in rules:
            case = ElementTree.SubElement(suite, "testcase", classname=layer, name=rule.id)
            if skipped:
                ElementTree.SubElement(case, "skipped")
            elif rule.id in found:
                kind = "failure" if rule.level == "error" else "system-out"
                part = ElementTree.SubElement(case, kind)
                if kind == "failure":
                    part.set("message", f"{len(found[rule.id])} findings. {rule.why}")
                lines = [f"{one.place} {one.value[:120]!r} {one.message}" for one in found[rule.id]]
                part.text = UNPRINTABLE.sub("\N{REPLACEMENT CHARACTER}", "\n".join([*lines, rule.mend]))
    ElementTree.indent(root)
    return ElementTree.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


FORMATS = {"text": as_text, "json": as_json, "github": as_github, "junit": as_junit}
