"""What a stranger's package may not do to whoever validates it, and what it may cost."""

import json
import subprocess
import sys
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import pytest
from claims.cli import main
from claims.printing import in_json, printable
from claims.report import FORMATS

ROOT = Path(__file__).parent.parent
V2 = "https://datapackage.org/profiles/2.0/datapackage.json"
EVIL = "x\n::error file=a.py,line=1::PWNED\n##vso[task.complete]\x1b]0;PWNED\x07\u202e\u2028\x9b31m"


def package(folder: Path, table: bytes = b"a\n1\n", name: str = "t", **field) -> Path:
    schema = {"fields": [{"name": "a", "type": "string", **field}]}
    descriptor = {"$schema": V2, "name": name, "resources": [{"name": name, "path": "t.csv", "schema": schema}]}
    folder.mkdir(exist_ok=True)
    (folder / "datapackage.json").write_text(json.dumps(descriptor), "utf-8")
    (folder / "t.csv").write_bytes(table)
    return folder


def validate(source: Path, *options: str, **environment: str) -> subprocess.CompletedProcess:
    """The command as a process of its own, which is where limits are."""
    command = [sys.executable, str(ROOT / "scripts" / "validate.py"), str(source), *options]
    return subprocess.run(command, capture_output=True, timeout=300, check=False, env=environment or None)


@pytest.mark.parametrize("kind", FORMATS)
def test_nothing_foreign_is_obeyed(tmp_path, kind, capsys):
    """Neither names nor cells, in no format."""
    folder = package(tmp_path / "p", f'a\n"{EVIL}"\n'.encode(), EVIL, constraints={"enum": [EVIL + "y"]})
    assert main(["validate", str(folder), "--format", kind]) == 1
    printed = capsys.readouterr().out
    assert "PWNED" in printed
    lines = printed.split("\n")
    assert not any(character in printed for character in "\x1b\x07\u202e\u2028\x9b\r")
    assert "##vso[" not in printed
    commands = [line for line in lines if line.lstrip().startswith("::")]
    assert all(line.startswith("::error file=t.csv") for line in commands) if kind == "github" else not commands
    if kind in ("json", "sarif"):
        assert EVIL[:20] in json.dumps(json.loads(printed), ensure_ascii=False).encode().decode("unicode-escape")
    if kind == "junit":
        ElementTree.fromstring(printed.split("\n", 1)[1])


def test_a_message_on_standard_error_is_one_line(tmp_path, capsys):
    assert main(["validate", str(tmp_path / EVIL)]) == 2
    printed = capsys.readouterr().err
    assert printed.count("\n") == 1
    assert "\x1b" not in printed


@pytest.mark.parametrize("text", ["Путин 길 – plain", "a: b", "# heading", "1::2"])
def test_what_nobody_obeys_is_printed_as_it_is(text):
    assert printable(text) == text
    assert json.loads(in_json(json.dumps({"key": text}, ensure_ascii=False))) == {"key": text}


@pytest.mark.parametrize("kind", FORMATS)
def test_a_report_of_very_many_findings_is_bounded(tmp_path, kind, capsys):
    table = "a\n" + "".join(f"{'v' * 3000}{number}\n" for number in range(900))
    folder = package(tmp_path / "p", table.encode(), constraints={"enum": ["x" * 10_000]})
    assert main(["validate", str(folder), "--format", kind]) == 1
    assert len(capsys.readouterr().out) < 4_000_000


def test_output_that_knows_fewer_letters_gets_all_the_same(tmp_path):
    folder = package(tmp_path / "p", "a\nПутин\n".encode(), constraints={"enum": ["Ким"]})
    done = validate(folder, PYTHONIOENCODING="cp1252", PATH="/usr/bin:/bin")
    assert (done.returncode, b"Traceback" in done.stderr) == (1, False)
    assert b"[enum]" in done.stdout
    done = validate(folder, "--format", "json", PYTHONIOENCODING="cp1252", PATH="/usr/bin:/bin")
    assert json.loads(done.stdout.decode("utf-8"))["findings"][0]["value"] == "Путин"


def test_a_pattern_without_end_is_stopped(tmp_path):
    folder = package(tmp_path / "p", b"a\n" + b"a" * 33 + b"!\n", constraints={"pattern": "(a+)+"})
    done = validate(folder)
    assert (done.returncode, done.stdout) == (2, b"")
    assert b"out of proportion" in done.stderr


def test_what_a_zip_may_unpack_to_goes_by_its_size(tmp_path):
    file = tmp_path / "p.zip"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in package(tmp_path / "p", b"a\n" + b"1\n" * 12_000_000).iterdir():
            archive.write(path, path.name)
    done = validate(file)
    assert done.returncode == 2
    assert b"too much for its size" in done.stderr


def entry(name: str, text: str = "x", mode: int = 0) -> tuple[zipfile.ZipInfo, str]:
    info = zipfile.ZipInfo(name)
    info.external_attr = mode << 16
    return info, text


PACKAGE = [
    entry("pkg/datapackage.json", json.dumps({"name": "t", "resources": [{"name": "t", "path": "t.csv"}]})),
    entry("pkg/t.csv", "a\n1\n"),
]
ZIPS = {  # entries beside a package in a folder: (exit code, part of the message)
    "what macOS adds": ([entry("__MACOSX/pkg/._t.csv"), entry("pkg/.DS_Store")], 0, ""),
    "a file beside the folder": ([entry("README.txt")], 0, ""),
    "another folder": ([entry("other/x.txt")], 0, ""),
    "a second package": ([entry("other/datapackage.json", "{}")], 2, "more than one package"),
    "folders without end": ([entry("d/" * 3000 + "x")], 2, "folders one in another"),
    "a path out of it": ([entry("../x")], 2, "leads out of the package"),
    "a device": ([entry("/dev/x")], 2, "not a relative path"),
    "a link": ([entry("pkg/l", "/etc/passwd", 0o120777)], 2, "is a link"),
    "a name twice": ([entry("pkg/t.csv", "b\n")], 2, "one name twice"),
}


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("name", ZIPS)
def test_zips_as_people_and_others_make_them(tmp_path, name, capsys):
    more, code, message = ZIPS[name]
    file = tmp_path / "p.zip"
    with zipfile.ZipFile(file, "w") as archive:
        for info, text in [*PACKAGE, *more]:
            archive.writestr(info, text)
    assert main(["validate", str(file)]) == code
    assert message in capsys.readouterr().err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["p.zip"]


def test_a_zip_whose_names_are_no_text(tmp_path, capsys):
    file = tmp_path / "p.zip"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("n\u00e9", "x")
    file.write_bytes(file.read_bytes().replace("n\u00e9".encode(), b"n\xff\xff"))
    assert main(["validate", str(file)]) == 2
    assert "not a readable zip" in capsys.readouterr().err
