"""What the tests of dist/ share: a package of awkward cells, its outputs, and what every program must find in them."""

import csv
import json
from pathlib import Path

from claims.files import write_folder
from claims.outputs import DIST, Outputs
from claims.package import opened
from harness import Copy

ROOT = Path(__file__).parent.parent
LONGEST_CELL = 32_767
# Text that some program takes for something else, cuts, runs or shows wrongly.
AWKWARD = [
    "NA", "N/A", "null", "NULL", "None", "nan", "NaN", "#N/A", "TRUE", "false", "007", "1e5", "1_000", "0x1F",
    "12.50", "2024-01-02", "1/2", "3-4", "10%", "∞", "-", "=1+1", "=HYPERLINK(\"http://127.0.0.1\")", "+7", "-1",
    "@SUM(1)",
    "'=1", "<script>alert(1)</script>", "&amp; & <b>", "]]>", "a\\,b;c\\n", "back\\slash", 'quoted "word", comma',
    "semi;colon", "\u202eright to left", "שלום", "김일성", "Ким Чен Ын", "ё й", "😀",
    "two  blanks", " padded ",
    "{{7*7}}", "$HOME `id` %PATH%", "'; DROP TABLE statements; --", "http://127.0.0.1/x", "mailto:a@b", "_x000D_",
]  # fmt: skip
LONGEST = "x" * LONGEST_CELL  # only in notes: views put names together, and no two of these fit into one cell
READERS = {"string": str, "date": str, "integer": int, "number": float, "boolean": lambda cell: cell == "true"}


def awkward(copy: Copy) -> None:
    """Put awkward text into every free text column; the first row keeps its cells, empty ones stay empty."""
    number = 0
    for table in [one["name"] for one in copy.descriptor["resources"]]:
        schema = copy.schema(table)
        keys = [name for key in schema.get("uniqueKeys", []) for name in key]
        free = [one["name"] for one in schema["fields"] if one["type"] == "string" and set(one["constraints"]) <= FREE]
        free = [name for name in free if name not in [*schema["primaryKey"], *keys, *foreign(schema)]]
        rows = copy.rows(table)
        for name in free:
            index = rows[0].index(name)
            texts = [*AWKWARD, LONGEST] if name == "note" else AWKWARD
            for row in rows[2:]:
                if row[index]:
                    row[index] = texts[number % len(texts)]
                    number += 1
        copy.write_rows(table, rows)
        copy.edit_json(copy.resource(table)["schema"], lambda schema, free=free: drop_lengths(schema, free))
    copy.reseal()
    assert number > 3 * len(AWKWARD)


FREE = {"required", "maxLength", "minLength"}


def foreign(schema: dict) -> list[str]:
    return [name for key in schema.get("foreignKeys", []) for name in key["fields"]]


def drop_lengths(schema: dict, names: list[str]) -> None:
    for one in schema["fields"]:
        if one["name"] in names:
            for limit in FREE - {"required"}:
                one["constraints"].pop(limit, None)


def build(root: Path) -> Path:
    """All outputs of dist/ for a package that need not be valid."""
    files = {}
    with opened(root) as package:
        outputs = Outputs(package)
        for name in DIST:
            files |= outputs[name]
    write_folder(root / "dist", {path.removeprefix("dist/"): data for path, data in files.items()})
    return root / "dist"


def expected(root: Path) -> dict[str, tuple[dict[str, str], list[dict]]]:
    """For every table its types by column and its rows of typed values, read without the code that is tested."""
    found = {}
    for resource in json.loads((root / "datapackage.json").read_text("utf-8"))["resources"]:
        fields = json.loads((root / resource["schema"]).read_text("utf-8"))["fields"]
        types = {one["name"]: one["type"] for one in fields}
        with (root / resource["path"]).open(encoding="utf-8", newline="") as stream:
            found[resource["name"]] = (types, [typed(row, types) for row in csv.DictReader(stream)])
    return found


def typed(row: dict[str, str], types: dict[str, str]) -> dict:
    return {name: READERS[types[name]](cell) if cell else None for name, cell in row.items()}
