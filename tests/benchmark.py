"""How long validation takes, beside other validators, as the package grows; and the project's own commands.

    .venv/bin/python tests/benchmark.py
    .venv/bin/python tests/benchmark.py --times 1 10 100 500 --project --write docs/benchmark.json

Each size is a package of its own: the one at hand, and as many more articles with new ids, texts and addresses as are
asked for, under the same keys and rules. Every run is a process of its own; the commands take turns, so that a busy
machine slows all alike. Prints medians of wall time and processor time, and the memory of one further run, with all
processes it starts, pages they share counted once. `--project` adds `make` from nothing, `make` again, `build.py` and
the loading of the page.
"""

import argparse
import hashlib
import json
import os
import platform
import re
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import tomllib
from contextlib import suppress
from datetime import date
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT / "scripts"), str(ROOT / "tests")]

from claims.canonical import canonical_files, json_text  # noqa: E402
from claims.checks import across  # noqa: E402
from claims.csvtext import Record  # noqa: E402
from claims.outputs.catalogues import csvw  # noqa: E402
from claims.package import opened  # noqa: E402
from claims.tabledata import TableData  # noqa: E402
from claims.validation import validate  # noqa: E402
from harness import Copy  # noqa: E402
from playwright.sync_api import sync_playwright  # noqa: E402

BIN = Path(sys.executable).parent
COMMANDS = {
    "validate.py": [sys.executable, str(ROOT / "scripts" / "validate.py"), "{}"],
    "frictionless": [str(BIN / "frictionless"), "validate", "{}/datapackage.json"],
    "csvwvalidate": [str(BIN / "csvwvalidate"), "--lax", "{}/" + csvw.NAME],
}
MOST_ROWS = {"csvwvalidate": 50_000}  # beyond, one run takes minutes
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
        (copy.root / csvw.NAME).write_text(json_text(csvw.table_group(package)), "utf-8")
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


def measured(source: Path, sizes: list[int], runs: int) -> dict:
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
            commands = {
                name: [part.format(package) for part in command]
                for name, command in COMMANDS.items()
                if rows <= MOST_ROWS.get(name, rows)
            }
            taken = in_turns(commands, runs)
            for name, command in commands.items():
                taken[name]["peak_mb"] = peak_memory(command)
            result["sizes"].append({"times": times, "rows": rows, "commands": taken})
            print(f"×{times}, {rows} rows: " + line(taken), flush=True)
    return result


def in_turns(commands: dict[str, list[str]], runs: int, where: Path = ROOT) -> dict[str, dict]:
    """Medians of wall and processor time of each command, the commands taking turns."""
    taken: dict[str, list] = {name: [] for name in commands}
    for _ in range(runs):
        for name, command in commands.items():
            taken[name].append(run(command, where))
    medians = {
        name: [round(statistics.median(one), 2) for one in zip(*each, strict=True)] for name, each in taken.items()
    }
    return {name: dict(zip(("seconds", "cpu_seconds"), values, strict=True)) for name, values in medians.items()}


def run(command: list[str], where: Path = ROOT) -> list[float]:
    """Wall and processor seconds of one process and what it starts; it must end well."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    code = subprocess.run(command, cwd=where, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode
    seconds, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    if code:
        raise SystemExit(f"benchmark: {' '.join(command)} ended with {code}")
    return [seconds, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime]


def peak_memory(command: list[str]) -> int | None:
    """Megabytes of a process and what it starts at their highest, seen ten times a second; None where /proc lacks."""
    if not Path("/proc/self/smaps_rollup").exists():
        return None
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    peak = 0
    while process.poll() is None:
        peak = max(peak, sum(map(proportional_set, family(process.pid))))
        time.sleep(0.1)
    return round(peak / 1024)


def family(ancestor: int) -> set[int]:
    """A process and all that descend from it."""
    parents = {}
    for file in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            parents[int(file.parent.name)] = int(file.read_text().rpartition(")")[2].split()[1])
    found = {ancestor}
    while more := {pid for pid, parent in parents.items() if parent in found} - found:
        found |= more
    return found


def proportional_set(pid: int) -> int:
    """Kilobytes of a process, of shared pages its share."""
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:  # it has just ended
        return 0
    return int(re.search(r"^Pss:\s+(\d+)", text, re.MULTILINE)[1])


def project(runs: int) -> dict[str, float]:
    """Median wall seconds of what a person waits for: `make` from nothing and again, `build.py`, the page."""
    with tempfile.TemporaryDirectory() as folder:
        clone = Path(folder) / "clone"
        subprocess.run(["git", "clone", "--quiet", str(ROOT), str(clone)], check=True)
        taken = {"make, from nothing": run(["make"], clone)[0]}
        again = {"make, again": ["make"], "build.py": [str(clone / ".venv" / "bin" / "python"), "scripts/build.py"]}
        taken |= {name: one["seconds"] for name, one in in_turns(again, runs, clone).items()}
        taken["page load"] = statistics.median(page_load(clone / "dist" / "site" / "index.html") for _ in range(runs))
    return {name: round(seconds, 2) for name, seconds in taken.items()}


def page_load(page: Path) -> float:
    """Seconds from asking for the page to its load event, in a browser that has just started."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        tab = browser.new_page()
        tab.goto(page.as_uri(), wait_until="load")
        return tab.evaluate("performance.getEntriesByType('navigation')[0].loadEventEnd") / 1000


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
    parser.add_argument("--project", action="store_true", help="measure make, build.py and the page as well")
    parser.add_argument("--write", type=Path, metavar="FILE", help="write the result as JSON")
    options = parser.parse_args()
    result = measured(ROOT, options.times, options.runs)
    if options.project:
        result["project"] = project(options.runs)
        print("; ".join(f"{name} {seconds} s" for name, seconds in result["project"].items()))
    if options.write:
        options.write.write_text(json_text(result), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
