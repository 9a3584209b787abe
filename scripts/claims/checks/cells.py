"""What no cell may hold: invisible characters, blanks at its ends, placeholders, formulas, words of two alphabets."""

import re
import unicodedata
from functools import cache

from ..sql import columns, literal
from .values import SAFE

PLACEHOLDERS = {
    *("na", "n/a", "n.a.", "#n/a", "nan", "null", "none", "nil", "tbd", "?", "-", "–", "—", ".", "unknown"),
    *("нет", "нет данных", "н/д"),
}
LONGEST_PLACEHOLDER = max(map(len, PLACEHOLDERS))
# Four of five cells are of this kind, which no rule but that of placeholders minds; it halves the time of this layer.
PLAIN = re.compile(r"[A-Za-z0-9](?:[ -~]*[!-~])?")
FORMULA = re.compile(r"[=+\-@\t\r]")
MIXABLE = {"LATIN", "CYRILLIC", "GREEK"}
# Letters, digits, and the marks that hold initials and apostrophes together; a hyphen parts two words.
WORD = re.compile(r"[^\W_]+(?:[.'’]+[^\W_]+)*")

# What SQL knows of cells, all of a record's together with a character between that none may hold. Clean ones have only
# safe characters, begin with no blank or sign of a formula, end with no blank, are no placeholder, mix no alphabets.
APART = "\x1f"
CLEAN = f"{SAFE[:-1]}{APART}]*"
LATIN, CYRILLIC, WITHIN = "A-Za-zª-ſ", "Ѐ-џ", "0-9.'’ª-¾ぁ-ヺー一-鿯가-힣"
PLACEHOLDER = f"(?i:{'|'.join(map(re.escape, sorted(PLACEHOLDERS)))})(?:{APART}|$)"
UNCLEAN = "|".join(
    [
        f"(?:^|{APART})(?:[ =+@-]|{PLACEHOLDER})",
        f" (?:{APART}|$)",
        f"[{LATIN}][{WITHIN}]*[{CYRILLIC}]",
        f"[{CYRILLIC}][{WITHIN}]*[{LATIN}]",
    ]
)


def offence(cell: str, is_text: bool) -> tuple[str, str] | None:
    """The first rule of good form that a cell breaks, and how; None for a clean cell."""
    if PLAIN.fullmatch(cell) and (len(cell) > LONGEST_PLACEHOLDER or cell.casefold() not in PLACEHOLDERS):
        return None
    if "\n" in cell or "\r" in cell:
        return "line-break", "a line break in a cell"
    if invisible := next((one for one in cell if is_invisible(one)), None) if maybe_invisible(cell) else None:
        return "invisible-character", f"holds U+{ord(invisible):04X} {unicodedata.name(invisible, 'unnamed')}"
    if cell != cell.strip():
        return "surrounding-blank", "a blank at the beginning or end"
    if not unicodedata.is_normalized("NFC", cell):
        return "not-nfc", "not in Unicode normalisation form C"
    if cell.casefold() in PLACEHOLDERS:
        return "placeholder", "a placeholder where an empty cell means 'not given'"
    if is_text and FORMULA.match(cell):
        return "formula", f"begins with '{cell[0]}', which a spreadsheet may run"
    if mixed := mixed_script_word(cell):
        return "mixed-script", f"the word '{mixed}' mixes alphabets"
    return None


def maybe_invisible(cell: str) -> bool:
    """Whether a cell needs a look at each character, which takes forty times as long as this."""
    return not cell.isprintable() or "\ufffd" in cell


def is_invisible(character: str) -> bool:
    """Controls, formats (zero-width, soft hyphen, bidi), blanks other than the plain one, and U+FFFD."""
    category = unicodedata.category(character)
    return (
        category in ("Cc", "Cf", "Zl", "Zp", "Co", "Cn")
        or character == "\ufffd"
        or (category == "Zs" and character != " ")
    )


def mixed_script_word(cell: str) -> str:
    """The first word of a cell whose letters belong to more than one of Latin, Cyrillic and Greek."""
    if cell.isascii() or not mixed(cell):
        return ""
    return next(filter(mixed, WORD.findall(cell)), "")


def mixed(text: str) -> bool:
    return len(MIXABLE.intersection(map(script, set(text)))) > 1


@cache
def script(character: str) -> str:
    """LATIN, CYRILLIC, GREEK, HANGUL … for a letter; empty for anything else."""
    return unicodedata.name(character, "").split(" ")[0] if character.isalpha() else ""


def clean(names: list[str]) -> str:
    """SQL that is true for a record if all its cells in these text columns are surely clean."""
    if not names:
        return "TRUE"
    together = f"concat_ws({literal(APART)}, {columns(names)})"
    return f"(regexp_full_match({together}, {literal(CLEAN)}) AND NOT regexp_matches({together}, {literal(UNCLEAN)}))"
