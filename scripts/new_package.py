"""Make an empty package for another article: the same tables, codes and rules, and no rows but the article's own.

    python scripts/new_package.py ../my-article --name my-article --title "The claims of my article as data" \\
        --contributor "Ada Example" --article "Title of the article" --authors "Author A.B."

FOLDER must not exist yet. README, CHANGELOG and LICENSE are begun; the licence is that of this package. The scripts
here then work on it with --package FOLDER, or copy them beside it. docs/NEW_ARTICLE.md tells what comes next.
"""

import argparse
import re
import shutil
import sys
from pathlib import Path

from claims import csvtext, run
from claims.canonical import UNUSED, canonical_files, json_text
from claims.checks import metadata
from claims.files import write_files
from claims.package import Package, Unusable, opened
from claims.tabledata import TableData

ROOT = Path(__file__).parent.parent
NEVER_EMPTY = ("segments", "codes")
KEYWORDS = "claims,attribution,factuality"  # true of every package of these tables
README = """# {title}

What the article "{article}" says, as CSV tables with schemas: who says it, how certain they are, and what others say.

<!-- begin counts -->
<!-- end counts -->

<!-- begin status -->
<!-- end status -->

## Cite

<!-- begin cite -->
<!-- end cite -->

## Licence

{licences}. Details in [LICENSE.md](LICENSE.md).
"""
LICENSE = """# Licence

The data, the schemas and the documents of this package are licensed under:

{links}

The article belongs to its owners and is no part of this package.
"""
NOT_SHARED = ("titleRu", "homepage", "id", "coding")  # what the descriptor says of this article alone
CHANGELOG = "# Changelog\n\nWhat changed, version by version, and **in bold** what users must do.\n"
GITATTRIBUTES = "# Checksums are over bytes, so no program may convert line ends.\n* text=auto eol=lf\n*.zip binary\n"


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter, allow_abbrev=False
    )
    parser.add_argument("folder", type=Path, metavar="FOLDER")
    parser.add_argument("--name", required=True, help="name of the new package: lower case, digits, hyphens")
    parser.add_argument("--title", required=True, help="title of the new package in English")
    parser.add_argument("--contributor", required=True, help="who makes the new package, as it is to be cited")
    parser.add_argument("--keywords", default=KEYWORDS, help=f"separated by commas (default: {KEYWORDS})")
    parser.add_argument("--article", required=True, help="title of the article, as printed")
    parser.add_argument("--authors", default="", help="authors of the article, separated by semicolons")
    parser.add_argument("--language", default="ru", help="language of the article (default: ru)")
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
    aside = options.folder.with_name(f".{options.folder.name}.new")
    shutil.rmtree(aside, ignore_errors=True)
    try:
        shutil.copytree(package.root / "schemas", aside / "schemas")
        files = documents(package, options) | {"datapackage.json": json_text(descriptor(package, options))}
        for name, data in package.data.items():
            rows = [data.header]
            if name == package.conventions["codes"]:
                rows += [unused(cells) for _, cells in data.by_column()]
            if name == table_of_sources(package):
                rows.append(article_row(data, options))
            files[data.table.path] = csvtext.write(rows)
        write_files(aside, {path: text.encode("utf-8") for path, text in files.items()})
        with opened(aside) as new:
            for finding in metadata.check(new):
                raise Unusable(f"{finding.place}: {finding.message} {finding.value!r}")
            write_files(aside, canonical_files(new))
        aside.rename(options.folder)
    except OSError as error:
        raise Unusable(f"{options.folder}: {error.strerror}") from error
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def descriptor(package: Package, options: argparse.Namespace) -> dict:
    """This package's descriptor under another name; tables that an article may not need may be empty."""
    given = {key: value for key, value in package.descriptor.items() if key not in NOT_SHARED}
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
        "keywords": [word.strip() for word in options.keywords.split(",")],
        "contributors": [{"title": options.contributor, "roles": ["creator"]}],
        "sources": [
            {"title": ". ".join(filter(None, [options.authors.replace(";", ",").rstrip("."), options.article]))}
        ],
        "resources": resources,
    }


def documents(package: Package, options: argparse.Namespace) -> dict[str, str]:
    """What a repository and a release need beside the data, begun."""
    licences = package.descriptor["licenses"]
    links = "\n".join(f"- [{one['title']}]({one['path']})" for one in licences)
    named = ", ".join(one["name"] for one in licences)
    return {
        "README.md": README.format(title=options.title, article=options.article, licences=named),
        "LICENSE.md": LICENSE.format(links=links),
        "CHANGELOG.md": CHANGELOG,
        ".gitattributes": GITATTRIBUTES,
    }


def table_of_sources(package: Package) -> str:
    """The table in which the segments name the text they come from."""
    segments = package.tables[package.conventions["segments"]]
    return next(target for columns, target, _ in segments.foreign_keys if columns == ["source_id"])


def article_row(sources: TableData, options: argparse.Namespace) -> list[str]:
    """The article as a source, so that segment.py can name it."""
    cells = {
        "source_id": "src-article",
        "source_type": "coded_article",
        "title": options.article,
        "authors": options.authors,
        "language": options.language,
        "availability": "full_text",
    }
    return [cells.get(name, "") for name in sources.header]


def unused(cells: dict[str, str]) -> list[str]:
    """A code as nobody has used it yet."""
    return list({**cells, "example_id": "", "note": UNUSED}.values())


if __name__ == "__main__":
    run(main)
