"""Dates and numbers in English and Russian words, and text made safe to look at."""

import re

from ... import edtf

MONTHS = {
    "en": [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
    "ru": [
        "январь",
        "февраль",
        "март",
        "апрель",
        "май",
        "июнь",
        "июль",
        "август",
        "сентябрь",
        "октябрь",
        "ноябрь",
        "декабрь",
    ],
}
MONTHS_OF = {  # as in "31 March", "by March"
    "en": MONTHS["en"],
    "ru": [
        "января",
        "февраля",
        "марта",
        "апреля",
        "мая",
        "июня",
        "июля",
        "августа",
        "сентября",
        "октября",
        "ноября",
        "декабря",
    ],
}
SEASONS = {
    "en": {"21": "spring", "22": "summer", "23": "autumn"},
    "ru": {"21": "весна", "22": "лето", "23": "осень"},
}
SEASONS_OF = {"en": SEASONS["en"], "ru": {"21": "весны", "22": "лета", "23": "осени"}}
BY = {"en": "by", "ru": "не позднее"}
SINCE = {"en": "since", "ru": "с"}
# Characters that are not seen, or that turn the order of those that follow.
INVISIBLE = re.compile("[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]")


def say(text: str | None, language: str = "en") -> str | None:
    """A date (EDTF) in words; a text that is no date stays as it is.

    >>> say("2025-03-31/2025-04-07"), say("2025-03-31/2025-04-07", "ru")
    ('31 March – 7 April 2025', '31 марта – 7 апреля 2025')
    >>> say("../2026-12"), say("../2026-12", "ru")
    ('by December 2026', 'не позднее декабря 2026')
    """
    if not text:
        return None
    try:
        edtf.bounds(text)
    except ValueError:
        return text
    start, slash, end = text.partition("/")
    if start == "..":
        return f"{BY[language]} {point(end, language, of=True)}"
    if end == "..":
        return f"{SINCE[language]} {point(start, language, of=True)}"
    if slash:
        before, after = point(start, language).split(), point(end, language).split()
        while len(before) > 1 and before[-1] == after[len(before) - 1]:  # what both ends share is said once
            before.pop()
        return f"{' '.join(before)} – {' '.join(after)}"
    return point(text, language)


def point(text: str, language: str, of: bool = False) -> str:
    """A day, month, season, year or decade; `of` is its form after a preposition."""
    if text.endswith("X"):
        decade = text.replace("X", "0")
        return f"{decade}-е" if language == "ru" else f"the {decade}s"
    parts = text.split("-")
    if len(parts) == 1:
        return text
    if parts[1] in SEASONS[language]:
        return f"{(SEASONS_OF if of else SEASONS)[language][parts[1]]} {parts[0]}"
    if len(parts) == 2:
        return f"{(MONTHS_OF if of else MONTHS)[language][int(parts[1]) - 1]} {parts[0]}"
    return f"{int(parts[2])} {MONTHS_OF[language][int(parts[1]) - 1]} {parts[0]}"


def plural(number: int | None, one: str, many: str) -> str:
    """A number with its English noun.

    >>> plural(1, "claim", "claims"), plural(0, "claim", "claims")
    ('1 claim', '0 claims')
    """
    return f"{number or 0} {one if number == 1 else many}"


def plural_ru(number: int | None, one: str, few: str, many: str) -> str:
    """A number with its Russian noun.

    >>> [plural_ru(n, "план", "плана", "планов") for n in (1, 3, 5, 11, 21)]
    ['1 план', '3 плана', '5 планов', '11 планов', '21 план']
    """
    number = number or 0
    last, teens = number % 10, number % 100 in range(11, 15)
    return f"{number} {one if last == 1 and not teens else few if last in (2, 3, 4) and not teens else many}"


def visible(text: str) -> str:
    """The text with characters that nobody sees, or that turn the order of others, written as their numbers."""
    return INVISIBLE.sub(lambda match: f"⟨U+{ord(match[0]):04X}⟩", text)
