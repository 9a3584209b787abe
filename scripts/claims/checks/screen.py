"""Which records may have a cell that is not clean, or that its column does not accept."""

from ..csvtext import Record
from ..engine import Engine, Error
from ..table import Table
from . import cells, values


def doubtful(engine: Engine, table: Table) -> list[Record]:
    """The records of which SQL cannot tell that all their cells are right; found once."""
    if table.name not in engine.doubtful:
        try:
            found = list(engine.records(table.name, f"({condition(table)}) IS NOT TRUE"))
        except Error:  # such as a pattern that RE2 refuses
            found = list(engine.records(table.name, "TRUE"))
        engine.doubtful[table.name] = [Record(engine.line(table.name, row), [*found.values()]) for row, found in found]
    return engine.doubtful[table.name]


def condition(table: Table) -> str:
    """SQL that is true for a record whose cells are surely right."""
    texts = [one["name"] for one in table.fields if one["type"] == "string" and not clean_codes(one)]
    return " AND ".join([*map(values.condition, table.fields), cells.clean(texts)])


def clean_codes(field: dict) -> bool:
    """Whether a column takes only the codes of a list, and all are clean."""
    codes = field.get("constraints", {}).get("enum", [])
    return bool(codes) and not any(cells.offence(code, True) for code in codes if code)
