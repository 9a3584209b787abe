"""Make an empty package for another article: the same tables, codes and rules, and no rows but the article's own.

    claims new ../my-article --name my-article --title "The claims of my article as data" \\
        --contributor "Ada Example" --article "Title of the article" --authors "Author A.B." \\
        --language en --side Kenya=KEN --side Norway=NOR

FOLDER must not exist yet. README, CHANGELOG and LICENSE are begun; the licence is that of the package it is made after,
--package, by default the one that this command came with. docs/NEW_ARTICLE.md tells what comes next.
"""

from argparse import ArgumentParser, Namespace
from pathlib import Path

from .. import HOME
from ..new_package import KEYWORDS, NewPackage, make
from ..package import opened

SUMMARY = "make an empty package for another article"


def arguments(parser: ArgumentParser) -> None:
    parser.add_argument("folder", type=Path, metavar="FOLDER")
    parser.add_argument("--name", required=True, help="name of the new package: lower case, digits, hyphens")
    parser.add_argument("--title", required=True, help="title of the new package in English")
    parser.add_argument("--contributor", required=True, help="who makes the new package, as it is to be cited")
    parser.add_argument("--keywords", default=KEYWORDS, help=f"separated by commas (default: {KEYWORDS})")
    parser.add_argument("--article", required=True, help="title of the article, as printed")
    parser.add_argument("--authors", default="", help="authors of the article, separated by semicolons")
    parser.add_argument("--language", default="en", help="language of the article, such as en, de, ko (default: en)")
    parser.add_argument(
        "--side",
        action="append",
        default=[],
        metavar="NAME=CODE",
        help="given twice: one of the two sides, and its country codes of three letters (Kenya=KEN, Russia=RUS,SUN)",
    )
    parser.add_argument("--coded-by", default="", help="who codes the article; printed on the page")
    parser.add_argument("--checked-by", default="", help="who checks the coding")
    parser.add_argument("--began", default="", help="first day of the work, such as 2026-11-22")
    parser.set_defaults(package=HOME)


def run(options: Namespace) -> int:
    new = NewPackage(
        name=options.name,
        title=options.title,
        contributor=options.contributor,
        keywords=[word.strip() for word in options.keywords.split(",")],
        article=options.article,
        authors=options.authors,
        language=options.language,
        sides=options.side,
        coded_by=options.coded_by,
        checked_by=options.checked_by,
        began=options.began,
    )
    with opened(options.package) as package:
        make(package, options.folder, new)
    print(f"made {options.folder}; docs/NEW_ARTICLE.md tells what comes next")
    return 0
