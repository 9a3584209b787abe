"""The figures in docs/METHOD.md are those the commands print, and no figure of any document stands outside of them."""

import csv
import json
import re
import tomllib
from collections import Counter
from pathlib import Path

from harness import claims

ROOT = Path(__file__).parent.parent
NUMBER = re.compile(
    r"(?i)\b(\d[\d.,]*\d|\d|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozens?|hundreds?|thousands?|"
    r"half|(?:a|one|two) (?:third|quarter)s?|twice|most of|majority)\b"
)
NOT_COUNTED = (  # numbers in sentences that count nothing which the data could change; each is here by its words
    *(
        "CC BY 4.0",
        "decision 4",
        "release 1.0.0",
        "until version 2",
        "(1 is perfect agreement, 0 is chance)",
    ),
    *("summer 2026", "the end of 2026", "promised for 2026", "day of October 2025", "one- or two-word anchor"),
    *(
        "two or more other witnesses",
        "two lists",
        "two questions",
        "the two agree",
        "in two ways",
        "two states",
        "two sides",
        "two years",
        "two actors",
        "twice",
    ),
    *("five goods", "five statements", "in four ways", "by two authors", "in November 2026"),
)


def test_the_audit_table_is_the_one_that_the_audit_prints(article):
    audit = json.loads(claims("audit", article, "--format", "json").stdout)["audit"]
    header = list(audit[0])
    lines = [header, ["---"] * len(header), *([str(cell) for cell in row.values()] for row in audit)]
    table = "".join("| " + " | ".join(line) + " |\n" for line in lines)
    block = re.search(
        r"(?s)<!-- begin audit.*?-->\n(.*?)<!-- end audit -->", (ROOT / "docs/METHOD.md").read_text("utf-8")
    )
    assert block[1] == table, f"put this between the marks:\n{table}"


def test_example_rows_are_there_and_coded_as_the_method_says():
    rows = {}
    for resource in json.loads((ROOT / "datapackage.json").read_text("utf-8"))["resources"]:
        (key, *more) = json.loads((ROOT / resource["schema"]).read_text("utf-8"))["primaryKey"]
        with (ROOT / resource["path"]).open(encoding="utf-8", newline="") as stream:
            rows |= {} if more else {row[key]: row for row in csv.DictReader(stream)}
    with (ROOT / "docs" / "coding_rules.csv").open(encoding="utf-8", newline="") as stream:
        examples = list(csv.DictReader(stream))
    for one in examples:
        column, _, value = one["property"].partition("=")
        assert rows[one["row_id"]][column] == value, one
    kinds = {(one["rule"], one["kind"]) for one in examples}
    assert len(kinds) == 3 * len({one["rule"] for one in examples}), "each rule holds, does not, and has a boundary"


def test_no_number_stands_in_a_sentence_that_nothing_computes():
    """What is counted is in a block that `make build` writes; a sentence written by hand has no number."""
    texts = {file: written_by_hand((ROOT / file).read_text("utf-8")) for file in HANDWRITTEN}
    texts["schemas/site.toml"] = "\n".join(strings(tomllib.loads((ROOT / "schemas/site.toml").read_text("utf-8"))))
    for file, text in texts.items():
        for phrase in NOT_COUNTED:
            text = text.replace(phrase, "").replace(phrase.capitalize(), "")
        assert [text[max(one.start() - 40, 0) : one.end() + 40] for one in NUMBER.finditer(text)] == [], file


HANDWRITTEN = ("README.md", "docs/METHOD.md", "docs/DISPUTED.md")


def written_by_hand(text: str) -> str:
    """The prose of a document: without generated blocks, code, tables, addresses and the numbers of a list."""
    for pattern in (
        r"(?s)<!-- begin .*?<!-- end [\w-]+ -->",
        r"(?s)```.*?```",
        r"`[^`]*`",
        r"\]\([^)]*\)",
        r"(?m)^\d\. ",
    ):
        text = re.sub(pattern, "", text)
    return re.sub(r"\s+", " ", text)


def strings(value, key: str = "") -> list[str]:
    """Every text of the page's file that is not a query, an address or a colour."""
    if isinstance(value, dict):
        return [one for name, inner in value.items() for one in strings(inner, name)]
    if isinstance(value, list):
        return [one for inner in value for one in strings(inner, key)]
    return [value] if isinstance(value, str) and key not in ("sql", "link", "tone", "sign") else []


def test_what_the_method_says_of_the_authors_and_the_search_is_so():
    """Two authors, one of them the person quoted most; every page looked up in the month that is named."""
    tables = {}
    for name in ("actors", "statements", "external_checks"):
        with (ROOT / "data" / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
            tables[name] = list(csv.DictReader(stream))
    actors = {row["actor_id"]: row for row in tables["actors"]}
    authors = [row for row in actors.values() if row["is_author"] == "true"]
    speakers = Counter(row["speaker_actor_id"] for row in tables["statements"] if row["speaker_actor_id"])
    persons = Counter({one: n for one, n in speakers.items() if actors[one]["actor_type"] == "person"})
    assert len(authors) == 2
    assert actors[persons.most_common(1)[0][0]] in authors
    assert {row["checked_on"][:7] for row in tables["external_checks"]} == {"2026-11"}


def test_two_authors_have_one_voice():
    """No text of the package speaks of the voice of one author."""
    files = [
        *(ROOT / "docs").glob("*.md"),
        *(ROOT / "schemas").rglob("*.*"),
        ROOT / "README.md",
        ROOT / "data/codes.csv",
    ]
    assert [file.name for file in files if re.search("author'{1,2}s (own )?voice", file.read_text("utf-8"))] == []


def test_the_classes_of_verdict_add_up_to_all_statements():
    """In the line that the documents print, and in the table below it."""
    text = (ROOT / "docs" / "METHOD.md").read_text("utf-8")
    line = re.search(r"(?s)<!-- begin sum -->\n(.*?)<!-- end sum -->", text)[1]
    held, every, *parts = map(int, re.findall(r"\d+", line))
    assert every == sum(parts)
    assert held == sum(parts[:5])
    table = re.search(r"(?s)<!-- begin classes -->\n(.*?)<!-- end classes -->", text)[1]
    rows = [[cell.strip() for cell in row.strip("|").split("|")] for row in table.splitlines()[2:]]
    *classes, whole = [list(map(int, row[2:])) for row in rows]
    assert whole == [sum(column) for column in zip(*classes, strict=True)]
    assert whole[-1] == every == sum(whole[:-1])
    assert sorted(row[-1] for row in classes) == sorted(parts)
    listed = re.search(r"(?s)<!-- begin not-looked-up -->\n(.*?)<!-- end not-looked-up -->", text)[1]
    assert len(re.findall(r"`p\d\d", listed)) == next(int(row[-1]) for row in rows if row[0] == "not looked up")
    assert line in (ROOT / "README.md").read_text("utf-8")
