"""The one right form of every file: rows in order, derived cells filled, codes in schemas, hashes sealed.

`fmt` writes this form and `validate` compares with it, so both use the functions here. No judged cell is
ever changed. What is derived, and how rows are ordered, the schemas say:

    "derived": {"by": "edtf_earliest", "from": "date_edtf"}     on a field
    "codeList": "phase"                                         on a field: its enum comes from the codes table
    "sortBy": ["segment_id.position", "statement_id"]           on a schema; default: its primary key
"""

import hashlib
import json
from collections.abc import Iterable

from . import csvtext, edtf
from .csvtext import Record
from .package import Package
from .table import Table
from .tabledata import TableData

UNUSED = "Not used yet."  # the note of a code that waits for its first use
DERIVATIONS = {
    "edtf_earliest": lambda text: edtf.bounds(text)[0],
    "edtf_latest": lambda text: edtf.bounds(text)[1],
}


def derived_cell(field: dict, source: str) -> str:
    """What a derived field must hold, given the cell it comes from. Raises ValueError when that cannot be read."""
    return DERIVATIONS[field["derived"]["by"]](source) if source else ""


def filled(data: TableData) -> list[Record]:
    """The records with their derived cells filled; a cell whose source cannot be read stays as it is."""
    derived = [(index, one) for index, one in enumerate(data.table.fields) if "derived" in one]
    result = []
    for line, cells in data.by_column():
        values = list(line.cells)
        for index, one in derived:
            try:
                values[index] = derived_cell(one, cells[one["derived"]["from"]])
            except ValueError:
                continue
        result.append(Record(line.number, values))
    return result


def ordered(package: Package, table: Table, lines: list[Record]) -> list[Record]:
    """The records in the order the schema asks for."""
    names = table.schema.get("sortBy") or table.primary_key
    keys = list(zip(*(sort_keys(package, table, lines, name) for name in names), strict=True))
    return [lines[number] for number in sorted(range(len(lines)), key=keys.__getitem__)]


def sort_keys(package: Package, table: Table, lines: list[Record], name: str) -> list:
    """The sort key of every record for one column, or for one column of the row it points to."""
    name, _, beyond = name.partition(".")
    index = table.field_names.index(name)
    cells = [line.cells[index] for line in lines]
    if not beyond:
        return numbers_or_texts(cells, table.fields[index]["type"])
    target, key = next((target, keys[0]) for columns, target, keys in table.foreign_keys if columns == [name])
    other = package.data[target]
    kind = other.table.fields[other.header.index(beyond)]["type"]
    of_key, of_value = (other.columns[other.header.index(one)] for one in (key, beyond))
    values = dict(zip(of_key, numbers_or_texts(of_value, kind), strict=True))
    of_nothing = numbers_or_texts(cells, kind)
    return [values.get(cell, own) for cell, own in zip(cells, of_nothing, strict=True)]


def numbers_or_texts(cells: Iterable[str], kind: str) -> list:
    """Sort keys: texts themselves; in a column of whole numbers those by value before anything that is none."""
    if kind != "integer":
        return list(cells)
    return [(0, int(cell), "") if cell.isascii() and cell.isdigit() else (1, 0, cell) for cell in cells]


def table_text(package: Package, data: TableData) -> str:
    """The canonical text of a table."""
    rows = ordered(package, data.table, filled(data))
    return csvtext.write([data.header, *(line.cells for line in rows)])


def with_examples(package: Package, data: TableData) -> TableData:
    """The codes table with the first use of a code as example where none is named or the one named uses it no more.

    The note of unused codes goes with the first use and comes back when the last one goes; other notes stay.
    """
    uses: dict[tuple[str, str], dict[str, None]] = {}
    for other in package.data.values():
        lists = [(index, one["codeList"]) for index, one in enumerate(other.table.fields) if "codeList" in one]
        for line in other.records:
            for index, name in lists:
                uses.setdefault((name, line.cells[index]), {})[other.row_id(line)] = None
    lines = []
    for line, cells in data.by_column():
        of_code = uses.get((cells["code_list"], cells["code"]), {})
        named, note = cells["example_id"], cells.get("note", "")
        example = named if named in of_code else next(iter(of_code), "")
        if example and note == UNUSED:
            note = ""
        elif named and not example:
            note = note or UNUSED
        values = {**cells, "example_id": example} | ({"note": note} if "note" in cells else {})
        lines.append(Record(line.number, list(values.values())))
    return TableData(data.table, data.text, data.header, lines)


def code_lists(package: Package) -> dict[str, list[dict[str, str]]]:
    """The codes table by list, each list in the order of its `position`."""
    data = package.read(package.conventions.get("codes", ""))
    if not data or not data.regular:
        return {}
    lists: dict[str, list[dict[str, str]]] = {}
    for _, cells in data.by_column():
        lists.setdefault(cells["code_list"], []).append(cells)
    for codes in lists.values():
        codes.sort(key=lambda cells: numbers_or_texts([cells["position"]], "integer"))
    return lists


def with_codes(schema: dict, lists: dict[str, list[dict[str, str]]]) -> dict:
    """A schema whose fields with a `codeList` carry that list as enum and labelled categories, and one as example."""
    fields = []
    for one in schema["fields"]:
        codes = lists.get(one["codeList"]) if "codeList" in one else None
        if codes:
            values = [code["code"] for code in codes]
            one = {
                **one,
                "example": one["example"] if one["example"] in values else values[0],
                "categories": [{"value": code["code"], "label": code["label_en"]} for code in codes],
                "constraints": {**one.get("constraints", {}), "enum": values},
            }
        fields.append(one)
    return {**schema, "fields": fields}


def seal(data: bytes, rows: int) -> dict:
    """What the descriptor says of a table's file: size in bytes, SHA-256, number of records."""
    return {"bytes": len(data), "hash": f"sha256:{hashlib.sha256(data).hexdigest()}", "rowCount": rows}


def described(table: Table) -> dict:
    """What the descriptor says of a table in words: its schema's titles and description, so that there is one text."""
    return {key: table.schema[key] for key in ("title", "titleRu", "description") if key in table.schema}


def json_text(value) -> str:
    """Canonical JSON text: two blanks a level, keys in the order given, one final newline."""
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"


def canonical_files(package: Package, only: set[str] | None = None) -> dict[str, bytes]:
    """Path to canonical bytes for every table (or those in `only`), its schema, and the descriptor."""
    files: dict[str, bytes] = {}
    lists = code_lists(package)
    resources = []
    for resource in package.descriptor["resources"]:
        table = package.tables.get(resource["name"])
        if table:
            resource = {**resource, **described(table)}
        if table and (only is None or table.name in only):
            data = package.data[table.name]
            if table.name == package.conventions["codes"]:
                data = with_examples(package, data)
            text = table_text(package, data).encode("utf-8")
            files[table.path] = text
            files[table.schema_path] = json_text(with_codes(table.schema, lists)).encode("utf-8")
            resource = {**resource, **seal(text, len(data.records))}
        resources.append(resource)
    files["datapackage.json"] = json_text({**package.descriptor, "resources": resources}).encode("utf-8")
    return files
