"""A picture and all that belongs to it: title, sentence, drawing for desk and phone, note, table, downloads."""

from html import escape

from ...package import Package, Unusable
from .drawings import DRAWINGS
from .queries import Picture
from .svg import tag

WIDTHS = {"wide": 1000, "narrow": 340}


def questions(pictures: list[Picture]) -> str:
    """The titles as links, each with its answer."""
    return "".join(
        f'<li><a href="#{one.given["id"]}">{escape(one.given["title"])}</a> {escape(one.reading)}</li>'
        for one in pictures
        if one.reading
    )


def figure(package: Package, picture: Picture) -> str:
    """One figure; a sentence instead while the tables have no row for it. Raises Unusable for an unknown drawing."""
    given = picture.given
    name, title = escape(given["id"]), escape(given["title"])
    if given["drawing"] not in DRAWINGS:
        raise Unusable(f"picture '{given['id']}': no drawing '{given['drawing']}'; there are {', '.join(DRAWINGS)}")
    if not picture.rows or not picture.reading:
        nothing = "<p>The tables hold nothing to draw yet.</p>"
        return f'<section class="picture" id="{name}"><h3>{title}</h3>{nothing}</section>'
    drawings = []
    for style, wide in WIDTHS.items():
        try:
            inside, high = DRAWINGS[given["drawing"]](picture.rows, wide, given)
        except (KeyError, TypeError, ValueError) as error:
            raise Unusable(f"picture '{given['id']}': its rows do not fit '{given['drawing']}': {error!r}") from error
        drawings.append(
            tag(
                "svg",
                inside.replace("<a ", '<a tabindex="-1" '),
                viewBox=f"0 0 {wide} {high:.0f}",
                class_=f"chart {style}",
                role="group",
                aria_label=f"{given['title']} {picture.reading} The table below has the same.",
            )
        )
    note = " ".join(filter(None, (given["note"], picture.legend)))
    credit = f"Data: {given['data']}; {package.name} {package.version}."
    return (
        f'<section class="picture" id="{name}" aria-labelledby="{name}-title"><h3 id="{name}-title">{title}</h3>'
        f'<p class="reading">{escape(picture.reading)}</p><figure>{"".join(drawings)}'
        f'<figcaption>{escape(note)} <span class="credit">{escape(credit)}</span></figcaption></figure>'
        f'<p class="tools"><button type="button" data-save="svg">Save as SVG</button> '
        f'<button type="button" data-save="csv">Save the table as CSV</button></p>'
        f"<details><summary>The table behind it: {len(picture.rows)} rows</summary>{table(picture, title)}</details>"
        "</section>"
    )


def table(picture: Picture, title: str) -> str:
    """The table beside the picture; the first column that names a row leads to it."""
    columns = picture.given["columns"]
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in columns.values())
    lines = []
    for row in picture.rows:
        cells = []
        for name in columns:
            stem, _, language = name.rpartition("_")
            other = row.get(f"{stem}_ru") if language == "en" else None
            cells.append(linked(row, stem, both("" if row[name] is None else str(row[name]), other)))
        lines.append(f"<tr>{''.join(f'<td>{one}</td>' for one in cells)}</tr>")
    return (
        f'<div class="scroll" tabindex="0" role="region" aria-label="Table: {title}">'
        f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(lines)}</tbody></table></div>"
    )


def linked(row: dict, stem: str, inside: str) -> str:
    """A cell that names a row, or a number of rows, leads there."""
    target = row.get({"label": "id", "part": "link", "left": "left", "right": "right"}.get(stem))
    return f'<a href="#{escape(str(target))}">{inside}</a>' if target and inside else inside


def both(english: str, russian: str | None) -> str:
    """A text in English and Russian, of which the page shows one."""
    if not russian or russian == english:
        return escape(english)
    return f'<span class="en">{escape(english)}</span><span class="ru" lang="ru">{escape(russian)}</span>'
