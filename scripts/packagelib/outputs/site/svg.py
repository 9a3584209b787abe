"""The little that the drawings need of SVG: elements, text in both languages, widths of text, scales."""

from collections.abc import Callable, Iterable
from html import escape

WIDTH_OF_LETTER = 0.53  # of the font size, on average; Cyrillic and capitals are somewhat wider


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
    one = tag("text", escape(english), x=float(x), y=float(y), **attributes)
    if not russian or russian == english:
        return one
    attributes["class_"] = f"{attributes.get('class_', '')} ru".strip()
    other = tag("text", escape(russian), x=float(x), y=float(y), lang="ru", **attributes)
    return tag("g", one, class_="en") + other


def label(x: float, y: float, english: str, russian: str | None, most: int, **attributes) -> str:
    """A text in both languages, cut to a number of letters; Cyrillic ones are wider."""
    return text(x, y, cut(english, most), cut(russian, int(most * 0.88)) if russian else None, **attributes)


def link(target: str, *inside: str, title: str = "") -> str:
    """What leads to a row or a filtered table, with a text for whoever points at it."""
    said = [tag("title", escape(title))] if title else []
    return tag("a", *said, *inside, href=f"#{target}")


def cut(words: str, most: int) -> str:
    """At most so many letters, cut between words."""
    return words if len(words) <= most else words[: most - 1].rsplit(" ", 1)[0].rstrip(",;:–") + " …"


def width(words: str, size: float) -> float:
    return len(words) * size * WIDTH_OF_LETTER


def linear(domain: tuple[float, float], span: tuple[float, float]) -> Callable[[float], float]:
    (a, b), (c, d) = domain, span
    return lambda value: c + (value - a) * (d - c) / ((b - a) or 1)


def unique(values: Iterable) -> list:
    return list(dict.fromkeys(values))
