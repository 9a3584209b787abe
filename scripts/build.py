"""Rebuild what is derived from the package; the same input gives the same bytes.

    python scripts/build.py
    python scripts/build.py codebook rules

NAME limits it to the named outputs. With --check nothing is written; exit code 1 says that something would be.
"""

import argparse
import sys
from pathlib import Path

from packagelib.content import read
from packagelib.findings import did_you_mean
from packagelib.outputs import OUTPUTS
from packagelib.package import Package, Unusable, opened
from packagelib.validation import validate
from packagelib.writing import same, write_files

ROOT = Path(__file__).parent.parent


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter, allow_abbrev=False
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"one of {', '.join(OUTPUTS)}")
    parser.add_argument("--package", type=Path, default=ROOT, help="folder of the package (default: this one)")
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 if something would change")
    parser.add_argument("--where", action="store_true", help="build nothing; say where to look")
    options = parser.parse_args(arguments)
    try:
        with opened(options.package) as package:
            if options.where:
                print(where(package))
                return 0
            files = build(package, options.names)
        if options.check:
            kept = {path: data for path, data in files.items() if not path.startswith("dist/")}  # never committed
            changed = [path for path, data in kept.items() if not same(options.package / path, data)]
        else:
            changed = write_files(options.package, files)
    except Unusable as error:
        print(f"build: {error}", file=sys.stderr)
        return 2
    for path in changed:
        print(f"{'would change' if options.check else 'wrote'} {path}")
    if not changed:
        print(f"built {', '.join(options.names or OUTPUTS)}: nothing changed")
    return 1 if options.check and changed else 0


def build(package: Package, names: list[str]) -> dict[str, bytes]:
    """Path to bytes of the named outputs, or of all. Raises Unusable for a package that is not valid."""
    for name in names:
        if name not in OUTPUTS:
            raise Unusable(f"no output '{name}'; there are {', '.join(OUTPUTS)}. {did_you_mean(name, OUTPUTS)}")
    if not package.conventions or not validate(package).valid:
        raise Unusable("the package is not valid; run validate.py and mend what it finds first")
    return derived(package, names)


def derived(package: Package, names: list[str] | None = None) -> dict[str, bytes]:
    """Path to bytes of outputs of a package that was found valid."""
    contents, _ = read(package)
    files: dict[str, bytes] = {}
    for name in names or OUTPUTS:
        files |= OUTPUTS[name].build(package, contents)
    return files


def where(package: Package) -> str:
    return "\n".join(
        [
            "Where to look:",
            "  data/               the tables",
            "  docs/CODEBOOK.md    every table, column and code",
            "  docs/RULES.md       every rule that validate checks",
            "  README.md           how to load and cite them",
        ]
    )


if __name__ == "__main__":
    sys.exit(main())
