"""What changed between two versions of a package: rows and cells, columns, codes, tables, schemas, metadata.

`changes` compares, `DEMANDS` says which version bump each kind of change demands, and why; FORMATS are the ways to tell
it.
"""

import csv
import io
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from .findings import Unusable
from .package import Package, opened
from .table import Table
from .tabledata import TableData
from .versions import BUMPS, FOLDER, bumped, last_release, parts, version_opened

MOST_PER_ACTION = 20  # that the text lists
COLUMNS = ["version", "table", "row_id", "field", "action", "old", "new"]

# action: (bump, why); "refused" means that no version may do it
DEMANDS = {
    "row added": ("minor", "there are rows that were not there before"),
    "row retired": ("minor", "a row went, and retired_ids says why"),
    "row dropped": ("refused", "an id went without a word: a reader who follows a citation finds nothing"),
    "row moved": ("major", "a row stands in another table"),
    "row removed": ("minor", "a row that has no id of its own went"),
    "cell filled": ("patch", "a cell that was empty has a value"),
    "cell emptied": ("patch", "a cell that had a value is empty"),
    "cell changed": ("patch", "a cell has another value"),
    "code added": ("minor", "a column may hold a code it never held"),
    "code removed": ("major", "a query for this code finds nothing"),
    "column added": ("minor", "there is a column that was not there before"),
    "column removed": ("major", "a program that reads this column fails"),
    "column renamed": ("major", "a program that reads this column by its old name fails"),
    "column moved": ("major", "a program that reads columns by position reads another one"),
    "type changed": ("major", "a program that reads this column as its old type fails"),
    "key changed": ("major", "rows join otherwise than before"),
    "constraint narrowed": ("major", "a column no longer means all that it meant"),
    "constraint widened": ("minor", "a column may hold what it could not hold before"),
    "text changed": ("patch", "it is described in other words"),
    "rule changed": ("patch", "validate checks something else than before"),
    "table added": ("minor", "there is a table that was not there before"),
    "table removed": ("major", "a program that loads this table finds nothing"),
    "file changed": ("major", "a program that loads this file by its old path or form fails"),
    "metadata changed": ("patch", "the package is described in other words"),
    "address changed": ("none", "the same package, known by an address that was assigned to it"),
    "terms changed": ("major", "a user must look whether the new name or licence still suits"),
}
TERMS = ("name", "licenses")
ADDRESSES = ("id", "homepage")  # assigned after a release, and true of what was released
FILE_FORM = ("path", "dialect", "encoding", "format", "mediatype")
TEXTS = ("title", "titleRu", "description", "example", "inWords")
KEYS = ("primaryKey", "foreignKeys", "uniqueKeys")
TYPES = ("type", "format", "trueValues", "falseValues", "missingValues")


@dataclass(frozen=True)
class Change:
    """One change. Empty `row_id` and `field` mean the table as a whole, an empty `table` the package."""

    action: str
    table: str = ""
    row_id: str = ""
    field: str = ""
    old: str = ""
    new: str = ""

    @property
    def bump(self) -> str:
        return DEMANDS[self.action][0]

    @property
    def why(self) -> str:
        return DEMANDS[self.action][1]

    @property
    def place(self) -> str:
        return " ".join(part for part in (self.table, self.row_id, self.field) if part)


@dataclass
class Difference:
    """Two versions and what changed between them."""

    name: str
    old_version: str
    new_version: str
    changes: list[Change]

    @property
    def refused(self) -> list[Change]:
        return [change for change in self.changes if change.bump == "refused"]

    @property
    def bump(self) -> str:
        """The heaviest bump that a change demands."""
        return max((change.bump for change in self.changes if change.bump in BUMPS), key=BUMPS.index, default="none")

    @property
    def lowest(self) -> str:
        """The lowest version that these changes allow."""
        return bumped(self.old_version, self.bump)

    @property
    def allowed(self) -> bool:
        """Whether the new version is high enough for what changed, and no id was dropped."""
        return not self.refused and parts(self.new_version) >= parts(self.lowest)


def compared(old: str | None, new: str | None, home: Path) -> Difference:
    """What changed from one version to another: each a folder, a zip or the number of a release of the package at home.

    By default the last release and the package as it stands. Raises Unusable for what cannot be compared.
    """
    with (
        version_opened(old or str(newest(home)), home) as before,
        version_opened(new or str(home), home) as after,
    ):
        return difference(before, after)


def newest(home: Path) -> Path:
    """The last release of the package at a folder. Raises Unusable where there is none."""
    with opened(home) as package:
        file = last_release(package.root, package.name)
    if file is None:
        raise Unusable(f"no release in {home / FOLDER}; name a folder or a zip to compare with")
    return file


def require_rows(package: Package) -> None:
    """Raises Unusable for a package whose rows cannot be told by column and key."""
    for finding in [*package.findings, *package.byte_findings]:
        raise Unusable(
            f"{package.name} {package.version}: {finding.place}: {finding.message}; run `claims validate` on it"
        )
    for name, data in package.data.items():
        if not data.regular or not data.table.primary_key:
            raise Unusable(
                f"{package.name} {package.version}: {name}: header, row length or key; run `claims validate` on it"
            )
        row_id, times = Counter(map(data.row_id, data.records)).most_common(1)[0] if data.records else ("", 1)
        if times > 1:
            raise Unusable(
                f"{package.name} {package.version}: {name}: {row_id} stands twice; run `claims validate` on it"
            )


def difference(old: Package, new: Package) -> Difference:
    """Compare two packages. Raises Unusable for one whose rows cannot be told by column and key."""
    share_rows(old, new)
    require_rows(old)
    require_rows(new)
    return Difference(new.name, old.version, new.version, list(changes(old, new)))


def share_rows(old: Package, new: Package) -> None:
    """Read a table that is in both packages, byte for byte, once."""
    for name, table in old.tables.items():
        other = new.tables.get(name)
        if other and other.schema == table.schema and other.file.read_bytes() == table.file.read_bytes():
            old.readings[name] = new.reading(name)


def changes(old: Package, new: Package) -> Iterator[Change]:
    """Every change: the package, then table by table its file, its columns and its rows."""
    yield from of_metadata(old, new)
    retired = retired_ids(new)
    left = {row_id for data in new.data.values() if has_ids(data.table) for row_id in data.by_id} - set(retired)

    def gone(table: Table, row_id: str) -> Change:
        """A row that is no longer there. Only where a table has ids may somebody have cited it."""
        if not has_ids(table):
            return Change("row removed", table.name, row_id)
        if row_id in retired:
            return Change("row retired", table.name, row_id, new=retired[row_id])
        return Change("row moved" if row_id in left else "row dropped", table.name, row_id)

    for name in [*old.tables, *(name for name in new.tables if name not in old.tables)]:
        if name not in new.tables:
            yield Change("table removed", name)
            yield from (gone(old.tables[name], row_id) for row_id in old.data[name].by_id)
        elif name not in old.tables:
            yield Change("table added", name)
        else:
            before, after = old.data[name], new.data[name]
            names = renamed(before, after)
            yield from of_file(old.tables[name], new.tables[name])
            yield from of_columns(old.tables[name], new.tables[name], names)
            yield from of_cells(before, after, names)
            lost, come = before.by_id.keys() - after.by_id.keys(), after.by_id.keys() - before.by_id.keys()
            if name == new.conventions.get("codes"):
                yield from (Change("code removed", name, row_id) for row_id in sorted(lost))
                yield from (Change("code added", name, row_id) for row_id in sorted(come))
            else:
                yield from (gone(old.tables[name], row_id) for row_id in sorted(lost))
                yield from (Change("row added", name, row_id) for row_id in sorted(come))


def of_metadata(old: Package, new: Package) -> Iterator[Change]:
    """Changes of the descriptor outside its resources, and of the rules across tables."""
    for key in sorted({*old.descriptor, *new.descriptor} - {"version", "created", "resources"}):
        before, after = old.descriptor.get(key), new.descriptor.get(key)
        if before != after:
            kind = "terms" if key in TERMS else "address" if key in ADDRESSES else "metadata"
            yield Change(f"{kind} changed", "", "", key, text(before), text(after))
    for key in ("rules", "audit"):
        before, after = rule_text(old, key), rule_text(new, key)
        if before != after:
            yield Change("rule changed", "", "", key)


def rule_text(package: Package, key: str) -> str:
    """The text of a file of rules that the conventions name."""
    path = package.conventions.get(key)
    file = package.locate(path, f"conventions {key}") if path else None
    return file.read_text("utf-8", "replace") if file else ""


def retired_ids(package: Package) -> dict[str, str]:
    """The table of retired ids that the conventions name: each id and the one that takes its place."""
    data = package.data.get(package.conventions.get("retired", ""))
    return {row_id: cells["new_id"] for row_id, cells in data.by_id.items()} if data else {}


def has_ids(table: Table) -> bool:
    """Whether each row has an id of its own: a key of one column."""
    return len(table.primary_key) == 1


def of_file(old: Table, new: Table) -> Iterator[Change]:
    """Changes of how a table's file is named, written and described, and of its keys and row rules."""
    for key in FILE_FORM:
        if old.resource.get(key) != new.resource.get(key):
            yield Change("file changed", new.name, "", key, text(old.resource.get(key)), text(new.resource.get(key)))
    for before, after in ((old.resource, new.resource), (old.schema, new.schema)):
        for key in TEXTS:
            if before.get(key) != after.get(key):
                yield Change("text changed", new.name, "", key, text(before.get(key)), text(after.get(key)))
    for key in KEYS:
        if old.schema.get(key) != new.schema.get(key):
            yield Change("key changed", new.name, "", key, text(old.schema.get(key)), text(new.schema.get(key)))
    if old.row_rules != new.row_rules:
        yield Change("rule changed", new.name)


def of_columns(old: Table, new: Table, names: dict[str, str]) -> Iterator[Change]:
    """Changes of columns: which there are, in which order, and what each may hold."""
    before = {names.get(field["name"], field["name"]): field for field in old.fields}
    after = {field["name"]: field for field in new.fields}
    yield from (Change("column renamed", new.name, "", was, was, now) for was, now in names.items())
    yield from (Change("column removed", new.name, "", name) for name in before if name not in after)
    yield from (Change("column added", new.name, "", name) for name in after if name not in before)
    kept_before, kept_after = [n for n in before if n in after], [n for n in after if n in before]
    for name, was, now in zip(kept_after, kept_before, kept_after, strict=True):
        if was != now:
            yield Change("column moved", new.name, "", name)
            break
    for name in kept_after:
        yield from of_field(new.name, before[name], after[name])


def of_field(table: str, old: dict, new: dict) -> Iterator[Change]:
    """Changes of what one column may hold. The codes of a list are rows of the codes table, so not told twice."""
    for keys, action in ((TYPES, "type changed"), (TEXTS, "text changed")):
        for key in keys:
            if old.get(key) != new.get(key):
                yield Change(action, table, "", f"{new['name']}.{key}", text(old.get(key)), text(new.get(key)))
    if old.get("codeList") != new.get("codeList"):
        yield Change(
            "key changed", table, "", f"{new['name']}.codeList", text(old.get("codeList")), text(new.get("codeList"))
        )
    before, after = old.get("constraints", {}), new.get("constraints", {})
    listed = {"enum"} if "codeList" in old and "codeList" in new else set()
    for key in sorted({*before, *after} - listed):
        if before.get(key) != after.get(key):
            action = f"constraint {'narrowed' if narrower(key, before.get(key), after.get(key)) else 'widened'}"
            yield Change(action, table, "", f"{new['name']}.{key}", text(before.get(key)), text(after.get(key)))


def narrower(key: str, old, new) -> bool:
    """Whether a changed constraint lets less pass than before; a changed pattern counts as such."""
    if old in (None, False) or new in (None, False):
        return new not in (None, False)
    if key == "enum":
        return not set(map(str, old)) <= set(map(str, new))
    if isinstance(old, int | float) and isinstance(new, int | float):
        return new > old if key.lower().endswith(("minimum", "minlength")) else new < old
    return True


def renamed(old: TableData, new: TableData) -> dict[str, str]:
    """Columns that went and came back under another name: all rows that both versions have hold the same cells."""
    gone_columns = [name for name in old.header if name not in new.header]
    come = [name for name in new.header if name not in old.header]
    common = [(cells, new.by_id[row_id]) for row_id, cells in old.by_id.items() if row_id in new.by_id]
    names: dict[str, str] = {}
    for was in gone_columns:
        for now in come:
            same = all(before[was] == after[now] for before, after in common)
            told_apart = any(before[was] for before, _ in common) or old.header.index(was) == new.header.index(now)
            if same and told_apart and now not in names.values():
                names[was] = now
                break
    return names


def of_cells(old: TableData, new: TableData, names: dict[str, str]) -> Iterator[Change]:
    """Changes of cells in rows and columns that both versions have."""
    after = new.by_id
    columns = [(name, names.get(name, name)) for name in old.header if names.get(name, name) in new.header]
    for row_id, cells in old.by_id.items():
        for was, now in columns if row_id in after else ():
            before, value = cells[was], after[row_id][now]
            if before != value:
                action = "cell changed" if before and value else "cell filled" if value else "cell emptied"
                yield Change(action, new.table.name, row_id, now, before, value)


def text(value) -> str:
    """A value of a descriptor or schema in one line."""
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False)
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def as_text(difference: Difference) -> str:
    """What changed, grouped by kind with the bump each kind demands; then the verdict."""
    lines = [f"{difference.name} {difference.old_version} -> {difference.new_version}"]
    for action, count in Counter(change.action for change in difference.changes).items():
        group = [change for change in difference.changes if change.action == action]
        lines += ["", f"{action}: {count}  [{group[0].bump}: {group[0].why}]"]
        for change in group[:MOST_PER_ACTION]:
            values = f": {change.old or '(empty)'} -> {change.new or '(empty)'}" if change.old or change.new else ""
            lines.append(f"  {change.place or 'package'}{values}")
        if count > MOST_PER_ACTION:
            lines.append(f"  … and {count - MOST_PER_ACTION} more; --format csv lists all")
    return "\n".join([*lines, "", verdict(difference)]) + "\n"


def verdict(difference: Difference) -> str:
    """One line: the bump demanded, and whether the new version is high enough."""
    if difference.refused:
        dropped = ", ".join(change.row_id for change in difference.refused[:5])
        return f"refused: dropped without an entry {dropped}; restore or retire"
    if not difference.changes:
        return "nothing changed"
    state = "is enough" if difference.allowed else "is too low"
    return f"{difference.bump}: at least {difference.lowest} is demanded; {difference.new_version} {state}"


def as_json(difference: Difference) -> str:
    value = {
        "package": difference.name,
        "old": difference.old_version,
        "new": difference.new_version,
        "bump": "refused" if difference.refused else difference.bump,
        "lowest": None if difference.refused else difference.lowest,
        "changes": [asdict(change) | {"bump": change.bump, "why": change.why} for change in difference.changes],
    }
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"


def as_csv(difference: Difference) -> str:
    """One line per change. The columns are the same in every release."""
    buffer = io.StringIO(newline="")
    writer = csv.DictWriter(buffer, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows({"version": difference.new_version, **asdict(change)} for change in difference.changes)
    return buffer.getvalue()


FORMATS = {"text": as_text, "json": as_json, "csv": as_csv}
