"""What looking at somebody else's package may cost: a process of its own, with limits that the system holds.

Time is processor time and grows with the size of the package, so that a slow machine is no fault of the package. Where
processes cannot be forked (Windows) there are no limits.
"""

import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from .findings import Unusable

try:
    import resource as limits
except ImportError:  # not on Windows
    limits = None  # type: ignore[assignment]

SECONDS = 10  # that any package may take
SECONDS_PER_MEGABYTE = 4
MEMORY = 4 << 30
LARGEST_FILE = 2 << 30


def within_limits(work: Callable[[], int], megabytes: float) -> int:
    """The exit code of `work`, done in a process of its own. Raises Unusable where that was stopped.

    Its temporary files go with it, however it ends.
    """
    seconds = SECONDS + round(megabytes * SECONDS_PER_MEGABYTE)
    sys.stdout.flush()
    folder = tempfile.mkdtemp(prefix="claims-")
    child = os.fork()
    if child == 0:
        os._exit(confined(work, seconds, folder))
    try:
        _, status = os.waitpid(child, 0)
    except BaseException:
        with suppress(OSError):  # it may have ended by itself
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
        raise
    finally:
        remove(folder)
    code = os.waitstatus_to_exitcode(status)
    if code in (-signal.SIGXCPU, -signal.SIGKILL):
        raise Unusable(f"stopped after {seconds} s of processor time: what it takes is out of proportion to its size")
    if code < 0:
        raise Unusable(f"stopped by the system ({signal.Signals(-code).name})")
    return code


def confined(work: Callable[[], int], seconds: int, folder: str) -> int:
    """The exit code of `work` under limits; network and other processes are closed to it."""
    tempfile.tempdir = os.environ["TMPDIR"] = folder
    for limit, value in (
        (limits.RLIMIT_CPU, seconds),
        (limits.RLIMIT_AS, MEMORY),
        (limits.RLIMIT_FSIZE, LARGEST_FILE),
        (limits.RLIMIT_CORE, 0),
    ):
        _, hard = limits.getrlimit(limit)
        limits.setrlimit(limit, (value if hard == limits.RLIM_INFINITY else min(value, hard), hard))
    sys.addaudithook(refuse)
    try:
        code = work()
        sys.stdout.flush()
        sys.stderr.flush()
    except BrokenPipeError:
        return 141  # as a shell says of a program that wrote to a closed pipe
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 2
    return code


def refuse(event: str, _: tuple) -> None:
    """Stop what no check needs: a connection, another program."""
    if event in ("socket.connect", "socket.getaddrinfo", "subprocess.Popen", "os.system", "os.exec"):
        raise PermissionError(f"{event} is not allowed while a package is checked")


def megabytes_of(source: Path) -> float:
    """About how much there is to read: the files of a folder, or what a zip may hold."""
    if source.is_file() and source.suffix.lower() != ".json":
        return 10 * source.stat().st_size / 1e6
    folder = source if source.is_dir() else source.parent
    size = 0
    for number, (where, _, names) in enumerate(os.walk(folder)):
        size += sum(Path(where, name).lstat().st_size for name in names)
        if number > 1000:
            break
    return size / 1e6


def remove(folder: str) -> None:
    """Remove a folder, however deep."""
    try:
        shutil.rmtree(folder)
    except RecursionError:
        for where, folders, names in os.walk(folder, topdown=False):
            for name in names:
                Path(where, name).unlink()
            for name in folders:
                Path(where, name).rmdir()
        Path(folder).rmdir()
