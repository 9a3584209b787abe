"""dist/package/: the package as catalogues and archives take it, beside its descriptor what their programs read.

These are csvw-metadata.json (CSV on the Web), croissant.json (Croissant, which is schema.org) and ro-crate-metadata.json
(RO-Crate). All are made from descriptor and schemas; what these do not say, such as an address or a DOI, is left out.
Paths in them start at their own folder, so that they hold wherever the folder goes.
"""

from ..canonical import json_text
from ..content import Content
from ..package import DESCRIPTOR, Package
from . import croissant, csvw, rocrate

FOLDER = "dist/package"


def build(package: Package, contents: dict[str, Content]) -> dict[str, bytes]:
    files = {path: (package.root / path).read_bytes() for path in named(package)}
    files["csvw-metadata.json"] = json_text(csvw.table_group(package)).encode("utf-8")
    files["croissant.json"] = json_text(croissant.dataset(package)).encode("utf-8")
    files["ro-crate-metadata.json"] = json_text(rocrate.crate(package, files)).encode("utf-8")
    return {f"{FOLDER}/{path}": data for path, data in files.items()}


def named(package: Package) -> list[str]:
    """The descriptor and every file that it names."""
    paths = [DESCRIPTOR]
    for table in package.tables.values():
        paths += [table.path, table.schema_path, table.row_rules_path]
    paths += [str(one) for one in package.conventions.values() if one not in package.tables]
    return [path for path in dict.fromkeys(paths) if path]
