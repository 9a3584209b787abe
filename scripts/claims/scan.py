r"""Whether a file is a canonical table, found out without splitting it into cells.

Canonical is what csvtext.write gives: UTF-8, LF, comma, quotes only where a cell has a comma or a quote. A cell with a
line break is canonical too, but counted as not, like any file of which this cannot be told line by line.
"""

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

BLOCK = 1 << 20
CONTROL_BYTES = bytes(code for code in range(32) if code not in b"\t\n")
QUOTED_CELL = rb'"(?:[^",]++)?+(?:,|"")(?:[^"]++|"")*+"'
CELL = rb"(?:" + QUOTED_CELL + rb'|[^",]*+)'
RECORD = re.compile(CELL + rb"(?:," + CELL + rb")*+")
IN_QUOTES = re.compile(QUOTED_CELL)


@dataclass
class Scan:
    """What a file is: size in bytes, SHA-256 in hexadecimal, lines after the header, and whether it is canonical."""

    size: int
    sha256: str
    records: int
    canonical: bool


def scan(file: Path, header: list[str]) -> Scan:
    """Read a file once, in blocks of whole lines. Raises OSError."""
    digest, size, records = hashlib.sha256(), 0, 0
    with file.open("rb") as stream:
        first = stream.readline()
        digest.update(first)
        size += len(first)
        canonical = first == (",".join(header) + "\n").encode("utf-8")
        while block := stream.read(BLOCK) + stream.readline():
            digest.update(block)
            size += len(block)
            canonical = canonical and is_canonical(block, len(header))
            records += block.count(b"\n")
    return Scan(size, digest.hexdigest(), records, canonical)


def is_canonical(block: bytes, width: int) -> bool:
    """Whether whole lines hold so many cells each, canonically written.

    Of lines without a quote only the sum of cells is known; the engine refuses a line with too few.
    """
    if not block.endswith(b"\n") or block.translate(None, CONTROL_BYTES) != block:
        return False
    try:
        block.decode("utf-8")
    except UnicodeDecodeError:
        return False
    lines = block.count(b"\n")
    commas = block.count(b",")
    for line in block.split(b"\n") if b'"' in block else ():
        if b'"' in line:
            if not RECORD.fullmatch(line) or IN_QUOTES.sub(b"", line).count(b",") != width - 1:
                return False
            commas -= line.count(b",") - (width - 1)
    return commas == lines * (width - 1)
