"""The parts of the page that are text: first figures, disputed claims, documents, dictionary, downloads, citation."""

import hashlib
import re
from html import escape
from itertools import count, groupby

from markdown_it import MarkdownIt
from markdown_it.token import Token

from ...package import Package
from .figures import both

UNFOLDED = 3  # of the downloads
PLACES = {"CODEBOOK.md": "dictionary", "METHOD.md": "method", "DISPUTED.md": "disputed", "CHANGELOG.md": "changes"}


def numbers(rows: list[dict]) -> str:
    return "".join(
        f'<li><a href="#{escape(one["link"])}"><b>{escape(one["value"])}</b> '
        f"<span>{escape(one['text'])}</span></a></li>"
        for one in rows
        if one["value"]
    )


def disputed(rows: list[dict]) -> str:
    """Chapters of claims, each with how it was read, what is against it and what is for it."""
    parts = []
    for (chapter, about), claims in groupby(rows, key=lambda row: (row["chapter"], row["about"])):
        cards = [card(list(evidence)) for _, evidence in groupby(claims, key=lambda row: row["claim_id"])]
        head = f'<h3>{escape(chapter)} <small>{len(cards)}</small></h3><p class="intro">{escape(about)}</p>'
        parts.append(f'{head}<ol class="claims">{"".join(cards)}</ol>')
    return "".join(parts) or "<p>Nothing is disputed yet.</p>"


def card(rows: list[dict]) -> str:
    first = rows[0]
    voice = f' <span class="quiet">{escape(first["voice"])}</span>' if first["voice"] else ""
    reading = escape(first["reading"] or "") + ids(first["discrepancies"])
    caveat = f'<p class="caveat">{reading}</p>' if reading else ""
    items = "".join(f'<li class="{"against" if row["against"] else "beside"}">{evidence(row)}</li>' for row in rows)
    return (
        f'<li><p class="claim">{escape(first["claim"])}{voice} <a class="id" href="#{first["claim_id"]}">'
        f"{first['claim_id']}</a></p>{caveat}<ul>{items}</ul></li>"
    )


def ids(given: str | None) -> str:
    """Ids that a query joined by commas, as links in brackets."""
    links = [f'<a class="id" href="#{one}">{one}</a>' for one in given.split(",")] if given else []
    return f" ({', '.join(links)})" if links else ""


def evidence(row: dict) -> str:
    said = ", ".join(escape(row[name]) for name in ("source", "published") if row[name])
    where = f'<a href="{escape(row["url"])}" rel="noreferrer">{said}</a>' if row["url"] else said
    interest = f" ({escape(row['interest'])})" if row["interest"] else ""
    return (
        f'<a class="kind" href="#{row["id"]}">{escape(row["kind"])}</a> {escape(row["text"] or "")} {where}{interest}'
    )


def document(package: Package, path: str, ids: set[str]) -> str:
    """A Markdown file of the package as HTML below a heading of the page; ids of rows become links."""
    file = package.root / path
    if not file.is_file():
        return "<p>This package has no such document.</p>"
    text = re.sub(r"(?s)<!--.*?-->\n?", "", file.read_text("utf-8"))
    text = re.sub(r"\A# .*\n", "", text)
    reader = MarkdownIt("commonmark", {"html": False}).enable("table")
    reader.add_render_rule("code_inline", lambda _, tokens, at, options, environment: code(tokens[at].content, ids))
    tokens = reader.parse(text)
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(int(token.tag[1]) + 1, 6)}"
        relink(package, token.children or [])
    html = reader.renderer.render(tokens, reader.options, {})
    number = count(1)
    html = re.sub(
        "<table>",
        lambda _: (
            '<div class="scroll" tabindex="0" role="region" '
            f'aria-label="Table {next(number)} of {escape(path)}"><table>'
        ),
        html,
    )
    return html.replace("</table>", "</table></div>").replace("<th></th>", "<td></td>")


def code(text: str, ids: set[str]) -> str:
    inside = f"<code>{escape(text)}</code>"
    return f'<a href="#{escape(text)}">{inside}</a>' if text in ids else inside


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
    """Where a link of a document leads on the page: addresses as they are, tables to the explorer, others to a part."""
    if "://" in href:
        return href
    name = href.partition("#")[0].rpartition("/")[2]
    tables = {one.path.rpartition("/")[2]: one.name for one in package.tables.values()}
    if name in tables:
        return f"#table/{tables[name]}"
    return f"#{PLACES[name]}" if name in PLACES else None


def dictionary(package: Package, codes: dict[str, list[dict[str, str]]]) -> str:
    """Every table, column and code, from the schemas."""
    parts = []
    for one in package.tables.values():
        targets = {own[0]: other for own, other, _ in one.foreign_keys}
        lines = [column(field, targets.get(field["name"])) for field in one.fields]
        title = both(one.resource.get("title", one.name), one.resource.get("titleRu"))
        parts.append(
            f'<details id="about-{one.name}"><summary>{title} <code>{one.name}</code> '
            f"<small>{len(lines)} columns</small></summary>"
            f'<p>{escape(one.resource.get("description", ""))} <a href="#table/{one.name}">Look at its rows</a>.</p>'
            f"<dl>{''.join(lines)}</dl></details>"
        )
    parts.append("<h3>Codes</h3>")
    for name, entries in codes.items():
        lines = [
            f"<dt>{both(one['label_en'], one['label_ru'])} <code>{one['code']}</code></dt>"
            f"<dd>{escape(one['definition_en'])}</dd>"
            for one in entries
        ]
        parts.append(
            f'<details id="list-{name}"><summary>{escape(name.replace("_", " ").capitalize())} <code>{name}</code> '
            f"<small>{len(entries)} codes</small></summary><dl>{''.join(lines)}</dl></details>"
        )
    return "".join(parts)


def column(field: dict, leads_to: str | None) -> str:
    kind = field["type"]
    if leads_to:
        kind = f'row of <a href="#about-{leads_to}">{leads_to}</a>'
    if "codeList" in field:
        kind = f'code of <a href="#list-{field["codeList"]}">{field["codeList"]}</a>'
    title = both(field.get("title", field["name"]), field.get("titleRu"))
    return (
        f"<dt>{title} <code>{escape(field['name'])}</code></dt>"
        f'<dd>{escape(field.get("description", ""))} <span class="quiet">{kind}</span></dd>'
    )


def downloads(groups: dict[str, dict[str, bytes]]) -> str:
    """Files (path to bytes) with size and checksum, by the heading of each group; all but the first groups folded."""
    parts, listed = [], set()
    for heading, files in groups.items():
        files = {path: data for path, data in files.items() if path not in listed}  # one may write what another did
        listed |= files.keys()
        if not files:
            continue
        lines = [
            f'<tr><td><a href="../{escape(path)}">{escape(path)}</a></td><td class="number">{size(len(data))}</td>'
            f'<td><code class="hash">{hashlib.sha256(data).hexdigest()}</code></td></tr>'
            for path, data in ((path.removeprefix("dist/"), data) for path, data in files.items())
        ]
        whole = size(sum(map(len, files.values())))
        number = f"{len(files)} files, {whole}" if len(files) > 1 else whole
        parts.append(
            f"<details{' open' if len(parts) < UNFOLDED else ''}><summary>{escape(heading)} "
            f'<small>{number}</small></summary><div class="scroll" tabindex="0" role="region" '
            f'aria-label="Files: {escape(heading)}"><table class="files"><thead><tr><th scope="col">File</th>'
            f'<th scope="col">Size</th><th scope="col">SHA-256</th></tr></thead><tbody>{"".join(lines)}</tbody></table>'
            "</div></details>"
        )
    return "".join(parts)


def size(number: int) -> str:
    """Bytes as a person reads them."""
    return f"{number / 1000:.1f} kB" if number < 1_000_000 else f"{number / 1_000_000:.1f} MB"


def licence(package: Package) -> str:
    return ", ".join(
        f'<a href="{escape(one["path"])}">{escape(one.get("title", one["path"]))}</a>'
        for one in package.descriptor.get("licenses", [])
        if one.get("path")
    )


def report(package: Package) -> str:
    """Where a wrong row is reported, as far as the package knows an address."""
    home = package.descriptor.get("homepage")
    where = f'at <a href="{escape(home)}">{escape(home)}</a>' if home else "where you got the package"
    return f"Open an issue {where}"
