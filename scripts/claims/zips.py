"""The files that make up a package, a copy that says something else of itself, and zips with reproducible bytes."""

import io
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .canonical import json_text
from .package import DESCRIPTOR, Package, as_list, opened
from .versions import FOLDER

DOCUMENTS = ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "LICENSE.md", "CITATION.cff", ".zenodo.json")
FOLDERS = ("schemas", "docs")
ATTACHED = ("*.zip", "*-changes.csv", "SHA256SUMS")  # what a release puts into dist/


def package_files(package: Package) -> dict[str, bytes]:
    """Path to bytes: the descriptor, what it names, the schemas, and the documents that are there."""
    named = [DESCRIPTOR, *DOCUMENTS, *package.conventions.values()]
    for resource in package.descriptor["resources"]:
        named += [*as_list(resource.get("path")), resource.get("schema"), resource.get("rowRules")]
    root = package.root
    for folder in FOLDERS:
        named += [file.relative_to(root).as_posix() for file in (root / folder).rglob("[!.]*") if file.is_file()]
    paths = sorted({path for path in named if isinstance(path, str) and (root / path).is_file()})
    return {path: (root / path).read_bytes() for path in paths}


@contextmanager
def restated(package: Package, **statements: str) -> Iterator[Package]:
    """A copy of the package, aside, whose descriptor says this of itself; the releases at hand come along."""
    with tempfile.TemporaryDirectory(prefix="datapackage-") as folder:
        root = Path(folder)
        files = package_files(package)
        files[DESCRIPTOR] = json_text({**package.descriptor, **statements}).encode("utf-8")
        files |= {f"{FOLDER}/{one.name}": one.read_bytes() for one in (package.root / FOLDER).glob("*.zip")}
        for path, data in files.items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_bytes(data)
        with opened(root) as copy:
            yield copy


def zipped(files: dict[str, bytes], day: str) -> bytes:
    """A zip of these files, dated this day (ISO), stored uncompressed: the same files give the same bytes anywhere."""
    year, month, date = map(int, day.split("-"))
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for path in sorted(files):
            entry = zipfile.ZipInfo(path, (year, month, date, 0, 0, 0))
            entry.create_system = 3  # as on Unix, wherever this runs
            entry.external_attr = 0o100644 << 16
            archive.writestr(entry, files[path])
    return buffer.getvalue()
