"""Changes to a copy of a package that tests of versions and of releases share."""

from claims import build, files
from claims.outputs import COMMITTED
from claims.package import opened
from harness import Copy, claims

FIRST = "1.0.0"
NO_ACTION = "**Nobody needs to act.**"


def at_version(copy: Copy, version: str) -> None:
    copy.edit_json("datapackage.json", lambda one: one.update(version=version))


def set_cell(copy: Copy, table: str, column: str, value: str, row: int = 1) -> None:
    rows = copy.rows(table)
    rows[row][rows[0].index(column)] = value
    copy.write_rows(table, rows)


def drop_row(copy: Copy, table: str, row: int = -1) -> None:
    rows = copy.rows(table)
    del rows[row]
    copy.write_rows(table, rows)


def columns(copy: Copy, table: str, change) -> None:
    """Let `change` alter the list of columns in schema and data: it gets a list of (field, cells of the column)."""
    whole = [list(cells) for cells in zip(*copy.rows(table), strict=True)]
    fields = copy.schema(table)["fields"]
    both = list(zip(fields, whole, strict=True))
    change(both)
    copy.edit_json(copy.resource(table)["schema"], lambda schema: schema.update(fields=[one for one, _ in both]))
    named = [[field["name"], *cells[1:]] for field, cells in both]
    copy.write_rows(table, [list(row) for row in zip(*named, strict=True)])


def rename_last(both: list) -> None:
    field, cells = both.pop()
    both.append(({**field, "name": "remark"}, cells))


def drop_and_retire(copy: Copy) -> None:
    row_id = copy.rows("name_variants")[-1][0]
    drop_row(copy, "name_variants")
    retire(copy, row_id)


def append(copy: Copy, table: str, **cells: str) -> None:
    header, *rows = copy.rows(table)
    copy.write_rows(table, [header, *rows, [cells.get(name, "") for name in header]])


def retire(copy: Copy, row_id: str, version: str = "1.1.0", new_id: str = "") -> None:
    reason = "It was counted twice; the other row stays."
    append(copy, "retired_ids", old_id=row_id, new_id=new_id, reason=reason, version=version)


def add_name(copy: Copy, row_id: str) -> None:
    """A valid row that nothing hangs on."""
    header, *rows = copy.rows("name_variants")
    new = {**dict(zip(header, rows[0], strict=True)), "name_variant_id": row_id, "name": f"Петр{'е' * len(rows)}в"}
    copy.write_rows("name_variants", [header, *rows, list(new.values())])


def log(copy: Copy, version: str, text: str = NO_ACTION, day: str = "2027-03-01") -> None:
    """Put a section on top of the change log."""
    file = copy.root / "CHANGELOG.md"
    before = file.read_text("utf-8").removeprefix("# Changelog\n") if file.is_file() else ""
    file.write_text(f"# Changelog\n\n## {version} — {day}\n\n{text}\n{before}", "utf-8")


def built(copy: Copy) -> None:
    """What fmt and build do, valid or not."""
    assert claims("fmt", "--package", copy.root).returncode == 0
    with opened(copy.root) as package:
        files.write_files(copy.root, build.derived(package, COMMITTED))
