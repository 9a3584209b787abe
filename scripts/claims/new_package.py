"""Make an empty package for another article: the same tables, codes and rules, and no rows but the article's own.

README, CHANGELOG and LICENSE are begun; the licence is that of the package it is made after.
"""

import re
import shutil
from dataclasses import dataclass
from pathlib import Path

from . import csvtext
from .canonical import UNUSED, canonical_files, json_text
from .checks import metadata
from .files import write_files
from .findings import Unusable
from .package import Package, opened
from .tabledata import TableData
from .zips import read_files, settings

NEVER_EMPTY = ("segments", "codes")
DOCUMENTS = ("README.md", "CHANGELOG.md", "LICENSE.md")
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
NOT_SHARED = ("titleRu", "homepage", "id", "coding", "codingRu")  # what the descriptor says of this article alone
CHANGELOG = "# Changelog\n\nWhat changed, version by version, and **in bold** what users must do.\n"
GITATTRIBUTES = "# Checksums are over bytes, so no program may convert line ends.\n* text=auto eol=lf\n*.zip binary\n"


@dataclass(frozen=True)
class NewPackage:
    """What is said of a package that does not exist yet, and of its article; `authors` are separated by semicolons."""

    name: str
    title: str
    contributor: str
    keywords: list[str]
    article: str
    authors: str
    language: str


def make(package: Package, folder: Path, new: NewPackage) -> None:
    """Write a new package after this one into a folder that is not there yet: aside first, then moved into place.

    Raises Unusable for a folder that is there and for what no descriptor may say.
    """
    if folder.exists():
        raise Unusable(f"{folder} is already there; name a new folder")
    if not re.fullmatch(r"[a-z][a-z0-9]*(?:[-_][a-z0-9]+)*", new.name):
        raise Unusable(f"'{new.name}' is no package name: lower case, digits, single hyphens")
    aside = folder.with_name(f".{folder.name}.new")
    shutil.rmtree(aside, ignore_errors=True)
    try:
        write_files(aside, read_files(package, settings(package)))
        files = documents(package, new) | {"datapackage.json": json_text(descriptor(package, new))}
        for name, data in package.data.items():
            rows = [data.header]
            if name == package.conventions["codes"]:
                rows += [unused(cells) for _, cells in data.by_column()]
            if name == table_of_sources(package):
                rows.append(article_row(data, new))
            files[data.table.path] = csvtext.write(rows)
        write_files(aside, {path: text.encode("utf-8") for path, text in files.items()})
        with opened(aside) as begun:
            for finding in metadata.check(begun):
                raise Unusable(f"{finding.place}: {finding.message} {finding.value!r}")
            write_files(aside, canonical_files(begun))
        aside.rename(folder)
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def descriptor(package: Package, new: NewPackage) -> dict:
    """This package's descriptor under another name; tables that an article may not need may be empty."""
    shared = {key: value for key, value in package.descriptor.items() if key not in NOT_SHARED}
    never = {package.conventions[key] for key in NEVER_EMPTY}
    resources = [
        resource if resource["name"] in never else {**resource, "mayBeEmpty": True} for resource in shared["resources"]
    ]
    return {
        **shared,
        "name": new.name,
        "title": new.title,
        "description": f"{new.title}.",
        "version": "0.1.0",
        "keywords": new.keywords,
        "contributors": [{"title": new.contributor, "roles": ["creator"]}],
        "sources": [{"title": ". ".join(filter(None, [new.authors.replace(";", ",").rstrip("."), new.article]))}],
        "documents": list(DOCUMENTS),
        "resources": resources,
    }


def documents(package: Package, new: NewPackage) -> dict[str, str]:
    """What a repository and a release need beside the data, begun."""
    licences = package.descriptor["licenses"]
    links = "\n".join(f"- [{licence['title']}]({licence['path']})" for licence in licences)
    named = ", ".join(licence["name"] for licence in licences)
    return {
        "README.md": README.format(title=new.title, article=new.article, licences=named),
        "LICENSE.md": LICENSE.format(links=links),
        "CHANGELOG.md": CHANGELOG,
        ".gitattributes": GITATTRIBUTES,
    }


def table_of_sources(package: Package) -> str:
    """The table in which the segments name the text they come from."""
    segments = package.tables[package.conventions["segments"]]
    return next(target for columns, target, _ in segments.foreign_keys if columns == ["source_id"])


def article_row(sources: TableData, new: NewPackage) -> list[str]:
    """The article as a source, so that the segments can name it."""
    cells = {
        "source_id": "src-article",
        "source_type": "coded_article",
        "title": new.article,
        "authors": new.authors,
        "language": new.language,
        "availability": "full_text",
    }
    return [cells.get(name, "") for name in sources.header]


def unused(cells: dict[str, str]) -> list[str]:
    """A code as nobody has used it yet."""
    return list({**cells, "example_id": "", "note": UNUSED}.values())
