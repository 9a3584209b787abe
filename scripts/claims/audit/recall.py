"""The recall audit: what a sentence prints must be linked to a statement of it, or waived with a reason.

Classes and what linked means:
  year, number, number-word   inside a claim_as_printed of the sentence, or a part of the value of a statement it is
                 context for
  quotation      a statement of the sentence with direct or mixed speech, of a person whom the sentence names where
                 it names one as speaking
  note-mark, bracket   a statement of the sentence that cites that source
  person, body, place  the entity is reached by a statement of the sentence
  cue            a statement of the sentence whose attribution is not the authors' voice
  modal          a statement of the sentence that is not a certain fact of the past
  negation       a statement of the sentence that is presented as not so, or whose paraphrase says so

A class for whose words the language of the article has no list (lexicon.py) has no items; the report says so.
"""

import re
from collections import Counter, defaultdict
from dataclasses import dataclass

from . import evidence, lexicon
from .lexicon import Lexicon, Number

CLASSES = (
    "year", "number", "number-word", "quotation", "note-mark", "bracket", "person", "body", "place",
    "cue", "modal", "negation",
)  # fmt: skip
NOTE_MARK = re.compile(r"(?<=[^\W\d_]|[»”\").])(\d{1,2})(?!\d)")
BRACKET = re.compile(r"\[[^\]]*\]")
ORDINAL = re.compile(r"^\d+\.?\s")
ENGLISH = lexicon.lexicon("en")  # the language of the paraphrases
COMMON, LEAST_COMMON = 1 / 8, 10  # share and number of sentences above which a name is common


@dataclass(frozen=True)
class Item:
    """One thing printed in a sentence: class and ordinal in the sentence, and whether a statement links it."""

    segment: str
    kind: str
    ordinal: int
    text: str
    linked: bool

    @property
    def name(self) -> str:
        return f"{self.kind}-{self.ordinal}"


class Audit:
    """The audit of one package.

    `texts` are the printed sentences by segment, `queries` the rows of audit.toml, `lists` the words of the language.
    """

    def __init__(self, texts: dict[str, str], queries: dict[str, list[dict]], lists: Lexicon):
        self.texts = texts
        self.lists = lists
        self.segments = {row["segment"]: row for row in queries["segments"]}
        self.statements = defaultdict(list)
        self.served = defaultdict(list)
        for row in queries["statements"]:
            self.statements[row["segment"]].append(row)
            if row["context"]:
                self.served[row["context"]].append(row)
        self.links = defaultdict(set)
        for row in queries["links"]:
            self.links[row["segment"]].add(row["entity"])
        self.citations = queries["citations"]
        self.names = self.names_to_look_for(queries["names"])

    def names_to_look_for(self, rows: list[dict]) -> list[tuple[list[str], str, set[str]]]:
        """(words, class, entities) longest first, without those in more than an eighth, and ten, of all sentences.

        The two states an article on their relations is about are named in almost every sentence; to demand a link
        for each would say nothing.
        """
        entities: dict[tuple[str, ...], set[str]] = defaultdict(set)
        kinds: dict[tuple[str, ...], str] = {}
        for row in rows:
            words = tuple(word for word, *_ in lexicon.tokens(row["name"] or ""))
            if not words:
                continue
            entities[words].add(row["entity"])
            kinds[words] = max(kinds.get(words, ""), row["class"])  # body < person < place
        names = [(list(words), kinds[words], found) for words, found in entities.items()]
        names.sort(key=lambda name: (-len(name[0]), name[0]))
        seen: Counter[str] = Counter()
        for text in self.texts.values():
            seen.update({one for _, _, found, *_ in named(text, names, self.lists) for one in found})
        common = {one for one, number in seen.items() if number > max(COMMON * len(self.texts), LEAST_COMMON)}
        self.common = sorted(common)
        return [(words, kind, found - common) if found - common else (words, "", set()) for words, kind, found in names]

    def items(self, segment: str) -> list[Item]:
        """Everything of every class that a sentence prints."""
        printed, coded = self.texts[segment], self.statements[segment]
        text = BRACKET.sub(lambda match: " " * len(match[0]), printed)  # a reference is one item, not a name and a year
        body = text
        if self.segments[segment]["kind"] in ("list_item", "note"):
            body = ORDINAL.sub(lambda match: " " * len(match[0]), body)
        found: list[tuple[str, str, bool]] = []
        low = lexicon.folded(text)
        claimed = [span for row in coded if row["printed"] for span in evidence.spans(row["printed"], text)]
        digits = {int(n) for row in self.served[segment] if row["value"] for n in re.findall(r"\d+", row["value"])}
        numbers = self.lists.numbers(body)
        marks = [match for match in NOTE_MARK.finditer(body) if not inside(match.start(), match.end(), numbers)]
        at_marks = {match.start() for match in marks}
        for number in numbers:
            if number.start not in at_marks:
                linked = any(low <= number.start and number.end <= high for low, high in claimed)
                printed_as = body[number.start : number.end]
                found.append((kind_of(number, printed_as), printed_as, linked or number.value in digits))
        hits = list(named(text, self.names, self.lists))
        quotations = list(self.lists.quotation.finditer(text))
        persons = {
            entity
            for _, kind, entities, low_end, high_end in hits
            if kind == "person" and not any(one.start() < low_end and high_end < one.end() for one in quotations)
            for entity in entities
        }
        quoted = self.quotes_somebody(coded, low, persons)
        for match in quotations:
            if not any(low <= match.start() + 1 and match.end() - 1 <= high + 1 for *_, low, high in hits):
                found.append(("quotation", match[0], quoted))
        cited = {row["source"] for row in coded}
        for match in marks:
            expected = {row["source"] for row in self.citations if row["mark"] == match[1]}
            found.append(("note-mark", match[1], any(note in cited and note.endswith(segment) for note in expected)))
        for match in BRACKET.finditer(printed):
            expected = {row["source"] for row in self.citations if row["title"] == match[0]}
            found.append(("bracket", match[0], bool(expected & cited)))
        for words, kind, entities, *_ in hits:
            if kind:
                found.append((kind, " ".join(words), bool(entities & self.links[segment])))
        attributed = any(row["attribution"] != "author_voice" for row in coded)
        found += [("cue", match[0].strip(), attributed) for match in self.lists.attribution.finditer(low)]
        tempered = any(row["phase"] != "occurred" or row["factuality"] != "certain" for row in coded)
        found += [("modal", match[0], tempered) for match in self.lists.modal.finditer(low)]
        denied = any(
            row["phase"] == "not_occurred"
            or row["factuality"] == "certainly_not"
            or ENGLISH.negation.search(lexicon.folded(row["gloss"]))
            for row in coded
        )
        found += [("negation", match[0], denied) for match in self.lists.negation.finditer(low)]
        ordinals: Counter = Counter()
        items = []
        for kind, what, linked in found:
            ordinals[kind] += 1
            items.append(Item(segment, kind, ordinals[kind], what, linked))
        return items

    def quotes_somebody(self, coded: list[dict], text: str, persons: set[str]) -> bool:
        """Whether a quotation is coded as one; where a sentence names persons and says that somebody speaks, as theirs.

        Whole clauses are never the authors' own, single words may be.
        """
        quotations = [
            row
            for row in coded
            if row["form"] == "mixed" or (row["form"] == "direct" and row["attribution"] != "author_voice")
        ]
        if persons and self.lists.attribution.search(text):
            return any({row["speaker"], row["via"]} & persons for row in quotations)
        return bool(quotations)


def inside(start: int, end: int, numbers: list[Number]) -> bool:
    """Whether digits are only a part of a number, as those after its decimal point."""
    return any(one.start <= start and end <= one.end and (start, end) != (one.start, one.end) for one in numbers)


def kind_of(number: Number, printed: str) -> str:
    if number.word:
        return "number-word"
    return "year" if len(printed) == 4 and printed[:2] in ("18", "19", "20") else "number"


def named(text: str, names: list[tuple[list[str], str, set[str]]], lists: Lexicon):
    """Names in a sentence from left to right, the longest first: (words printed, class, entities, start, end)."""
    words = lexicon.tokens(text)
    at = 0
    while at < len(words):
        for name, kind, entities in names:
            part = words[at : at + len(name)]
            if len(part) == len(name) and all(
                (one[0][0].isupper() or not own[0].isupper()) and lists.same_word(one[0], own)
                for one, own in zip(part, name, strict=True)
            ):
                yield [one[0] for one in part], kind, entities, part[0][1], part[-1][2]
                at += len(name)
                break
        else:
            at += 1
