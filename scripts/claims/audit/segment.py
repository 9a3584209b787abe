"""Make or refresh the segments table from a table of numbered sentences.

The text itself goes nowhere but into counts, anchor and hash. What was judged by hand (kind, language, status, note …)
is kept for segments that are there already.
"""

import csv
from pathlib import Path

from .. import articletext
from ..canonical import table_text
from ..checks.metadata import refusal
from ..csvtext import Record
from ..findings import Unusable, or_did_you_mean
from ..package import Package
from ..tabledata import TableData

COLUMNS = ["segment_id", "page", "section", "paragraph", "sentence", "text"]


def segments_from(package: Package, file: Path, source: str | None) -> tuple[int, dict[str, bytes]]:
    """How many segments the sentences of a file are, and path to bytes of the segments table that holds them.

    `source` is the id of their text; only an empty table needs it. Raises Unusable for sentences that cannot be read
    or do not fit, and where a segment would go that rows refer to.
    """
    sentences = read_sentences(file)
    if package.findings or package.byte_findings:
        raise Unusable("the package cannot be read; run `claims validate` and correct what it finds first")
    if package.conventions.get("segments") not in package.data:
        raise Unusable(f"{package.source}: its descriptor names no table of segments among the 'conventions'")
    data = package.data[package.conventions["segments"]]
    refreshed = refresh(data, sentences, source)
    refuse_what_would_not_fit(refreshed, package)
    refuse_losses(data, refreshed, package)
    package.data[data.table.name] = refreshed
    text = table_text(package, refreshed)
    return len(refreshed.records), {data.table.path: text.encode("utf-8")}


def read_sentences(file: Path) -> list[dict[str, str]]:
    """The numbered sentences. Raises Unusable for a file that is none, or has an id twice or no text."""
    try:
        with file.open(encoding="utf-8-sig", newline="") as stream:
            rows = list(csv.DictReader(stream, strict=True))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise Unusable(f"{file}: cannot be read as CSV in UTF-8: {error}") from error
    if not rows:
        raise Unusable(f"{file}: no sentences; a header and at least one row are expected")
    if (found := [str(name) for name in rows[0] if name is not None]) != COLUMNS:
        separated = "; are its cells separated by commas?" if len(found) == 1 else ""
        raise Unusable(f"{file}: expected the columns {', '.join(COLUMNS)}; found {', '.join(found)}{separated}")
    seen: set[str] = set()
    for number, row in enumerate(rows, 2):
        if None in row or None in row.values() or not articletext.normalized(row["text"] or ""):
            raise Unusable(f"{file}, record {number}: a cell too many or too few, or no text")
        if row["segment_id"] in seen:
            raise Unusable(f"{file}, record {number}: segment_id {row['segment_id']} stands twice")
        seen.add(row["segment_id"])
    return rows


def refresh(data: TableData, sentences: list[dict[str, str]], source: str | None) -> TableData:
    """The segments table with everything that follows from the sentences; judged cells stay."""
    judged = {cells["segment_id"]: cells for _, cells in data.by_column()}
    source = source or next((cells["source_id"] for cells in judged.values()), None)
    if not source:
        raise Unusable("the table is empty: say with --source which text the sentences come from")
    anchors = articletext.anchors([row["text"] for row in sentences])
    lines = []
    for position, (row, anchor) in enumerate(zip(sentences, anchors, strict=True), 1):
        text = row.pop("text")
        measured = {
            **row,
            "position": str(position),
            "word_count": str(len(articletext.words(text))),
            "normalized_length": str(len(articletext.normalized(text))),
            "anchor": anchor,
            "sha256": articletext.sha256(text),
        }
        new = {
            "source_id": source,
            "segment_type": "note" if "n" in row["segment_id"] else "sentence",
            "language": "ru" if any("а" <= letter <= "я" for letter in text.casefold()) else "en",
            "coding_status": "to_do",
        }
        cells = {**new, **judged.get(row["segment_id"], {}), **measured}
        lines.append(Record(position + 1, [cells.get(name, "") for name in data.header]))
    return TableData(data.table, "", data.header, lines)


def refuse_what_would_not_fit(segments: TableData, package: Package) -> None:
    """Raises Unusable for a given cell that its column, or the table it points to, refuses."""
    known = {
        columns[0]: set(package.data[target].columns[package.data[target].header.index(keys[0])])
        for columns, target, keys in segments.table.foreign_keys
        if target != segments.table.name
    }
    for field, cells in zip(segments.table.fields, segments.columns, strict=True):
        if field["name"] not in (*COLUMNS, "source_id"):
            continue
        for number, cell in enumerate(cells, 1):
            problem = refusal(field, cell)
            if cell and field["name"] in known and cell not in known[field["name"]]:
                problem = f"no such row{or_did_you_mean(cell, known[field['name']])}; add it first"
            if problem:
                raise Unusable(f"sentence {number}: {field['name']} '{cell}': {problem}; nothing was written")


def refuse_losses(before: TableData, after: TableData, package: Package) -> None:
    """Raises Unusable where a segment would go that rows refer to."""
    lost = set(map(before.row_id, before.records)) - set(map(after.row_id, after.records))
    for other in ({**package.data, after.table.name: after}).values():
        for columns, target, _ in other.table.foreign_keys:
            named = lost.intersection(other.columns[other.header.index(columns[0])])
            if target == after.table.name and named:
                rows = f"rows of {other.table.name} refer to them"
                raise Unusable(f"the sentences lack {', '.join(sorted(named))}; {rows}, so nothing was written")
