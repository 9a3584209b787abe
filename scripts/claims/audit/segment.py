"""Make or refresh the segments table from a table of numbered sentences.

The text itself goes nowhere but into counts, anchor and hash. What was judged by hand (kind, language, status, note …)
is kept for segments that are there already.
"""

import csv
import re
from pathlib import Path

from .. import articletext
from ..canonical import canonical_files, table_text
from ..checks.metadata import refusal
from ..csvtext import Record
from ..findings import Unusable, or_did_you_mean
from ..package import Package
from ..tabledata import TableData
from .language import language_of

COLUMNS = ["segment_id", "page", "section", "paragraph", "sentence", "text"]
MEASURED = {
    *COLUMNS,
    "position",
    "word_count",
    "normalized_length",
    "anchor",
    "sha256",
}  # what follows from the sentences
MOVE = ". Where only numbers moved, --move carries the rows along"
KIND = "kind"  # may stand beside them: the type of a new segment, with ? where somebody must decide first


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
    refreshed = refresh(package, data, sentences, source)
    refuse_what_would_not_fit(refreshed, package)
    refuse_losses(data, refreshed, package)
    refuse_changes(data, refreshed, package)
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
    if (found := [str(name) for name in rows[0] if name is not None]) not in (COLUMNS, [*COLUMNS, KIND]):
        separated = "; are its cells separated by commas?" if len(found) == 1 else ""
        raise Unusable(f"{file}: expected the columns {', '.join(COLUMNS)}; found {', '.join(found)}{separated}")
    seen: set[str] = set()
    for number, row in enumerate(rows, 2):
        if None in row or None in row.values() or not articletext.normalized(row["text"] or ""):
            raise Unusable(f"{file}, record {number}: a cell too many or too few, or no text")
        if row["segment_id"] in seen:
            raise Unusable(f"{file}, record {number}: segment_id {row['segment_id']} stands twice")
        if row.get(KIND, "").endswith("?"):
            remedy = "cut or join it where it needs to be, and take the question mark away"
            raise Unusable(f"{file}, record {number}: {row['segment_id']} is '{row[KIND]}': {remedy}")
        seen.add(row["segment_id"])
    return rows


def refresh(package: Package, data: TableData, sentences: list[dict[str, str]], source: str | None) -> TableData:
    """The segments table with everything that follows from the sentences; judged cells stay."""
    judged = {cells["segment_id"]: cells for _, cells in data.by_column()}
    source = source or next((cells["source_id"] for cells in judged.values()), None)
    if not source:
        raise Unusable("the table is empty: say with --source which text the sentences come from")
    version, expected = articletext.normalization(package.descriptor), language_of_source(package, data, source)
    anchors = articletext.anchors([row["text"] for row in sentences])
    lines = []
    for position, (row, anchor) in enumerate(zip(sentences, anchors, strict=True), 1):
        text, kind = row.pop("text"), row.pop(KIND, "")
        measured = {
            **row,
            "position": str(position),
            "word_count": str(len(articletext.words(text))),
            "normalized_length": str(len(articletext.normalized(text, version))),
            "anchor": anchor,
            "sha256": articletext.sha256(text, version),
        }
        new = {
            "source_id": source,
            "segment_type": kind or ("note" if "n" in row["segment_id"] else "sentence"),
            "language": language_of(text, expected),
            "coding_status": "heading" if kind == "heading" else "to_do",
        }
        cells = {**new, **judged.get(row["segment_id"], {}), **measured}
        lines.append(Record(position + 1, [cells.get(name, "") for name in data.header]))
    return TableData(data.table, "", data.header, lines)


def language_of_source(package: Package, segments: TableData, source: str) -> str:
    """The language that the row of a source has in the table to which the segments point."""
    target = next(target for columns, target, _ in segments.table.foreign_keys if columns == ["source_id"])
    sources = package.data[target]
    rows = (cells for record, cells in sources.by_column() if sources.row_id(record) == source)
    return next((cells.get("language", "") for cells in rows), "")


def refuse_what_would_not_fit(segments: TableData, package: Package) -> None:
    """Raises Unusable for a given cell that its column, or the table it points to, refuses."""
    known = {
        columns[0]: set(package.data[target].columns[package.data[target].header.index(keys[0])])
        for columns, target, keys in segments.table.foreign_keys
        if target != segments.table.name
    }
    for field, cells in zip(segments.table.fields, segments.columns, strict=True):
        if field["name"] not in (*COLUMNS, "source_id", "segment_type"):
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
                raise Unusable(f"the sentences lack {', '.join(sorted(named))}; {rows}, so nothing was written{MOVE}")


def refuse_changes(before: TableData, after: TableData, package: Package) -> None:
    """Raises Unusable where the text of a segment is another one and rows of other tables point to it."""
    old, new = before.by_id, after.by_id
    changed = {name for name in new if name in old and old[name]["sha256"] != new[name]["sha256"]}
    for other in package.data.values():
        if other.table.name == after.table.name or not changed:
            continue
        for columns, target, _ in other.table.foreign_keys:
            named = changed.intersection(other.columns[other.header.index(columns[0])])
            if target == after.table.name and named:
                first = min(named)
                now = next((name for name in new if new[name]["sha256"] == old[first]["sha256"]), "")
                moved = f"; the text of {first} is now that of {now}" if now else ""
                raise Unusable(
                    f"the text of {', '.join(sorted(named))} is another one, and rows of {other.table.name} refer to it"
                    f"{moved}; nothing was written{MOVE}"
                )


def moved(package: Package, file: Path, source: str | None) -> tuple[int, dict[str, bytes]]:
    """As `segments_from`, with every row that points to a segment moved to the segment that now has its text.

    Ids that begin with the segment's (those of statements) move too, and so do the cells that refer to them. An id
    that a release had and that goes belongs into the table of retired ids, as `claims validate` says. Raises
    Unusable where two sentences are alike, so that nobody knows which one moved, and where the text of a segment
    that rows point to is gone.
    """
    sentences = read_sentences(file)
    if package.findings or package.byte_findings or package.conventions.get("segments") not in package.data:
        raise Unusable("the package cannot be read; run `claims validate` and correct what it finds first")
    data = package.data[package.conventions["segments"]]
    source = source or next((cells["source_id"] for cells in data.by_id.values()), None)
    refreshed = refresh(package, TableData(data.table, "", data.header), sentences, source)
    refuse_what_would_not_fit(refreshed, package)
    renamed = new_numbers(data, refreshed)
    judged = {renamed[name]: cells for name, cells in data.by_id.items() if name in renamed}
    kept = [name for name in data.header if name not in MEASURED]
    for record in refreshed.records:
        for index, name in enumerate(refreshed.header):
            if name in kept and refreshed.row_id(record) in judged:
                cell = judged[refreshed.row_id(record)][name]
                record.cells[index] = renamed.get(cell, cell)
    ids = ids_of_rows(package, renamed)
    for other in list(package.data.values()):
        if other.table.name != data.table.name:
            package.data[other.table.name] = with_ids(package, other, ids)
    package.data[data.table.name] = TableData(refreshed.table, "", refreshed.header, refreshed.records)
    refuse_losses(data, package.data[data.table.name], package)
    return len(refreshed.records), canonical_files(package)


def new_numbers(before: TableData, after: TableData) -> dict[str, str]:
    """Old id to new id of every segment whose text is still there. Raises Unusable where two of them are alike."""
    by_hash: dict[str, list[str]] = {}
    for name, cells in after.by_id.items():
        by_hash.setdefault(cells["sha256"], []).append(name)
    renamed = {}
    for name, cells in before.by_id.items():
        places = by_hash.get(cells["sha256"], [])
        if len(places) > 1 and name not in places:
            raise Unusable(
                f"{' and '.join(places)} are alike, so nobody knows which one {name} is; nothing was written"
            )
        if places:
            renamed[name] = name if name in places else places[0]
    return renamed


def ids_of_rows(package: Package, renamed: dict[str, str]) -> dict[str, str]:
    """Old id to new id of the segments and of the rows whose ids begin with those of their segments."""
    segments = package.conventions["segments"]
    ids = {old: new for old, new in renamed.items() if old != new}
    made = dict(ids)
    for data in package.data.values():
        own = [columns[0] for columns, target, _ in data.table.foreign_keys if target == segments and len(columns) == 1]
        if data.table.name == segments or len(data.table.primary_key) != 1:
            continue
        for row_id, cells in data.by_id.items():
            for column in own:
                if cells[column] in ids and re.fullmatch(re.escape(cells[column]) + "[a-z]", row_id):
                    made[row_id] = ids[cells[column]] + row_id[len(cells[column]) :]
            before, dash, segment = row_id.rpartition("-")
            if dash and segment in ids:  # as that of a note, which ends in its sentence
                made[row_id] = f"{before}-{ids[segment]}"
    return made


def with_ids(package: Package, data: TableData, ids: dict[str, str]) -> TableData:
    """A table whose keys and references are the new ones, wherever a whole cell is an old id."""
    texts = {one["name"] for one in data.table.fields if one["type"] == "string" and "codeList" not in one}
    records = [
        Record(record.number, [ids.get(cell, cell) if name in texts else cell for name, cell in cells.items()])
        for record, cells in data.by_column()
    ]
    return TableData(data.table, "", data.header, records)
