"""How long validation takes, beside `frictionless validate`, as the package grows.

    .venv/bin/python tests/benchmark.py
    .venv/bin/python tests/benchmark.py --times 1 100 --runs 3 --write docs/benchmark.json

Each size is a package of its own: the one at hand, and as many more articles with new ids, texts and addresses as are
asked for, under the same keys and rules. Every run is a process of its own; the commands take turns, so that a busy
machine slows all alike. Prints medians of wall time, processor time and peak memory.
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
import tomllib
from datetime import date
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT / "scripts"), str(ROOT / "tests")]

from harness import Copy  # noqa: E402
from packagelib.canonical import canonical_files, json_text  # noqa: E402
from packagelib.checks import relations  # noqa: E402
from packagelib.content import Content, read  # noqa: E402
from packagelib.csvtext import Line  # noqa: E402
from packagelib.package import opened  # noqa: E402
from packagelib.validation import validate  # noqa: E402

COMMANDS = {
    "validate.py": [sys.executable, str(ROOT / "scripts" / "validate.py"), "{}"],
    "frictionless": [str(Path(sys.executable).with_name("frictionless")), "validate", "{}/datapackage.json"],
}
MARK = re.compile("-x[a-z]+")


# --- a package of many articles


def scaled(source: Path, target: Path, times: int, without: set[str]) -> None:
    """A copy of the package with the rows of `times` articles, in canonical form, and without some rules."""
    copy = Copy.of(source, target)
    with opened(target) as package:
        contents, _ = read(package)
        ids = {
            content.row_id(line)
            for name, content in contents.items()
            if name != package.conventions["codes"] and len(content.table.primary_key) == 1
            for line in content.lines
        }
        for name, content in contents.items():
            if name != package.conventions["codes"]:  # all articles share the codes
                widen(content, ids)
                contents[name] = Content(content.table, "", content.header, articles(content, ids, times))
        for path, data in canonical_files(package, contents).items():
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
            return found & set(relations.rules(package))


def widen(content: Content, ids: set[str]) -> None:
    """Let the schema accept marked ids and texts that are longer by a mark."""
    for index, one in enumerate(content.table.fields):
        given = one["constraints"]
        if "pattern" in given and any(line.cells[index] in ids for line in content.lines):
            given["pattern"] = f"(?:{given['pattern']})(?:{MARK.pattern})?"
        if "maxLength" in given:
            given["maxLength"] += 10


def articles(content: Content, ids: set[str], times: int) -> list[Line]:
    """The rows of the first article, and each of them anew for every further one; what repeats a key is left out."""
    writers = [marked(one, ids, times) for one in content.table.fields]
    found: dict[tuple, Line] = {}
    keys = [content.header.index(name) for name in content.table.primary_key]
    for number in range(times):
        for line in content.lines:
            cells = [write(cell, number) for write, cell in zip(writers, line.cells, strict=True)]
            found.setdefault(tuple(cells[index] for index in keys), Line(line.number, cells))
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
            taken: dict[str, list] = {name: [] for name in COMMANDS}
            for _ in range(runs):
                for name, command in COMMANDS.items():
                    taken[name].append(run([part.format(package) for part in command]))
        medians = {
            name: [round(statistics.median(one), 2) for one in zip(*each, strict=True)] for name, each in taken.items()
        }
        commands = {
            name: dict(zip(("seconds", "cpu_seconds", "peak_mb"), values, strict=True))
            for name, values in medians.items()
        }
        result["sizes"].append({"times": times, "rows": rows, "commands": commands})
        print(line(result["sizes"][-1]), flush=True)
    return result


# Run by a small process of its own: a child's peak memory counts what its parent had when it was started.
RUN = """
import json, resource, subprocess, sys, time
start = time.perf_counter()
code = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(json.dumps([code, time.perf_counter() - start, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024]))
"""


def run(command: list[str]) -> list[float]:
    """Seconds, seconds of the processor and megabytes of one process; it must find the package valid."""
    done = subprocess.run([sys.executable, "-c", RUN, *command], capture_output=True, text=True, check=True)
    code, *used = json.loads(done.stdout)
    if code:
        raise SystemExit(f"benchmark: {' '.join(command)} ended with {code}")
    return used


def line(size: dict) -> str:
    parts = [
        f"{name} {one['seconds']} s ({one['cpu_seconds']} s of the processor), {one['peak_mb']:.0f} MB"
        for name, one in size["commands"].items()
    ]
    return f"×{size['times']}, {size['rows']} rows: " + "; ".join(parts)


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter, allow_abbrev=False
    )
    parser.add_argument("--times", type=int, nargs="+", default=[1, 10, 100], help="articles a package has")
    parser.add_argument("--runs", type=int, default=5, help="how often each command is run (default: 5)")
    parser.add_argument("--write", type=Path, metavar="FILE", help="write the result as JSON")
    options = parser.parse_args()
    result = measured(ROOT, options.times, options.runs)
    if options.write:
        options.write.write_text(json_text(result), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
