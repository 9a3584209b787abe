"""Write files so that an interruption leaves either the old ones or the new ones, never half of one."""

import os
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


def put_back(target: Path, data: bytes | None) -> None:
    """Give a file the bytes it had, or none if it was not there."""
    if data is None:
        target.unlink(missing_ok=True)
    elif not same(target, data):
        target.write_bytes(data)


def same(file: Path, data: bytes) -> bool:
    return file.is_file() and file.read_bytes() == data
