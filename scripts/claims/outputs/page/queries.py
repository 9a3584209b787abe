"""What the page takes from the file of queries that the package's conventions name as `site`, with rows."""

from dataclasses import dataclass, field

from ... import database, edtf
from ...package import Package, Unusable

MONTHS = "- January February March April May June July August September October November December".split()  # noqa: SIM905
SEASONS = {"21": "spring", "22": "summer", "23": "autumn"}
EMPTY: dict = {
    "cautions": [],
    "number": [],
    "picture": [],
    "disputed": {},
    "search": {},
    "filter": [],
    "columns": {},
    "panel": {},
    "row": [],
}


@dataclass
class Picture:
    """A picture as the file describes it, with the sentence, the rows and the explanation that its queries give."""

    given: dict
    reading: str
    rows: list[dict]
    legend: str = ""


@dataclass
class Answers:
    """Everything that was asked of the tables."""

    cautions: list[str] = field(default_factory=list)
    numbers: list[dict] = field(default_factory=list)
    pictures: list[Picture] = field(default_factory=list)
    disputed: list[dict] = field(default_factory=list)
    rows: dict[str, list] = field(default_factory=dict)  # id: table, English label, Russian label, words
    search: str = ""  # what the explorer can be searched for
    filters: list[dict] = field(default_factory=list)
    columns: dict[str, list[str]] = field(default_factory=dict)  # table: columns shown at first
    first: list[str] = field(default_factory=list)  # tables that come first in a panel
    together: dict[str, list[str]] = field(default_factory=dict)  # table: heading of all its rows in a panel


def ask(package: Package) -> Answers:
    """The answers to all queries; those of an article with other tables may be fewer. Raises Unusable."""
    asked = entries(package)
    answers = Answers(asked["cautions"], columns=asked["columns"], **asked["panel"])
    path = package.conventions.get("site")
    connection = package.database
    connection.create_function("say", 1, say, deterministic=True)

    def rows(entry: dict, query: str = "sql") -> list[dict]:
        try:
            return database.select(connection, entry[query])
        except database.QueryRefused as error:
            name = next((entry[one] for one in ("id", "table", "text") if one in entry), "search or disputed")
            raise Unusable(f"{path}: {name}: {error}; correct its {query}") from error

    try:
        for entry in asked["number"]:
            answers.numbers.append({**entry, "value": first(rows(entry))})
        for entry in asked["picture"]:
            legend = first(rows(entry, "legend")) if "legend" in entry else ""
            picture = Picture(entry, first(rows(entry, "reading")), rows(entry), legend)
            if picture.rows and (missing := entry["columns"].keys() - picture.rows[0].keys()):
                raise Unusable(
                    f"{path}: picture '{entry['id']}': there is no column '{min(missing)}'; correct its columns"
                )
            answers.pictures.append(picture)
        if asked["disputed"]:
            answers.disputed = rows(asked["disputed"])
        if asked["search"]:
            answers.search = first(rows(asked["search"]))
        for entry in asked["filter"]:
            answers.filters.append(filter_(entry, rows(entry)))
        for entry in asked["row"]:
            for one in rows(entry):
                answers.rows[one["id"]] = [entry["table"], one["label_en"], one["label_ru"], one["words"]]
    except KeyError as error:
        raise Unusable(f"{path}: an entry or its rows lack {error}; see the head of that file") from error
    except (TypeError, AttributeError) as error:
        raise Unusable(f"{path}: {error}; see the head of that file") from error
    return answers


def entries(package: Package) -> dict:
    """The file as it stands, empty lists where a package has none; its cautions end with the descriptor's `coding`.

    Raises Unusable.
    """
    given = file_entries(package)
    return given | {"cautions": given["cautions"] + [text for text in (package.descriptor.get("coding"),) if text]}


def file_entries(package: Package) -> dict:
    """The entries of the file alone. Raises Unusable."""
    path = package.conventions.get("site")
    if not path:
        return EMPTY
    return EMPTY | package.settings("site")


def filter_(entry: dict, rows: list[dict]) -> dict:
    """A filter with what each row is found by: a list of values, or the first and last day of a span."""
    span = "first" in rows[0] if rows else False
    found: dict[str, list] = {}
    for row in rows:
        found.setdefault(row["id"], []).extend([row["first"], row["last"]] if span else [row["value"]])
    return {name: entry[name] for name in ("id", "title", "title_ru", "tables")} | {"span": span, "rows": found}


def first(rows: list[dict]) -> str:
    """The only cell; empty where the tables hold nothing to tell."""
    value = next(iter(rows[0].values())) if rows else None
    return "" if value is None else str(value)


def say(text: str | None) -> str | None:
    """A date in words; a text that is no date stays as it is.

    >>> say("2025-03-31/2025-04-07")
    '31 March – 7 April 2025'
    >>> say("../2026-12"), say("2024-21"), say("199X")
    ('by December 2026', 'spring 2024', 'the 1990s')
    """
    if not text:
        return None
    try:
        edtf.bounds(text)
    except ValueError:
        return text
    start, slash, end = text.partition("/")
    if start == "..":
        return f"by {say(end)}"
    if end == "..":
        return f"since {say(start)}"
    if slash:
        one, other = say(start).split(), say(end).split()
        while len(one) > 1 and one[-1] == other[len(one) - 1]:  # what both ends share is said once
            one.pop()
        return f"{' '.join(one)} – {' '.join(other)}"
    if text.endswith("X"):
        return f"the {text.replace('X', '0')}s"
    parts = text.split("-")
    if len(parts) == 1:
        return text
    name = SEASONS.get(parts[1]) or MONTHS[int(parts[1])]
    day = f"{int(parts[2])} " if len(parts) == 3 else ""
    return f"{day}{name} {parts[0]}"
