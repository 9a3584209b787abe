"""Data Package v2 to the letter, where frictionless 5.21 reads it otherwise.

Its fields take what Python takes: `1_000`, `2024-1-5`, a blank around a number, `NaN123`. Here a cell must have the
lexical form that the standard gives its type. Integers may have a `groupChar`, and durations have bounds.
The Keys check adds `uniqueKeys`, keys over arrays and objects, and primary keys of which only a part is empty.
"""

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import attrs
from frictionless import Check, Plugin, errors, fields, system

AFFIXES = re.compile(r"^[^-+\d]*|\D*$")  # what `bareNumber: false` allows around a number
TIME = r"[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]+)?(?:Z|[+-][0-9]{2}:[0-9]{2})?"
FORMS = {  # of cells in the default format of their type
    "integer": re.compile(r"[+-]?[0-9]+"),
    "number": re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?|NaN|-?INF"),
    "date": re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}"),
    "datetime": re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T" + TIME),
    "time": re.compile(TIME),
    "year": re.compile(r"-?[0-9]{4,}"),
    "yearmonth": re.compile(r"[0-9]{4}-[0-9]{2}"),
    "duration": re.compile(r"[-+]?P[0-9YMDTHSW.,]+"),
}
BOUNDS = ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"]
LEAP_START = datetime(1696, 9, 1)  # from here XML Schema measures a duration that has months or years


def in_form(field_class: type, plain: Callable = lambda field, cell: cell) -> type:
    """A field class that refuses text without the form of its type. `plain` takes off what the field allows besides."""

    class InForm(field_class):
        def create_value_reader(self):
            read = super().create_value_reader()
            form = FORMS[self.type]

            def read_value(cell: Any):
                if isinstance(cell, str) and self.format == "default":
                    cell = plain(self, cell)
                    if not form.fullmatch(cell):
                        return None
                return read(cell)

            return read_value

    return InForm


def plain_integer(field, cell: str) -> str:
    cell = cell if field.bare_number else AFFIXES.sub("", cell)
    group = field.custom.get("groupChar")
    return cell.replace(group, "") if isinstance(group, str) and group else cell


class Number(fields.NumberField):
    """A number with decimal and group characters, read once they are plain."""

    def create_value_reader(self):
        read = super().create_value_reader()
        form = FORMS["number"]

        def read_value(cell: Any):
            if not isinstance(cell, str):
                return read(cell)
            plain = cell if self.bare_number else AFFIXES.sub("", cell)
            plain = plain.replace(self.group_char, "") if self.group_char else plain
            if self.decimal_char != ".":
                if "." in plain:
                    return None
                plain = plain.replace(self.decimal_char, ".")
            return read(cell) if form.fullmatch(plain) else None

        return read_value


class Duration(in_form(fields.DurationField)):  # type: ignore[misc]
    """A duration; one that has bounds is measured in days and seconds, so that it can be compared."""

    supported_constraints = [*fields.DurationField.supported_constraints, *BOUNDS]  # noqa: RUF012 - as in the base class

    def create_value_reader(self):
        read = super().create_value_reader()
        if not set(BOUNDS) & set(self.constraints):
            return read

        def read_value(cell: Any):
            value = read(cell)
            return value.totimedelta(start=LEAP_START) if hasattr(value, "totimedelta") else value

        return read_value


CLASSES = {
    "integer": in_form(fields.IntegerField, plain_integer),
    "number": Number,
    "duration": Duration,
    **{
        name: in_form(getattr(fields, f"{name.capitalize()}Field"))
        for name in ("date", "datetime", "time", "year", "yearmonth")
    },
}


class Standard(Plugin):
    """Gives frictionless the field classes of this module."""

    def select_field_class(self, type: str | None = None):
        return CLASSES.get(type or "")


@contextmanager
def to_the_letter() -> Iterator[None]:
    """While this is open frictionless reads cells as the standard says, and opens nothing outside the package."""
    system.register("standard", Standard())
    try:
        with system.use_context(trusted=False):
            yield
    finally:
        system.deregister("standard")


class KeyError_(errors.RowError):
    type = "unique-key"
    title = "Unique Key Error"
    description = "A row repeats a key or leaves a part of its primary key empty."
    template = "{note}"


@attrs.define(kw_only=True, repr=False)
class Keys(Check):
    """Keys that frictionless does not check: `unique` is a list of lists of columns, `primary` the primary key.

    A primary key that is wholly empty is frictionless' own finding, unless the key was `held_back` from it.
    """

    type = "keys"
    unique: list
    primary: list
    held_back: bool = False
    Errors = [KeyError_]  # noqa: RUF012 - the base class wants a plain list

    def validate_start(self):
        self.seen = [{} for _ in self.unique]
        yield from []

    def validate_row(self, row):
        empty = [name for name in self.primary if row.get(name) is None]
        if empty and (self.held_back or len(empty) < len(self.primary)):
            yield KeyError_.from_row(row, note=f"empty part of the primary key: {', '.join(empty)}")
        for columns, seen in zip(self.unique, self.seen, strict=True):
            values = tuple(hashable(row.get(name)) for name in columns)
            if None not in values and seen.setdefault(values, row.row_number) != row.row_number:
                yield KeyError_.from_row(row, note=f"{', '.join(columns)}: these values stand in an earlier row")


def hashable(value: Any) -> Any:
    """A value as it can be compared: arrays and objects by their JSON."""
    return json.dumps(value, sort_keys=True, default=str) if isinstance(value, list | dict) else value
