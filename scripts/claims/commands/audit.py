"""Check the package against your own copy of the article: locators, claims, rights, and that nothing was left out.

    claims audit article.txt
    claims audit article.txt --segment p41s03

ARTICLE is the article as plain text in UTF-8, extracted by whatever program. The article is not part of this package;
nothing of it is written anywhere. More than three words between two sentences that belong to none are an error, before
the first and after the last a warning; running heads (lines that return) are neither.
Exit code: 0 everything agrees, 1 something does not, 2 could not run.
"""

import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path

from ..articletext import read_text
from ..audit.check import verify
from ..audit.report import FORMATS
from ..package import opened
from . import among

SUMMARY = "check a package against a copy of its article"


def arguments(parser: ArgumentParser) -> None:
    parser.add_argument("article", type=Path, metavar="ARTICLE")
    parser.add_argument(
        "--segment", default="", help="only this sentence: its statements and what the audit sees in it"
    )
    parser.add_argument("--format", type=among(FORMATS), default="text", help=f"{', '.join(FORMATS)} (default: text)")


def run(options: Namespace) -> int:
    text = read_text(options.article)
    with opened(options.package) as package:
        result = verify(package, text, options.segment)
    sys.stdout.write(FORMATS[options.format](result, options.segment))
    return 0 if result.valid else 1
