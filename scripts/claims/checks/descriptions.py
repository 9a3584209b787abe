"""What a reader may expect of the words of a schema: titles in their languages, descriptions that say something."""

import re
from collections.abc import Iterator

from ..findings import Finding
from ..table import Table

CYRILLIC = re.compile("[А-Яа-яЁё]")
LEAST_WORDS = 3  # that a description has beyond the names it explains


def check(table: Table) -> Iterator[Finding]:
    """Findings about the titles and descriptions of a table's fields."""
    for field in table.fields:
        place = {"file": table.schema_path, "column": field["name"]}
        own = words(field["description"]) - words(f"{field['name']} {field['title']} {table.name}") - IDLE
        if len(own) < LEAST_WORDS:
            message = "the description says hardly more than the name of the column"
            yield Finding(rule="description-idle", message=message, value=field["description"], **place)
        if CYRILLIC.search(field["title"]):
            message = "the English title has Russian letters"
            yield Finding(rule="title-language", message=message, value=field["title"], **place)
        if not CYRILLIC.search(field["titleRu"]) and field["titleRu"] != field["title"]:
            message = "the Russian title has no Russian letter"
            yield Finding(rule="title-language", message=message, value=field["titleRu"], **place)


def words(text: str) -> set[str]:
    """The words of an English text, without the ending of a plural."""
    return {re.sub(r"(?:ies|s)$", "", word) for word in re.findall(r"[a-z]+", text.lower())}


IDLE = words("the a an of in is are it its this that which for to and or by name id value field column code list kind")
