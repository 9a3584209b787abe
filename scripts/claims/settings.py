"""The settings files of a package: rules, views, figures, site and audit queries, each one TOML file."""

import re
import tomllib
from pathlib import Path

from .findings import Unusable

# What the queries of the page may call beside SQL's own functions, with the number of arguments.
PAGE_FUNCTIONS = {"say": 1, "say_ru": 1, "plural": 3, "plural_ru": 4}
USES = ("rules", "views", "figures", "site", "audit")


class NotToml(Unusable):
    """A file that is no TOML; `line` is where reading stopped."""

    def __init__(self, path: str, reason: str, line: int = 0):
        super().__init__(f"{path}: {reason}")
        self.reason, self.line = reason, line


def read(file: Path, path: str) -> dict:
    """What a TOML file holds; `path` is its name in messages. Raises NotToml for anything else."""
    try:
        return tomllib.loads(file.read_text("utf-8"))
    except tomllib.TOMLDecodeError as error:
        place = re.search(r"\(at line (\d+)", str(error))
        line = int(place[1]) if place else file.read_bytes().count(b"\n") + 1
        raise NotToml(path, f"not TOML: {error}", line) from error
    except UnicodeDecodeError as error:
        raise NotToml(path, "not UTF-8", file.read_bytes()[: error.start].count(b"\n") + 1) from error
    except OSError as error:
        raise NotToml(path, f"cannot be read: {error.strerror}") from error


def queries(value, name: str = "") -> list[tuple[str, str]]:
    """Every query in a settings file with the name of its entry: its id or name, or the keys that lead to it."""
    if isinstance(value, list):
        return [found for one in value for found in queries(one, name)]
    if not isinstance(value, dict):
        return []
    name = next((value[key] for key in ("id", "name") if isinstance(value.get(key), str)), name)
    own = [(name, value["sql"])] if isinstance(value.get("sql"), str) else []
    return own + [found for key, inner in value.items() for found in queries(inner, f"{name}.{key}".strip("."))]


def line_of(file: Path, name: str) -> int:
    """The line of a settings file on which an entry of this name begins; 0 where none does."""
    last = re.escape(name.rpartition(".")[2])
    entry = re.compile(rf"""(?:id|name)\s*=\s*["']{re.escape(name)}["']|\[+(?:[\w.]+\.)?{last}\]|{last}\s*=""")
    if not file.is_file():  # such as of a view that no file gives
        return 0
    lines = file.read_text("utf-8").splitlines()
    return next((number for number, line in enumerate(lines, 1) if entry.match(line.strip())), 0)
