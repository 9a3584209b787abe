"""Layer 5, history: what the package owes to those who use and cite its last release.

Only where a release is at hand (releases/NAME-VERSION.zip beside the descriptor); otherwise nothing is compared.
"""

from typing import Any

from ..changes import Difference, difference, has_ids
from ..findings import Finding
from ..package import DESCRIPTOR, Package, Unusable, opened
from ..versions import last_release, parts


def check(package: Package) -> list[Finding]:
    """Findings against the last release; none where none is at hand."""
    file = last_release(package.root, package.name)
    if file is None:
        return []
    try:
        with opened(file) as old:
            found = difference(old, package)
            return ids(package, found, known_ids(old)) + version(found)
    except Unusable as error:
        return [Finding("release-unreadable", file.relative_to(package.root).as_posix(), str(error))]


def compared_with(package: Package) -> str:
    """The version of the last release; nothing where none is at hand."""
    file = last_release(package.root, package.name) if package.conventions else None
    return file.stem.removeprefix(f"{package.name}-") if file else ""


def known_ids(old: Package) -> set[str]:
    """Every id that the last release had or had retired."""
    return {row_id for one in old.data.values() if has_ids(one.table) for row_id in one.by_id}


def ids(package: Package, difference: Difference, known: set[str]) -> list[Finding]:
    """No id went without an entry; a new entry is about an id that was released, and names this version."""
    findings: list[Finding] = []
    for change in difference.refused:
        file = package.tables[change.table].path if change.table in package.tables else DESCRIPTOR
        message = f"release {difference.old_version} has it, and it is neither here nor retired"
        findings.append(Finding(rule="id-dropped", file=file, message=message, value=change.row_id, row=change.row_id))
    if not (data := package.data.get(package.conventions.get("retired", ""))):
        return findings
    added = {change.row_id for change in difference.changes if change.table == data.table.name}
    for record, cells in data.by_column():
        row = data.row_id(record)
        place: dict[str, Any] = {"file": data.table.path, "line": record.number, "row": row}
        if row in added and row not in known:
            message = f"release {difference.old_version} has no such id"
            finding = Finding(rule="retired-never-released", message=message, column="old_id", value=row, **place)
            findings.append(finding)
        if row in added and cells["version"] != package.version:
            message = f"the package is at version {package.version}"
            finding = Finding(
                rule="retired-version", message=message, column="version", value=cells["version"], **place
            )
            findings.append(finding)
    return findings


def version(found: Difference) -> list[Finding]:
    """The version is at least what the changes demand."""
    if parts(found.new_version) >= parts(found.lowest):
        return []
    heaviest = [one for one in found.changes if one.bump == found.bump]
    message = f"older than release {found.old_version}"
    if heaviest:
        message = f"{found.bump} changes since release {found.old_version} demand {found.lowest}: "
        message += "; ".join(f"{one.action} {one.place}" for one in heaviest[:3])
        message += f" and {len(heaviest) - 3} more" if len(heaviest) > 3 else ""
    return [Finding("version-too-low", DESCRIPTOR, message, column="version", value=found.new_version)]
