"""No text cell shares a run of six or more words with the article, numbers and month names not counted.

A run that lies wholly inside an official name (a field marked `officialName` in its schema) is no copy.
"""

from ..findings import Finding
from ..package import Package
from . import lexicon
from .lexicon import Lexicon

LONGEST = 5  # words that may follow each other as in the article


def counted(text: str, lists: Lexicon) -> list[str]:
    """The words of a text that count."""
    words = (lexicon.folded(word) for word, *_ in lists.tokens(text))
    return [word for word in words if not word.isdigit() and not lists.is_month(word)]


def grams(words: list[str]) -> set[tuple[str, ...]]:
    return {tuple(words[i : i + LONGEST + 1]) for i in range(len(words) - LONGEST)}


def check(text: str, package: Package, lists: Lexicon) -> list[Finding]:
    """One finding a cell that copies; `text` is the article, line breaks healed, `lists` the words of its language."""
    article = grams(counted(text, lists))
    official = {
        gram
        for data in package.data.values()
        for index, field in enumerate(data.table.fields)
        if field.get("officialName")
        for line in data.records
        for gram in grams(counted(line.cells[index], lists))
    }
    findings = []
    for data in package.data.values():
        free = [
            (index, field["name"])
            for index, field in enumerate(data.table.fields)
            if field["type"] == "string" and "codeList" not in field and not field.get("officialName")
        ]
        for line in data.records:
            for index, column in free:
                cell = line.cells[index]
                if cell.count(" ") < LONGEST:
                    continue
                copied = (grams(counted(cell, lists)) & article) - official
                if copied:
                    message = f"shares '{' '.join(min(copied))}' with the article"
                    row = data.row_id(line)
                    findings.append(
                        Finding("article-copied", data.table.path, message, line.number, column, cell[:80], row)
                    )
    return findings
