"""Find each segment in a copy of the article, whatever program extracted it.

The copy is reduced to its letters and digits; a segment is a stretch of the right length whose hash is right.
Where that fails, whole lines inside it (a running head, a page number, a note) are left out, up to three.
What then belongs to no segment is told, running heads and page numbers left out: lines that stand there repeatedly.
"""

import re
from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import accumulate, combinations, pairwise

from ..articletext import NEWEST, normalized, words

MOST_LINES_OUT = 3
LINES_SKIPPED = 6
MOST_WORDS_OUT = 3  # words beside numbers that may belong to no segment


@dataclass
class Located:
    """One segment in the copy: its printed text with line breaks healed, the line where it begins, its stretches."""

    segment: str
    state: str  # found, found (interrupted), changed, missing
    text: str = ""
    line: int = 0
    spans: list[tuple[int, int]] = field(default_factory=list)


@dataclass
class Uncovered:
    """A stretch of the copy that belongs to no segment, and the segments between which it stands, empty at the ends."""

    line: int
    text: str
    before: str
    after: str


@dataclass
class Copy:
    """A copy of the article by lines, and the normalised stream with the offset at which each line begins."""

    lines: list[str]
    version: int = NEWEST
    parts: list[str] = field(init=False)
    starts: list[int] = field(init=False)
    stream: str = field(init=False)

    def __post_init__(self):
        self.parts = [normalized(line, self.version) for line in self.lines]
        self.starts = [0, *accumulate(len(part) for part in self.parts)]
        self.stream = "".join(self.parts)

    def line_at(self, offset: int) -> int:
        """Index of the line that holds the character at an offset of the stream."""
        return min(bisect_right(self.starts, offset) - 1, len(self.lines) - 1)

    def printed(self, start: int, end: int, without: tuple[int, ...] = ()) -> str:
        """The text between two offsets of the stream, line breaks healed, some lines left out."""
        pieces = []
        for index in range(self.line_at(start), self.line_at(max(start, end - 1)) + 1):
            if index not in without:
                low, high = start - self.starts[index], end - self.starts[index]
                pieces.append(cut(self.lines[index], max(low, 0), min(high, len(self.parts[index])), self.version))
        return healed("\n".join(pieces))

    def spans(self, start: int, end: int, without: tuple[int, ...]) -> list[tuple[int, int]]:
        """The stretches between two offsets that are left when some lines are left out."""
        cuts = [start, *(offset for index in without for offset in self.starts[index : index + 2]), end]
        return list(zip(cuts[::2], cuts[1::2], strict=True))


def cut(line: str, low: int, high: int, version: int = NEWEST) -> str:
    """The stretch of a line between its normalised characters low and high, with marks that stand around it."""
    if low == 0 and high >= len(normalized(line, version)):
        return line
    positions = []
    for index, character in enumerate(line):
        positions += [index] * len(normalized(character, version))
    begin = positions[low] if low < len(positions) else len(line)
    stop = positions[high] if high < len(positions) else len(line)
    while low and begin and not line[begin - 1].isalnum() and line[begin - 1] in "«(\"'":
        begin -= 1
    text = line[begin:stop]
    return re.sub(r"[«(]+\s*$", "", text) if high < len(positions) else text


def healed(text: str) -> str:
    """Words broken at a line end joined, lost hyphens written, line breaks as blanks."""
    joined = re.sub(r"(?<=\w)[-\N{SOFT HYPHEN}\N{REPLACEMENT CHARACTER}]\s*\n\s*(?=\w)", "", text)
    return re.sub(r"\s+", " ", joined.replace("\N{REPLACEMENT CHARACTER}", "-")).strip()


def locate(text: str, segments: list[dict], version: int = NEWEST) -> list[Located]:
    """Where each segment stands, in the order of `segments`; each has segment, length, sha256 and anchor.

    `version` is the normalisation of their lengths and hashes.
    """
    copy = Copy(text.splitlines(), version)
    left_out: list[int] = []
    results, position = [], 0
    for segment in segments:
        hit = (
            exact(copy, segment, position)
            or interrupted(copy, segment, position)
            or aside(copy, segment, left_out)
            or searched(copy, segment, position)
        )
        if hit is None:
            results.append(absent(copy, segment, position))
            continue
        start, end, without, state = hit
        printed = copy.printed(start, end, without)
        spans = copy.spans(start, end, without)
        results.append(Located(segment["segment"], state, printed, copy.line_at(start) + 1, spans))
        left_out += without
        position = max(position, end)
    return results


def matches(stretch: str, segment: dict) -> bool:
    return sha256(stretch.encode("utf-8")).hexdigest() == segment["sha256"]


def exact(copy: Copy, segment: dict, position: int):
    """Right where the segment before ended, or where one of the next lines begins."""
    for start in starts(copy, position):
        if matches(copy.stream[start : start + segment["length"]], segment):
            return start, start + segment["length"], (), "found"
    return None


def starts(copy: Copy, position: int) -> list[int]:
    """This offset and the beginnings of the next few lines."""
    first = copy.line_at(position)
    return [position, *(copy.starts[i] for i in range(first + 1, min(first + LINES_SKIPPED, len(copy.lines))))]


def interrupted(copy: Copy, segment: dict, position: int):
    """From here, or from one of the next lines, with up to three whole lines left out."""
    for start in starts(copy, position):
        inside = range(copy.line_at(start) + 1, copy.line_at(start + segment["length"] + 200) + 1)
        filled = [index for index in inside if copy.parts[index]]
        for number in range(1, MOST_LINES_OUT + 1):
            for without in combinations(filled, number):
                end = start + segment["length"] + sum(len(copy.parts[index]) for index in without)
                if copy.starts[without[-1] + 1] > end:
                    continue
                if matches("".join(copy.stream[low:high] for low, high in copy.spans(start, end, without)), segment):
                    return start, end, without, "found (interrupted)"
    return None


def aside(copy: Copy, segment: dict, left_out: list[int]):
    """A note whose line was left out of the sentence it interrupts."""
    for index in left_out:
        if len(copy.parts[index]) == segment["length"] and matches(copy.parts[index], segment):
            return copy.starts[index], copy.starts[index + 1], (), "found"
    return None


def searched(copy: Copy, segment: dict, position: int):
    """Anywhere further on, around each place where the anchor stands."""
    anchor, length = normalized(segment["anchor"], copy.version), segment["length"]
    at = copy.stream.find(anchor, position)
    while anchor and at >= 0:
        for start in range(max(position, at + len(anchor) - length), at + 1):
            if matches(copy.stream[start : start + length], segment):
                return start, start + length, (), "found"
        at = copy.stream.find(anchor, at + 1)
    return None


def absent(copy: Copy, segment: dict, position: int) -> Located:
    """Changed where the anchor still stands, missing where it does not."""
    at = copy.stream.find(normalized(segment["anchor"], copy.version), position)
    if at < 0:
        return Located(segment["segment"], "missing")
    return Located(segment["segment"], "changed", line=copy.line_at(at) + 1)


def uncovered(text: str, located: list[Located], version: int = NEWEST) -> list[Uncovered]:
    """Stretches of the copy of more than a few words that belong to no segment.

    Not those where a segment is changed or missing, which explains them.
    """
    copy = Copy(text.splitlines(), version)
    free = free_pieces(copy, located)
    heads = Counter(letters(copy.stream[low:high]) for low, high in free)
    found = []
    for stretch in touching(free):
        kept = [(low, high) for low, high in stretch if heads[letters(copy.stream[low:high])] == 1]
        printed = " ".join(copy.printed(low, high) for low, high in kept)
        if sum(not word.isdigit() for word in words(printed)) > MOST_WORDS_OUT:
            starting = [number for number, one in enumerate(located) if one.spans and one.spans[0][0] < kept[0][0]]
            after = starting[-1] + 1 if starting else 0  # the next segment in the order of the article
            if after == len(located) or located[after].spans:
                names = ["", *(one.segment for one in located), ""]
                found.append(Uncovered(copy.line_at(kept[0][0]) + 1, printed, names[after], names[after + 1]))
    return found


def free_pieces(copy: Copy, located: list[Located]) -> list[tuple[int, int]]:
    """The stretches of each line that belong to no segment."""
    taken = bytearray(len(copy.stream))
    for one in located:
        for low, high in one.spans:
            taken[low:high] = b"\1" * (high - low)
    changes = [offset for offset in range(1, len(taken)) if taken[offset] != taken[offset - 1]]
    borders = sorted({*copy.starts, *changes})
    return [(low, high) for low, high in pairwise(borders) if not taken[low]]


def touching(pieces: list[tuple[int, int]]) -> list[list[tuple[int, int]]]:
    """The pieces in groups of which each begins where the one before ends."""
    groups: list[list[tuple[int, int]]] = []
    for piece in pieces:
        if groups and groups[-1][-1][1] == piece[0]:
            groups[-1].append(piece)
        else:
            groups.append([piece])
    return groups


def letters(text: str) -> str:
    """A running head without the page number in it."""
    return re.sub("[0-9]+", "", text)
