"""Add rows to the tables of a package from a file of a curator: ids made, references by label, defaults filled.

Nothing here knows a table: keys, patterns, references and codes are those of the schemas.
"""

import csv
import re
import tomllib
from itertools import count
from pathlib import Path
from string import ascii_lowercase

from .canonical import canonical_files
from .checks.metadata import refusal
from .csvtext import Record
from .findings import Unusable, or_did_you_mean
from .package import Package
from .table import Table
from .tabledata import TableData

LABELS = re.compile(r"(?:name|label|title)(?:_[a-z]{2})?")  # columns by whose cells a row is called
NUMBERED = re.compile(r"(?P<prefix>[a-z]+-)\[0-9\]\{(?P<digits>[0-9]+)\}")
NAMED = re.compile(r"(?P<prefix>[a-z]+-)\[a-z")
DEFAULTS = "defaults"
MOST_BYTES = 16 << 20


class Adding:
    """Rows on their way into a package; `file` is where they come from, for messages."""

    def __init__(self, package: Package, file: Path):
        if package.findings or package.byte_findings:
            raise Unusable("the package cannot be read; run `claims validate` and correct what it finds first")
        self.package = package
        self.file = file
        self.segments = package.conventions["segments"]
        self.rows: dict[str, list[dict[str, str]]] = {}
        self.taken = {name: set(data.by_id) for name, data in package.data.items()}
        retired = package.data.get(package.conventions.get("retired", ""))
        self.retired = set(retired.columns[0]) if retired else set()

    def refuse(self, table: str, number: int, message: str) -> Unusable:
        return Unusable(f"{self.file}: {table}, row {number}: {message}; nothing was written")

    def take(self, tables: dict[str, list[dict[str, str]]], defaults: dict[str, dict[str, str]]) -> None:
        """Rows by table, with what is usual in each column of a table."""
        for name in (*tables, *defaults):
            if name not in self.package.data:
                raise Unusable(f"{self.file}: no table '{name}'{or_did_you_mean(name, self.package.data)}")
        for name, rows in tables.items():
            table = self.package.tables[name]
            for number, row in enumerate(rows, 1):
                for column in (*row, *defaults.get(name, {})):
                    if column not in table.field_names:
                        hint = or_did_you_mean(column, table.field_names)
                        raise self.refuse(name, number, f"no column '{column}'{hint}")
            usual = defaults.get(name, {})
            self.rows[name] = [{key: cell for key, cell in {**usual, **row}.items() if cell != ""} for row in rows]

    def files(self) -> dict[str, bytes]:
        """Path to bytes of every file of the package that the rows change, in canonical form."""
        for name in self.rows:
            for number, row in enumerate(self.rows[name], 1):
                self.identify(name, number, row)
        for name, rows in self.rows.items():
            for number, row in enumerate(rows, 1):
                self.refer(self.package.tables[name], number, row)
                self.check(self.package.tables[name], number, row)
        for name, rows in self.rows.items():
            data = self.package.data[name]
            if name == self.segments:
                self.judge(data)
                continue
            new = [Record(0, [row.get(column, "") for column in data.header]) for row in rows]
            self.package.data[name] = TableData(data.table, "", data.header, [*data.records, *new])
        self.coded()
        return canonical_files(self.package)

    def judge(self, segments: TableData) -> None:
        """Put what rows say of segments into the rows that are there."""
        for row in self.rows[self.segments]:
            cells = segments.by_id[row[segments.table.primary_key[0]]]
            record = next(
                one for one in segments.records if segments.row_id(one) == cells[segments.table.primary_key[0]]
            )
            record.cells[:] = [row.get(column, cell) for column, cell in cells.items()]

    def coded(self) -> None:
        """A segment that waited is coded once a row is keyed by it."""
        data = self.package.data[self.segments]
        status = data.header.index("coding_status")
        keyed = {
            row[column]
            for name, rows in self.rows.items()
            if (column := self.segment_column(self.package.tables[name]))
            for row in rows
        }
        for record in data.records:
            if data.row_id(record) in keyed and record.cells[status] == "to_do":
                record.cells[status] = "coded"

    def identify(self, name: str, number: int, row: dict[str, str]) -> None:
        """Give a row its key where it has none: the next number, its segment and a letter, or its label in short."""
        table = self.package.tables[name]
        if name == self.segments:
            if row.get(table.primary_key[0]) not in self.taken[name]:
                hint = or_did_you_mean(row.get(table.primary_key[0], ""), self.taken[name])
                raise self.refuse(name, number, f"no such segment{hint}; `claims segment` makes them, this judges them")
            return
        if len(table.primary_key) == 1:
            key = table.primary_key[0]
            segment = self.segment_column(table)
            if not row.get(key):
                row[key] = self.next_id(table, number, row, segment)
            elif segment and not row.get(segment):
                row[segment] = row[key].rstrip(ascii_lowercase)
        row_id = "/".join(row.get(one, "") for one in table.primary_key)
        if row_id in self.taken[name]:
            raise self.refuse(name, number, f"the id '{row_id}' is taken; leave it out to get the next one")
        if row_id in self.retired:
            raise self.refuse(name, number, f"the id '{row_id}' was retired and is never used again")
        self.taken[name].add(row_id)

    def segment_column(self, table: Table) -> str:
        """The column of the segment whose id a key begins with, of a table with such keys."""
        pattern = self.pattern(table)
        segments = self.package.tables[self.segments]
        return next(
            (
                columns[0]
                for columns, target, _ in table.foreign_keys
                if target == segments.name and pattern == self.pattern(segments) + "[a-z]"
            ),
            "",
        )

    def pattern(self, table: Table) -> str:
        """What the key of a table looks like."""
        key = next(one for one in table.fields if one["name"] == table.primary_key[0])
        return key.get("constraints", {}).get("pattern", "")

    def next_id(self, table: Table, number: int, row: dict[str, str], segment: str) -> str:
        taken = self.taken[table.name] | self.retired
        pattern = self.pattern(table)
        if segment:
            if not row.get(segment):
                raise self.refuse(table.name, number, f"{segment} is missing; write where it stands, such as p02s01")
            free = [letter for letter in ascii_lowercase if row[segment] + letter not in taken]
            if not free:
                raise self.refuse(table.name, number, f"{row[segment]} has 26 rows already; split the sentence")
            return row[segment] + free[0]
        if match := NUMBERED.fullmatch(pattern):
            used = [int(one[len(match["prefix"]) :]) for one in taken if re.fullmatch(pattern, one)]
            return f"{match['prefix']}{max(used, default=0) + 1:0{match['digits']}}"
        label = next((row[column] for column in table.field_names if LABELS.fullmatch(column) and row.get(column)), "")
        match = NAMED.match(pattern)
        words = re.findall("[a-z]+", label.casefold())
        if not match or not words:
            raise self.refuse(table.name, number, f"{table.primary_key[0]} is missing, and no label to make it from")
        wanted = match["prefix"] + "-".join(words[:6])
        tries = (wanted if n == 0 else f"{wanted}-{ascii_lowercase[n]}" for n in count())
        return next(one for one in tries if one not in taken)

    def refer(self, table: Table, number: int, row: dict[str, str]) -> None:
        """Put the id in place of a label where a cell names a row by what it is called."""
        for columns, target, _ in table.foreign_keys:
            column, cell = columns[0], row.get(columns[0], "")
            if len(columns) != 1 or not cell or cell in self.taken[target]:
                continue
            called = [one for one, labels in self.labels(target) if cell.casefold() in labels]
            if len(called) > 1:
                message = f"{column} '{cell}' fits {' and '.join(sorted(called))} of {target}; write the id"
                raise self.refuse(table.name, number, message)
            if not called:
                hint = or_did_you_mean(cell, self.taken[target])
                raise self.refuse(table.name, number, f"{column} '{cell}': no such row in {target}{hint}; add it first")
            row[column] = called[0]

    def labels(self, name: str) -> list[tuple[str, set[str]]]:
        """Id and labels of every row of a table, those that are to be added among them."""
        key = self.package.tables[name].primary_key[0]
        rows = [*self.package.data[name].by_id.items(), *((row[key], row) for row in self.rows.get(name, []))]
        return [
            (row_id, {cell.casefold() for column, cell in row.items() if cell and LABELS.fullmatch(column)})
            for row_id, row in rows
        ]

    def check(self, table: Table, number: int, row: dict[str, str]) -> None:
        """Raises Unusable for a cell that its column refuses, with the nearest codes or an example of the form."""
        for one in table.fields:
            cell = row.get(one["name"], "")
            problem = refusal(one, cell)
            if problem:
                codes = [str(code) for code in one.get("constraints", {}).get("enum", [])]
                hint = or_did_you_mean(cell, codes) if codes else ""
                example = f"; for example {one['example']}" if one.get("example") not in (None, "") else ""
                raise self.refuse(table.name, number, f"{one['name']} '{cell}': {problem}{hint}{example}")


def add(package: Package, file: Path, table: str = "") -> tuple[dict[str, int], dict[str, bytes]]:
    """How many rows each table gets from a file, and path to bytes of what changes. Raises Unusable for bad rows.

    A .toml file has a list of rows for each table and may have `[defaults.TABLE]`; a .csv file has the rows of one
    table, which `table` or the name of the file names.
    """
    tables, defaults = read_toml(file) if file.suffix == ".toml" else ({table or file.stem: read_csv(file)}, {})
    adding = Adding(package, file)
    adding.take(tables, defaults)
    return {name: len(rows) for name, rows in adding.rows.items()}, adding.files()


def read_toml(file: Path) -> tuple[dict, dict]:
    """Rows by table and defaults by table; numbers, dates, true and false as the text of a cell."""
    try:
        if file.stat().st_size > MOST_BYTES:
            raise Unusable(f"{file}: larger than {MOST_BYTES >> 20} MiB")
        given = tomllib.loads(file.read_text("utf-8-sig"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise Unusable(f"{file}: cannot be read as TOML: {error}") from error
    defaults = given.pop(DEFAULTS, {})
    for name, rows in given.items():
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise Unusable(f"{file}: {name} is no list of rows; each row begins with [[{name}]]")
    if not isinstance(defaults, dict) or not all(isinstance(row, dict) for row in defaults.values()):
        raise Unusable(f"{file}: defaults stand below [defaults.TABLE]")
    return (
        {name: [as_cells(row) for row in rows] for name, rows in given.items()},
        {name: as_cells(row) for name, row in defaults.items()},
    )


def as_cells(row: dict) -> dict[str, str]:
    return {key: str(value).lower() if isinstance(value, bool) else str(value) for key, value in row.items()}


def read_csv(file: Path) -> list[dict[str, str]]:
    """The rows of a CSV file with a header. Raises Unusable for what is none."""
    try:
        with file.open(encoding="utf-8-sig", newline="") as stream:
            rows = list(csv.DictReader(stream, strict=True))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        hint = "; save the sheet as CSV in UTF-8" if file.suffix.lower() in (".xlsx", ".xls", ".ods") else ""
        raise Unusable(f"{file}: cannot be read as CSV in UTF-8: {error}{hint}") from error
    if not rows:
        raise Unusable(f"{file}: no rows; a header and at least one row are expected")
    for number, row in enumerate(rows, 2):
        if None in row or None in row.values():
            raise Unusable(f"{file}, record {number}: a cell too many or too few")
    return rows
