"""fmt writes what the schemas say, and nothing else."""

import json
import random
from pathlib import Path
from subprocess import CompletedProcess

import pytest
from claims import files
from harness import claims, snapshot


def fmt(*arguments) -> CompletedProcess:
    return claims("fmt", *arguments)


def test_the_package_is_canonical():
    done = fmt("--check")
    assert (done.returncode, done.stdout) == (0, "nothing to change\n")


def test_it_mends_form_and_touches_no_judged_cell(copy):
    """Shuffled rows, lost bounds, Windows line ends, a BOM and stale seals come back to the same bytes."""
    wanted = snapshot(copy.root)
    for table in ("events", "statements", "segments", "codes"):
        header, *rows = copy.rows(table)
        random.Random(table).shuffle(rows)
        derived = [i for i, f in enumerate(copy.schema(table)["fields"]) if "derived" in f]
        for row in rows:
            for index in derived:
                row[index] = ""
        copy.write_rows(table, [header, *rows])
    events = copy.path("events")
    events.write_bytes(b"\xef\xbb\xbf" + events.read_bytes().replace(b"\n", b"\r\n"))
    assert fmt("--package", copy.root, "--check").returncode == 1
    assert fmt("--package", copy.root).returncode == 0
    assert snapshot(copy.root) == wanted


def test_a_new_code_reaches_every_schema_that_uses_its_list(copy):
    header, *rows = copy.rows("codes")
    position = max(int(row[2]) for row in rows if row[0] == "confidence") + 1
    new = dict.fromkeys(header, "") | {"code_list": "confidence", "code": "guess", "position": str(position)}
    new |= {
        "label_en": "guess",
        "label_ru": "догадка",
        "definition_en": "No better than a guess.",
        "note": "A test.",
    }
    copy.write_rows("codes", [header, *rows, list(new.values())])
    fmt("--package", copy.root)
    for table in ("statements", "external_checks"):
        field = next(one for one in copy.schema(table)["fields"] if one.get("codeList") == "confidence")
        assert field["constraints"]["enum"][-1] == "guess"
        assert field["categories"][-1] == {"value": "guess", "label": "guess"}
    assert copy.validate().findings == []


def test_a_new_column_is_added_to_its_table(copy):
    """Empty, in the place that the schema gives it, and only where it may be empty."""
    before = copy.rows("events")
    note = next(one for one in copy.schema("events")["fields"] if one["name"] == "note")

    def add(schema: dict, **constraints) -> None:
        schema["fields"].insert(3, {**note, "name": "mood", "constraints": {"maxLength": 80, **constraints}})

    copy.edit_json("schemas/events.json", lambda schema: add(schema, required=True))
    assert "header or row length of events" in fmt("--package", copy.root).stderr
    copy.edit_json("schemas/events.json", lambda schema: schema["fields"].pop(3))
    copy.edit_json("schemas/events.json", add)
    assert fmt("--package", copy.root).returncode == 0
    assert copy.rows("events")[0][3] == "mood"
    assert [row[:3] + row[4:] for row in copy.rows("events")] == before
    assert copy.validate().findings == []


def test_a_table_added_as_contributing_says(copy):
    """The resource of another table copied, its names changed; fmt seals it, and a schema mistake is said in words."""

    def add(descriptor: dict) -> None:
        other = next(one for one in descriptor["resources"] if one["name"] == "exceptions")
        new = {**other, "name": "weather", "path": "data/weather.csv", "schema": "schemas/weather.json"}
        new.pop("rowRules", None)
        descriptor["resources"].append({**new, "title": "Weather", "titleRu": "Погода", "description": "The weather."})

    key = copy.schema("events")["fields"][0]
    field = {**key, "name": "weather_id", "example": "wea-0001", "constraints": {"required": True}}
    schema = {**copy.schema("events"), "fields": [field], "primaryKey": ["weather_id"], "title": "Weather"}
    for one in ("foreignKeys", "uniqueKeys", "sortBy", "inWords"):
        schema.pop(one, None)
    (copy.root / "schemas/weather.json").write_text(json.dumps(schema), "utf-8")
    (copy.root / "data/weather.csv").write_text("weather_id\nwea-0001\n", "utf-8")
    copy.edit_json("datapackage.json", add)
    assert "in 'weather_id': a text needs a codeList, or a pattern or maxLength" in fmt("--package", copy.root).stderr
    field["constraints"]["maxLength"] = 20
    (copy.root / "schemas/weather.json").write_text(json.dumps(schema), "utf-8")
    assert fmt("--package", copy.root).returncode == 0
    assert copy.validate().findings == []
    assert copy.resource("weather")["rowCount"] == 1


def test_named_tables_only(copy):
    for table in ("events", "sources"):
        header, *rows = copy.rows(table)
        copy.write_rows(table, [header, *reversed(rows)])
    before = copy.path("sources").read_bytes()
    assert "wrote data/events.csv" in fmt("events", "--package", copy.root).stdout
    assert copy.path("sources").read_bytes() == before


@pytest.mark.parametrize(
    ("break_it", "message"),
    [
        (lambda copy: copy.path("events").write_bytes(b"\xff"), "not utf-8"),
        (lambda copy: copy.path("events").write_bytes(b'event_id\n"x'), "unexpected end of data"),
        (lambda copy: copy.path("events").write_bytes(b"event_id\nx\n"), "header or row length of events"),
        (lambda copy: copy.path("events").unlink(), "not there"),
        (lambda copy: (copy.root / "datapackage.json").write_text("{"), "not JSON"),
        (
            lambda copy: copy.edit_json("schemas/events.json", lambda s: s.pop("fields")),
            "'fields' is a required property",
        ),
    ],
)
def test_what_cannot_be_read_is_left_alone(copy, break_it, message):
    break_it(copy)
    before = snapshot(copy.root)
    done = fmt("--package", copy.root)
    assert done.returncode == 2
    assert message in done.stderr
    assert "Traceback" not in done.stderr
    assert snapshot(copy.root) == before


def test_unknown_table_is_told(copy):
    done = fmt("event", "--package", copy.root)
    assert done.returncode == 2
    assert "did you mean 'events'?" in done.stderr


def test_interrupted_writing_leaves_the_old_files_whole(copy, monkeypatch):
    """Fail at the last of several files: none of them has changed and nothing is left beside them."""
    before = snapshot(copy.root)
    real = Path.write_bytes
    calls = []

    def failing(self, data):
        calls.append(self)
        if len(calls) == 2:
            raise OSError("disk full")
        return real(self, data)

    monkeypatch.setattr(Path, "write_bytes", failing)
    with pytest.raises(OSError, match="disk full"):
        files.write_files(copy.root, {"data/events.csv": b"x", "data/flows.csv": b"y"})
    assert snapshot(copy.root) == before
