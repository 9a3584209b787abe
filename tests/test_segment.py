"""claims segment: locators, counts, anchors and hashes from numbered sentences, and never the text itself."""

import csv
import hashlib
from pathlib import Path
from subprocess import CompletedProcess

import pytest
from claims import articletext
from harness import claims

ROOT = Path(__file__).parent.parent
COLUMNS = ["segment_id", "page", "section", "paragraph", "sentence", "text"]


def segment(*arguments) -> CompletedProcess:
    return claims("segment", *arguments)


def sentences(file: Path, *rows) -> Path:
    with file.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([COLUMNS, *rows])
    return file


@pytest.mark.parametrize(
    ("printed", "wanted"),
    [
        ("Ёлка", "елка"),
        ("со-\nтрудничество", "сотрудничество"),
        ("российско\N{NON-BREAKING HYPHEN}корейский — «союз»", "российскокорейскийсоюз"),
        ("ﬁn", "fin"),
        ("2025 г.1", "2025г1"),
    ],
)
def test_normalisation_survives_other_extractions(printed, wanted):
    assert articletext.normalized(printed) == wanted


def test_an_anchor_is_found_in_one_text_only_even_inside_words():
    texts = ["Мир дому твоему", "Всему миру мир1", "Только мир, и мир", "Дом и мир"]
    anchors = articletext.anchors(texts)
    for number, anchor in enumerate(anchors):
        hits = [n for n, text in enumerate(texts) if anchor.casefold() in text.casefold()]
        assert hits == [number]
    assert anchors == ["дому", "Всему", "Только", "Дом и"]


def test_an_empty_table_is_filled(tmp_path, copy):
    """From text to located segments; what must be judged waits as to_do."""
    header, *_ = copy.rows("segments")
    copy.write_rows("segments", [header])
    file = sentences(
        tmp_path / "s.csv",
        ["p01s01", "1", "front", "1", "1", "Первое предложение."],
        ["p01s02", "1", "front", "1", "2", "A second one."],
        ["p01n01", "1", "front", "1", "", "Там же."],
    )
    assert segment(file, "--package", copy.root).returncode == 2
    done = segment(file, "--package", copy.root, "--source", copy.rows("sources")[1][0])
    assert done.returncode == 0, done.stderr
    rows = [dict(zip(header, row, strict=True)) for row in copy.rows("segments")[1:]]
    assert [(r["position"], r["segment_type"], r["language"], r["coding_status"], r["word_count"]) for r in rows] == [
        ("1", "sentence", "ru", "to_do", "2"),
        ("2", "sentence", "en", "to_do", "3"),
        ("3", "note", "ru", "to_do", "2"),
    ]
    assert rows[0]["sha256"] == hashlib.sha256("первоепредложение".encode()).hexdigest()
    assert not any("предложение" in cell.casefold() for row in rows for cell in row.values())


def test_judged_cells_survive_a_refresh(tmp_path, copy):
    """The real table, refreshed from other sentences of the same ids, keeps what was judged."""
    header, *rows = copy.rows("segments")
    before = [dict(zip(header, row, strict=True)) for row in rows]
    made = [
        [
            r["segment_id"],
            r["page"],
            r["section"],
            r["paragraph"],
            r["sentence"],
            f"Слово{chr(1072 + n // 32)}{chr(1072 + n % 32)} тут",
        ]
        for n, r in enumerate(before)
    ]
    done = segment(sentences(tmp_path / "s.csv", *made), "--package", copy.root)
    assert done.returncode == 0, done.stderr
    after = [dict(zip(header, row, strict=True)) for row in copy.rows("segments")[1:]]
    judged = (
        "segment_type",
        "language",
        "coding_status",
        "repeats_segment_id",
        "text_defect",
        "note",
        "source_id",
    )
    assert [[r[c] for c in judged] for r in after] == [[r[c] for c in judged] for r in before]
    assert [r["sha256"] for r in after] != [r["sha256"] for r in before]


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([["p01s01", "1", "front", "1", "1", "Текст."]], "rows of places refer to them"),
        ([["p100s01", "1", "front", "100", "1", "Да."]], "sentence 1: segment_id 'p100s01': constraint \"pattern\""),
        ([["p01s01", "1", "frontt", "1", "1", "Да."]], "sentence 1: section 'frontt'"),
        ([["p01s01", "one", "front", "1", "1", "Да."]], "sentence 1: page 'one'"),
        (
            [["p01s01", "1", "front", "1", "1", "Да."], ["p01s01", "1", "front", "1", "1", "Да."]],
            "stands twice",
        ),
        ([["p01s01", "1", "front", "1", "1", "…"]], "no text"),
        ([["p01s01", "1", "front", "1", "1"]], "a cell too many or too few"),
        ([], "at least one row"),
        ([["p01s01;1"]], "a cell too many or too few"),
    ],
)
def test_bad_sentences_change_nothing(tmp_path, copy, rows, message):
    before = copy.path("segments").read_bytes()
    done = segment(sentences(tmp_path / "s.csv", *rows), "--package", copy.root)
    assert done.returncode == 2
    assert message in done.stderr
    assert "Traceback" not in done.stderr
    assert copy.path("segments").read_bytes() == before


def test_a_slip_of_the_first_run_can_be_corrected(tmp_path, copy):
    """A segment that no row refers to goes with its sentence; a source that is not there is refused."""
    header, *_ = copy.rows("segments")
    copy.write_rows("segments", [header])
    slip = sentences(
        tmp_path / "slip.csv", ["p01s01", "1", "front", "1", "1", "Да."], ["p99s01", "1", "front", "99", "1", "Нет."]
    )
    right = sentences(
        tmp_path / "right.csv", ["p01s01", "1", "front", "1", "1", "Да."], ["p02s01", "1", "front", "2", "1", "Нет."]
    )
    done = segment(slip, "--package", copy.root, "--source", "src-nowhere")
    assert (done.returncode, "source_id 'src-nowhere': no such row" in done.stderr) == (2, True)
    assert copy.rows("segments") == [header]
    source = copy.rows("sources")[1][0]
    assert segment(slip, "--package", copy.root, "--source", source).returncode == 0
    done = segment(right, "--package", copy.root)
    assert done.returncode == 0, done.stderr
    assert [row[0] for row in copy.rows("segments")[1:]] == ["p01s01", "p02s01"]


@pytest.mark.parametrize(("encoding", "separator", "code"), [("utf-8-sig", ",", 0), ("utf-8", ";", 2)])
def test_sentences_as_a_spreadsheet_saves_them(tmp_path, made_up, encoding, separator, code):
    text = (made_up.parent / "sentences.csv").read_text("utf-8")
    (tmp_path / "s.csv").write_text(text.replace(",", separator) if separator != "," else text, encoding)
    before = (made_up / "data" / "segments.csv").read_bytes()
    done = segment(tmp_path / "s.csv", "--package", made_up)
    assert done.returncode == code, done.stderr
    assert ("separated by commas?" in done.stderr) == (code == 2)
    assert (made_up / "data" / "segments.csv").read_bytes() == before


def test_unreadable_sentences(tmp_path, copy):
    (tmp_path / "s.csv").write_bytes(b"\xff\xfe")
    for file in (tmp_path / "s.csv", tmp_path / "none.csv"):
        done = segment(file, "--package", copy.root)
        assert done.returncode == 2
        assert "Traceback" not in done.stderr


def test_anchors_are_a_small_part_of_the_article():
    """At most one word in twenty of the article stands in the package as an anchor."""
    with (ROOT / "data" / "segments.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    anchored = sum(len(articletext.words(row["anchor"])) for row in rows)
    assert anchored <= 0.05 * sum(int(row["word_count"]) for row in rows)
    assert all(1 <= len(articletext.words(row["anchor"])) <= 2 for row in rows)
