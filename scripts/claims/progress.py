"""What a command is doing, told on a terminal once it has taken longer than a second."""

import sys
import time
from collections.abc import Callable

PATIENCE = 1.0  # seconds


def progress(command: str) -> Callable[[str], None]:
    """A function that says on standard error which step of the command begins; in a log or a pipe it is silent."""
    start = time.monotonic()

    def tell(step: str) -> None:
        if sys.stderr.isatty() and time.monotonic() - start >= PATIENCE:
            print(f"{command}: {step} ...", file=sys.stderr, flush=True)

    return tell


def silent(step: str) -> None:
    """No progress."""
