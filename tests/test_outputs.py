"""Every output below dist/, read back: same rows, types, empties and text, even where the text is awkward."""

import json
import re
import sqlite3
from datetime import date, timedelta

import igraph
import networkx
import openpyxl
import pyarrow.parquet
import pytest
from built import AWKWARD, LONGEST, LONGEST_CELL, ROOT, awkward, build, expected
from claims import views
from claims.checks.cells import FORMULA
from claims.citation import as_text, of_package
from claims.database import SQL_TYPES
from claims.outputs import DIST, Outputs
from claims.outputs.data import xlsx
from claims.outputs.data.csv_views import csv_bytes
from claims.package import Unusable, opened

ARROW_TYPES = {"string": "string", "date": "date32[day]", "integer": "int64", "number": "double", "boolean": "bool"}


@pytest.fixture(scope="module")
def relations(awkward) -> list[views.Relation]:
    """Tables and published views as the outputs get them."""
    with opened(awkward) as package:
        return package.relations


@pytest.fixture(scope="module")
def database(awkward):
    connection = sqlite3.connect(next((awkward / "dist").glob("*.sqlite")))
    connection.row_factory = sqlite3.Row
    yield connection
    connection.close()


def feeding(root, output: str) -> dict[str, list[dict]]:
    """The rows of the views that feed an output."""
    with opened(root) as package:
        return {name: one.records() for name, one in package.feeding(output).items()}


# ---------------------------------------------------------------- SQLite


def test_sqlite_has_every_row_type_and_empty(awkward, database):
    for table, (types, rows) in expected(awkward).items():
        given = {one["name"]: one["type"] for one in database.execute(f'PRAGMA table_info("{table}")')}
        assert given == {name: SQL_TYPES[kind] for name, kind in types.items()}
        assert [dict(row) for row in database.execute(f'SELECT * FROM "{table}" ORDER BY rowid')] == rows


def test_sqlite_holds_its_keys_and_checks(database):
    assert [tuple(row) for row in database.execute("PRAGMA integrity_check")] == [("ok",)]
    assert database.execute("PRAGMA foreign_key_check").fetchall() == []
    database.execute("PRAGMA foreign_keys = ON")
    for change, message in (
        ("UPDATE statements SET segment_id = 'p00s00' WHERE rowid = 1", "FOREIGN KEY"),
        ("UPDATE statements SET phase = 'sometime' WHERE rowid = 1", "CHECK"),
        ("UPDATE events SET date_earliest = '2024-02-30' WHERE rowid = 1", "CHECK"),
        ("UPDATE segments SET position = 'first' WHERE rowid = 1", "cannot store TEXT"),
        ("INSERT INTO statements SELECT * FROM statements WHERE rowid = 1", "UNIQUE"),
    ):
        with pytest.raises(sqlite3.IntegrityError, match=message):
            database.execute(change)
            database.commit()
        database.rollback()


def test_sqlite_describes_everything_and_holds_nothing_else(database):
    described = {(row[0], row[1]) for row in database.execute("SELECT relation, column_name FROM _descriptions")}
    for kind, name in database.execute(
        "SELECT type, name FROM sqlite_master WHERE type IN ('table', 'view')"
    ).fetchall():
        if not name.startswith("_") and (kind == "table" or (name, "") in described):
            columns = {one["name"] for one in database.execute(f'PRAGMA table_info("{name}")')}
            assert {column for relation, column in described if relation == name} == columns | {""}
    helpers = {row[0] for row in database.execute("SELECT name FROM sqlite_master WHERE name LIKE '\\_%' ESCAPE '\\'")}
    assert helpers == {"_package", "_descriptions"}


# ---------------------------------------------------------------- Parquet, workbook, CSV


def test_parquet_has_every_row_type_empty_and_description(awkward, relations):
    tables = expected(awkward)
    for one in relations:
        found = pyarrow.parquet.read_table(awkward / "dist" / "parquet" / f"{one.name}.parquet")
        fields = {column["name"]: column for column in one.fields}
        assert {name: str(found.schema.field(name).type) for name in found.column_names} == {
            name: ARROW_TYPES[column["type"]] for name, column in fields.items()
        }
        rows = [{name: day(value) for name, value in row.items()} for row in found.to_pylist()]
        if one.name in tables:
            assert rows == tables[one.name][1]
        else:
            assert rows == one.records()
        for name, column in fields.items():
            assert found.schema.field(name).metadata[b"description"].decode("utf-8") == column["description"]
        required = {name for name, column in fields.items() if column.get("constraints", {}).get("required")}
        assert {one.name for one in found.schema if not one.nullable} == required


def day(value):
    return value.isoformat() if isinstance(value, date) else value


def test_workbook_has_every_row_as_text_where_it_is_text(awkward, relations):
    book = openpyxl.load_workbook(next((awkward / "dist").glob("*.xlsx")))
    assert len(relations) == len(book.sheetnames) - 2
    order = [name for name in book.sheetnames if name not in expected(awkward)]
    assert (
        order
        == ["read me", "claims", "contacts", "promises", "disputed", "entities", "facts", "columns"]
        == [*book.sheetnames[:7], "columns"]
    )
    for one in relations:
        sheet = book[one.name]
        assert sheet.freeze_panes == "B2"
        assert sheet.auto_filter.ref == sheet.dimensions
        header, *rows = sheet.iter_rows()
        assert [cell.value for cell in header] == one.field_names
        assert [tuple(cell.value for cell in row) for row in rows] == one.rows
        kinds = {"string": "s", "date": "s", "boolean": "b", "integer": "n", "number": "n"}
        for row in rows:
            for cell, field in zip(row, one.fields, strict=True):
                assert cell.value is None or cell.data_type == kinds[field["type"]]
                assert cell.hyperlink is None


def test_workbook_explains_its_sheets(relations, awkward):
    book = openpyxl.load_workbook(next((awkward / "dist").glob("*.xlsx")), read_only=True)
    listed = {row[1]: row[3] for row in book["read me"].iter_rows(min_row=2, values_only=True)}
    assert {one.name: len(one.rows) for one in relations}.items() <= listed.items()
    columns = {(row[0], row[1]): row[4] for row in book["columns"].iter_rows(min_row=2, values_only=True)}
    assert columns == {(one.name, field["name"]): field["description"] for one in relations for field in one.fields}


def test_workbook_says_what_it_is_before_anything_else(built_package):
    """Whoever has only the workbook finds its version and date, how to cite it, and what its sentences are not."""
    with opened(built_package) as package:
        citation, version, created = as_text(of_package(package)), package.version, package.descriptor["created"][:10]
    book = openpyxl.load_workbook(next((built_package / "dist").glob("*.xlsx")), read_only=True)
    rows = [row[:3] for row in book["read me"].iter_rows(values_only=True)]
    assert book.sheetnames[0] == "read me"
    assert ("how to cite", None, citation) in rows and ("date", created, None) in rows
    assert version in rows[1][1]
    cautions = " ".join(text for what, _, text in rows if what == "caution")
    assert "never quotations" in cautions and "language models" in cautions


def test_a_cell_too_long_for_a_workbook_is_refused_and_named(copy):
    awkward(copy)
    rows = copy.rows("events")
    rows[1][rows[0].index("note")] = "x" * (LONGEST_CELL + 1)
    copy.write_rows("events", rows)
    with opened(copy.root) as package, pytest.raises(Unusable, match=rf"events\.note of {rows[1][0]} has 32768"):
        xlsx.build(package)


def test_every_table_written_as_a_view_is_the_same_file(relations):
    """The CSV of views is written as the tables are: canonical tables come out byte for byte."""
    with opened(ROOT) as package:
        for one in package.relations:
            if one.name in package.tables:
                assert csv_bytes(one) == package.tables[one.name].file.read_bytes()


def test_no_cell_of_a_view_would_be_run_by_a_spreadsheet():
    """A view only repeats and joins cells of tables, and the validator lets no table have such a cell."""
    with opened(ROOT) as package:
        for one in package.relations:
            for row in one.rows:
                assert not [cell for cell in row if isinstance(cell, str) and FORMULA.match(cell)]


# ---------------------------------------------------------------- map, network, calendar


def test_map_has_every_point_and_counts_the_rest(awkward):
    found = json.loads((awkward / "dist" / "map.geojson").read_text("utf-8"))
    rows = feeding(awkward, "geojson")["map_points"]
    assert sum(found["left_out"].values()) + len(found["features"]) == len(rows)
    points = {row["id"]: row for row in rows if row["latitude"] is not None}
    assert len(points) == len(found["features"])
    for feature in found["features"]:
        row = points[feature["id"]]
        assert feature["geometry"] == {"type": "Point", "coordinates": [row["longitude"], row["latitude"]]}
        assert row == feature["properties"] | {"longitude": row["longitude"], "latitude": row["latitude"]}


def test_network_reads_back_in_two_programs(awkward):
    file = str(awkward / "dist" / "network.graphml")
    rows = feeding(awkward, "graphml")
    nodes = {
        row["id"]: {name: value for name, value in row.items() if value is not None} for row in rows["network_nodes"]
    }
    edges = sorted(
        (row["source"], row["target"], row["type"], "true" if row["directed"] else "false", row["weight"])
        for row in rows["network_edges"]
    )
    graph = networkx.read_graphml(file)
    assert {name: {"id": name, **given} for name, given in graph.nodes(data=True)} == nodes
    names = ("type", "directed", "weight")
    assert sorted((a, b, *(given[name] for name in names)) for a, b, given in graph.edges(data=True)) == edges
    other = igraph.Graph.Read_GraphML(file)
    ids = other.vs["id"]
    assert {one["id"]: one["label"] for one in other.vs} == {name: given["label"] for name, given in nodes.items()}
    assert sorted((ids[e.source], ids[e.target], *(e[name] for name in names)) for e in other.es) == edges


def test_edges_of_the_network_have_ids_of_their_own(awkward):
    ids = re.findall(r'<edge [^>]*id="([^"]+)"', (awkward / "dist" / "network.graphml").read_text("utf-8"))
    assert len(ids) == len(set(ids)) == len(feeding(awkward, "graphml")["network_edges"])


def test_calendar_has_every_day_and_counts_the_rest(awkward):
    text = (awkward / "dist" / "calendar.ics").read_bytes().decode("utf-8")
    assert all(len(line.encode("utf-8")) <= 75 for line in text.split("\r\n"))
    rows = feeding(awkward, "icalendar")["calendar_days"]
    dated = {row["id"]: row for row in rows if row["first_day"]}
    found = [
        dict(re.findall(r"^([A-Z-]+)[^:\n]*:(.*)$", one, re.MULTILINE)) for one in unfolded(text).split("BEGIN:VEVENT")
    ]
    assert found[0]["X-WR-CALDESC"].startswith(f"{len(dated)} of {len(rows)} events")
    assert {one["UID"].split("@")[0] for one in found[1:]} == set(dated)
    for one in found[1:]:
        row = dated[one["UID"].split("@")[0]]
        assert unescaped(one["SUMMARY"]) == row["summary"]
        assert one["DTSTART"] == row["first_day"].replace("-", "")
        assert one["DTEND"] == (date.fromisoformat(row["last_day"]) + timedelta(days=1)).strftime("%Y%m%d")
        assert unescaped(one.get("LOCATION", "")) == (row["location"] or "")


def unfolded(text: str) -> str:
    return text.replace("\r\n ", "").replace("\r\n", "\n")


def unescaped(text: str) -> str:
    return re.sub(r"\\(.)", lambda match: "\n" if match[1] in "nN" else match[1], text)


# ---------------------------------------------------------------- all


def test_awkward_text_is_in_the_outputs(awkward):
    """What the tests above compare really holds every awkward text."""
    cells = {cell for _, rows in expected(awkward).values() for row in rows for cell in row.values()}
    assert {*AWKWARD, LONGEST} <= cells


def test_a_package_without_views_has_the_outputs_of_its_tables(copy):
    for of_views in ("views", "site"):  # the page asks the views
        copy.edit_json("datapackage.json", lambda descriptor, name=of_views: descriptor["conventions"].pop(name))
    names = {path.name for path in build(copy.root).iterdir()}
    assert {f"{copy.descriptor['name']}.sqlite", f"{copy.descriptor['name']}.xlsx", "parquet", "site"} <= names
    assert not [name for name in names if name.endswith((".csv", ".geojson", ".graphml", ".ics"))]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('"statements.gloss_en"', '"statements.gloss"', "claims.gloss_en: there is no column statements.gloss"),
        ("SELECT s.statement_id, s.segment_id", "SELECT s.segment_id", "columns and sql differ in statement_id"),
        ("FROM statements s\nJOIN segments", "FROM statement s\nJOIN segments", "no such table"),
        ("[[view]]", "[[view", "views.toml"),
        ('alias_of = "claims"', 'alias_of = "clams"', "facts: alias_of: there is no view clams before it"),
        ("LEFT JOIN named_actors speaker", "; DROP TABLE actors; --", "one statement at a time"),
    ],
)
def test_views_that_do_not_work_are_named(copy, old, new, message):
    file = copy.root / "schemas" / "views.toml"
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), "utf-8")
    with opened(copy.root) as package, pytest.raises(Unusable, match=message):
        DIST["views"].build(package)


def test_the_order_of_outputs_changes_nothing(built_package):
    """Each is made from the package alone: asked for in the opposite order they are the same files."""
    with opened(built_package) as package:
        outputs = Outputs(package)
        files = {path: data for name in reversed(DIST) for path, data in outputs[name].items()}
    for path, data in files.items():
        assert (built_package / path).read_bytes() == data, path
