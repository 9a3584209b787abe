"""Markdown files of the package as HTML below a heading of the page."""

import re
from itertools import count

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup, escape

from ...package import Package
from .words import visible

PLACES = {"CODEBOOK.md": "dictionary", "METHOD.md": "method", "DISPUTED.md": "disputed", "CHANGELOG.md": "changes"}
LOWER = 3  # headings of a document stand so much below those of the page


def document(package: Package, path: str, places: set[str]) -> Markup | None:
    """The file without comments and title; ids that have a place on the page become links. None if it is not there."""
    file = package.root / path
    if not file.is_file():
        return None
    text = re.sub(r"(?s)<!--.*?-->\n?", "", visible(file.read_text("utf-8")))
    text = re.sub(r"\A# .*\n", "", text)
    reader = MarkdownIt("commonmark", {"html": False}).enable("table")
    reader.add_render_rule("code_inline", lambda _, tokens, at, options, environment: code(tokens[at].content, places))
    tokens = reader.parse(text)
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(int(token.tag[1]) + LOWER - 1, 6)}"
        relink(package, token.children or [])
    html = reader.renderer.render(tokens, reader.options, {})
    number = count(1)
    html = re.sub(
        "<table>",
        lambda _: (
            f'<div class="scroll" tabindex="0" role="region" aria-label="Table {next(number)} of {escape(path)}">'
            "<table>"
        ),
        html,
    )
    return Markup(html.replace("</table>", "</table></div>").replace("<th></th>", "<td></td>"))


def code(text: str, places: set[str]) -> str:
    inside = f"<code>{escape(text)}</code>"
    return f'<a href="#{escape(text)}">{inside}</a>' if text in places else inside


def relink(package: Package, tokens: list[Token]) -> None:
    """Lead links of a document to their place on the page; of those to files that are not there keep the words."""
    href = None
    for token in tokens:
        if token.type == "link_open":
            href = target(package, str(token.attrs["href"]))
            token.attrs["href"] = href or ""
        if token.type in ("link_open", "link_close") and href is None:
            token.type, token.content = "text", ""


def target(package: Package, href: str) -> str | None:
    """Where a link of a document leads: addresses as they are, tables to the dictionary, others to a section."""
    if "://" in href:
        return href
    name = href.partition("#")[0].rpartition("/")[2]
    tables = {table.path.rpartition("/")[2]: table.name for table in package.tables.values()}
    if name in tables:
        return f"#about-{tables[name]}"
    return f"#{PLACES[name]}" if name in PLACES else None
