"""dist/VIEW.csv: CSV of the views, tables joined for reading, in the same form of CSV as the tables."""

from ... import csvtext
from ...package import Package
from ...views import Relation


def build(package: Package) -> dict[str, bytes]:
    return {f"dist/{one.name}.csv": csv_bytes(one) for one in package.relations if one.name not in package.tables}


def csv_bytes(relation: Relation) -> bytes:
    """Header and rows as the tables write them: empty for not given, true and false, numbers as short as they go."""
    kinds = [one["type"] for one in relation.fields]
    rows = [[cell(value, kind) for value, kind in zip(row, kinds, strict=True)] for row in relation.rows]
    return csvtext.write([relation.field_names, *rows]).encode("utf-8")


def cell(value, kind: str) -> str:
    if value is None:
        return ""
    if kind == "boolean":
        return "true" if value else "false"
    return repr(value).removesuffix(".0") if isinstance(value, float) else str(value)
