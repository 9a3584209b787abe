"""What a reader may rely on in every schema, beyond what the closed JSON Schemas enforce."""

import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
DESCRIPTOR = json.loads((ROOT / "datapackage.json").read_text("utf-8"))
SCHEMAS = {one["name"]: json.loads((ROOT / one["schema"]).read_text("utf-8")) for one in DESCRIPTOR["resources"]}
FIELDS = [pytest.param(t, f, id=f"{t}.{f['name']}") for t, s in SCHEMAS.items() for f in s["fields"]]


def words(text: str) -> set[str]:
    return {re.sub(r"(?:ies|s)$", "", word) for word in re.findall(r"[a-z]+", text.lower())}


IDLE = words("the a an of in is are it its this that which for to and or by name id value field column code list kind")


@pytest.mark.parametrize(("table", "field"), FIELDS)
def test_description_says_more_than_the_name(table, field):
    own = words(field["description"]) - words(field["name"]) - words(field["title"]) - words(table) - IDLE
    assert len(own) >= 3, field["description"]


@pytest.mark.parametrize(("table", "field"), FIELDS)
def test_titles_are_in_their_languages(table, field):
    russian = field["titleRu"]
    assert re.search("[А-Яа-яЁё]", russian) or russian == field["title"], "a Russian title without a Russian letter"
    assert not re.search("[А-Яа-яЁё]", field["title"])


def test_every_schema_and_row_rule_file_is_used():
    """A file nobody names would be taken for a rule and check nothing."""
    named = {one[key] for one in DESCRIPTOR["resources"] for key in ("schema", "rowRules") if key in one}
    present = {
        str(file.relative_to(ROOT)) for part in ("", "rows") for file in (ROOT / "schemas" / part).glob("*.json")
    }
    assert present == named


def test_tables_can_be_loaded_in_the_order_of_the_descriptor():
    """Every foreign key points to its own table or to an earlier one."""
    seen = set()
    for table, schema in SCHEMAS.items():
        seen.add(table)
        for key in schema.get("foreignKeys", []):
            assert (key["reference"]["resource"] or table) in seen, (table, key)


def test_ids_are_prefixed_and_unique_over_the_package():
    """No id of one table can be taken for an id of another."""
    patterns = {}
    for table, schema in SCHEMAS.items():
        for field in schema["fields"]:
            if [field["name"]] == schema["primaryKey"] and field["name"] != "old_id":
                assert field["constraints"]["pattern"] not in patterns.values()
                patterns[table] = field["constraints"]["pattern"]
    examples = {
        t: next(f["example"] for f in SCHEMAS[t]["fields"] if [f["name"]] == SCHEMAS[t]["primaryKey"]) for t in patterns
    }
    for table, example in examples.items():
        assert [t for t, pattern in patterns.items() if re.fullmatch(pattern, example)] == [table]
