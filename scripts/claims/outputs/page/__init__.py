"""dist/site/index.html: the web page. One file that needs no server and no network and runs no code but its own.

page.html has the places that are filled here; page.css, chart.css and page.js go in as they are, with their hashes in
the page's security policy. What depends on the tables comes from the file that the conventions name as `site`.
"""

import base64
import hashlib
import json
import re
from dataclasses import replace
from html import escape
from pathlib import Path

from ... import views
from ...canonical import code_lists
from ...citation import Rows, as_bibtex, as_text, of_package
from ...package import Package
from ..data.csv_views import cell
from . import figures, queries, sections

FOLDER = Path(__file__).parent


def build(package: Package, downloads: dict[str, dict[str, bytes]]) -> dict[str, bytes]:
    """The page of a package; `downloads` are the files (path to bytes) that it offers, by the heading of each group."""
    answers = queries.ask(package)
    chart = source("chart.css")
    style, script = source("page.css") + chart, source("page.js")
    ids = set(answers.rows)
    title, _, subtitle = package.descriptor["title"].partition(": ")
    parts = {
        "policy": policy(script, style),
        "style": style,
        "script": script,
        "title": escape(title),
        "subtitle": escape(subtitle[:1].upper() + subtitle[1:]),
        "name": escape(package.name),
        "description": escape(str(package.descriptor.get("description", ""))),
        "cautions": "".join(f"<p>{escape(one)}</p>" for one in answers.cautions),
        "search": escape(answers.search),
        "version": escape(package.version),
        "created": escape(str(package.descriptor.get("created", ""))[:10]),
        "numbers": sections.numbers(answers.numbers),
        "questions": figures.questions(answers.pictures),
        "pictures": "".join(figures.figure(package, one) for one in answers.pictures),
        "disputed": sections.disputed(answers.disputed),
        "method": sections.document(package, "docs/METHOD.md", ids),
        "dictionary": sections.dictionary(package, code_lists(package)),
        "downloads": sections.downloads(downloads),
        "citation": escape(as_text(of_package(package))),
        "bibtex": escape(as_bibtex(of_package(package))),
        "licence": sections.licence(package),
        "report": sections.report(package),
        "changes": sections.document(package, "CHANGELOG.md", ids),
        "data": data(package, answers, chart),
    }
    page = re.sub(r"\{\{(\w+)\}\}", lambda match: parts[match[1]], source("page.html"))
    return {"dist/site/index.html": page.encode("utf-8")}


def source(name: str) -> str:
    return (FOLDER / name).read_text("utf-8")


def policy(script: str, style: str) -> str:
    """Nothing may be loaded, and nothing runs but what the page itself brings."""
    rules = ["default-src 'none'", "img-src data:", "base-uri 'none'", "form-action 'none'"]
    rules += [
        f"script-src {fingerprint(script)}",
        f"style-src {fingerprint(style)}",
        "require-trusted-types-for 'script'",
    ]
    return "; ".join(rules)


def fingerprint(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode('utf-8')).digest()).decode()}'"


def data(package: Package, answers: queries.Answers, chart: str) -> str:
    """Everything the explorer needs, as JSON that cannot end its element."""
    tables = [relation(package, one) for one in package.relations if not one.alias_of]
    dates = {
        cell: queries.say(cell)
        for one in tables
        for place, field in enumerate(one["fields"])
        if field["name"].endswith("_edtf")
        for cell in sorted({row[place] for row in one["rows"]} - {""})
    }
    value = {
        "package": {
            "name": package.name,
            "version": package.version,
        },
        "tables": tables,
        "codes": {
            name: {one["code"]: [one["label_en"], one["label_ru"], one["definition_en"]] for one in codes}
            for name, codes in code_lists(package).items()
        },
        "rows": answers.rows,
        "cited": cited(package),
        "dates": dates,
        "filters": answers.filters,
        "columns": answers.columns,
        "first": answers.first,
        "together": answers.together,
        "chart": chart,
    }
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")


def cited(package: Package) -> dict:
    """How to cite every row, and where in the article it is; what all citations say is kept once, with gaps."""
    rows = Rows(package)
    words = {one: rows.in_words(table, one) for one, table in rows.table_of.items()}
    places = {one: rows.place(table, one) for one, table in rows.table_of.items()}
    gaps = replace(of_package(package), row_id="{id}", words="{words}")
    order = {place: number for number, place in enumerate(dict.fromkeys(places.values()))}
    return {
        "texts": [as_text(gaps), as_text(replace(gaps, place="{place}"))],
        "places": list(order),
        "rows": {one: [words[one].removesuffix("."), order[places[one]]] for one in words},
    }


def relation(package: Package, one: views.Relation) -> dict:
    """A table or view with its columns and its cells, written as in the CSV files."""
    table = package.tables.get(one.name)
    targets = {own[0]: target for own, target, _ in table.foreign_keys} if table else {}
    kinds = [field["type"] for field in one.fields]
    return {
        "name": one.name,
        "title": one.title,
        "title_ru": table.resource.get("titleRu", "") if table else "",
        "description": one.description,
        "key": one.key,
        "view": table is None,
        "fields": [
            {
                "name": field["name"],
                "title": field.get("title", field["name"]),
                "title_ru": field.get("titleRu", ""),
                "description": field.get("description", ""),
                "type": field["type"],
                "list": field.get("codeList", ""),
                "target": targets.get(field["name"], ""),
                "derived": "derived" in field,
            }
            for field in one.fields
        ],
        "rows": [[cell(value, kind) for value, kind in zip(row, kinds, strict=True)] for row in one.rows],
    }
