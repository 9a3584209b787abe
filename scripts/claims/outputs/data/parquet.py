"""dist/parquet/NAME.parquet: Parquet, every table and view with real types, titles and descriptions."""

import io
from datetime import date

from arro3.core import Array, DataType, Field, Schema, Table
from arro3.io import write_parquet

from ...package import Package
from ...views import Relation

TYPES = {
    "string": DataType.utf8(),
    "date": DataType.date32(),
    "integer": DataType.int64(),
    "number": DataType.float64(),
    "boolean": DataType.bool(),
}
EPOCH = date(1970, 1, 1)
READERS = {"boolean": bool, "date": lambda day: (date.fromisoformat(day) - EPOCH).days}


def build(package: Package) -> dict[str, bytes]:
    return {path(relation): parquet_bytes(relation) for relation in package.relations}


def path(relation: Relation) -> str:
    return f"dist/parquet/{relation.name}.parquet"


def parquet_bytes(relation: Relation) -> bytes:
    fields = [
        Field(
            field["name"],
            TYPES[field["type"]],
            nullable=not field.get("constraints", {}).get("required", False),
            metadata={"title": field["title"], "description": field["description"]},
        )
        for field in relation.fields
    ]
    schema = Schema(fields, metadata={"title": relation.title, "description": relation.description})
    columns = [
        column([row[index] for row in relation.rows], field["type"]) for index, field in enumerate(relation.fields)
    ]
    buffer = io.BytesIO()
    write_parquet(Table.from_arrays(columns, schema=schema), buffer, compression="zstd(3)")
    return buffer.getvalue()


def column(values: list, kind: str) -> Array:
    """The values of one column; a date is counted in days, as Parquet does."""
    if kind in READERS:
        values = [None if value is None else READERS[kind](value) for value in values]
    if kind == "date":
        return Array(values, DataType.int32()).cast(TYPES[kind])
    return Array(values, TYPES[kind])
