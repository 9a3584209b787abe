"""dist/ as a whole: the same bytes everywhere, and never half a build."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from claims import files
from claims.files import write_folder
from harness import Copy

ROOT = Path(__file__).parent.parent
OLD, NEW = {"a": b"old", "kept": b"old", "in/b": b"old"}, {"a": b"new", "in/b": b"new", "in/c": b"new"}


def build(folder: Path, *names: str, **environment: str) -> subprocess.Popen:
    command = [sys.executable, "-m", "claims", "build", "--package", str(folder), *names]
    environment = os.environ | {"PYTHONPATH": str(ROOT / "scripts")} | environment
    return subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        cwd=folder,
        env=environment,
    )


def outcome(process: subprocess.Popen) -> str:
    output, _ = process.communicate(timeout=120)
    assert process.returncode == 0, output
    return output


def tree(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_the_same_input_gives_the_same_bytes(copy, tmp_path):
    """Whatever the folder, the time zone, the language and the order in which Python keeps its sets."""
    other = Copy.of(copy.root, tmp_path / "elsewhere")
    running = [
        build(copy.root, TZ="UTC", LC_ALL="C", PYTHONHASHSEED="1"),
        build(other.root, TZ="Pacific/Auckland", LC_ALL="C.UTF-8", PYTHONHASHSEED="2", SOURCE_DATE_EPOCH="86400"),
    ]
    for process in running:
        outcome(process)
    built = tree(copy.root / "dist")
    suffixes = {Path(name).suffix for name in built}
    assert {".csv", ".sqlite", ".parquet", ".xlsx", ".geojson", ".graphml", ".ics"} <= suffixes
    assert built == tree(other.root / "dist")
    assert "nothing changed" in outcome(build(copy.root))


def test_two_builds_at_once_leave_one_whole_folder(copy, built_package):
    running = [build(copy.root) for _ in range(2)]
    for process in running:
        outcome(process)
    assert tree(built_package / "dist").items() <= tree(copy.root / "dist").items()
    assert [path.name for path in copy.root.iterdir() if path.name.startswith(".dist")] == []


def test_one_output_alone_leaves_the_others_and_a_whole_build_leaves_nothing_else(copy):
    dist = copy.root / "dist"
    write_folder(dist, {"stale.csv": b"old", "map.geojson": b"old"})
    outcome(build(copy.root, "geojson"))
    assert set(tree(dist)) == {"stale.csv", "map.geojson"}
    assert tree(dist)["map.geojson"] != b"old"
    assert "removed dist/stale.csv" in outcome(build(copy.root))
    assert "stale.csv" not in tree(dist)


def test_a_package_that_is_not_valid_leaves_dist_as_it_was(copy):
    write_folder(copy.root / "dist", OLD)
    copy.path("events").write_bytes(b"broken")
    process = build(copy.root)
    output, _ = process.communicate(timeout=120)
    assert process.returncode == 2
    assert "not valid" in output
    assert tree(copy.root / "dist") == OLD


STEPS = ["mkdtemp", "mkdir", "write_bytes", "rename"]


@pytest.mark.parametrize("keep", [False, True])
@pytest.mark.parametrize("error", [KeyboardInterrupt, OSError(28, "No space left on device")])
@pytest.mark.parametrize("step", STEPS)
def test_an_interruption_at_any_step_leaves_the_old_folder_whole(tmp_path, monkeypatch, step, error, keep):
    """Every call of the step fails once: the first time, the second, and so on until the folder is written."""
    target = tmp_path / "dist"
    owner = files.tempfile if step == "mkdtemp" else Path
    real = getattr(owner, step)
    for allowed in range(20):
        write_folder(target, OLD)
        calls = iter(range(allowed))
        failed = []

        def failing(*arguments, calls=calls, failed=failed, **named):
            if next(calls, None) is None and not failed:
                failed.append(True)
                raise error
            return real(*arguments, **named)

        monkeypatch.setattr(owner, step, failing)
        try:
            write_folder(target, NEW, keep)
        except (KeyboardInterrupt, OSError):
            assert tree(target) == OLD
        monkeypatch.setattr(owner, step, real)
        assert [path.name for path in tmp_path.iterdir()] == ["dist"]
        if not failed:
            assert tree(target) == (OLD | NEW if keep else NEW)
            return
    pytest.fail(f"{step} is called without end")


WRITER = """
import sys
sys.path.insert(0, sys.argv[1])
from pathlib import Path
from claims.files import write_folder
for number in range(60):
    content = sys.argv[3].encode() + str(number % 2).encode()
    write_folder(Path(sys.argv[2]), dict.fromkeys(("a", "b/c", "d"), content))
"""


def test_many_writers_at_once_leave_one_whole_folder(tmp_path):
    running = [
        subprocess.Popen([sys.executable, "-c", WRITER, str(ROOT / "scripts"), str(tmp_path / "dist"), name])
        for name in ("x", "y", "z")
    ]
    assert [process.wait(timeout=120) for process in running] == [0, 0, 0]
    found = tree(tmp_path / "dist")
    assert set(found) == {"a", "b/c", "d"}
    assert len(set(found.values())) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["dist"]
