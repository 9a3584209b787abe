"""Broken and hostile input for the validator: how to make it, and what must hold whatever it says.

test_fuzz.py runs some hundreds of cases in every test run; for many more:

    .venv/bin/python tests/fuzzing.py 50000
"""

import io
import json
import random
import sys
import tempfile
import time
import zipfile
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT / "scripts"), str(ROOT / "tests")]

from claims.canonical import seal  # noqa: E402
from claims.package import Unusable, opened  # noqa: E402
from claims.report import FORMATS  # noqa: E402
from claims.validation import validate  # noqa: E402
from harness import witnessed  # noqa: E402

SLOWEST = 20.0  # processor seconds a single small package may take
NASTY = [
    *("", " ", "\x00", "\n", "\r", '"', '""', ",", ";", "'", "=1+1", "@x", "-", "NA", "nan", "NaN", "INF", "1e400"),
    *(
        "9" * 40,
        "-1",
        "1_0",
        "\N{ARABIC-INDIC DIGIT ONE}",
        "\ufeff",
        "\u202e",
        "\ud7ff",
        "\U0010ffff",
        "e\u0301",
        "a\u0430",
    ),
    *(
        "2024-02-30",
        "9999-12-31",
        "0000-01-01",
        "2024/2023",
        "../..",
        "X" * 5000,
        "<script>",
        "%s%n",
        "../../etc/passwd",
    ),
    *("a" * 40 + "!", "(a+)+$", "{{7*7}}", "; DROP TABLE events", "http://[::1", "\\", "Q1\n", "true", "True", "1"),
]
JSON_NASTY = [
    *(None, True, 0, -1, 1e308, "", "x", [], {}, [[]], {"a": None}, "../x", "/etc/passwd", "https://example.org/x.csv"),
    *("(", "(a+)+$", "[", "\\", "a{99999999}", "string", "integer", "date", "any", ["a", "a"], ["x"], {"fields": 1}),
]


def base_files(folder: Path) -> dict[str, bytes]:
    """The files of a package by path."""
    return {
        str(file.relative_to(folder)): file.read_bytes()
        for file in sorted(folder.rglob("*"))
        if file.is_file() and file.suffix in (".json", ".csv", ".toml")
    }


def tiny(files: dict[str, bytes], tables: tuple[str, ...]) -> dict[str, bytes]:
    """The package cut down to a few tables and a few codes: many times faster, and the code paths are the same."""
    descriptor = json.loads(files["datapackage.json"])
    descriptor["resources"] = [one for one in descriptor["resources"] if one["name"] in tables]
    descriptor["conventions"] = {key: name for key, name in descriptor["conventions"].items() if name in tables}
    kept = {}
    for resource in descriptor["resources"]:
        schema = json.loads(files[resource["schema"]])
        keys = [one for one in schema.get("foreignKeys", []) if (one["reference"]["resource"] or "") in ("", *tables)]
        schema.pop("foreignKeys", None)
        schema |= {"foreignKeys": keys} if keys else {}
        lists = [one["codeList"] for one in schema["fields"] if "codeList" in one]
        kept[resource["schema"]] = json.dumps(schema, ensure_ascii=False).encode("utf-8")
        kept[resource["path"]] = files[resource["path"]]
        if "rowRules" in resource:
            kept[resource["rowRules"]] = files[resource["rowRules"]]
        descriptor.setdefault("_lists", set()).update(lists)
    lists = descriptor.pop("_lists")
    for path, data in kept.items():
        if path.endswith("codes.csv"):
            header, *rows = data.decode("utf-8").splitlines()
            kept[path] = "\n".join([header, *(row for row in rows if row.split(",")[0] in lists), ""]).encode("utf-8")
    for resource in descriptor["resources"]:
        resource.update(seal(kept[resource["path"]], kept[resource["path"]].count(b"\n") - 1))
    return {"datapackage.json": json.dumps(descriptor, ensure_ascii=False).encode("utf-8"), **kept}


def mutated(files: dict[str, bytes], generator: random.Random) -> dict[str, bytes]:
    """A copy of the files with one to three changes: to bytes, cells, rows, headers or JSON."""
    changed = dict(files)
    for _ in range(generator.choice((1, 1, 1, 2, 3))):
        path = generator.choice(list(changed))
        kind = {"csv": table, "json": document}.get(path.rsplit(".", 1)[-1], raw)
        kind = generator.choice((kind, kind, kind, raw))
        changed[path] = kind(changed[path], generator)
        if generator.random() < 0.02:
            del changed[path]
    return changed


def raw(data: bytes, generator: random.Random) -> bytes:
    """Bytes cut, doubled, swapped, flipped or put in."""
    at, to = sorted(generator.randrange(len(data) + 1) for _ in range(2))
    junk = bytes(generator.randrange(256) for _ in range(generator.randrange(8)))
    return generator.choice(
        (
            lambda: data[:at],
            lambda: data[:at] + junk + data[at:],
            lambda: data[:at] + data[to:],
            lambda: data[:at] + data[at:to] * 2 + data[to:],
            lambda: data[:at] + bytes(255 - one for one in data[at : at + 3]) + data[at + 3 :],
            lambda: junk,
            lambda: data.replace(b"\n", generator.choice((b"\r\n", b"\r", b"\n\n", b"\x00"))),
            lambda: data.decode("utf-8", "replace").encode(
                generator.choice(("utf-16", "cp1251", "utf-8-sig")), "replace"
            ),
        )
    )()


def table(data: bytes, generator: random.Random) -> bytes:
    """A cell, row or header changed."""
    rows = [line.split(",") for line in data.decode("utf-8", "replace").split("\n")]
    row = generator.choice(rows)
    index = generator.randrange(len(row))
    action = generator.randrange(6)
    if action <= 2:
        row[index] = generator.choice(NASTY)
    elif action == 3:
        rows.insert(generator.randrange(len(rows)), list(generator.choice(rows)))
    elif action == 4:
        rows.remove(row)
    else:
        row[index : index + 1] = generator.choice(([], [row[index], ""], row[::-1]))
    return "\n".join(",".join(row) for row in rows).encode("utf-8", "replace")


def document(data: bytes, generator: random.Random) -> bytes:
    """A value, key or member of a JSON document changed."""
    try:
        value = json.loads(data)
    except ValueError:
        return raw(data, generator)
    places = list(walk(value))
    if not places:
        return raw(data, generator)
    parent, key = generator.choice(places)
    action = generator.randrange(5)
    if action <= 1:
        parent[key] = generator.choice(JSON_NASTY)
    elif action == 2:
        del parent[key]
    elif action == 3 and isinstance(parent, dict):
        parent[generator.choice(("x", "type", "path", "fields", "name", "constraints", "$ref", "schema"))] = parent.pop(
            key
        )
    else:
        other, where = generator.choice(places)
        with_copy = json.loads(json.dumps(other[where])) if where in other or isinstance(other, list) else None
        parent[key] = with_copy
    return json.dumps(value, ensure_ascii=False).encode("utf-8", "replace")


def walk(value):
    """Every (container, key) of a JSON document."""
    for key in value if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ():
        yield value, key
        yield from walk(value[key])


def zip_bytes(files: dict[str, bytes], generator: random.Random) -> bytes:
    """The files as a zip whose names or bytes may be hostile."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", generator.choice((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED))) as archive:
        for path, data in files.items():
            if generator.random() < 0.05:
                path = generator.choice(
                    ("../" + path, "/" + path, path + "/", "a\\" + path, "C:" + path, "", path.upper(), "\x00")
                )
            entry = zipfile.ZipInfo(path or "x")
            if generator.random() < 0.02:
                entry.external_attr = generator.choice((0o120777, 0o040755, 0o010644)) << 16
            archive.writestr(entry, data)
    data = buffer.getvalue()
    return raw(data, generator) if generator.random() < 0.5 else data


def examine(folder: Path, files: dict[str, bytes], generator: random.Random) -> str:
    """Validate one mutated package, as folder or zip, with the slow witnesses and without; return what came of it.

    Raises AssertionError for a defect.
    """
    as_zip = generator.random() < 0.2
    source = folder / "package.zip" if as_zip else folder
    if as_zip:
        source.write_bytes(zip_bytes(files, generator))
    else:
        for path, data in files.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(data)
    before = {file: file.read_bytes() for file in folder.rglob("*") if file.is_file()}
    started = time.process_time()
    try:
        with opened(source) as package:
            result = validate(package)
            if package.conventions:
                of_all, of_suspects = witnessed(package)
                assert of_suspects == of_all
        reports = {kind: write(result) for kind, write in FORMATS.items()}
        outcome = "valid" if result.valid else "not valid"
        assert json.loads(reports["json"])["valid"] == result.valid
        assert f"\n{outcome}: " in "\n" + reports["text"]
        assert result.valid or result.findings
        for text in reports.values():
            text.encode("utf-8")
    except Unusable as error:
        outcome = "unusable"
        assert str(error)
    assert time.process_time() - started < SLOWEST, "took too long"
    assert {file: file.read_bytes() for file in folder.rglob("*") if file.is_file()} == before, "wrote into the package"
    return outcome


def run(files: dict[str, bytes], seeds: range, report=lambda done, counts: None) -> Counter:
    """Examine one mutation of the files for each seed. A defect names the seed that shows it."""
    counts: Counter = Counter()
    for done, seed in enumerate(seeds, 1):
        generator = random.Random(seed)
        with tempfile.TemporaryDirectory() as folder:
            try:
                counts[examine(Path(folder), mutated(files, generator), generator)] += 1
            except Exception as error:
                raise AssertionError(f"seed {seed}: {type(error).__name__}: {error}") from error
        report(done, counts)
    return counts


TABLES = ("sources", "segments", "name_variants", "codes", "exceptions")

if __name__ == "__main__":
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    first = int(sys.argv[2]) if len(sys.argv) > 2 else 0
    found = run(
        tiny(base_files(Path(sys.argv[3]) if len(sys.argv) > 3 else ROOT), TABLES),
        range(first, first + number),
        lambda done, counts: done % 500 or print(f"{done} of {number}: {dict(counts)}", flush=True),
    )
    print(f"{number} cases: {dict(found)}; no traceback, no hang, nothing written")
