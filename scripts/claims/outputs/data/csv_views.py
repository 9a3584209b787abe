"""dist/VIEW.csv: CSV of the views, tables joined for reading, in the same form of CSV as the tables."""

from ... import csvtext
from ...package import Package
from ...views import Relation


def build(package: Package) -> dict[str, bytes]:
    return {
        f"dist/{relation.name}.csv": csv_bytes(relation)
        for relation in package.relations
        if relation.name not in package.tables
    }


def csv_bytes(relation: Relation) -> bytes:
    """Header and rows as the tables write them: empty for not given, true and false, numbers as short as they go."""
    kinds = [field["type"] for field in relation.fields]
    rows = [[cell(value, kind) for value, kind in zip(row, kinds, strict=True)] for row in relation.rows]
    return csvtext.write([relation.field_names, *rows]).encode("utf-8")


def cell(value, kind: str) -> str:
    if value is None:
        return ""
    if kind == "boolean":
        return "true" if value else "false"
    return repr(value).removesuffix(".0") if isinstance(value, float) else str(value)
