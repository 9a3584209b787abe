"""One result in five formats: they agree with each other and are what their readers expect."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest
from claims.report import FORMATS
from claims.validation import LAYERS
from conftest import needed
from harness import apply, claims, expectations, found, load_faults
from jsonschema import Draft7Validator

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
    assert value["not_run"] == ["across"]


def test_github_commands_point_at_the_lines(broken):
    *lines, notice, verdict = FORMATS["github"](broken.validate()).splitlines()
    commands = [line for line in lines if line.startswith("::")]
    assert len(commands) == len(broken.validate().findings) == len(lines)
    row_id = broken.rows("events")[1][0]
    assert commands[0].startswith(f"::error file=data/events.csv,line=2,title=enum event_type::{row_id}: 'visitt': ")
    assert "(did you mean 'visit'?). Use a code" in commands[0]
    assert "50%25 of" in commands[1]
    assert all(
        re.fullmatch(r"::(?:error|warning) file=[^,:]+,line=\d+,title=[^,:]*::[^\r\n]*", one) for one in commands
    )
    assert notice == "::notice title=not run::not run because of the findings above: across"
    assert verdict.startswith("not valid: ")


def test_sarif_has_a_result_for_every_finding(broken):
    """With its rule, its line and its file; what is waived is suppressed, what was not run is a notification."""
    result = broken.validate()
    log = json.loads(FORMATS["sarif"](result))
    (run,) = log["runs"]
    rules = run["tool"]["driver"]["rules"]
    open_, waived = (
        [one for one in run["results"] if ("suppressions" in one) == suppressed] for suppressed in (False, True)
    )
    assert (log["version"], len(open_), len(waived)) == ("2.1.0", len(result.findings), len(result.waived))
    for finding, one in zip(result.findings, open_, strict=True):
        (location,) = one["locations"]
        physical = location["physicalLocation"]
        assert rules[one["ruleIndex"]]["id"] == one["ruleId"] == finding.rule
        assert (physical["artifactLocation"]["uri"], physical["region"]["startLine"]) == (finding.file, finding.line)
        assert location["logicalLocations"] == [{"fullyQualifiedName": f"{finding.row} {finding.column}"}]
    (note,) = run["invocations"][0]["toolExecutionNotifications"]
    assert note["message"]["text"] == "not run because of the findings above: rules"


@pytest.mark.heavy
def test_sarif_passes_its_schema(broken, copy, tmp_path):
    """The schema of SARIF 2.1.0 as Microsoft's package for Jest has it, which .ci/run installs."""
    schema = Path(os.environ.get("NODE_PATH", ""), "@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json")
    if not schema.is_file():
        needed("the JavaScript package @microsoft/jest-sarif, and its node_modules in NODE_PATH")
    validator = Draft7Validator(json.loads(schema.read_text("utf-8")))
    logs = [FORMATS["sarif"](broken.validate()), FORMATS["sarif"](copy.validate())]
    logs.append(claims("validate", tmp_path, "--format", "sarif").stdout)
    for log in map(json.loads, logs):
        assert [error.message for error in validator.iter_errors(log)] == []


def test_junit_is_xml_with_a_case_for_every_rule(broken):
    result = broken.validate()
    root = ElementTree.fromstring(FORMATS["junit"](result).encode("utf-8"))
    cases = {case.get("name"): case for case in root.iter("testcase")}
    assert set(cases) == {name for name, rule in result.rules.items() if rule.layer != "article"}
    assert {name for name, case in cases.items() if case.find("failure") is not None} == {"enum", "invisible-character"}
    skipped = {name for name, case in cases.items() if case.find("skipped") is not None}
    assert skipped == {name for name, rule in result.rules.items() if rule.layer in ("across", "history")}
    assert all(case.find("skipped").get("message") for case in cases.values() if case.find("skipped") is not None)
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


def test_what_fmt_corrects_comes_last_and_in_one_line(copy):
    """A row edited by hand: its own mistake first, then what only follows from editing, with the command for it."""
    header, *rows = copy.rows("events")
    rows[3][header.index("event_type")] = "visitt"
    copy.write_rows("events", [header, *rows[1:], rows[0]])
    result = copy.validate()
    text = FORMATS["text"](result).split("data/events.csv\n")[1]
    assert text.startswith(f"  data/events.csv:4:event_type {rows[3][0]} 'visitt'  [enum]\n")
    of_form = {one.rule for one in result.findings} - {"enum"}
    assert {"hash", "row-order"} <= of_form
    line = next(line for line in text.splitlines() if " of form: " in line)
    assert all(f"[{rule}]" in line for rule in of_form)
    assert f"claims fmt --package {copy.root}" in text


def test_a_rule_is_explained_once(copy):
    header, *rows = copy.rows("events")
    for row in rows[:5]:
        row[header.index("place_id")] = "plc-nowhere"
    copy.write_rows("events", [header, *rows])
    copy.reseal()
    text = FORMATS["text"](copy.validate())
    assert (text.count("[foreign-key]"), text.count("joins nothing")) == (5, 1)
    assert "did you mean" not in text  # the prefix that all places share makes none of them near


def test_wrong_columns_of_one_table_hide_no_mistake_in_another(copy):
    rows = copy.rows("statements")
    rows[0][rows[0].index("factuality")] = "factualty"
    copy.write_rows("statements", rows)
    header, *rows = copy.rows("events")
    rows[0][header.index("event_type")] = "visitt"
    copy.write_rows("events", [header, *rows])
    copy.reseal()
    result = copy.validate()
    assert {(one.rule, one.file) for one in result.findings} == {
        ("header", "data/statements.csv"),
        ("enum", "data/events.csv"),
    }
    text = FORMATS["text"](result)
    assert not re.search(r"rows  ok$", text, re.MULTILINE)
    assert text.endswith("; comparison not run\n")


def test_a_stale_checksum_keeps_no_rule_between_tables_from_running(copy):
    """A fault that only a rule between tables can see, before fmt has run."""
    fault = next(
        one for one in load_faults(ROOT / "tests" / "faults.csv") if one.expect.startswith("office-of-a-person")
    )
    line, old = apply(copy, fault)
    expected = expectations(copy, fault, line, old)
    stale = {"bytes", "hash", "row-count"}
    of_fault = {one for one in found(copy.validate().findings) if one[0] not in stale}
    assert of_fault == expected


def test_a_table_that_cannot_be_read_is_in_the_list(copy):
    copy.path("events").unlink()
    assert re.search(r"^  events +not read  not checked$", FORMATS["text"](copy.validate()), re.MULTILINE)


@pytest.mark.parametrize("kind", FORMATS)
def test_every_format_says_why_nothing_was_checked(tmp_path, kind):
    done = claims("validate", tmp_path, "--format", kind)
    assert done.returncode == 2
    assert "no datapackage.json" in (done.stderr if kind == "text" else done.stdout)
    if kind == "json":
        assert "no datapackage.json" in json.loads(done.stdout)["error"]
    if kind == "junit":
        assert ElementTree.fromstring(done.stdout.encode("utf-8")).find(".//error") is not None


def test_a_reader_that_stops_reading_gets_no_traceback():
    """As `| head` does: nobody reads what is printed."""
    for command in ("-m claims validate", "-m claims build --where", "-m claims --help", "scripts/doctor.py --help"):
        command = f"{sys.executable} {command}"
        reader, writer = os.pipe()
        os.close(reader)
        with os.fdopen(writer, "wb") as closed:
            done = subprocess.run(
                command.split(),
                stdout=closed,
                stderr=subprocess.PIPE,
                text=True,
                timeout=60,
                check=False,
                cwd=ROOT,
                env=os.environ | {"PYTHONPATH": "scripts"},
            )
        assert done.stderr == "", command


@pytest.mark.parametrize(("cwd", "workspace"), [("{home}", ""), ("{home}/package", "{home}"), ("{home}/package", "")])
def test_annotations_are_placed_from_the_root_of_the_repository(tmp_path, copy, monkeypatch, cwd, workspace):
    copy.path("events").write_bytes(copy.path("events").read_bytes() + b"x\n")
    cwd, workspace = cwd.format(home=tmp_path), workspace.format(home=tmp_path)
    monkeypatch.setenv("GITHUB_WORKSPACE", workspace)
    monkeypatch.chdir(cwd)
    done = claims("validate", copy.root, "--format", "github")
    at_root = cwd == workspace or (not workspace and cwd.endswith("package"))
    assert f"::error file={'' if at_root else 'package/'}data/events.csv,line=" in done.stdout


def test_annotations_of_a_zip_name_no_file_of_the_repository(tmp_path, copy):
    copy.path("events").write_bytes(copy.path("events").read_bytes() + b"x\n")
    file = shutil.make_archive(str(tmp_path / "zipped"), "zip", copy.root)
    done = claims("validate", file, "--format", "github")
    assert done.stdout.startswith("::error title=")


def test_with_verbose_it_says_what_it_is_doing(copy):
    """On standard error, so that a report can still be read by a program."""
    command = [sys.executable, "-m", "claims", "validate", str(copy.root), "--format", "json"]
    for options, told in (([], []), (["-v"], [f"claims.validation: checking {layer}" for layer in LAYERS])):
        done = subprocess.run(
            [*command, *options],
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
            env=os.environ | {"PYTHONPATH": str(ROOT / "scripts")},
        )
        assert json.loads(done.stdout)["valid"]
        assert done.stderr.splitlines() == told
