"""CHANGELOG.md: one section a version, the newest first, under a heading such as `## 1.4.0 — 2027-03-01`."""

import re
from dataclasses import dataclass
from datetime import date

from .package import Package, Unusable

FILE = "CHANGELOG.md"
HEADING = re.compile(r"(\S+)(?: [—–-] (.*))?")


@dataclass
class Entry:
    """A section: what its heading says, and its text."""

    version: str
    day: str
    text: str


def entries(package: Package) -> list[Entry]:
    """The sections in the order of the file. Raises Unusable for a file that is not there or no text."""
    file = package.root / FILE
    if not file.is_file():
        raise Unusable(f"{FILE}: not there; begin it with a heading such as '## 1.0.0 — 2027-03-01'")
    try:
        _, *sections = re.split(r"^## ", file.read_text("utf-8"), flags=re.MULTILINE)
    except UnicodeDecodeError as error:
        raise Unusable(f"{FILE}: not UTF-8") from error
    return [as_entry(*section.partition("\n")[::2]) for section in sections]


def as_entry(heading: str, text: str) -> Entry:
    """A section by its heading; one that has another form is taken for a version as a whole."""
    match = HEADING.fullmatch(heading.strip())
    version, day = match.groups() if match else (heading.strip(), None)
    return Entry(version, day or "", text.strip())


def entry_of(package: Package, version: str) -> Entry:
    """The newest section, which must be about this version. Raises Unusable for anything less than a full entry."""
    newest = next(iter(entries(package)), Entry("nothing", "", ""))
    if newest.version != version:
        raise Unusable(f"{FILE}: the newest section is about {newest.version}; expected '## {version} — YYYY-MM-DD'")
    try:
        valid = date.fromisoformat(newest.day).isoformat() == newest.day
    except ValueError:
        valid = False
    if not valid:
        raise Unusable(f"{FILE}: the heading of {version} needs the day of release: '## {version} — YYYY-MM-DD'")
    if not re.search(r"\*\*[^*]+\*\*", newest.text):
        raise Unusable(f"{FILE}: the section on {version} must say in bold (**…**) what users must do, be it nothing")
    return newest
