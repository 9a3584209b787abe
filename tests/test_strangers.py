"""Somebody else's package is judged by its own descriptor, and what nobody checked is named."""

import gzip
import json
import tomllib
from pathlib import Path

import pytest
from claims.cli import main
from claims.package import opened
from claims.report import FORMATS
from claims.validation import validate
from witness import run

CASES = tomllib.loads(Path(__file__).with_name("strangers.toml").read_text("utf-8"))["case"]
V2 = "https://datapackage.org/profiles/2.0/datapackage.json"


def write(folder: Path, case: dict) -> Path:
    """The package of a case."""
    table = {"name": "t", "path": "t.csv", **case.get("resource", {})}
    if "data" in table:
        del table["path"]
    if "fields" in case:
        table["schema"] = {"fields": case["fields"], **case.get("schema", {})}
    descriptor = {
        "$schema": V2,
        "name": "theirs",
        "resources": [table, *case.get("more", [])],
        **case.get("package", {}),
    }
    if case.get("version") == 1:
        del descriptor["$schema"]
    files = {"datapackage.json": case.get("raw") or json.dumps(descriptor), **case.get("files", {})}
    if "table" in case:
        files["t.csv"] = case["table"]
    for name, text in files.items():
        (folder / name).write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
    return folder


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_what_the_standard_says(case, tmp_path):
    with opened(write(tmp_path, case)) as package:
        result = validate(package)
    places = [f"{finding.rule} {finding.place}" for finding in result.findings]
    assert sorted(places) == sorted(case.get("expect", []))
    told = [str(part) for part in result.unchecked]
    assert len(told) == len(case.get("unchecked", []))
    for text, start in zip(sorted(told), sorted(case.get("unchecked", [])), strict=True):
        assert text.startswith(start)
    assert main(["validate", str(tmp_path)]) == case.get("exit", 1 if case.get("expect") else 0)


@pytest.mark.parametrize("kind", FORMATS)
def test_every_format_names_what_was_not_checked(kind, tmp_path, capsys):
    """And only who says so gets exit 0 beside a table that nobody read."""
    case = next(case for case in CASES if case["name"] == "a table of another format")
    write(tmp_path, case)
    assert main(["validate", str(tmp_path), "--format", kind]) == 2
    printed = capsys.readouterr().out
    assert "parquet" in printed
    assert '"valid": true' not in printed and "\nvalid" not in printed
    assert main(["validate", str(tmp_path), "--format", kind, "--allow-unread"]) == 0


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.filterwarnings("ignore::ResourceWarning")  # frictionless leaves the file open
def test_a_packed_table_is_read(tmp_path):
    write(tmp_path, {"fields": [{"name": "v", "type": "integer"}], "resource": {"path": "t.csv.gz"}})
    (tmp_path / "t.csv.gz").write_bytes(gzip.compress(b"v\n1\nx\n"))
    with opened(tmp_path) as package:
        (finding,) = validate(package).findings
    assert (finding.rule, finding.line) == ("type", 3)


def test_a_packed_table_that_is_too_large_is_not_read(tmp_path, monkeypatch):
    monkeypatch.setattr("claims.strangers.lines.MOST_BYTES", 1000)
    write(tmp_path, {"fields": [{"name": "v", "type": "integer"}], "resource": {"path": "t.csv.gz"}})
    (tmp_path / "t.csv.gz").write_bytes(gzip.compress(b"v\n" + b"1\n" * 1000))
    assert main(["validate", str(tmp_path)]) == 2


def test_a_header_out_of_all_proportion_is_one_finding(tmp_path):
    case = {"fields": [{"name": "v", "type": "integer"}], "table": ",".join(f"c{i}" for i in range(20_000)) + "\n1\n"}
    with opened(write(tmp_path, case)) as package:
        (finding,) = validate(package).findings
    assert finding.rule == "header"
    assert len(finding.message) < 500


def test_only_the_first_of_many_errors_get_a_hint(tmp_path):
    values = [f"value-{i}" for i in range(500)]
    rows = "".join(f"valye-{i}\n" for i in range(100))
    case = {"fields": [{"name": "v", "type": "string", "constraints": {"enum": values}}], "table": "v\n" + rows}
    with opened(write(tmp_path, case)) as package:
        findings = validate(package).findings
    assert len(findings) == 100
    assert 0 < sum(bool(finding.hint) for finding in findings) <= 5
    assert max(len(finding.message) for finding in findings) < 600


def test_a_fault_of_frictionless_does_not_count_as_checked(tmp_path, monkeypatch):
    def stop(*_, **__):
        raise TypeError("unhashable type")

    monkeypatch.setattr("frictionless.resources.TableResource.validate", stop)
    write(tmp_path, {"fields": [{"name": "v", "type": "integer"}], "table": "v\n1\n"})
    assert main(["validate", str(tmp_path)]) == 2


@pytest.mark.parametrize("cases", [300, pytest.param(5000, marks=pytest.mark.heavy)])
def test_frictionless_says_the_same_of_packages_drawn_at_random(cases):
    """Or the difference has a reason that tests/witness.py lists."""
    counts, unexplained = run(cases, seed=2026)
    assert unexplained == []
    assert sum(counts.values()) == cases
    assert min(counts[True, True], counts[False, False]) > cases // 10
