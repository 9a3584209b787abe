"""A made-up article of ten sentences as a package, made as docs/NEW_ARTICLE.md says."""

import csv
import tomllib
from pathlib import Path

from harness import claims

MADE_UP = tomllib.loads(Path(__file__).with_name("made_up_article.toml").read_text("utf-8"))
SENTENCES, ROWS = MADE_UP["sentences"], MADE_UP["rows"]
HEADINGS = {"p01s01": "title", "p03s01": "heading"}
DEFAULTS = {
    "statements": {
        "statement_type": "state",
        "attribution_type": "author_voice",
        "speech_form": "not_reported_speech",
        "factuality": "certain",
        "phase": "occurred",
        "confidence": "high",
    },
    "external_checks": {"confidence": "low", "checked_on": "2026-11-22"},
    "actors": {"is_author": "false", "identity_status": "named", "first_segment_id": "p02s01"},
}


def run(command: str, *arguments) -> str:
    """What a command prints, which must succeed."""
    done = claims(command, *arguments)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def make(home: Path) -> Path:
    """The package, and beside it in the folder its sentences and its text."""
    folder = home / "my-article"
    named = ["--name", "my-article", "--title", "The claims of a made-up article", "--contributor", "Ada Example"]
    run("new", folder, *named, "--article", SENTENCES["p01s01"][1], "--language", "ru")
    with (home / "sentences.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(["segment_id", "page", "section", "paragraph", "sentence", "text"])
        for segment, (section, text) in SENTENCES.items():
            writer.writerow([segment, 1, section, int(segment[1:3]), int(segment[4:]), text])
    (home / "article.txt").write_text("\n".join(text for _, text in SENTENCES.values()), "utf-8")
    append(folder, "sources", ROWS["sources"])
    run("segment", home / "sentences.csv", "--package", folder, "--source", "src-article")
    for table, rows in ROWS.items():
        if table != "sources":
            for row in rows:
                if table == "statements":
                    row["segment_id"] = row["statement_id"][:6]
            append(folder, table, [DEFAULTS.get(table, {}) | row for row in rows])
    judge_segments(folder)
    run("fmt", "--package", folder)
    return folder


def append(folder: Path, table: str, rows: list[dict[str, str]]) -> None:
    file = folder / "data" / f"{table}.csv"
    with file.open(encoding="utf-8", newline="") as stream:
        header = next(csv.reader(stream))
    with file.open("a", encoding="utf-8", newline="") as stream:
        csv.DictWriter(stream, header, restval="", lineterminator="\n").writerows(rows)


def judge_segments(folder: Path) -> None:
    """What a curator says of the segments after coding."""
    file = folder / "data" / "segments.csv"
    with file.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    coded = {row["statement_id"][:6] for row in ROWS["statements"]}
    for row in rows:
        row["segment_type"] = HEADINGS.get(row["segment_id"], "sentence")
        row["coding_status"] = "coded" if row["segment_id"] in coded else "no_codable_content"
        row["note"] = "" if row["segment_id"] in coded else "Announces what follows."
        if row["segment_type"] == "heading":
            row["coding_status"], row["note"] = "heading", ""
        if row["segment_id"] == "p04s02":
            row["text_defect"] = "glued_note_mark"
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, rows[0], lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
