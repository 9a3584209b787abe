"""One result in four formats: they agree with each other and are what their readers expect."""

import json
import os
import re
import stat
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest
import yaml
from packagelib.report import FORMATS

ROOT = Path(__file__).parent.parent


@pytest.fixture
def broken(copy):
    """Two faults of two kinds, one of them with characters that formats must escape."""
    header, *rows = copy.rows("events")
    rows[0][header.index("event_type")] = "visitt"
    rows[1][header.index("note")] = "50% of, a:b\N{ZERO WIDTH SPACE}"
    copy.write_rows("events", [header, *rows])
    copy.reseal()
    return copy


def test_json_lists_every_finding_with_its_rule(broken):
    value = json.loads(FORMATS["json"](broken.validate()))
    assert value["valid"] is False
    first = next(one for one in value["findings"] if one["rule"] == "enum")
    assert {"file", "line", "column", "value", "message", "hint", "why", "mend", "level", "layer"} <= set(first)
    assert (first["line"], first["column"], first["hint"]) == (2, "event_type", "did you mean 'visit'?")
    assert value["not_run"] == ["rules"]


def test_github_commands_point_at_the_lines(broken):
    lines = FORMATS["github"](broken.validate()).splitlines()
    commands = [line for line in lines if line.startswith("::")]
    assert len(commands) == len(broken.validate().findings) == len(lines) - 1
    assert commands[0].startswith("::error file=data/events.csv,line=2,title=enum event_type::'visitt': ")
    assert "50%25 of" in commands[1]
    assert all(
        re.fullmatch(r"::(?:error|warning) file=[^,:]+,line=\d+,title=[^,:]*::[^\r\n]*", one) for one in commands
    )
    assert lines[-1].startswith("not valid: ")


def test_junit_is_xml_with_a_case_for_every_rule(broken):
    result = broken.validate()
    root = ElementTree.fromstring(FORMATS["junit"](result).encode("utf-8"))
    cases = {case.get("name"): case for case in root.iter("testcase")}
    assert set(cases) == {name for name, rule in result.rules.items() if rule.layer != "article"}
    assert {name for name, case in cases.items() if case.find("failure") is not None} == {"enum", "invisible-character"}
    skipped = {name for name, case in cases.items() if case.find("skipped") is not None}
    assert skipped == {name for name, rule in result.rules.items() if rule.layer in ("rules", "history")}
    for suite in root:
        assert int(suite.get("tests")) == len(suite)
        assert int(suite.get("failures")) == len(suite.findall("testcase/failure"))


@pytest.mark.parametrize("kind", FORMATS)
def test_every_format_tells_a_valid_package(copy, kind):
    text = FORMATS[kind](copy.validate())
    assert "[enum]" not in text
    assert "::error" not in text
    assert "<failure" not in text
    assert text.endswith("\n")


def test_control_characters_do_not_break_junit(copy):
    header, *rows = copy.rows("events")
    rows[0][header.index("note")] = "\x01\x1b[31m\ufffe"
    copy.write_rows("events", [header, *rows])
    ElementTree.fromstring(FORMATS["junit"](copy.validate()).encode("utf-8"))


# --- in another repository's CI


def ci_blocks() -> list:
    return [
        yaml.safe_load(block)
        for block in re.findall(r"(?s)```yaml\n(.*?)```", (ROOT / "docs/CI.md").read_text("utf-8"))
    ]


def validator(tmp_path: Path) -> Path:
    """This repository as another one would check it out, with the environment of this run for its .venv."""
    checkout = tmp_path / ".validator"
    checkout.mkdir()
    for name in (".ci", "Makefile", "requirements", "schemas", "scripts"):
        (checkout / name).symlink_to(ROOT / name)
    environment = checkout / ".venv" / "bin"
    environment.mkdir(parents=True)
    (environment / "python").write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
    (environment / "python").chmod(0o755)
    (checkout / ".venv" / "run.done").touch()
    os.utime(checkout / ".venv" / "run.done", (2**31, 2**31))
    return checkout


@pytest.mark.parametrize(("fault", "code"), [(False, 0), (True, 1)])
def test_the_documented_workflow_validates_another_repository(tmp_path, copy, fault, code):
    """The very `run` line of docs/CI.md, in a folder that holds a package and a checkout of this repository."""
    workflow = ci_blocks()[0]
    steps = workflow["jobs"]["validate"]["steps"]
    (command,) = [step["run"] for step in steps if "run" in step]
    assert next(step["with"]["path"] for step in steps if "repository" in step.get("with", {})) == ".validator"
    home = copy.root
    checkout = validator(tmp_path)
    checkout.rename(home / ".validator")
    if fault:
        copy.path("events").write_bytes(copy.path("events").read_bytes() + b"x\n")
    before = {file for file in home.rglob("*") if ".validator" not in file.parts}
    done = subprocess.run(command, shell=True, cwd=home, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == code, done.stdout + done.stderr
    assert ("::error file=data/events.csv" in done.stdout) == fault
    assert {file for file in home.rglob("*") if ".validator" not in file.parts} == before


def test_the_hook_is_what_pre_commit_expects():
    (hook,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))
    entry = ROOT / hook["entry"]
    assert entry.stat().st_mode & stat.S_IXUSR
    assert hook["language"] == "script"
    assert hook["pass_filenames"] is False
    for name in ("datapackage.json", "data/events.csv", "schemas/rows/events.json", "schemas/rules.toml"):
        assert re.search(hook["files"], name)
    assert not re.search(hook["files"], "README.md")
    documented = ci_blocks()[1]["repos"][0]["hooks"][0]["id"]
    assert documented == hook["id"]
