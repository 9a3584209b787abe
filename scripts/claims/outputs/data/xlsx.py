"""dist/PACKAGE.xlsx: workbook for Excel and LibreOffice, a sheet per view and table.

Text is written as text and never guessed at, so that no cell becomes a formula, a link, a number or a date. Dates are
text too: a spreadsheet knows neither days before 1900 nor dates without a day.
"""

import io
from datetime import datetime

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from ...citation import as_text, of_package
from ...package import Package, Unusable
from ...views import Relation
from ..page.answers import cautions

LONGEST_CELL = 32_767  # a longer one does not fit into the format
LONGEST_NAME = 31
LONG = 60  # letters; a column with longer cells is wider and breaks its lines
PLAIN = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True}
WIDTHS = {"string": 24, "date": 12, "integer": 10, "number": 12, "boolean": 10}


def build(package: Package) -> dict[str, bytes]:
    relations = package.relations
    views_first = sorted(relations, key=lambda relation: relation.name in package.tables)
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, PLAIN) as book:
        book.set_properties(properties(package))
        formats = {
            "head": book.add_format({"bold": True, "bottom": 1}),
            "text": book.add_format({"num_format": "@"}),  # what is typed in later stays text as well
            "long": book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"}),
            "plain": None,
        }
        add_sheet(book.add_worksheet("read me"), formats, read_me(package, views_first))
        sheets = {view.name: book.add_worksheet(view.name[:LONGEST_NAME]) for view in views_first}
        for relation in relations:  # tables before the views that repeat their cells, so that an error names the table
            add_sheet(sheets[relation.name], formats, relation)
        add_sheet(book.add_worksheet("columns"), formats, columns(views_first))
    return {f"dist/{package.name}.xlsx": buffer.getvalue()}


def properties(package: Package) -> dict:
    """What a file manager shows; the date is that of the package, because the clock is not part of the input."""
    created = datetime.fromisoformat(package.descriptor["created"]).replace(tzinfo=None)
    return {"title": package.descriptor["title"], "subject": f"version {package.version}", "created": created}


def add_sheet(sheet: Worksheet, formats: dict, relation: Relation) -> None:
    """Header and rows of one relation, each cell by the type of its column; an empty cell stays empty."""
    for index, field in enumerate(relation.fields):
        text = field["type"] in ("string", "date")
        long = text and any(len(row[index] or "") > LONG for row in relation.rows)
        style = formats["long" if long else "text" if text else "plain"]
        sheet.set_column(index, index, LONG if long else WIDTHS[field["type"]], style)
        sheet.write_string(0, index, field["name"], formats["head"])
        for number, row in enumerate(relation.rows, 1):
            value = row[index]
            if value is None:
                continue
            if field["type"] == "boolean":
                sheet.write_boolean(number, index, bool(value))
            elif not text:
                sheet.write_number(number, index, value)
            elif len(value) <= LONGEST_CELL:
                sheet.write_string(number, index, value, style)
            else:
                where = f"{relation.name}.{field['name']} of {row[0]}"
                raise Unusable(f"{where} has {len(value)} characters, more than a workbook's cell takes: shorten it")
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, len(relation.rows), len(relation.fields) - 1)


def read_me(package: Package, relations: list[Relation]) -> Relation:
    """What the package is, and a line for every sheet."""
    given = package.descriptor
    rows: list[tuple] = [
        ("package", f"{package.name} {package.version}", given["title"], None),
        ("date", given["created"][:10], None, None),
        ("about", None, given["description"], None),
    ]
    rows += [("caution", None, caution, None) for caution in cautions(package)]
    rows.append(("how to cite", None, as_text(of_package(package)), None))
    rows += [("licence", licence["name"], licence.get("path"), None) for licence in given["licenses"]]
    rows.append(("empty cell", None, "Not given. Dates are text (EDTF, or ISO days) and stay as they are.", None))
    rows += [
        (
            "table" if relation.name in package.tables else "view",
            relation.name,
            relation.description,
            len(relation.rows),
        )
        for relation in relations
    ]
    return sheet_of("read me", ["what", "name", "description", ("rows", "integer")], rows)


def columns(relations: list[Relation]) -> Relation:
    """A line for every column of every sheet."""
    rows = [
        (relation.name, column["name"], column["type"], column["title"], column["description"])
        for relation in relations
        for column in relation.fields
    ]
    return sheet_of("columns", ["sheet", "column", "type", "title", "description"], rows)


def sheet_of(name: str, names: list, rows: list[tuple]) -> Relation:
    fields = [
        dict(zip(("name", "type"), (name, "string") if isinstance(name, str) else name, strict=True)) for name in names
    ]
    return Relation(name, name, "", [], fields, "", rows=rows)
