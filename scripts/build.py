"""Rebuild what is derived from the package; the same input gives the same bytes.

    python scripts/build.py
    python scripts/build.py codebook sqlite

NAME limits it to the named outputs. With --check nothing is written and dist/, which is never committed, is not looked
at; exit code 1 says that something would be written.
"""

import argparse
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

from claims import run
from claims.files import same, write_files, write_folder
from claims.findings import or_did_you_mean
from claims.outputs import COMMITTED, OUTPUTS, Outputs
from claims.package import Package, Unusable, opened
from claims.progress import progress, silent
from claims.validation import validate
from claims.zips import ATTACHED

ROOT = Path(__file__).parent.parent
WHERE = """Where to look:
  data/               the tables
  docs/CODEBOOK.md    every table, column and code
  docs/RULES.md       every rule that validate checks
  dist/site/          the web page: open index.html in a browser
  dist/               views, database, workbook and more, made from them
  docs/LOADING.md     how to load all of it
  README.md           what it is and how to cite it"""


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter, allow_abbrev=False
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"one of {', '.join(OUTPUTS)}")
    parser.add_argument("--package", type=Path, default=ROOT, help="folder of the package (default: this one)")
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 if something would change")
    parser.add_argument("--where", action="store_true", help="build nothing; say where to look")
    options = parser.parse_args(arguments)
    if options.where:
        print(WHERE)
        return 0
    try:
        with opened(options.package) as package:
            names = options.names or (COMMITTED if options.check else OUTPUTS)
            files = build(package, names, progress("build"))
        if options.check:
            kept = {path: data for path, data in files.items() if not path.startswith("dist/")}  # never committed
            changed = [path for path, data in kept.items() if not same(options.package / path, data)]
        else:
            changed = write(options.package, files, whole=set(OUTPUTS) <= set(names))
    except Unusable as error:
        print(f"build: {error}", file=sys.stderr)
        return 2
    except OSError as error:
        print(f"build: cannot write: {error}; what was there is as it was", file=sys.stderr)
        return 2
    for path in changed:
        done = "wrote" if (options.package / path).exists() else "removed"
        print(f"{'would change' if options.check else done} {path}")
    if not changed:
        print(f"built {', '.join(names)}: nothing changed")
    return 1 if options.check and changed else 0


def build(package: Package, names: Iterable[str], tell: Callable[[str], None] = silent) -> dict[str, bytes]:
    """Path to bytes of the named outputs. Raises Unusable for a package that is not valid."""
    for name in names:
        if name not in OUTPUTS:
            raise Unusable(f"no output '{name}'; there are {', '.join(OUTPUTS)}{or_did_you_mean(name, OUTPUTS)}")
    if not package.conventions or not validate(package).valid:  # which says why is validate.py
        raise Unusable("the package is not valid; run validate.py and correct what it finds first")
    return derived(package, names, tell)


def derived(package: Package, names: Iterable[str] = OUTPUTS, tell: Callable[[str], None] = silent) -> dict[str, bytes]:
    """Path to bytes of the named outputs of a package that was found valid."""
    outputs = Outputs(package)
    files: dict[str, bytes] = {}
    for name in names:
        tell(name)
        files |= outputs[name]
    return files


def write(root: Path, files: dict[str, bytes], whole: bool) -> list[str]:
    """Write the committed files one by one, dist/ as one folder; `whole`: these are all files that dist/ shall have.

    What release.py attached stays there.
    """
    dist = {path.removeprefix("dist/"): data for path, data in files.items() if path.startswith("dist/")}
    changed = write_files(root, {path: data for path, data in files.items() if not path.startswith("dist/")})
    if dist:
        attached = [file for pattern in ATTACHED for file in (root / "dist").glob(pattern)]
        dist |= {file.name: file.read_bytes() for file in attached}
        changed += [f"dist/{path}" for path in write_folder(root / "dist", dist, keep=not whole)]
    return changed


if __name__ == "__main__":
    run(main)
