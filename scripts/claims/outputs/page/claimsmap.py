"""The claims map: one square a claim, one line a paragraph, narrow enough for a phone; a desk has three beside it."""

from itertools import groupby

SQUARE = 10  # units of a square
STEP = 12  # from square to square, and from line to line
BETWEEN = 5  # between two sentences
WIDEST = 292


def lines(claims: list[dict]) -> list[dict]:
    """The paragraphs of a section: number, height, and the squares as (x, y, claim)."""
    found = []
    for number, paragraph in groupby(claims, key=lambda claim: claim["paragraph"]):
        squares, x, y = [], 0, 0
        for _, sentence in groupby(paragraph, key=lambda claim: claim["segment_id"]):
            for claim in (claim for claim in sentence if claim["id"]):
                if x + SQUARE > WIDEST:
                    x, y = 0, y + STEP
                squares.append((x, y, claim))
                x += STEP
            x += BETWEEN if x else 0
        if squares:
            found.append({"number": number, "height": y + SQUARE, "squares": squares})
    return found
