"""A table as its resource and schema describe it; what its file holds is read in tabledata.py."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass
class Table:
    """A tabular resource whose data is one CSV file: its name, path in the package, descriptor and schema."""

    name: str
    path: str
    file: Path
    resource: dict
    schema: dict
    schema_path: str = ""
    row_rules: dict = field(default_factory=dict)
    row_rules_path: str = ""

    @property
    def fields(self) -> list[dict]:
        return self.schema.get("fields", [])

    @property
    def field_names(self) -> list[str]:
        return [one["name"] for one in self.fields]

    @property
    def primary_key(self) -> list[str]:
        return as_list(self.schema.get("primaryKey"))

    @property
    def foreign_keys(self) -> list[tuple[list[str], str, list[str]]]:
        """(columns, referenced table, referenced columns) for each foreign key."""
        return [
            (
                as_list(key["fields"]),
                key["reference"].get("resource") or self.name,
                as_list(key["reference"]["fields"]),
            )
            for key in self.schema.get("foreignKeys", [])
        ]

    def row_id(self, cells: dict[str, str]) -> str:
        """The primary key of a record, its parts joined by '/'."""
        return "/".join(cells[name] for name in self.primary_key)


def as_list(value: Any) -> list:
    """Table Schema lets a key be a string or a list; here it is always a list."""
    return [] if value is None else value if isinstance(value, list) else [value]


def well_formed(schema: Any) -> bool:
    """Whether a schema has the bare shape that reading a table relies on."""

    def names(value: Any) -> bool:
        return isinstance(value, str) or (
            isinstance(value, list) and bool(value) and all(isinstance(one, str) for one in value)
        )

    if not isinstance(schema, dict):
        return False
    fields, keys = schema.get("fields", []), schema.get("foreignKeys", [])
    return (
        isinstance(fields, list)
        and all(isinstance(one, dict) and isinstance(one.get("name"), str) for one in fields)
        and all(isinstance(one.get("constraints", {}), dict) for one in fields)
        and (schema.get("primaryKey") is None or names(schema["primaryKey"]))
        and isinstance(keys, list)
        and all(
            isinstance(key, dict)
            and names(key.get("fields"))
            and isinstance(key.get("reference"), dict)
            and isinstance(key["reference"].get("resource", ""), str)
            and names(key["reference"].get("fields"))
            for key in keys
        )
    )
