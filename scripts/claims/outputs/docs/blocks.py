"""The generated parts of README.md and docs/, between `<!-- begin NAME -->` and `<!-- end NAME -->`.

Most are the package's own figures: one SELECT each in the file that its conventions name.
"""

import re
from collections import Counter

from ... import database
from ...citation import as_text, of_package
from ...markdown import table as markdown_table
from ...package import Package, Unusable
from ...validation import catalogue
from .agreement import agreement, exits
from .coding_rules import coding_rules
from .speed import speed

DOCUMENTS = ("README.md", "docs/*.md")


def build(package: Package) -> dict[str, bytes]:
    blocks = figures(package) | agreement(package) | exits(package) | speed(package)
    blocks |= {
        "counts": counts(package),
        "status": status(package),
        "tables": tables(package),
        "rules": coding_rules(package),
        "coding": f"**{package.descriptor.get('coding', 'Nothing is said of who coded and checked.')}**\n",
        "cite": f"> {as_text(of_package(package))}\n",
    }
    files = {}
    for file in sorted(path for pattern in DOCUMENTS for path in package.root.glob(pattern)):
        text = with_blocks(file.read_text("utf-8"), blocks)
        if text != file.read_text("utf-8"):
            files[file.relative_to(package.root).as_posix()] = text.encode("utf-8")
    return files


def with_blocks(text: str, blocks: dict[str, str]) -> str:
    """The text with every block that it has a place for."""
    return re.sub(
        r"(?s)(<!-- begin ([\w-]+) -->\n).*?(<!-- end \2 -->)",
        lambda match: match[1] + blocks[match[2]] + match[3] if match[2] in blocks else match[0],
        text,
    )


def figures(package: Package) -> dict[str, str]:
    """The package's figures as Markdown: lines for a query with one column, a table for more. Raises Unusable."""
    path = package.conventions.get("figures")
    if not path:
        return {}
    blocks = {}
    try:
        for figure in package.settings("figures")["figure"]:
            blocks[figure["id"]] = as_markdown(database.select(package.database, figure["sql"]))
    except (KeyError, TypeError) as error:
        raise Unusable(f"{path} cannot be read: {error}") from error
    except database.QueryRefused as error:
        raise Unusable(f"{path}: figure '{figure['id']}': {error}; correct its query") from error
    return blocks


def as_markdown(rows: list[dict]) -> str:
    if not rows:
        return "None.\n"
    cells = [["" if cell is None else str(cell) for cell in row.values()] for row in rows]
    return markdown_table(list(rows[0]), cells) if len(rows[0]) > 1 else "".join(f"{cell}\n" for (cell,) in cells)


def tables(package: Package) -> str:
    """One line per table: rows and what a row is."""
    return markdown_table(
        ["table", "rows", "one row per"],
        [
            [
                f"[{table.name}]({table.path})",
                str(len(package.data[table.name].records)),
                table.schema["description"].removeprefix("One row per "),
            ]
            for table in package.tables.values()
        ],
    )


def counts(package: Package) -> str:
    """The package in numbers."""
    rows = sum(len(data.records) for data in package.data.values())
    fields = sum(len(table.fields) for table in package.tables.values())
    return f"{rows} rows in {len(package.data)} tables, {fields} columns, {len(catalogue(package))} rules.\n"


def status(package: Package) -> str:
    """How far the coding has come, by the status of the segments."""
    counted = Counter(cells["coding_status"] for _, cells in package.data[package.conventions["segments"]].by_column())
    waiting = counted.pop("to_do", 0)
    said = ", ".join(f"{number} {status}" for status, number in sorted(counted.items()))
    return f"Of {counted.total() + waiting} sentences, headings and notes: {said}; {waiting} to do.\n"
