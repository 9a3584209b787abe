"""The figures of the second reading are computed as their sources say, from a list that is whole."""

import csv
import random
import re
from collections import Counter
from pathlib import Path

import pytest
from claims.outputs.docs.agreement import CHECK, alpha, missed_by_both, wilson

ROOT = Path(__file__).parent.parent


def second_reading() -> list[dict]:
    with (ROOT / "docs" / "second_reading.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("0100000010", "1110010000", 0.095),  # Krippendorff (2011), section A
        ("aabbdcccedda", "babbbcccedd" + "d", 0.692),  # the same, section B
        ("abab", "abab", 1.0),
        ("aaaa", "aaaa", 1.0),
        ("ab", "ba", -0.5),
    ],
)
def test_alpha_is_that_of_the_published_examples(first, second, expected):
    assert alpha(list(zip(first, second, strict=True))) == pytest.approx(expected, abs=0.0005)


def test_chapman_estimates_what_two_lists_miss():
    """Lists of 9 and 11 with 5 in common: (10 × 12) / 6 − 1 = 19 in all, 15 of them seen."""
    assert missed_by_both(9, 11, 5) == pytest.approx(4)
    assert missed_by_both(7, 7, 7) == pytest.approx(0)


def test_every_line_of_the_second_reading_is_matched_once_and_every_difference_settled():
    rows = second_reading()
    lines = [(row["segment_id"], row["ordinal"]) for row in rows if row["ordinal"]]
    assert len(lines) == len(set(lines))
    same = [row["statement_id"] for row in rows if row["match"] == "same"]
    assert len(same) == len(set(same))
    variables = [name for name in rows[0] if "first_" + name in rows[0]]
    for row in rows:
        differs = row["match"] != "same" or any(row[name] != row["first_" + name] for name in variables)
        assert bool(row["settled"]) == bool(row["settled_why"]), row
        assert row["settled"] or not differs, row
        assert differs or row["settled"] in ("", "rule"), row


def test_the_first_reading_in_the_list_is_the_data_but_for_what_was_settled():
    """Each statement has one line of its own, or was added because the second reading had it."""
    with (ROOT / "data" / "statements.csv").open(encoding="utf-8", newline="") as stream:
        statements = {row["statement_id"]: row for row in csv.DictReader(stream)}
    with (ROOT / "data" / "retired_ids.csv").open(encoding="utf-8", newline="") as stream:
        retired = {row["old_id"] for row in csv.DictReader(stream)}
    rows = second_reading()
    own = {row["statement_id"] for row in rows if row["match"] in ("same", "covers") or not row["ordinal"]}
    added = {
        row["settled_why"].removeprefix("Added as ").rstrip(".") for row in rows if "Added as" in row["settled_why"]
    }
    assert own | added <= set(statements) | retired  # what other readers added has no line here
    assert not own & added
    for row in rows:
        if row["match"] == "same" and row["settled"] not in ("second", "rule"):
            assert row["first_statement_type"] == statements[row["statement_id"]]["statement_type"]


def check_readings() -> list[dict]:
    with (ROOT / "docs" / "exits.csv").open(encoding="utf-8", newline="") as stream:
        return [row for row in csv.DictReader(stream) if row["exit"].startswith(CHECK)]


def test_the_checks_that_were_read_are_those_that_the_seed_draws():
    """A check that was taken out since keeps its place in the draw by its retired id."""
    ids = set()
    for table, column in (("external_checks", "external_check_id"), ("retired_ids", "old_id")):
        with (ROOT / "data" / f"{table}.csv").open(encoding="utf-8", newline="") as stream:
            ids |= {row[column] for row in csv.DictReader(stream)}
    drawn = random.Random(2026).sample(sorted(name for name in ids if "chk-" <= name <= "chk-1019"), 120)
    assert sorted(drawn) == [row["row_id"] for row in check_readings()]


def test_the_readings_of_checks_say_why_and_what_was_done():
    for row in check_readings():
        assert row["holds"] in ("yes", "no"), row
        assert row["why"], row
        assert bool(row["settled"]) == (row["holds"] == "no"), row


def test_the_published_shares_are_those_of_the_readings():
    readings = Counter((row["exit"].removeprefix(CHECK), row["holds"]) for row in check_readings())
    block = re.search(r"(?s)<!-- begin checks-read -->(.*?)<!-- end", (ROOT / "docs" / "METHOD.md").read_text("utf-8"))[
        1
    ]
    table = {kind: (int(read), int(held)) for kind, read, held in re.findall(r"\| (\w+) \| (\d+) \| (\d+) \|", block)}
    assert table == {
        kind: (readings[kind, "yes"] + readings[kind, "no"], readings[kind, "yes"]) for kind, _ in readings
    }
    assert f"Of {readings.total()} checks drawn at random {sum(held for _, held in table.values())} held" in block


def test_wilson_is_that_of_the_published_example():
    """Newcombe, R. G. (1998), Two-sided confidence intervals for the single proportion, table I, method 3."""
    assert wilson(81, 263) == pytest.approx((0.2553, 0.3662), abs=0.00005)
    assert wilson(15, 148) == pytest.approx((0.0624, 0.1605), abs=0.00005)
