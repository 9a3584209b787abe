"""Every claim stands in its sentence as printed, and its numbers agree with the value it is coded as."""

import re
from math import isclose

from .. import edtf
from . import lexicon
from .lexicon import Lexicon

DATES = {"date", "start", "due", "in_force"}


def pattern(printed: str) -> re.Pattern:
    """The printed characters, whatever blanks, dashes and quotation marks an extraction puts between the words."""
    words = [re.escape(word) for word in re.findall(r"[^\W_]+", lexicon.folded(printed))]
    last = r"(?![^\W_])" if printed.rstrip(" .")[-1:].isdigit() else r"(?![^\W\d_])"
    return re.compile(r"(?<![^\W_])" + r"[\W_]+".join(words) + last)


def spans(printed: str, text: str) -> list[tuple[int, int]]:
    """Where the printed characters stand in a sentence."""
    return [match.span() for match in pattern(printed).finditer(lexicon.folded(text))]


def word_count(printed: str, words: Lexicon) -> int:
    """Words of a claim, numbers and month names not counted."""
    return sum(not word.isdigit() and not words.is_month(word) for word, *_ in words.tokens(printed))


def disagreement(printed: str, value: str, prop: str, context: str, lists: Lexicon) -> str:
    """How the numbers of a claim differ from its value; empty when they agree. `lists` says how they are written."""
    words = [word for word, *_ in lists.tokens(printed)]
    numbers = [int(word) for word in words if word.isdigit()]
    if prop in DATES:
        return date_disagreement(words, numbers, value, context, lists)
    if prop == "quantity" and "multiplier" in lists.missing:
        return ""  # whether a word multiplies is not known
    if prop == "quantity":
        amounts = lists.multiplied(printed)
        coded = [float(part) for part in value.split("/")]
        agree = len(amounts) == len(coded) and all(map(isclose, amounts, coded))
        return "" if agree or not amounts else f"printed {', '.join(map('{:g}'.format, amounts))}, coded {value}"
    missing = [str(number) for number in numbers if str(number) not in re.findall(r"\d+", value)]
    return f"{', '.join(missing)} not in the value" if missing else ""


def date_disagreement(words: list[str], numbers: list[int], value: str, context: str, lists: Lexicon) -> str:
    """Years lie within the value's bounds, days and months occur in it, its year stands here or in the context."""
    try:
        first, last = edtf.bounds(value)
    except ValueError as error:
        return str(error)
    days = [day for day in (first, last) if day]
    years = [number for number in numbers if number > 31] + [
        100 * (century - 1) for word in words if (century := lexicon.roman(word))
    ]
    low, high = int((first or last)[:4]), int((last or first)[:4])
    for year in years:
        if not any(year in (other, other % 100) for other in range(low, high + 1)):  # the 90s are written 90
            return f"the year {year} is outside {value}"
    monthdays = {int(day) for day in re.findall(r"\d{4}-\d{2}-(\d{2})", value)}
    for number in numbers:
        if number <= 31 and number not in monthdays:
            return f"the day {number} is not in {value}"
    months = {int(day[5:7]) for day in days}
    for word in words:
        month = lists.month(word)
        if month and month not in months:
            return f"the month {word} is not in {value}"
    if not years:
        known = {int(number) for number in re.findall(r"\d{4}", context)}
        if days and not any(int(day[:4]) in known for day in days):
            return f"no year of {value} stands in the claim or its context"
    return ""
