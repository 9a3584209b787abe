"""frictionless' errors in our terms: rule, file, line, column, value, row, nearest valid value."""

import re
from collections import Counter
from difflib import get_close_matches
from typing import Any

from ..findings import Finding
from ..package import DESCRIPTOR
from ..table import as_list
from .descriptor import Resource
from .lines import CsvText

RULES = {  # frictionless' types of errors; those of constraints are named for their constraint
    "hash-count": "hash",
    "byte-count": "bytes",
    "row-count": "row-count",
    "field-count": "header",
    "blank-row": "blank-row",
    "extra-cell": "row-length",
    "missing-cell": "row-length",
    "type-error": "type",
    "primary-key": "primary-key",
    "foreign-key": "foreign-key",
    "unique-error": "unique",
    "unique-key": "unique-key",
    "encoding-error": "encoding",
    "source-error": "file-unreadable",
    "format-error": "file-unreadable",
    "scheme-error": "file-unreadable",
    "compression-error": "file-unreadable",
}
HEADER = {"extra-label", "missing-label", "blank-label", "duplicate-label", "incorrect-label", "blank-header"}
COUNTED = {"hash": "checksum", "bytes": "size in bytes", "row-count": "number of rows", "header": "number of columns"}
POSITION = re.compile(r"in the row at position (\d+)")
CONSTRAINT = re.compile(r'constraint "(\w+)"')
EXPECTED = re.compile(r'expected is "(.*)" and actual is "(.*)"', re.DOTALL)
MOST_HINTS = 5  # of one column and rule: to look for the nearest of many values takes longer than to find the error
MOST_VALUES = 2_000  # among which a nearest is looked for


class Words:
    """Findings about one resource. `text` is its file where that is CSV; `header` the cells of its first record."""

    def __init__(self, resource: Resource, text: CsvText | None, labels: list[str]):
        self.resource = resource
        self.text = text
        self.labels = labels
        self.fields = {column["name"]: column for column in resource.schema.get("fields", [])}
        self.hints: Counter = Counter()

    def findings(self, errors: list[Any]) -> list[Finding]:
        """One finding an error; one for all that is wrong with a header, one for all that a row lacks."""
        rows = {number for error in errors if (number := getattr(error, "row_number", None))}
        rows |= {int(match[1]) for error in errors if (match := POSITION.search(error.note))}
        self.places = self.text.begins(rows) if self.text and rows else {}
        findings, seen = [], set()
        for error in errors:
            key = self.only_once(error)
            if key is None or key not in seen:
                findings.append(self.finding(error))
            seen.add(key)
        return findings

    @staticmethod
    def only_once(error: Any) -> tuple | None:
        """What makes two errors one finding; None for an error that is one by itself."""
        if error.type in HEADER:
            return ("header",)
        return ("row-length", error.row_number) if RULES.get(error.type) == "row-length" else None

    def finding(self, error: Any) -> Finding:
        if error.type in HEADER:
            message = self.header_differs()
            return Finding(
                rule="header", file=self.resource.path, message=message, line=1, value=",".join(self.labels)[:200]
            )
        rule = RULES.get(error.type, "descriptor")
        if error.type == "constraint-error" and (match := CONSTRAINT.search(error.note)):
            rule = match[1]
        if rule == "descriptor":
            return Finding(rule=rule, file=DESCRIPTOR, message=f"'{self.resource.name}': {error.note}")
        if not getattr(error, "row_number", None):
            return Finding(rule=rule, file=self.resource.path, message=self.of_file(rule, error.note))
        return self.of_row(rule, error)

    def of_row(self, rule: str, error: Any) -> Finding:
        """A finding in one row, with the cell as the file has it."""
        cells = list(error.cells)
        column = getattr(error, "field_name", "") or ""
        number = getattr(error, "field_number", None)
        value = cells[number - 1] if number and number <= len(cells) else ""
        message = error.note
        if rule == "row-length":
            message, column, value = f"{len(cells)} cells where the header has {len(self.labels)}", "", ""
        elif rule == "foreign-key":
            column, value = "/".join(error.field_names), "/".join(error.field_cells)
        elif rule == "primary-key":
            column = "/".join(as_list(self.resource.schema.get("primaryKey")))
            value = self.row_id(cells)
        elif rule == "enum" and "enum" not in self.fields.get(column, {}).get("constraints", {}):
            message = "not one of its categories"
        elif rule in ("enum", "pattern"):
            stated = str(self.fields[column]["constraints"][rule])
            message = f'constraint "{rule}" is "{stated[:200]}{"…" * (len(stated) > 200)}"'
        message = POSITION.sub(self.earlier, message)
        file, line = self.places.get(error.row_number, (None, 0))
        path = next(
            (path for path, known in zip(self.resource.paths, self.resource.files, strict=True) if known == file),
            self.resource.path,
        )
        if not line:
            message = f"row {error.row_number}: {message}"
        return Finding(
            rule=rule,
            file=path,
            message=message[:500],
            line=line,
            column=column,
            value=value,
            row=self.row_id(cells),
            hint=self.hint(rule, column, value),
        )

    def of_file(self, rule: str, note: str) -> str:
        """What frictionless says of a file as a whole, with what was counted."""
        expected = EXPECTED.search(note)
        if expected and rule in COUNTED:
            return f"'{self.resource.name}': the {COUNTED[rule]} is {expected[2]}; the descriptor says {expected[1]}"
        return f"'{self.resource.name}': {note[:300]}"

    def earlier(self, match: re.Match) -> str:
        _, line = self.places.get(int(match[1]), (None, 0))
        return f"in line {line}" if line else match[0]

    def row_id(self, cells: list[str]) -> str:
        """The primary key of a row, its parts joined by '/'."""
        order = {label: index for index, label in enumerate(self.labels)} or {
            name: index for index, name in enumerate(self.fields)
        }
        key = [order.get(part) for part in as_list(self.resource.schema.get("primaryKey"))]
        return "/".join(cells[index] if index is not None and index < len(cells) else "" for index in key)[:200]

    def hint(self, rule: str, column: str, value: str) -> str:
        """The nearest allowed value, for the first few of a column."""
        if rule == "enum":
            stated = self.fields.get(column, {})
            known = stated.get("constraints", {}).get("enum") or stated.get("categories", [])
            known = [entry.get("value") if isinstance(entry, dict) else entry for entry in known[:MOST_VALUES]]
        elif rule == "type" and self.fields.get(column, {}).get("type") == "boolean":
            known = ["true", "false"]
        else:
            return ""
        self.hints[rule, column] += 1
        if self.hints[rule, column] > MOST_HINTS:
            return ""
        nearest = get_close_matches(value[:200], [str(entry)[:200] for entry in known], n=1, cutoff=0.7)
        return f"did you mean '{nearest[0]}'?" if nearest else ""

    def header_differs(self) -> str:
        """How a header differs from the fields of the schema."""
        wanted, counts = set(self.fields), Counter(self.labels)
        parts = {
            "missing": [name for name in self.fields if name not in counts],
            "not in the schema": [name for name in counts if name not in wanted],
            "twice": [name for name, count in counts.items() if count > 1],
        }
        differences = [f"{what}: {', '.join(names[:50])}" for what, names in parts.items() if names]
        return "; ".join(differences)[:300] or "the columns are not in the order of the schema"
