"""The files that make up a package, a copy that says something else of itself, and zips with reproducible bytes."""

import io
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from .canonical import json_text
from .package import DESCRIPTOR, Package, Unusable, opened
from .table import as_list
from .versions import FOLDER

ATTACHED = ("*.zip", "*-changes.csv", "SHA256SUMS")  # what a release puts into dist/


def package_files(package: Package) -> dict[str, bytes]:
    """Path to bytes of the descriptor, every file that it names and the documents that it lists, and nothing else.

    Raises Unusable for a file that is not there or lies outside the package.
    """
    tables = [path for resource in package.descriptor["resources"] for path in as_list(resource.get("path"))]
    documents = package.descriptor.get("documents", [])
    return read_files(package, [DESCRIPTOR, *documents, *tables, *settings(package)])


def settings(package: Package) -> list[str]:
    """The paths of schemas, row rules, and what else the descriptor names beside tables and documents."""
    conventions = [path for path in package.conventions.values() if path not in package.tables]
    resources = package.descriptor["resources"]
    named = [resource[key] for resource in resources for key in ("schema", "rowRules") if key in resource]
    return [path for path in [*conventions, *named] if isinstance(path, str)]


def read_files(package: Package, paths: Iterable[str]) -> dict[str, bytes]:
    """Path to bytes of files of the package. Raises Unusable for one that is not there or lies outside."""
    files = {}
    for path in sorted(set(paths)):
        file = package.locate(path, "the descriptor")
        if file is None:
            finding = package.findings[-1]
            raise Unusable(f"{finding.message}: {finding.value}")
        files[path] = file.read_bytes()
    return files


@contextmanager
def restated(package: Package, **statements: str) -> Iterator[Package]:
    """A copy of the package, aside, whose descriptor says this of itself; the releases at hand come along."""
    with tempfile.TemporaryDirectory(prefix="datapackage-") as folder:
        root = Path(folder)
        files = package_files(package)
        files[DESCRIPTOR] = json_text({**package.descriptor, **statements}).encode("utf-8")
        files |= {f"{FOLDER}/{file.name}": file.read_bytes() for file in (package.root / FOLDER).glob("*.zip")}
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
