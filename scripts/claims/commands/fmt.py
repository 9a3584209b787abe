"""Write the package canonically: rows in order, derived cells, codes into schemas, counts and hashes.

    claims fmt
    claims fmt events statements --check

TABLE limits it to the named tables. A column that a schema has and its table has not is added empty, if it may be
empty. With --check nothing is written; exit code 1 says that something would be. No judged cell is ever changed; what
cannot be read is left alone and named.
"""

from argparse import ArgumentParser, Namespace

from ..files import same, write_files
from ..fmt import canonical
from ..package import opened_folder
from . import print_changed

SUMMARY = "write a package in its canonical form"


def arguments(parser: ArgumentParser) -> None:
    parser.add_argument("tables", nargs="*", metavar="TABLE")
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 if something would change")


def run(options: Namespace) -> int:
    with opened_folder(options.package) as package:
        files = canonical(package, options.tables)
        if options.check:
            changed = [path for path, data in files.items() if not same(package.root / path, data)]
        else:
            changed = write_files(package.root, files)
    print_changed(changed, package.root, written=not options.check)
    if not changed:
        print("nothing to change")
    return 1 if options.check and changed else 0
