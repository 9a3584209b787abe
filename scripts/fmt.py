"""Write the package canonically: rows in order, derived cells, codes into schemas, counts and hashes.

    python scripts/fmt.py
    python scripts/fmt.py events statements --check

TABLE limits it to the named tables. A column that a schema has and its table has not is added empty, if it may be
empty. With --check nothing is written; exit code 1 says that something would be. No judged cell is ever changed; what
cannot be read is left alone and named.
"""

import argparse
import sys
from pathlib import Path

from claims import run
from claims.canonical import canonical_files
from claims.checks import metadata
from claims.csvtext import Record
from claims.files import same, write_files
from claims.findings import Finding, or_did_you_mean
from claims.package import Unusable, opened
from claims.tabledata import TableData

ROOT = Path(__file__).parent.parent


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter, allow_abbrev=False
    )
    parser.add_argument("tables", nargs="*", metavar="TABLE")
    parser.add_argument("--package", type=Path, default=ROOT, help="folder of the package (default: this one)")
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 if something would change")
    options = parser.parse_args(arguments)
    try:
        files = canonical(options.package, options.tables)
        root = options.package if options.package.is_dir() else options.package.parent
        if options.check:
            changed = [path for path, data in files.items() if not same(root / path, data)]
        else:
            changed = write_files(root, files)
    except Unusable as error:
        print(f"fmt: {error}", file=sys.stderr)
        return 2
    for path in changed:
        print(f"{'would change' if options.check else 'wrote'} {path}")
    if not changed:
        print("nothing to change")
    return 1 if options.check and changed else 0


def canonical(source: Path, tables: list[str]) -> dict[str, bytes]:
    """Canonical files of the package at a folder. Raises Unusable for what could not be read safely."""
    if source.suffix == ".zip":
        raise Unusable(f"{source}: unpack it first; a zip is not rewritten")
    with opened(source) as package:
        if package.findings:
            raise nothing_written(package.findings[0])
        if not package.conventions:
            raise Unusable(f"{source}: not a package of these conventions (no 'conventions' in its descriptor)")
        for name in tables:
            if name not in package.tables:
                raise Unusable(f"no table '{name}'{or_did_you_mean(name, package.tables)}")
        # an example that a new code makes invalid is corrected by writing the code into the schema
        if findings := [one for one in metadata.check(package) if one.rule != "example"]:
            raise nothing_written(findings[0])
        if package.byte_findings:
            raise nothing_written(package.byte_findings[0])
        package.data = {name: with_new_columns(data) for name, data in package.data.items()}
        if irregular := [name for name, data in package.data.items() if not data.regular]:
            raise Unusable(f"nothing written: header or row length of {', '.join(irregular)}; validate.py tells more")
        return canonical_files(package, set(tables) or None)


def with_new_columns(data: TableData) -> TableData:
    """The table with the columns that its schema has beyond its own, empty, where they may be empty."""
    new = [one for one in data.table.fields if one["name"] not in data.header]
    old = [name for name in data.table.field_names if name in data.header]
    if not new or old != data.header or any(one["constraints"].get("required") for one in new):
        return data
    lines = [
        Record(line.number, [cells.get(name, "") for name in data.table.field_names])
        for line, cells in data.by_column()
    ]
    if len(lines) < len(data.records):  # rows that have not as many cells as the header
        return data
    return TableData(data.table, data.text, data.table.field_names, lines)


def nothing_written(finding: Finding) -> Unusable:
    return Unusable(f"nothing written: {finding.place}: {finding.message}; validate.py tells more")


if __name__ == "__main__":
    run(main)
