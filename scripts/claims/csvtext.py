"""CSV text to records with line numbers, and rows back to the one canonical text.

Canonical means: comma, RFC 4180 quoting only where needed, LF, a header row, a final newline.
"""

import csv
import io
import sys
from typing import NamedTuple

# The standard library refuses cells over 131,072 characters with a message about itself;
# how long a cell may be is for the schema to say.
csv.field_size_limit(min(sys.maxsize, 2**31 - 1))


class Unreadable(ValueError):
    """CSV that cannot be split into cells; `line` is where reading stopped."""

    def __init__(self, line: int, reason: str):
        super().__init__(reason)
        self.line = line


class Record(NamedTuple):
    """One record: the line of the file on which it begins (1 is the header) and its cells."""

    number: int
    cells: list[str]


def parse(text: str, delimiter: str = ",", quotechar: str = '"') -> list[Record]:
    """All records of `text`, header first, blank lines as records without cells.

    Raises Unreadable for a quote that is never closed or is followed by more text.
    """
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, quotechar=quotechar, strict=True)
    records: list[Record] = []
    start = 1
    try:
        for cells in reader:
            records.append(Record(start, cells))
            start = reader.line_num + 1
    except csv.Error as error:
        raise Unreadable(start, str(error)) from error
    return records


def write(rows: list[list[str]]) -> str:
    """Rows, header first, as canonical CSV text."""
    buffer = io.StringIO(newline="")
    csv.writer(buffer, lineterminator="\n").writerows(rows)
    return buffer.getvalue()
