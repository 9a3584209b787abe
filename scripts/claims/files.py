"""Write files so that an interruption leaves either the old ones or the new ones, never half of one."""

import errno
import os
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path


def write_files(root: Path, files: dict[str, bytes]) -> list[str]:
    """Write those of the files (path below root to bytes) that differ; return their paths.

    All are written aside first, then renamed one after the other in the order given. If that is interrupted, those
    that were renamed already get their old bytes back.
    """
    changed = [path for path, data in files.items() if not same(root / path, data)]
    before = {root / path: (root / path).read_bytes() if (root / path).is_file() else None for path in changed}
    folders = {folder for target in before for folder in target.parents if not folder.exists()}
    aside = {target: target.with_name(f".{target.name}.{os.getpid()}.new") for target in before}
    try:
        for path, (target, temporary) in zip(changed, aside.items(), strict=True):
            target.parent.mkdir(parents=True, exist_ok=True)
            temporary.write_bytes(files[path])
        for target, temporary in aside.items():
            temporary.replace(target)
    except BaseException:
        for target, data in before.items():
            put_back(target, data)
        raise
    finally:
        for temporary in aside.values():
            temporary.unlink(missing_ok=True)
        for folder in sorted(folders, reverse=True):  # deepest first
            if folder.is_dir() and not any(folder.iterdir()):
                folder.rmdir()
    return changed


def write_folder(folder: Path, files: dict[str, bytes], keep: bool = False) -> list[str]:
    """Make a folder hold these files (path below it to bytes), and what else it has only with `keep`.

    The new folder is written aside and takes the place of the old one by renaming: after an interruption, or when
    several write at the same time, the folder is one whole state or another. Returns the paths that are new, changed
    or gone.
    """
    old = {Path(where, name).relative_to(folder).as_posix() for where, _, names in os.walk(folder) for name in names}
    changed = sorted(path for path, data in files.items() if not same(folder / path, data))
    gone = [] if keep else sorted(old - set(files))
    if not changed and not gone:
        return []
    folder.parent.mkdir(parents=True, exist_ok=True)
    aside = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
    try:
        new = aside / "new"
        if keep and folder.is_dir():
            shutil.copytree(folder, new)
        for path, data in files.items():
            target = new / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)
        exchange(folder, new, aside / "old")
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    return changed + gone


def exchange(folder: Path, new: Path, old: Path) -> None:
    """Put `new` in the place of `folder`, which becomes `old`; on failure it goes back to where it was."""
    try:
        while True:
            with suppress(FileNotFoundError):
                folder.rename(old)
            try:
                new.rename(folder)
                return
            except OSError as error:
                if error.errno not in (errno.EEXIST, errno.ENOTEMPTY):
                    raise
                shutil.rmtree(old, ignore_errors=True)  # another build was faster: its folder makes way in turn
    finally:
        if old.is_dir() and not folder.exists():
            old.rename(folder)


def put_back(target: Path, data: bytes | None) -> None:
    """Give a file the bytes it had, or none if it was not there."""
    if data is None:
        target.unlink(missing_ok=True)
    elif not same(target, data):
        target.write_bytes(data)


def same(file: Path, data: bytes) -> bool:
    try:
        return file.read_bytes() == data
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        return False
