"""Release a version: refuse unless everything agrees, then write the zips, checksums, list of changes and metadata.

    claims release 1.4.0 --dry-run
    claims release 1.4.0

CHANGELOG.md must begin with a section `## 1.4.0 — YYYY-MM-DD`; the descriptor takes version and day from there. Nothing
is written unless everything can be; --dry-run says what would be. Exit code: 0 released, 1 refused, 2 could not run.
"""

from argparse import ArgumentParser, Namespace

from ..files import write_files
from ..package import opened_folder
from ..release import release

SUMMARY = "release a version of a package"


def arguments(parser: ArgumentParser) -> None:
    parser.add_argument("version", metavar="VERSION")
    parser.add_argument("--dry-run", action="store_true", help="do everything but write")


def run(options: Namespace) -> int:
    with opened_folder(options.package) as package:
        files = release(package, options.version)
        if not options.dry_run:
            write_files(package.root, files)
    for path, data in files.items():
        print(f"{'would write' if options.dry_run else 'wrote'} {path}  {len(data):,} bytes")
    return 0
