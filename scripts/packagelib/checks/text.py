"""Layer 1, bytes: a table is canonical when reading it and writing it again gives the same bytes.

Only for packages that name `conventions` in their descriptor; what makes a file unreadable is found
for every package, in content.py.
"""

import re
import unicodedata

from .. import canonical, csvtext, edtf
from ..content import BOM, Content, script
from ..findings import Finding
from ..package import Package

PLACEHOLDERS = {
    *("na", "n/a", "n.a.", "#n/a", "nan", "null", "none", "nil", "tbd", "?", "-", "–", "—", ".", "unknown"),
    *("нет", "нет данных", "н/д"),
}
# Four of five cells are of this kind, which no rule but that of placeholders minds; it halves the time of this layer.
PLAIN = re.compile(r"[A-Za-z0-9](?:[ -~]*[!-~])?")
FORMULA = re.compile(r"[=+\-@\t\r]")
# Letters, digits, and the marks that hold initials and apostrophes together; a hyphen parts two words.
WORD = re.compile(r"[^\W_]+(?:[.'’]+[^\W_]+)*")


def check(package: Package, contents: dict[str, Content]) -> list[Finding]:
    """Findings about the form of every table that could be read."""
    if not package.conventions:
        return []
    findings: list[Finding] = []
    for content in contents.values():
        findings += bytes_of_file(content)
        findings += cells(content)
    if all(content.regular for content in contents.values()) and len(contents) == len(package.tables):
        for content in contents.values():
            findings += derived(content)
            findings += order(content, contents)
        findings += codes_in_schemas(package, contents)
        findings += row_counts(package, contents)
    return findings


def bytes_of_file(content: Content) -> list[Finding]:
    """BOM, line ends, final newline, superfluous quotes, a table without rows."""
    path, text = content.table.path, content.text
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
    elif content.header == content.table.field_names:  # columns that are off are the next layer's finding
        again = csvtext.write([content.header, *(line.cells for line in content.lines)])
        number, found, wanted = first_difference(text, again) if again != text else (0, "", "")
        if found:  # so is a blank line
            findings.append(Finding("quoting", path, f"written canonically: {wanted}", number, value=found))
    if not content.lines and not content.table.resource.get("mayBeEmpty"):
        findings.append(Finding("table-empty", path, "a header and no rows", line=1))
    return findings


def first_difference(text: str, again: str) -> tuple[int, str, str]:
    """Line number and both readings where two texts first part."""
    pairs = zip(text.split("\n"), again.split("\n"), strict=False)
    return next((n, a, b) for n, (a, b) in enumerate(pairs, 1) if a != b)


def cells(content: Content) -> list[Finding]:
    """What no cell may hold, header cells included."""
    findings = []
    types = {one["name"]: one.get("type") for one in content.table.fields}
    columns = [(index, name, types.get(name) == "string") for index, name in enumerate(content.header)]
    offences = {
        (index, cell): found
        for (index, _, is_text), distinct in zip(columns, content.distinct, strict=False)
        for cell in distinct
        if cell and (found := offence(cell, is_text))
    }
    offences |= {(index, name): found for index, name, is_text in columns if name and (found := offence(name, is_text))}
    for line in (csvtext.Line(1, content.header), *content.lines) if offences else ():
        for (index, column, _), cell in zip(columns, line.cells, strict=False):
            if (index, cell) in offences:
                rule, message = offences[index, cell]
                row = content.row_id(line) if line.number > 1 else ""
                place = {"line": line.number, "column": column.strip(), "row": row}
                findings.append(Finding(rule, content.table.path, message, value=cell, **place))
    return findings


def offence(cell: str, is_text: bool) -> tuple[str, str] | None:
    """The first rule of good form that a cell breaks, and how; None for a clean cell."""
    if PLAIN.fullmatch(cell) and cell.casefold() not in PLACEHOLDERS:
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
    return len({script(one) for one in set(text)} & {"LATIN", "CYRILLIC", "GREEK"}) > 1


def derived(content: Content) -> list[Finding]:
    """Dates that have the right shape and are no date, and derived cells that differ from what they must be."""
    findings = []
    fields = [one for one in content.table.fields if "derived" in one]
    sources = {one["derived"]["from"] for one in fields}
    patterns = {
        one["name"]: one.get("constraints", {}).get("pattern", "")
        for one in content.table.fields
        if one["name"] in sources
    }
    for line, row in content.records() if fields else ():
        place = {"line": line.number, "row": content.row_id(line)}
        for name, pattern in patterns.items():
            # a cell that already breaks its pattern is the next layer's finding
            if row[name] and re.fullmatch(pattern, row[name]):
                try:
                    edtf.bounds(row[name])
                except ValueError as error:
                    findings.append(
                        Finding("edtf", content.table.path, str(error), column=name, value=row[name], **place)
                    )
        for one in fields:
            try:
                wanted = canonical.derived_cell(one, row)
            except ValueError:
                continue
            if row[one["name"]] != wanted:
                message = f"must be {wanted or 'empty'}, by {one['derived']['from']}"
                value = row[one["name"]]
                findings.append(
                    Finding("derived", content.table.path, message, column=one["name"], value=value, **place)
                )
    return findings


def order(content: Content, contents: dict[str, Content]) -> list[Finding]:
    """The first row that is not where it belongs."""
    wanted = canonical.ordered(content.table, content.lines, contents)
    for found, right in zip(content.lines, wanted, strict=True):
        if found is not right:
            row = content.row_id(found)
            message = f"row '{row}' stands where '{content.row_id(right)}' belongs"
            return [Finding("row-order", content.table.path, message, line=found.number, row=row)]
    return []


def codes_in_schemas(package: Package, contents: dict[str, Content]) -> list[Finding]:
    """Fields whose list does not exist, and enums or categories that differ from the codes table."""
    findings = []
    lists = canonical.code_lists(package, contents)
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


def row_counts(package: Package, contents: dict[str, Content]) -> list[Finding]:
    """`rowCount` in the descriptor against the rows there are."""
    return [
        Finding(
            "row-count",
            content.table.path,
            f"the descriptor says {content.table.resource.get('rowCount')} rows, the file has {len(content.lines)}",
        )
        for content in contents.values()
        if content.table.resource.get("rowCount") != len(content.lines)
    ]
