"""How long validation takes beside frictionless as the package grows.

    .venv/bin/python tests/benchmark.py
    .venv/bin/python tests/benchmark.py --times 1 10 100 500 --write docs/benchmark.json

Each size is a package of its own: the one at hand, and as many more articles with new ids, texts and addresses as are
asked for, under the same keys and rules. Every run is a process of its own; the commands take turns, so that a busy
machine slows all alike. Prints medians of wall time, processor time and memory at its highest.
"""

import argparse
import hashlib
import json
import os
import platform
import re
import statistics
import subprocess
import sys
import tempfile
import time
import tomllib
from datetime import date
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT / "scripts"), str(ROOT / "tests")]

from claims.canonical import canonical_files, json_text  # noqa: E402
from claims.checks import across  # noqa: E402
from claims.csvtext import Record  # noqa: E402
from claims.package import opened  # noqa: E402
from claims.tabledata import TableData  # noqa: E402
from claims.validation import validate  # noqa: E402
from harness import Copy  # noqa: E402

BIN = Path(sys.executable).parent
COMMANDS = {
    "claims validate": [sys.executable, str(ROOT / "scripts" / "validate.py"), "{}"],
    "frictionless": [str(BIN / "frictionless"), "validate", "{}/datapackage.json"],
}
MARK = re.compile("-x[a-z]+")


# --- a package of many articles


def scaled(source: Path, target: Path, times: int, without: set[str]) -> None:
    """A copy of the package with the rows of `times` articles, in canonical form, and without some rules."""
    copy = Copy.of(source, target)
    with opened(target) as package:
        ids = {
            data.row_id(line)
            for name, data in package.data.items()
            if name != package.conventions["codes"] and len(data.table.primary_key) == 1
            for line in data.records
        }
        for name, data in package.data.items():
            if name != package.conventions["codes"]:  # all articles share the codes
                widen(data, ids)
                package.data[name] = TableData(data.table, "", data.header, articles(data, ids, times))
        for path, data in canonical_files(package).items():
            (copy.root / path).write_bytes(data)
        rules = target / package.conventions["rules"]
        head, *blocks = rules.read_text("utf-8").split("[[rule]]")
        kept = [block for block in blocks if tomllib.loads(block)["id"] not in without]
        rules.write_text("[[rule]]".join([head, *kept]), "utf-8")


def of_one_article(source: Path) -> set[str]:
    """The rules that two articles in one package break: they read the form of an id, which a mark alters."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "package"
        scaled(source, copy, 2, set())
        with opened(copy) as package:
            found = {one.rule for one in validate(package).findings}
            return found & set(across.rules(package))


def widen(data: TableData, ids: set[str]) -> None:
    """Let the schema accept marked ids and texts that are longer by a mark."""
    for index, one in enumerate(data.table.fields):
        given = one["constraints"]
        if "pattern" in given and any(line.cells[index] in ids for line in data.records):
            given["pattern"] = f"(?:{given['pattern']})(?:{MARK.pattern})?"
        if "maxLength" in given:
            given["maxLength"] += 10


def articles(data: TableData, ids: set[str], times: int) -> list[Record]:
    """The rows of the first article, and each of them anew for every further one; what repeats a key is left out."""
    writers = [marked(one, ids, times) for one in data.table.fields]
    found: dict[tuple, Record] = {}
    keys = [data.header.index(name) for name in data.table.primary_key]
    for number in range(times):
        for line in data.records:
            cells = [write(cell, number) for write, cell in zip(writers, line.cells, strict=True)]
            found.setdefault(tuple(cells[index] for index in keys), Record(line.number, cells))
    return list(found.values())


def marked(field: dict, ids: set[str], times: int):
    """A function from a cell of the first article and the number of an article to the cell of that one."""
    given = field["constraints"]
    accepted = re.compile(given.get("pattern", ".*")).fullmatch

    def write(cell: str, number: int) -> str:
        if field["type"] == "integer" and given.get("unique"):  # a running number: all first sentences, all second ...
            return str((int(cell) - 1) * times + number + 1)
        if number == 0 or not cell:
            return cell
        mark = "-x" + letters(number)
        if cell in ids:
            return cell + mark
        if given.get("unique"):
            return hashlib.sha256((cell + mark).encode()).hexdigest()
        if cell.startswith(("https://", "http://")):
            return f"{cell}#{mark[1:]}"
        text = f"{cell}-{number}"
        if cell.count(" ") > 1 and accepted(text):  # so that no text is known from the article before
            return text
        return cell

    return write


def letters(number: int) -> str:
    """a, b ... z, ba, bb ..."""
    return (letters(number // 26) if number > 25 else "") + chr(ord("a") + number % 26)


# --- measuring


def measured(source: Path, sizes: list[int], runs: int, faults: bool = False) -> dict:
    """What every command takes at every size, the rules left out, and what machine it was."""
    without = of_one_article(source)
    result = {
        "date": date.today().isoformat(),
        "machine": f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}",
        "runs": runs,
        "rules_left_out": sorted(without),
        "sizes": [],
    }
    for times in sizes:
        with tempfile.TemporaryDirectory() as folder:
            package = Path(folder) / "package"
            scaled(source, package, times, without)
            rows = sum(one["rowCount"] for one in json.loads((package / "datapackage.json").read_text())["resources"])
            if faults:
                break_cells(Copy(package))
            commands = {name: [part.format(package) for part in command] for name, command in COMMANDS.items()}
            taken = in_turns(commands, runs)
            result["sizes"].append({"times": times, "rows": rows, "commands": taken})
            print(f"×{times}, {rows} rows: " + line(taken), flush=True)
    return result


def in_turns(commands: dict[str, list[str]], runs: int) -> dict[str, dict]:
    """Medians of wall time, processor time and memory of each command, the commands taking turns."""
    taken: dict[str, list] = {name: [] for name in commands}
    for _ in range(runs):
        for name, command in commands.items():
            taken[name].append(run(command))
    medians = {name: [statistics.median(one) for one in zip(*each, strict=True)] for name, each in taken.items()}
    return {
        name: {"seconds": round(seconds, 2), "cpu_seconds": round(of_processor, 2), "peak_mb": round(memory)}
        for name, (seconds, of_processor, memory) in medians.items()
    }


# A process of little memory starts the command, because a process counts as its own what that had which started it.
LAUNCHER = """
import resource, subprocess, sys
code = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(code, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)
"""


def run(command: list[str]) -> list[float]:
    """Wall seconds, processor seconds and megabytes at their highest of one process; it must end well."""
    start = time.perf_counter()
    launcher = [sys.executable, "-c", LAUNCHER, *command]
    done = subprocess.run(launcher, cwd=ROOT, capture_output=True, text=True, check=True)
    code, of_processor, memory = map(float, done.stdout.split())
    if code not in (0, 1):
        raise SystemExit(f"benchmark: {' '.join(command)} ended with {code:.0f}")
    return [time.perf_counter() - start, of_processor, memory]


def break_cells(copy: Copy) -> None:
    """Three bad cells: one unclean, one no value of its column, one that points to no row."""
    header, *rows = copy.rows("statements")
    for number, (column, cell) in enumerate(
        (("gloss_en", "ends with a blank "), ("phase", "soon"), ("actor_id", "act-x"))
    ):
        rows[len(rows) // 2 + number][header.index(column)] = cell
    copy.write_rows("statements", [header, *rows])
    copy.reseal()


def line(taken: dict[str, dict]) -> str:
    return "; ".join(
        f"{name} {one['seconds']} s ({one['cpu_seconds']} s of the processor), {one['peak_mb']} MB"
        for name, one in taken.items()
    )


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter, allow_abbrev=False
    )
    parser.add_argument("--times", type=int, nargs="+", default=[1, 10, 100], help="articles a package has")
    parser.add_argument("--runs", type=int, default=5, help="how often each command is run (default: 5)")
    parser.add_argument("--faults", action="store_true", help="with three bad cells in each package")
    parser.add_argument("--write", type=Path, metavar="FILE", help="write the result as JSON")
    options = parser.parse_args()
    result = measured(ROOT, options.times, options.runs, options.faults)
    if options.write:
        options.write.write_text(json_text(result), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
