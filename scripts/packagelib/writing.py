"""Write files so that an interruption leaves either the old or the new one, never half of one."""

import os
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


def same(file: Path, data: bytes) -> bool:
    return file.is_file() and file.read_bytes() == data
