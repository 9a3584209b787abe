"""Add rows to the tables: ids made, references by label, defaults filled.

    claims add rows.toml
    claims add events.csv --package ../my-article

ROWS is a TOML file with a list of rows for each table ([[events]]) and, if you like, what is usual in a table
([defaults.statements]), or a CSV file with rows of the one table that it is named for. An id that is left out is
made: the next number, the segment and the next letter, or the label in short. A reference may be written as the
label of the row that it means. A row that does not fit is refused with its place, and then nothing is written; else
the tables are in canonical form.
Exit code: 0 done, 2 refused.
"""

from argparse import ArgumentParser, Namespace
from pathlib import Path

from ..adding import add
from ..files import write_files
from ..package import opened_folder

SUMMARY = "add rows from a file, with ids and references filled in"


def arguments(parser: ArgumentParser) -> None:
    parser.add_argument("rows", type=Path, metavar="ROWS")
    parser.add_argument("--table", default="", help="the table of a CSV file, where its name is another")


def run(options: Namespace) -> int:
    with opened_folder(options.package) as package:
        added, files = add(package, options.rows, options.table)
        write_files(package.root, files)
    print("added " + ", ".join(f"{number} {name}" for name, number in added.items()))
    return 0
