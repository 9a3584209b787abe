"""Open a data package: a folder, its descriptor, or a zip. Nothing outside of it is ever read.

Whoever wrote the package is not trusted: paths that leave it, links, remote addresses and oversized
zips are refused, and JSON is read strictly (no duplicate keys, no NaN).
"""

import json
import sqlite3
import stat
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from . import database, settings, views
from .findings import Finding, Unusable
from .table import Table, well_formed
from .tabledata import TableData, read_table
from .views import Relation

if TYPE_CHECKING:
    from .engine import Engine

DESCRIPTOR = "datapackage.json"
# the conventions of our packages; one of them is enough to be held to all
CONVENTIONS = frozenset(["codes", "exceptions", "segments", "retired", "rules", "views", "audit", "figures", "site"])
CSV_ENDINGS = (".csv", ".tsv")
ZIP_MAX_FILES = 10_000
ZIP_MAX_BYTES = 1 << 30
JSON_MAX_BYTES = 16 << 20


@dataclass
class Package:
    """An opened package: what it is made of, read once and only when it is asked for.

    `source` is what the user named, `findings` what was wrong while opening it.
    """

    root: Path
    descriptor: dict
    source: Path
    tables: dict[str, Table] = field(default_factory=dict)
    conventions: dict = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    @property
    def name(self) -> str:
        return str(self.descriptor.get("name", "?"))

    @property
    def version(self) -> str:
        return str(self.descriptor.get("version", "?"))

    @property
    def folder(self) -> Path | None:
        """The folder in which the user has the files; None for a zip."""
        return self.root if self.root in (self.source, self.source.parent) else None

    @cached_property
    def readings(self) -> dict[str, tuple[TableData | None, list[Finding]]]:
        """What was read so far, record by record."""
        return {}

    def reading(self, name: str) -> tuple[TableData | None, list[Finding]]:
        """The rows of a table, or None where it cannot be split into cells, and what is wrong with its bytes."""
        if name not in self.readings:
            self.readings[name] = read_table(self.tables[name])
        return self.readings[name]

    def read(self, name: str) -> TableData | None:
        """The rows of a table; None for one that is not there or cannot be split into cells."""
        return self.reading(name)[0] if name in self.tables else None

    @cached_property
    def data(self) -> dict[str, TableData]:
        """The rows of every table that can be split into cells, by its name."""
        return {name: data for name in self.tables if (data := self.read(name))}

    @property
    def byte_findings(self) -> list[Finding]:
        """What is wrong with the bytes of all tables."""
        return [finding for name in self.tables for finding in self.reading(name)[1]]

    @cached_property
    def engine(self) -> "Engine":
        """All tables whose columns are right, in DuckDB, and of each file what its size and checksum are."""
        from .engine import Engine  # takes as long to import as most commands to run

        engine = Engine()
        for name, table in self.tables.items():
            if not engine.load(table):
                data = self.read(name)
                if data and data.header == table.field_names:
                    engine.load_records(table, data)
        engine.lock()
        return engine

    @cached_property
    def _settings(self) -> dict[str, dict]:
        return {}

    def settings(self, use: str) -> dict:
        """What the file holds that the conventions name for a use, such as `views`; nothing where they name none.

        Raises Unusable for a file that cannot be read.
        """
        if use not in self._settings:
            path = self.conventions.get(use)
            file = self.locate(path, f"conventions {use}") if path else None
            if path and file is None:
                raise Unusable(f"{path}: {self.findings.pop().message}")
            self._settings[use] = settings.read(file, str(path)) if file else {}
        return self._settings[use]

    @cached_property
    def views(self) -> list[Relation]:
        """The views of the package in the order of their file, without rows. Raises Unusable if unreadable."""
        own = views.of_entries(self.settings("views"), self.tables, self.conventions.get("views", ""))
        return [views.of_settings(self.descriptor), *own]

    @cached_property
    def database(self) -> sqlite3.Connection:
        """All tables and views, in memory. Raises Unusable for views that do not work, sqlite3.Error for rows."""
        connection = database.load(self.tables, self.data)
        try:
            views.create(connection, self.views, self.conventions.get("views", ""))
        except Unusable:
            connection.close()
            raise
        return connection

    @cached_property
    def relations(self) -> list[Relation]:
        """Every table, then every published view, with rows."""
        found = [*views.of_tables(self.tables), *(one for one in self.views if one.fields)]
        return views.filled(self.database, found, self.conventions.get("views", ""))

    def feeding(self, output: str) -> dict[str, Relation]:
        """The views that feed one output, by name, with rows; their fields have only names."""
        found = [one for one in self.views if one.feeds == output]
        return {one.name: one for one in views.filled(self.database, found, self.conventions.get("views", ""))}

    def close(self) -> None:
        """Close what was opened for it."""
        for name in ("database", "engine"):
            if self.has(name):
                getattr(self, name).close()

    def has(self, name: str) -> bool:
        """Whether something that is made when first asked for is there already."""
        return name in self.__dict__

    def read_json(self, path: str, asked_by: str) -> Any | None:
        """A JSON file of the package, or None and a finding."""
        file = self.locate(path, asked_by)
        if file is None:
            return None
        value, problem = load_json(file)
        if problem:
            line, reason = problem
            self.findings.append(Finding("json-unreadable", path, reason, line=line))
        return value

    def locate(self, path: Any, asked_by: str) -> Path | None:
        """The file at a relative path of the package, or None and a finding that says who asked for it."""
        reason = unsafe(path)
        if not reason:
            file = self.root / path
            if not file.exists():
                self.findings.append(
                    Finding("file-missing", DESCRIPTOR, f"{asked_by} names a file that is not there", value=path)
                )
                return None
            if not file.resolve().is_relative_to(self.root.resolve()):
                reason = "is a link that leads out of the package"
            elif not file.is_file():
                reason = "is not a file"
        if reason:
            self.findings.append(
                Finding("path-unsafe", DESCRIPTOR, f"{asked_by}: the path {reason}", value=str(path)[:200])
            )
            return None
        return file


def ours(descriptor: dict) -> dict:
    """The conventions of a package that is made as ours are; empty for one that merely uses the word."""
    conventions = descriptor.get("conventions")
    return conventions if isinstance(conventions, dict) and CONVENTIONS & set(conventions) else {}


def unsafe(path: Any) -> str:
    """Why a path must not be followed; empty when it may."""
    if not isinstance(path, str) or not path:
        return "is not a text"
    if "://" in path:
        return "is an address: nothing is fetched from a network"
    if "\\" in path or "\0" in path or PurePosixPath(path).is_absolute() or path[1:2] == ":":
        return "is not a relative path with forward slashes"
    if ".." in PurePosixPath(path).parts:
        return "leads out of the package"
    return ""


def load_json(file: Path) -> tuple[Any | None, tuple[int, str] | None]:
    """The value of a JSON file, and (line, reason) when it has none that is safe to use.

    Of an object with a key twice both are given: the last value counts, as in most programs."""

    twice: list[str] = []

    def no_duplicates(pairs: list[tuple[str, Any]]) -> dict:
        found: dict = {}
        for key, value in pairs:
            if key in found:
                twice.append(key)
            found[key] = value
        return found

    def no_constant(name: str):
        raise ValueError(f"{name} is not JSON")

    try:
        if file.stat().st_size > JSON_MAX_BYTES:
            return None, (0, f"larger than {JSON_MAX_BYTES >> 20} MiB")
        text = file.read_bytes().decode("utf-8")
        value = json.loads(text, object_pairs_hook=no_duplicates, parse_constant=no_constant)
        json.dumps(value, ensure_ascii=False).encode("utf-8")
        return value, (0, f"the key '{twice[0][:100]}' stands twice in one object") if twice else None
    except json.JSONDecodeError as error:
        return None, (error.lineno, f"not JSON: {error.msg}")
    except UnicodeDecodeError as error:
        return None, (file.read_bytes()[: error.start].count(b"\n") + 1, "not UTF-8")
    except RecursionError:
        return None, (0, "nested too deeply")
    except OSError as error:
        return None, (0, f"cannot be read: {error.strerror}")
    except ValueError as error:
        return None, (0, str(error))


@contextmanager
def opened(source: str | Path) -> Iterator[Package]:
    """The package at a folder, descriptor or zip; a zip is unpacked aside for as long as it is open.

    Raises Unusable when there is no package to speak of. What is wrong inside it stands in `findings`.
    """
    source = Path(source)
    with ExitStack() as stack:
        if source.is_dir():
            descriptor_file = source / DESCRIPTOR
        elif not source.exists():
            raise Unusable(f"{source}: no such file or folder; give a folder, a datapackage.json or a zip")
        elif source.suffix.lower() == ".json":
            descriptor_file = source
        elif source.suffix.lower() in CSV_ENDINGS:
            raise Unusable(f"{source}: a table, not a package; give the folder that holds its {DESCRIPTOR}")
        else:
            folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="datapackage-"))
            descriptor_file = unpack(source, Path(folder)) / DESCRIPTOR
        package = read_package(descriptor_file, source)
        stack.callback(package.close)
        yield package


@contextmanager
def opened_folder(source: str | Path) -> Iterator[Package]:
    """The package in a folder, for commands that write into it.

    Raises Unusable for anything that is no such folder and no descriptor in one, a zip of whatever name among them.
    """
    source = Path(source)
    if source.exists() and not source.is_dir() and source.name != DESCRIPTOR:
        raise Unusable(f"{source}: not a folder; only a package in a folder is written to, so unpack a zip first")
    with opened(source) as package:
        yield package


def unpack(source: Path, folder: Path) -> Path:
    """Unpack a zip into an empty folder and return where its descriptor is. Raises Unusable for an unsafe one."""
    try:
        with zipfile.ZipFile(source) as archive:
            entries = archive.infolist()
            if len(entries) > ZIP_MAX_FILES:
                raise Unusable(f"{source}: more than {ZIP_MAX_FILES} files in the zip")
            left = ZIP_MAX_BYTES
            for entry in entries:
                if reason := unsafe(entry.filename):
                    raise Unusable(f"{source}: entry '{entry.filename}': the path {reason}")
                if stat.S_ISLNK(entry.external_attr >> 16):
                    raise Unusable(f"{source}: entry '{entry.filename}' is a link")
                if entry.is_dir():
                    continue
                target = folder / entry.filename
                target.parent.mkdir(parents=True, exist_ok=True)
                with archive.open(entry) as packed, target.open("xb") as plain:
                    while block := packed.read(min(1 << 20, left + 1)):
                        left -= len(block)
                        if left < 0:
                            raise Unusable(f"{source}: unpacks to more than {ZIP_MAX_BYTES >> 20} MiB")
                        plain.write(block)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, zlib.error) as error:
        raise Unusable(f"{source}: not a readable zip ({error})") from error
    except FileExistsError as error:
        raise Unusable(f"{source}: the zip holds one name twice") from error
    except OSError as error:
        raise Unusable(f"{source}: cannot be unpacked ({error.strerror or error})") from error
    if not (folder / DESCRIPTOR).exists():
        inside = list(folder.iterdir())
        if len(inside) == 1 and (inside[0] / DESCRIPTOR).is_file():
            return inside[0]
        raise Unusable(f"{source}: no {DESCRIPTOR} in the zip")
    return folder


def read_package(descriptor_file: Path, source: Path) -> Package:
    """Read a descriptor and the schemas it names. Raises Unusable when there is no descriptor."""
    if not descriptor_file.is_file():
        raise Unusable(f"{descriptor_file.parent}: no {DESCRIPTOR} here")
    descriptor, problem = load_json(descriptor_file)
    package = Package(root=descriptor_file.parent, descriptor={}, source=source)
    if problem:
        package.findings.append(Finding("json-unreadable", descriptor_file.name, problem[1], line=problem[0]))
        if not isinstance(descriptor, dict) or ours(descriptor):
            return package
        package.findings = [replace(package.findings[0], rule="key-twice")]  # legal, and read in two ways
    if not isinstance(descriptor, dict) or not isinstance(descriptor.get("resources"), list):
        package.findings.append(
            Finding(
                "descriptor-shape",
                descriptor_file.name,
                "the descriptor is no object with a list of 'resources'",
            )
        )
        return package
    package.descriptor = descriptor
    package.conventions = ours(descriptor)
    if not package.conventions:
        return package  # somebody else's: strangers.py opens what it holds
    for index, resource in enumerate(descriptor["resources"]):
        read_resource(package, index, resource)
    return package


def read_resource(package: Package, index: int, resource: Any) -> None:
    """Add a table to one of our packages, or a finding; what is no plain CSV file is the profile's finding."""
    asked_by = f"resources[{index}]"
    if not isinstance(resource, dict) or not isinstance(resource.get("name"), str):
        package.findings.append(Finding("descriptor-shape", DESCRIPTOR, f"{asked_by} has no name"))
        return
    name = resource["name"]
    asked_by += f" '{name}'"
    if name in package.tables:
        package.findings.append(Finding("descriptor-shape", DESCRIPTOR, f"{asked_by} stands twice", value=name))
        return
    for key in ("profile", "dialect", "schema"):
        if isinstance(resource.get(key), str) and unsafe(resource[key]):
            package.locate(resource[key], f"{asked_by} {key}")
            return
    path = resource.get("path")
    if not isinstance(path, str) or not path.endswith(".csv"):
        return
    file = package.locate(path, asked_by)
    if file is None:
        return
    schema_path = resource.get("schema", {})
    schema = package.read_json(schema_path, f"{asked_by} schema") if isinstance(schema_path, str) else schema_path
    if schema is None:
        return
    if not well_formed(schema):
        where = schema_path if isinstance(schema_path, str) else DESCRIPTOR
        package.findings.append(
            Finding(
                "descriptor-shape",
                where,
                f"the schema of '{name}' is no object with fields and keys that are named",
            )
        )
        return
    table = Table(name, path, file, resource, schema)
    table.schema_path = schema_path if isinstance(schema_path, str) else ""
    if (rules_path := resource.get("rowRules")) is not None:
        table.row_rules = package.read_json(rules_path, f"{asked_by} rowRules") or {}
        table.row_rules_path = rules_path
    package.tables[name] = table
