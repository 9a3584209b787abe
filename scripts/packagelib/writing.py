"""Write files so that an interruption leaves either the old or the new one, never half of one."""

import errno
import os
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path


def write_files(root: Path, files: dict[str, bytes]) -> list[str]:
    """Write those of the files (path below root to bytes) that differ; return their paths.

    All are written aside first, then renamed one after the other.
    """
    changed = [path for path, data in files.items() if not same(root / path, data)]
    aside = []
    try:
        for path in changed:
            target = root / path
            target.parent.mkdir(parents=True, exist_ok=True)
            temporary = target.with_name(f".{target.name}.{os.getpid()}.new")
            aside.append((temporary, target))
            temporary.write_bytes(files[path])
        for temporary, target in aside:
            temporary.replace(target)
    finally:
        for temporary, _ in aside:
            temporary.unlink(missing_ok=True)
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


def same(file: Path, data: bytes) -> bool:
    try:
        return file.read_bytes() == data
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        return False
