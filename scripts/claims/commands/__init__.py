"""The subcommands of `claims`, a module each; see cli.py for what such a module has. They hold no logic."""

from argparse import ArgumentTypeError
from collections.abc import Callable, Iterable
from pathlib import Path

from ..findings import or_did_you_mean


def among(names: Iterable[str]) -> Callable[[str], str]:
    """An argument that must be one of these names."""
    names = list(names)

    def name(text: str) -> str:
        if text not in names:
            raise ArgumentTypeError(f"no '{text}'{or_did_you_mean(text, names)}; there are {', '.join(names)}")
        return text

    return name


def print_changed(changed: list[str], root: Path, written: bool) -> None:
    """One line for each file that was written or removed, or would be."""
    for path in changed:
        done = "wrote" if (root / path).exists() else "removed"
        print(f"{done if written else 'would change'} {path}")
