"""What a reader may rely on in every schema, beyond what the closed JSON Schemas enforce."""

import json
import re
from pathlib import Path

ROOT = Path(__file__).parent.parent
DESCRIPTOR = json.loads((ROOT / "datapackage.json").read_text("utf-8"))
SCHEMAS = {one["name"]: json.loads((ROOT / one["schema"]).read_text("utf-8")) for one in DESCRIPTOR["resources"]}


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
