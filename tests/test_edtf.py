"""Date bounds, witnessed by two libraries of the field: edtf (bounds) and edtf-validate (validity)."""

import csv
import json
import re
from pathlib import Path

import pytest
from claims.edtf import bounds
from edtf import parse_edtf
from edtf.parser.edtf_exceptions import EDTFParseException
from edtf_validate.valid_edtf import is_valid

ROOT = Path(__file__).parent.parent

# every form in which the article gives a date, with what the form is for
FORMS = {
    "1948": "year",
    "2024-06": "month",
    "2024-06-19": "day",
    "2024-21": "spring",
    "2024-22": "summer",
    "2024-23": "autumn",
    "199X": "decade: the 1990s",
    "20XX": "century: the XXI century",
    "1950/1953": "two years",
    "2023/2024": "two years that follow each other",
    "2023-09/2024-02": "two months",
    "1949-03-03/1949-03-25": "two days of a month",
    "2025-03-31/2025-04-07": "two days of two months",
    "../2026-12": "by the end of a month",
    "../2026": "by the end of a year",
    "../2024-12-04": "until a day",
    "2009/..": "since a year",
    "2025-04/..": "since a month",
    "2025-04-30/..": "since a day",
    "2024-02-29": "a leap day",
}
# wrong, and whether EDTF as a whole would allow it (then it is our closed list that refuses)
WRONG = {
    "": False,
    " 2024": False,
    "2024 ": False,
    "24": False,
    "2024-6": False,
    "2024-06-1": False,
    "2024-13": False,
    "2024-00": False,
    "2024-06-31": False,
    "2023-02-29": False,
    "2024-06-00": False,
    "2024/06/19": False,
    "19.06.2024": False,
    "June 2024": False,
    "2024-06-19T00:00:00": False,
    "2024-25": False,
    "20X4": False,
    "2024/2023": False,
    "2024/2024": False,
    "2024-06/2024-05": False,
    "../..": False,
    "..": False,
    "/2024": True,
    "2024/": False,
    "2024?": True,
    "2024~": True,
    "-0044": True,
    "2024-24": True,
    "2024-XX": True,
    "2024-06-19/2025": True,
    "2024-22/2024-23": False,
    "199X/200X": False,
    "2024-06-19/2024-06-19/2024-06-20": False,
    "{2024,2025}": False,
}


def dates_in_data() -> set[str]:
    found = set()
    for resource in json.loads((ROOT / "datapackage.json").read_text("utf-8"))["resources"]:
        with (ROOT / resource["path"]).open(encoding="utf-8", newline="") as stream:
            for row in csv.DictReader(stream):
                found |= {cell for column, cell in row.items() if column.endswith("edtf") and cell}
    return found


@pytest.mark.parametrize("text", sorted(FORMS.keys() | dates_in_data()))
def test_bounds_agree_with_the_witnesses(text):
    # the witnesses are of 2019 and before: they write unspecified digits in lower case or u
    assert is_valid(text)
    first, last = bounds(text)
    witness = parse_edtf(text)
    low = "" if text.startswith("..") else day(witness.lower_strict())
    high = "" if text.endswith("..") else day(witness.upper_strict())
    assert (first, last) == (low, high)


def day(parts) -> str:
    return f"{parts.tm_year:04}-{parts.tm_mon:02}-{parts.tm_mday:02}"


@pytest.mark.parametrize(("text", "edtf_allows"), WRONG.items())
def test_wrong_dates_are_refused(text, edtf_allows):
    with pytest.raises(ValueError, match="'"):
        bounds(text)
    if edtf_allows:
        assert accepted_by_witness(text), "no longer EDTF: move it to the plainly wrong ones"


def accepted_by_witness(text: str) -> bool:
    try:
        parse_edtf(text)
    except EDTFParseException:
        return False
    return is_valid(text)


def test_the_schema_pattern_admits_every_form():
    """The pattern users see refuses nothing that the function accepts, and every date column has it."""
    for resource in json.loads((ROOT / "datapackage.json").read_text("utf-8"))["resources"]:
        for field in json.loads((ROOT / resource["schema"]).read_text("utf-8"))["fields"]:
            if field["name"].endswith("edtf"):
                for text in FORMS:
                    assert re.fullmatch(field["constraints"]["pattern"], text), (field["name"], text)
