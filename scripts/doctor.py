"""Say in one line what is missing to set this package up, and how to get it. `make` runs it first.

    python scripts/doctor.py

Runs on any Python 3 without installed packages, so that an old one can still be told apart.
"""

import argparse
import importlib.util
import sys
from pathlib import Path

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("--venv", type=Path, help="take this environment for not set up if another Python made it")
options = parser.parse_args()
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

if options.venv:
    library = options.venv / "lib" / "python{}.{}".format(*sys.version_info[:2])
    program = options.venv / "bin" / "python"
    if not (library.is_dir() and program.exists()):
        for path in [*options.venv.glob("*.done"), program]:
            if path.exists() or path.is_symlink():
                path.unlink()
