"""The command line: what it knows, what it says of what it does not know, and that it harms nothing."""

import contextlib
import ctypes
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import made_up
import pytest
from claims import cli
from edits import FIRST
from harness import Copy, claims, snapshot

ROOT = Path(__file__).parent.parent
COMMANDS = ROOT / "scripts" / "claims" / "commands"
SENTENCES = "segment_id,page,section,paragraph,sentence,text\n"


@pytest.mark.parametrize("command", cli.NAMES)
def test_every_command_has_help_with_an_example(command):
    done = claims(command, "--help")
    assert done.returncode == 0
    assert f"\n    claims {command}" in done.stdout
    assert "--package" in done.stdout


def test_the_help_lists_every_command_and_the_version_is_the_packages():
    text = claims("--help").stdout
    assert all(re.search(rf"^    {name} +\w", text, re.MULTILINE) for name in cli.NAMES)
    version = json.loads((ROOT / "datapackage.json").read_text("utf-8"))["version"]
    assert claims("--version").stdout == f"claims {version}\n"


def test_commands_hold_no_logic():
    """They import no other command, and are a screen long."""
    for file in COMMANDS.glob("*.py"):
        text = file.read_text("utf-8")
        assert not re.search(r"from \.(?!\.| import among| import print_changed| import among, print_changed)", text), (
            file
        )
        assert len(text.splitlines()) < 70, file


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["valdate"], "did you mean 'validate'?"),
        (["fmt", "--chek"], "did you mean '--check'?"),
        (["validate", "--formt", "json"], "did you mean '--format'?"),
        (["validate", "--format", "jsn"], "did you mean 'json'?"),
        (["build", "codebok"], "did you mean 'codebook'?"),
        (["fmt", "event"], "did you mean 'events'?"),
        (["cite", "p41s03aa"], "did you mean 'p41s03a'?"),
        (["explain", "factualty"], "did you mean 'factuality'?"),
        (["diff", "1.0"], "no such file or folder"),
        (["validate", "--package", "nowhere"], "no such file or folder"),
        (["cite", "--package"], "expected one argument"),
        (["audit"], "required: ARTICLE"),
        ([], "required: COMMAND"),
    ],
)
def test_what_it_does_not_know_it_says_in_one_line(arguments, message):
    done = claims(*arguments)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert message in done.stderr


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("checked-or-not-checkable", "why: "),
        ("events", "table events (data/events.csv): "),
        ("statements.factuality", "codes: those of the list factuality"),
        ("segment_id", "points to: segments"),
        ("certainly_not", "of the list factuality: stated as not so"),
        ("row-length", "rule row-length (error; layer"),
    ],
)
def test_explain_says_what_a_name_means(name, words):
    assert words in claims("explain", name).stdout


OLD_NAMES = {
    "build": ["--where"],
    "verify_article": ["--help"],
    "new_package": ["--help"],
    "cite": [],
    "diff": ["--help"],
}


@pytest.mark.parametrize("script", OLD_NAMES)
def test_the_old_scripts_do_their_work_and_say_their_new_name(script):
    new = {"verify_article": "audit", "new_package": "new"}.get(script, script)
    command = [sys.executable, str(ROOT / "scripts" / f"{script}.py"), *OLD_NAMES[script]]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False, cwd="/")
    assert done.stderr == f"{script}.py is now `claims {new}`; this name goes with version 3\n"
    assert (done.returncode, done.stdout) == (0, claims(new, *OLD_NAMES[script]).stdout)


def test_the_promised_script_validates_the_package_around_it():
    command = [sys.executable, str(ROOT / "scripts" / "validate.py"), "--format", "json"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False, cwd="/")
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["package"] == json.loads((ROOT / "datapackage.json").read_text("utf-8"))["name"]


# --- every command that writes


WRITING = {
    "fmt": ["fmt"],
    "build": ["build"],
    "segment": ["segment", "{folder}/sentences.csv", "--source", "src-article"],
    "release": ["release", FIRST],
}


def as_zip(copy: Copy, name: str) -> Path:
    file = copy.root.parent / name
    with zipfile.ZipFile(file, "w") as archive:
        for path, data in snapshot(copy.root).items():
            archive.writestr(path, data)
    return file


def a_table(copy: Copy) -> Path:
    return copy.path("events")


def a_document(copy: Copy) -> Path:
    return copy.root / "README.md"


NO_FOLDERS = {
    "a zip": lambda copy: as_zip(copy, "old.zip"),
    "a zip in capitals": lambda copy: as_zip(copy, "OLD.ZIP"),
    "a zip by another name": lambda copy: as_zip(copy, "backup.bak"),
    "a zip without an ending": lambda copy: as_zip(copy, "download"),
    "a table": a_table,
    "a document": a_document,
}


@pytest.fixture
def unordered(ready, tmp_path) -> Copy:
    """A package that every command has something to write in: rows out of order, nothing built, sentences to come."""
    copy = Copy(Path(shutil.copytree(ready, tmp_path / "package")))
    prepare(copy)
    return copy


def prepare(copy: Copy) -> None:
    header, *rows = copy.rows("name_variants")
    copy.write_rows("name_variants", [header, *reversed(rows)])
    sentences = {**made_up.SENTENCES, "p05s03": ("conclusions", "Других предложений нет.")}
    lines = [
        f'{one},1,{section},{int(one[1:3])},{int(one[4:])},"{text}"\n' for one, (section, text) in sentences.items()
    ]
    text = SENTENCES + "".join(lines)
    (copy.root.parent / "sentences.csv").write_text(text, "utf-8")


@pytest.mark.parametrize("kind", NO_FOLDERS)
@pytest.mark.parametrize("command", WRITING)
def test_only_a_folder_is_written_to(unordered, command, kind):
    source = NO_FOLDERS[kind](unordered)
    home = unordered.root.parent
    before = snapshot(home)
    done = claims(*(part.format(folder=home) for part in WRITING[command]), "--package", source)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert f"{source}: not a folder; only a package in a folder is written to, so unpack a zip first" in done.stderr
    assert snapshot(home) == before


@pytest.mark.parametrize("command", ["fmt", "segment"])
def test_the_descriptor_stands_for_its_folder(unordered, command):
    descriptor = unordered.root / "datapackage.json"
    done = claims(*(part.format(folder=unordered.root.parent) for part in WRITING[command]), "--package", descriptor)
    assert done.returncode == 0, done.stderr
    assert "rote data/name_variants.csv" in done.stdout or "segments, written" in done.stdout


@contextlib.contextmanager
def modes_hold() -> Iterator[None]:
    """Let the modes of files hold for the superuser too, whom otherwise nothing stops (Linux, see capget(2))."""
    if os.geteuid() != 0:
        yield
        return
    libc = ctypes.CDLL(None, use_errno=True)
    header = (ctypes.c_uint32 * 2)(0x20080522, 0)
    capabilities = (ctypes.c_uint32 * 6)()
    assert libc.capget(header, capabilities) == 0
    effective = capabilities[0]
    capabilities[0] = effective & ~(1 << 1)  # without CAP_DAC_OVERRIDE
    assert libc.capset(header, capabilities) == 0
    try:
        yield
    finally:
        capabilities[0] = effective
        assert libc.capset(header, capabilities) == 0


@pytest.mark.parametrize("command", [*WRITING, "new"])
def test_a_folder_that_may_not_be_written_is_left_as_it_is(ready, tmp_path, command):
    copy = Copy(Path(shutil.copytree(ready, tmp_path / "package")))
    if command in ("fmt", "segment"):  # the others want the package in order
        prepare(copy)
    new = ["new", "{folder}/new", *["--name", "n", "--title", "T", "--contributor", "C", "--article", "A"]]
    arguments = [part.format(folder=tmp_path) for part in {**WRITING, "new": new}[command]]
    before = snapshot(tmp_path)
    folders = [tmp_path, *(path for path in tmp_path.rglob("*") if path.is_dir())]
    for folder in folders:
        folder.chmod(0o555)
    try:
        with modes_hold():
            done = claims(*arguments, *([] if command == "new" else ["--package", copy.root]))
    finally:
        for folder in folders:
            folder.chmod(0o755)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1), done.stderr
    assert "Permission denied" in done.stderr
    assert "nothing was changed" in done.stderr
    assert snapshot(tmp_path) == before
