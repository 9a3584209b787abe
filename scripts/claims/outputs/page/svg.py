"""The little that the drawings need of SVG: elements, text in both languages, widths of text, scales."""

import math
import re
from collections.abc import Callable, Iterable
from html import escape

SIZE, LINE = 13, 15  # of the text of chart.css
# Widths of letters as parts of the size. Which font a system has is not known, so they are those of the widest ones
# (DejaVu Sans, Verdana): what is placed by them has room everywhere.
THIN, WIDE = frozenset(" ijltfrIJ.,:;'’!|()[]-–·/"), frozenset("mwMW%—…@жшщюыфЖШЩЮЫФ")
BOLD = 1.1


def tag(name: str, *inside: str, **attributes) -> str:
    """One element; `class_` is class, other underscores are hyphens, numbers are rounded, None is left out."""
    given = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(number(value))}"'
        for key, value in attributes.items()
        if value is not None
    )
    return f"<{name}{given}>{''.join(inside)}</{name}>" if inside else f"<{name}{given}/>"


def number(value) -> str:
    return f"{value:.1f}".removesuffix(".0") if isinstance(value, float) else str(value)


def text(x: float, y: float, english: str, russian: str | None = None, **attributes) -> str:
    """A line of text, and beside it, where there is one, its Russian form; the page shows one of them."""
    return label(x, y, english, russian, math.inf, **attributes)[0]


def label(
    x: float,
    y: float,
    english: str,
    russian: str | None,
    room: float,
    most: int = 1,
    middle: bool = False,
    **attributes,
) -> tuple[str, int]:
    """A text in both languages on as many lines as it needs, up to `most`, and their number.

    `y` is where the first line stands, or with `middle` the middle of all lines.
    """
    bold = attributes.get("class_") == "head"
    forms = [(english, {})]
    if russian and russian != english:
        forms = [(english, {"class_": "en"}), (russian, {"class_": "ru", "lang": "ru"})]
    blocks, high = [], 1
    for words, style in forms:
        found = lines(words, room, most, bold)
        top = float(y + SIZE / 3 - LINE * (len(found) - 1) / 2 if middle else y)
        spans = [tag("tspan", escape(one), x=float(x), dy=LINE if at else 0) for at, one in enumerate(found)]
        inside = spans if len(found) > 1 else [escape(found[0])]
        blocks.append(tag("g", tag("text", *inside, x=float(x), y=top, **attributes), **style))
        high = max(high, len(found))
    return "".join(blocks) if len(blocks) == 1 else tag("g", *blocks), high


def link(target: str, *inside: str, title: str = "") -> str:
    """What leads to a row or a filtered table, with a text for whoever points at it."""
    said = [tag("title", escape(title))] if title else []
    return tag("a", *said, *inside, href=f"#{target}")


def lines(words: str, room: float, most: int = 1, bold: bool = False) -> list[str]:
    """The words on at most so many lines, broken at blanks and hyphens; what finds no room ends in an ellipsis."""
    found, rest = [], re.findall(r"[^ –-]*[ –-]+|[^ –-]+", words)
    while rest and len(found) < most - 1:
        fits = 1
        while fits < len(rest) and width("".join(rest[: fits + 1]).strip(), bold) <= room:
            fits += 1
        found.append(cut("".join(rest[:fits]).strip(), room, bold))
        rest = rest[fits:]
    return [*found, cut("".join(rest).strip(), room, bold)] if rest else found


def cut(words: str, room: float, bold: bool = False) -> str:
    """As much of the words as finds room, cut between words where there are several."""
    if width(words, bold) <= room:
        return words
    kept = words[: int(room)]
    while kept and width(kept + " …", bold) > room:
        kept = kept.rpartition(" ")[0] or kept[:-1]
    return kept.rstrip(" ,;:–") + " …"


def width(words: str, bold: bool = False) -> float:
    """How wide a text may become."""
    return sum(map(letter, words)) * SIZE * (BOLD if bold else 1)


def letter(one: str) -> float:
    if one in THIN:
        return 0.4
    if one in WIDE or one >= "\u1100":
        return 1.0
    return 0.75 if one.isupper() else 0.65


def linear(domain: tuple[float, float], span: tuple[float, float]) -> Callable[[float], float]:
    (a, b), (c, d) = domain, span
    return lambda value: c + (value - a) * (d - c) / ((b - a) or 1)


def unique(values: Iterable) -> list:
    return list(dict.fromkeys(values))
