"""Make one data set of several packages: Parquet partitioned by package, and one SQLite database.

    claims combine ../my-article ../other-article --to ../corpus

Every table and view of every package is in FOLDER/parquet/NAME/package=PACKAGE/, which DuckDB, pandas and Spark
read as one table with a column `package`, and in FOLDER/combined.sqlite, where `package` is a part of every key.
Join on package and id; cite a row as package:id. docs/LOADING.md and docs/NEW_ARTICLE.md have recipes. The packages
must be valid and have the same columns.
Exit code: 0 done, 2 refused; then nothing is written.
"""

from argparse import ArgumentParser, Namespace
from contextlib import ExitStack
from pathlib import Path

from ..combining import combine
from ..files import write_folder
from ..findings import Unusable
from ..package import opened

SUMMARY = "make one data set of several packages"


def arguments(parser: ArgumentParser) -> None:
    parser.add_argument("packages", nargs="+", type=Path, metavar="PACKAGE", help="folders or zips")
    parser.add_argument("--to", type=Path, required=True, metavar="FOLDER", help="a folder that is not there yet")


def run(options: Namespace) -> int:
    if options.to.exists():
        raise Unusable(f"{options.to} is already there; name a new folder")
    with ExitStack() as stack:
        files = combine([stack.enter_context(opened(source)) for source in options.packages])
    write_folder(options.to, files)
    print(f"made {options.to} of {len(options.packages)} packages: {len(files)} files")
    return 0
