"""Break a copy of the package in one place and see what validation says.

A fault names a row by id or condition, a column, a change, and the whole list of findings expected. Nothing
here names a row or code of this article, so the faults serve the next package too.
"""

import contextlib
import csv
import io
import json
import re
import shutil
from dataclasses import dataclass
from pathlib import Path
from subprocess import CompletedProcess

from claims import cli
from claims.canonical import json_text, seal
from claims.checks import bytes, explain, metadata, rows, tables
from claims.findings import Finding
from claims.package import DESCRIPTOR, Package, opened
from claims.validation import Result, blocking, catalogue, validate
from jsonschema import Draft202012Validator

ROOT = Path(__file__).parent.parent
PARTS = ("datapackage.json", "data", "schemas")


def claims(*arguments) -> CompletedProcess:
    """Run the command in this process, on the package around these tests where none is named."""
    arguments = [str(argument) for argument in arguments]
    with contextlib.redirect_stdout(io.StringIO()) as output, contextlib.redirect_stderr(io.StringIO()) as errors:
        try:
            code = cli.main(arguments, home=ROOT)
        except SystemExit as ended:  # as argparse does
            code = ended.code
    return CompletedProcess(arguments, code, output.getvalue(), errors.getvalue())


def snapshot(root: Path) -> dict[str, bytes]:
    """Path to bytes of every file below a folder."""
    return {str(file.relative_to(root)): file.read_bytes() for file in root.rglob("*") if file.is_file()}


class Copy:
    """A copy of a package on disk, with the few ways to change it that tests need."""

    def __init__(self, root: Path):
        self.root = root

    @classmethod
    def of(cls, source: Path, target: Path) -> "Copy":
        target.mkdir()
        documents = json.loads((source / "datapackage.json").read_text("utf-8")).get("documents", [])
        for part in (*PARTS, *documents):
            (target / part).parent.mkdir(parents=True, exist_ok=True)
            if (source / part).is_dir():
                shutil.copytree(source / part, target / part)
            else:
                shutil.copy(source / part, target / part)
        return cls(target)

    @property
    def descriptor(self) -> dict:
        return json.loads((self.root / "datapackage.json").read_text("utf-8"))

    def resource(self, table: str) -> dict:
        return next(one for one in self.descriptor["resources"] if one["name"] == table)

    def path(self, table: str) -> Path:
        return self.root / self.resource(table)["path"]

    def schema(self, table: str) -> dict:
        return json.loads((self.root / self.resource(table)["schema"]).read_text("utf-8"))

    def rows(self, table: str) -> list[list[str]]:
        """Header and rows."""
        with self.path(table).open(encoding="utf-8", newline="") as stream:
            return list(csv.reader(stream))

    def keys(self, table: str) -> list[list[str]]:
        """The primary keys of a table as far as its file and schema can be read."""
        try:
            header, *rows = self.rows(table)
            return [[row[header.index(name)] for name in self.schema(table)["primaryKey"]] for row in rows]
        except (ValueError, KeyError, IndexError, OSError, csv.Error):
            return []

    def pointing_to(self, table: str) -> set[str]:
        """The other tables that point to a table."""
        others = [one["name"] for one in self.descriptor["resources"] if one["name"] != table]
        keys = {name: self.schema(name).get("foreignKeys", []) for name in others}
        return {name for name, own in keys.items() for key in own if key["reference"]["resource"] == table}

    def write_rows(self, table: str, rows: list[list[str]]) -> None:
        buffer = io.StringIO(newline="")
        csv.writer(buffer, lineterminator="\n").writerows(rows)
        self.path(table).write_bytes(buffer.getvalue().encode("utf-8"))

    def edit_json(self, path: str, change) -> None:
        """Let `change` alter a JSON file of the package in place."""
        file = self.root / path
        value = json.loads(file.read_text("utf-8"))
        change(value)
        file.write_text(json_text(value), "utf-8")

    def edit_json_new(self, path: str, value) -> None:
        """Write a JSON file that the package has not."""
        (self.root / path).write_text(json_text(value), "utf-8")

    def reseal(self) -> None:
        """Set size, checksum and row count in the descriptor to what the files are."""

        def change(descriptor: dict) -> None:
            for resource in descriptor["resources"]:
                file = self.root / resource["path"]
                if file.is_file():
                    data = file.read_bytes()
                    resource.update(seal(data, max(count_records(data) - 1, 0)))

        self.edit_json("datapackage.json", change)

    def validate(self) -> Result:
        with opened(self.root) as package:
            return validate(package)

    def witnessed(self, names: list[str] | None = None) -> tuple[list[Finding], list[Finding]]:
        """What frictionless and jsonschema find in every record, beside what they find where the engine lets them."""
        with opened(self.root) as package:
            return witnessed(package, names)


def witnessed(package: Package, names: list[str] | None = None) -> tuple[list[Finding], list[Finding]]:
    """Findings of the layers tables and rows: those of the reference implementations, which read every record of all
    tables or of these, and those of the engine, which lets them read suspects. None where an earlier layer stops both.
    """
    for check in (lambda package: package.findings or metadata.check(package), bytes.check):
        if blocking(check(package), catalogue(package)):
            return [], []
    names = list(package.tables) if names is None else names
    files = {DESCRIPTOR, *(package.tables[name].path for name in names)}
    whole = tables.without_consequences(explain.check(package, names=names))
    found = tables.check(package)
    if not blocking(found, catalogue(package)):
        whole += by_jsonschema(package, names)
        found += rows.check(package)
    return ordered(whole), ordered(one for one in found if one.file in files)


def by_jsonschema(package: Package, names: list[str]) -> list[Finding]:
    """Findings of the row rules of every record of some tables, each judged by itself."""
    findings = []
    for data in (package.data[name] for name in names):
        for rule in data.table.row_rules.get("allOf", []):
            validator = Draft202012Validator(rule)
            for record, cells in data.by_column():
                if not validator.is_valid({name: cell for name, cell in cells.items() if cell}):
                    findings.append(rows.finding(data.table, record.number, cells, rule))
    return findings


def ordered(findings: list[Finding]) -> list[Finding]:
    return sorted(findings, key=lambda one: (one.file, one.line, one.column, one.rule, one.message))


def count_records(data: bytes) -> int:
    """Records of a CSV file as a lenient reader counts them."""
    try:
        text = data.decode("utf-8-sig")
        return sum(1 for _ in csv.reader(io.StringIO(text, newline=""), strict=True))
    except (UnicodeDecodeError, csv.Error):
        return 1


@dataclass
class Fault:
    """One row of faults.csv. See `apply` for the changes and `expectations` for the findings."""

    fault: str
    table: str
    row: str
    column: str
    change: str
    value: str
    expect: str
    why: str

    @property
    def about_table(self) -> str:
        """The table whose file or schema the fault is in; empty for any other file."""
        return self.table if "." not in self.table else Path(self.table).stem if "schemas/" in self.table else ""

    @property
    def about_hashes(self) -> bool:
        """Whether the fault is in the sizes, checksums and counts that the harness would set right."""
        return self.table == "datapackage.json"


def load_faults(file: Path) -> list[Fault]:
    with file.open(encoding="utf-8", newline="") as stream:
        return [Fault(**row) for row in csv.DictReader(stream)]


def find(rows: list[list[str]], condition: str, primary_key: list[str], examples: set[str]) -> int:
    """Index in `rows` of the row that a condition names: first, last, an id, or parts joined by &.

    A part is `a=x`, `a!=x`, `a<x`, `a>x`, or `a!` for a cell that is filled.
    A row that no code names as its example is preferred, because changing an example is a fault of its own.
    """
    header = rows[0]
    if condition == "first":
        return 1
    if condition == "last":
        return len(rows) - 1
    matching = []
    for index, row in enumerate(rows[1:], 1):
        cells = dict(zip(header, row, strict=True))
        key = "/".join(cells[name] for name in primary_key)
        if key == condition or all(holds(cells, part) for part in condition.split("&")):
            matching.append((key in examples, index))
    if matching:
        return min(matching)[1]
    raise LookupError(f"no row where {condition}")


def holds(cells: dict[str, str], part: str) -> bool:
    if match := re.fullmatch(r"(\w+)(!?)=(.*)", part):
        return (cells[match[1]] == match[3]) != bool(match[2])
    if match := re.fullmatch(r"(\w+)([<>])(.*)", part):
        cell, other = cells[match[1]], match[3]
        return cell > other if match[2] == ">" else "" < cell < other
    if part.endswith("!"):
        return bool(cells[part[:-1]])
    return False


def apply(copy: Copy, fault: Fault) -> tuple[int, dict[str, str]]:
    """Make the one change; return the line of the row and its cells before the change."""
    if fault.change in FILE_CHANGES:
        file = copy.root / fault.table if "." in fault.table else copy.path(fault.table)
        before = file.read_bytes()
        copy.lines_before = before.count(b"\n")
        data = FILE_CHANGES[fault.change](before, fault.value)
        file.unlink() if data is None else file.write_bytes(data)
        return 1, {}
    if fault.change in ("json", "json-delete", "json-rename"):
        change_json(copy, fault)
        return 0, {}
    rows = copy.rows(fault.table)
    examples = {row[copy.rows("codes")[0].index("example_id")] for row in copy.rows("codes")}
    index = find(rows, fault.row, copy.schema(fault.table)["primaryKey"], examples) if fault.row else 0
    column = rows[0].index(fault.column) if fault.column else -1
    old = dict(zip(rows[0], rows[index], strict=True))
    value = re.sub(r"\\u([0-9a-f]{4})", lambda match: chr(int(match[1], 16)), fault.value)
    value = value.replace("\\n", "\n").replace("\\r", "\r").replace("{old}", rows[index][column])
    for match in re.finditer(r"\{(first|last):(\w+)\}", value):
        value = value.replace(match[0], copy.rows(match[2])[1 if match[1] == "first" else -1][0])
    for match in re.finditer(r"\{(\w+):([^{}]*):(\w+)\}", value):  # {table:condition:column}
        others = copy.rows(match[1])
        row = others[find(others, match[2], copy.schema(match[1])["primaryKey"], set())]
        value = value.replace(match[0], row[others[0].index(match[3])])
    ROW_CHANGES[fault.change](rows, index, column, value)
    copy.write_rows(fault.table, rows)
    return {"append-row": len(rows), "prepend-row": 2}.get(fault.change, index + 1), old


def set_cell(rows, index, column, value):
    rows[index][column] = value


def set_cells(rows, index, column, value):
    """Several cells of one row: `a=x&b=y`."""
    old = dict(zip(rows[0], rows[index], strict=True))
    for part in value.split("&"):
        name, cell = part.split("=", 1)
        rows[index][rows[0].index(name)] = cell.format(**old)


def new_row(header, value):
    """A row with cells given as `a=x&b=y`."""
    cells = dict(part.split("=", 1) for part in value.split("&"))
    return [cells.get(name, "") for name in header]


def copy_from(rows, index, column, value):
    """Take the cell of the next row."""
    rows[index][column] = rows[index + 1][column]


def double_as(rows, index, column, value):
    """Double the row under another value in one column."""
    rows.insert(index + 1, list(rows[index]))
    rows[index + 1][column] = value


def swap_rows(rows, index, column, value):
    rows[index], rows[index + 1] = rows[index + 1], rows[index]


def drop_column(rows, index, column, value):
    for row in rows:
        del row[column]


def add_column(rows, index, column, value):
    rows[0].append(value)
    for row in rows[1:]:
        row.append("")


def swap_columns(rows, index, column, value):
    for row in rows:
        row[column], row[column + 1] = row[column + 1], row[column]


ROW_CHANGES = {
    "set": set_cell,
    "set-cells": set_cells,
    "append-row": lambda rows, index, column, value: rows.append(new_row(rows[0], value)),
    "prepend-row": lambda rows, index, column, value: rows.insert(1, new_row(rows[0], value)),
    "copy-next": copy_from,
    "double": lambda rows, index, column, value: rows.insert(index, list(rows[index])),
    "double-as": double_as,
    "delete": lambda rows, index, column, value: rows.pop(index),
    "swap": swap_rows,
    "empty-table": lambda rows, index, column, value: rows.__delitem__(slice(1, None)),
    "drop-column": drop_column,
    "add-column": add_column,
    "swap-columns": swap_columns,
    "cut-row": lambda rows, index, column, value: rows[index].pop(),
    "extend-row": lambda rows, index, column, value: rows[index].append(value),
}


def at_line(data: bytes, number: str, change) -> bytes:
    """Change one line; `last` is the last one."""
    lines = data.split(b"\n")
    number = len(lines) - 1 if number == "last" else int(number)
    lines[number - 1] = change(lines[number - 1])
    return b"\n".join(lines)


FILE_CHANGES = {
    "bom": lambda data, value: b"\xef\xbb\xbf" + data,
    "crlf": lambda data, value: data.replace(b"\n", b"\r\n"),
    "mixed-eol": lambda data, value: data.replace(b"\n", b"\r\n", 1),
    "lone-cr": lambda data, value: data.replace(b"\n", b"\r", 1),
    "no-final-newline": lambda data, value: data.rstrip(b"\n"),
    "blank-line": lambda data, value: at_line(data, value, lambda line: line + b"\n"),
    "blank-line-end": lambda data, value: data + b"\n",
    "bad-utf8": lambda data, value: at_line(data, value, lambda line: line + b"\xff"),
    "cp1251": lambda data, value: data.decode("utf-8").encode("cp1251", "replace"),
    "utf16": lambda data, value: data.decode("utf-8").encode("utf-16"),
    "nul": lambda data, value: at_line(data, value, lambda line: line + b"\0"),
    "bytes-after": lambda data, value: at_line(data, "2", lambda line: line + value.encode("utf-8")),
    "open-quote": lambda data, value: at_line(data, value, lambda line: b'"' + line),
    "quoted": lambda data, value: at_line(data, value, lambda line: b'"' + line.replace(b",", b'",', 1)),
    "quote-junk": lambda data, value: at_line(data, value, lambda line: b'"' + line.replace(b",", b'"x,', 1)),
    "bare-quote": lambda data, value: at_line(data, value, lambda line: line + b'x"y'),
    "semicolon": lambda data, value: data.replace(b",", b";"),
    "truncate": lambda data, value: b"\n".join(data.split(b"\n")[: int(value)]).rsplit(b",", 1)[0],
    "empty-file": lambda data, value: b"",
    "json-comma": lambda data, value: data.replace(b"{", b"{,", 1),
    "json-double-key": lambda data, value: data.replace(b"{", b'{"$schema": "", ', 1),
    "json-nan": lambda data, value: data.replace(b"{", b'{"x": NaN, ', 1),
    "json-deep": lambda data, value: b"[" * 100_000,
    "text-replace": lambda data, value: data.replace(*(part.encode("utf-8") for part in value.split(">>>")), 1),
    "rule-sql": lambda data, value: re.sub(rb'(?s)sql = """.*?"""', f'sql = """{value}"""'.encode(), data, count=1),
    "remove-file": lambda data, value: None,
}


def change_json(copy: Copy, fault: Fault) -> None:
    """Set, delete or rename the value at `column`, a path such as `fields.2.name`, in the JSON file `table`."""
    *way, last = fault.column.split(".")

    def change(value) -> None:
        for step in way:
            value = value[int(step)] if isinstance(value, list) else value[step]
        key = int(last) if isinstance(value, list) else last
        if fault.change == "json":
            value[key] = json.loads(fault.value)
        elif fault.change == "json-delete":
            del value[key]
        else:
            value[fault.value] = value.pop(key)

    copy.edit_json(fault.table, change)


def expectations(copy: Copy, fault: Fault, line: int, old: dict[str, str]) -> set[tuple[str, str, int, str]]:
    """The findings that `expect` lists, as (rule, file, line, column).

    Items are separated by `;`. An item is `RULE COLUMN LINE`, each but the rule optional: `-` stands for no column;
    LINE is `row` (the changed row, the default where there is a column), `+N` after it, a number, `end` for the
    last line the file had and `end+1` for the one after, another file, `@TEXT` for the first line of the file that has
    a text, or `TABLE:a=b` for every row of a table where a condition holds, with `{column}` for a cell of the changed
    row as it was.
    """
    found = set()
    for item in filter(None, (part.strip() for part in fault.expect.split(";"))):
        rule, column, where = ([*item.split(" "), "", ""])[:3]
        column = "" if column == "-" else column
        file = fault.table if "." in fault.table else copy.resource(fault.table)["path"]
        if ":" in where:  # a row of another table
            table, condition = where.split(":", 1)
            rows = copy.rows(table)
            for index, row in enumerate(rows[1:], 2):
                if holds(dict(zip(rows[0], row, strict=True)), condition.format(**old)):
                    found.add((rule, copy.resource(table)["path"], index, column))
        elif where.startswith("@"):  # the first line of the file that has this, blanks left out
            lines = (copy.root / file).read_text("utf-8").splitlines()
            here = next(number for number, text in enumerate(lines, 1) if where[1:] in text.replace(" ", ""))
            found.add((rule, file, here, column))
        elif where.endswith((".json", ".csv", ".toml")):
            found.add((rule, where, 0, column))
        elif where.startswith("+"):
            found.add((rule, file, line + int(where), column))
        elif where.startswith("end"):
            end = copy.lines_before + int(where[3:] or 0)
            found.add((rule, file, end, column))
        elif where.isdigit():
            found.add((rule, file, int(where), column))
        else:
            found.add((rule, file, line if column or where == "row" else 0, column))
    return found


def found(findings: list[Finding]) -> set[tuple[str, str, int, str]]:
    return {(one.rule, one.file, one.line, one.column) for one in findings}
