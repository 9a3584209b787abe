"""The tables of a package in DuckDB, where the checks look at many rows at once.

A table has its cells as values, typed as in the SQLite database that is published: dates as text, true and false as 1
and 0, an empty cell as NULL. Where a column is no text it is a view of another, `_text.NAME`, with the cells as they
are written (`sql.source`); its `rowid` counts the records from 0. What SQL a package brings along may only read, never
outside the database, and not forever.
"""

import tempfile
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path

import duckdb

from . import csvtext
from .csvtext import Record
from .database import QueryRefused
from .scan import scan
from .sql import TEXT, columns, literal, quoted, source, value
from .table import Table
from .tabledata import TableData

MEMORY = "256MB"  # beyond, it writes to a folder aside
LONGEST_LINE = 64 << 20
NEAR = 20
BATCH = 10_000
DIALECT = r"""header = true, auto_detect = false, delim = ',', quote = '"', escape = '"', new_line = '\n'"""
# What SQL for SQLite may call and DuckDB has not.
MACROS = ["julianday(day) AS epoch(CAST(day AS DATE)) / 86400 + 2440587.5"]
Error = duckdb.Error


class Engine:
    """An open database.

    `tables` are those that could be loaded, `counts` how many records each has, `lines` the line of each record where
    the file is not canonical; `seals` has size and checksum of every file, `doubtful` what
    checks/screen.py found.
    """

    def __init__(self):
        self.folder = tempfile.TemporaryDirectory(prefix="datapackage-")
        self.connection = duckdb.connect(
            config={
                "memory_limit": MEMORY,
                "temp_directory": str(Path(self.folder.name, "spilled")),
                "threads": 1,
                "autoinstall_known_extensions": False,
                "autoload_known_extensions": False,
            }
        )
        self.connection.execute(f"CREATE SCHEMA {TEXT}")
        for macro in MACROS:
            self.connection.execute(f"CREATE MACRO {macro}")
        self.reader: duckdb.DuckDBPyConnection | None = None
        self.tables: dict[str, Table] = {}
        self.counts: dict[str, int] = {}
        self.lines: dict[str, list[int]] = {}
        self.seals: dict[str, dict] = {}
        self.doubtful: dict[str, list[Record]] = {}

    def load(self, table: Table) -> bool:
        """Load the file of a table if it is canonical; returns whether it is."""
        scanned = scan(table.file, table.field_names)
        self.seals[table.name] = {"bytes": scanned.size, "hash": f"sha256:{scanned.sha256}"}
        if scanned.canonical:
            with suppress(Error):  # such as a line with too few cells
                if self.load_file(table, table.file) == scanned.records:
                    self.tables[table.name] = table
        return table.name in self.tables

    def load_file(self, table: Table, file: Path) -> int:
        """Load a canonical CSV file; returns how many records it has. Raises Error for one that cannot be read so."""
        kinds = ", ".join(f"{literal(name)}: 'VARCHAR'" for name in table.field_names)
        (count,) = self.connection.execute(
            f"CREATE OR REPLACE TABLE {source(table)} AS SELECT * FROM read_csv("
            f"{literal(escaped(file))}, {DIALECT}, columns = {{{kinds}}}, maximum_line_size = {LONGEST_LINE}, "
            "compression = 'none')"
        ).fetchone()
        self.counts[table.name] = count
        return count

    def load_records(self, table: Table, data: TableData) -> None:
        """Load what was read of a file that is not canonical, records of other lengths left out."""
        records = [record for record in data.records if len(record.cells) == len(table.fields)]
        file = Path(self.folder.name, "records.csv")
        file.write_text(csvtext.write([table.field_names, *(record.cells for record in records)]), "utf-8", newline="")
        with suppress(Error):  # such as a line of a size that no memory takes
            self.load_file(table, file)
            self.tables[table.name] = table
            self.lines[table.name] = [record.number for record in records]

    def lock(self) -> None:
        """Make the views; from here on nothing outside can be read, and no setting changed."""
        for name, table in self.tables.items():
            if source(table) != quoted(name):
                values = ", ".join(f"{value(one)} AS {quoted(one['name'])}" for one in table.fields)
                self.connection.execute(f"CREATE VIEW {quoted(name)} AS SELECT {values} FROM {source(table)}")
        self.connection.execute("SET enable_external_access = false; SET lock_configuration = true")

    def line(self, name: str, rowid: int) -> int:
        """The line of the file on which a record begins: in a canonical file each has one line."""
        return self.lines[name][rowid] if name in self.lines else rowid + 2

    def nearest(self, name: str, value: str) -> list[str]:
        """The primary keys of a table that are written most like a value."""
        table = self.tables[name]
        key = " || '/' || ".join(map(quoted, table.primary_key))
        query = f"SELECT {key} AS id FROM {source(table)} WHERE id IS NOT NULL ORDER BY levenshtein(id, ?), rowid"
        return [one for (one,) in self.connection.execute(f"{query} LIMIT {NEAR}", [value]).fetchall()]

    def rows(self, sql: str) -> list[tuple]:
        """Rows of a query of our own."""
        return self.connection.execute(sql).fetchall()

    def records(
        self, name: str, condition: str, parameters: Sequence[str | None] = ()
    ) -> Iterator[tuple[int, dict[str, str]]]:
        """(rowid, cells by column) of the records for which a condition holds, in the order of the file."""
        names = self.tables[name].field_names
        query = f"SELECT rowid, {columns(names)} FROM {source(self.tables[name])} WHERE {condition} ORDER BY rowid"
        cursor = self.connection.cursor().execute(query, parameters or None)
        while batch := cursor.fetchmany(BATCH):
            for rowid, *cells in batch:
                yield rowid, {column: cell or "" for column, cell in zip(names, cells, strict=True)}

    def distinct(self, table: Table, names: list[str]) -> list[tuple[str, ...]]:
        """The different cells of some columns, taken together; an empty one as the empty text."""
        cells = ", ".join(f"coalesce({quoted(name)}, '')" for name in names)
        return self.rows(f"SELECT DISTINCT {cells} FROM {source(table)}")

    def create(self, name: str, names: list[str], rows: Sequence[Sequence[str | None]] = ()) -> None:
        """Make a table of texts with these rows."""
        given = [list(column) for column in zip(*rows, strict=True)] or [[] for _ in names]
        lists = ", ".join(f"unnest(?::VARCHAR[]) AS {quoted(one)}" for one in names)
        self.create_as(name, f"SELECT {lists}", given)

    def create_as(self, name: str, sql: str, parameters: Sequence[list] = ()) -> None:
        """Make a table of the rows of a query of our own."""
        self.stop_reading()
        self.connection.execute(f"CREATE OR REPLACE TABLE {quoted(name)} AS {sql}", parameters or None)

    def select(self, sql: str, seconds: float) -> list[dict]:
        """Rows of one SELECT of a package, as dictionaries. Raises QueryRefused for anything but a bounded SELECT."""
        if not self.reader:
            self.reader = self.connection.cursor()
            self.reader.execute("BEGIN TRANSACTION READ ONLY")
        timer = threading.Timer(seconds, self.reader.interrupt)
        try:
            statements = self.reader.extract_statements(sql)
            if [one.type for one in statements] != [duckdb.StatementType.SELECT]:
                raise QueryRefused("not one SELECT")
            timer.start()
            cursor = self.reader.execute(statements[0])
            names = [column[0] for column in cursor.description]
            return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
        except duckdb.Error as error:  # after which the transaction is of no more use
            self.stop_reading()
            if isinstance(error, duckdb.InterruptException):
                raise QueryRefused(f"interrupted after {seconds:.0f} seconds") from error
            raise QueryRefused(str(error).splitlines()[0]) from error
        finally:
            timer.cancel()

    def stop_reading(self) -> None:
        """End the transaction in which a package's queries read, so that the next one sees what is new."""
        if self.reader:
            self.reader.close()
            self.reader = None

    def close(self) -> None:
        self.stop_reading()
        self.connection.close()
        self.folder.cleanup()


def escaped(file: Path) -> str:
    """A path in which no character stands for other files."""
    return "".join(f"[{one}]" if one in "*?[" else one for one in str(file))


def among(names: list[str], rows: Iterable[tuple[str, ...]]) -> str:
    """SQL that is true for the records whose cells in these columns are those of one of the rows."""
    cells = ", ".join(f"coalesce({quoted(name)}, '')" for name in names)
    return f"({cells}) IN ({', '.join('(' + ', '.join(map(literal, row)) + ')' for row in rows)})"
