"""Write files so that an interruption, whatever it is, leaves all the old ones or all the new ones.

New bytes are first written aside, each beside the file it shall replace, and a journal in the package's folder lists
them. When the journal is renamed the new files count: what stops a command before that leaves the old ones, and what
stops it later is finished by the next command that writes there (`recover`).
"""

import json
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

try:
    import fcntl
except ImportError:  # not on Windows, where two commands at once are not held apart
    fcntl = None  # type: ignore[assignment]

JOURNAL = ".claims-journal.json"
BEGUN = ".claims-journal.begun"


class Unfinished(OSError):
    """New files count and could not all be moved into their places."""


def write_files(root: Path, files: dict[str, bytes], gone: Iterable[str] = ()) -> list[str]:
    """Write those of the files (path below root to bytes) that differ, delete those that are gone; return their paths.

    Permissions of a file and links to it stay as they are. Raises OSError where nothing was changed, Unfinished where
    the rest waits for the next command.
    """
    with alone(root):
        recover(root)
        changed = [path for path, data in files.items() if not same(root / path, data)]
        gone = [path for path in gone if path not in files and os.path.lexists(root / path)]
        if changed or gone:
            plan = plan_of(root, changed, gone)
            try:
                write_aside(root, plan, files)
                (root / BEGUN).replace(root / JOURNAL)
            except BaseException:
                undo(root, plan)
                raise
            finish(root)
        return [*changed, *gone]


def files_below(root: Path, folder: str) -> list[str]:
    """The paths below root of all files of a folder, sorted."""
    found = [Path(where, name) for where, _, names in os.walk(root / folder) for name in names]
    return sorted(path.relative_to(root).as_posix() for path in found)


def plan_of(root: Path, changed: list[str], gone: list[str]) -> dict:
    """What a journal says: (path, the file behind it, where its new bytes stand), folders to make, paths to delete."""
    moves, folders = [], []
    for path in changed:
        target = Path(os.path.realpath(root / path))
        moves.append([path, str(target), str(target.with_name(f".{target.name}.claims-new"))])
        folders += [str(folder) for folder in target.parents if not folder.exists() and str(folder) not in folders]
    return {"moves": moves, "folders": sorted(folders), "gone": gone}


def write_aside(root: Path, plan: dict, files: dict[str, bytes]) -> None:
    """Write the journal that is only begun, then every new file beside its place."""
    (root / BEGUN).write_text(json.dumps(plan), "utf-8")
    for folder in plan["folders"]:
        Path(folder).mkdir(exist_ok=True)
    for path, target, aside in plan["moves"]:
        if Path(target).is_dir():
            raise IsADirectoryError(21, "is a folder, not a file", target)
        Path(aside).write_bytes(files[path])
        with suppress(FileNotFoundError):
            Path(aside).chmod(Path(target).stat().st_mode & 0o7777)


def recover(root: Path) -> None:
    """Finish or undo what an interrupted command left in a folder."""
    if (root / JOURNAL).exists():
        finish(root)
    elif (root / BEGUN).exists():
        with suppress(ValueError):  # a journal that is cut off lists nothing that was written
            undo(root, json.loads((root / BEGUN).read_text("utf-8")))
        (root / BEGUN).unlink(missing_ok=True)


def finish(root: Path) -> None:
    """Move the new files into their places, delete what is gone, end the journal; an interruption waits until then."""
    try:
        apply(root)
    except OSError as error:
        raise Unfinished(
            error.errno, f"{error.strerror}; run the command again to finish it", error.filename
        ) from error
    except BaseException:
        apply(root)
        raise


def apply(root: Path) -> None:
    plan = json.loads((root / JOURNAL).read_text("utf-8"))
    for _, target, aside in plan["moves"]:
        with suppress(FileNotFoundError):  # it was moved before an interruption
            Path(aside).replace(target)
    for path in plan["gone"]:
        (root / path).unlink(missing_ok=True)
        remove_empty(root, (root / path).parent)
    (root / JOURNAL).unlink(missing_ok=True)


def undo(root: Path, plan: dict) -> None:
    """Leave nothing behind of what was written aside."""
    for _, _, aside in plan["moves"]:
        with suppress(OSError):  # it was not written, perhaps because its folder is a file
            Path(aside).unlink()
    for folder in sorted(plan["folders"], reverse=True):
        with suppress(OSError):
            Path(folder).rmdir()
    (root / BEGUN).unlink(missing_ok=True)


def remove_empty(root: Path, folder: Path) -> None:
    """Remove a folder below root, and those above it, while they are empty."""
    while folder != root:
        try:
            folder.rmdir()
        except OSError:
            return
        folder = folder.parent


@contextmanager
def alone(root: Path) -> Iterator[None]:
    """Hold other commands back from a folder while this one writes; the folder is made if it is not there."""
    missing = [folder for folder in (root, *root.parents) if not folder.exists()]
    root.mkdir(parents=True, exist_ok=True)
    handle = os.open(root, os.O_RDONLY) if fcntl else None
    try:
        if handle is not None:
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        if handle is not None:
            os.close(handle)
        for folder in missing:
            with suppress(OSError):
                folder.rmdir()


def same(file: Path, data: bytes) -> bool:
    try:
        return file.read_bytes() == data
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        return False
