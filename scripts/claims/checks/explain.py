"""What any user's `frictionless validate` would say of suspect rows, and what it lets pass.

Files, checksums, headers, types, constraints, primary and foreign keys are frictionless' own; the Strict
check beside it adds patterns over the whole cell, unique keys, primary keys with an empty part, and for packages
that name `conventions` lexical forms (`1_000` is no integer).
"""

import re
import tempfile
from collections.abc import Sequence
from pathlib import Path

import attrs
from frictionless import Check, Checklist, FrictionlessException, errors, system
from frictionless import Package as FrictionlessPackage

from .. import csvtext
from ..csvtext import Record
from ..findings import Finding, did_you_mean
from ..package import DESCRIPTOR, Package
from ..sql import literal, quoted
from ..table import as_list
from ..tabledata import TableData
from .values import form

# frictionless' own error types under the name of our rule; constraint errors are named by their constraint
RULES = {
    "hash-count": "hash",
    "byte-count": "bytes",
    "extra-label": "header",
    "missing-label": "header",
    "blank-label": "header",
    "duplicate-label": "header",
    "incorrect-label": "header",
    "blank-header": "header",
    "blank-row": "blank-row",
    "extra-cell": "row-length",
    "missing-cell": "row-length",
    "type-error": "type",
    "primary-key": "primary-key",
    "foreign-key": "foreign-key",
    "unique-error": "unique",
    "encoding-error": "encoding",
    "constraint-error": "constraint",
    "lexical": "lexical",
    "unique-key": "unique-key",
}
ALL = "TRUE"  # SQL that is true for every record
POSITION = re.compile(r"in the row at position (\d+)")
CONSTRAINT = re.compile(r'constraint "(\w+)"')


class LexicalError(errors.CellError):
    type = "lexical"
    title = "Lexical Error"
    description = "A cell is read as a value but not written as one."
    template = "{note}"


class UniqueKeyError(errors.RowError):
    type = "unique-key"
    title = "Unique Key Error"
    description = "A row repeats a unique key or leaves a part of its primary key empty."
    template = "{note}"


@attrs.define(kw_only=True, repr=False)
class Strict(Check):
    """The checks that frictionless 5.21 leaves out (its issue 937, and cells that Python reads leniently)."""

    type = "strict"
    closed_forms: bool
    Errors = [LexicalError, UniqueKeyError]  # noqa: RUF012 - the base class wants a plain list

    def validate_start(self):
        schema = self.resource.schema
        self.lexical = []
        for index, field in enumerate(schema.fields):
            if (self.closed_forms or field.type == "string") and (whole := form(field.type, field.constraints)):
                self.lexical.append((index, field.name, whole, field.type, set(field.missing_values)))
        self.unique = [as_list(key) for key in schema.custom.get("uniqueKeys", [])]
        self.seen = [set() for _ in self.unique]
        yield from []

    def validate_row(self, row):
        cells = row.cells
        for index, name, whole, kind, missing in self.lexical:
            cell = cells[index] if index < len(cells) else ""
            if (
                cell
                and cell not in missing
                and not whole.fullmatch(cell)
                and not (row.errors and self.already(row, name))
            ):
                yield LexicalError.from_row(row, note=f"not written as {kind} is written", field_name=name)
        missing = [name for name in self.resource.schema.primary_key if row.get(name) is None]
        if missing and len(missing) < len(self.resource.schema.primary_key):
            yield UniqueKeyError.from_row(row, note=f"empty part of the primary key: {', '.join(missing)}")
        for columns, seen in zip(self.unique, self.seen, strict=True):
            values = tuple(row.get(name) for name in columns)
            if None not in values:
                if values in seen:
                    yield UniqueKeyError.from_row(
                        row, note=f"{', '.join(columns)}: these values stand in an earlier row"
                    )
                seen.add(values)

    @staticmethod
    def already(row, name: str) -> bool:
        """Whether frictionless itself reported this cell."""
        return any(getattr(error, "field_name", None) == name for error in row.errors)


def check(
    package: Package, suspects: dict[str, set[int]] | None = None, names: list[str] | None = None
) -> list[Finding]:
    """Findings of frictionless with the Strict check over every table that could be read, or over those `names`.

    With `suspects`, the lines of the records of each table that may not be right (1 for a header), it reads only these
    and what they point to. Sizes and checksums it then does not see.
    """
    if suspects is None:
        chosen: Sequence[str | None] = names or [None]
        return reported(package, package.data, package.root, package.descriptor["resources"], chosen)
    slices = sliced(package, suspects)
    with tempfile.TemporaryDirectory(prefix="datapackage-") as folder:
        resources = []
        for number, (name, data) in enumerate(slices.items()):
            text = csvtext.write([data.header, *(record.cells for record in data.records)])
            (Path(folder) / f"{number}.csv").write_text(text, "utf-8", newline="")
            resource = {**package.tables[name].resource, "path": f"{number}.csv", "schema": package.tables[name].schema}
            resources.append({key: value for key, value in resource.items() if key not in ("bytes", "hash")})
        return reported(package, slices, Path(folder), resources, sorted(suspects))


def reported(
    package: Package, read: dict[str, TableData], folder: Path, resources: list[dict], names: Sequence[str | None]
) -> list[Finding]:
    """What frictionless says of the files of a folder, in which the tables have the records that were `read`."""
    resources = [one for one in resources if one.get("name") in read]
    if not resources:
        return []
    descriptor = {**package.descriptor, "resources": resources}
    descriptor.pop("profile", None)
    try:
        with system.use_context(trusted=False):
            checked = FrictionlessPackage.from_descriptor(descriptor, basepath=str(folder))
            strict = Strict(closed_forms=bool(package.conventions))
            reports = [checked.validate(Checklist(checks=[strict]), name=name) for name in names]
    except FrictionlessException as error:
        reasons: list = error.reasons or [error]
        return [Finding("descriptor", DESCRIPTOR, str(getattr(one, "note", one))) for one in reasons]
    findings = [Finding("descriptor", DESCRIPTOR, error.note) for report in reports for error in report.errors]
    for task in (task for report in reports for task in report.tasks):
        errors = [error for error in task.errors if not (error.type == "foreign-key" and "" in error.field_cells)]
        findings += [finding(error, read.get(task.name), package) for error in errors]
        findings += [Finding("frictionless-warning", DESCRIPTOR, warning) for warning in task.warnings]
    return findings


def sliced(package: Package, suspects: dict[str, set[int]]) -> dict[str, TableData]:
    """The suspect records, and those that they and these in turn point to, by table in the order of their lines.

    Keys are followed as texts; where one is of another type or of several columns, all records are taken.
    """
    chosen: dict[str, dict[int, Record]] = {name: {} for name in suspects}
    waiting = [
        (name, records(package, name, ALL if typed_keys(package, name) else lines)) for name, lines in suspects.items()
    ]
    while waiting:
        name, found = waiting.pop()
        by_line = chosen.setdefault(name, {})
        new = [one for one in found if one.number not in by_line]
        by_line |= {one.number: one for one in new}
        for own, target, others in package.tables[name].foreign_keys:
            if target in package.engine.tables:
                which = pointed_to(package, name, own, target, others, new)
                waiting += [(target, records(package, target, which))] if new or target not in chosen else []
            chosen.setdefault(target, {})
    return {
        name: TableData(package.tables[name], "", header(package, name), [one for _, one in sorted(by_line.items())])
        for name, by_line in chosen.items()
    }


def header(package: Package, name: str) -> list[str]:
    return package.tables[name].field_names if name in package.engine.tables else package.data[name].header


def records(package: Package, name: str, which: set[int] | str) -> list[Record]:
    """The records at these lines, or of which this SQL is true."""
    engine = package.engine
    apart = name not in engine.tables or name in engine.lines  # not canonical: some records may be of another length
    data = package.read(name) if apart else None
    if data and which == ALL:
        return data.records
    if isinstance(which, set):
        if data:
            return [record for record in data.records if record.number in which]
        which = f"rowid IN ({', '.join(str(line - 2) for line in which)})" if which - {1} else "FALSE"
    return [Record(engine.line(name, rowid), [*cells.values()]) for rowid, cells in engine.records(name, which)]


def pointed_to(package: Package, name: str, own: list[str], target: str, others: list[str], found: list[Record]) -> str:
    """SQL that is true for the records of the target to which these records may point."""
    fields = [*package.tables[name].fields, *package.tables[target].fields]
    if len(own) > 1 or any(one["type"] != "string" for one in fields if one["name"] in (*own, *others)):
        return ALL
    names = header(package, name)
    index = names.index(own[0]) if own[0] in names else len(names)
    cells = sorted({one.cells[index] for one in found if index < len(one.cells)} - {""})
    return f"{quoted(others[0])} IN ({', '.join(map(literal, cells))})" if cells else "FALSE"


def typed_keys(package: Package, name: str) -> bool:
    """Whether a column that tells the records of a table apart is not text: 7 and 007 are one number."""
    table = package.tables[name]
    names = {*table.primary_key, *(name for key in table.schema.get("uniqueKeys", []) for name in key)}
    return any(
        one["type"] != "string" and (one["name"] in names or one.get("constraints", {}).get("unique"))
        for one in table.fields
    )


def compared(data: TableData) -> str:
    """How a header differs from the schema's fields."""
    wanted, found = data.table.field_names, data.header
    parts = {
        "missing": [name for name in wanted if name not in found],
        "not in the schema": [name for name in found if name not in wanted],
        "twice": sorted({name for name in found if found.count(name) > 1}),
    }
    said = [f"{what}: {', '.join(names)}" for what, names in parts.items() if names]
    return "; ".join(said)[:300] or "the columns are not in the order of the schema"


def finding(error, data: TableData | None, package: Package) -> Finding:
    """One frictionless error in our terms: rule, line of the file, column, value, nearest valid value."""
    if data is None:
        return Finding("descriptor", DESCRIPTOR, error.note)
    rule = RULES.get(error.type, "descriptor")
    column = getattr(error, "field_name", None) or ""
    value = getattr(error, "cell", None) or ""
    hint = ""
    if error.type == "constraint-error" and (match := CONSTRAINT.search(error.note)):
        rule = match[1]
        known = next((one for one in data.table.fields if one["name"] == column), {})
        if rule == "enum":
            hint = did_you_mean(str(value), known["constraints"]["enum"])
    elif error.type == "foreign-key":
        column, value = "/".join(error.field_names), "/".join(map(str, error.field_cells))
        hint = did_you_mean(value, known_ids(package, error.reference_name or data.table.name, value))
    elif error.type == "primary-key":
        column = "/".join(data.table.primary_key)
    elif rule == "header":
        return Finding(rule, data.table.path, compared(data), 1, value=",".join(data.header)[:200])
    elif rule == "type":
        known = next((one for one in data.table.fields if one["name"] == column), {})
        if known.get("type") == "boolean":
            hint = did_you_mean(str(value), ["true", "false"])
    line, row = 0, ""
    if number := getattr(error, "row_number", None):
        record = data.records[number - 2] if number - 2 < len(data.records) else None
        if record:
            line, row = record.number, data.row_id(record)
            if rule == "row-length":
                message = f"{len(record.cells)} cells where the header has {len(data.header)}"
                return Finding(rule, data.table.path, message, line, row=row)
            if rule == "primary-key":
                value = row
            elif column in data.header and data.header.index(column) < len(record.cells):
                value = record.cells[data.header.index(column)]  # as the file has it, whatever it was read as
    message = POSITION.sub(lambda match: f"in line {data.records[int(match[1]) - 2].number}", error.note)
    return Finding(rule, data.table.path, message or "a line without values", line, column, str(value), row, hint)


def known_ids(package: Package, name: str, value: str) -> list[str]:
    """The ids of a table; of one in the engine those that may be near to a value."""
    if package.conventions and name in package.engine.tables:
        return package.engine.nearest(name, value)
    data = package.read(name)
    return [data.row_id(one) for one in data.records] if data else []
