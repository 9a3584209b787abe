"""A release is refused unless everything agrees, is written whole or not at all, and holds what it must."""

import hashlib
import json
import re
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest
import yaml
from claims import files, release
from claims.package import opened
from claims.validation import validate
from edits import (
    FIRST,
    NO_ACTION,
    add_name,
    at_version,
    built,
    columns,
    drop_and_retire,
    drop_row,
    log,
    rename_last,
    set_cell,
)
from harness import Copy, claims, snapshot

ROOT = Path(__file__).parent.parent
ZIP = f"releases/my-article-{FIRST}.zip"


@pytest.fixture(scope="session")
def released(ready, tmp_path_factory) -> Path:
    """The same after its release."""
    root = tmp_path_factory.mktemp("release") / "released"
    shutil.copytree(ready, root)
    assert claims("release", FIRST, "--package", root).returncode == 0
    return root


@pytest.fixture
def small(ready, tmp_path) -> Copy:
    """A copy of the package that is ready."""
    return Copy(Path(shutil.copytree(ready, tmp_path / "package")))


@pytest.fixture
def later(released, tmp_path) -> Copy:
    """A copy of the package that was released."""
    return Copy(Path(shutil.copytree(released, tmp_path / "package")))


def run(copy: Copy, version: str, *more) -> tuple[int, str]:
    """Release a package: exit code, and what was said."""
    done = claims("release", version, "--package", copy.root, *more)
    return done.returncode, done.stdout + done.stderr


def valid(package: Path) -> bool:
    with opened(package) as one:
        return validate(one).valid


def test_a_release_holds_what_it_must(released):
    with zipfile.ZipFile(released / ZIP) as archive:
        inside = {one.filename: archive.read(one) for one in archive.infolist()}
        assert {one.compress_type for one in archive.infolist()} == {zipfile.ZIP_STORED}
    descriptor = json.loads(inside["datapackage.json"])
    assert (descriptor["version"], descriptor["created"]) == (FIRST, "2027-03-01T00:00:00Z")
    named = {one[key] for one in descriptor["resources"] for key in ("path", "schema", "rowRules") if key in one}
    documents = {"CHANGELOG.md", "CITATION.cff", ".zenodo.json", "docs/CODEBOOK.md", "docs/RULES.md"}
    assert {"datapackage.json", *named, *documents} <= set(inside)
    for_archives = {"csvw-metadata.json", "ro-crate-metadata.json"}
    assert all((released / name).read_bytes() == data for name, data in inside.items() if name not in for_archives)
    for name in for_archives:
        assert (released / "dist" / "package" / name).read_bytes() == inside[name]
    for part in json.loads(inside["ro-crate-metadata.json"])["@graph"]:
        if part["@type"] == "File":
            assert hashlib.sha256(inside[part["@id"]]).hexdigest() == part["sha256"]
    assert not any(name.startswith(("dist/", "releases/")) for name in inside)
    citation = yaml.safe_load(inside["CITATION.cff"])
    assert (citation["version"], citation["date-released"]) == (FIRST, "2027-03-01")
    assert valid(released / ZIP)
    assert valid(released)
    assert claims("build", "--check", "--package", released).returncode == 0


def test_a_build_leaves_what_a_release_attached(later):
    before = snapshot(later.root / "dist")
    (later.root / "dist" / "stale.csv").write_text("a\n", "utf-8")
    assert claims("build", "--package", later.root).returncode == 0
    assert snapshot(later.root / "dist") == before


def test_the_checksums_are_those_of_the_files(released):
    sums = dict(line.split("  ")[::-1] for line in (released / "dist/SHA256SUMS").read_text("utf-8").splitlines())
    assert set(sums) == {f"my-article-{FIRST}.zip", f"my-article-{FIRST}-outputs.zip"}
    released_sums = (released / "releases/SHA256SUMS").read_text("utf-8").splitlines()
    assert released_sums == [f"{sums[f'my-article-{FIRST}.zip']}  my-article-{FIRST}.zip"]
    for folder in ("releases", "dist"):
        for file in (released / folder).glob("*.zip"):
            assert hashlib.sha256(file.read_bytes()).hexdigest() == sums[file.name]
    with zipfile.ZipFile(released / f"dist/my-article-{FIRST}-outputs.zip") as archive:
        assert json.loads(archive.read("datacite.json"))["version"] == FIRST


def test_the_same_package_gives_the_same_bytes_anywhere(small, released):
    for file in small.root.rglob("*"):
        file.chmod(0o755 if file.is_dir() else 0o600)
    assert run(small, FIRST)[0] == 0
    assert snapshot(small.root) == snapshot(released)


def test_a_release_made_again_from_what_was_committed_is_the_same(later):
    """As the workflow on a tag does, where dist/ is not at hand."""
    before = snapshot(later.root)
    (later.root / ZIP).unlink()
    shutil.rmtree(later.root / "dist")
    assert run(later, FIRST)[0] == 0
    assert snapshot(later.root) == before


def test_the_workflow_attaches_what_release_makes(released, tmp_path):
    """Its steps on a released package, with a `gh` that says what it was given."""
    workflow = yaml.safe_load((ROOT / ".github/workflows/release.yml").read_text("utf-8"))
    steps = [step["run"] for step in workflow["jobs"]["release"]["steps"] if "run" in step]
    attach = next(step for step in steps if "gh release create" in step)
    package = shutil.copytree(released, tmp_path / "package")
    log(Copy(package), "1.1.0", "**Nobody needs to act.** The newest.")
    (tmp_path / "gh").write_text('#!/bin/sh\nprintf "%s\\n" "$@"\n')
    (tmp_path / "gh").chmod(0o755)
    environment = {"PATH": f"{tmp_path}:/usr/bin:/bin", "GITHUB_REF_NAME": f"v{FIRST}"}
    command = ["sh", "-ec", attach]
    done = subprocess.run(
        command, cwd=package, env=environment, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    given = [Path(one).name for one in done.stdout.splitlines() if "/" in one]
    assert given == [f"my-article-{FIRST}.zip", f"my-article-{FIRST}-outputs.zip", "SHA256SUMS"]
    assert (package / "notes.md").read_text("utf-8").strip() == "**Nobody needs to act.** The newest."
    assert any("dist/index.html" in step and "site/" in step for step in steps)


def test_a_dry_run_says_what_would_be_written_and_writes_nothing(small, released):
    before, after = snapshot(small.root), snapshot(released)
    code, dry = run(small, FIRST, "--dry-run")
    assert code == 0
    assert snapshot(small.root) == before
    said = {path: int(size.replace(",", "")) for path, size in re.findall(r"would write (\S+) +([\d,]+) bytes", dry)}
    assert said == {path: len(after[path]) for path in said}
    assert {path for path in after if before.get(path) != after[path]} <= set(said)


def rename_column(copy: Copy) -> None:
    columns(copy, "exceptions", rename_last)


STEPS = [  # what is done, versions that must be refused, the one that is enough, and what the change log says
    (lambda c: set_cell(c, "events", "label_en", "Petrov goes to Beta"), ["1.0.0"], "1.0.1", NO_ACTION),
    (lambda c: add_name(c, "nam-0003"), ["1.0.2"], "1.1.0", NO_ACTION),
    (drop_and_retire, ["1.1.1"], "1.2.0", "**Nobody needs to act**; nam-0003 was counted twice."),
    (rename_column, ["1.3.0"], "2.0.0", "**Read remark instead of note** in exceptions."),
]


def test_each_change_demands_its_bump_and_less_is_refused(later, monkeypatch):
    """A value fixed, a row added, a row retired, a column renamed; then an id dropped, which no version may."""
    monkeypatch.setattr(release, "valid_by_itself", lambda package_zip: None)  # takes long, and is tested above
    for change, refused, enough, text in STEPS:
        change(later)
        unlogged = (later.root / "CHANGELOG.md").read_bytes()
        for version in [*refused, enough]:
            if change is drop_and_retire:
                set_cell(later, "retired_ids", "version", version)
            at_version(later, version)
            built(later)
            log(later, version, text)
            before = snapshot(later.root)
            code, said = run(later, version)
            assert (code == 0) == (version == enough), said
            if code:
                assert f"demand {enough}" in said or "is released" in said
                assert snapshot(later.root) == before
                (later.root / "CHANGELOG.md").write_bytes(unlogged)
        rows = (later.root / f"dist/my-article-{enough}-changes.csv").read_text("utf-8").splitlines()
        assert len(rows) > 1
        assert all(row.startswith(f"{enough},") for row in rows[1:])
    drop_row(later, "involvements")
    at_version(later, "3.0.0")
    claims("fmt", "--package", later.root)
    log(later, "3.0.0")
    code, said = run(later, "3.0.0")
    assert (code, "[id-dropped]" in said) == (1, True), said


def replace_log(pattern: str, by: str):
    def change(copy: Copy) -> None:
        file = copy.root / "CHANGELOG.md"
        file.write_text(re.sub(pattern, by, file.read_text("utf-8")), "utf-8")

    return change


REFUSALS = {
    "no change log": (lambda c: (c.root / "CHANGELOG.md").unlink(), "CHANGELOG.md: not there"),
    "change log not UTF-8": (lambda c: (c.root / "CHANGELOG.md").write_bytes(b"\xff"), "not UTF-8"),
    "an empty change log": (lambda c: (c.root / "CHANGELOG.md").write_text("", "utf-8"), "is about nothing"),
    "no entry": (replace_log("## .*", "## Unreleased"), "is about Unreleased"),
    "another version on top": (lambda c: log(c, "1.0.1"), "is about 1.0.1"),
    "no day": (replace_log(" — .*", ""), "needs the day"),
    "no such day": (replace_log("2027-03-01", "2027-02-30"), "needs the day"),
    "no word to users": (replace_log(r"\*\*", ""), "in bold"),
    "derived files stale": (lambda c: (c.root / "CITATION.cff").write_text("", "utf-8"), "CITATION.cff not up to date"),
    "not valid": (lambda c: set_cell(c, "events", "event_type", "x"), "[enum]"),
    "a later version in the descriptor": (lambda c: at_version(c, "1.0.1"), "at version 1.0.1 already"),
    "checked after the release": (replace_log("2027-03-01", "2001-01-01"), "looked-up-before-release"),
}


LEFT_BEHIND = [
    "docs/METHOD.md~",
    "docs/Thumbs.db",
    "schemas/__pycache__/x.pyc",
    "data/events.csv.orig",
    "docs/~$draft.docx",
]


@pytest.mark.parametrize("path", LEFT_BEHIND)
def test_what_lies_there_by_accident_is_refused_by_name(small, path):
    file = small.root / path
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(b"x")
    code, said = run(small, FIRST)
    assert (code, f"{path} is no part of the package: list it" in said) == (1, True), said
    assert not (small.root / "releases").exists()


def test_what_is_hidden_is_left_out_and_what_is_listed_is_taken(small):
    for path in ("docs/.ipynb_checkpoints/a.md", "docs/.vscode/settings.json", "schemas/.DS_Store", "docs/NOTES.md"):
        (small.root / path).parent.mkdir(exist_ok=True)
        (small.root / path).write_text("x\n", "utf-8")
    small.edit_json("datapackage.json", lambda one: one["documents"].append("docs/NOTES.md"))
    code, said = run(small, FIRST)
    assert code == 0, said
    with zipfile.ZipFile(small.root / ZIP) as archive:
        names = archive.namelist()
    assert "docs/NOTES.md" in names
    assert not [name for name in names if "/." in name]


def test_a_listed_document_that_leads_out_of_the_package_is_refused(small, tmp_path):
    (tmp_path / "secret.txt").write_text("secret", "utf-8")
    (small.root / "docs" / "NOTES.md").symlink_to(tmp_path / "secret.txt")
    small.edit_json("datapackage.json", lambda one: one["documents"].append("docs/NOTES.md"))
    code, said = run(small, FIRST)
    assert code == 2
    assert "is a link that leads out of the package" in said


def test_the_doi_is_written_after_the_release_as_the_document_says(later):
    """docs/CITING.md, step 3: one line of datapackage.json, then what make does; the version stays."""
    text = (ROOT / "docs" / "CITING.md").read_text("utf-8")
    line = re.search(r"```json\n +(\"id\": .*)\n", text)[1]
    doi = re.search(r"10\.[^\"]+", line)[0]
    file = later.root / "datapackage.json"
    file.write_text(file.read_text("utf-8").replace('  "title"', f'  {line}\n  "title"', 1), "utf-8")
    for command in ("validate", "build"):
        done = claims(command, "--package", later.root)
        assert done.returncode == 0, done.stdout + done.stderr
    for path in ("CITATION.cff", ".zenodo.json", "dist/datacite.json", "README.md"):
        assert doi in (later.root / path).read_text("utf-8"), path
    assert f"https://doi.org/{doi}" in claims("cite", "--package", later.root).stdout
    done = claims("diff", "--package", later.root)
    assert (done.returncode, "address changed: 1  [none: " in done.stdout) == (0, True), done.stdout


@pytest.mark.parametrize(
    "address",
    ["doi:10.5072/x", "10.5072/x", "https://doi.org/x y", "https://doi.org/5072", "https://dx.doi.org/10.5072/x"],
)
def test_an_address_that_is_no_doi_is_found(small, address):
    small.edit_json("datapackage.json", lambda one: one.update(id=address))
    done = claims("validate", small.root)
    assert done.returncode == 1
    assert "the address of a DOI such as https://doi.org/10.5072/example" in done.stdout


@pytest.mark.parametrize("reason", REFUSALS)
def test_what_does_not_agree_is_refused(small, reason):
    make, message = REFUSALS[reason]
    make(small)
    before = snapshot(small.root)
    code, said = run(small, FIRST)
    assert (code, message in said) == (1, True), said
    assert snapshot(small.root) == before


def test_a_sentence_that_waits_is_refused(small):
    """`to_do` is valid in daily work and not in a release."""
    header, *rows = small.rows("segments")
    row = next(row for row in rows if row[header.index("coding_status")] == "no_codable_content")
    row[header.index("coding_status")], row[header.index("note")] = "to_do", ""
    small.write_rows("segments", [header, *rows])
    code, said = run(small, FIRST)
    assert (code, f"{row[0]} is still to_do" in said) == (1, True), said


def test_a_later_release_is_not_older_unchanged_or_silent(later):
    released = (later.root / ZIP).read_bytes()
    assert "is released" in run(later, FIRST)[1]
    log(later, "1.0.1")
    assert "nothing changed since" in run(later, "1.0.1")[1]
    drop_and_retire(later)
    at_version(later, "1.1.0")
    built(later)
    log(later, "1.1.0")
    assert "does not name nam-0002 (row retired)" in run(later, "1.1.0")[1]
    log(later, "1.1.0", "**Nobody needs to act**: nam-0002 went.", day="2027-02-01")
    assert "before release 1.0.0" in run(later, "1.1.0")[1]
    assert [file.read_bytes() for file in (later.root / "releases").glob("*.zip")] == [released]


@pytest.mark.parametrize(
    ("version", "package", "message"),
    [
        ("soon", "{root}", "is no version"),
        ("1.0.0", "{root}/data", "no datapackage.json"),
    ],
)
def test_what_cannot_be_released_is_told(small, version, package, message):
    done = claims("release", version, "--package", package.format(root=small.root))
    assert (done.returncode, message in done.stderr, "Traceback" in done.stderr) == (2, True, False)


def test_interrupted_anywhere_everything_is_as_it_was(small, monkeypatch):
    """Stop at the first, second, third … writing, renaming, making of a folder, until none is left to stop at."""
    with opened(small.root) as package:
        released = release.release(package, FIRST)
    assert list(released)[-1] == ZIP  # once it is there, the version is released
    for method in ("write_bytes", "replace", "mkdir"):
        home = small.root.with_name(method)
        before = snapshot(Path(shutil.copytree(small.root, home)))
        for stop in range(1, 10 * len(released)):
            with monkeypatch.context() as patch:
                patch.setattr(Path, method, failing(getattr(Path, method), stop))
                try:
                    files.write_files(home, released)
                except KeyboardInterrupt:
                    assert snapshot(home) == before
                    assert not (home / "releases").exists()
                else:
                    break
        assert stop > 4
        assert (home / ZIP).is_file()


def failing(real, stop: int):
    """A method that is interrupted when it is called for this time."""
    calls = []

    def method(self, *arguments, **options):
        calls.append(self)
        if len(calls) == stop:
            raise KeyboardInterrupt
        return real(self, *arguments, **options)

    return method
