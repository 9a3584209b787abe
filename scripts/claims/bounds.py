"""What looking at somebody else's package may cost: a process of its own, with limits that the system holds.

Time is processor time and grows with the size of the package, so that a slow machine is no fault of the package. Where
processes cannot be forked (Windows) there are no limits.
"""

import os
import resource as limits
import shutil
import signal
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from .findings import Unusable

SECONDS = 20  # that any package may take
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
