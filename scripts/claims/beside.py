"""Two things at once: a function runs in a forked process, which has what is loaded without copying it.

Where that is not safe (no fork, other threads, one processor) it runs when its result is asked for, which takes longer
and gives the same.
"""

import multiprocessing
import os
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

Result = TypeVar("Result")


def beside(function: Callable[[], Result]) -> Callable[[], Result]:
    """Begin `function` at once, and give what waits for its result, which must be fit for pickling."""
    if not can_fork():
        return function
    context = multiprocessing.get_context("fork")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=lambda: sender.send(function()), daemon=True)
    process.start()
    sender.close()

    def result() -> Result:
        with receiver, suppress(EOFError):
            return receiver.recv()
        return function()  # what ended the process shows here

    return result


def can_fork() -> bool:
    # macOS can and must not: its system libraries fail in a forked process
    return hasattr(os, "fork") and sys.platform != "darwin" and threading.active_count() == 1 and os.cpu_count() != 1
