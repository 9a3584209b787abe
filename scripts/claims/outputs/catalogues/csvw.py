"""CSV on the Web (W3C, 2015): every table with its columns, types, constraints and keys.

CSVW has no word for unique columns, row rules, codes' labels or dates known to the year; those stay with the schemas.
"""

import re

from ...package import Package, Table

NAME = "csvw-metadata.json"
TYPES = {"string": "string", "integer": "integer", "number": "decimal", "boolean": "boolean", "date": "date"}
FORMATS = {"boolean": "true|false", "date": "yyyy-MM-dd"}
LIMITS = {
    "minLength": "minLength",
    "maxLength": "maxLength",
    "minimum": "minimum",
    "maximum": "maximum",
    "exclusiveMinimum": "minExclusive",
    "exclusiveMaximum": "maxExclusive",
}
DIALECT = {"delimiter", "quoteChar", "doubleQuote", "skipInitialSpace", "header"}


def table_group(package: Package) -> dict:
    given = package.descriptor
    return {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
        "dc:title": in_languages(given),
        "dc:description": given["description"],
        "dc:issued": given["created"][:10],
        "dc:license": [{"@id": licence["path"]} for licence in given["licenses"]],
        "schema:version": package.version,
        "tables": [table_description(table, package) for table in package.tables.values()],
    }


def table_description(table: Table, package: Package) -> dict:
    schema = {
        "columns": [column(field) for field in table.fields],
        "primaryKey": table.primary_key,
        "foreignKeys": [
            {
                "columnReference": own,
                "reference": {"resource": package.tables[target].path, "columnReference": others},
            }
            for own, target, others in table.foreign_keys
        ],
    }
    return {
        "url": table.path,
        "dc:title": in_languages(table.resource),
        "dc:description": table.resource["description"],
        "dialect": dialect(table.resource),
        "tableSchema": {key: value for key, value in schema.items() if value},
    }


def dialect(resource: dict) -> dict:
    given = resource["dialect"]
    same = {key: value for key, value in given.items() if key in DIALECT}
    return {"encoding": resource["encoding"], "lineTerminators": [given["lineTerminator"]], **same}


def column(field: dict) -> dict:
    """One column. `titles` is what stands in the header row; what people read is the title of Dublin Core."""
    return {
        "name": field["name"],
        "titles": field["name"],
        "dc:title": in_languages(field),
        "dc:description": field["description"],
        "datatype": datatype(field),
        "required": field["constraints"].get("required", False),
    }


def datatype(field: dict) -> dict:
    given = field["constraints"]
    found = {"base": TYPES[field["type"]]}
    if "enum" in given:
        found["format"] = "|".join(re.escape(str(code)) for code in given["enum"])
    elif "pattern" in given:
        found["format"] = given["pattern"]
    elif field["type"] in FORMATS:
        found["format"] = FORMATS[field["type"]]
    return found | {LIMITS[key]: value for key, value in given.items() if key in LIMITS}


def in_languages(given: dict) -> list[dict]:
    """The titles of something, each with its language."""
    found = {"en": given.get("title"), "ru": given.get("titleRu")}
    return [{"@value": title, "@language": language} for language, title in found.items() if title]
