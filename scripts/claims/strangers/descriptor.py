"""What of a stranger's descriptor frictionless may be given.

Nothing outside the package is opened and no key is passed on that makes a library do more than read the named files.
What is held back is named: as a finding where it is wrong, as not checked where it may be right.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from frictionless import Field, FrictionlessException

from ..findings import Finding, Unchecked
from ..package import DESCRIPTOR, Package, unsafe
from ..table import as_list
from .lines import TooLarge, measure, text_encoding
from .standard import BOUNDS

PASSED_ON = {
    *("name", "type", "title", "description", "data", "encoding", "mediatype"),
    *("hash", "bytes", "rows", "fields", "stats", "compression", "innerpath"),
}
CSV = {"delimiter": ",", "quoteChar": '"', "doubleQuote": True, "skipInitialSpace": False}
OFFICIAL = re.compile(
    r"https://datapackage\.org/profiles/[12]\.0/\w+\.json"
    r"|https://(specs\.)?frictionlessdata\.io/schemas/[\w-]+\.json"
    r"|(tabular-)?data-(package|resource)"
)
MEDIATYPES = {"text/csv": "csv", "text/tab-separated-values": "tsv"}
READ = {"csv", "tsv", "json", "jsonl", "ndjson"}
PACKED = {"gz", "zip"}
UNHASHABLE = {"array", "object", "list", "geojson"}
GLOBAL_FLAGS = re.compile(r"\(\?([aiLmsux]+)\)")


@dataclass
class Resource:
    """A resource as it may be opened: the descriptor for frictionless and what it leaves out.

    `keys` are unique keys and `primary` the primary key as far as our own check has to look at them.
    """

    name: str
    descriptor: dict
    files: list[Path] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    table: bool = False
    format: str = ""
    schema: dict = field(default_factory=dict)
    keys: list[list[str]] = field(default_factory=list)
    primary: list[str] = field(default_factory=list)
    key_held_back: bool = False
    hash: str = ""

    @property
    def path(self) -> str:
        return self.paths[0] if self.paths else DESCRIPTOR


class Refused(Exception):
    """This resource is not opened: because something is wrong (a finding) or is only not checked."""

    def __init__(self, what: Finding | Unchecked):
        self.what = what


def resources(package: Package) -> Iterator[Resource | Finding | Unchecked]:
    """Every resource that may be opened, and what has to be said of the others."""
    names = set()
    for index, entry in enumerate(package.descriptor["resources"]):
        name = entry.get("name") if isinstance(entry, dict) else None
        if not isinstance(name, str) or not name:
            yield Finding(rule="descriptor-shape", file=DESCRIPTOR, message=f"resources[{index}] has no name")
            continue
        if name in names:
            message = f"resources[{index}]: the names of resources must be unique"
            yield Finding(rule="descriptor-shape", file=DESCRIPTOR, message=message, value=name)
            continue
        names.add(name)
        try:
            yield from prepared(package, name, entry)
        except Refused as refused:
            yield refused.what


def prepared(package: Package, name: str, entry: dict) -> Iterator[Resource | Finding | Unchecked]:
    """One resource, ready to be opened. Raises Refused."""
    profile = entry.get("profile")
    if profile and not (isinstance(profile, str) and OFFICIAL.fullmatch(profile)):
        yield Unchecked(name, f"profile {str(profile)[:100]}: what it demands is not checked")
    for key in ("checklist", "pipeline"):
        if key in entry:
            yield Unchecked(name, f"{key}: not followed")
    schema = document(package, name, entry, "schema")
    is_table = schema is not None or entry.get("type") == "table" or profile == "tabular-data-resource"
    files, paths = located(package, name, entry, is_table)
    kind, packed = form_of(entry, paths)
    resource = Resource(name, {key: entry[key] for key in PASSED_ON & set(entry)}, files, paths, is_table, kind)
    if reason := text_encoding(entry["encoding"]) if "encoding" in entry else "":
        raise Refused(Finding(rule="encoding", file=resource.path, message=f"'{name}': {reason}"))
    if "data" not in entry:
        if not paths:
            raise Refused(wrong(name, "neither 'path' nor 'data'"))
        resource.descriptor |= {"path": paths[0], "scheme": "file"}
        if len(paths) > 1:
            resource.descriptor |= {"extrapaths": paths[1:], "scheme": "multipart"}
        if packed and packed not in PACKED:
            raise Refused(Unchecked(name, f"compression '{packed}' is not read", is_table))
        try:
            for file in files if packed else []:
                measure(file, packed, entry.get("innerpath", ""))
        except TooLarge as error:
            raise Refused(Unchecked(name, str(error), is_table)) from error
        except Exception as error:
            message = f"'{name}' cannot be unpacked as {packed}: {error}"
            raise Refused(Finding(rule="file-unreadable", file=resource.path, message=message)) from error
        if packed:
            resource.descriptor["compression"] = packed
    if is_table and "data" not in entry:
        if kind not in READ:
            raise Refused(Unchecked(name, f"tables of format '{kind}' are not read", True))
        resource.descriptor |= {"type": "table", "format": kind, "encoding": entry.get("encoding", "utf-8")}
    elif kind in ("csv", "tsv") and "data" not in entry:
        resource.table = True
        resource.descriptor |= {"type": "table", "format": kind, "encoding": entry.get("encoding", "utf-8")}
    elif "data" in entry and (is_table or isinstance(entry["data"], list)):
        resource.table = True
        resource.descriptor["type"] = "table"
    algorithm = str(entry.get("hash", "")).rpartition(":")[0]
    if algorithm not in ("", "md5", "sha256"):
        resource.hash = resource.descriptor.pop("hash")
    if resource.table:
        resource.descriptor["dialect"] = dialect(package, name, entry, kind)
        if schema is not None:
            yield from read_schema(resource, schema)
        elif kind in ("csv", "tsv") or "data" in entry:
            yield Unchecked(name, "no schema: types and keys are not checked")
    else:
        checked = " and ".join(key for key in ("bytes", "hash") if key in entry)
        told = f"only its {checked} checked" if checked else "nothing of it is checked"
        yield Unchecked(name, f"no table; {told}")
    yield resource


def wrong(name: str, message: str, **place: Any) -> Finding:
    return Finding(rule="descriptor", file=DESCRIPTOR, message=f"'{name}': {message}", **place)


def document(package: Package, name: str, entry: dict, key: str) -> dict | None:
    """An object of the descriptor that may stand in a file of its own; None where there is none. Raises Refused."""
    value = entry.get(key)
    if isinstance(value, str) and "://" in value:
        raise Refused(Unchecked(name, f"{key} {value[:100]}: nothing is fetched from a network", True))
    if isinstance(value, str):
        before = len(package.findings)
        value = package.read_json(value, f"resource '{name}' {key}")
        findings, package.findings[before:] = package.findings[before:], []
        if value is None:
            raise Refused(findings[0])
        package.findings += [replace(finding, rule="key-twice") for finding in findings]
    if value is not None and not isinstance(value, dict):
        raise Refused(wrong(name, f"{key} is no object"))
    return value


def located(package: Package, name: str, entry: dict, is_table: bool) -> tuple[list[Path], list[str]]:
    """The files of a resource and their paths. Raises Refused for any that is missing, remote or not to be opened."""
    if "data" in entry:
        return [], []
    paths = as_list(entry.get("path")) + as_list(entry.get("extrapaths"))
    for path in paths:
        if isinstance(path, str) and "://" in path:
            raise Refused(Unchecked(name, f"{path[:100]}: nothing is fetched from a network", is_table or True))
        if isinstance(path, str) and any(character in path for character in "*?[\0") and not unsafe(path):
            raise Refused(Unchecked(name, f"{path[:100]!r}: a pattern of names is not followed", True))
    before = len(package.findings)
    files = [file for path in paths if (file := package.locate(path, f"resource '{name}'"))]
    if len(files) < len(paths):
        finding = package.findings[before]
        del package.findings[before:]
        raise Refused(finding)
    return files, paths


def form_of(entry: dict, paths: list[str]) -> tuple[str, str]:
    """(format, compression) in lower case, as the descriptor says or the ending of the file."""
    ending = paths[0].lower().rsplit("/", 1)[-1].split(".")[1:] if paths else []
    packed = str(entry.get("compression") or "").lower()
    if not packed and ending and ending[-1] in PACKED:
        packed = ending[-1]
    if packed and ending and ending[-1] == packed:
        ending.pop()
    stated = entry.get("format") or MEDIATYPES.get(str(entry.get("mediatype", "")).split(";")[0].strip().lower())
    return str(stated or (ending[-1] if ending else "")).lower(), packed


def dialect(package: Package, name: str, entry: dict, kind: str) -> dict:
    """The dialect with what the standard says of what it leaves out, so that nothing is guessed. Raises Refused."""
    stated = document(package, name, entry, "dialect") or {}
    stated = {key: value for key, value in stated.items() if key not in ("$schema", "profile")}
    if kind in ("csv", "tsv") and "data" not in entry:
        nested: dict = stated["csv"] if isinstance(stated.get("csv"), dict) else {}
        defaults = CSV | ({"delimiter": "\t"} if kind == "tsv" else {})
        stated |= {key: nested.get(key, stated.get(key, value)) for key, value in defaults.items()}
        stated.pop("csv", None)
        stated |= {key: value for key, value in nested.items() if key not in defaults}
    return stated


def read_schema(resource: Resource, schema: dict) -> Iterator[Finding | Unchecked]:
    """Put into the resource what frictionless can check of a schema and what our own check of keys does."""
    resource.schema = schema
    columns = schema.get("fields", [])
    if not isinstance(columns, list) or not all(
        isinstance(column, dict) and isinstance(column.get("name"), str) for column in columns
    ):
        raise Refused(wrong(resource.name, "the fields of its schema are no list of objects that have names"))
    plain = {**schema, "fields": []}
    types = {column["name"]: column.get("type") for column in columns}
    for column in columns:
        yield from read_field(resource, column, plain["fields"])
    unique = plain.pop("uniqueKeys", [])
    if not isinstance(unique, list) or not all(
        isinstance(key, list) and key and all(isinstance(part, str) for part in key) for key in unique
    ):
        yield wrong(resource.name, "uniqueKeys must be a list of lists of columns", column="uniqueKeys")
        unique = []
    for part in sorted({part for key in unique for part in key} - set(types)):
        yield wrong(resource.name, "uniqueKeys names a column that is not there", column="uniqueKeys", value=part)
    resource.keys += [key for key in unique if set(key) <= set(types)]
    primary = as_list(schema.get("primaryKey"))
    resource.key_held_back = any(types.get(part) in UNHASHABLE for part in primary if isinstance(part, str))
    if resource.key_held_back:
        del plain["primaryKey"]
        resource.keys.append(primary)
    resource.primary = primary if len(primary) > 1 or resource.key_held_back else []
    keys = plain.get("foreignKeys")
    if isinstance(keys, list) and any(
        types.get(part) in UNHASHABLE
        for key in keys
        if isinstance(key, dict)
        for part in as_list(key.get("fields"))
        if isinstance(part, str)
    ):
        plain["foreignKeys"] = []
        yield Unchecked(resource.name, "foreign keys over arrays or objects are not checked")
    resource.descriptor["schema"] = plain


def read_field(resource: Resource, column: dict, plain: list[dict]) -> Iterator[Finding]:
    """Add a field as frictionless shall have it: whole-cell patterns, categories as values, bounds that are values."""
    copy = dict(column)
    plain.append(copy)
    constraints = column.get("constraints")
    if constraints is not None and not isinstance(constraints, dict):
        return  # frictionless says so
    constraints = dict(constraints or {})
    place = {"column": column["name"]}
    if isinstance(pattern := constraints.get("pattern"), str):
        try:
            re.compile(pattern)
            constraints["pattern"] = whole(pattern)
        except (re.error, RecursionError, OverflowError) as error:
            del constraints["pattern"]
            yield wrong(resource.name, f"pattern is not a regular expression: {error}", value=pattern[:200], **place)
    if "categories" in column and "enum" not in constraints and isinstance(column["categories"], list):
        values = [entry.get("value") if isinstance(entry, dict) else entry for entry in column["categories"]]
        if None not in values:
            constraints["enum"] = values
    for bound in [bound for bound in BOUNDS if bound in constraints]:
        if not castable(column, constraints[bound]):
            message = f"{bound} is not a value of type {column.get('type', 'any')}"
            yield wrong(resource.name, message, value=str(constraints.pop(bound))[:200], **place)
    if constraints.get("unique") is True and column.get("type") in UNHASHABLE:
        del constraints["unique"]
        resource.keys.append([column["name"]])
    copy["constraints"] = constraints
    if not constraints:
        del copy["constraints"]


def whole(pattern: str) -> str:
    """A pattern that matches whole cells only, although frictionless matches it line by line."""
    flags = GLOBAL_FLAGS.match(pattern)
    if flags:
        pattern = (
            f"(?{flags[1]}:{pattern[flags.end() :]}\n)"
            if "x" in flags[1]
            else f"(?{flags[1]}:{pattern[flags.end() :]})"
        )
    return f"(?:{pattern})\\Z"


def castable(column: dict, value: Any) -> bool:
    """Whether a bound can be read as its field reads a cell; a field that is wrong itself is left to frictionless."""
    plain = {
        key: part for key, part in column.items() if key not in ("constraints", "example", "examples", "categories")
    }
    try:
        return Field.from_descriptor(plain).create_value_reader()(value) is not None
    except (FrictionlessException, TypeError, AttributeError, ValueError):
        return True
