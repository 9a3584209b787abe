"""Layer 0, metadata: descriptor, schemas, row rules and settings files are what the other layers take them for.

A package that names `conventions` is held to the closed JSON Schemas in claims/profiles/, so that a
misspelt key is found; any package must have patterns that compile and bounds that are values, because
the table layer stops without a report on those.
"""

import re

from ..findings import Finding, Unusable, did_you_mean
from ..package import DESCRIPTOR, Package
from ..table import Table
from . import descriptions, settings, values
from .profiles import against, compiled

BOUNDS = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")


def check(package: Package) -> list[Finding]:
    """Findings about datapackage.json, the table schemas and the row rules."""
    findings = against("datapackage", package.descriptor, DESCRIPTOR)
    for table in package.tables.values():
        where = table.schema_path or DESCRIPTOR
        shape = against("table", table.schema, where)
        findings += shape
        if table.row_rules_path:
            findings += row_rules(table)
        if not shape:
            findings += constraints(table, where)
            findings += keys(table, where, package)
    if not findings:
        findings += conventions(package)
        findings += settings.check(package)
        findings += [one for table in package.tables.values() for one in examples(table)]
        findings += [one for table in package.tables.values() for one in descriptions.check(table)]
    return findings


def row_rules(table: Table) -> list[Finding]:
    """Row rules have the closed shape, patterns that compile, and columns that exist."""
    findings = against("rows", table.row_rules, table.row_rules_path)
    if findings:
        return findings
    anchors = set()
    for rule in table.row_rules["allOf"]:
        place = {"file": table.row_rules_path, "column": rule["$anchor"]}
        if rule["$anchor"] in anchors:
            findings.append(Finding("metadata", message="two rules of one name", **place))
        anchors.add(rule["$anchor"])
        for column in sorted({rule["column"], *columns_of(rule)} - set(table.field_names)):
            hint = did_you_mean(column, table.field_names)
            findings.append(Finding("metadata", message="no such column", value=column, hint=hint, **place))
        for pattern in patterns_of(rule):
            if problem := uncompilable(pattern):
                findings.append(Finding("metadata", message=problem, value=pattern, **place))
    return findings


def row_rules_usable(table: Table) -> bool:
    """Whether a table's row rules have the closed shape, so that their names and texts can be read."""
    return bool(table.row_rules_path) and compiled("rows").is_valid(table.row_rules)


def columns_of(condition) -> set[str]:
    """Every column a row rule's condition speaks of."""
    if not isinstance(condition, dict):
        return set()
    found = {*condition.get("properties", {}), *condition.get("required", [])}
    for name, others in condition.get("dependentRequired", {}).items():
        found |= {name, *others}
    for inner in inner_conditions(condition):
        found |= columns_of(inner)
    return found


def columns_compared(condition) -> set[str]:
    """The columns of which a row rule's condition asks what they hold, not only whether they hold anything."""
    if not isinstance(condition, dict):
        return set()
    return set(condition.get("properties", {})).union(*map(columns_compared, inner_conditions(condition)))


def patterns_of(condition) -> list[str]:
    """Every pattern in a row rule's condition."""
    if not isinstance(condition, dict):
        return []
    found = [condition["pattern"]] if "pattern" in condition else []
    inner = [*inner_conditions(condition), *condition.get("properties", {}).values()]
    return found + [pattern for one in inner for pattern in patterns_of(one)]


def inner_conditions(condition: dict) -> list:
    single = [condition[key] for key in ("not", "if", "then", "else") if key in condition]
    return single + [one for key in ("allOf", "anyOf", "oneOf") for one in condition.get(key, [])]


def uncompilable(pattern) -> str:
    """Why a pattern is no regular expression; empty when it is one."""
    try:
        re.compile(pattern)
    except (re.error, TypeError, RecursionError, OverflowError) as error:
        return f"not a regular expression: {error}"
    return ""


def constraints(table: Table, where: str) -> list[Finding]:
    """Patterns compile and bounds are values of the field's type; checked for every package."""
    findings = []
    names = table.field_names
    for index, one in enumerate(table.fields):
        place = {"file": where, "column": one["name"]}
        if one["name"] in names[:index]:
            findings.append(Finding("metadata", message="two columns of one name", **place))
        given = one.get("constraints", {})
        if "pattern" in given and (problem := uncompilable(given["pattern"])):
            findings.append(Finding("metadata", message=problem, value=str(given["pattern"])[:200], **place))
        for bound in BOUNDS:
            if bound in given and one.get("type") in ("integer", "number", "date") and not readable(one, given[bound]):
                message = f"{bound} is not a value of type {one['type']}"
                findings.append(Finding("metadata", message=message, value=str(given[bound])[:200], **place))
    return findings


def readable(field: dict, value) -> bool:
    """Whether a value can be read as the field's type, leaving its constraints aside."""
    if values.as_value(field["type"], value) is not None:
        return True
    from frictionless import Field, FrictionlessException  # imported only where something seems to be wrong

    try:
        plain = Field.from_descriptor({"name": field["name"], "type": field["type"]})
        return plain.read_cell(value)[1] is None and value != ""
    except FrictionlessException:
        return False


def keys(table: Table, where: str, package: Package) -> list[Finding]:
    """Keys, derivations and sort columns name columns and tables that exist; keys are never empty."""
    findings = []
    names = table.field_names
    by_name = {one["name"]: one for one in table.fields}

    def missing(column: str, part: str, known=names) -> None:
        hint = did_you_mean(column, known)
        findings.append(
            Finding("metadata", where, f"{part} names a column that is not there", 0, part, column, "", hint)
        )

    for column in table.primary_key:
        if column not in names:
            missing(column, "primaryKey")
        elif not by_name[column]["constraints"].get("required"):
            findings.append(Finding("metadata", where, "a part of the primary key must be required", column=column))
    for group in table.schema.get("uniqueKeys", []):
        for column in group:
            if column not in names:
                missing(column, "uniqueKeys")
    for columns, target, referenced in table.foreign_keys:
        for column in columns:
            if column not in names:
                missing(column, "foreignKeys")
        if target not in package.tables:
            hint = did_you_mean(target, package.tables)
            message = "foreignKeys names a table that is not there"
            findings.append(Finding("metadata", where, message, 0, "foreignKeys", target, "", hint))
        elif referenced != (key := package.tables[target].primary_key) and set(key) <= set(
            package.tables[target].field_names
        ):
            message = f"a foreign key must point to the primary key of '{target}'"
            findings.append(Finding("metadata", where, message, 0, "foreignKeys", ", ".join(referenced)))
    for one in table.fields:
        if "derived" in one and one["derived"]["from"] not in names:
            missing(one["derived"]["from"], "derived")
    for column in re.findall(r"\{(\w+)\}", table.schema.get("inWords", "")):
        if column not in names:
            missing(column, "inWords")
    for name in table.schema.get("sortBy", []):
        column, _, beyond = name.partition(".")
        if column not in names:
            missing(column, "sortBy")
        elif beyond:
            target = next((t for columns, t, _ in table.foreign_keys if columns == [column]), "")
            known = package.tables[target].field_names if target in package.tables else []
            if beyond not in known:
                missing(name, "sortBy", known)
    return findings


CONVENTION_COLUMNS = {
    "codes": {"code_list", "code", "position", "label_en", "example_id"},
    "exceptions": {"rule_id", "row_id", "item"},
    "retired": {"old_id", "new_id", "version"},
}


def conventions(package: Package) -> list[Finding]:
    """The tables that the conventions name exist and have the columns that are read from them."""
    findings = []
    for part, columns in CONVENTION_COLUMNS.items():
        name = package.conventions.get(part)
        if name is None:  # the closed schema says which may be left out
            continue
        table = package.tables.get(name)
        lacking = sorted(columns - set(table.field_names)) if table else []
        if not table or lacking:
            message = f"lacks the columns {', '.join(lacking)}" if table else "names a table that is not there"
            hint = "" if table else did_you_mean(name, package.tables)
            findings.append(
                Finding("metadata", DESCRIPTOR, message, column=f"conventions.{part}", value=name, hint=hint)
            )
    return findings


def examples(table: Table) -> list[Finding]:
    """Each field's example is a value the field itself would accept."""
    findings = []
    for one in table.fields:
        if values.accepted(one, one["example"]):
            continue
        try:
            problem = refusal(one, one["example"])
        except Unusable as error:  # such as a pattern on a date
            findings.append(Finding("metadata", table.schema_path, str(error), column=one["name"]))
            continue
        if problem:
            message = f"the example is not a valid value: {problem}"
            findings.append(Finding("example", table.schema_path, message, column=one["name"], value=one["example"]))
    return findings


def refusal(field: dict, cell: str) -> str:
    """Why a cell is no value of a field, or nothing. Raises Unusable for a field that is none."""
    if values.accepted(field, cell):
        return ""
    from frictionless import Field, FrictionlessException  # imported only where something seems to be wrong

    plain = {key: field[key] for key in ("name", "type", "constraints", "trueValues", "falseValues") if key in field}
    try:
        _, notes = Field.from_descriptor(plain).read_cell(cell)
    except FrictionlessException as error:
        raise Unusable(error.error.note) from error
    return "; ".join(notes.values()) if notes else ""
