"""Make an empty package for another article: the same tables, codes and rules, and no rows.

    python scripts/new_package.py ../my-article --name my-article --title "The claims of my article as data"

FOLDER must not exist yet. docs/NEW_ARTICLE.md tells what comes next. The scripts of this repository then work on it
with --package FOLDER, or copy them beside it.
"""

import argparse
import re
import shutil
import sys
from pathlib import Path

from packagelib import csvtext, run
from packagelib.canonical import canonical_files, json_text
from packagelib.content import read
from packagelib.package import Package, Unusable, opened
from packagelib.writing import write_files

ROOT = Path(__file__).parent.parent
NEVER_EMPTY = ("segments", "codes")


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter, allow_abbrev=False
    )
    parser.add_argument("folder", type=Path, metavar="FOLDER")
    parser.add_argument("--name", required=True, help="name of the new package: lower case, digits, hyphens")
    parser.add_argument("--title", required=True, help="title of the new package in English")
    parser.add_argument("--source", default="The article that was coded", help="how to cite the article")
    options = parser.parse_args(arguments)
    try:
        if options.folder.exists():
            raise Unusable(f"{options.folder} is already there; name a new folder")
        if not re.fullmatch(r"[a-z][a-z0-9]*(?:[-_][a-z0-9]+)*", options.name):
            raise Unusable(f"'{options.name}' is no package name: lower case, digits, single hyphens")
        with opened(ROOT) as package:
            make(package, options)
    except Unusable as error:
        print(f"new_package: {error}", file=sys.stderr)
        return 2
    print(f"made {options.folder}; docs/NEW_ARTICLE.md tells what comes next")
    return 0


def make(package: Package, options: argparse.Namespace) -> None:
    """Write the new package aside, put it in canonical form, then move it into place."""
    contents, _ = read(package)
    aside = options.folder.with_name(f".{options.folder.name}.new")
    shutil.rmtree(aside, ignore_errors=True)
    try:
        shutil.copytree(package.root / "schemas", aside / "schemas")
        files = {"datapackage.json": json_text(descriptor(package, options)).encode("utf-8")}
        for name, content in contents.items():
            rows = [content.header]
            if name == package.conventions["codes"]:
                rows += [unused(cells) for _, cells in content.records()]
            files[content.table.path] = csvtext.write(rows).encode("utf-8")
        write_files(aside, files)
        with opened(aside) as new:
            write_files(aside, canonical_files(new, read(new)[0]))
        aside.rename(options.folder)
    except OSError as error:
        raise Unusable(f"{options.folder}: {error.strerror}") from error
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def descriptor(package: Package, options: argparse.Namespace) -> dict:
    """This package's descriptor under another name; tables that an article may not need may be empty."""
    given = {key: value for key, value in package.descriptor.items() if key not in ("titleRu", "homepage", "id")}
    never = {package.conventions[key] for key in NEVER_EMPTY}
    resources = [
        resource if resource["name"] in never else {**resource, "mayBeEmpty": True} for resource in given["resources"]
    ]
    return {
        **given,
        "name": options.name,
        "title": options.title,
        "description": f"{options.title}.",
        "version": "0.1.0",
        "sources": [{"title": options.source}],
        "resources": resources,
    }


def unused(cells: dict[str, str]) -> list[str]:
    """A code as nobody has used it yet."""
    return list({**cells, "example_id": "", "note": "Not used yet."}.values())


if __name__ == "__main__":
    run(main)
