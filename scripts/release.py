"""Release a version: refuse unless everything agrees, then write the zips, checksums, list of changes and metadata.

    python scripts/release.py 1.4.0 --dry-run
    python scripts/release.py 1.4.0

CHANGELOG.md must begin with a section `## 1.4.0 — YYYY-MM-DD`; the descriptor takes version and day from there. Nothing
is written unless everything can be; --dry-run says what would be. Exit code: 0 released, 1 refused, 2 could not run.
"""

import argparse
import hashlib
import re
import signal
import sys
import tempfile
from pathlib import Path

from build import derived
from claims import run
from claims.changelog import Entry, entry_of
from claims.changes import Difference, difference
from claims.files import same, write_files
from claims.outputs import COMMITTED, archive
from claims.package import DESCRIPTOR, Package, Unusable, opened
from claims.progress import progress
from claims.report import as_text
from claims.validation import validate
from claims.versions import FOLDER, last_release, parts, release_path
from claims.zips import package_files, restated, zipped
from diff import as_csv

ROOT = Path(__file__).parent.parent
DIST = "dist/"  # never committed: what is derived and published beside the package


class Refused(Exception):
    """Something does not agree, so there is no release."""


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter, allow_abbrev=False
    )
    parser.add_argument("version", metavar="VERSION")
    parser.add_argument("--package", type=Path, default=ROOT, help="folder of the package (default: this one)")
    parser.add_argument("--dry-run", action="store_true", help="do everything but write")
    options = parser.parse_args(arguments)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that writing is undone
    try:
        parts(options.version)
        if not options.package.is_dir():
            raise Unusable(f"{options.package}: not a folder; a release is made from the folder of a package")
        with opened(options.package) as package:
            files = release(package, options.version)
            if not options.dry_run:
                write_files(package.root, files)
    except Refused as refusal:
        print(f"release: refused: {refusal}", file=sys.stderr)
        return 1
    except (Unusable, OSError) as error:
        print(f"release: {error}", file=sys.stderr)
        return 2
    for path, data in files.items():
        print(f"{'would write' if options.dry_run else 'wrote'} {path}  {len(data):,} bytes")
    return 0


def release(package: Package, version: str) -> dict[str, bytes]:
    """Every file of the release, the package's zip last: once it is there, the version is released.

    Raises Refused with the first thing that does not agree.
    """
    try:
        entry = entry_of(package, version)
    except Unusable as error:
        raise Refused(error) from error
    in_order(package, version, entry)
    with restated(package, version=version, created=f"{entry.day}T00:00:00Z") as stated:
        valid(stated)
        clean(package)
        found = since_last_release(stated)
        told(entry, found)
        outputs = derived(stated, tell=progress("release"))
        write_files(stated.root, outputs)
        inside = package_files(stated)
        package_zip = zipped({**for_archives(outputs), **inside}, entry.day)
        valid_by_itself(package_zip)
    stem = f"{DIST}{package.name}-{version}"
    files = {path: data for path, data in inside.items() if not same(package.root / path, data)}
    files |= in_dist(outputs)
    attached = {release_path(package.name, version): package_zip}
    attached[f"{stem}-outputs.zip"] = zipped(
        {path.removeprefix(DIST): data for path, data in in_dist(outputs).items()}, entry.day
    )
    if found:
        attached[f"{stem}-changes.csv"] = as_csv(found).encode("utf-8")
    released = {one.name: one.read_bytes() for one in sorted((package.root / FOLDER).glob("*.zip"))}
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
    data = package.data.get(package.conventions.get("segments", ""))
    for line, cells in data.by_column() if data else ():
        if cells.get("coding_status") == "to_do":
            raise Refused(f"{data.table.path}:{line.number}: {data.row_id(line)} is still to_do")


def valid(package: Package) -> None:
    result = validate(package)
    if not result.valid:
        raise Refused(f"the package is not valid\n\n{as_text(result)}")


def clean(package: Package) -> None:
    """What is derived from the package is up to date."""
    files = derived(package, COMMITTED)
    if stale := [
        path for path, data in files.items() if not path.startswith(DIST) and not same(package.root / path, data)
    ]:
        raise Refused(f"{', '.join(sorted(stale))} not up to date: run build.py and look at what changed")


def for_archives(outputs: dict[str, bytes]) -> dict[str, bytes]:
    """The package as dist/ has it, with the metadata that archives look for at the top of a zip."""
    top = f"{archive.FOLDER}/"
    return {path.removeprefix(top): data for path, data in outputs.items() if path.startswith(top)}


def in_dist(files: dict[str, bytes]) -> dict[str, bytes]:
    return {path: data for path, data in files.items() if path.startswith(DIST)}


def since_last_release(package: Package) -> Difference | None:
    """What changed; None for a first release. A release of what was released already is refused."""
    last = last_release(package.root, package.name)
    if last is None:
        return None
    with opened(last) as old:
        found = difference(old, package)
    if not found.changes:
        raise Refused(f"nothing changed since release {found.old_version}")
    return found


def told(entry: Entry, found: Difference | None) -> None:
    """The section of CHANGELOG.md names whatever a user may no longer find as it was."""
    losses = [one for one in found.changes if one.bump == "major" or one.action == "row retired"] if found else []
    names = {one.row_id or one.field or one.table: one for one in losses}
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


if __name__ == "__main__":
    run(main)
