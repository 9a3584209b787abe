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
UNSPACED = re.compile(
    r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]"
)  # Thai to Khmer, kana, Han
PIECE = 4
NEWEST = 2  # the normalisation of new packages


def words(text: str) -> list[str]:
    """Runs of letters or digits, as printed."""
    return WORD.findall(text)


def normalization(descriptor: dict) -> int:
    """Which normalisation the locators of a package were made with; the first, where its descriptor does not say."""
    return descriptor.get("normalization", 1)


def normalized(text: str, version: int = NEWEST) -> str:
    """NFKC, casefold, ё to е, then only what the version keeps.

    Version 1 keeps a–z, а–я and 0–9; version 2 letters, digits and what stands over or under them in every script,
    which is the same for a text in these two alphabets. Survives lost hyphens, line breaks, quote styles and dashes of
    other extractions of the same page.
    """
    folded = unicodedata.normalize("NFKC", text).casefold().replace("ё", "е")
    if version == 1 or folded.isascii():
        return NOT_KEPT.sub("", folded)
    return "".join(one for one in unicodedata.normalize("NFC", folded) if unicodedata.category(one)[0] in "LMN")


def sha256(text: str, version: int = NEWEST) -> str:
    """SHA-256 of the normalised text, in hexadecimal."""
    return hashlib.sha256(normalized(text, version).encode("utf-8")).hexdigest()


def pieces(word: str) -> list[str]:
    """A word without digits; of a script without blanks, where it may be a clause, its stretches of four letters."""
    if not UNSPACED.search(word):
        return [] if re.search(r"\d", word) or len(word) < 3 else [word]
    runs = re.findall(r"[^\W\d_]+", word)
    return [run[at : at + PIECE] for run in runs for at in range(max(len(run) - PIECE + 1, 1))]


def anchors(texts: list[str]) -> list[str]:
    """For each text the first word, or else the first two neighbouring words, found in no other text.

    Found means as a search would find it: any case, also inside a longer word. Words with digits are
    left out, because a note mark may be glued to them. Empty for a text that has no such words.
    """
    folded = [text.casefold() for text in texts]
    result = []
    for number, text in enumerate(texts):
        elsewhere = "\n".join(folded[:number] + folded[number + 1 :])
        plain = [
            match for match in WORD.finditer(text) if not re.search(r"\d", match[0]) and not UNSPACED.search(match[0])
        ]
        pairs = [text[one.start() : two.end()] for one, two in pairwise(plain) if two.start() - one.end() == 1]
        candidates = [piece for word in words(text) for piece in pieces(word)] + pairs
        result.append(next((one for one in candidates if one.casefold() not in elsewhere), ""))
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
