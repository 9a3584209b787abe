"""A release is refused unless everything agrees, is written whole or not at all, and holds what it must."""

import hashlib
import json
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import build
import fmt
import pytest
import release
import yaml
from claims import files
from claims.outputs import COMMITTED
from claims.package import opened
from claims.validation import validate
from harness import Copy
from test_fmt import snapshot
from test_new_article import made_up  # noqa: F401 - a small package that is valid
from test_versions import at_version, columns, drop_and_retire, drop_row, rename_last, set_cell

ROOT = Path(__file__).parent.parent
FIRST = "1.0.0"
ZIP = f"releases/my-article-{FIRST}.zip"
NO_ACTION = "**Nobody needs to act.**"


@pytest.fixture(scope="session")
def ready(made_up, tmp_path_factory) -> Path:  # noqa: F811
    """The made-up package with a second name variant, a change log and its derived files, ready to be released."""
    copy = Copy.of(made_up, tmp_path_factory.mktemp("release") / "package")
    add_name(copy, "nam-0002")
    log(copy, FIRST)
    built(copy)
    return copy.root


@pytest.fixture(scope="session")
def released(ready, tmp_path_factory) -> Path:
    """The same after its release."""
    root = tmp_path_factory.mktemp("release") / "released"
    shutil.copytree(ready, root)
    assert release.main([FIRST, "--package", str(root)]) == 0
    return root


@pytest.fixture
def small(ready, tmp_path) -> Copy:
    """A copy of the package that is ready."""
    return Copy(Path(shutil.copytree(ready, tmp_path / "package")))


@pytest.fixture
def later(released, tmp_path) -> Copy:
    """A copy of the package that was released."""
    return Copy(Path(shutil.copytree(released, tmp_path / "package")))


@pytest.fixture
def run(capsys):
    """Run release.py on a package: exit code, and what it said."""

    def run(copy: Copy, version: str, *more) -> tuple[int, str]:
        capsys.readouterr()
        code = release.main([version, "--package", str(copy.root), *more])
        return code, "".join(capsys.readouterr())

    return run


def add_name(copy: Copy, row_id: str) -> None:
    """A valid row that nothing hangs on."""
    header, *rows = copy.rows("name_variants")
    new = {**dict(zip(header, rows[0], strict=True)), "name_variant_id": row_id, "name": f"Петр{'е' * len(rows)}в"}
    copy.write_rows("name_variants", [header, *rows, list(new.values())])


def log(copy: Copy, version: str, text: str = NO_ACTION, day: str = "2027-03-01") -> None:
    """Put a section on top of the change log."""
    file = copy.root / "CHANGELOG.md"
    before = file.read_text("utf-8").removeprefix("# Changelog\n") if file.is_file() else ""
    file.write_text(f"# Changelog\n\n## {version} — {day}\n\n{text}\n{before}", "utf-8")


def built(copy: Copy) -> None:
    """What fmt and build do, valid or not."""
    assert fmt.main(["--package", str(copy.root)]) == 0
    with opened(copy.root) as package:
        files.write_files(copy.root, build.derived(package, COMMITTED))


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
    assert build.main(["--check", "--package", str(released)]) == 0


def test_a_build_leaves_what_a_release_attached(later):
    before = snapshot(later.root / "dist")
    (later.root / "dist" / "stale.csv").write_text("a\n", "utf-8")
    assert build.main(["--package", str(later.root)]) == 0
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


def test_the_same_package_gives_the_same_bytes_anywhere(small, run, released):
    for file in small.root.rglob("*"):
        file.chmod(0o755 if file.is_dir() else 0o600)
    assert run(small, FIRST)[0] == 0
    assert snapshot(small.root) == snapshot(released)


def test_a_release_made_again_from_what_was_committed_is_the_same(later, run):
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


def test_a_dry_run_says_what_would_be_written_and_writes_nothing(small, run, released):
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


def test_each_change_demands_its_bump_and_less_is_refused(later, run, monkeypatch):
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
    fmt.main(["--package", str(later.root)])
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


@pytest.mark.parametrize("reason", REFUSALS)
def test_what_does_not_agree_is_refused(small, run, reason):
    make, message = REFUSALS[reason]
    make(small)
    before = snapshot(small.root)
    code, said = run(small, FIRST)
    assert (code, message in said) == (1, True), said
    assert snapshot(small.root) == before


def test_a_sentence_that_waits_is_refused(small, run):
    """`to_do` is valid in daily work and not in a release."""
    header, *rows = small.rows("segments")
    row = next(row for row in rows if row[header.index("coding_status")] == "no_codable_content")
    row[header.index("coding_status")], row[header.index("note")] = "to_do", ""
    small.write_rows("segments", [header, *rows])
    code, said = run(small, FIRST)
    assert (code, f"{row[0]} is still to_do" in said) == (1, True), said


def test_a_later_release_is_not_older_unchanged_or_silent(later, run):
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
        ("1.0.0", "{root}/datapackage.json", "not a folder"),
        ("1.0.0", "{root}/data", "no datapackage.json"),
    ],
)
def test_what_cannot_be_released_is_told(small, version, package, message):
    command = [sys.executable, str(ROOT / "scripts" / "release.py"), version]
    command += ["--package", package.format(root=small.root)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
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
