"""What the commands in scripts/ share.

package   open a folder, descriptor or zip without ever reaching outside it; what is in it is read once, when asked for
table     a table as its schema describes it
tabledata what the file of a table holds: records with line numbers
csvtext   CSV text to records with line numbers, and back in one canonical form
settings  the TOML files that the conventions name: rules, views, figures, site, audit
edtf      the dates this package allows, and the first and last day each can mean
canonical the one right form of every table, schema and descriptor; what fmt writes and validate compares
database  the package in SQLite, for the rules, the views and the exported file
views     tables and views as typed rows, for every output below dist/
outputs/  what build.py derives, one module per output, each made once
versions  versions, bumps, and the releases at hand
changes   what changed between two versions, and the bump each change demands
zips      the files of the package, and zips of them with reproducible bytes
changelog the sections of CHANGELOG.md
citation  a row in words, where it stands, and how to cite it
checks/   the layers of validation; rules.toml says for each of their rules why it exists and how to put it right
beside    two things at once, where a process can be forked
findings  what a check returns
progress  what a command is doing, on a terminal
report    findings as text or JSON
"""

import importlib.util
import os
import sys
from collections.abc import Callable

if missing := [one for one in ("frictionless", "jsonschema", "yaml") if importlib.util.find_spec(one) is None]:
    print(f"needs {', '.join(missing)}: run `make`, then .venv/bin/python {' '.join(sys.argv)}", file=sys.stderr)
    sys.exit(2)


def run(main: Callable[[], int]) -> None:
    """End the process with the exit code of a command; a reader that stops reading, such as `head`, ends it quietly."""
    try:
        try:
            code = main()
        finally:
            sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # for what is written at exit
        code = 141  # as a shell says of a program that wrote to a closed pipe
    sys.exit(code)
