"""Old or new: whatever stops a command while it writes, the next one finds all the old files or all the new ones."""

import os
import random
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest
from claims.files import JOURNAL, Unfinished, recover, write_files

ROOT = Path(__file__).parent.parent
OLD = {"a": b"old", "kept": b"same", "in/b": b"old", "in/deep/c": b"old"}
NEW = {"a": b"new", "kept": b"same", "in/b": b"new", "out/d": b"new"}
GONE = ["in/deep/c"]


def tree(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def folder(tmp_path) -> Path:
    write_files(tmp_path / "package", OLD)
    return tmp_path / "package"


def test_files_are_written_and_deleted_and_only_those_that_differ_are_named(folder):
    assert sorted(write_files(folder, NEW, GONE)) == ["a", "in/b", "in/deep/c", "out/d"]
    assert tree(folder) == NEW
    assert not (folder / "in/deep").exists()
    assert write_files(folder, NEW, GONE) == []


@pytest.mark.parametrize("error", [KeyboardInterrupt(), OSError(28, "No space left on device")])
@pytest.mark.parametrize("step", ["write_text", "write_bytes", "mkdir", "chmod", "replace", "unlink"])
def test_an_interruption_at_any_step_leaves_the_old_files_or_the_new_ones(tmp_path, monkeypatch, step, error):
    """Every call of the step fails once: the first time, the second, and so on until all is written."""
    real = getattr(Path, step)
    for allowed in range(30):
        folder = tmp_path / str(allowed)
        write_files(folder, OLD)
        calls, failed = iter(range(allowed)), []

        def failing(*arguments, calls=calls, failed=failed, **named):
            if next(calls, None) is None and not failed:
                failed.append(True)
                raise error
            return real(*arguments, **named)

        with monkeypatch.context() as patch:
            patch.setattr(Path, step, failing)
            try:
                write_files(folder, NEW, GONE)
            except Unfinished:
                assert (folder / JOURNAL).exists()
                recover(folder)
                assert tree(folder) == NEW
            except (KeyboardInterrupt, OSError):
                assert tree(folder) in (OLD, NEW)
        if not failed:
            assert tree(folder) == NEW
            assert allowed > 0
            return
    pytest.fail(f"{step} is called without end")


WRITER = """
import sys
sys.path.insert(0, sys.argv[1])
from pathlib import Path
from claims.files import write_files
names = [f"{folder}/{number}" for folder in ("a", "b", "a/c") for number in range(8)]
sides = [(dict.fromkeys(names, text * 5000), [gone]) for text, gone in ((b"x", "only-y"), (b"y", "only-x"))]
sides[0][0]["only-x"], sides[1][0]["only-y"] = b"", b""
print("ready", flush=True)
for number in range(int(sys.argv[3])):
    write_files(Path(sys.argv[2]), *sides[number % 2])
"""


def writer(folder: Path, times: int) -> subprocess.Popen:
    command = [sys.executable, "-c", WRITER, str(ROOT / "scripts"), str(folder), str(times)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def whole(folder: Path) -> bool:
    """Whether a folder is in one of the two states of WRITER, and holds nothing else."""
    files = tree(folder)
    side = "x" if "only-x" in files else "y"
    contents = {data for path, data in files.items() if path != f"only-{side}"}
    return len(files) == 25 and contents == {side.encode() * 5000}


@pytest.mark.parametrize("ending", [signal.SIGKILL, signal.SIGTERM])
def test_a_process_that_is_stopped_at_any_moment_leaves_one_state(tmp_path, ending):
    """A hundred moments drawn with a fixed seed."""
    moments, folder = random.Random(1), tmp_path / "package"
    with writer(folder, 1) as process:
        assert process.wait(timeout=60) == 0
    healed = 0
    for _ in range(50):
        with writer(folder, 100_000) as process:
            process.stdout.readline()
            time.sleep(moments.uniform(0, 0.05))
            process.send_signal(ending)
            process.wait(timeout=60)
        healed += any(path.startswith(".") for path in tree(folder))
        recover(folder)
        assert whole(folder), sorted(tree(folder))
    assert healed, "no process was stopped while it wrote"


def test_many_writers_at_once_leave_one_state(tmp_path):
    running = [writer(tmp_path / "package", 30) for _ in range(3)]
    assert [process.wait(timeout=120) for process in running] == [0, 0, 0]
    for process in running:
        process.stdout.close()
    assert whole(tmp_path / "package")


LIMITED = """
import resource, signal, sys
sys.path.insert(0, sys.argv[1])
from pathlib import Path
from claims.files import write_files
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
write_files(Path(sys.argv[2]), {"a": b"new", "in/b": b"n" * 2000})
"""


def test_a_file_that_the_disk_does_not_take_changes_nothing(folder):
    done = subprocess.run(
        [sys.executable, "-c", LIMITED, str(ROOT / "scripts"), str(folder)], capture_output=True, text=True, check=False
    )
    assert "File too large" in done.stderr
    assert tree(folder) == OLD


def test_permissions_and_links_stay_as_they_are(folder, tmp_path):
    (folder / "a").chmod(0o664)
    (tmp_path / "elsewhere").write_bytes(b"old")
    (folder / "link").symlink_to(tmp_path / "elsewhere")
    before = os.umask(0o027)
    try:
        write_files(folder, {"a": b"new", "link": b"new", "fresh": b"new"})
    finally:
        os.umask(before)
    assert stat.S_IMODE((folder / "a").stat().st_mode) == 0o664
    assert stat.S_IMODE((folder / "fresh").stat().st_mode) == 0o640
    assert (folder / "link").is_symlink()
    assert (tmp_path / "elsewhere").read_bytes() == b"new"


@pytest.mark.parametrize(("path", "error"), [("in", IsADirectoryError), ("a/b", NotADirectoryError)])
def test_a_folder_in_the_place_of_a_file_and_the_reverse_are_refused(folder, path, error):
    with pytest.raises((error, FileExistsError)):
        write_files(folder, {"kept": b"new", path: b"new"})
    assert tree(folder) == OLD
