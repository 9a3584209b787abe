"""Somebody else's package: frictionless decides, we report.

It is judged by its own descriptor and by nothing of ours. Three things are added: what the standard says and
frictionless reads otherwise (`standard`), what of the descriptor must not be followed (`descriptor`), and on which
line of the file something stands (`lines`). What nobody checked is named.
"""

import hashlib
from copy import deepcopy
from pathlib import Path
from typing import Any

from frictionless import Check, Checklist, Detector, FrictionlessException
from frictionless import Package as FrictionlessPackage
from frictionless.formats.csv import CsvControl

from ..findings import Finding, Unchecked
from ..package import DESCRIPTOR, Package
from .descriptor import OFFICIAL, Resource, resources
from .lines import CsvText
from .standard import Keys, to_the_letter
from .words import Words

MOST_ERRORS = 1000  # of one resource, as frictionless itself
WIDEST = 1000  # columns beyond the schema's; frictionless makes an error of each, with the whole header in it
OTHER_SEPARATORS = ",;\t|"


def check(package: Package) -> tuple[list[Finding], dict[str, int], list[Unchecked]]:
    """(findings, rows read by resource, what was not checked) of a package without conventions. Writes nothing."""
    findings: list[Finding] = []
    unchecked: list[Unchecked] = []
    opened: list[Resource] = []
    with to_the_letter():
        kinds: dict[type, list] = {Finding: findings, Unchecked: unchecked, Resource: opened}
        for part in resources(package):
            kinds[type(part)].append(part)
        top = whole_package(package, findings, unchecked)
        opened = [resource for resource in opened if well_described(top, resource, findings)]
        leave_out_keys_to_what_is_not_opened(opened, unchecked)
        rows = {}
        for resource in opened:
            found, count = of_resource(resource, opened, top, package.root, unchecked)
            findings += found
            if resource.table and count is not None:
                rows[resource.name] = count
    return package.findings + findings, rows, unchecked


def whole_package(package: Package, findings: list[Finding], unchecked: list[Unchecked]) -> dict:
    """The descriptor without its resources, as frictionless shall have it; what is wrong with it joins the findings."""
    top = {key: value for key, value in package.descriptor.items() if key not in ("resources", "profile", "$schema")}
    for key in ("profile", "$schema"):
        stated = package.descriptor.get(key)
        if isinstance(stated, str) and OFFICIAL.fullmatch(stated):
            top |= {key: stated} if key == "$schema" else {}
        elif stated is not None:
            unchecked.append(Unchecked("", f"{key} {str(stated)[:100]}: what it demands is not checked"))
    plain = {"name": "x", "data": []} | (
        {"profile": "tabular-data-resource"} if top.get("profile") == "tabular-data-package" else {}
    )
    for note in notes({**top, "resources": [plain]}):
        findings.append(Finding(rule="descriptor", file=DESCRIPTOR, message=note))
    return top


def well_described(top: dict, resource: Resource, findings: list[Finding]) -> bool:
    """Whether frictionless can use a resource's descriptor; what is wrong with it joins the findings."""
    version = {"$schema": top["$schema"]} if "$schema" in top else {}
    problems = notes({**version, "name": "x", "resources": [resource.descriptor]})
    for problem in problems:
        message = f"'{resource.name}': {problem}"
        findings.append(Finding(rule="descriptor", file=DESCRIPTOR, message=message))
    return not problems


def notes(descriptor: dict) -> list[str]:
    """What frictionless has against a package's descriptor."""
    try:
        FrictionlessPackage.from_descriptor(deepcopy(descriptor))
    except FrictionlessException as error:
        return list(dict.fromkeys(reason.note[:500] for reason in error.reasons or [error.error]))
    except Exception as error:  # frictionless stops over shapes that it does not expect
        return [f"frictionless cannot read this descriptor: {error}"[:500]]
    return []


def leave_out_keys_to_what_is_not_opened(opened: list[Resource], unchecked: list[Unchecked]) -> None:
    """Foreign keys to resources that are there and not opened are not checked."""
    names = {resource.name for resource in opened}
    listed = names | {part.name for part in unchecked if part.table}
    for resource in opened:
        schema = resource.descriptor.get("schema", {})
        keys = schema.get("foreignKeys", [])
        targets = [key.get("reference", {}).get("resource") or resource.name for key in keys]
        kept = [key for key, target in zip(keys, targets, strict=True) if target in names or target not in listed]
        if len(kept) < len(keys):
            schema["foreignKeys"] = kept
            away = ", ".join(sorted({target for target in targets if target in listed - names}))
            unchecked.append(Unchecked(resource.name, f"foreign keys to {away}, which is not read"))


def of_resource(
    resource: Resource, opened: list[Resource], top: dict, root: Path, unchecked: list[Unchecked]
) -> tuple[list[Finding], int | None]:
    """Findings about one resource, and how many rows were read; None where it is no table."""
    findings = [*other_hash(resource)]
    text = labels = None
    try:
        whole = FrictionlessPackage.from_descriptor(
            deepcopy({**top, "name": "x", "resources": [other.descriptor for other in opened]}), basepath=str(root)
        )
        ours = whole.get_resource(resource.name)
        if resource.table:
            ours.detector = Detector(field_type="any")  # where there is no schema, none is guessed
            text = csv_text(resource, ours)
            labels = text.first_record() if text and ours.dialect.header else []
            if text and (stopped := refused_before(resource, text, labels)):
                return [*findings, stopped], 0
        checks: list[Check] = (
            [Keys(unique=resource.keys, primary=resource.primary, held_back=resource.key_held_back)]
            if resource.keys or resource.primary
            else []
        )
        report = ours.validate(Checklist(checks=checks), limit_errors=MOST_ERRORS)
    except FrictionlessException as error:
        notes = [getattr(reason, "note", str(reason)) for reason in error.reasons or [error.error]]
        return [
            Finding(rule="descriptor", file=DESCRIPTOR, message=f"'{resource.name}': {note}") for note in notes
        ], None
    except Exception as error:  # a fault of frictionless' own must not end the run, nor count as checked
        reason = f"frictionless stopped: {type(error).__name__}: {error}"[:300]
        unchecked.append(Unchecked(resource.name, reason, resource.table))
        return findings, None
    task = report.tasks[0]
    errors = [error for error in task.errors if not partly_empty_reference(error)]
    words = Words(resource, text, labels or list(getattr(task, "labels", []) or []))
    found = words.findings(errors)
    if text and (fault := text.fault()):
        rule, file, line, message = fault
        path = resource.paths[resource.files.index(file)]
        found = [finding for finding in found if finding.rule != "encoding"]
        found.append(Finding(rule=rule, file=path, message=message, line=line))
    if len(task.errors) >= MOST_ERRORS:
        unchecked.append(Unchecked(resource.name, f"what stands behind its first {MOST_ERRORS} errors"))
    return findings + found, ours.stats.rows if resource.table else None


def partly_empty_reference(error: Any) -> bool:
    """Whether a foreign key has an empty part; such a row is not tested, as in SQL."""
    return error.type == "foreign-key" and "" in error.field_cells


def csv_text(resource: Resource, ours: Any) -> CsvText | None:
    """The resource as text, where it is CSV in files."""
    if resource.format not in ("csv", "tsv") or not resource.files:
        return None
    descriptor = resource.descriptor
    return CsvText(
        files=resource.files,
        encoding=descriptor["encoding"],
        control=CsvControl.from_dialect(ours.dialect).to_python(),
        compression=descriptor.get("compression", ""),
        inner_path=descriptor.get("innerpath", ""),
        skip_first=bool(ours.dialect.header) and resource.format == "csv",
        comment=ours.dialect.comment_char or "",
    )


def refused_before(resource: Resource, text: CsvText, labels: list[str]) -> Finding | None:
    """What makes all the rest of a table meaningless: another separator, or a header out of all proportion."""
    if not text.compression and any(map(is_zip, text.files)):
        message = "a zip or a spreadsheet program's workbook under the name of a CSV file"
        return Finding(rule="encoding", file=resource.path, message=message)
    fields = [column["name"] for column in resource.schema.get("fields", [])]
    delimiter = text.control.delimiter
    if len(labels) == 1 and len(fields) > 1:
        for other in OTHER_SEPARATORS:
            if other != delimiter and other in labels[0] and set(labels[0].split(other)) & set(fields):
                message = f"the cells seem to be separated by {other!r}; expected is {delimiter!r}"
                return Finding(rule="separator", file=resource.path, message=message, line=1)
    if fields and len(labels) > len(fields) + WIDEST:
        message = f"{len(labels)} columns where the schema has {len(fields)}; nothing else of the table was read"
        return Finding(rule="header", file=resource.path, message=message, line=1)
    return None


def is_zip(file: Path) -> bool:
    """Whether a file begins as a zip does."""
    with file.open("rb") as stream:
        return stream.read(4) == b"PK\x03\x04"


def other_hash(resource: Resource) -> list[Finding]:
    """A checksum that frictionless ignores, such as sha1."""
    if not resource.hash or len(resource.files) != 1:
        return []
    algorithm, _, stated = resource.hash.rpartition(":")
    if algorithm not in hashlib.algorithms_guaranteed or algorithm.startswith("shake"):
        message = f"'{resource.name}': no such checksum as '{algorithm[:50]}'"
        return [Finding(rule="frictionless-warning", file=DESCRIPTOR, message=message)]
    with resource.files[0].open("rb") as stream:
        actual = hashlib.file_digest(stream, algorithm).hexdigest()
    if actual == stated.lower():
        return []
    message = f"'{resource.name}': the checksum is {actual}; the descriptor says {stated[:200]}"
    return [Finding(rule="hash", file=resource.path, message=message)]
