"""Publish what an article says as a data package: check it, build what is derived from it, release and cite it.

docs/ARCHITECTURE.md says which module does what. On the command line: `claims --help`.
"""

import json
from pathlib import Path

_HERE = Path(__file__).parent
# the package that these scripts came with: around them in the repository, a part of them where they were installed
HOME = _HERE / "template" if (_HERE / "template").is_dir() else _HERE.parents[1]


def version() -> str:
    """The version of the package that these scripts came with, which is theirs too."""
    return json.loads((HOME / "datapackage.json").read_text("utf-8"))["version"]
