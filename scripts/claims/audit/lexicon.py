"""The words of the article's language: a list of them, and what is read with it.

A list is a TOML file named for its language (`ru.toml`, `en.toml`). Those beside this module come with the validator; a
package brings its own as the file that `words` among its conventions names, with `language = "de"` at its head.
What a list does not have is not audited, and the report says so.
"""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path

from ..articletext import WORD
from ..findings import Unusable

SHIPPED = Path(__file__).parent
UNREAD = "(?!)"  # a pattern that nothing matches
# what each class of the audit, and each comparison of a claim with its value, needs of a list
NEEDS = {
    "number-word": ("numbers", "words"),
    "quotation": ("quotation", "marks"),
    "person": ("names", "endings"),
    "body": ("names", "endings"),
    "place": ("names", "endings"),
    "cue": ("cues", "attribution"),
    "modal": ("cues", "modal"),
    "negation": ("cues", "negation"),
    "month": ("dates", "months"),
    "multiplier": ("numbers", "multipliers"),
}


@dataclass(frozen=True)
class Number:
    """A number as printed, with what it is and where it stands; `word` where it is not written in digits."""

    value: float
    start: int
    end: int
    word: bool = False


@dataclass
class Lexicon:
    """The words of one language. An empty list reads digits and nothing else."""

    language: str
    lists: dict = field(default_factory=dict)

    @property
    def missing(self) -> list[str]:
        """The classes and comparisons for which the list has nothing, in the order of NEEDS."""
        return [name for name, (part, key) in NEEDS.items() if key not in self.lists.get(part, {})]

    def _patterns(self, part: str, key: str) -> re.Pattern:
        patterns = self.lists.get(part, {}).get(key, [])
        return any_of(patterns) if patterns else re.compile(UNREAD)

    @cached_property
    def attribution(self) -> re.Pattern:
        return self._patterns("cues", "attribution")

    @cached_property
    def modal(self) -> re.Pattern:
        return self._patterns("cues", "modal")

    @cached_property
    def negation(self) -> re.Pattern:
        return self._patterns("cues", "negation")

    @cached_property
    def quotation(self) -> re.Pattern:
        """A quotation with its marks; one that does not end reaches to the end of the sentence."""
        pairs = self.lists.get("quotation", {}).get("marks", [])
        parts = [f"{re.escape(a)}[^{re.escape(b)}]*(?:{re.escape(b)}|$)" for a, b in pairs]
        return re.compile("|".join(parts) if parts else UNREAD)

    @cached_property
    def _digits(self) -> re.Pattern:
        """Digits, with the marks that the language puts between thousands and before decimals."""
        numbers = self.lists.get("numbers", {})
        group = "".join(map(re.escape, numbers.get("thousands", [])))
        grouped = rf"\d{{1,3}}(?:[{group}]\d{{3}})+(?!\d)" if group else UNREAD
        decimal = rf"(?:{re.escape(numbers['decimal'])}\d+)" if "decimal" in numbers else UNREAD
        whole = rf"(?:{grouped}|\d{{1,3}}(?!\d))"
        return re.compile(rf"(?<![^\W_])(?:{whole}{decimal}|{grouped}|\d+)")

    def numbers(self, text: str) -> list[Number]:
        """Every number of a text in the order of the text, multipliers not applied; number words where listed."""
        printed = self.lists.get("numbers", {})
        found = []
        for match in self._digits.finditer(text):
            digits = match[0]
            for mark in printed.get("thousands", []):
                digits = re.sub(rf"(?<=\d){re.escape(mark)}(?=\d{{3}})", "", digits)
            value = float(digits.replace(printed.get("decimal", "."), "."))
            found.append(Number(value, match.start(), match.end()))
        return sorted([*found, *self.number_words(text)], key=lambda number: number.start)

    def number_words(self, text: str) -> Iterator[Number]:
        """Numbers in words, idioms left out: neighbours add up (`twenty-five`), one before a hundred multiplies it."""
        printed = self.lists.get("numbers", {})
        table = printed.get("words", {})
        if printed.get("idioms"):
            text = any_of(printed["idioms"]).sub(lambda match: " " * len(match[0]), folded(text))
        at: tuple[float, int, int] | None = None
        for word, start, end in tokens(text) if table else ():
            value = number_of(word, table)
            joined = at is not None and re.fullmatch(r"[\s-]+", text[at[2] : start]) is not None
            if value is None:
                if at:
                    yield Number(*at, word=True)
                at = None
            elif at and joined and value == 100 and at[0] < 100:
                at = at[0] * 100, at[1], end
            elif at and joined and 0 < value < 10 ** (len(str(int(at[0]))) - len(str(int(at[0])).rstrip("0"))):
                at = at[0] + value, at[1], end
            else:
                if at:
                    yield Number(*at, word=True)
                at = float(value), start, end
        if at:
            yield Number(*at, word=True)

    def multiplied(self, text: str) -> list[float]:
        """The numbers of a text, each times the multiplier that follows it or the next number (`10-12 million`)."""
        table = self.lists.get("numbers", {}).get("multipliers", {})
        words = re.finditer(r"[^\W\d_]+", text)  # also those glued to a number, as in 40m
        factors = [(match.start(), value) for match in words if (value := number_of(match[0], table))]
        return [n.value * next((value for start, value in factors if start >= n.end), 1) for n in self.numbers(text)]

    def month(self, word: str) -> int | None:
        """The month that a word names, if any."""
        return number_of(word, self.lists.get("dates", {}).get("months", {}))

    def is_month(self, word: str) -> bool:
        return self.month(word) is not None

    def tokens(self, text: str) -> Iterator[tuple[str, int, int]]:
        """Words with their spans, an ordinal (`5th`) as its digits."""
        endings = self.lists.get("numbers", {}).get("ordinals", [])
        ordinal = re.compile(rf"\d+(?={'|'.join(endings)}$)") if endings else re.compile(UNREAD)
        for match in WORD.finditer(text):
            digits = ordinal.match(match[0])
            if digits:
                yield digits[0], match.start(), match.start() + len(digits[0])
            else:
                yield from tokens(match[0], match.start())

    def same_word(self, printed: str, name: str) -> bool:
        """Whether a printed word may be a form of a word of a name.

        A list allows the endings that it names (patterns); `morphology = "pymorphy3"` also the forms of a dictionary.
        """
        a, b = folded(printed), folded(name)
        names = self.lists.get("names", {})
        if a == b or (names.get("morphology") == "pymorphy3" and normal_forms(printed) & normal_forms(name)):
            return True
        endings = names.get("endings", [])
        return len(b) > 1 and a.startswith(b) and any(re.fullmatch(ending, a[len(b) :]) for ending in endings)


def shipped() -> list[str]:
    """The languages whose lists come with the validator."""
    return sorted(file.stem for file in SHIPPED.glob("*.toml"))


@cache
def lexicon(language: str) -> Lexicon:
    """The shipped list of a language, empty where none is shipped; `de-AT` is read as `de`."""
    file = SHIPPED / f"{language.partition('-')[0]}.toml"
    return Lexicon(language, tomllib.loads(file.read_text("utf-8")) if language and file.is_file() else {})


def of_package(language: str, own: dict, path: str) -> Lexicon:
    """The package's own list where it is one of this language, else the shipped one. Raises Unusable for a bad list."""
    if not own:
        return lexicon(language)
    if "language" not in own:
        raise Unusable(f'{path}: names no language; write for example language = "{language}" in its first line')
    if own["language"].partition("-")[0] != language.partition("-")[0]:
        return lexicon(language)
    made = Lexicon(language, own)
    try:
        for part in ("attribution", "modal", "negation", "quotation"):
            getattr(made, part)
        made.multiplied("1 a")
        made.same_word("ab", "a")
    except (re.error, TypeError, ValueError, AttributeError) as error:
        raise Unusable(f"{path}: {error}; scripts/claims/audit/en.toml is an example of a list") from error
    return made


def folded(text: str) -> str:
    """Lower case, with е for ё. As long as the text, so that places in one are places in the other."""
    low = text.casefold().replace("ё", "е")
    return low if len(low) == len(text) else text.lower().replace("ё", "е")


def any_of(patterns: list[str]) -> re.Pattern:
    """One pattern for any of several, each standing as whole words."""
    return re.compile(r"(?<![^\W_])(?:" + "|".join(patterns) + r")(?![^\W_])")


@cache
def analyzer():
    """pymorphy3's analyser; loaded when first needed, because it takes a tenth of a second."""
    import pymorphy3

    return pymorphy3.MorphAnalyzer()


@cache
def normal_forms(word: str) -> frozenset[str]:
    """Every dictionary form a printed word may be a case or form of."""
    return frozenset(folded(parse.normal_form) for parse in analyzer().parse(word))


def tokens(text: str, offset: int = 0) -> list[tuple[str, int, int]]:
    """Words with their spans; a note mark glued to a word is not a part of it."""
    words = []
    for match in WORD.finditer(text):
        word = match[0] if match[0].isdigit() else match[0].rstrip("0123456789")
        if word:
            words.append((word, offset + match.start(), offset + match.start() + len(word)))
    return words


def number_of(word: str, table: dict[str, int]) -> int | None:
    """The number that a table of word beginnings gives for a word, if any."""
    return next((value for start, value in table.items() if re.match(start, folded(word))), None)


def roman(word: str) -> int:
    """The value of a Roman numeral such as XXI; 0 for any other word."""
    if not re.fullmatch("X*(?:IX|IV|V?I{0,3})", word) or not word:
        return 0
    values = [{"I": 1, "V": 5, "X": 10}[letter] for letter in word]
    return sum(-value if value < after else value for value, after in zip(values, [*values[1:], 0], strict=True))
