"""Layer 1, bytes: a table is canonical when reading it and writing it again gives the same bytes.

Only for packages that name `conventions` in their descriptor; what makes a file unreadable is found
for every package, in tabledata.py.
"""

import re
import unicodedata
from collections.abc import Sequence
from functools import cache

from .. import canonical, csvtext, edtf
from ..findings import Finding
from ..package import Package
from ..tabledata import BOM, CSV, TableData, dialect

PLACEHOLDERS = {
    *("na", "n/a", "n.a.", "#n/a", "nan", "null", "none", "nil", "tbd", "?", "-", "–", "—", ".", "unknown"),
    *("нет", "нет данных", "н/д"),
}
LONGEST_PLACEHOLDER = max(map(len, PLACEHOLDERS))
# Four of five cells are of this kind, which no rule but that of placeholders minds; it halves the time of this layer.
PLAIN = re.compile(r"[A-Za-z0-9](?:[ -~]*[!-~])?")
FORMULA = re.compile(r"[=+\-@\t\r]")
MIXABLE = {"LATIN", "CYRILLIC", "GREEK"}
# Letters, digits, and the marks that hold initials and apostrophes together; a hyphen parts two words.
WORD = re.compile(r"[^\W_]+(?:[.'’]+[^\W_]+)*")


def check(package: Package) -> list[Finding]:
    """Findings about the form of every table that could be read."""
    if not package.conventions:
        return []
    findings: list[Finding] = []
    for data in package.data.values():
        findings += bytes_of_file(data)
        findings += cells(data)
    if all(data.regular for data in package.data.values()) and len(package.data) == len(package.tables):
        for data in package.data.values():
            findings += derived(data)
            findings += order(package, data)
        findings += codes_in_schemas(package)
        findings += row_counts(package)
        findings += descriptions(package)
    return findings


def bytes_of_file(data: TableData) -> list[Finding]:
    """BOM, line ends, final newline, superfluous quotes, a table without rows."""
    path, text = data.table.path, data.text
    findings = []
    if text.startswith(BOM):
        findings.append(Finding("bom", path, "the file begins with a byte order mark", line=1))
        text = text.removeprefix(BOM)
    if "\r" in text:
        line = len(re.split(r"\r\n?|\n", text[: text.index("\r")]))
        count = text.count("\r")
        findings.append(Finding("line-ending", path, f"{count} carriage returns, the first here", line=line))
    elif not text.endswith("\n"):
        findings.append(Finding("final-newline", path, "the last line has no end", line=text.count("\n") + 1))
    elif data.header == data.table.field_names:  # columns that are off are the next layer's finding
        number, found, wanted = first_difference(text, data)
        if found:  # so is a blank line
            findings.append(Finding("quoting", path, f"written canonically: {wanted}", number, value=found))
    if not data.records and not data.table.resource.get("mayBeEmpty"):
        findings.append(Finding("table-empty", path, "a header and no rows", line=1))
    return findings


def first_difference(text: str, data: TableData) -> tuple[int, str, str]:
    """Number of the first line that is not as it would be written, as it is, and as it should be; or 0 and nothing.

    Between commas only records with a quote can differ, one of eight; to write them all anew took six times as long.
    """
    found = text.split("\n")
    other_dialect = dialect(data.table) != CSV
    for start, cells in (csvtext.Record(1, data.header), *data.records):
        if other_dialect or '"' in found[start - 1]:
            for number, wanted in enumerate(csvtext.write([cells]).split("\n")[:-1], start):
                if found[number - 1] != wanted:
                    return number, found[number - 1], wanted
    return 0, "", ""


def cells(data: TableData) -> list[Finding]:
    """What no cell may hold, header cells included."""
    findings = []
    types = {one["name"]: one.get("type") for one in data.table.fields}
    columns = [(index, name, types.get(name) == "string") for index, name in enumerate(data.header)]
    offences = {
        (index, cell): found
        for (index, _, is_text), distinct in zip(columns, data.distinct, strict=True)
        for cell in distinct
        if cell and (found := offence(cell, is_text))
    }
    offences |= {(index, name): found for index, name, is_text in columns if name and (found := offence(name, is_text))}
    for line in (csvtext.Record(1, data.header), *data.records) if offences else ():
        for (index, column, _), cell in zip(columns, line.cells, strict=False):
            if (index, cell) in offences:
                rule, message = offences[index, cell]
                row = data.row_id(line) if line.number > 1 else ""
                place = {"line": line.number, "column": column.strip(), "row": row}
                findings.append(Finding(rule, data.table.path, message, value=cell, **place))
    return findings


def offence(cell: str, is_text: bool) -> tuple[str, str] | None:
    """The first rule of good form that a cell breaks, and how; None for a clean cell."""
    if PLAIN.fullmatch(cell) and (len(cell) > LONGEST_PLACEHOLDER or cell.casefold() not in PLACEHOLDERS):
        return None
    if "\n" in cell or "\r" in cell:
        return "line-break", "a line break in a cell"
    if invisible := next((one for one in cell if is_invisible(one)), None) if maybe_invisible(cell) else None:
        return "invisible-character", f"holds U+{ord(invisible):04X} {unicodedata.name(invisible, 'unnamed')}"
    if cell != cell.strip():
        return "surrounding-blank", "a blank at the beginning or end"
    if not unicodedata.is_normalized("NFC", cell):
        return "not-nfc", "not in Unicode normalisation form C"
    if cell.casefold() in PLACEHOLDERS:
        return "placeholder", "a placeholder where an empty cell means 'not given'"
    if is_text and FORMULA.match(cell):
        return "formula", f"begins with '{cell[0]}', which a spreadsheet may run"
    if mixed := mixed_script_word(cell):
        return "mixed-script", f"the word '{mixed}' mixes alphabets"
    return None


def maybe_invisible(cell: str) -> bool:
    """Whether a cell needs a look at each character, which takes forty times as long as this."""
    return not cell.isprintable() or "\ufffd" in cell


def is_invisible(character: str) -> bool:
    """Controls, formats (zero-width, soft hyphen, bidi), blanks other than the plain one, and U+FFFD."""
    category = unicodedata.category(character)
    return (
        category in ("Cc", "Cf", "Zl", "Zp", "Co", "Cn")
        or character == "\ufffd"
        or (category == "Zs" and character != " ")
    )


def mixed_script_word(cell: str) -> str:
    """The first word of a cell whose letters belong to more than one of Latin, Cyrillic and Greek."""
    if cell.isascii() or not mixed(cell):
        return ""
    return next(filter(mixed, WORD.findall(cell)), "")


def mixed(text: str) -> bool:
    return len(MIXABLE.intersection(map(script, set(text)))) > 1


def derived(data: TableData) -> list[Finding]:
    """Dates that have the right shape and are no date, and derived cells that differ from what they must be."""
    columns = dict(zip(data.header, data.columns, strict=True))
    fields = {one["name"]: one for one in data.table.fields}
    findings = []
    for name in {one["derived"]["from"] for one in fields.values() if "derived" in one}:
        pattern = fields[name].get("constraints", {}).get("pattern", "")
        # a cell that already breaks its pattern is the next layer's finding
        shaped = {cell for cell in set(columns[name]) if cell and re.fullmatch(pattern, cell)}
        findings += wherever(data, "edtf", name, columns[name], {cell: not_a_date(cell) for cell in shaped})
    for name, one in fields.items():
        if "derived" in one:
            pairs = list(zip(columns[name], columns[one["derived"]["from"]], strict=True))
            findings += wherever(data, "derived", name, pairs, {pair: differs(one, *pair) for pair in set(pairs)})
    return findings


def wherever(data: TableData, rule: str, column: str, looked_at: Sequence, messages: dict) -> list[Finding]:
    """A finding for every record in which what was looked at has a message."""
    wrong = {one: message for one, message in messages.items() if message}
    index, path = data.header.index(column), data.table.path
    return [
        Finding(rule, path, wrong[one], line.number, column, line.cells[index], data.row_id(line))
        for line, one in zip(data.records, looked_at, strict=True)
        if one in wrong
    ]


def not_a_date(cell: str) -> str:
    """Why a cell is no date; empty when it is one."""
    try:
        edtf.bounds(cell)
    except ValueError as error:
        return str(error)
    return ""


def differs(field: dict, found: str, source: str) -> str:
    """What a derived cell must be instead; empty when it is that, or when its source cannot be read."""
    try:
        wanted = canonical.derived_cell(field, source)
    except ValueError:
        return ""
    return "" if found == wanted else f"must be {wanted or 'empty'}, by {field['derived']['from']}"


def order(package: Package, data: TableData) -> list[Finding]:
    """The first row that is not where it belongs."""
    wanted = canonical.ordered(package, data.table, data.records)
    for found, right in zip(data.records, wanted, strict=True):
        if found is not right:
            row = data.row_id(found)
            message = f"row '{row}' stands where '{data.row_id(right)}' belongs"
            return [Finding("row-order", data.table.path, message, line=found.number, row=row)]
    return []


def codes_in_schemas(package: Package) -> list[Finding]:
    """Fields whose list does not exist, and enums or categories that differ from the codes table."""
    findings = []
    lists = canonical.code_lists(package)
    for table in package.tables.values():
        for found, wanted in zip(table.fields, canonical.with_codes(table.schema, lists)["fields"], strict=True):
            place = {"file": table.schema_path, "column": found["name"]}
            if "codeList" in found and found["codeList"] not in lists:
                message = "the codes table has no list of this name"
                findings.append(Finding("code-list", message=message, value=found["codeList"], **place))
            elif found != wanted:
                message = f"enum or categories differ from list '{found['codeList']}' of the codes table"
                findings.append(Finding("codes-in-schema", message=message, **place))
    return findings


def row_counts(package: Package) -> list[Finding]:
    """`rowCount` in the descriptor against the rows there are."""
    return [
        Finding(
            "row-count",
            data.table.path,
            f"the descriptor says {data.table.resource.get('rowCount')} rows, the file has {len(data.records)}",
        )
        for data in package.data.values()
        if data.table.resource.get("rowCount") != len(data.records)
    ]


def descriptions(package: Package) -> list[Finding]:
    """Titles and descriptions of tables in the descriptor against those of their schemas."""
    return [
        Finding(
            "table-description", "datapackage.json", f"{table.schema_path} says otherwise", column=key, row=table.name
        )
        for table in package.tables.values()
        for key, text in canonical.described(table).items()
        if table.resource.get(key) != text
    ]


@cache
def script(character: str) -> str:
    """LATIN, CYRILLIC, GREEK, HANGUL … for a letter; empty for anything else."""
    return unicodedata.name(character, "").split(" ")[0] if character.isalpha() else ""
