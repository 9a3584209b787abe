"""The generated parts of README.md, between `<!-- begin NAME -->` and `<!-- end NAME -->`."""

import re
from collections import Counter

from ..citation import as_text, of_package
from ..content import Content
from ..package import Package
from ..validation import catalogue
from .markdown import table as markdown_table


def build(package: Package, contents: dict[str, Content]) -> dict[str, bytes]:
    file = package.root / "README.md"
    if not file.is_file():
        return {}
    text = file.read_text("utf-8")
    blocks = {"counts": counts, "status": status, "tables": tables, "cite": cite}
    for name, block in ((name, make(package, contents)) for name, make in blocks.items()):
        text = re.sub(
            rf"(?s)(<!-- begin {name} -->\n).*?(<!-- end {name} -->)",
            lambda match, block=block: match[1] + block + match[2],
            text,
        )
    return {"README.md": text.encode("utf-8")}


def tables(package: Package, contents: dict[str, Content]) -> str:
    """One line a table: rows and what a row is."""
    return markdown_table(
        ["table", "rows", "one row is"],
        [
            [
                f"[{one.name}]({one.path})",
                str(len(contents[one.name].lines)),
                one.resource["description"].removeprefix("One row "),
            ]
            for one in package.tables.values()
        ],
    )


def counts(package: Package, contents: dict[str, Content]) -> str:
    """The package in numbers."""
    rows = sum(len(one.lines) for one in contents.values())
    fields = sum(len(table.fields) for table in package.tables.values())
    return f"{rows} rows in {len(contents)} tables, {fields} columns, {len(catalogue(package))} rules.\n"


def cite(package: Package, contents: dict[str, Content]) -> str:
    """How to cite this version."""
    return f"> {as_text(of_package(package))}\n"


def status(package: Package, contents: dict[str, Content]) -> str:
    """How far the coding has come, by the status of the segments."""
    counted = Counter(cells["coding_status"] for _, cells in contents[package.conventions["segments"]].records())
    waiting = counted.pop("to_do", 0)
    said = ", ".join(f"{number} {status}" for status, number in sorted(counted.items()))
    return f"Of {counted.total() + waiting} sentences, headings and notes: {said}; {waiting} to do.\n"
