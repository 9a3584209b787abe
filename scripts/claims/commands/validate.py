"""Check a data package: bytes, schemas, keys, row rules, rules across tables.

    claims validate
    claims validate path/to/package.zip --format json

PACKAGE is a folder, a datapackage.json or a zip.
Exit code: 0 valid, 1 not valid, 2 nothing was found wrong but a table could not be read, or there is no package.
Needs neither a network nor the article, and writes nothing.
"""

import io
import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path

from ..package import Unusable, opened
from ..report import FORMATS, could_not_run
from ..validation import validate
from . import among

SUMMARY = "check a package"


def arguments(parser: ArgumentParser) -> None:
    parser.add_argument("source", nargs="?", type=Path, metavar="PACKAGE", help="the same as --package")
    parser.add_argument("--format", type=among(FORMATS), default="text", help=f"{', '.join(FORMATS)} (default: text)")
    parser.add_argument("--allow-unread", action="store_true", help="exit 0 beside a table that could not be read")


def stranger(options: Namespace) -> Path:
    return options.source or options.package


def run(options: Namespace) -> int:
    if options.format != "text" and isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8")
    try:
        with opened(stranger(options)) as package:
            result = validate(package)
            if result.valid and not package.descriptor.get("resources"):
                raise Unusable("nothing could be checked, because the package has no resources")
    except Unusable as error:
        sys.stdout.write(could_not_run(str(error), options.format))
        raise
    sys.stdout.write(FORMATS[options.format](result))
    if not result.valid:
        return 1
    return 2 if result.unread and not options.allow_unread else 0
