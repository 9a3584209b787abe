"""docs/NEW_ARTICLE.md followed, and a made-up Russian article of ten sentences becomes a valid package."""

import csv
import json
import re
import shlex
import shutil
import tomllib
from pathlib import Path

import duckdb
import pytest
import second
from harness import Copy, claims
from made_up import ROWS, run

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "NEW_ARTICLE.md"


def test_the_made_up_article_is_a_valid_package(made_up):
    assert "valid: " in run("validate", made_up)


def test_it_agrees_with_its_text(made_up):
    report = run("audit", made_up.parent / "article.txt", "--package", made_up)
    assert "10 segments: 10 found" in report
    assert "no findings" in report


def codes(folder: Path) -> dict[tuple[str, str], tuple[str, str]]:
    """Example and note of every code."""
    with (folder / "data" / "codes.csv").open(encoding="utf-8", newline="") as stream:
        return {(row["code_list"], row["code"]): (row["example_id"], row["note"]) for row in csv.DictReader(stream)}


def test_its_codes_have_examples_where_they_are_used(made_up):
    found = codes(made_up)
    assert found["phase", "scheduled"] == ("p04s03a", "")
    assert found["phase", "stalled"] == ("", "Not used yet.")


def test_an_example_follows_the_code(made_up, tmp_path):
    """A row that no longer uses a code is no example of it; the last use gone, the note is back."""
    copy = Copy.of(made_up, tmp_path / "copy")
    header, *rows = copy.rows("statements")
    for row in rows:
        if row[0] == "p02s01a":  # the first of several states
            row[header.index("statement_type")] = "evaluation"
        if row[0] == "p04s03a":  # the only one scheduled
            row[header.index("phase")] = "planned"
    copy.write_rows("statements", [header, *rows])
    run("fmt", "--package", copy.root)
    found = codes(copy.root)
    assert codes(made_up)["statement_type", "state"] == ("p02s01a", "")
    assert found["statement_type", "state"] == ("p02s02a", "")
    assert found["phase", "scheduled"] == ("", "Not used yet.")
    assert found["phase", "occurred"] == codes(made_up)["phase", "occurred"]


def test_sections_of_another_article_need_no_schema_edited(made_up, tmp_path):
    """Even where the example of a schema's column is a code that goes."""
    copy = Copy.of(made_up, tmp_path / "copy")
    header, *rows = copy.rows("codes")
    example = next(one["example"] for one in copy.schema("segments")["fields"] if one["name"] == "section")
    kept = [row for row in rows if row[:2] != ["section", example]]
    assert len(kept) == len(rows) - 1
    copy.write_rows("codes", [header, *kept])
    run("fmt", "--package", copy.root)
    run("validate", copy.root)


def documented(heading: str) -> list[list[str]]:
    """The commands below a heading of the page, each as its arguments."""
    section = re.search(rf"(?s)\n## {heading}\..*?(?=\n## )", PAGE.read_text("utf-8"))[0]
    blocks = re.findall(r"(?s)```\n(.*?)```", section)
    lines = "".join(blocks).replace("\\\n", " ").splitlines()
    return [shlex.split(line)[1:] for line in lines if line.startswith("claims ")]


def test_the_page_is_followed_word_for_word(tmp_path, monkeypatch):
    """From the text to the released zip: nine commands, a file of rows, a section of the change log, nothing else."""
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    shutil.copy(second.ARTICLE, tmp_path / "article.txt")
    shutil.copy(second.ROWS, tmp_path / "rows.toml")
    commands = [command for heading in "12345" for command in documented(heading)]
    names = ["new", "segment", "segment", "add", "validate", "audit", "build", "release"]
    assert [command[0] for command in commands] == names
    for command in commands:
        if command[0] == "release":
            with (tmp_path / "my-article" / "CHANGELOG.md").open("a", encoding="utf-8") as stream:
                stream.write("\n## 1.0.0 — 2026-11-28\n\n- The first release. **Nothing to do.**\n")
        if ">" in command:
            (tmp_path / "here" / command[-1]).write_text(run(*command[:-2]), "utf-8")
        else:
            run(*command)
    (combine,) = documented("6")
    run(*[str(ROOT) if part == "." else part for part in combine])
    statements = "read_parquet('../corpus/parquet/statements/*/*.parquet', hive_partitioning = true)"
    assert duckdb.sql(f"SELECT count(DISTINCT package) FROM {statements}").fetchall() == [(2,)]


def test_the_example_rows_of_the_page_are_those_of_the_example():
    example = tomllib.loads(re.search(r"(?s)```toml\n(.*?)```", PAGE.read_text("utf-8"))[1])
    rows = tomllib.loads(second.ROWS.read_text("utf-8"))
    assert all(row in rows[table] for table, wanted in example.items() for row in wanted)


def test_the_new_package_names_nothing_of_this_one(tmp_path):
    """Neither its authors nor its keywords nor its article."""
    folder = tmp_path / "new"
    named = ["--name", "new", "--title", "T", "--contributor", "Ada Example", "--keywords", "bridges, towns"]
    run("new", folder, *named, "--article", "Мосты", "--authors", "Примерова А.Б.; Образцов В.Г.", "--language", "ru")
    new, ours = (json.loads((one / "datapackage.json").read_text("utf-8")) for one in (folder, ROOT))
    assert new["contributors"] == [{"title": "Ada Example", "roles": ["creator"]}]
    assert new["keywords"] == ["bridges", "towns"]
    assert "coding" not in new, "who coded this article says nothing of who will code the next one"
    assert new["sources"] == [{"title": "Примерова А.Б., Образцов В.Г. Мосты"}]
    written = "".join(
        file.read_text("utf-8") for file in folder.rglob("*") if file.is_file() and file.parent.parent != folder
    )
    for part in [ours["name"], ours["title"], *ours["keywords"][:5], ours["contributors"][0]["title"]]:
        assert part not in written
    assert {"README.md", "CHANGELOG.md", "LICENSE.md", ".gitattributes"} <= {file.name for file in folder.iterdir()}
    with (folder / "data" / "sources.csv").open(encoding="utf-8", newline="") as stream:
        (row,) = csv.DictReader(stream)
    assert (row["source_type"], row["title"], row["language"]) == ("coded_article", "Мосты", "ru")


def test_its_outputs_are_built(made_up, tmp_path):
    """The views, map, network and calendar that this package brings along serve the next one as well."""
    copy = Copy.of(made_up, tmp_path / "copy")
    run("build", "--package", copy.root)
    dist = copy.root / "dist"
    assert (dist / "my-article.sqlite").is_file()
    with (dist / "claims.csv").open(encoding="utf-8", newline="") as stream:
        claims = {row["statement_id"]: row for row in csv.DictReader(stream)}
    assert set(claims) == {row["statement_id"] for row in ROWS["statements"]}
    event = ROWS["events"][0]
    labels = {row["about_label"] for row in claims.values() if row["about_id"] == event["event_id"]}
    assert labels == {event["label_en"]}
    assert event["date_edtf"].replace("-", "") in (dist / "calendar.ics").read_text("utf-8")
    assert "language model" not in (dist / "site" / "index.html").read_text("utf-8")
    assert all(row["actor_id"] in (dist / "network.graphml").read_text("utf-8") for row in ROWS["actors"])


def test_what_is_left_out_is_found(made_up, tmp_path):
    """A year that no statement claims any more shows up in the audit, and the others do not."""
    copy = Copy.of(made_up, tmp_path / "copy")
    for table, cleared in (
        ("statements", ("claim_property", "claim_as_printed", "claim_value", "date_basis")),
        ("observations", ("period_edtf", "period_earliest", "period_latest")),
    ):
        header, *rows = copy.rows(table)
        for row in rows:
            if row[0] in ("p04s04b", "obs-turnover"):
                for name in cleared:
                    row[header.index(name)] = ""
        copy.write_rows(table, [header, *rows])
    run("fmt", "--package", copy.root)
    done = claims("audit", made_up.parent / "article.txt", "--package", copy.root)
    assert done.returncode == 1
    assert re.findall(r"\[(audit-[a-z-]+)\]", done.stdout) == ["audit-year"]
    assert "year-1 of p04s04 is linked to no statement" in done.stdout


def test_no_script_or_rule_names_a_row_of_this_package():
    """Ids of this article stand in its data and docs, and as examples in table schemas; never in rules or scripts."""
    ids = set()
    for file in (ROOT / "data").glob("*.csv"):
        with file.open(encoding="utf-8", newline="") as stream:
            reader = csv.reader(stream)
            next(reader)
            ids |= {row[0] for row in reader if re.match(r"(?:act|plc|evt|agr|prj|flw|obs|pos)-", row[0])}
    files = [*(ROOT / "scripts").rglob("*.py"), *(ROOT / "scripts").rglob("*.toml")]
    files += [
        *(ROOT / "schemas").rglob("*.toml"),
        *(ROOT / "schemas" / "rows").glob("*.json"),
        ROOT / "tests" / "faults.csv",
    ]
    for file in files:
        found = [
            one
            for one in re.findall(r"(?:act|plc|evt|agr|prj|flw|obs|pos)-[a-z-]+", file.read_text("utf-8"))
            if one in ids
        ]
        assert not found, f"{file.relative_to(ROOT)} names {found[0]}"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["{folder}", "--name", "my-article", "--contributor", "A"], "already there"),
        (["{folder}/new", "--name", "My Article", "--contributor", "A"], "no package name"),
        (["{folder}/new", "--name", "my-article", "--contributor", ""], "contributors[0].title"),
        (["{folder}/new", "--name", "my-article"], "required: --contributor"),
    ],
)
def test_new_package_refuses(tmp_path, arguments, message):
    filled = [argument.format(folder=tmp_path) for argument in [*arguments, "--title", "T", "--article", "A"]]
    done = claims("new", *filled)
    assert done.returncode == 2
    assert message in done.stderr
    assert "Traceback" not in done.stderr
    assert list(tmp_path.iterdir()) == []
