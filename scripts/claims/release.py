"""Make a release: refuse unless everything agrees, then give the zips, checksums, list of changes and metadata.

CHANGELOG.md must begin with a section `## 1.4.0 — YYYY-MM-DD`; the descriptor takes version and day from there.
"""

import hashlib
import re
import tempfile
from collections.abc import Iterable
from pathlib import Path, PurePosixPath

from .build import DIST, beside_the_data, derived, stale
from .changelog import Entry, entry_of
from .changes import Difference, as_csv, difference
from .files import same
from .findings import Refused, Unusable
from .outputs import COMMITTED
from .outputs.catalogues import package_folder
from .package import DESCRIPTOR, Package, opened
from .report import as_text
from .validation import validate
from .versions import FOLDER, last_release, parts, release_path
from .zips import package_files, restated, zipped


def release(package: Package, version: str) -> dict[str, bytes]:
    """Every file of the release, the package's zip last: once it is there, the version is released.

    Raises Refused with the first thing that does not agree, Unusable for what is no version.
    """
    parts(version)
    try:
        entry = entry_of(package, version)
    except Unusable as error:
        raise Refused(error) from error
    in_order(package, version, entry)
    with restated(package, version=version, created=f"{entry.day}T00:00:00Z") as stated:
        valid(stated)
        clean(package)
        changes = since_last_release(stated)
        require_losses_in_log(entry, changes)
        outputs = derived(stated)
        inside = {**package_files(stated), **beside_the_data(outputs)}
        accounted_for(package, inside)
        package_zip = zipped({**for_archives(outputs), **inside}, entry.day)
        valid_by_itself(package_zip)
    stem = f"{DIST}{package.name}-{version}"
    files = {path: data for path, data in inside.items() if not same(package.root / path, data)}
    files |= in_dist(outputs)
    attached = {release_path(package.name, version): package_zip}
    attached[f"{stem}-outputs.zip"] = zipped(
        {path.removeprefix(DIST): data for path, data in in_dist(outputs).items()}, entry.day
    )
    if changes:
        attached[f"{stem}-changes.csv"] = as_csv(changes).encode("utf-8")
    released = {file.name: file.read_bytes() for file in sorted((package.root / FOLDER).glob("*.zip"))}
    released[Path(release_path(package.name, version)).name] = package_zip
    files |= {**attached, f"{DIST}SHA256SUMS": sums(attached), f"{FOLDER}/SHA256SUMS": sums(released)}
    files[release_path(package.name, version)] = files.pop(release_path(package.name, version))
    return files


def sums(files: dict[str, bytes]) -> bytes:
    """Checksums of files by name, as `sha256sum -c` reads them."""
    lines = [f"{hashlib.sha256(data).hexdigest()}  {Path(path).name}\n" for path, data in files.items()]
    return "".join(lines).encode("utf-8")


def in_order(package: Package, version: str, entry: Entry) -> None:
    """The version is new, not below what the descriptor says already, and no coding waits."""
    if (package.root / release_path(package.name, version)).exists():
        raise Refused(f"{version} is released; a release is never changed, so raise the version")
    if parts(version) < parts(package.version):
        raise Refused(f"{DESCRIPTOR} is at version {package.version} already")
    last = last_release(package.root, package.name)
    if last:
        with opened(last) as old:
            if entry.day < str(old.descriptor.get("created"))[:10]:
                raise Refused(f"CHANGELOG.md dates {version} before release {old.version}")
    if data := package.data.get(package.conventions.get("segments", "")):
        for record, cells in data.by_column():
            if cells.get("coding_status") == "to_do":
                raise Refused(f"{data.table.path}:{record.number}: {data.row_id(record)} is still to_do")


def valid(package: Package) -> None:
    result = validate(package)
    if not result.valid:
        raise Refused(f"the package is not valid\n\n{as_text(result)}")


def clean(package: Package) -> None:
    """What is derived from the package is up to date."""
    if paths := stale(package, derived(package, COMMITTED)):
        raise Refused(f"{', '.join(sorted(paths))} not up to date: run `claims build` and look at what changed")


def accounted_for(package: Package, paths: Iterable[str]) -> None:
    """Whatever lies in a folder of these files is one of them; hidden files and folders are left out without a word."""
    paths = set(paths)
    for folder in sorted({PurePosixPath(path).parts[0] for path in paths if "/" in path}):
        for file in sorted((package.root / folder).rglob("*")):
            path = file.relative_to(package.root)
            hidden = any(part.startswith(".") for part in path.parts)
            if file.is_file() and not hidden and path.as_posix() not in paths:
                raise Refused(
                    f"{path.as_posix()} is no part of the package: list it under 'documents' in {DESCRIPTOR}, "
                    f"or take it out of {folder}/"
                )


def for_archives(outputs: dict[str, bytes]) -> dict[str, bytes]:
    """The package as dist/ has it, with the metadata that archives look for at the top of a zip."""
    top = f"{package_folder.FOLDER}/"
    return {path.removeprefix(top): data for path, data in outputs.items() if path.startswith(top)}


def in_dist(files: dict[str, bytes]) -> dict[str, bytes]:
    return {path: data for path, data in files.items() if path.startswith(DIST)}


def since_last_release(package: Package) -> Difference | None:
    """What changed; None for a first release. A release of what was released already is refused."""
    last = last_release(package.root, package.name)
    if last is None:
        return None
    with opened(last) as old:
        changes = difference(old, package)
    if not changes.changes:
        raise Refused(f"nothing changed since release {changes.old_version}")
    return changes


def require_losses_in_log(entry: Entry, difference: Difference | None) -> None:
    """The section of CHANGELOG.md names whatever a user may no longer find as it was."""
    changes = difference.changes if difference else []
    losses = [change for change in changes if change.bump == "major" or change.action == "row retired"]
    names = {loss.row_id or loss.field or loss.table: loss for loss in losses}
    for name, change in names.items():
        if not re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", entry.text):
            raise Refused(f"CHANGELOG.md: the section on {entry.version} does not name {name} ({change.action})")


def valid_by_itself(package_zip: bytes) -> None:
    """The zip, opened as a user opens it, is a valid package."""
    with tempfile.TemporaryDirectory(prefix="datapackage-") as folder:
        file = Path(folder) / "package.zip"
        file.write_bytes(package_zip)
        with opened(file) as package:
            valid(package)
