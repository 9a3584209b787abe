"""Rebuild what is derived from the package; the same input gives the same bytes.

    claims build
    claims build codebook sqlite

NAME limits it to the named outputs. With --check nothing is written and dist/, which is never committed, is not looked
at; exit code 1 says that something would be written.
"""

from argparse import ArgumentParser, Namespace

from ..build import build, stale, write
from ..outputs import COMMITTED, OUTPUTS
from ..package import opened_folder
from . import print_changed

SUMMARY = "build documents, views, database, web page and more from a package"
WHERE = """Where to look:
  data/               the tables
  docs/CODEBOOK.md    every table, column and code
  docs/RULES.md       every rule that is checked
  dist/site/          the web page: open index.html in a browser
  dist/               views, database, workbook and more, made from them
  docs/LOADING.md     how to load all of it
  README.md           what it is and how to cite it"""


def arguments(parser: ArgumentParser) -> None:
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"one of {', '.join(OUTPUTS)}")
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 if something would change")
    parser.add_argument("--where", action="store_true", help="build nothing; say where to look")


def run(options: Namespace) -> int:
    if options.where:
        print(WHERE)
        return 0
    names = options.names or list(COMMITTED if options.check else OUTPUTS)
    with opened_folder(options.package) as package:
        files = build(package, names)
        if options.check:
            changed = stale(package, files)
        else:
            changed = write(package.root, files, whole=set(OUTPUTS) <= set(names))
    print_changed(changed, package.root, written=not options.check)
    if not changed:
        print(f"built {', '.join(names)}: nothing changed")
    return 1 if options.check and changed else 0
