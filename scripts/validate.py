"""Check a data package: bytes, schemas, keys, row rules, rules across tables.

    python scripts/validate.py
    python scripts/validate.py path/to/package.zip --format json

PACKAGE is a folder, a datapackage.json or a release zip; by default the package this script belongs to.
Exit code: 0 valid, 1 not valid, 2 could not run. Needs neither a network nor the article, and writes nothing.
"""

import argparse
import gc
import sys
from pathlib import Path

from claims import run
from claims.package import Unusable, opened
from claims.progress import progress
from claims.report import FORMATS, could_not_run
from claims.validation import validate

ROOT = Path(__file__).parent.parent


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter, allow_abbrev=False
    )
    parser.add_argument("package", nargs="?", metavar="PACKAGE")
    parser.add_argument("--default", default=ROOT, help=argparse.SUPPRESS)  # for .ci/validate
    parser.add_argument("--format", choices=FORMATS, default="text", help="how to report (default: text)")
    options = parser.parse_args(arguments)
    gc.disable()  # a large package is millions of cells in no cycle; to look for one took a fifth of the time
    try:
        with opened(options.package or options.default) as package:
            result = validate(package, tell=progress("validate"))
            if result.valid and not result.row_counts:
                unread = ", ".join(package.not_read) or "the package has no resources"
                raise Unusable(f"nothing could be checked, because no table is one plain CSV file: {unread}")
    except Unusable as error:
        sys.stdout.write(could_not_run(str(error), options.format))
        print(f"validate: {error}", file=sys.stderr)
        return 2
    sys.stdout.write(FORMATS[options.format](result))
    return 0 if result.valid else 1


if __name__ == "__main__":
    run(main)
