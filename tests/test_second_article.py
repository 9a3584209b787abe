"""The second article: English, two other countries, from its text to a released zip; what is planted is found."""

import contextlib
import csv
import json
import re
import sqlite3
import tomllib
import zipfile

import duckdb
import pytest
from harness import Copy, claims, snapshot
from second import ARTICLE, ROWS, run

FIRST_ARTICLE = ("Pyongyang", "Moscow", "Taysaev", "Russian and Soviet side", "DPRK side")


def rows(folder, table: str) -> list[dict[str, str]]:
    with (folder / "data" / f"{table}.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_it_is_valid_and_agrees_with_its_text(kenya):
    assert "valid: " in run("validate", kenya)
    report = run("audit", ARTICLE, "--package", kenya)
    assert "33 segments: 33 found" in report
    assert "no list for" not in report
    assert re.search(r"(?m)^agrees: .*no findings", report)


def test_it_needs_no_russian_and_doubles_nothing(kenya):
    for table in ("places", "actors", "events", "projects", "flows", "observations", "agreements", "positions"):
        labels = [cell for row in rows(kenya, table) for name, cell in row.items() if name.endswith("_ru")]
        assert labels, table
        assert not any(labels), table


def test_ids_and_references_are_filled_in(kenya):
    """What the file of rows leaves out or says by a label stands in the tables as ids."""
    given = tomllib.loads(ROWS.read_text("utf-8"))
    assert {name: len(rows(kenya, name)) for name in given if name not in ("defaults", "exceptions")} == {
        name: len(written) for name, written in given.items() if name not in ("defaults", "exceptions")
    }
    assert [row["involvement_id"] for row in rows(kenya, "involvements")][:2] == ["inv-0001", "inv-0002"]
    assert {row["place_id"]: row["parent_place_id"] for row in rows(kenya, "places")}["plc-bergen"] == "plc-norway"
    assert [row["statement_id"] for row in rows(kenya, "statements") if row["segment_id"] == "p09s03"] == [
        "p09s03a",
        "p09s03b",
    ]
    assert {row["coding_status"] for row in rows(kenya, "segments")} == {"coded", "heading"}


PLANTED = {
    "a wrong month": ("statements", "p05s03a", {"claim_value": "2019-05-15"}, "claim-disagrees"),
    "a wrong amount": ("statements", "p09s02a", {"claim_value": "125"}, "claim-disagrees"),
    "a quotation in the wrong voice": ("statements", "p12s04a", {"speaker_actor_id": "act-lie"}, "audit-quotation"),
    "a denial coded as an assertion": (
        "statements",
        "p12s03a",
        {"gloss_en": "Kenya answered the proposal", "phase": "occurred", "factuality": "certain"},
        "audit-negation",
    ),
    "a plan coded as a fact": (
        "statements",
        "p12s01a",
        {"phase": "ongoing", "factuality": "certain", "statement_type": "state"},
        "audit-cue",
    ),
    "a number in words left out": (
        "statements",
        "p08s03a",
        {"claim_property": "", "claim_as_printed": "", "claim_value": ""},
        "audit-number-word",
    ),
}


@pytest.mark.parametrize("planted", PLANTED)
def test_planted_errors_are_found(kenya, tmp_path, planted):
    copy = Copy.of(kenya, tmp_path / "copy")
    table, row_id, cells, rule = PLANTED[planted]
    if rule == "audit-cue":  # in the authors' voice, too
        cells |= {"attribution_type": "author_voice", "speaker_actor_id": "", "speech_form": "not_reported_speech"}
    header, *lines = copy.rows(table)
    for line in lines:
        if line[0] == row_id:
            for name, cell in cells.items():
                line[header.index(name)] = cell
    dated = {"events": ("evt-signing", "date_edtf"), "agreements": ("agr-fisheries", "signed_edtf")}
    copy.write_rows(table, [header, *lines])
    if planted == "a wrong month":  # in every row, as somebody would who misread it
        for other, (name, column) in dated.items():
            header, *lines = copy.rows(other)
            for line in lines:
                if line[0] == name:
                    line[header.index(column)] = "2019-05-15"
            copy.write_rows(other, [header, *lines])
    run("fmt", "--package", copy.root)
    done = claims("audit", ARTICLE, "--package", copy.root, "--format", "json")
    assert done.returncode == 1, done.stdout + done.stderr
    found = {(one["rule"], one["row"]) for one in json.loads(done.stdout)["findings"]}
    assert any(one == rule and row.startswith(row_id[:6]) for one, row in found), found


def test_from_text_to_released_zip(kenya, tmp_path):
    """Eight commands, the file of rows and one section of the change log; nothing of it speaks of the first article."""
    copy = Copy.of(kenya, tmp_path / "copy")
    with (copy.root / "CHANGELOG.md").open("a", encoding="utf-8") as stream:
        stream.write("\n## 1.0.0 — 2026-11-28\n\n- The first release. **Nothing to do.**\n")
    run("build", "--package", copy.root)
    run("release", "1.0.0", "--package", copy.root)
    archive = copy.root / "releases" / "kenya-norway-1.0.0.zip"
    assert "valid: " in run("validate", archive)
    with zipfile.ZipFile(archive) as released:
        assert any(name.endswith("docs/METHOD.md") for name in released.namelist())
    page = (copy.root / "dist" / "site" / "index.html").read_text("utf-8")
    for heading in ("Kenya", "Norway", "Grace Mwangi", "Ada Example"):
        assert heading in page
    sides = json.loads((copy.root / "datapackage.json").read_text("utf-8"))["sides"]
    assert [side["countries"] for side in sides] == [["KEN"], ["NOR"]]
    with (copy.root / "dist" / "contacts.csv").open(encoding="utf-8", newline="") as stream:
        contacts = {row["event_id"]: (row["parties_a"], row["parties_b"]) for row in csv.DictReader(stream)}
    assert contacts == {
        "evt-meeting": ("Grace Mwangi", "Henrik Lie"),
        "evt-signing": ("Grace Mwangi; Kenya", "Henrik Lie; Norway"),
    }
    words = re.sub(r"(?s)<script.*?</script>", "", page)
    assert not [name for name in FIRST_ARTICLE if name in words]


# --- two packages as one


@pytest.fixture(scope="session")
def corpus(kenya, made_up, tmp_path_factory):
    """Two invented articles, one English and one Russian, as one data set."""
    folder = tmp_path_factory.mktemp("corpus") / "corpus"
    run("combine", kenya, made_up, "--to", folder)
    return folder


COUNTED = """
SELECT s.package, count(*) FROM {statements} s
JOIN {segments} g ON g.package = s.package AND g.segment_id = s.segment_id
GROUP BY s.package ORDER BY s.package
"""


def test_a_question_is_asked_of_two_packages(kenya, made_up, corpus):
    """In DuckDB and SQLite the same right counts, though both have a p04s01; the views are united."""
    wanted = [("kenya-norway", len(rows(kenya, "statements"))), ("my-article", len(rows(made_up, "statements")))]
    files = {
        name: f"read_parquet('{corpus}/parquet/{name}/*/*.parquet', hive_partitioning = true)"
        for name in ("statements", "segments", "contacts")
    }
    assert duckdb.sql(COUNTED.format(**files)).fetchall() == wanted
    parties = duckdb.sql(
        f"SELECT package, parties_a, parties_b FROM {files['contacts']} WHERE event_id = 'evt-meeting'"
    )
    assert parties.fetchall() == [("kenya-norway", "Grace Mwangi", "Henrik Lie")]
    with contextlib.closing(sqlite3.connect(corpus / "combined.sqlite")) as connection:
        found = connection.execute(COUNTED.format(statements="statements", segments="segments")).fetchall()
        assert found == wanted
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        assert connection.execute("SELECT count(*) FROM claims").fetchone() == (sum(n for _, n in wanted),)


def test_packages_that_do_not_go_together_are_refused(kenya, tmp_path):
    for sources, message in (
        ([kenya, kenya], "two packages are called 'kenya-norway'"),
        ([kenya, tmp_path / "none"], "no such file or folder"),
    ):
        done = claims("combine", *sources, "--to", tmp_path / "corpus")
        assert (done.returncode, message in done.stderr) == (2, True)
    assert claims("combine", kenya, "--to", kenya).returncode == 2
    assert not (tmp_path / "corpus").exists()


# --- bad rows


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[[statments]]\n", "no table 'statments'; did you mean 'statements'?"),
        ("[[places]]\nname = 'X'\n", "places, row 1: no column 'name'"),
        ("[[places]]\nname_en = 'Oslo'\nplace_type = 'town'\n", "place_type 'town'"),
        ("[[places]]\nplace_id = 'plc-bergen'\nname_en = 'B'\nplace_type = 'city'\n", "'plc-bergen' is taken"),
        (
            "[[places]]\nname_en = 'O'\nplace_type = 'city'\nparent_place_id = 'Sweden'\n",
            "'Sweden': no such row in places",
        ),
        ("[[places]]\nplace_type = 'city'\n", "place_id is missing, and no label to make it from"),
        (
            "[[events]]\nlabel_en = 'A'\nevent_type = 'visit'\ndate_edtf = '14.03.2023'\n",
            "date_edtf '14.03.2023'",
        ),
        ("[[statements]]\ngloss_en = 'x'\n", "segment_id is missing; write where it stands"),
        ("[[segments]]\nsegment_id = 'p99s01'\n", "no such segment"),
        ("[[name_variants]]\nactor_id = 'Fisheries twins'\n", "fits act-one and act-two of actors; write the id"),
        ("x = 1\n", "x is no list of rows"),
        ("[[places]\n", "cannot be read as TOML"),
    ],
)
def test_a_row_that_does_not_fit_is_refused_and_nothing_written(kenya, tmp_path, text, message):
    copy = Copy.of(kenya, tmp_path / "copy")
    twins = "".join(
        f"[[actors]]\nactor_id = 'act-{one}'\nname_en = 'Fisheries twins'\nactor_type = 'people'\nis_author = false\n"
        "identity_status = 'named'\n"
        for one in ("one", "two")
    )
    (tmp_path / "rows.toml").write_text(("" if text.startswith(("x", "[[places]\n")) else twins) + text, "utf-8")
    before = snapshot(copy.root)
    done = claims("add", tmp_path / "rows.toml", "--package", copy.root)
    assert (done.returncode, done.stdout) == (2, "")
    assert message in done.stderr
    assert "Traceback" not in done.stderr
    assert snapshot(copy.root) == before


def test_rows_of_one_table_come_as_csv(kenya, tmp_path):
    copy = Copy.of(kenya, tmp_path / "copy")
    (tmp_path / "places.csv").write_text("name_en,place_type,country_code\nOslo,city,NOR\n", "utf-8-sig")
    assert run("add", tmp_path / "places.csv", "--package", copy.root) == "added 1 places\n"
    assert "plc-oslo" in {row[0] for row in copy.rows("places")}
    (tmp_path / "places.xlsx").write_bytes(b"PK\x03\x04\xff")
    done = claims("add", tmp_path / "places.xlsx", "--package", copy.root)
    assert (done.returncode, "save the sheet as CSV in UTF-8" in done.stderr) == (2, True)


@pytest.mark.parametrize(
    ("sides", "message"),
    [
        (["Kenya=KEN"], "--side stands 1 times; name both sides"),
        (["Kenya=KEN", "Norway"], "--side 'Norway': write its name and its country codes"),
        (["Kenya=KEN", "Norway=KEN"], "the country code KEN stands twice"),
    ],
)
def test_sides_that_are_none_are_refused(tmp_path, sides, message):
    named = ["--name", "n", "--title", "T", "--contributor", "C", "--article", "A"]
    done = claims("new", tmp_path / "new", *named, *[part for side in sides for part in ("--side", side)])
    assert (done.returncode, message in done.stderr) == (2, True)
    assert list(tmp_path.iterdir()) == []
