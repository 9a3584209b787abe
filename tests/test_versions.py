"""Every kind of change between two versions is found and demands its bump; ids answer to the last release."""

import csv
import json
from pathlib import Path
from subprocess import CompletedProcess

import pytest
from claims.changes import COLUMNS, DEMANDS, difference
from claims.package import opened
from claims.versions import BUMPS, bumped, parts, release_path, releases
from claims.zips import package_files, zipped
from edits import append, at_version, columns, drop_and_retire, drop_row, rename_last, retire, set_cell
from harness import Copy, claims, found

ROOT = Path(__file__).parent.parent
RELEASED = "1.0.0"


@pytest.fixture
def small(made_up, tmp_path) -> Copy:
    """The made-up package at version 1.0.0, not released yet."""
    copy = Copy.of(made_up, tmp_path / "package")
    copy.edit_json("datapackage.json", lambda one: one.update(version=RELEASED))
    return copy


def publish(copy: Copy) -> Path:
    """Put a zip of the package as it stands among its releases, whatever its state."""
    copy.reseal()
    with opened(copy.root) as package:
        file = copy.root / release_path(package.name, package.version)
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(zipped(package_files(package), "2026-01-01"))
    return file


def edit_field(copy: Copy, table: str, column: str, **keys) -> None:
    """Give a field other keys, and constraints under `constraints`; None takes one away."""

    def change(schema: dict) -> None:
        field = next(one for one in schema["fields"] if one["name"] == column)
        for target, given in ((field["constraints"], keys.pop("constraints", {})), (field, keys)):
            target.update(given)
            for key in [key for key, value in given.items() if value is None]:
                del target[key]

    copy.edit_json(copy.resource(table)["schema"], change)


def add_last(both: list) -> None:
    field, cells = both[-1]
    both.append(({**field, "name": "extra"}, ["x" for _ in cells]))


def resource(copy: Copy, table: str, change) -> None:
    """Let `change` alter the resource of a table, and the list it stands in."""

    def in_descriptor(one: dict) -> None:
        change(next(other for other in one["resources"] if other["name"] == table), one["resources"])

    copy.edit_json("datapackage.json", in_descriptor)


def move_file(copy: Copy) -> None:
    copy.path("flows").rename(copy.root / "data" / "flow.csv")
    resource(copy, "flows", lambda one, _: one.update(path="data/flow.csv"))


def move_row(copy: Copy) -> None:
    """An office becomes an actor under its old id."""
    row_id = copy.rows("positions")[1][0]
    drop_row(copy, "positions", 1)
    append(copy, "actors", actor_id=row_id)


LABEL = "label_en"
# what is done to a released package, and the actions that must be found; the bumps stand in DEMANDS
CHANGES = {
    "a value fixed": (lambda c: set_cell(c, "events", LABEL, "Another label"), {"cell changed"}),
    "a value given": (lambda c: set_cell(c, "flows", "note", "A remark."), {"cell filled"}),
    "a value taken away": (lambda c: set_cell(c, "events", "place_id", ""), {"cell emptied"}),
    "a row added": (lambda c: append(c, "name_variants", name_variant_id="nam-0099"), {"row added"}),
    "a row retired": (drop_and_retire, {"row retired", "row added"}),
    "an id dropped": (lambda c: drop_row(c, "name_variants"), {"row dropped"}),
    "an id in another table": (move_row, {"row moved", "row added"}),
    "a row without an id gone": (lambda c: drop_row(c, "exceptions"), {"row removed"}),
    "a code added": (lambda c: append(c, "codes", code_list="phase", code="new"), {"code added"}),
    "a code gone": (lambda c: drop_row(c, "codes"), {"code removed"}),
    "a column added": (lambda c: columns(c, "flows", add_last), {"column added"}),
    "a column gone": (lambda c: columns(c, "flows", lambda b: b.pop()), {"column removed"}),
    "a column renamed": (lambda c: columns(c, "exceptions", rename_last), {"column renamed"}),
    "a column moved": (lambda c: columns(c, "flows", lambda b: b.insert(1, b.pop(2))), {"column moved"}),
    "a type changed": (lambda c: edit_field(c, "segments", "page", type="string"), {"type changed"}),
    "a column of another list": (lambda c: edit_field(c, "flows", "phase", codeList="phases"), {"key changed"}),
    "a key changed": (
        lambda c: c.edit_json("schemas/flows.json", lambda s: s["foreignKeys"].pop()),
        {"key changed"},
    ),
    "a bound lowered": (
        lambda c: edit_field(c, "flows", "note", constraints={"maxLength": 10}),
        {"constraint narrowed"},
    ),
    "a bound raised": (
        lambda c: edit_field(c, "flows", "note", constraints={"maxLength": 9999}),
        {"constraint widened"},
    ),
    "no longer required": (
        lambda c: edit_field(c, "flows", LABEL, constraints={"required": None}),
        {"constraint widened"},
    ),
    "now required": (
        lambda c: edit_field(c, "flows", "note", constraints={"required": True}),
        {"constraint narrowed"},
    ),
    "a minimum raised": (
        lambda c: edit_field(c, "segments", "page", constraints={"minimum": 2}),
        {"constraint narrowed"},
    ),
    "another pattern": (
        lambda c: edit_field(c, "flows", "flow_id", constraints={"pattern": "x"}),
        {"constraint narrowed"},
    ),
    "a description reworded": (lambda c: edit_field(c, "flows", "note", description="A remark."), {"text changed"}),
    "a table described anew": (lambda c: resource(c, "flows", lambda one, _: one.update(title="F")), {"text changed"}),
    "a row rule changed": (
        lambda c: c.edit_json("schemas/rows/flows.json", lambda s: s["allOf"][0].update(title="Another reason.")),
        {"rule changed"},
    ),
    "a rule across tables changed": (
        lambda c: (c.root / "schemas/rules.toml").write_text("rule = []\n", "utf-8"),
        {"rule changed"},
    ),
    "a table added": (
        lambda c: resource(c, "flows", lambda one, all_: all_.append({**one, "name": "streams"})),
        {"table added"},
    ),
    "a table gone": (
        lambda c: resource(c, "exceptions", lambda one, all_: all_.remove(one)),
        {"table removed", "row removed"},
    ),
    "a file renamed": (move_file, {"file changed"}),
    "another title": (lambda c: c.edit_json("datapackage.json", lambda d: d.update(title="T")), {"metadata changed"}),
    "an address": (
        lambda c: c.edit_json("datapackage.json", lambda d: d.update(id="https://a.b/c")),
        {"address changed"},
    ),
    "another licence": (
        lambda c: c.edit_json("datapackage.json", lambda d: d["licenses"][0].update(name="CC0-1.0")),
        {"terms changed"},
    ),
    "another date": (lambda c: c.edit_json("datapackage.json", lambda d: d.update(created="2027-01-01")), set()),
    "nothing": (lambda c: None, set()),
}


@pytest.mark.parametrize("change", CHANGES)
def test_each_change_is_found_and_nothing_else(small, change):
    make, actions = CHANGES[change]
    append(small, "exceptions", rule_id="audit-year", row_id="p04s04", item="year-9", reason="not_a_fact")
    released = publish(small)
    make(small)
    with opened(released) as old, opened(small.root) as new:
        result = difference(old, new)
    assert {one.action for one in result.changes} == actions
    demanded = [DEMANDS[action][0] for action in actions]
    assert bool(result.refused) == ("refused" in demanded)
    assert result.bump == max((one for one in demanded if one != "refused"), key=BUMPS.index, default="none")


def test_every_kind_of_change_has_a_case():
    assert {action for _, actions in CHANGES.values() for action in actions} == set(DEMANDS)


@pytest.mark.parametrize(
    ("version", "bump", "lowest"),
    [
        ("0.9.4", "patch", "0.9.5"),
        ("0.9.4", "minor", "0.10.0"),
        ("0.9.4", "major", "1.0.0"),
        ("1.2.3", "none", "1.2.3"),
    ],
)
def test_bumps(version, bump, lowest):
    assert bumped(version, bump) == lowest
    assert parts(lowest) >= parts(version)


def test_releases_are_ordered_by_number(tmp_path):
    (tmp_path / "releases").mkdir()
    for name in ("x-0.9.0", "x-0.10.0", "x-1.0", "y-2.0.0", "x-0.2.0-draft"):
        (tmp_path / "releases" / f"{name}.zip").write_bytes(b"")
    (tmp_path / "releases" / "x-3.0.0.zip").symlink_to(ROOT / "README.md")
    assert list(releases(tmp_path, "x")) == ["0.9.0", "0.10.0"]


def garble(copy: Copy) -> None:
    next((copy.root / "releases").glob("*.zip")).write_bytes(b"no zip")


# rule: what the release has that the package has not, what is done to the package, version, findings expected
FAULTS = {
    "release-unreadable": (
        lambda c: None,
        garble,
        RELEASED,
        {("release-unreadable", "releases/my-article-1.0.0.zip", 0, "")},
    ),
    "id-dropped": (
        lambda c: append(c, "name_variants", name_variant_id="nam-0099"),
        lambda c: None,
        "2.0.0",
        {("id-dropped", "data/name_variants.csv", 0, "")},
    ),
    "id-dropped from the retired ones": (
        lambda c: retire(c, "nam-0099", RELEASED),
        lambda c: None,
        "2.0.0",
        {("id-dropped", "data/retired_ids.csv", 0, "")},
    ),
    "retired-never-released": (
        lambda c: None,
        lambda c: retire(c, "nam-0099"),
        "1.1.0",
        {("retired-never-released", "data/retired_ids.csv", 2, "old_id")},
    ),
    "retired-version": (
        lambda c: append(c, "name_variants", name_variant_id="nam-0099"),
        lambda c: retire(c, "nam-0099", "1.0.0"),
        "1.1.0",
        {("retired-version", "data/retired_ids.csv", 2, "version")},
    ),
    "version-too-low": (
        lambda c: None,
        lambda c: set_cell(c, "flows", "note", "A remark."),
        RELEASED,
        {("version-too-low", "datapackage.json", 0, "version")},
    ),
    "version-too-low without a change": (
        lambda c: None,
        lambda c: None,
        "0.9.9",
        {("version-too-low", "datapackage.json", 0, "version")},
    ),
    "none: a row retired with its entry": (
        lambda c: append(c, "name_variants", name_variant_id="nam-0099"),
        lambda c: retire(c, "nam-0099"),
        "1.1.0",
        set(),
    ),
    "none: an entry that was released": (
        lambda c: retire(c, "nam-0099", "0.5.0"),
        lambda c: retire(c, "nam-0099", "0.5.0"),
        RELEASED,
        set(),
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_fault_against_the_last_release(small, fault):
    before, after, version, expected = FAULTS[fault]
    kept = {table: small.rows(table) for table in ("name_variants", "retired_ids")}
    before(small)
    publish(small)
    for table, rows in kept.items():
        small.write_rows(table, rows)
    after(small)
    small.reseal()
    at_version(small, version)
    result = small.validate()
    assert found(result.findings) == expected
    assert result.compared_with == RELEASED


def test_every_rule_of_history_has_a_fault(small):
    rules = {name for name, rule in small.validate().rules.items() if rule.layer == "history"}
    assert {one for *_, expected in FAULTS.values() for one, *_ in expected} == rules


def test_without_a_release_it_says_not_compared(small):
    assert claims("validate", small.root).stdout.endswith("across; not compared with an earlier release\n")
    publish(small)
    assert claims("validate", small.root).stdout.endswith("across, history; compared with release 1.0.0\n")


def diff(*arguments, package: Path) -> CompletedProcess:
    return claims("diff", *arguments, "--package", package)


def test_the_formats_say_the_same(small):
    publish(small)
    set_cell(small, "events", LABEL, 'A "new" label, with a comma')
    drop_and_retire(small)
    row_id = small.rows("events")[1][0]
    text, as_json, as_csv = (diff("--format", one, package=small.root) for one in ("text", "json", "csv"))
    assert [text.returncode, as_json.returncode, as_csv.returncode] == [1, 1, 1]
    assert "minor: at least 1.1.0 is demanded; 1.0.0 is too low" in text.stdout
    rows = list(csv.DictReader(as_csv.stdout.splitlines()))
    value = json.loads(as_json.stdout)
    assert list(rows[0]) == COLUMNS
    assert [{key: one[key] for key in COLUMNS[1:]} for one in rows] == [
        {key: one[key] for key in COLUMNS[1:]} for one in value["changes"]
    ]
    changed = next(one for one in rows if one["action"] == "cell changed")
    assert (changed["row_id"], changed["field"], changed["new"]) == (row_id, LABEL, 'A "new" label, with a comma')
    assert (value["bump"], value["lowest"]) == ("minor", "1.1.0")
    assert all(one["row_id"] in text.stdout for one in rows)


def test_old_and_new_may_be_folder_zip_or_number(small):
    released = publish(small)
    set_cell(small, "flows", "note", "A remark.")
    at_version(small, "1.0.1")
    small.reseal()
    pairs = ([], [RELEASED], [released], [RELEASED, small.root], [released, small.root / "datapackage.json"])
    outputs = {diff(*pair, package=small.root).stdout for pair in pairs}
    assert len(outputs) == 1
    assert "my-article 1.0.0 -> 1.0.1" in outputs.pop()
    assert diff(small.root, small.root, package=small.root).stdout.endswith("nothing changed\n")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["9.9.9"], "no release 9.9.9"),
        (["nowhere"], "no such file or folder"),
        (["{root}/data/events.csv"], "give the folder"),
        (["{root}/data"], "no datapackage.json"),
        (["1.0.0", "{root}/../broken"], "run `claims validate`"),
        (["1.0.0", "{root}/../unnumbered"], "is no version"),
    ],
)
def test_what_cannot_be_compared_is_told(small, arguments, message):
    publish(small)
    Copy.of(small.root, small.root.parent / "broken").path("events").write_text("a,b\n1\n", "utf-8")
    at_version(Copy.of(small.root, small.root.parent / "unnumbered"), "soon")
    done = diff(*(one.format(root=small.root) for one in arguments), package=small.root)
    assert done.returncode == 2
    assert message in done.stderr
    assert "Traceback" not in done.stderr
