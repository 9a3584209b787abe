"""The settings files of a package: rules, views, figures, site and audit queries, each one TOML file."""

import tomllib
from pathlib import Path

from .findings import Unusable


def read(file: Path, path: str) -> dict:
    """What a TOML file holds; `path` is its name in messages. Raises Unusable for anything else."""
    try:
        return tomllib.loads(file.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise Unusable(f"{path}: {error}") from error
