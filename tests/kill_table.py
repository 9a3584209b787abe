"""Remove every rule, row rule and schema constraint, one at a time, and see whether a fault notices.

    .venv/bin/python tests/kill_table.py

Prints a line a kind and names every survivor; exit code 1 if there is one. Takes some minutes. Constraints are tried
on the packages of one row that test_constraints.py makes, rules on copies of the package with the faults of
faults.csv that expect them; a rule in Python counts as removed when its findings are dropped.
"""

import copy as copying
import json
import sys
import tempfile
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT / "scripts"), str(ROOT / "tests")]

import test_constraints as generated  # noqa: E402
from claims.findings import generic_rules  # noqa: E402
from harness import Copy, apply, expectations, found, load_faults  # noqa: E402

FAULTS = load_faults(ROOT / "tests" / "faults.csv")


def expecting(rule: str) -> list:
    """The faults whose expectation names a rule."""
    return [fault for fault in FAULTS if any(item.strip().split(" ")[0] == rule for item in fault.expect.split(";"))]


def notices(fault, remove, drop: str = "") -> bool:
    """Whether a fault's findings differ from its expectation once something is removed from the package."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Copy.of(ROOT, Path(folder) / "package")
        remove(copy)
        line, old = apply(copy, fault)
        if not fault.about_hashes:
            copy.reseal()
        expected = expectations(copy, fault, line, old)
        return {one for one in found(copy.validate().findings) if one[0] != drop} != expected


def constraints():
    """(kind, name, killed) for every type, constraint and key of every schema."""
    for table, whole in generated.SCHEMAS.items():
        for index, field in enumerate(whole["fields"]):
            for rule, value in generated.breaking(field):
                if rule == "lexical":
                    continue

                def without(schema, index=index, rule=rule, field=field):
                    one = schema["fields"][index]
                    one["constraints"].pop(rule, None)
                    if rule == "type":
                        one |= {"type": "string", "constraints": {}}
                    if rule == "required" and field["name"] in schema["primaryKey"]:
                        schema["primaryKey"] = [name for name in schema["primaryKey"] if name != field["name"]]

                row = generated.example_row(table) | {field["name"]: value}
                name = f"{table}.{field['name']} {rule}"
                yield "constraint", name, (rule, 2, field["name"]) not in one_row(table, without, [row])
        twice = [generated.example_row(table)] * 2
        yield "key", f"{table} primary key", "primary-key" not in rules_of(table, lambda s: s.pop("primaryKey"), twice)
        for field in whole["fields"]:
            if field["constraints"].get("unique"):

                def without(schema, name=field["name"]):
                    for one in schema["fields"]:
                        if one["name"] == name:
                            del one["constraints"]["unique"]

                yield (
                    "key",
                    f"{table}.{field['name']} unique",
                    ("unique", 3, field["name"]) not in one_row(table, without, twice),
                )
        for number, key in enumerate(whole.get("uniqueKeys", [])):
            row = generated.example_row(table)
            primary = next(name for name in whole["primaryKey"])
            other = row | {primary: row[primary][:-1] + ("2" if row[primary][-1] != "2" else "3")}
            other = other if primary not in key else row
            only = [one for one in whole["uniqueKeys"] if one == key]

            def keep(schema, only=only):
                schema["uniqueKeys"] = only

            with_key = "unique-key" in rules_of(table, keep, [row, other])
            without_key = "unique-key" in rules_of(table, lambda s: s.pop("uniqueKeys"), [row, other])
            yield "key", f"{table} unique key {number}", with_key and not without_key
        for key in whole.get("foreignKeys", []):
            column = key["fields"][0]
            row = generated.example_row(table)
            row[column] = row[column][:-1] + ("b" if row[column][-1] != "b" else "a")

            def without(schema, column=column):
                schema["foreignKeys"] = [one for one in schema["foreignKeys"] if one["fields"] != [column]]

            seen = one_row(table, without, [row], keys=True)
            yield "key", f"{table}.{column} foreign key", ("foreign-key", 2, column) not in seen


def one_row(table: str, change, rows, keys: bool = False) -> set:
    """(rule, line, column) of a one-table package whose schema was changed."""
    kept = generated.SCHEMAS[table]
    generated.SCHEMAS[table] = copying.deepcopy(kept)
    try:
        change(generated.SCHEMAS[table])
        with tempfile.TemporaryDirectory() as folder:
            return {
                (one[0], *one[2:]) for one in generated.findings(generated.package(Path(folder), table, rows, keys))
            }
    finally:
        generated.SCHEMAS[table] = kept


def rules_of(table: str, change, rows) -> set:
    return {one[0] for one in one_row(table, change, rows)}


def package_rules():
    """(kind, name, killed) for every row rule and every rule across tables."""
    for file in sorted((ROOT / "schemas" / "rows").glob("*.json")):
        path = str(file.relative_to(ROOT))
        for rule in json.loads(file.read_text("utf-8"))["allOf"]:
            name = f"{file.stem}.{rule['$anchor']}"

            def remove(copy, path=path, anchor=rule["$anchor"]):
                def change(value):
                    value["allOf"] = [one for one in value["allOf"] if one["$anchor"] != anchor]
                    if not value["allOf"]:  # a file of row rules has at least one; keep one that never fails
                        value["allOf"] = [rule | {"$anchor": "none"} for rule in [always()]]

                copy.edit_json(path, change)

            yield "row rule", name, any(notices(fault, remove) for fault in expecting(name))
    text = (ROOT / "schemas" / "rules.toml").read_text("utf-8")
    for block in text.split("[[rule]]")[1:]:
        name = block.split('"')[1]

        def remove(copy, block=block):
            copy.root.joinpath("schemas/rules.toml").write_text(text.replace("[[rule]]" + block, ""), "utf-8")

        yield "rule across tables", name, any(notices(fault, remove) for fault in expecting(name))


def always() -> dict:
    return {"$anchor": "none", "title": "No rule.", "description": "Nothing to mend.", "column": "note", "not": False}


def own_rules():
    """(kind, name, killed) for the validator's own rules; what no row of faults.csv expects is tested by name."""
    tests = "".join(file.read_text("utf-8") for file in (ROOT / "tests").glob("test_*.py"))
    for rule in generic_rules().values():
        faults = expecting(rule.id)
        if faults:
            yield "rule of the validator", rule.id, notices(faults[0], lambda copy: None, drop=rule.id)
        else:
            named = f'"{rule.id}"' in tests or f"[{rule.id}]" in tests or rule.id.startswith("audit-")
            yield "rule of the validator (in a test by name)", rule.id, named


def main() -> int:
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    survivors = []
    for kind, name, killed in [*constraints(), *package_rules(), *own_rules()]:
        counts[kind][0] += 1
        counts[kind][1] += killed
        if not killed:
            survivors.append(f"{kind}: {name}")
    for kind, (total, killed) in counts.items():
        print(f"{kind:<45} {total:>4} removed, {killed:>4} noticed")
    for one in survivors:
        print(f"survived: {one}")
    return 1 if survivors else 0


if __name__ == "__main__":
    sys.exit(main())
