"""How far two independent readings of the article agree, from docs/second_reading.csv, for docs/METHOD.md; and what a
third reader said of the exits and of checks drawn at random, from docs/exits.csv.

A row of that list is a line of the second reading or, without `ordinal`, a line of the first that the second has not.
A column `first_X` holds what the first reading said where `X` holds what the second said; `match` compares the lines.
"""

import csv
import random
from collections import Counter
from collections.abc import Collection, Sequence

from ...markdown import table as markdown_table
from ...package import Package

RESAMPLES, SEED = 1000, 1
FIRST = "first_"
SMALL = 10  # exits of which fewer rows were read were read completely
CHECK = "check-"  # begins the exit of a check that was drawn at random; its verdict when it was read follows


def agreement(package: Package) -> dict[str, str]:
    """The blocks `agreement`, `confusion`, `completeness` and `settled`; none where no second reading is kept."""
    file = package.root / "docs" / "second_reading.csv"
    if not file.is_file():
        return {}
    with file.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    pairs = [row for row in rows if row["match"] == "same"]
    variables = [name.removeprefix(FIRST) for name in rows[0] if name.startswith(FIRST)]
    return {
        "agreement": by_variable(pairs, variables),
        "confusion": confusion(pairs, variables),
        "completeness": completeness(rows),
        "settled": settled(rows),
    }


def by_variable(pairs: list[dict], variables: list[str]) -> str:
    """Raw agreement and alpha with its interval, a line per variable."""
    lines = []
    for name in variables:
        values = [(row[FIRST + name], row[name]) for row in pairs]
        same = sum(first == second for first, second in values)
        low, high = interval(pairs, name)
        given = sum(first != "" or second != "" for first, second in values)
        lines.append(
            [name, str(given), f"{same} ({same / len(values):.3f})", f"{alpha(values):.3f}", f"{low:.3f}–{high:.3f}"]
        )
    header = ["variable", "given", f"the same, of {len(pairs)}", "Krippendorff's alpha", "95 % interval"]
    return markdown_table(header, lines)


def alpha(values: Sequence[tuple[str, str]]) -> float:
    """Krippendorff's alpha for two readers, nominal data, nothing missing; 1 where nothing varies.

    Krippendorff, K. (2011), Computing Krippendorff's Alpha-Reliability, section A to C.
    """
    counts = Counter(value for pair in values for value in pair)
    return alpha_of_counts(counts.values(), sum(first != second for first, second in values))


def alpha_of_counts(counts: Collection[int], differing: int) -> float:
    """The same from how often each value was given, and how many pairs differ."""
    total = sum(counts)
    expected = total * (total - 1) - sum(n * (n - 1) for n in counts)
    return 1 - (total - 1) * 2 * differing / expected if expected else 1.0


def interval(pairs: list[dict], name: str) -> tuple[float, float]:
    """Percentile interval of alpha, whole paragraphs drawn again and again, because their sentences hang together."""
    paragraphs: dict[str, list[tuple[str, str]]] = {}
    for row in pairs:
        paragraphs.setdefault(row["segment_id"][:3], []).append((row[FIRST + name], row[name]))
    given = [Counter(value for pair in paragraph for value in pair) for paragraph in paragraphs.values()]
    differing = [sum(first != second for first, second in pairs) for pairs in paragraphs.values()]
    by_value = [[paragraph[value] for paragraph in given] for value in sorted(set().union(*given))]
    draw, numbers = random.Random(SEED), range(len(paragraphs))
    found = []
    for _ in range(RESAMPLES):
        drawn = draw.choices(numbers, k=len(paragraphs))
        counts = [sum(map(numbers.__getitem__, drawn)) for numbers in by_value]
        found.append(alpha_of_counts(counts, sum(map(differing.__getitem__, drawn))))
    found.sort()
    return found[int(0.025 * RESAMPLES)], found[int(0.975 * RESAMPLES) - 1]


def confusion(pairs: list[dict], variables: list[str]) -> str:
    """What the readings took for different codes, the most frequent first."""
    counts = Counter(
        (name, row[FIRST + name], row[name]) for row in pairs for name in variables if row[FIRST + name] != row[name]
    )
    order = sorted(counts.items(), key=lambda item: (variables.index(item[0][0]), -item[1], item[0]))
    lines = [[name, first or "none", second or "none", str(number)] for (name, first, second), number in order]
    return markdown_table(["variable", "first reading", "second reading", "pairs"], lines)


def completeness(rows: list[dict]) -> str:
    """Lines of both lists and an estimate of what neither has."""
    matches = Counter((row["match"], row["ordinal"] != "") for row in rows)
    same = matches["same", True]
    second = sum(number for (_, of_second), number in matches.items() if of_second)
    first = same + sum(number for (_, of_second), number in matches.items() if not of_second)
    only_first, only_second = matches["absent", False], matches["absent", True]
    alike = first + second - same - only_first - only_second
    lines = [
        ["lines of the first reading", str(first)],
        ["lines of the second reading", str(second)],
        ["the same in both", str(same)],
        ["of the second, part of a line of the first", str(matches["covered", True])],
        ["of the first, part of a line of the second", str(matches["covers", False])],
        ["content only the first has", str(only_first)],
        ["content only the second has", str(only_second)],
        [
            "lines neither has (Chapman), if only the same counts as found again",
            f"{missed_by_both(first, second, same):.1f}",
        ],
        [
            "lines neither has (Chapman), if a part counts as found again",
            f"{missed_by_both(alike + only_first, alike + only_second, alike):.2f}",
        ],
    ]
    return markdown_table(["", ""], lines)


def missed_by_both(first: int, second: int, same: int) -> float:
    """Chapman's estimate of all there is, less what at least one of two lists has.

    Chapman, D. G. (1951), Some properties of the hypergeometric distribution with applications to zoological sample
    censuses.
    """
    return (first + 1) * (second + 1) / (same + 1) - 1 - (first + second - same)


def settled(rows: list[dict]) -> str:
    """Differences by the reading that was held right, and what a coding rule made later decided against both."""
    counts = Counter((row["match"], row["settled"]) for row in rows if row["settled"])
    labels = {
        "same": "the same line, other codes",
        "covered": "cut more finely by the second",
        "covers": "cut more finely by the first",
        "absent": "content that one has not",
    }
    lines = [
        [label, *(str(counts[match, decided]) for decided in ("first", "second", "rule"))]
        for match, label in labels.items()
    ]
    return markdown_table(
        ["difference", "decided for the first", "for the second", "against both, by a later rule"], lines
    )


def exits(package: Package) -> dict[str, str]:
    """What a third reader said: the exits in `exits`, the checks drawn at random in `checks-read`, the samples of both
    in words in `exits-sampled`; none where no such readings are kept."""
    file = package.root / "docs" / "exits.csv"
    if not file.is_file():
        return {}
    with file.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    checks = [row for row in rows if row["exit"].startswith(CHECK)]
    others = [row for row in rows if not row["exit"].startswith(CHECK)]
    share = held_share(checks) if checks else ""
    samples = ", ".join(
        f"{held} of {read} of *{name.replace('_', ' ')}*"
        for name, (read, held) in readings(others).items()
        if read > SMALL
    )
    return {
        "exits": readings_table("exit", others),
        "checks-read": f"{share}\n\n{readings_table('verdict when read', checks)}",
        "exits-sampled": f"Of the samples that were read again, these held: {samples}. {share} What did not hold was "
        "mended or kept with a reason; what was not in a sample was not read again in this way.\n",
    }


def readings(rows: list[dict]) -> dict[str, tuple[int, int]]:
    """How many rows of each exit were read, and how many of them held."""
    read, held = Counter(row["exit"] for row in rows), Counter(row["exit"] for row in rows if row["holds"] == "yes")
    return {name.removeprefix(CHECK): (read[name], held[name]) for name in sorted(read)}


def readings_table(header: str, rows: list[dict]) -> str:
    """The same as Markdown, and below it what was done with what did not hold."""
    lines = [[name, str(read), str(held)] for name, (read, held) in readings(rows).items()]
    counts = Counter(row["settled"].rstrip(".") for row in rows if row["settled"])
    settled = "; ".join(f"{text[0].lower()}{text[1:]} ({number})" for text, number in sorted(counts.items()))
    return f"{markdown_table([header, 'read', 'held'], lines)}\nOf what did not hold: {settled}.\n"


def held_share(rows: list[dict]) -> str:
    """The share of a random sample that held, with its interval, in a sentence."""
    held = sum(row["holds"] == "yes" for row in rows)
    low, high = (f"{100 * bound:.0f}" for bound in wilson(held, len(rows)))
    share = f"{100 * held / len(rows):.1f} %"
    return f"Of {len(rows)} checks drawn at random {held} held: {share} (95 % interval {low}–{high} %)."


def wilson(held: int, read: int) -> tuple[float, float]:
    """The score interval at 95 % of the share that held.

    Wilson, E. B. (1927), Probable inference, the law of succession, and statistical inference.
    """
    z = 1.959964
    middle, scale = held + z * z / 2, read + z * z
    half = z * (held * (read - held) / read + z * z / 4) ** 0.5
    return (middle - half) / scale, (middle + half) / scale
