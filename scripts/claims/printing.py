"""What a stranger wrote, as it may be printed: nothing that a terminal or a CI server obeys, and no more than fits.

A terminal obeys control characters, a reader is fooled by those that turn the direction of writing, GitHub, Azure and
TeamCity obey lines that begin with `::` and the marks `##[`, `##vso[`, `##teamcity[` anywhere.
"""

import re

OBEYED = re.compile(r"[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
COMMAND = re.compile(r"^(\s*):(?=:)")
MARK = re.compile(r"#(?=#\w*\[)")


def printable(text: object, most: int = 0) -> str:
    """Text on one line, with characters that are obeyed written as `\\x1b`; cut after `most` characters."""
    text = str(text)
    if most and len(text) > most:
        text = text[:most] + "…"
    text = OBEYED.sub(lambda match: match[0].encode("unicode-escape", "surrogatepass").decode("ascii"), text)
    return MARK.sub(r"#\\", COMMAND.sub(r"\1\\:", text)) if ":" in text or "#" in text else text


def in_json(text: str) -> str:
    """JSON in which no character is obeyed; what it says is the same."""
    text = re.sub(r"#(?=#\w*\[)", r"\\u0023", text)
    return OBEYED.sub(lambda match: match[0] if match[0] == "\n" else f"\\u{ord(match[0]):04x}", text)
