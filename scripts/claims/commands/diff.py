"""What changed between two versions of the package, by row and cell, and the version bump it demands.

    claims diff
    claims diff 0.9.0 1.0.0 --format csv

OLD and NEW are each a folder, a zip, or the number of a released version; by default the last release and the package
as it stands. Exit code: 0 the new version is high enough, 1 it is too low or an id was dropped, 2 could not compare.
"""

import sys
from argparse import ArgumentParser, Namespace

from ..changes import FORMATS, compared
from . import among

SUMMARY = "say what changed between two versions, and the version that demands"


def arguments(parser: ArgumentParser) -> None:
    parser.add_argument("old", nargs="?", metavar="OLD", help="default: the last release")
    parser.add_argument("new", nargs="?", metavar="NEW", help="default: the package as it stands")
    parser.add_argument("--format", type=among(FORMATS), default="text", help=f"{', '.join(FORMATS)} (default: text)")


def run(options: Namespace) -> int:
    difference = compared(options.old, options.new, options.package)
    sys.stdout.write(FORMATS[options.format](difference))
    return 0 if difference.allowed else 1
