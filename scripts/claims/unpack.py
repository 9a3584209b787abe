"""Unpack a zip that nobody vouches for.

What it may cost is bounded by its own size: entries are counted, and it may unpack to a hundred times its size, far
more than tables do. Names that leave the folder, links, and names that are no text are refused; what systems and people
add beside the one package (`__MACOSX`, names with a dot before them, a file beside its folder) does not matter.
"""

import lzma
import stat
import zipfile
import zlib
from pathlib import Path, PurePosixPath

from .findings import Unusable

MOST_FILES = 10_000
MOST_BYTES = 1 << 30
LEAST_ALLOWED = 16 << 20  # bytes that any zip may unpack to
MOST_RATIO = 100
DEEPEST = 16  # folders one in another
NOT_A_ZIP = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, NotImplementedError, RuntimeError, EOFError, UnicodeError)


def unpack(source: Path, folder: Path, descriptor: str, unsafe) -> Path:
    """Unpack a zip into an empty folder and return the folder in which its descriptor is.

    `unsafe(path)` says why a path must not be followed. Raises Unusable for a zip that is unsafe, damaged, too large,
    or holds no package, or two.
    """
    try:
        with zipfile.ZipFile(source) as archive:
            entries = checked(source, archive.infolist(), unsafe)
            extract(source, archive, entries, folder)
    except NOT_A_ZIP as error:
        raise Unusable(f"{source}: not a readable zip ({error})") from error
    except OSError as error:
        raise Unusable(f"{source}: cannot be unpacked ({error.strerror or error})") from error
    return package_folder(source, folder, descriptor)


def checked(source: Path, entries: list[zipfile.ZipInfo], unsafe) -> list[zipfile.ZipInfo]:
    """The files of a zip that are worth unpacking, all names looked at before any is written."""
    if len(entries) > MOST_FILES:
        raise Unusable(f"{source}: more than {MOST_FILES} files in the zip")
    names = set()
    for entry in entries:
        if reason := unsafe(entry.filename):
            raise Unusable(f"{source}: entry {entry.filename[:200]!r}: the path {reason}")
        if stat.S_ISLNK(entry.external_attr >> 16):
            raise Unusable(f"{source}: entry {entry.filename[:200]!r} is a link")
        if len(PurePosixPath(entry.filename).parts) > DEEPEST:
            raise Unusable(f"{source}: more than {DEEPEST} folders one in another")
        if entry.filename in names:
            raise Unusable(f"{source}: the zip holds one name twice")
        names.add(entry.filename)
    return [entry for entry in entries if not entry.is_dir() and not added_by_a_system(entry.filename)]


def added_by_a_system(name: str) -> bool:
    """Whether an entry is what a system adds to a zip or a folder of its own accord."""
    parts = PurePosixPath(name).parts
    return (
        parts[0] == "__MACOSX" or parts[-1] in (".DS_Store", "Thumbs.db", "desktop.ini") or parts[-1].startswith("._")
    )


def extract(source: Path, archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo], folder: Path) -> None:
    allowed = min(MOST_BYTES, max(LEAST_ALLOWED, MOST_RATIO * source.stat().st_size))
    left = allowed
    for entry in entries:
        target = folder / entry.filename
        target.parent.mkdir(parents=True, exist_ok=True)
        with archive.open(entry) as packed, target.open("xb") as plain:
            while block := packed.read(min(1 << 20, left + 1)):
                left -= len(block)
                if left < 0:
                    raise Unusable(
                        f"{source}: unpacks to more than {allowed >> 20} MiB, which is too much for its size"
                    )
                plain.write(block)


def package_folder(source: Path, folder: Path, descriptor: str) -> Path:
    """The folder that holds the descriptor: the zip itself, or the one folder in it that has one."""
    if (folder / descriptor).is_file():
        return folder
    inside = sorted(path.parent for path in folder.glob(f"*/{descriptor}") if path.is_file())
    if len(inside) == 1:
        return inside[0]
    if inside:
        names = ", ".join(path.name for path in inside[:5])
        raise Unusable(f"{source}: more than one package in the zip ({names}); zip one of them alone")
    raise Unusable(f"{source}: no {descriptor} in the zip")
