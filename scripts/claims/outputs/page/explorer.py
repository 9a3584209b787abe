"""The data block of the page: tables by column, without what the page says already; views without what tables say."""

import json
from dataclasses import replace

from ... import csvtext
from ...citation import Rows, as_text, of_package
from ...package import Package
from ...views import Relation
from ..data.csv_views import cell
from .answers import bounds
from .sections import Sections
from .words import say

SAID = ("#", "^")  # beginnings of the marks of what the page says, see Sections.said
OFTEN = 0.5  # of the cells of a column: where fewer are different, each stands once


def block(package: Package, rows: Rows, sections: Sections, lists: dict, said: dict) -> str:
    """JSON that cannot end its element. The explorer, the panel of a row and the search read it.

    `said` has the texts that the page shows with the id of their row: table, column, then id.
    """
    settings, language = sections.answers.settings, sections.language
    views, omitted = (settings.get("explorer", {}).get(name, []) for name in ("views", "omit"))
    codes = package.conventions.get("codes", "")  # the dictionary has them
    relations = [
        one for one in package.relations if (one.name in package.tables and one.name != codes) or one.name in views
    ]
    keys = {table.primary_key[0]: name for name, table in package.tables.items() if len(table.primary_key) == 1}
    columns = {one.name: by_column(one) for one in relations}
    places = {one: rows.place(table, one) for one, table in rows.table_of.items()}
    order = {place: number for number, place in enumerate(dict.fromkeys(places.values()))}
    gaps = replace(of_package(package), row_id="{id}", words="{words}")
    tables = []
    for one in relations:
        table = package.tables.get(one.name)
        entry = relation(one, table, keys, columns, language, said.get(one.name, {}), omitted)
        entry["label"] = settings["labels"].get(one.name, {}).get(language, [])
        if table:
            entry["words"] = [table.schema.get("leadIn", ""), table.schema.get("inWords", "")]
            entry["places"] = [order[places[row_id]] for row_id in rows.rows[one.name]]
        tables.append(entry)
    value = {
        "language": language,
        "package": {
            "name": package.name,
            "version": package.version,
            "homepage": package.descriptor.get("homepage", ""),
        },
        "tables": tables,
        "retired": package.conventions.get("retired", ""),
        "cited": [as_text(gaps), as_text(replace(gaps, place="{place}"))],
        "places": list(order),
        "english": english(package, lists) if language != "en" else {},
        "dates": {
            date: [say(date, language), *(day or "" for day in bounds(date))] for date in dates(columns, relations)
        },
        "claims": settings.get("claims", {}).get("table", ""),
        "colours": [
            {
                "id": colour["id"],
                "title": colour["title"],
                "classes": [{key: one[key] for key in ("code", "label", "style", "sign")} for one in colour["classes"]],
                "of": [colour["classes"].index(colour["of"][claim["id"]]) for claim in sections.claims],
            }
            for colour in sections.colours
        ],
        "filters": [filter_(sections, entry) for entry in settings["filter"]],
        "columns": settings["columns"],
        "search": settings["search"],
        "first": settings.get("panel", {}).get("first", []),
    }
    return as_json(value)


def english(package: Package, lists: dict) -> dict[str, str]:
    """The English names of the codes that citations say, on pages in another language: LIST/CODE to name."""
    said = {
        field["codeList"]
        for table in package.tables.values()
        for field in table.fields
        if "codeList" in field and f"{{{field['name']}}}" in table.schema.get("inWords", "")
    }
    return {f"{name}/{one['code']}": one["label_en"] for name in sorted(said) for one in lists.get(name, [])}


def as_json(value) -> str:
    """JSON for an element of a page: no `<` in it, so that nothing in it can end it or begin a comment."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")


def by_column(one: Relation) -> dict[str, list[str]]:
    """The cells of each column as the CSV files have them."""
    return {
        field["name"]: [cell(row[place], field["type"]) for row in one.rows] for place, field in enumerate(one.fields)
    }


def relation(one: Relation, table, keys: dict, columns: dict, language: str, said: dict, omitted: list[str]) -> dict:
    """A table or view with its columns. A column that can be had from elsewhere says where instead of its cells."""
    own = columns[one.name]
    pointing = {key[0]: target for key, target, _ in table.foreign_keys} if table else targets(own, keys, columns)
    fields = []
    for field in one.fields:
        name = field["name"]
        if f"{one.name}.{name}" in omitted:
            continue
        path = shown(name, own, one.key, said) if table else way(name, own, pointing, columns)
        path = path or day_of(name, own)
        entry = {
            "name": field["name"],
            "title": field.get("titleRu" if language == "ru" else "title") or field.get("title", field["name"]),
            "type": field["type"],
            "list": field.get("codeList", ""),
            "target": pointing.get(field["name"], ""),
            "path": path,
            "about": "" if table else field.get("description", ""),
            "cells": packed(unsaid(name, own, one.key, said))
            if path.startswith(SAID)
            else ""
            if path
            else packed(own[name]),
        }
        fields.append({name: value for name, value in entry.items() if value})
    resource = table.resource if table else {}
    return {
        "name": one.name,
        "title": (resource.get("titleRu") if language == "ru" else None) or one.title,
        "key": one.key,
        "view": table is None,
        "about": one.description,
        "fields": fields,
        "count": len(one.rows),
    }


def packed(cells: list[str]) -> list[str] | dict:
    """A column as its cells, or, where the same come often, as the different ones and the place of each among them; an
    empty list for one without any."""
    different = list(dict.fromkeys(cells))
    if not any(different):
        return []
    if len(different) > len(cells) * OFTEN:
        return cells
    place = {cell: number for number, cell in enumerate(different)}
    return {"of": different, "at": " ".join(str(place[cell]) for cell in cells)}


def shown(name: str, own: dict, key: list[str], said: dict) -> str:
    """The mark of a column of which the page says cells, if it says no other of any row; otherwise nothing."""
    mark, texts = said.get(name, ("", {}))
    rows = zip(own[key[0]], own[name], strict=True)
    return mark if texts and all(texts.get(row_id, text) == text for row_id, text in rows) else ""


def unsaid(name: str, own: dict, key: list[str], said: dict) -> list[str]:
    """The cells of a column of which the page says the others."""
    texts = said[name][1]
    return ["" if row_id in texts else text for row_id, text in zip(own[key[0]], own[name], strict=True)]


def day_of(name: str, own: dict) -> str:
    """`DATE_edtf|1` or `|2`, where a column is the first or last day of another one's dates."""
    stem, _, end = name.rpartition("_")
    number = {"earliest": 1, "latest": 2}.get(end)
    of = own.get(f"{stem}_edtf")
    if not of or not number:
        return ""
    return f"{stem}_edtf|{number}" if [bounds(date)[number - 1] or "" for date in of] == own[name] else ""


def targets(own: dict, keys: dict[str, str], columns: dict) -> dict[str, str]:
    """The table that a column of a view points to: its name ends in the name of that table's key."""
    found = {}
    for name, cells in own.items():
        for key, table in keys.items():
            if (name == key or name.endswith(f"_{key}")) and set(filter(None, cells)) <= set(columns[table][key]):
                found[name] = table
    return found


def way(name: str, own: dict, pointing: dict[str, str], columns: dict) -> str:
    """`key.column`, where a row that the key points to has in every row the very cell; empty where none has."""
    if name in pointing:
        return ""
    for key, table in pointing.items():
        ids = columns[table][next(iter(columns[table]))]
        index = {row_id: place for place, row_id in enumerate(ids)}
        for column in sorted(columns[table], key=lambda column: column != name):
            cells = columns[table][column]
            if own[name] == [cells[index[row_id]] if row_id else "" for row_id in own[key]]:
                return f"{key}.{column}"
    return ""


def dates(columns: dict, relations: list[Relation]) -> list[str]:
    """Every date that a column holds whose name says that it holds dates."""
    names = [(one.name, field["name"]) for one in relations for field in one.fields if field["name"].endswith("_edtf")]
    return sorted({date for table, name in names for date in columns[table][name]} - {""})


def filter_(sections: Sections, entry: dict) -> dict:
    """A facet: several columns as one, or values of each row, or first and last day of its span."""
    title = entry["title_ru"] if sections.language == "ru" else entry["title"]
    named = {"id": entry["id"], "title": title, "tables": entry["tables"]}
    if "columns" in entry:
        return {**named, "columns": entry["columns"]}
    rows = sections.answers.select("filter", entry)
    span = bool(rows) and "first" in rows[0]
    found: dict[str, list] = {}
    for row in rows:
        found.setdefault(row["id"], []).extend([row["first"], row["last"]] if span else [row["value"]])
    return {**named, "span": span, "rows": found}


def charts(sections: Sections) -> dict[str, bytes]:
    """The rows behind each picture as CSV with ids, dates as EDTF and as days, one fact a column, by name."""
    found = {}
    for name, rows in {
        "claims": [
            {"claim_id": claim["id"], "section": claim["section_code"], "paragraph": claim["paragraph"]}
            | {colour["id"]: colour["of"][claim["id"]]["code"] for colour in sections.colours}
            for claim in sections.claims
        ],
        "promises": sections.answers.rows("promises"),
        "evidence": sections.answers.rows("promises.evidence"),
        "disputed": sections.answers.rows("disputed"),
        "when": sections.answers.rows("when"),
        "where": sections.answers.rows("where"),
        "who": sections.answers.rows("who"),
    }.items():
        if rows:
            header = list(rows[0])
            found[name] = csvtext.write([header, *([text(row[key]) for key in header] for row in rows)]).encode("utf-8")
    return found


def text(value) -> str:
    return cell(value, "string" if isinstance(value, str) else "number")
