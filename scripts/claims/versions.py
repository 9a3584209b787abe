"""Versions of a package: their order, what a bump makes of one, and the releases that are at hand.

A release is `releases/NAME-VERSION.zip` in the package's folder. A package without that folder, such as one that was
itself opened from a zip, has no earlier release at hand.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .findings import or_did_you_mean
from .package import DESCRIPTOR, Package, Unusable, load_json, opened

FOLDER = "releases"
BUMPS = ("none", "patch", "minor", "major")
NUMBER = "(?:0|[1-9][0-9]*)"
VERSION = re.compile(rf"({NUMBER})\.({NUMBER})\.({NUMBER})", re.ASCII)


def parts(version: str) -> tuple[int, int, int]:
    """A version as numbers that compare. Raises Unusable for anything but three of them."""
    match = VERSION.fullmatch(version)
    if not match:
        raise Unusable(f"'{version}' is no version: three numbers such as 1.4.0 are expected")
    major, minor, patch = map(int, match.groups())
    return major, minor, patch


def bumped(version: str, bump: str) -> str:
    """The lowest version that a change of this weight leads to."""
    major, minor, patch = parts(version)
    return {
        "none": version,
        "patch": f"{major}.{minor}.{patch + 1}",
        "minor": f"{major}.{minor + 1}.0",
        "major": f"{major + 1}.0.0",
    }[bump]


def release_path(name: str, version: str) -> str:
    """Where the zip of a release stands, from the package's folder."""
    return f"{FOLDER}/{name}-{version}.zip"


def releases(root: Path, name: str) -> dict[str, Path]:
    """The releases at hand, version to zip, oldest first; a link that leads out of the folder is none."""
    by_version = {}
    for file in (root / FOLDER).glob("*.zip"):
        version = file.stem.removeprefix(f"{name}-")
        inside = file.resolve().is_relative_to(root.resolve())
        if VERSION.fullmatch(version) and file.stem != version and inside and file.is_file():
            by_version[version] = file
    return dict(sorted(by_version.items(), key=lambda item: parts(item[0])))


def last_release(root: Path, name: str) -> Path | None:
    return next(reversed(releases(root, name).values()), None)


@contextmanager
def version_opened(asked: str, home: Path) -> Iterator[Package]:
    """The package at a folder, descriptor or zip, or the release of this version of the package at `home`."""
    if VERSION.fullmatch(asked) and not Path(asked).exists():
        descriptor, _ = load_json(home / DESCRIPTOR)
        known = releases(home, (descriptor or {}).get("name", "?"))
        if asked not in known:
            at_hand = ", ".join(known) or "none"
            raise Unusable(f"no release {asked} in {home / FOLDER}; at hand: {at_hand}{or_did_you_mean(asked, known)}")
        asked = str(known[asked])
    with opened(asked) as package:
        yield package
