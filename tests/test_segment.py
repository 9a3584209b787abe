"""claims segment: locators, counts, anchors and hashes from numbered sentences, and never the text itself."""

import csv
import hashlib
import io
import re
from pathlib import Path
from subprocess import CompletedProcess

import pytest
from claims import articletext
from claims.audit.propose import propose
from harness import Copy, claims

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


def test_judged_cells_survive_a_refresh(tmp_path):
    """Other sentences of the same ids, to which no row points yet, keep what was judged and get hashes of their own."""
    package = Copy(tmp_path / "new")
    named = ["--name", "new", "--title", "T", "--contributor", "C", "--article", "A"]
    assert claims("new", package.root, *named).returncode == 0
    first, second = (
        sentences(tmp_path / f"{word}.csv", *[[f"p01s0{n}", "1", "front", "1", n, f"{word} {n}"] for n in (1, 2, 3)])
        for word in ("One", "Other")
    )
    assert segment(first, "--package", package.root, "--source", "src-article").returncode == 0
    header, *rows = package.rows("segments")
    judged = {"segment_type": "heading", "language": "de", "coding_status": "heading", "note": "Judged."}
    for row in rows:
        for name, cell in judged.items():
            row[header.index(name)] = cell
    package.write_rows("segments", [header, *rows])
    assert segment(second, "--package", package.root).returncode == 0
    after = [dict(zip(header, row, strict=True)) for row in package.rows("segments")[1:]]
    assert [{name: row[name] for name in judged} for row in after] == [judged] * 3
    assert [row["sha256"] for row in after] == [articletext.sha256(f"Other {n}") for n in (1, 2, 3)]


def test_a_sentence_that_rows_point_to_is_not_exchanged(made_up, tmp_path):
    """A corrected number of a paragraph must not put every row of the article under another sentence."""
    copy = Copy.of(made_up, tmp_path / "copy")
    text = (made_up.parent / "sentences.csv").read_text("utf-8")
    shifted = text.replace("p05s", "p06s").replace("p04s", "p05s").replace(",4,", ",5,")
    (tmp_path / "s.csv").write_text(shifted.replace("p03s01,1,history,3,1,", "p04s01,1,history,4,1,"), "utf-8")
    before = copy.path("segments").read_bytes()
    done = segment(tmp_path / "s.csv", "--package", copy.root)
    assert done.returncode == 2
    assert "p03s01" in done.stderr or "the sentences lack" in done.stderr or "is another one" in done.stderr
    assert copy.path("segments").read_bytes() == before


def test_rows_move_with_their_sentences(made_up, tmp_path):
    """A sentence put in before all others: ids of statements, what refers to them and checks go along."""
    copy = Copy.of(made_up, tmp_path / "copy")
    _, *lines = csv.reader(io.StringIO((made_up.parent / "sentences.csv").read_text("utf-8")))
    moved = [[f"p{int(row[0][1:3]) + 1:02}{row[0][3:]}", *row[1:3], str(int(row[3]) + 1), *row[4:]] for row in lines]
    file = sentences(tmp_path / "s.csv", ["p01s01", "1", "front", "1", "1", "Журнал примеров."], *moved)
    old = {name: copy.rows(name) for name in ("statements", "external_checks", "involvements")}
    refused = segment(file, "--package", copy.root)
    assert (refused.returncode, "--move carries the rows along" in refused.stderr) == (2, True)
    assert segment(file, "--package", copy.root, "--move").returncode == 0

    def shifted(cell: str) -> str:
        return re.sub(r"(?<![^-])p(\d\d)(?=[sn]\d\d[a-z]?$)", lambda match: f"p{int(match[1]) + 1:02}", cell)

    for name, rows in old.items():
        assert copy.rows(name) == [rows[0], *[[shifted(cell) for cell in row] for row in rows[1:]]]
    assert {row[0]: row[-1] for row in copy.rows("segments")[1:]}["p01s01"] == ""
    findings = copy.validate().findings
    assert {finding.row for finding in findings} <= {"p01s01"}, findings


def test_two_sentences_alike_are_not_moved(tmp_path, made_up):
    copy = Copy.of(made_up, tmp_path / "copy")
    _, *lines = csv.reader(io.StringIO((made_up.parent / "sentences.csv").read_text("utf-8")))
    last = lines.pop()
    twice = [["p06s01", "1", "conclusions", "6", "1", last[5]], ["p06s02", "1", "conclusions", "6", "2", last[5]]]
    before = copy.path("segments").read_bytes()
    done = segment(sentences(tmp_path / "s.csv", *lines, *twice), "--package", copy.root, "--move")
    assert (done.returncode, "p06s01 and p06s02 are alike" in done.stderr) == (2, True)
    assert copy.path("segments").read_bytes() == before


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("A title\n\nOne. Two! “Three?” Four", "title sentence sentence sentence sentence"),
        ("Heading.\n\nDr. No came in 2021. He left.", "sentence sentence? sentence"),
        (
            "One.\n\nA heading\n\n1. An item.\n2. Another item.\n\n1 A note on it.",
            "sentence heading list_item list_item note",
        ),
        ("It grew by 2.5 times. It fell.", "sentence sentence"),
        ("It ended in 2024.1 It began.", "sentence sentence"),
        ("第一句。第二句。", "sentence sentence"),
        ("В 2024 г. было так. Потом иначе.", "sentence? sentence"),
    ],
)
def test_a_text_is_cut_into_sentences(text, wanted):
    rows = list(csv.DictReader(io.StringIO(propose(text, ["front", "body"]))))
    assert " ".join(row["kind"] for row in rows) == wanted
    assert articletext.normalized("".join(row["text"] for row in rows)) == articletext.normalized(text)
    assert len({row["segment_id"] for row in rows}) == len(rows)


def test_a_doubtful_cut_must_be_decided(tmp_path, copy):
    (tmp_path / "s.csv").write_text(",".join([*COLUMNS, "kind"]) + "\np01s01,1,front,1,1,One. two,sentence?\n", "utf-8")
    done = segment(tmp_path / "s.csv", "--package", copy.root)
    assert (done.returncode, "p01s01 is 'sentence?': cut or join it" in done.stderr) == (2, True)


def test_a_text_without_sentences_is_refused(tmp_path, copy):
    for text, message in (("…\n", "no sentences"), ("a.\n\n" * 100, "100 paragraphs")):
        (tmp_path / "t.txt").write_text(text, "utf-8")
        done = segment("--propose", tmp_path / "t.txt", "--package", copy.root)
        assert (done.returncode, message in done.stderr) == (2, True)
    assert segment("--package", copy.root).returncode == 2


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
