"""The scripts by which the commands were called before `claims` was one command; they answer until version 3."""

import sys
from pathlib import Path
from typing import NoReturn

NEW = {"verify_article": "audit", "new_package": "new"}


def run(script: str, promised: bool = False) -> NoReturn:
    """Run the command that a script stood for, on the package around the script.

    A script that is not `promised` to stay says what it is called now.
    """
    file = Path(script)
    command = NEW.get(file.stem, file.stem)
    try:
        from . import cli
    except ModuleNotFoundError as error:
        sys.exit(f"{file.name}: needs {error.name}: run `make`, then .venv/bin/python {' '.join(sys.argv)}")
    if not promised:
        print(f"{file.name} is now `claims {command}`; this name goes with version 3", file=sys.stderr)
    cli.run([command, *sys.argv[1:]], home=file.resolve().parent.parent)
