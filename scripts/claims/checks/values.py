"""Which cells a field accepts: by hand for one cell, and as SQL for a column.

Neither is ever more lenient than frictionless with the Strict check, and both may be stricter: what they refuse
frictionless reads and explains, or passes.
"""

import re
from datetime import date
from decimal import Decimal

from ..sql import literal, quoted

LEXICAL = {
    "integer": re.compile("-?(?:0|[1-9][0-9]*)"),
    "number": re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?"),
    "date": re.compile("(?!0000)[0-9]{4}-[0-9]{2}-[0-9]{2}"),
}
BOUNDS = {"minimum": ">=", "maximum": "<=", "exclusiveMinimum": ">", "exclusiveMaximum": "<"}
# The constraints that a type may have; with any other, frictionless has something to say of the field itself.
CONSTRAINTS = {
    "string": {"required", "unique", "enum", "pattern", "minLength", "maxLength"},
    "integer": {"required", "unique", "enum", *BOUNDS},
    "number": {"required", "unique", "enum", *BOUNDS},
    "date": {"required", "unique", "enum", *BOUNDS},
    "boolean": {"required", "unique", "enum"},
}
KNOWN = {  # properties of a field that do not change what it accepts, or are looked at here
    *("name", "type", "title", "titleRu", "description", "example", "constraints", "codeList", "categories"),
    *("derived", "officialName", "trueValues", "falseValues"),
}
DIGITS = 15  # as many a double holds exactly
WHOLE_DIGITS = 18  # as many a 64-bit number holds
# Letters, digits, blanks and punctuation of which Python and RE2 think alike: of blanks only the plain one.
SAFE = r"[ -~¡-¬®-ſЀ-џ‐-—‘-‟•…№−、。ぁ-ゖァ-ヺー一-鿯가-힣]"
# Patterns that RE2 reads as Python does, in cells of SAFE characters: no look-around, no named classes of letters.
ALIKE = re.compile(r"(?:(?!\{,|\[:)[^\\(]|\\[\\.+*?()|{}^$/\-sSdD]|\((?!\?)|\(\?:)*")


def form(kind: str, constraints: dict) -> re.Pattern | None:
    """What a cell that is not empty must match as a whole."""
    pattern = constraints.get("pattern")
    return re.compile(pattern) if kind == "string" and pattern else LEXICAL.get(kind)


def accepted(field: dict, cell: str) -> bool:
    """Whether a cell is surely a value of a field."""
    kind, constraints = field["type"], field.get("constraints", {})
    if not plain(field):
        return False
    if not cell:
        return not constraints.get("required")
    whole = form(kind, constraints)
    if (whole and not whole.fullmatch(cell)) or ("enum" in constraints and cell not in constraints["enum"]):
        return False
    if kind == "boolean":
        return cell in ("true", "false")
    if kind == "string":
        return constraints.get("minLength", 0) <= len(cell) <= constraints.get("maxLength", len(cell))
    value = as_value(kind, cell)
    return value is not None and all(within(value, key, as_value(kind, constraints[key])) for key in bounds(field))


def plain(field: dict) -> bool:
    """Whether a field has only what is looked at here."""
    given = field.get("constraints", {})
    return (
        set(field) <= KNOWN
        and set(given) <= CONSTRAINTS.get(field.get("type", ""), set())
        and field.get("trueValues", ["true"]) == ["true"]
        and field.get("falseValues", ["false"]) == ["false"]
        and all(isinstance(one, str) for one in given.get("enum", []))
    )


def bounds(field: dict) -> list[str]:
    return [key for key in BOUNDS if key in field.get("constraints", {})]


def as_value(kind: str, cell: object) -> Decimal | str | None:
    """A cell or bound as what its type compares by; None for what is none."""
    text = str(cell)
    if isinstance(cell, bool) or not LEXICAL[kind].fullmatch(text):
        return None
    if kind != "date":
        return Decimal(text)
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        return None


def within(value, key: str, bound) -> bool:
    compare = {"minimum": "__ge__", "maximum": "__le__", "exclusiveMinimum": "__gt__", "exclusiveMaximum": "__lt__"}
    return bound is not None and getattr(value, compare[key])(bound)


def condition(field: dict) -> str:
    """SQL that is true for the cells of a column which its field surely accepts; an empty cell is NULL."""
    given, name = field.get("constraints", {}), quoted(field["name"])
    if not plain(field):
        return "FALSE"
    parts = conditions_of_type(field, name)
    if "enum" in given:
        parts.append(f"{name} IN ({', '.join(map(literal, given['enum']))})")
    if "minLength" in given:
        parts.append(f"length({name}) >= {int(given['minLength'])}")
    if "maxLength" in given:
        parts.append(f"length({name}) <= {int(given['maxLength'])}")
    whole = " AND ".join(parts) or "TRUE"
    return f"({name} IS NOT NULL AND {whole})" if given.get("required") else f"({name} IS NULL OR ({whole}))"


def conditions_of_type(field: dict, name: str) -> list[str]:
    kind, given = field["type"], field.get("constraints", {})
    if kind == "boolean":
        return [f"{name} IN ('true', 'false')"]
    if kind == "string":
        pattern = given.get("pattern")
        if pattern and not ALIKE.fullmatch(pattern):
            return ["FALSE"]
        parts = [f"regexp_full_match({name}, {literal(pattern)})"] if pattern else []
        return parts + (
            [f"regexp_full_match({name}, '{SAFE}*')"] if pattern and re.search(r"\\[sSdD]", pattern) else []
        )
    limits = [(BOUNDS[key], as_value(kind, given[key])) for key in bounds(field)]
    if any(limit is None or len(str(limit)) > DIGITS for _, limit in limits):
        return ["FALSE"]
    if kind == "date":
        days = [f"{name} {sign} {literal(limit)}" for sign, limit in limits]
        return [
            f"regexp_full_match({name}, '[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}')",
            f"TRY_CAST({name} AS DATE) IS NOT NULL AND {name} >= '0001'",
            *days,
        ]
    digits, target = (WHOLE_DIGITS, "BIGINT") if kind == "integer" else (DIGITS, "DOUBLE")
    numbers = [f"TRY_CAST({name} AS {target}) {sign} {limit}" for sign, limit in limits]
    return [f"regexp_full_match({name}, {literal(LEXICAL[kind].pattern)})", f"length({name}) <= {digits}", *numbers]
