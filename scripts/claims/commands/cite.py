"""How to cite a row of any table, or the package: the row in words, where in the article it stands, which version.

    claims cite
    claims cite p41s03a p41s03b --format bibtex

Without an ID it says how to cite the package. --package may also name a release zip, to cite that version.
Exit code: 0 done, 2 there is no such row or package.
"""

from argparse import ArgumentParser, Namespace

from ..citation import FORMATS, cite
from ..package import opened
from . import among

SUMMARY = "say how to cite the package or a row"


def arguments(parser: ArgumentParser) -> None:
    parser.add_argument("ids", nargs="*", metavar="ID")
    parser.add_argument("--format", type=among(FORMATS), default="text", help="text, bibtex or csl (CSL-JSON)")


def run(options: Namespace) -> int:
    with opened(options.package) as package:
        citations = cite(package, options.ids)
    print(FORMATS[options.format](citations))
    return 0
