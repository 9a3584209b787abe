"""Packages drawn at random, judged by us and by frictionless: the same verdict, or a reason that is listed here.

    python tests/witness.py 5000 --seed 1

Draws descriptors (types, formats, constraints, dialects, keys) and tables (cells of the type, and some that are not).
Each reason says what one of the two alone may report, and holds only for a package that has what it speaks of.
"""

import argparse
import csv
import io
import json
import random
import sys
import tempfile
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "scripts"))

from claims.package import opened  # noqa: E402
from claims.validation import validate  # noqa: E402
from frictionless import FrictionlessException, system  # noqa: E402
from frictionless import Package as FrictionlessPackage  # noqa: E402

V2 = "https://datapackage.org/profiles/2.0/datapackage.json"
CELLS = {  # type: (cells that are of it, cells that are not, cells that only Python takes for it)
    "string": (["a", "bc", "x y", "é", "길"], [], []),
    "integer": (["0", "7", "-12", "+3", "007"], ["x", "1.5", "1e3", "--1"], ["1_000", "٣", " 4"]),
    "number": (["0", "1.5", "-2.50", "1e3", ".5", "NaN", "INF"], ["x", "1,5", "1.2.3"], ["1_0.5", "Infinity", "sNaN"]),
    "boolean": (["true", "false", "1", "0"], ["yes", "maybe"], []),
    "date": (["2024-01-05", "1999-12-31"], ["05.01.2024", "2024-02-31", "x"], ["2024-1-5"]),
    "datetime": (["2024-01-05T10:00:00", "2024-01-05T10:00:00Z"], ["x", "2024-13-01T10:00:00"], []),
    "time": (["10:00:00", "23:59:59"], ["x", "25:00:00"], []),
    "year": (["1999", "2024"], ["x", "99"], ["1_00"]),
    "yearmonth": (["2024-01", "1999-12"], ["x", "2024-13"], ["2024-1"]),
    "duration": (["P1D", "P1Y2M", "PT5H"], ["x", "5 days"], []),
    "array": (["[1, 2]", "[]"], ["x", "{}"], []),
    "object": (['{"a": 1}', "{}"], ["x", "[]"], []),
    "geopoint": (["10, 20", "-5.5, 7"], ["x", "200, 100"], []),
    "any": (["a", "1"], [], []),
}
ORDERED = {
    "integer": ["0", "5"],
    "number": ["0.5", "5"],
    "date": ["2000-01-01", "2024-01-01"],
    "year": ["2000", "2020"],
}
BOUNDS = ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"]
PATTERNS = ["[a-z]+", "a|bc", "x|y", ".*", "[0-9]*", "a"]
DIALECTS = [
    {},
    {},
    {},
    {"delimiter": ";"},
    {"delimiter": "\t"},
    {"quoteChar": "'"},
    {"header": False},
    {"skipInitialSpace": True},
]
# reason: our rules, or frictionless' types of errors, that one of the two alone may report where it holds
STRICTER = {
    "a form that only Python reads": {"type", "primary-key", "foreign-key", "required"},
    "a pattern that matches a part of a cell": {"pattern"},
    "categories": {"enum"},
    "unique keys": {"unique-key"},
    "a part of a primary key is empty": {"unique-key"},
    "keys over arrays or objects": {"unique-key"},
}
MORE_LENIENT = {
    "a part of a foreign key is empty": {"foreign-key"},
    "groups of digits in an integer": {"type-error"},
    "bounds of a duration": {"field-error"},
    "keys over arrays or objects": {"TypeError"},
}


def draw(rng: random.Random) -> tuple[dict, str, set[str]]:
    """(descriptor, CSV of its table t.csv, reasons that may make the verdicts differ)."""
    reasons: set[str] = set()
    fields, columns = [], []
    count = rng.randint(1, 4)
    rows = rng.randint(0, 6)
    for number in range(count):
        field, cells = draw_field(rng, f"c{number}", rows, reasons)
        fields.append(field)
        columns.append(cells)
    schema: dict = {"fields": fields}
    names = [field["name"] for field in fields]
    if rng.random() < 0.3:
        schema["primaryKey"] = key = rng.sample(names, rng.randint(1, min(2, count)))
        note_key(key, fields, reasons)
        if len(key) > 1:
            reasons.add("a part of a primary key is empty")
    if rng.random() < 0.15:
        schema["uniqueKeys"] = [rng.sample(names, 1)]
        reasons.add("unique keys")
    if rng.random() < 0.15:
        key = rng.sample(names, rng.randint(1, min(2, count)))
        schema["foreignKeys"] = [{"fields": key, "reference": {"resource": "", "fields": key}}]
        note_key(key, fields, reasons)
        if len(key) > 1:
            reasons.add("a part of a foreign key is empty")
    if rng.random() < 0.2:
        schema["missingValues"] = ["", rng.choice(["-", "n/a", "0"])]
    dialect = rng.choice(DIALECTS)
    descriptor = {
        "$schema": V2,
        "name": "drawn",
        "resources": [
            {"name": "t", "type": "table", "path": "t.csv", "encoding": "utf-8", "dialect": dialect, "schema": schema}
        ],
    }
    return descriptor, table_of(rng, names, columns, dialect), reasons


def note_key(key: list[str], fields: list[dict], reasons: set[str]) -> None:
    if any(field["name"] in key and field["type"] in ("array", "object") for field in fields):
        reasons.add("keys over arrays or objects")


def draw_field(rng: random.Random, name: str, rows: int, reasons: set[str]) -> tuple[dict, list[str]]:
    """A field and a cell for each row, mostly of its type."""
    kind = rng.choice(list(CELLS))
    good, bad, lenient = CELLS[kind]
    field: dict = {"name": name, "type": kind}
    constraints: dict = {}
    cells = [rng.choice(good) for _ in range(rows)]
    if rng.random() < 0.25:
        constraints["required"] = True
    if rng.random() < 0.1:
        constraints["unique"] = True
        note_key([name], [field], reasons)
    if kind == "string" and rng.random() < 0.4:
        constraints["pattern"] = rng.choice(PATTERNS)
        if "|" in constraints["pattern"]:
            reasons.add("a pattern that matches a part of a cell")
    if kind == "string" and rng.random() < 0.2:
        field["categories"] = ["a", "bc"]
        reasons.add("categories")
    if kind in ORDERED and rng.random() < 0.3:
        bound = rng.choice(["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"])
        constraints[bound] = rng.choice(ORDERED[kind])
    if kind == "duration" and rng.random() < 0.2:
        constraints["minimum"] = "P1D"
        reasons.add("bounds of a duration")
    if kind in ("string", "integer", "date") and rng.random() < 0.2:
        constraints["enum"] = good[:3]
    if kind in ("integer", "number") and rng.random() < 0.15:
        field["groupChar"] = " "
        cells = ["1 000" if rng.random() < 0.3 else cell for cell in cells]
        if kind == "integer":
            reasons.add("groups of digits in an integer")
    if kind == "number" and rng.random() < 0.1:
        field["decimalChar"] = ","
        cells = [cell.replace(".", ",") for cell in cells]
        for bound in {*BOUNDS} & {*constraints}:
            constraints[bound] = constraints[bound].replace(".", ",")
    if (
        kind == "date"
        and rng.random() < 0.15
        and "minimum" not in str(constraints).lower()
        and "maximum" not in str(constraints).lower()
    ):
        field["format"] = "%d.%m.%Y"
        constraints.pop("enum", None)
        cells = ["05.01.2024" for _ in cells]
    for index in range(rows):
        chance = rng.random()
        if chance < 0.05:
            cells[index] = ""
        elif bad and chance < 0.08:
            cells[index] = rng.choice(bad)
        elif lenient and chance < 0.1:
            cells[index] = rng.choice(lenient)
    if any(cell in lenient for cell in cells) or field.get("groupChar"):
        reasons.add("a form that only Python reads")
    if constraints:
        field["constraints"] = constraints
    return field, cells


def table_of(rng: random.Random, names: list[str], columns: list[list[str]], dialect: dict) -> str:
    """The table as CSV; now and then a row is too short or too long, or a column has another name."""
    rows = [list(row) for row in zip(*columns, strict=True)]
    header = [name if rng.random() > 0.01 else name + "x" for name in names]
    for row in rows:
        chance = rng.random()
        if chance < 0.015 and len(row) > 1:
            row.pop()
        elif chance < 0.03:
            row.append("more")
    buffer = io.StringIO(newline="")
    writer = csv.writer(
        buffer, delimiter=dialect.get("delimiter", ","), quotechar=dialect.get("quoteChar", '"'), lineterminator="\n"
    )
    writer.writerows(([header] if dialect.get("header", True) else []) + rows)
    return buffer.getvalue()


def frictionless_says(folder: Path) -> set[str]:
    """The types of the errors that frictionless finds; the name of the exception where it stops."""
    try:
        with system.use_context(trusted=False):
            report = FrictionlessPackage(str(folder / "datapackage.json")).validate()
    except FrictionlessException as error:
        return {reason.type for reason in error.reasons or [error.error]}
    except Exception as error:
        return {type(error).__name__}
    return {error.type for part in (report, *report.tasks) for error in part.errors}


def allowed(table: dict[str, set[str]], reasons: set[str]) -> set[str]:
    """What one of the two alone may report for these reasons."""
    return set().union(*(rules for reason, rules in table.items() if reason in reasons))


def run(cases: int, seed: int) -> tuple[Counter, list[str]]:
    """Counts of (whether we find it valid, whether frictionless does), and every difference without a reason."""
    rng = random.Random(seed)
    counts: Counter = Counter()
    unexplained = []
    with tempfile.TemporaryDirectory() as home:
        folder = Path(home)
        for number in range(cases):
            descriptor, table, reasons = draw(rng)
            (folder / "datapackage.json").write_text(json.dumps(descriptor), "utf-8")
            (folder / "t.csv").write_text(table, "utf-8", newline="")
            with opened(folder) as package:
                result = validate(package)
            ours, theirs = {finding.rule for finding in result.findings}, frictionless_says(folder)
            counts[not ours, not theirs] += 1
            stricter = ours and not theirs and not ours <= allowed(STRICTER, reasons)
            lenient = theirs and not ours and not theirs <= allowed(MORE_LENIENT, reasons)
            unread = result.unchecked and "keys over arrays or objects" not in reasons
            if stricter or lenient or unread:
                found = [f"{finding.rule} {finding.place} {finding.message}" for finding in result.findings]
                unexplained.append(f"case {number}: {json.dumps(descriptor)} {table!r}: {found} against {theirs}")
    return counts, unexplained


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cases", type=int)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    counts, unexplained = run(options.cases, options.seed)
    for (ours, theirs), count in sorted(counts.items()):
        verdicts = ["valid" if valid else "not valid" for valid in (ours, theirs)]
        print(f"{count:6} ours {verdicts[0]}, frictionless {verdicts[1]}")
    print(f"{len(unexplained):6} different without a listed reason")
    print(*unexplained[:20], sep="\n")
    sys.exit(bool(unexplained))
