"""dist/package/: the package as archives take it, beside its descriptor csvw-metadata.json, ro-crate-metadata.json.

Both are made from descriptor and schemas; what these do not say, such as an address or a DOI, is left out. Paths in
them start at their own folder, so that they hold wherever the folder goes.
"""

from ...canonical import json_text
from ...package import DESCRIPTOR, Package
from . import csvw, rocrate

FOLDER = "dist/package"
LICENCE = "LICENSE.md"


def build(package: Package) -> dict[str, bytes]:
    described = named(package)
    files = {path: (package.root / path).read_bytes() for path in described}
    described[csvw.NAME] = "The tables in the words of CSV on the Web."
    files[csvw.NAME] = json_text(csvw.table_group(package)).encode("utf-8")
    files[rocrate.NAME] = json_text(rocrate.crate(package, described, files)).encode("utf-8")
    return {f"{FOLDER}/{path}": data for path, data in files.items()}


def named(package: Package) -> dict[str, str]:
    """The descriptor, every file that it names, and the licence, each with what it is."""
    described = {DESCRIPTOR: "Descriptor of the Data Package: what is in it."}
    for table in package.tables.values():
        described[table.path] = table.resource["description"]
        described[table.schema_path] = f"Table Schema of {table.name}."
        if table.row_rules_path:
            described[table.row_rules_path] = f"JSON Schema of a row of {table.name}: which cells go together."
    for use, path in package.conventions.items():
        if path not in package.tables:
            described[path] = f"What the scripts take as {use}."
    if (package.root / LICENCE).is_file():
        described[LICENCE] = "The licences of data, texts and code."
    return described
