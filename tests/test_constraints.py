"""Every constraint, type and key of every schema, broken once.

The faults are generated from the schemas. Each table is tried in a package of its own that holds one row made of
the examples of its fields, so that the only finding can be the one the fault is about.
"""

import json
import re
from pathlib import Path

import pytest
from claims.checks import explain, tables
from claims.package import opened
from harness import found, ordered

ROOT = Path(__file__).parent.parent
RESOURCES = json.loads((ROOT / "datapackage.json").read_text("utf-8"))["resources"]
SCHEMAS = {one["name"]: json.loads((ROOT / one["schema"]).read_text("utf-8")) for one in RESOURCES}

WRONG_TYPE = {"integer": "1.5", "number": "1,5", "date": "2024-02-30", "boolean": "yes"}
WRONG_FORM = {
    "integer": ["007", "1_0", "+1", "\N{ARABIC-INDIC DIGIT ONE}"],
    "number": ["05", ".5"],
    "date": ["2024-1-5"],
}


def breaking(field: dict) -> list[tuple[str, str]]:
    """(rule, value) pairs, each of which breaks one thing about a field and nothing else."""
    kind, constraints, cases = field["type"], field["constraints"], []
    if kind in WRONG_TYPE:
        cases.append(("type", WRONG_TYPE[kind]))
    cases += [("lexical", value) for value in WRONG_FORM.get(kind, [])]
    if constraints.get("required"):
        cases.append(("required", ""))
    if "pattern" in constraints:
        candidates = ("\N{SNOWMAN}", "two blanks  between the words")
        cases.append(("pattern", next(one for one in candidates if not re.fullmatch(constraints["pattern"], one))))
    if "enum" in constraints:
        cases.append(("enum", "no-such-code"))
    if "maxLength" in constraints:
        value = field["example"] + "x" * (constraints["maxLength"] + 1 - len(field["example"]))
        cases.append(("maxLength", value))
    if "minLength" in constraints:
        cases.append(("minLength", field["example"][: constraints["minLength"] - 1].rstrip()))
    for bound, step in (("minimum", -1), ("maximum", 1)):
        if bound in constraints:
            cases.append((bound, str(constraints[bound] + step)))
    return cases


def package(folder: Path, table: str, rows: list[dict[str, str]], keys: bool = False) -> Path:
    """A package of one table, and where `keys` of the tables it points to, each with the row pointed to."""
    schema = SCHEMAS[table]
    tables = {table: rows}
    if keys:
        for key in schema.get("foreignKeys", []):
            (column,), target = key["fields"], key["reference"]["resource"] or table
            (other,) = key["reference"]["fields"]
            example = next(one["example"] for one in schema["fields"] if one["name"] == column)
            needed = {one["name"]: one["example"] for one in SCHEMAS[target]["fields"]} | {other: example}
            if target == table:
                needed |= {
                    one: "" for k in schema["foreignKeys"] if not k["reference"]["resource"] for one in k["fields"]
                }
            if all(row[other] != example for row in tables.setdefault(target, [])):
                tables[target] = [*tables[target], needed]
    resources = []
    for name, content in tables.items():
        own = {**SCHEMAS[name]}
        if name != table or not keys:
            own.pop("foreignKeys", None)
        if keys:  # the rows pointed to repeat the examples in all but their keys
            own.pop("uniqueKeys", None)
            own["fields"] = [
                one | {"constraints": {key: value for key, value in one["constraints"].items() if key != "unique"}}
                for one in own["fields"]
            ]
        columns = [one["name"] for one in own["fields"]]
        text = "\n".join(",".join(quoted(row[one]) for one in columns) for row in content)
        (folder / f"{name}.csv").write_text(",".join(columns) + "\n" + text + "\n", "utf-8")
        resources.append({"name": name, "path": f"{name}.csv", "schema": own, "encoding": "utf-8"})
    file = folder / "datapackage.json"
    schema_url = "https://datapackage.org/profiles/2.0/datapackage.json"
    conventions = {"codes": "codes"}  # only packages of ours hold numbers and dates to one form
    descriptor = {"$schema": schema_url, "name": "x", "conventions": conventions, "resources": resources}
    file.write_text(json.dumps(descriptor), "utf-8")
    return folder


def quoted(cell: str) -> str:
    return '"' + cell.replace('"', '""') + '"' if set(cell) & set(',"\n') else cell


def findings(folder: Path) -> set:
    """What frictionless finds in all rows; it must find the same in those that the engine suspects, and in no other."""
    with opened(folder) as opened_package:
        of_all = tables.without_consequences(explain.check(opened_package))
        assert ordered(tables.check(opened_package)) == ordered(of_all)
        suspects = tables.suspects(opened_package)
        assert {opened_package.tables[name].path for name in suspects} == {one.file for one in of_all}
        return found(of_all)


def example_row(table: str) -> dict[str, str]:
    return {one["name"]: one["example"] for one in SCHEMAS[table]["fields"]}


CASES = [
    pytest.param(table, one["name"], rule, value, id=f"{table}.{one['name']}.{rule}.{number}")
    for table, schema in SCHEMAS.items()
    for one in schema["fields"]
    for number, (rule, value) in enumerate(breaking(one))
]


@pytest.mark.parametrize("table", SCHEMAS)
def test_a_row_of_examples_is_valid(tmp_path, table):
    assert findings(package(tmp_path, table, [example_row(table)], keys=True)) == set()


@pytest.mark.parametrize(("table", "column", "rule", "value"), CASES)
def test_constraint(tmp_path, table, column, rule, value):
    row = example_row(table) | {column: value}
    expected = {(rule, f"{table}.csv", 2, column)}
    if rule == "required" and len(SCHEMAS[table]["primaryKey"]) == 1 and column in SCHEMAS[table]["primaryKey"]:
        expected.add(("primary-key", f"{table}.csv", 2, column))
    elif rule == "required" and column in SCHEMAS[table]["primaryKey"]:
        expected.add(("unique-key", f"{table}.csv", 2, ""))
    assert findings(package(tmp_path, table, [row])) == expected


@pytest.mark.parametrize("table", SCHEMAS)
def test_a_row_twice(tmp_path, table):
    """The primary key, each unique column and each unique key that the example fills must be reported."""
    schema, row = SCHEMAS[table], example_row(table)
    expected = {("primary-key", f"{table}.csv", 3, "/".join(schema["primaryKey"]))}
    expected |= {
        ("unique", f"{table}.csv", 3, one["name"]) for one in schema["fields"] if one["constraints"].get("unique")
    }
    if schema.get("uniqueKeys"):
        expected.add(("unique-key", f"{table}.csv", 3, ""))
    assert findings(package(tmp_path, table, [row, row])) == expected


KEYS = [
    pytest.param(table, key["fields"][0], id=f"{table}.{key['fields'][0]}")
    for table, schema in SCHEMAS.items()
    for key in schema.get("foreignKeys", [])
]


@pytest.mark.parametrize(("table", "column"), KEYS)
def test_foreign_key(tmp_path, table, column):
    example = example_row(table)[column]
    other = example[:-1] + ("b" if example[-1] == "a" else "a" if example[-1].isalpha() else "8")
    folder = package(tmp_path, table, [example_row(table) | {column: other}], keys=True)
    assert findings(folder) == {("foreign-key", f"{table}.csv", 2, column)}
