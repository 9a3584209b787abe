"""dist/package/: the package as catalogues and archives take it, beside its descriptor what their programs read.

These are csvw-metadata.json (CSV on the Web), croissant.json (Croissant, that is schema.org), ro-crate-metadata.json
(RO-Crate). All are made from descriptor and schemas; what these do not say, such as an address or a DOI, is left
out. Paths in them start at their own folder, so that they hold wherever the folder goes.
"""

from ..canonical import json_text
from ..content import Content
from ..package import DESCRIPTOR, Package
from . import croissant, csvw, rocrate

FOLDER = "dist/package"


def build(package: Package, contents: dict[str, Content]) -> dict[str, bytes]:
    described = named(package)
    files = {path: (package.root / path).read_bytes() for path in described}
    for path, what, value in (
        ("csvw-metadata.json", "The tables in the words of CSV on the Web.", csvw.table_group(package)),
        ("croissant.json", "The package and its tables in the words of Croissant.", croissant.dataset(package)),
    ):
        described[path], files[path] = what, json_text(value).encode("utf-8")
    files[rocrate.NAME] = json_text(rocrate.crate(package, described, files)).encode("utf-8")
    return {f"{FOLDER}/{path}": data for path, data in files.items()}


def named(package: Package) -> dict[str, str]:
    """The descriptor and every file that it names, each with what it is."""
    described = {DESCRIPTOR: "Descriptor of the Data Package: what is in it."}
    for table in package.tables.values():
        described[table.path] = table.resource["description"]
        described[table.schema_path] = f"Table Schema of {table.name}."
        if table.row_rules_path:
            described[table.row_rules_path] = f"JSON Schema of a row of {table.name}: which cells go together."
    for use, path in package.conventions.items():
        if path not in package.tables:
            described[path] = f"What the scripts take as {use}."
    return described
