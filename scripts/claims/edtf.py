"""Dates: the closed list of EDTF (ISO 8601-2, level 1) forms this package allows, and their bounds.

Seasons are those of the northern hemisphere by whole months, as in EDTF practice: 21 is March–May,
22 June–August, 23 September–November. Winter (24) spans two years and is left out.
"""

import re
from calendar import monthrange
from datetime import date
from functools import cache

SEASONS = {"21": (3, 5), "22": (6, 8), "23": (9, 11)}
FORMS = "2024, 2024-06, 2024-06-19, 2024-22, 199X, 20XX, 2023/2024, ../2026-12 or 2009/.."


@cache
def bounds(text: str) -> tuple[str, str]:
    """The first and last ISO day that `text` can mean; an open end is the empty string.

    >>> bounds("2024-06")
    ('2024-06-01', '2024-06-30')
    >>> bounds("../2026-12")
    ('', '2026-12-31')

    Raises ValueError, saying what is wrong, for anything outside the closed list of forms.
    """
    start, slash, end = text.partition("/")
    if not slash:
        return _span(text, decades=True)
    if start == ".." and end != "..":
        return "", _span(end)[1]
    if end == ".." and start != "..":
        return _span(start)[0], ""
    first, last = _span(start), _span(end)
    if len(start) != len(end):
        raise ValueError(f"the two ends of '{text}' have different precision")
    if first >= last:
        raise ValueError(f"the two ends of '{text}' are not in order")
    return first[0], last[1]


def _span(text: str, decades: bool = False) -> tuple[str, str]:
    """Bounds of a single date; decades, centuries and seasons only where an interval end is not meant."""
    if match := re.fullmatch(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?", text):
        year, month, day = match.groups()
        if not month:
            return f"{year}-01-01", _checked(f"{year}-12-31")
        if decades and not day and month in SEASONS:
            first, last = SEASONS[month]
            return f"{year}-{first:02}-01", _checked(f"{year}-{last:02}-{monthrange(int(year), last)[1]}")
        if not 1 <= int(month) <= 12:
            raise ValueError(f"'{text}' has no such month or season")
        if day:
            return _checked(text), text
        return f"{year}-{month}-01", _checked(f"{year}-{month}-{monthrange(int(year), int(month))[1]}")
    if decades and (match := re.fullmatch(r"([0-9]{2}[0-9X])X", text)):
        pattern = match[1]
        return _checked(pattern.replace("X", "0") + "0-01-01"), pattern.replace("X", "9") + "9-12-31"
    raise ValueError(f"'{text}' is none of the date forms in use: {FORMS}")


def _checked(day: str) -> str:
    try:
        date.fromisoformat(day)
    except ValueError as error:
        raise ValueError(f"'{day}' is not a day of the calendar") from error
    return day
