"""dist/site/: the web page, index.html in English and ru.html in Russian. Each needs no server and no network.

The page is whole without scripts: templates/ has its parts, css/ its looks, js/ what scripts add (search, explorer, the
panel of a row, pictures to save). What depends on the tables comes from the file that the conventions name as `site`.
"""

import base64
import hashlib
from functools import cache, partial
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from ...canonical import code_lists
from ...citation import Rows, as_bibtex, as_text, of_package
from ...package import Package
from ..catalogues import schema_org
from . import claimsmap, documents, explorer, hosted
from .answers import Answers, cautions
from .sections import Sections, files, heat
from .words import plural, plural_ru, say, visible

FOLDER = Path(__file__).parent
LANGUAGES = {"en": ("index.html", "EN"), "ru": ("ru.html", "RU")}
STYLES = ("page.css", "charts.css", "print.css")
SCRIPTS = ("minisearch.js", "data.js", "elements.js", "search.js", "explorer.js", "row.js", "save.js", "page.js")
TONES = {  # of the classes of a colouring: fill and line, as variables of charts.css
    "blue": ("--blue", "--blue"),
    "pale": ("--pale", "--pale"),
    "ochre": ("--ochre", "--ochre"),
    "red": ("--red", "--red"),
    "redring": ("--paper", "--red"),
    "grey": ("--grey", "--grey"),
    "none": ("--paper", "--line"),
    "dashed": ("--paper", "--line"),
}
ON = {"blue": "--paper", "red": "--paper", "redring": "--red", "none": "--ink", "dashed": "--ink"}  # of a sign


def build(package: Package, downloads: dict[str, dict[str, bytes]]) -> dict[str, bytes]:
    """The page in every language, the rows of its pictures as CSV and, where it is hosted, a page a claim.

    `downloads` are the files (path to bytes) that it offers, by the heading of each group. Raises Unusable for settings
    that do not fit the tables.
    """
    answers = Answers(package)
    pages = {
        f"dist/site/{file}": page(package, answers, downloads, language).encode("utf-8")
        for language, (file, _) in LANGUAGES.items()
    }
    english = Sections(package, answers, "en")
    charts = {f"dist/site/charts/{name}.csv": data for name, data in explorer.charts(english).items()}
    return pages | charts | hosted.pages(package, english, templates("en"), cautions(package))


def page(package: Package, answers: Answers, downloads: dict[str, dict[str, bytes]], language: str) -> str:
    """The page in one language."""
    lists = code_lists(package)
    sections = Sections(package, answers, language)
    t, number = sections.t, partial(counted, language)
    # what the page has a place for; links go nowhere else
    reading, promises, disputed = sections.reading(), sections.promises(), sections.disputed()
    when, where, who = sections.when(), sections.where(), sections.who()
    homes = {row["id"] for row in promises["promises"]}
    indexes = sections.indexes(homes)
    places = homes | {row["id"] for index in indexes for row in index["rows"]}
    places |= {row["id"] for found in (when["when"], where["where"], disputed["inside"]) for row in found}
    places |= {row["id"] for group in who["who"] for row in group["rows"]}
    sentences = [one for section in reading for paragraph in section["paragraphs"] for one in paragraph["sentences"]]
    checks = [check for one in sentences for claim in one["claims"] for check in claim["checks"]]
    places |= {one["id"] for one in (*sentences, *sections.claims, *checks)}
    said = sections.said(sections.claims, checks, disputed["inside"])
    style = "".join(source(f"css/{name}") for name in STYLES) + colours(sections)
    script = "(() => {\n" + "\n".join(plain(source(f"js/{name}")) for name in SCRIPTS) + "\n})();\n"
    descriptor = package.descriptor
    values = {
        "t": t,
        "count": number,
        "heat": heat,
        "language": language,
        "languages": [{"code": code, "file": file, "name": name} for code, (file, name) in LANGUAGES.items()],
        "package": {
            "name": package.name,
            "version": package.version,
            "created": str(descriptor.get("created", ""))[:10],
            "homepage": descriptor.get("homepage", ""),
            "licenses": descriptor.get("licenses", []),
        },
        "short": sections.short(),
        "lead": sections.lead(),
        "reach": sections.reach(),
        "findings": sections.findings(),
        "cautions": cautions(package, language),
        "colours": sections.colours,
        "claims": sections.claims,
        "sections": sections.map(),
        "widest": claimsmap.WIDEST,
        "reading": reading,
        **promises,
        **disputed,
        **when,
        **where,
        **who,
        "indexes": indexes,
        "places": places,
        "article_language": article_language(package),
        "method": documents.document(package, "docs/METHOD.md", places),
        "changes": documents.document(package, "CHANGELOG.md", places),
        "tables": dictionary(package, language),
        "code_lists": codes(lists, language),
        **files(downloads, lambda n: number(n, "file", "files", "файл", "файла", "файлов")),
        "citation": as_text(of_package(package)),
        "bibtex": as_bibtex(of_package(package)),
        "policy": policy(script, style),
        "style": Markup(style),
        "script": Markup(script),
        "jsonld": Markup(explorer.as_json(dataset(package))),
        "data": Markup(explorer.block(package, Rows(package), sections, lists, said)),
    }
    return templates(language).get_template("page.html").render(values)


@cache
def templates(language: str) -> Environment:
    """The templates; every text goes in escaped, and characters that nobody sees as their numbers."""
    found = Environment(
        loader=FileSystemLoader(FOLDER / "templates"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
        finalize=lambda value: visible(value) if type(value) is str else value,
    )
    found.filters["cap"] = lambda text: text[:1].upper() + text[1:]
    found.filters["say"] = lambda text: say(text, language)
    found.filters["web"] = lambda address: bool(address) and address.lower().startswith(("https://", "http://"))
    return found


def source(name: str) -> str:
    return (FOLDER / name).read_text("utf-8")


def plain(script: str) -> str:
    """A script without indentation and without lines that are comments; licences (`/*!`) stay."""
    lines = (line.strip() for line in script.splitlines())
    return "\n".join(line for line in lines if line and not line.startswith("//"))


def counted(language: str, number: int, one: str, many: str, one_ru: str, few_ru: str, many_ru: str) -> str:
    """A number with its noun."""
    return plural_ru(number, one_ru, few_ru, many_ru) if language == "ru" else plural(number, one, many)


def policy(script: str, style: str) -> str:
    """Nothing may be loaded, and nothing runs but what the page itself brings."""
    rules = ["default-src 'none'", "img-src data: blob:", "base-uri 'none'", "form-action 'none'"]
    rules += [
        f"script-src {fingerprint(script)}",
        f"style-src {fingerprint(style)}",
        "require-trusted-types-for 'script'",
    ]
    return "; ".join(rules)


def fingerprint(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode('utf-8')).digest()).decode()}'"


def colours(sections: Sections) -> str:
    """The style of each class, and which colouring is shown when which button is pressed."""
    rules = []
    for index, colour in enumerate(sections.colours):
        for one in colour["classes"]:
            fill, line = TONES[one["tone"]]
            look = f"fill:var({fill});stroke:var({line});--on:var({ON.get(one['tone'], '--ink')})"
            look += ";stroke-dasharray:2 1.5" if one["tone"] == "dashed" else ""
            look += f";--{one['sign']}:1" if one["sign"] else ""
            # a key, a bar or a row of a table has one class, a square of the map one of each colouring
            rules.append(f".{one['style']}:not(#squares *){{{look}}}")
            chosen = "#squares" if not index else f":root:has(#by-{colour['id']}:checked) #squares"
            silence = (
                "" if not index else ";".join(f"--{sign}:0" for sign in signs(sections) if sign != one["sign"]) + ";"
            )
            plain = "" if one["tone"] == "dashed" or not index else ";stroke-dasharray:none"
            rules.append(f"{chosen} .{one['style']}{{{silence}{look}{plain}}}")
        if index:
            first = sections.colours[0]["id"]
            rules.append(f".by-{colour['id']}{{display:none}}")
            rules.append(f":root:has(#by-{colour['id']}:checked) .by-{first}{{display:none}}")
            rules.append(f":root:has(#by-{colour['id']}:checked) ul.by-{colour['id']}{{display:flex}}")
            rules.append(f":root:has(#by-{colour['id']}:checked) table.by-{colour['id']}{{display:table}}")
    return "\n".join(rules)


def signs(sections: Sections) -> list[str]:
    return sorted({one["sign"] for colour in sections.colours for one in colour["classes"]} - {""})


def article_language(package: Package) -> str:
    """The language of the segments, for whoever reads their anchors aloud."""
    name = package.conventions.get("segments")
    rows = next((one.records() for one in package.relations if one.name == name), [])
    return next((row["language"] for row in rows if row.get("language")), "")


def dictionary(package: Package, language: str) -> list[dict]:
    """Every table and column, from the schemas."""
    found = []
    for table in package.tables.values():
        targets = {own[0]: target for own, target, _ in table.foreign_keys}
        fields = [
            {
                "name": field["name"],
                "title": field.get("titleRu" if language == "ru" else "title") or field.get("title", field["name"]),
                "description": field.get("description", ""),
                "target": targets.get(field["name"], ""),
                "list": field.get("codeList", ""),
            }
            for field in table.fields
        ]
        title = table.resource.get("titleRu" if language == "ru" else "title") or table.name
        found.append({"name": table.name, "title": title, "description": description(table), "fields": fields})
    return found


def description(table) -> str:
    return table.resource.get("description") or table.schema.get("description", "")


def codes(lists: dict, language: str) -> list[dict]:
    """Every code list with its codes."""
    return [
        {
            "name": name,
            "codes": [
                {"code": one["code"], "label": one[f"label_{language}"], "definition": one["definition_en"]}
                for one in entries
            ],
        }
        for name, entries in lists.items()
    ]


def dataset(package: Package) -> dict:
    """The package as schema.org has it, for search engines."""
    licences = [one["path"] for one in package.descriptor.get("licenses", []) if one.get("path")]
    agents: dict[str, list] = {}
    for role, agent in schema_org.agents(package):
        agents.setdefault(role, []).append(agent)
    return {
        "@context": "https://schema.org",
        "@type": "Dataset",
        **schema_org.about(package),
        **agents,
        **({"license": licences[0]} if licences else {}),
        "inLanguage": list(LANGUAGES),
        "isBasedOn": schema_org.sources(package),
        "isAccessibleForFree": True,
    }
