"""Large packages: the benchmark makes valid ones, and what is said of them does not depend on who read the rows."""

import json
import subprocess
import sys

import pytest
from benchmark import ROOT, of_one_article, scaled
from claims import validation
from claims.package import opened
from claims.report import FORMATS
from harness import Copy


def test_a_package_of_three_articles_is_valid_either_way(tmp_path):
    scaled(ROOT, tmp_path / "package", 3, of_one_article(ROOT))
    with opened(tmp_path / "package") as package:
        thorough, fast = (validation.validate(package, one) for one in (True, False))
    assert thorough.findings == fast.findings == []
    with opened(ROOT) as package:
        one = validation.validate(package)
    for name in ("statements", "segments", "involvements"):
        assert fast.row_counts[name] == 3 * one.row_counts[name]


def test_the_command_finds_the_same_in_a_large_package_with_and_without_the_slow_witnesses(tmp_path):
    """A process of its own, which forks another: the tests themselves have threads and do not fork."""
    scaled(ROOT, tmp_path / "package", 10, of_one_article(ROOT))
    copy = Copy(tmp_path / "package")
    table, header = "statements", copy.rows("statements")[0]
    rows = copy.rows(table)
    rows[5][header.index("gloss_en")] += " "  # form of a cell
    rows[6][header.index("phase")] = ""  # required
    rows[7][header.index("actor_id")] = rows[7][header.index("place_id")] = "act-nobody"  # keys, and cells together
    copy.write_rows(table, rows)
    copy.reseal()
    reports = []
    for options in ([], ["--all"]):
        command = [sys.executable, ROOT / "scripts" / "validate.py", copy.root, "--format", "json", *options]
        done = subprocess.run(command, capture_output=True, text=True)
        assert (done.returncode, done.stderr) == (1, "")
        reports.append(json.loads(done.stdout))
    fast, thorough = reports
    assert (fast["thorough"], thorough["thorough"]) == (False, True)
    assert fast["findings"] == thorough["findings"]
    assert {6, 7, 8} <= {one["line"] for one in fast["findings"]}


def test_size_decides_and_the_report_says_so(copy, monkeypatch):
    """With every row of the package one too many, frictionless reads no table; --all has it read them."""
    monkeypatch.setattr(validation, "LARGE", 0)
    with opened(copy.root) as package:
        by_size, all_rows = validation.validate(package), validation.validate(package, True)
    assert not by_size.thorough
    assert "--all has them read every row" in FORMATS["text"](by_size)
    assert json.loads(FORMATS["json"](by_size))["thorough"] is False
    assert all_rows.thorough
    assert "--all" not in FORMATS["text"](all_rows)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("print(beside(os.getpid)() != os.getpid())", "True"),
        ("beside.__globals__['can_fork'] = lambda: False; print(beside(os.getpid)() == os.getpid())", "True"),
        ("print(beside(lambda: 1 / 0)())", "ZeroDivisionError: division by zero"),
        ("print(beside(lambda: os._exit(1) if os.getpid() != here else 'again')())", "again"),
    ],
    ids=["another process", "no fork", "an error", "a process that ends"],
)
def test_beside(body, said):
    head = "import os, sys; sys.path.insert(0, 'scripts'); from claims.beside import beside; here = os.getpid()"
    done = subprocess.run([sys.executable, "-c", f"{head}\n{body}"], capture_output=True, text=True, cwd=ROOT)
    assert said in (done.stdout + done.stderr).splitlines()
