"""One-fault mutations: each must give exactly the findings that faults.csv lists, no more and no fewer.

The engine must find in every table what frictionless and jsonschema find if they read all of it.
"""

from pathlib import Path

import pytest
from harness import Copy, apply, expectations, found, load_faults

FAULTS = load_faults(Path(__file__).with_name("faults.csv"))
TABLES = [one["name"] for one in Copy(Path(__file__).parent.parent).descriptor["resources"]]


def test_the_package_is_valid(copy):
    assert copy.validate().findings == []


@pytest.mark.parametrize("fault", FAULTS, ids=[one.fault for one in FAULTS])
def test_fault(copy, fault):
    line, old = apply(copy, fault)
    if not fault.about_hashes:
        copy.reseal()
    expected = expectations(copy, fault, line, old)
    assert expected
    assert found(copy.validate().findings) == expected


@pytest.mark.parametrize("fault", [one for one in FAULTS if one.about_table in TABLES], ids=lambda one: one.fault)
def test_witnesses(copy, fault):
    """Whatever is wrong with a table, frictionless and jsonschema find no more and no less in the whole of it.

    They read the table and, where its keys are no longer what they were, those that point to it.
    """
    keys = copy.keys(fault.about_table)
    apply(copy, fault)
    copy.reseal()
    names = [fault.about_table]
    if copy.keys(fault.about_table) != keys:
        names += [name for name in TABLES if name in copy.pointing_to(fault.about_table)]
    of_all, of_suspects = copy.witnessed(names)
    assert of_suspects == of_all


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
