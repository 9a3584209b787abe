"""claims audit against the real article where it is at hand, and its parts on invented sentences everywhere."""

import json
import random
import re
import textwrap
from collections import Counter
from pathlib import Path
from subprocess import CompletedProcess

import pytest
from claims import articletext
from claims.audit import evidence, lexicon, rights
from claims.audit.locate import healed, locate, uncovered
from claims.audit.recall import Audit
from harness import claims

ROOT = Path(__file__).parent.parent


RU, EN = lexicon.lexicon("ru"), lexicon.lexicon("en")
ASKED = (
    "gloss", "context", "attribution", "speaker", "via", "form", "factuality", "phase", "source", "property", "printed",
    "value",
)  # fmt: skip
ABOUT = [f"{one}_id" for one in ["event", "agreement", "project", "flow", "observation", "position", "actor", "place"]]


def verify(text: Path, *arguments) -> CompletedProcess:
    return claims("audit", text, *arguments)


def report(text: Path, *arguments) -> dict:
    done = verify(text, "--format", "json", *arguments)
    assert done.stdout, done.stderr
    return json.loads(done.stdout)


def states(result: dict) -> dict[str, int]:
    found: dict[str, int] = {}
    for one in result["located"]:
        found[one["state"]] = found.get(one["state"], 0) + 1
    return found


# --- the real article


def test_the_article_agrees_with_the_package(article):
    done = verify(article)
    assert done.returncode == 0, done.stdout
    assert "no findings" in done.stdout


def test_every_segment_is_found_in_the_article_and_in_a_reflowed_copy(article, tmp_path):
    """Other line lengths, running heads, page numbers, other dashes, lost hyphens, composed letters apart."""
    result = report(article)
    total = len(result["located"])
    assert sum(states(result)[state] for state in ("found", "found (interrupted)")) == total
    lines = []
    # a footnote keeps its own line
    for paragraph in re.split(r"\n\s*\n|\n(?=\s*\d+ \w+\.\n)", article.read_text("utf-8")):
        text = paragraph.replace("\N{REPLACEMENT CHARACTER}\n", "").replace("\N{REPLACEMENT CHARACTER}", "-")
        lines += [*textwrap.wrap(" ".join(text.split()), 61), ""]
    paged = []
    for number, line in enumerate(lines, 1):
        paged.append(line.replace(" — ", " – ").replace("«", "„").replace("»", "“"))
        if number % 29 == 0:
            paged += ["", f"— {number // 29} —", "Вестник примера. Серия об отношениях двух стран. 2025. № 3", ""]
    reflowed = tmp_path / "reflowed.txt"
    reflowed.write_text("\n".join(paged), "utf-8")
    result = report(reflowed)
    assert not [one for one in result["findings"] if one["rule"].startswith("text-")]
    found = states(result)
    assert set(found) <= {"found", "found (interrupted)"}
    assert found["found (interrupted)"] > 10, "the variant must put running heads inside sentences"


OMITTED = "В 2019 году губернатор Пётр Примерный подписал соглашение на 40 миллионов долларов. Все ждут роста торговли."


@pytest.mark.parametrize(
    ("place", "width", "rule"),
    [
        ("inside", 200, "text-uncovered"),
        ("inside", 30, "text-uncovered"),
        ("first", 200, "text-outside"),
        ("last", 30, "text-outside"),
    ],
)
def test_a_paragraph_that_nobody_numbered_is_told(article, tmp_path, place, width, rule):
    """In the article itself, between two sentences, before all or after all; the latter two are warnings."""
    lines = article.read_text("utf-8").splitlines()
    starts = sorted({one["line"] for one in report(article)["located"]})
    full = [line for line in starts if lines[line - 2] == ""]  # where a paragraph begins
    at = {"inside": full[len(full) // 2] - 1, "first": 0, "last": len(lines)}[place]
    lines[at:at] = ["", *textwrap.wrap(OMITTED, width), ""]
    (tmp_path / "more.txt").write_text("\n".join(lines), "utf-8")
    result = report(tmp_path / "more.txt")
    (one,) = result["findings"]
    assert (one["rule"], result["valid"]) == (rule, rule == "text-outside")
    assert f"line {at + 2} of the text" in one["message"]
    assert "14 words belong to no segment" in one["message"]


def test_altered_and_lost_sentences_are_named(article, tmp_path):
    """A digit changed in one sentence and another sentence cut out: exactly these two, and nothing else is lost."""
    located = report(article)["located"]
    with (ROOT / "data" / "segments.csv").open(encoding="utf-8") as stream:
        header, *rows = [line.rstrip("\n").split(",") for line in stream]
    anchor, identifier = header.index("anchor"), header.index("segment_id")
    altered, cut = rows[60], rows[100]
    text = article.read_text("utf-8")
    text = text.replace(altered[anchor], altered[anchor] + " 7", 1)
    line = next(one["line"] for one in located if one["segment"] == cut[identifier])
    after = next(one["line"] for one in located if one["segment"] == rows[101][identifier])
    lines = text.split("\n")
    if line != after:
        lines[line - 1 : after - 1] = []
    else:
        lines[line - 1] = lines[line - 1].replace(cut[anchor], "")
    (tmp_path / "a.txt").write_text("\n".join(lines), "utf-8")
    findings = [one for one in report(tmp_path / "a.txt")["findings"] if one["rule"].startswith("segment-")]
    named = {one["row"] for one in findings}
    assert {altered[identifier], cut[identifier]} <= named
    # cutting whole lines may touch the neighbours that share them, and nothing further away
    near = {row[identifier] for row in [*rows[59:62], *rows[98:104]]}
    assert named <= near


def test_one_segment_on_request(article):
    with (ROOT / "data" / "statements.csv").open(encoding="utf-8") as stream:
        statement, segment = stream.readlines()[1].split(",")[:2]
    done = verify(article, "--segment", segment)
    assert done.returncode == 0, done.stdout
    assert f"{segment}: found" in done.stdout
    assert statement in done.stdout
    assert verify(article, "--segment", "p99s99").returncode == 2


def test_the_audit_bites(article, copy):
    """Take a date claim away that no other row rests on: the year or day it claimed is reported as unlinked."""
    header, *rows = copy.rows("statements")
    column = {name: index for index, name in enumerate(header)}
    claimed = Counter((row[column["segment_id"]], row[column["claim_as_printed"]]) for row in rows)
    for row in rows:
        alone = claimed[row[column["segment_id"]], row[column["claim_as_printed"]]] == 1
        if alone and row[column["claim_property"]] == "date" and re.search(r"\d", row[column["claim_as_printed"]]):
            kept = list(row)
            for name in ("claim_property", "claim_as_printed", "claim_value", "date_basis", "context_segment_id"):
                row[column[name]] = ""
            copy.write_rows("statements", [header, *rows])
            copy.reseal()
            if copy.validate().valid:
                break
            row[:] = kept
    found = {(one["rule"], one["row"]) for one in report(article, "--package", copy.root)["findings"]}
    segment = row[column["segment_id"]]
    assert {rule for rule, where in found if where == segment} & {"audit-year", "audit-number"}
    assert {where for _, where in found} == {segment}


# --- what is not the article


@pytest.mark.parametrize(
    ("content", "code", "message"),
    [
        ("Совсем другой текст. " * 500, 1, "article-other"),
        ("", 1, "article-other"),
        (b"%PDF-1.7 \xff\xfe", 2, "not text in UTF-8"),
        (None, 2, "cannot be read"),
    ],
)
def test_other_texts(tmp_path, content, code, message):
    file = tmp_path / "text.txt"
    if content is not None:
        file.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    done = verify(file)
    assert done.returncode == code
    assert message in done.stdout + done.stderr
    assert "Traceback" not in done.stderr


def test_an_invalid_package_is_not_verified(tmp_path, copy):
    copy.path("events").write_bytes(copy.path("events").read_bytes() + b"x")
    (tmp_path / "t.txt").write_text("Текст", "utf-8")
    done = verify(tmp_path / "t.txt", "--package", copy.root)
    assert done.returncode == 2
    assert "not valid" in done.stderr


# --- locating


def segments(*texts: str) -> list[dict]:
    anchors = articletext.anchors(list(texts))
    return [
        {
            "segment": f"s{number}",
            "length": len(articletext.normalized(text)),
            "sha256": articletext.sha256(text),
            "anchor": anchor,
        }
        for number, (text, anchor) in enumerate(zip(texts, anchors, strict=True))
    ]


FIRST, SECOND, THIRD = "Первое предложение о мосте.", "Второе «сказано» в 2024 г.1", "Третье, последнее."


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (f"{FIRST} {SECOND} {THIRD}", "found found found"),
        (
            "Пер-\nвое предло\N{SOFT HYPHEN}\nжение о\nмосте. Второе “сказано” в 2024 г.1\nТретье, последнее.",
            "found found found",
        ),
        (f"{FIRST}\n17\n{SECOND}\nЖурнал\n{THIRD}", "found found found"),
        (f"Первое предложение\n17\nо мосте. {SECOND}\n{THIRD}", "found (interrupted) found found"),
        (f"Первое\n17\nпредложение\nЖурнал\nо\n1 Там же.\nмосте. {SECOND} {THIRD}", "found (interrupted) found found"),
        (f"{FIRST} {SECOND.replace('2024', '2025')} {THIRD}", "found changed found"),
        (f"{FIRST} {THIRD}", "found missing found"),
        (f"Вступление, которого не было. {FIRST} {SECOND} {THIRD}", "found found found"),
        ("", "missing missing missing"),
    ],
)
def test_locating(text, wanted):
    assert " ".join(one.state for one in locate(text, segments(FIRST, SECOND, THIRD))) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (f"{FIRST} {SECOND} {THIRD}", []),
        (f"{FIRST}\nЭтого предложения никто не считал. {SECOND} {THIRD}", [(2, "s0", "s1")]),
        (f"{FIRST} Этого предложения\nникто не считал. {SECOND} {THIRD}", [(1, "s0", "s1")]),
        (f"{FIRST}\nТри слова тут.\n12\n{SECOND} {THIRD}", []),
        (f"{FIRST}\nЖурнал примеров и образцов 7\n{SECOND}\nЖурнал примеров и образцов 8\n{THIRD}", []),
        ("Первое предложение\nТут лишний абзац внутри него.\nо мосте. " + f"{SECOND} {THIRD}", [(2, "s0", "s1")]),
        (f"{FIRST} {SECOND.replace('2024', '2025 или позже, как знать')} {THIRD}", []),
        (f"Заглавие, которого нет в таблице. {FIRST} {SECOND} {THIRD}", [(1, "", "s0")]),
        (f"{FIRST} {SECOND} {THIRD}\nОб авторах сказано здесь немного.", [(2, "s2", "")]),
        ("", []),
    ],
)
def test_text_that_belongs_to_no_segment(text, wanted):
    """Not running heads, page numbers, a few words, or what stands for a changed sentence."""
    stretches = uncovered(text, locate(text, segments(FIRST, SECOND, THIRD)))
    assert [(one.line, one.before, one.after) for one in stretches] == wanted


def test_a_note_inside_a_sentence_is_found_beside_it():
    note = "4 Там же."
    found = locate(f"Первое предложение\n{note}\nо мосте.", segments(FIRST, note))
    assert [one.state for one in found] == ["found (interrupted)", "found"]
    assert [one.text for one in found] == [FIRST, note]


def test_located_text_is_the_printed_sentence():
    text = f"{FIRST} {SECOND}\n{THIRD}"
    assert [one.text for one in locate(text, segments(FIRST, SECOND, THIRD))] == [FIRST, SECOND, THIRD]


def test_locating_survives_noise():
    """Whatever stands between the sentences and wherever lines break, they are found or said to be absent."""
    generator = random.Random(7)
    known = segments(FIRST, SECOND, THIRD)
    for _ in range(300):
        noise = "".join(generator.choice("абв \n-»1\N{REPLACEMENT CHARACTER}") for _ in range(generator.randrange(40)))
        broken = "".join(one + ("\n" if one == " " and generator.random() < 0.3 else "") for one in SECOND)
        result = locate(f"{FIRST}\n{noise}\n{broken}\n{THIRD}", known)
        assert [one.state for one in result] == ["found", "found", "found"], noise


# --- evidence


@pytest.mark.parametrize(
    ("printed", "value", "prop", "context", "agrees"),
    [
        ("9 октября 2025 г.", "2025-10-09", "date", "", True),
        ("9 октября 2025 г.", "2025-10-10", "date", "", False),
        ("9 октября 2025 г.", "2025-09-09", "date", "", False),
        ("9 октября 2025 г.", "2024-10-09", "date", "", False),
        ("10 октября", "2025-10-10", "date", "в 2025 г.", True),
        ("10 октября", "2025-10-10", "date", "в 2024 г.", False),
        ("31 марта по 7 апреля 2025 г.", "2025-03-31/2025-04-07", "date", "", True),
        ("31 марта по 7 апреля 2025 г.", "2025-03-31/2025-04-08", "date", "", False),
        ("К концу 2026 г.", "../2026-12", "due", "", True),
        ("К концу 2026 г.", "../2027-12", "due", "", False),
        ("летом 2024 г.", "2024-22", "date", "", True),
        ("1990-е годы", "199X", "date", "", True),
        ("1990-е годы", "198X", "date", "", False),
        ("с 2009 г.", "2009/..", "start", "", True),
        ("34 млн долл.", "34000000", "quantity", "", True),
        ("34 млн долл.", "34000", "quantity", "", False),
        ("более 130 граждан", "130", "quantity", "", True),
        ("10—15 часов", "10/15", "quantity", "", True),
        ("10—15 часов", "10/16", "quantity", "", False),
        ("пятилетнего", "5", "quantity", "", True),
        ("80-летия", "80-летие", "name", "", True),
        ("80-летия", "70-летие", "name", "", False),
        ("Расон", "Расон", "name", "", True),
    ],
)
def test_digits_of_a_claim(printed, value, prop, context, agrees):
    assert (evidence.disagreement(printed, value, prop, f"{context} {printed}", RU) == "") == agrees


@pytest.mark.parametrize(
    ("printed", "text", "stands"),
    [
        ("34 млн долл.", "достиг 34 млн долл.1", True),
        ("34 млн", "достиг 134 млн", False),
        ("2025 г.", "в 2025 г.", True),
        ("2025", "в 20251", False),
        ("Кэсон", "с г. Кэсон1.", True),
        ("ёлка", "Елка стоит", True),
        ("10—15 часов", "около 10-15 часов", True),
        ("мост", "мостовая", False),
    ],
)
def test_a_claim_stands_in_its_sentence(printed, text, stands):
    assert bool(evidence.spans(printed, text)) == stands


def test_words_of_a_claim_are_counted_without_numbers_and_months():
    assert evidence.word_count("31 марта по 7 апреля 2025 г.", RU) == 2


# --- rights


def test_a_run_of_six_words_is_a_copy_and_five_are_not(copy):
    from claims.package import opened

    with opened(copy.root) as package:
        events, places = package.data["events"], package.data["places"]
    row = events.records[0]
    column = events.header.index("note")
    row.cells[column] = "альфа бета гамма дельта эпсилон 2025 июня дзета"
    assert [one.column for one in rights.check("Альфа бета, гамма: дельта эпсилон 1999 дзета!", package, RU)] == [
        "note"
    ]
    assert rights.check("Альфа бета, гамма: дельта эпсилон 1999 мая июня", package, RU) == []
    name = places.header.index("name_ru")
    places.records[0].cells[name] = "Альфа бета гамма дельта эпсилон дзета эта"
    assert rights.check("Альфа бета, гамма: дельта эпсилон 1999 дзета!", package, RU) == []


# --- recall


def audit(
    text: str, statements: list[dict], names=(), links=(), citations=(), kind="sentence", lists=RU
) -> dict[str, bool]:
    """Whether each item of one invented sentence is linked."""
    empty = dict.fromkeys(ASKED, "")
    other = {"p1s2": "Ничего.", **{f"p2s{n}": "Пусто." for n in range(20)}}
    queries = {
        "segments": [{"segment": one, "kind": kind, "status": "coded"} for one in ("p1s1", *other)],
        "statements": [{**empty, "attribution": "author_voice", "segment": "p1s1", **one} for one in statements],
        "names": [dict(zip(("class", "entity", "name"), one, strict=True)) for one in names],
        "links": [{"segment": "p1s1", "entity": one} for one in links],
        "citations": [dict(zip(("source", "title", "mark"), one, strict=True)) for one in citations],
    }
    return {one.name: one.linked for one in Audit({"p1s1": text, **other}, queries, lists).items("p1s1")}


FACT = {"phase": "occurred", "factuality": "certain"}


@pytest.mark.parametrize(
    ("text", "statement", "more", "wanted"),
    [
        ("В 2024 г. и 7 раз", FACT, {}, {"year-1": False, "number-1": False}),
        ("В 2024 г. и 7 раз", FACT | {"printed": "2024 г."}, {}, {"year-1": True, "number-1": False}),
        ("Это было в 2024 г.", FACT | {"segment": "p1s2", "context": "p1s1", "value": "2024-05"}, {}, {"year-1": True}),
        ("Рост1.", FACT, {"citations": [("src-p1s1", "", "1")]}, {"note-mark-1": False}),
        ("Рост1.", FACT | {"source": "src-p1s1"}, {"citations": [("src-p1s1", "", "1")]}, {"note-mark-1": True}),
        (
            "Так [Иванов, 2025].",
            FACT,
            {"citations": [("s", "[Иванов, 2025]", None)]},
            {"bracket-1": False},
        ),
        ("Он: «Да, это так».", FACT, {}, {"quotation-1": False}),
        ("Он: «Да, это так».", FACT | {"form": "mixed"}, {}, {"quotation-1": True}),
        ("Речь «осталась открыта", FACT, {}, {"quotation-1": False}),
        ("Эксперты отмечают рост.", FACT, {}, {"cue-1": False, "cue-2": False}),
        ("Эксперты отмечают рост.", FACT | {"attribution": "anonymous_collective"}, {}, {"cue-1": True, "cue-2": True}),
        ("Мост планируется открыть.", FACT, {}, {"modal-1": False}),
        ("Мост планируется открыть.", {"phase": "planned", "factuality": "certain"}, {}, {"modal-1": True}),
        ("Приехал к Иванову.", FACT, {"names": [("person", "a", "Иванов")]}, {"person-1": False}),
        ("Приехал к Иванову.", FACT, {"names": [("person", "a", "Иванов")], "links": ["a"]}, {"person-1": True}),
        (
            "Были в Новом Городе.",
            FACT,
            {"names": [("place", "a", "Новый Город"), ("place", "b", "Город")]},
            {"place-1": False},
        ),
        ("Были в «Городе».", FACT, {"names": [("place", "b", "Город")], "links": ["b"]}, {"place-1": True}),
        ("Письмо Ын Хуну.", FACT, {"names": [("person", "a", "Ын Хун")], "links": ["a"]}, {"person-1": True}),
        ("Был мир.", FACT, {"names": [("place", "a", "Мир")]}, {}),
        ("1. Рост на 5.", FACT, {"kind": "list_item"}, {"number-1": False}),
    ],
)
def test_recall(text, statement, more, wanted):
    assert audit(text, [statement], **more) == wanted


def test_names_in_every_other_sentence_are_not_audited():
    empty = dict.fromkeys(ASKED, "")
    texts = {f"p1s{n}": "О Стране и Городе." if n < 2 else "О Стране." for n in range(20)}
    queries = {
        "segments": [{"segment": one, "kind": "sentence", "status": "coded"} for one in texts],
        "statements": [{**empty, "segment": "p1s0", **FACT}],
        "names": [
            {"class": "place", "entity": "a", "name": "Страна"},
            {"class": "place", "entity": "b", "name": "Город"},
        ],
        "links": [],
        "citations": [],
    }
    made = Audit(texts, queries, RU)
    assert made.common == ["a"]
    assert {one.text for one in made.items("p1s0")} == {"Городе"}
    few = {one: text for one, text in texts.items() if int(one[3:]) < 10}
    assert Audit(few, queries, RU).common == []  # of ten sentences even all are few


@pytest.mark.parametrize(
    ("printed", "name", "same"),
    [
        ("Тайсаевым", "Тайсаев", True),
        ("Мацегорой", "Мацегора", True),
        ("Ыну", "Ын", True),
        ("Сеном", "Сен", True),
        ("Орёл", "Орел", True),
        ("Корейской", "Корея", False),
        ("Сеньор", "Сен", False),
        ("А", "Ан", False),
    ],
)
def test_names_in_any_case(printed, name, same):
    assert RU.same_word(printed, name) == same


def test_healing_joins_what_a_line_end_broke():
    assert (
        healed("россий\N{REPLACEMENT CHARACTER}\nско\N{REPLACEMENT CHARACTER}корейский\nсоюз")
        == "российско-корейский союз"
    )


def test_every_rule_of_the_article_is_named_here_or_made_by_a_class():
    """A rule of the article layer that no test names could be deleted unnoticed."""
    from claims.audit.recall import CLASSES
    from claims.findings import generic_rules

    named = {rule.id for rule in generic_rules().values() if rule.layer == "article"}
    made = {f"audit-{kind}" for kind in CLASSES}
    assert named == made | {
        "article-other",
        "segment-changed",
        "segment-missing",
        "text-uncovered",
        "text-outside",
        "article-copied",
        "claim-not-printed",
        "claim-too-long",
        "claim-disagrees",
    }


@pytest.mark.parametrize(
    ("column", "value", "rule"),
    [
        ("claim_as_printed", "32 мая 1066 г.", "claim-not-printed"),
        ("claim_value", "1066-05-01", "claim-disagrees"),
        ("gloss_en", None, "article-copied"),
    ],
)
def test_a_wrong_claim_or_copied_gloss_is_found(article, copy, column, value, rule):
    """On the real data: one statement's claim or gloss made wrong gives that finding at that cell."""
    header, *rows = copy.rows("statements")
    at = {name: index for index, name in enumerate(header)}
    links = [index for name, index in at.items() if name in ABOUT]
    row = next(
        one
        for one in rows
        if one[at["claim_property"]] == "date"
        and re.search(r"\d", one[at["claim_as_printed"]])
        and not any(one[index] for index in links)  # a claim that no entity's date rests on
    )
    if value is None:
        words = articletext.words(healed(article.read_text("utf-8")))
        value = " ".join(words[200:215])
    row[at[column]] = value
    copy.write_rows("statements", [header, *rows])
    copy.reseal()
    findings = report(article, "--package", copy.root)["findings"]
    assert (rule, row[0], column) in {(one["rule"], one["row"], one["column"]) for one in findings}
