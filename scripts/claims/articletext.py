"""How the article's text is counted, located and compared, in one place for segmenting and for the audit."""

import hashlib
import re
import unicodedata
from itertools import pairwise
from pathlib import Path

from .findings import Unusable

MOST_BYTES = 16 << 20

WORD = re.compile(r"[^\W_]+")
NOT_KEPT = re.compile(r"[^a-zа-я0-9]+")


def words(text: str) -> list[str]:
    """Runs of letters or digits, as printed."""
    return WORD.findall(text)


def normalized(text: str) -> str:
    """NFKC, casefold, ё to е, then only a–z, а–я and 0–9.

    Survives lost hyphens, line breaks, quote styles and dashes of other extractions of the same page.
    """
    folded = unicodedata.normalize("NFKC", text).casefold().replace("ё", "е")
    return NOT_KEPT.sub("", folded)


def sha256(text: str) -> str:
    """SHA-256 of the normalised text, in hexadecimal."""
    return hashlib.sha256(normalized(text).encode("utf-8")).hexdigest()


def anchors(texts: list[str]) -> list[str]:
    """For each text the first word, or else the first two neighbouring words, found in no other text.

    Found means as a search would find it: any case, also inside a longer word. Words with digits are
    left out, because a note mark may be glued to them. Empty for a text that has no such words.
    """
    folded = [text.casefold() for text in texts]
    result = []
    for number, text in enumerate(texts):
        elsewhere = "\n".join(folded[:number] + folded[number + 1 :])
        plain = [match for match in WORD.finditer(text) if not re.search(r"\d", match[0])]
        pairs = [text[a.start() : b.end()] for a, b in pairwise(plain) if b.start() - a.end() == 1]
        candidates = [match[0] for match in plain if len(match[0]) > 2] + pairs
        result.append(next((candidate for candidate in candidates if candidate.casefold() not in elsewhere), ""))
    return result


def read_text(file: Path) -> str:
    """The copy of the article in a file. Raises Unusable for what is no text in UTF-8."""
    try:
        if file.stat().st_size > MOST_BYTES:
            raise Unusable(f"{file}: larger than {MOST_BYTES >> 20} MiB, so it is not the article")
        return file.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unusable(f"{file}: not text in UTF-8; extract the article as plain text first") from error
    except OSError as error:
        raise Unusable(f"{file}: cannot be read ({error.strerror})") from error
