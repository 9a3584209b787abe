"""The rows of a table, read once for every layer, and what is wrong with the bytes they come from."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import zip_longest

from . import csvtext
from .csvtext import Record
from .findings import Finding
from .table import Table

BOM = "\N{ZERO WIDTH NO-BREAK SPACE}"
ZIP = b"PK\x03\x04"  # how a zip begins, and so a workbook
CSV = (",", '"')  # delimiter and quote character
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")
CONTROL_BYTES = bytes(code for code in range(32) if code not in b"\t\n\r")  # the same in UTF-8, three times as fast


@dataclass
class TableData:
    """What the file of one table holds. `text` is what was decoded; records keep their line numbers."""

    table: Table
    text: str
    header: list[str]
    records: list[Record] = field(default_factory=list)

    @cached_property
    def regular(self) -> bool:
        """Whether the header is the schema's and every record has as many cells."""
        return self.header == self.table.field_names and all(len(one.cells) == len(self.header) for one in self.records)

    @cached_property
    def columns(self) -> list[tuple[str, ...]]:
        """The cells of each column of the header, which is the fastest way to look at many; missing ones are empty."""
        found = list(zip_longest(*(record.cells for record in self.records), fillvalue=""))
        width = len(self.header)
        return found[:width] + [("",) * len(self.records)] * (width - len(found))

    @cached_property
    def distinct(self) -> list[set[str]]:
        """The different cells of each column; what holds for a cell is asked once of each."""
        return [set(cells) for cells in self.columns]

    def by_column(self) -> Iterator[tuple[Record, dict[str, str]]]:
        """Each record with its cells by column; blank lines and others of a wrong length are left out."""
        width = len(self.header)
        for record in self.records:
            if len(record.cells) == width:
                yield record, dict(zip(self.header, record.cells, strict=True))

    @cached_property
    def by_id(self) -> dict[str, dict[str, str]]:
        """The cells of each record by column, by primary key."""
        return {self.row_id(record): cells for record, cells in self.by_column()}

    @cached_property
    def key(self) -> list[int | None]:
        """Where the parts of the primary key stand in a record."""
        return [self.header.index(name) if name in self.header else None for name in self.table.primary_key]

    def row_id(self, record: Record) -> str:
        """The primary key of a record, its parts joined by '/'."""
        cells = record.cells
        return "/".join([cells[one] if one is not None and one < len(cells) else "" for one in self.key])


def read_table(table: Table) -> tuple[TableData | None, list[Finding]]:
    """What one table holds, or None where its bytes are no CSV in the encoding its descriptor names."""

    def finding(rule: str, message: str, line: int = 0, value: str = "") -> Finding:
        return Finding(rule, table.path, message, line=line, value=value)

    encoding = table.resource.get("encoding") or "utf-8"
    data = table.file.read_bytes()
    if data.startswith(ZIP):
        return None, [finding("encoding", "a zip or a spreadsheet program's workbook under the name of a CSV file")]
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        value = " ".join(f"{byte:02X}" for byte in data[error.start : error.start + 4])
        return None, [finding("encoding", f"not {encoding} at byte {error.start}", line, value)]
    except LookupError:
        return None, [finding("encoding", f"no such encoding as '{encoding}'")]
    if not text.lstrip(BOM + "\r\n"):
        return None, [finding("file-empty", "the file has no header row")]
    findings = []
    if match := CONTROL.search(text) if encoding != "utf-8" or data.translate(None, CONTROL_BYTES) != data else None:
        line = text.count("\n", 0, match.start()) + 1
        findings.append(finding("control-character", "a control character in the file", line, repr(match[0])))
    delimiter, quotechar = dialect(table)
    try:
        records = csvtext.parse(text.removeprefix(BOM), delimiter, quotechar)
    except csvtext.Unreadable as error:
        return None, [*findings, finding("csv-unreadable", str(error), error.line)]
    if not records[0].cells:
        return None, [*findings, finding("csv-unreadable", "the header row is blank", 1)]
    if other := other_separator(records[0].cells, delimiter, table):
        message = f"the cells seem to be separated by {other!r}; expected is {delimiter!r}"
        return None, [*findings, finding("separator", message, 1)]
    return TableData(table, text, records[0].cells, records[1:]), findings


def dialect(table: Table) -> tuple[str, str]:
    """Delimiter and quote character as the resource's dialect gives them; CSV's defaults otherwise."""
    given = table.resource.get("dialect")
    given = given if isinstance(given, dict) else {}
    delimiter = given.get("delimiter", "\t" if table.path.lower().endswith(".tsv") else ",")
    quotechar = given.get("quoteChar", '"')
    usable = all(isinstance(one, str) and len(one) == 1 for one in (delimiter, quotechar))
    return (delimiter, quotechar) if usable and delimiter != quotechar else CSV


def other_separator(header: list[str], delimiter: str, table: Table) -> str:
    """What separates the columns of a header that is one cell and names columns of the schema; empty for any other."""
    if len(header) != 1 or len(table.fields) < 2:
        return ""
    candidates = (one for one in ",;\t|" if one != delimiter and one in header[0])
    return next((one for one in candidates if set(header[0].split(one)) & set(table.field_names)), "")
