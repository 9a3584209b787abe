"""Check a data package: bytes, schemas, keys, row rules, rules across tables.

    python scripts/validate.py
    python scripts/validate.py path/to/package.zip --format json

PACKAGE is a folder, a datapackage.json or a release zip; by default the package this script belongs to.
Above 20,000 rows frictionless and jsonschema, which are slow, read only what a faster check of the same rules refuses;
--all has them read every row.
Exit code: 0 valid, 1 not valid, 2 could not run. Needs neither a network nor the article, and writes nothing.
"""

import argparse
import gc
import sys
from pathlib import Path

from packagelib.package import Unusable, opened
from packagelib.report import FORMATS
from packagelib.validation import validate

ROOT = Path(__file__).parent.parent


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter, allow_abbrev=False
    )
    parser.add_argument("package", nargs="?", default=ROOT, metavar="PACKAGE")
    parser.add_argument("--format", choices=FORMATS, default="text", help="how to report (default: text)")
    parser.add_argument("--all", action="store_true", help="frictionless and jsonschema read every row, at any size")
    options = parser.parse_args(arguments)
    gc.disable()  # a large package is millions of cells in no cycle; to look for one took a fifth of the time
    try:
        with opened(options.package) as package:
            result = validate(package, thorough=options.all or None)
    except Unusable as error:
        print(f"validate: {error}", file=sys.stderr)
        return 2
    sys.stdout.write(FORMATS[options.format](result))
    return 0 if result.valid else 1


if __name__ == "__main__":
    sys.exit(main())
