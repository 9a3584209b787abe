"""One-fault mutations: each must give exactly the findings that faults.csv lists, no more and no fewer.

So must the fast path, in which frictionless reads only the tables that the screen suspects.
"""

from pathlib import Path

import pytest
from harness import apply, expectations, found, load_faults

FAULTS = load_faults(Path(__file__).with_name("faults.csv"))


def test_the_package_is_valid(copy):
    assert copy.validate().findings == []
    assert copy.validate(thorough=False).findings == []


@pytest.mark.parametrize("fault", FAULTS, ids=[one.fault for one in FAULTS])
def test_fault(copy, fault):
    line, old = apply(copy, fault)
    if not fault.about_hashes:
        copy.reseal()
    expected = expectations(copy, fault, line, old)
    assert expected
    thorough = copy.validate()
    assert found(thorough.findings) == expected
    fast = copy.validate(thorough=False)
    assert (fast.findings, fast.waived, fast.not_run) == (thorough.findings, thorough.waived, thorough.not_run)


def test_every_rule_has_a_fault(copy):
    """A rule that no fault trips could be deleted unnoticed."""
    tripped = {item.strip().split(" ")[0] for one in FAULTS for item in one.expect.split(";")}
    elsewhere_layers = ("article", "history")  # test_verify_article.py, test_versions.py
    rules = {name for name, rule in copy.validate().rules.items() if rule.layer not in elsewhere_layers}
    generated = {"minLength", "maxLength", "minimum", "maximum", "pattern", "type", "lexical", "unique"}
    elsewhere = {
        "exclusiveMinimum",
        "exclusiveMaximum",
        "descriptor",
        "frictionless-warning",
        "file-unreadable",
        "key-twice",
    }
    assert rules - tripped - generated - elsewhere == set()
    assert tripped <= rules
