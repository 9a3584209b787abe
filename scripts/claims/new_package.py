"""Make an empty package for another article: the same tables, codes and rules, and no rows but the article's own.

README, CHANGELOG and LICENSE are begun; the licence is that of the package it is made after.
"""

import json
import re
import shutil
from dataclasses import dataclass, field
from pathlib import Path

from . import csvtext
from .articletext import NEWEST
from .canonical import UNUSED, canonical_files, json_text
from .checks import metadata
from .files import write_files
from .findings import Unusable
from .package import Package, opened
from .tabledata import TableData
from .zips import read_files, settings

NEVER_EMPTY = ("segments", "codes")
DOCUMENTS = ("README.md", "CHANGELOG.md", "LICENSE.md", "docs/METHOD.md")
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
# what the descriptor says of this article alone
NOT_SHARED = ("titleRu", "homepage", "id", "coding", "codingRu", "sides", "curation", "normalization")
ENGLISH = "en"
SIDE = re.compile(r"(?P<title>[^=]*[^=\s])\s*=\s*(?P<countries>[A-Z]{3}(?:,[A-Z]{3})*)")
METHOD = """# Method

How the article was coded: the rules are those of the package whose schemas this one took over. What was decided
otherwise here stands below, each with an example.
"""
GITIGNORE = "dist/\n.venv/\n# the article and its sentences belong to their owners\narticle.txt\nsentences.csv\n"
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
    sides: list[str] = field(default_factory=list)  # `Kenya=KEN`, or `Russia=RUS,SUN`
    coded_by: str = ""
    checked_by: str = ""
    began: str = ""


def make(package: Package, folder: Path, new: NewPackage) -> None:
    """Write a new package after this one into a folder that is not there yet: aside first, then moved into place.

    Raises Unusable for a folder that is there and for what no descriptor may say.
    """
    if folder.exists():
        raise Unusable(f"{folder} is already there; name a new folder")
    if not re.fullmatch(r"[a-z][a-z0-9]*(?:[-_][a-z0-9]+)*", new.name):
        raise Unusable(f"'{new.name}' is no package name: lower case, digits, single hyphens")
    two_sides(new.sides)
    aside = folder.with_name(f".{folder.name}.new")
    shutil.rmtree(aside, ignore_errors=True)
    try:
        write_files(aside, read_files(package, settings(package)) | optional_labels(package, new.language))
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
        **said_of_curation(new),
        "documents": list(DOCUMENTS),
        "resources": resources,
    }


def two_sides(sides: list[str]) -> list[dict]:
    """The sides as the descriptor has them. Raises Unusable for what is no side, and for one or more than two."""
    if len(sides) not in (0, 2):
        raise Unusable(f"--side stands {len(sides)} times; name both sides: --side Kenya=KEN --side Norway=NOR")
    found = []
    for side in sides:
        match = SIDE.fullmatch(side.strip())
        if not match:
            raise Unusable(f"--side '{side}': write its name and its country codes of three letters, as in Kenya=KEN")
        found.append({"title": match["title"], "countries": match["countries"].split(",")})
    codes = [code for side in found for code in side["countries"]]
    if len(set(codes)) < len(codes):
        raise Unusable(f"--side: the country code {max(codes, key=codes.count)} stands twice")
    return found


def said_of_curation(new: NewPackage) -> dict:
    """What the descriptor says of sides, locators, and who codes since when; what is not known is left out."""
    curation = {"codedBy": new.coded_by, "checkedBy": new.checked_by, "began": new.began}
    coding = f"The article was coded by {new.coded_by}" if new.coded_by else ""
    if coding:
        coding += (
            f", and the coding checked by {new.checked_by}." if new.checked_by else "; nobody else has checked it."
        )
    filled = {key: value for key, value in curation.items() if value}
    said = {"coding": coding, "sides": two_sides(new.sides), "curation": filled}
    return {key: value for key, value in said.items() if value} | {"normalization": NEWEST}


def optional_labels(package: Package, language: str) -> dict[str, bytes]:
    """Path to bytes of the schemas; labels in other languages than English and the article's may be empty."""
    files = {}
    for table in package.tables.values():
        if table.name == package.conventions["codes"]:
            continue
        schema = json.loads(json.dumps(table.schema))
        for one in schema["fields"]:
            of_language = re.fullmatch(r"(?:name|label|title)_([a-z]{2})", one["name"])
            if of_language and of_language[1] not in (ENGLISH, language.partition("-")[0]):
                one.get("constraints", {}).pop("required", None)
        files[table.schema_path] = json_text(schema).encode("utf-8")
    return files


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
        ".gitignore": GITIGNORE,
        "docs/METHOD.md": METHOD,
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
