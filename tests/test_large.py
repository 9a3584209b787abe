"""Large packages: the benchmark makes valid ones, and a report says when the slow witnesses did not read every row."""

import json

from benchmark import ROOT, of_one_article, scaled
from packagelib import validation
from packagelib.package import opened
from packagelib.report import FORMATS


def test_a_package_of_three_articles_is_valid_either_way(tmp_path):
    scaled(ROOT, tmp_path / "package", 3, of_one_article(ROOT))
    with opened(tmp_path / "package") as package:
        thorough, fast = (validation.validate(package, one) for one in (True, False))
    assert thorough.findings == fast.findings == []
    with opened(ROOT) as package:
        one = validation.validate(package)
    for name in ("statements", "segments", "involvements"):
        assert fast.row_counts[name] == 3 * one.row_counts[name]


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
