"""Propose the table of sentences of a text: paragraphs, headings, list items, notes, and the cuts that are doubtful.

What is proposed is for correction. `kind` is what a row seems to be; one that ends in `?` must be decided before
`claims segment` takes the table.
"""

import csv
import io
import re

from ..articletext import normalized, words
from ..findings import Unusable
from .locate import healed
from .segment import COLUMNS, KIND

END = re.compile(r"""(?<=[.!?…。！？؟।])(?P<close>["'»”’)\]]*)(?P<mark>\d{0,2})(?:\s+|(?<=[。！？])(?=\S))""")
# before a full stop that ends no sentence: one letter, and what is usual
ABBREVIATIONS = (
    "mr mrs ms dr prof st vs etc no nos p pp vol ed cf e.g i.e u.s jan feb mar apr aug sept oct nov dec bzw z.b usw "
    "г гг в вв тыс млн млрд руб долл им ул др т.е т.д т.п см с стр н.э"
)
SHORT = re.compile(
    r"(?:^|[\s(«“\"])(?:[^\W\d_]|" + "|".join(map(re.escape, ABBREVIATIONS.split())) + r")\.$", re.IGNORECASE
)
ITEM = re.compile(r"^\s*(?:\d{1,2}[.)]|[-–—•*]|[a-zа-я]\))\s+\S")
NOTE = re.compile(r"^\s*(?:\[\d{1,2}\]|\d{1,2})\s+[^\W\d_]")
HEADING_WORDS = 12
MOST_PARAGRAPHS = 99


def propose(text: str, sections: list[str]) -> str:
    """The proposed sentences as CSV text; `sections` are the codes in use, of which the first two are put in.

    Raises Unusable for a text that has no sentences, or more paragraphs than ids have room for.
    """
    paragraphs = [block for block in paragraphs_of(text) if normalized(block)]
    if not paragraphs:
        raise Unusable("the text has no sentences; extract the article as plain text in UTF-8 first")
    if len(paragraphs) > MOST_PARAGRAPHS:
        room = f"{len(paragraphs)} paragraphs, and ids have room for {MOST_PARAGRAPHS}"
        raise Unusable(f"{room}: part paragraphs by blank lines, and nothing else by them")
    rows = []
    for number, block in enumerate(paragraphs, 1):
        kind = kind_of(block, number)
        parts = [(healed(block), False)] if kind in ("title", "heading", "note") else sentences(healed(block))
        section = sections[min(number > 1, len(sections) - 1)] if sections else ""
        for place, (sentence, doubtful) in enumerate(parts, 1):
            letter = "n" if kind == "note" else "s"
            identifier = f"p{number:02}{letter}{place:02}"
            shown = "" if kind == "note" else place
            rows.append([identifier, 1, section, number, shown, sentence, kind + "?" * doubtful])
    buffer = io.StringIO(newline="")
    csv.writer(buffer, lineterminator="\n").writerows([[*COLUMNS, KIND], *rows])
    return buffer.getvalue()


def paragraphs_of(text: str) -> list[str]:
    """Blocks between blank lines, list items and notes apart; without blank lines each line is a paragraph."""
    blocks = re.split(r"\n\s*\n", text.replace("\r\n", "\n").strip())
    if len(blocks) == 1:
        return text.splitlines()
    found = []
    for block in blocks:
        lines = block.split("\n")
        starts = [n for n, line in enumerate(lines) if n == 0 or ITEM.match(line) or NOTE.match(line)]
        found += ["\n".join(lines[a:b]) for a, b in zip(starts, [*starts[1:], len(lines)], strict=True)]
    return found


def kind_of(block: str, number: int) -> str:
    """What a paragraph seems to be, from how it begins and ends."""
    line = healed(block)
    ends = END.search(line) or re.search(r"[.!?…:;,。！？؟।][\"»”’)\d]*$", line)
    short = len(words(line)) <= HEADING_WORDS and not ends
    if number == 1 and short:
        return "title"
    if ITEM.match(line):
        return "list_item"
    if NOTE.match(line):
        return "note"
    return "heading" if short else "sentence"


def sentences(paragraph: str) -> list[tuple[str, bool]]:
    """The sentences of a paragraph, and of each whether the cut at its end, or one left out in it, is doubtful.

    A cut is doubtful after an abbreviation and before a small letter or a figure.
    """
    found: list[tuple[str, bool]] = []
    start = 0
    doubtful = False
    for match in END.finditer(paragraph):
        before, after = paragraph[start : match.start()], paragraph[match.end() :]
        if not after:
            break
        if match["mark"] and before[-2:-1].isdigit() and after[:1].islower():
            continue  # the decimals of a number
        if ITEM.match(before + " x") and len(words(before)) < 2:
            continue
        if SHORT.search(before) or after[:1].islower():
            doubtful = True  # no cut here: somebody must see whether there should be one
            continue
        found.append((paragraph[start : match.end()].strip(), doubtful or after[:1].isdigit()))
        start, doubtful = match.end(), False
    rest = paragraph[start:].strip()
    return [*found, (rest, doubtful)] if rest else found
