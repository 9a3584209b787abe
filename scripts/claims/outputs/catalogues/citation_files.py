"""CITATION.cff, .zenodo.json and DataCite JSON: one descriptor said three ways, for forges and archives.

Nothing is said here that the descriptor or the row of the coded article does not say. Without a DOI in the descriptor's
`id` none is written: the archive assigns it.
"""

import re

import yaml

from ...canonical import json_text
from ...citation import Citation, is_author, of_package
from ...package import Package
from . import drop_empty

# DataCite's words, which Zenodo shares, for the roles of those who are not authors; any other role is Other.
CONTRIBUTOR_TYPES = {
    "funder": "Sponsor",
    "maintainer": "DataManager",
    "publisher": "Distributor",
    "wrangler": "DataCurator",
}
MESSAGE = "Cite this version. `claims cite ID` says how to cite one row."


def build(package: Package) -> dict[str, bytes]:
    cited, article = of_package(package), coded_article(package)
    cff = yaml.safe_dump(cff_object(package, cited, article), allow_unicode=True, sort_keys=False, width=100)
    return {
        "CITATION.cff": cff.encode("utf-8"),
        ".zenodo.json": json_text(zenodo_object(package, cited, article)).encode("utf-8"),
        "dist/datacite.json": json_text(datacite_object(package, cited, article)).encode("utf-8"),
    }


def coded_article(package: Package) -> dict[str, str]:
    """The row of the article: the source that the segments belong to. Empty before there are segments."""
    segments = package.data[package.conventions["segments"]]
    keys = {own[0]: target for own, target, _ in segments.table.foreign_keys if target != segments.table.name}
    for _, cells in segments.by_column():
        for column, target in keys.items():
            article = package.data[target].by_id[cells[column]]
            title = article["title_en"] or article["title"] or package.descriptor["sources"][0]["title"]
            return {**article, "title": title}
    return {}


def cff_object(package: Package, cited: Citation, article: dict[str, str]) -> dict:
    """Citation File Format 1.2.0; the article is its reference."""
    value = {
        "cff-version": "1.2.0",
        "message": MESSAGE,
        "type": "dataset",
        "title": cited.title,
        "abstract": package.descriptor["description"],
        "authors": [{"name": name} for name in cited.authors],
        "version": cited.version,
        "date-released": cited.issued,
        "keywords": package.descriptor["keywords"],
        "license": package.descriptor["licenses"][0]["name"],
        "doi": cited.doi,
        "url": package.descriptor.get("homepage", ""),
    }
    if article:
        value["references"] = [
            {
                "type": "article",
                "title": article["title"],
                "authors": [person(name) for name in authors(article)],
                "languages": [article["language"]] if article["language"] else [],
                "url": article["url"],
            }
        ]
        value["references"] = [drop_empty(reference) for reference in value["references"]]
    return drop_empty(value)


def contributors(package: Package) -> list[tuple[str, str]]:
    """Name and DataCite contributor type of everybody whom the descriptor names beside the authors."""
    return [
        (
            contributor["title"],
            next((CONTRIBUTOR_TYPES[role] for role in contributor["roles"] if role in CONTRIBUTOR_TYPES), "Other"),
        )
        for contributor in package.descriptor["contributors"]
        if not is_author(contributor)
    ]


def person(name: str) -> dict[str, str]:
    """A name as `Family I.I.` in its parts; any other name as a whole."""
    match = re.fullmatch(r"(\w+(?:-\w+)*),? ((?:\w\. ?)+)", name)
    return {"family-names": match[1], "given-names": match[2]} if match else {"name": name}


def datacite_person(name: str) -> dict[str, str]:
    """The same as DataCite has it: `Family, Given`."""
    parts = person(name)
    if "name" in parts:
        return parts
    family, given = parts["family-names"], parts["given-names"]
    return {"name": f"{family}, {given}", "nameType": "Personal", "givenName": given, "familyName": family}


def authors(article: dict[str, str]) -> list[str]:
    """The authors of the article; the Citation File Format asks for `anonymous` where none is named."""
    return [name.strip() for name in article["authors"].split(";") if name.strip()] or ["anonymous"]


def zenodo_object(package: Package, cited: Citation, article: dict[str, str]) -> dict:
    """What Zenodo takes from a repository when it archives a release."""
    value = {
        "upload_type": "dataset",
        "title": cited.title,
        "description": package.descriptor["description"],
        "creators": [{"name": name} for name in cited.authors],
        "contributors": [{"name": name, "type": kind} for name, kind in contributors(package)],
        "version": cited.version,
        "publication_date": cited.issued,
        "keywords": package.descriptor["keywords"],
        "license": package.descriptor["licenses"][0]["name"].lower(),
        "access_right": "open",
        "language": "eng",
        "doi": cited.doi,
        "references": [f"{'; '.join(authors(article))}: {article['title']}"] if article else [],
    }
    return drop_empty(value)


def datacite_object(package: Package, cited: Citation, article: dict[str, str]) -> dict:
    """DataCite Metadata Schema 4.5, for any archive that registers DOIs there."""
    given = package.descriptor
    titles = [{"title": cited.title, "lang": "en"}]
    if "titleRu" in given:
        titles.append({"title": given["titleRu"], "lang": "ru", "titleType": "TranslatedTitle"})
    publishers = [
        contributor["title"] for contributor in given["contributors"] if "publisher" in contributor.get("roles", ())
    ]
    value = {
        "doi": cited.doi,
        "url": given.get("homepage", ""),
        "types": {"resourceTypeGeneral": "Dataset", "resourceType": "Data Package"},
        "creators": [{"name": name} for name in cited.authors],
        "titles": titles,
        "contributors": [{"name": name, "contributorType": kind} for name, kind in contributors(package)],
        "publisher": {"name": "; ".join(publishers or cited.authors)},
        "publicationYear": cited.issued[:4],
        "dates": [{"date": cited.issued, "dateType": "Issued"}],
        "language": "en",
        "version": cited.version,
        "subjects": [{"subject": word} for word in given["keywords"]],
        "formats": sorted({resource["mediatype"] for resource in given["resources"]}),
        "rightsList": [
            {"rights": licence["title"], "rightsUri": licence["path"], "rightsIdentifier": licence["name"]}
            for licence in given["licenses"]
        ],
        "descriptions": [{"description": given["description"], "descriptionType": "Abstract", "lang": "en"}],
        "relatedItems": [
            {
                "relatedItemType": "JournalArticle",
                "relationType": "IsDerivedFrom",
                "titles": [{"title": article["title"]}],
                "creators": [datacite_person(name) for name in authors(article)],
            }
        ]
        if article
        else [],
        "schemaVersion": "http://datacite.org/schema/kernel-4",
    }
    return drop_empty(value)
