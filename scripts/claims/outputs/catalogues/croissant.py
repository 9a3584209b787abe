"""dist/croissant.json: Croissant 1.0 (MLCommons), a schema.org Dataset that also says how to load its tables and views.

The records come from the Parquet files beside it, because the reference implementation guesses the types of CSV: text
such as 007 or NA would not survive. A table that refers to itself does so without `references`, because there it is
taken for a circle (mlcommons/croissant, issue 904).
"""

import hashlib

from ...canonical import json_text
from ...citation import as_text, of_package
from ...package import Package
from ...views import Relation
from ..data import parquet
from . import drop_empty
from .schema_org import about, agents, sources

# What the specification asks every file to carry in full, so that no program needs a network to read it.
CONTEXT = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "cr": "http://mlcommons.org/croissant/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "equivalentProperty": "cr:equivalentProperty",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileProperty": "cr:fileProperty",
    "fileObject": "cr:fileObject",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "parentField": "cr:parentField",
    "path": "cr:path",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "samplingRate": "cr:samplingRate",
    "sc": "https://schema.org/",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}
TYPES = {
    "string": "sc:Text",
    "integer": "sc:Integer",
    "number": "sc:Float",
    "boolean": "sc:Boolean",
    "date": "sc:Date",
}


FOLDER = "dist/"


def build(package: Package, files: dict[str, bytes]) -> dict[str, bytes]:
    """The description and the Parquet files (path to bytes) that it describes."""
    return {**files, f"{FOLDER}croissant.json": json_text(dataset(package, files)).encode("utf-8")}


def dataset(package: Package, files: dict[str, bytes]) -> dict:
    """The package with a record set for each of the Parquet files (path to bytes)."""
    relations = package.relations
    found = {
        "@context": CONTEXT,
        "@type": "Dataset",
        "conformsTo": "http://mlcommons.org/croissant/1.0",
        **about(package),
        "citeAs": as_text(of_package(package)),
        "license": [licence["path"] for licence in package.descriptor["licenses"]],
        "creator": [agent for role, agent in agents(package) if role == "creator"],
        "contributor": [agent for role, agent in agents(package) if role == "contributor"],
        "isBasedOn": sources(package),
        "distribution": [file_object(relation, files[parquet.path(relation)]) for relation in relations],
        "recordSet": [record_set(relation, references(package, relation)) for relation in relations],
    }
    return drop_empty(found)


def file_object(relation: Relation, data: bytes) -> dict:
    return {
        "@type": "cr:FileObject",
        "@id": file_id(relation),
        "name": file_id(relation),
        "description": relation.description,
        "contentUrl": file_id(relation),
        "contentSize": f"{len(data)} B",
        "encodingFormat": "application/x-parquet",
        "sha256": hashlib.sha256(data).hexdigest(),
    }


def record_set(relation: Relation, referred: dict[str, str]) -> dict:
    return {
        "@type": "cr:RecordSet",
        "@id": relation.name,
        "name": relation.name,
        "description": relation.description,
        "key": [{"@id": field_id(relation.name, column)} for column in relation.key],
        "field": [field(relation, column, referred.get(column["name"])) for column in relation.fields],
    }


def field(relation: Relation, given: dict, referred: str | None) -> dict:
    return drop_empty(
        {
            "@type": "cr:Field",
            "@id": field_id(relation.name, given["name"]),
            "name": given["name"],
            "description": given["description"],
            "dataType": TYPES[given["type"]],
            "source": {"fileObject": {"@id": file_id(relation)}, "extract": {"column": given["name"]}},
            "references": {"field": {"@id": referred}} if referred else None,
        }
    )


def references(package: Package, relation: Relation) -> dict[str, str]:
    """Column to the field of another record set that it points to."""
    table = package.tables.get(relation.name)
    keys = table.foreign_keys if table else []
    return {
        own[0]: field_id(target, others[0]) for own, target, others in keys if len(own) == 1 and target != relation.name
    }


def field_id(relation: str, column: str) -> str:
    return f"{relation}/{column}"


def file_id(relation: Relation) -> str:
    return parquet.path(relation).removeprefix(FOLDER)
