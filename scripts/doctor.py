"""Say in one line what is missing to set this package up, and how to get it. `make` runs it first.

    python scripts/doctor.py

Runs on any Python 3 without installed packages, so that an old one can still be told apart.
"""

import argparse
import importlib.util
import sys

argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter).parse_args()
missing = []
if sys.version_info < (3, 11):  # noqa: UP036 - the reason this script exists
    missing.append(
        "Python {}.{} is too old: install Python 3.11 or later, then `make PYTHON=/path/to/python3`".format(
            *sys.version_info[:2]
        )
    )
missing.extend(
    f"the Python module '{name}' is missing: {remedy}"
    for name, remedy in (
        ("venv", "on Debian or Ubuntu `apt install python3-venv`"),
        ("ensurepip", "on Debian or Ubuntu `apt install python3-venv`"),
        ("sqlite3", "install a Python that was built with SQLite"),
    )
    if importlib.util.find_spec(name) is None
)
if missing:
    sys.exit("doctor: " + "; ".join(missing))
