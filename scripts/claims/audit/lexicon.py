"""Words: normal forms, names in any case, months and multipliers, cues. What is Russian stands in ru.toml."""

import re
import tomllib
from functools import cache
from pathlib import Path

from ..articletext import WORD

RU = tomllib.loads(Path(__file__).with_name("ru.toml").read_text("utf-8"))


def folded(text: str) -> str:
    """Lower case, with е for ё."""
    return text.casefold().replace("ё", "е")


def any_of(patterns: list[str]) -> re.Pattern:
    """One pattern for any of several, each standing as whole words."""
    return re.compile(r"(?<![^\W_])(?:" + "|".join(patterns) + r")(?![^\W_])")


ATTRIBUTION = any_of(RU["cues"]["attribution"])
MODAL = any_of(RU["cues"]["modal"])


@cache
def analyzer():
    """pymorphy3's analyser; loaded when first needed, because it takes a tenth of a second."""
    import pymorphy3

    return pymorphy3.MorphAnalyzer()


@cache
def normal_forms(word: str) -> frozenset[str]:
    """Every dictionary form a printed word may be a case or form of."""
    return frozenset(folded(parse.normal_form) for parse in analyzer().parse(word))


def same_word(printed: str, name: str) -> bool:
    """Whether a printed word may be a form of a word of a name.

    Foreign names are not in the dictionary; for them a case ending of up to two letters is allowed.
    """
    a, b = folded(printed), folded(name)
    if a == b or normal_forms(printed) & normal_forms(name):
        return True
    return (
        len(b) > 1 and a.startswith(b) and len(a) - len(b) <= 2 and not any(letter.isdigit() for letter in a[len(b) :])
    )


def tokens(text: str) -> list[tuple[str, int, int]]:
    """Words with their spans; a note mark glued to a word is not a part of it."""
    found = []
    for match in WORD.finditer(text):
        word = match[0] if match[0].isdigit() else match[0].rstrip("0123456789")
        if word:
            found.append((word, match.start(), match.start() + len(word)))
    return found


def number_of(word: str, table: dict[str, int]) -> int | None:
    """The number that a table of word beginnings gives for a word, if any."""
    return next((value for start, value in table.items() if re.match(start, folded(word))), None)


def is_month(word: str) -> bool:
    return number_of(word, RU["dates"]["months"]) is not None


def roman(word: str) -> int:
    """The value of a Roman numeral such as XXI; 0 for any other word."""
    if not re.fullmatch("X*(?:IX|IV|V?I{0,3})", word) or not word:
        return 0
    values = [{"I": 1, "V": 5, "X": 10}[letter] for letter in word]
    return sum(-value if value < after else value for value, after in zip(values, [*values[1:], 0], strict=True))
