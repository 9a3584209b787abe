"""Croissant 1.0 (MLCommons): a schema.org Dataset that also says how to load its tables as records.

The page carries the same object. A table that refers to itself does so without `references`: the reference
implementation takes such a table for a circle (mlcommons/croissant, issue 904).
"""

from ..package import Package, Table
from .schemaorg import about, agents, filled, sources

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


def dataset(package: Package) -> dict:
    found = {
        "@context": CONTEXT,
        "@type": "Dataset",
        "conformsTo": "http://mlcommons.org/croissant/1.0",
        **about(package),
        "license": [one["path"] for one in package.descriptor["licenses"]],
        "creator": [],
        "contributor": [],
        "isBasedOn": sources(package),
        "distribution": [file_object(table) for table in package.tables.values()],
        "recordSet": [record_set(table) for table in package.tables.values()],
    }
    for role, agent in agents(package):
        found[role].append(agent)
    return filled(found)


def file_object(table: Table) -> dict:
    given = table.resource
    return {
        "@type": "cr:FileObject",
        "@id": table.path,
        "name": table.path,
        "description": given["description"],
        "contentUrl": table.path,
        "contentSize": f"{given['bytes']} B",
        "encodingFormat": given["mediatype"],
        "sha256": given["hash"].removeprefix("sha256:"),
    }


def record_set(table: Table) -> dict:
    return {
        "@type": "cr:RecordSet",
        "@id": table.name,
        "name": table.name,
        "description": table.resource["description"],
        "key": [{"@id": identifier(table.name, name)} for name in table.primary_key],
        "field": [field(table, one) for one in table.fields],
    }


def field(table: Table, given: dict) -> dict:
    found = {
        "@type": "cr:Field",
        "@id": identifier(table.name, given["name"]),
        "name": given["name"],
        "description": given["description"],
        "dataType": TYPES[given["type"]],
        "source": {"fileObject": {"@id": table.path}, "extract": {"column": given["name"]}},
    }
    for own, target, others in table.foreign_keys:
        if own == [given["name"]] and target != table.name:
            found["references"] = {"field": {"@id": identifier(target, others[0])}}
    return found


def identifier(table: str, column: str) -> str:
    return f"{table}/{column}"
