"""The engine of the checks gives what SQLite gives, lets no package out, and is no more lenient than frictionless."""

import random
import re
import sqlite3

import pytest
from built import ROOT
from claims import engine, views
from claims.checks import across, cells, explain, tables, values
from claims.database import QueryRefused
from claims.package import opened
from claims.scan import scan
from claims.sql import source
from claims.tabledata import read_table
from harness import Copy, ordered

HELPERS = ("_ids", "_codes_used", "_example_uses", "_edtf", "_package")


@pytest.fixture(scope="module")
def package():
    """This package with the helper tables of rules in both engines."""
    with opened(ROOT) as one:
        across.load_helpers(one)
        for name in HELPERS:
            rows = one.engine.select(f"SELECT * FROM {name}", 5)
            names = ", ".join(rows[0])
            one.database.execute(f"CREATE TABLE {name} ({names})")
            marks = ", ".join("?" * len(rows[0]))
            one.database.executemany(f"INSERT INTO {name} VALUES ({marks})", [tuple(row.values()) for row in rows])
        yield one


def same(found: list[tuple], wanted: list[tuple]) -> bool:
    """Whether two queries gave the same rows in any order; DuckDB has true and false where SQLite has 1 and 0."""

    def plain(rows: list[tuple]) -> list[str]:
        return sorted(repr([int(cell) if isinstance(cell, bool) else cell for cell in row]) for row in rows)

    return plain(found) == plain(wanted)


def test_every_table_is_the_same_in_both_engines(package):
    for name in package.tables:
        assert same(
            package.engine.rows(f'SELECT * FROM "{name}"'), [*package.database.execute(f'SELECT * FROM "{name}"')]
        )


def test_every_rule_gives_the_same_rows_in_both_engines(package):
    """On the package as it is, and each loosened by the words that let a valid package have no row to tell."""
    for name, entry in across.rules(package).items():
        rows = [tuple(row.values()) for row in package.engine.select(entry["sql"], 30)]
        assert same(rows, package.database.execute(entry["sql"]).fetchall()), name


def test_rules_that_find_something_find_the_same_in_both_engines(copy):
    """Every third row of the tables with free keys goes, so that most rules have something to find."""
    for table in ("statements", "involvements", "external_checks"):
        header, *rows = copy.rows(table)
        copy.write_rows(table, [header, *(row for number, row in enumerate(rows) if number % 3)])
    found = 0
    with opened(copy.root) as broken:
        across.load_helpers(broken)
        connection = sqlite3.connect(":memory:")
        for name in [*broken.tables, *HELPERS]:
            rows = broken.engine.select(f'SELECT * FROM "{name}"', 5)
            columns = rows[0] if rows else dict.fromkeys(broken.tables[name].field_names)
            names, marks = ", ".join(columns), ", ".join("?" * len(columns))
            connection.execute(f"CREATE TABLE {name} ({names})")
            connection.executemany(f"INSERT INTO {name} VALUES ({marks})", [tuple(row.values()) for row in rows])
        for name, entry in across.rules(broken).items():
            rows = [tuple(row.values()) for row in broken.engine.select(entry["sql"], 30)]
            assert same(rows, connection.execute(entry["sql"]).fetchall()), name
            found += bool(rows)
        connection.close()
    assert found > 10


@pytest.mark.parametrize(
    ("sql", "problem"),
    [
        ("DELETE FROM events", "not one SELECT"),
        ("SELECT 1; SELECT 2", "not one SELECT"),
        ("WITH gone AS (DELETE FROM sources RETURNING *) SELECT * FROM gone", "read-only"),
        ("SELECT * FROM read_csv('/etc/passwd')", "Permission"),
        ("SELECT * FROM '/etc/passwd'", "Permission|does not exist"),
        ("COPY sources TO '/tmp/x'", "not one SELECT"),
        ("INSTALL httpfs", "not one SELECT"),
        ("SET memory_limit = '9GB'", "not one SELECT"),
        ("SELEKT 1", "syntax error"),
        ("SELECT * FROM statments", "does not exist"),
        ("WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r) SELECT max(n) FROM r", "interrupted after 1"),
    ],
)
def test_what_a_package_may_not_ask(package, sql, problem):
    before = package.engine.rows("SELECT count(*) FROM sources")
    with pytest.raises(QueryRefused, match=problem):
        package.engine.select(sql, 1)
    assert package.engine.rows("SELECT count(*) FROM sources") == before
    assert package.engine.select("SELECT 1 AS one", 5) == [{"one": 1}]


ALPHABET = [*"aZ09 .,-+=@'’–—«»№%/?#", *"АяёЁїЇéßſ²ªµ", *"한北ラ、", "\u00a0", "\u200b", "\u0301", "\t", "Ω", "ﬁ"]
WORDS = ["na", "N/A", "нет данных", "unknown", "TBD", "Москва", "Pyongyang", "Д.a", "1й", "x’я", "-", "=1", "a ", " a"]


def test_no_unclean_cell_passes_the_sql(package):
    """Ten thousand cells drawn at random: what Python calls unclean SQL never calls clean, alone or beside others."""
    draw = random.Random(1)
    drawn = {"".join(draw.choices(ALPHABET, k=draw.randint(1, 4))) for _ in range(9000)}
    drawn |= {a + b for a in WORDS for b in ["", *WORDS]}
    connection = package.engine.connection.cursor()
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE drawn AS SELECT unnest(?::VARCHAR[]) AS cell, 'x' AS other", [[*drawn]]
    )
    clean = {
        cell
        for (cell,) in connection.execute(f"SELECT cell FROM drawn WHERE {cells.clean(['other', 'cell'])}").fetchall()
    }
    assert [cell for cell in sorted(clean) if cells.offence(cell, True)] == []
    assert len(clean) > 500


FIELDS = [
    {"name": "x", "type": kind, "constraints": given}
    for kind, given in [
        ("integer", {}),
        ("integer", {"minimum": 0, "maximum": 9}),
        ("integer", {"exclusiveMinimum": 1}),
        ("integer", {"pattern": "1"}),
        ("number", {}),
        ("number", {"minimum": -1.5}),
        ("date", {}),
        ("date", {"minimum": "2024-01-05"}),
        ("boolean", {}),
        ("string", {"enum": ["a", "b"]}),
        ("string", {"minLength": 2, "maxLength": 3}),
        ("string", {"pattern": "[a-z]+(?:-[a-z]+)*"}),
        ("string", {"pattern": r"\S+(?: \S+)*"}),
        ("string", {"pattern": r"\w+"}),
        ("string", {"pattern": "a|b{,2}"}),
        ("string", {"pattern": "[^ ]+", "required": True}),
        ("string", {"pattern": "(?=a).*"}),
    ]
]
CELLS = [
    *("", "0", "1", "-1", "-0", "007", "1_000", "+7", "٥", "9" * 18, "9" * 19, "9" * 40, "1.0", "1.00", ".5", "1e3"),
    *("2024-01-05", "2024-1-5", "2024-02-30", "0000-01-01", "0001-01-01", "9999-12-31", "2024-01-05 ", "NaN"),
    *("true", "True", "false", "a", "b", "ab", "abc", "abcd", "a-b", "a\u00a0b", "a b", "é", "яя", "bb", "a{,2}", ":"),
]


@pytest.mark.parametrize("field", FIELDS, ids=str)
def test_a_field_accepts_no_more_than_frictionless(package, field):
    """Neither by hand nor as SQL; frictionless judges each cell with the form that the Strict check adds."""
    from frictionless import Field, FrictionlessException

    connection = package.engine.connection.cursor()
    connection.execute("CREATE OR REPLACE TEMP TABLE cells AS SELECT nullif(unnest(?::VARCHAR[]), '') AS x", [CELLS])
    try:
        query = f"SELECT coalesce(x, '') FROM cells WHERE {values.condition(field)}"
        by_sql = {cell for (cell,) in connection.execute(query).fetchall()}
    except engine.Error:
        by_sql = set()
    by_hand = {cell for cell in CELLS if values.accepted(field, cell)}

    def right(cell: str) -> bool:
        try:
            _, notes = Field.from_descriptor(field).read_cell(cell)
        except FrictionlessException:
            return False
        whole = values.form(field["type"], field["constraints"])
        return not notes and (not cell or whole is None or bool(whole.fullmatch(cell)))

    assert [cell for cell in sorted(by_sql | by_hand) if not right(cell)] == []


def changed(copy: Copy, table: str, change) -> None:
    header, *rows = copy.rows(table)
    change(header, rows)
    copy.write_rows(table, [header, *rows])


def test_an_empty_cell_in_an_integer_key_and_keys_of_two_types(copy):
    """What an engine may number by itself, or compare as text with a number."""
    descriptor = copy.descriptor
    descriptor["resources"] += [
        {**copy.resource("exceptions"), "name": name, "path": f"data/{name}.csv", "schema": f"schemas/{name}.json"}
        for name in ("owners", "things")
    ]
    fields = [{"name": "k", "type": "integer"}, {"name": "a", "type": "string"}, {"name": "b", "type": "string"}]
    points = [{"fields": ["a"], "reference": {"resource": "owners", "fields": ["k"]}},
              {"fields": ["a", "b"], "reference": {"resource": "owners", "fields": ["a", "b"]}}]  # fmt: skip
    for name, keys, text in (
        ("owners", [], "k,a,b\n1,x,y\n,x,z\n3,p,q\n"),
        ("things", points, "k,a,b\n1,1,\n2,3,q\n3,,\n"),
    ):
        schema = {"fields": [{**one, "constraints": {}, "example": "1"} for one in fields], "primaryKey": ["k"]}
        copy.edit_json_new(f"schemas/{name}.json", schema | ({"foreignKeys": keys} if keys else {}))
        (copy.root / f"data/{name}.csv").write_text(text, "utf-8")
    copy.edit_json("datapackage.json", lambda value: value.update(descriptor))
    copy.reseal()
    with opened(copy.root) as package:
        of_all = tables.without_consequences(explain.check(package, names=["owners", "things"]))
        assert ordered(tables.check(package)) == ordered(of_all)
    found = {(one.rule, one.file, one.line) for one in of_all}
    assert ("primary-key", "data/owners.csv", 3) in found
    assert {("foreign-key", "data/things.csv", line) for line in (2, 3)} <= found
    whole = [one.line for one in of_all if one.rule == "foreign-key" and one.column == "a/b"]
    assert whole == [3]  # a key with an empty part is not tested, as in SQL


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("a,b\n1,2\n", True),
        ("a,b\n", True),
        ('a,b\n"1,5",2\n', True),
        ('a,b\n"say ""x""",2\n', True),
        ('a,b\n"1",2\n', False),
        ('a,b\n1"x,2\n', False),
        ("a,b\n1,2", False),
        ("a,b\r\n1,2\r\n", False),
        ("a,b\n1,2,\n", False),
        ("a,b\n1\n", False),
        ("a,b\n\n1,2\n", False),
        ("\ufeffa,b\n1,2\n", False),
        ("b,a\n1,2\n", False),
        ("a,b\n1,\x01\n", False),
        ('a,b\n"1\n2",3\n', False),
        ('a,b\n"open,2\n', False),
    ],
)
def test_what_is_canonical_is_told_without_splitting_it(tmp_path, package, text, canonical):
    """And a file that is called canonical is written anew as the same bytes."""
    file = tmp_path / "x.csv"
    file.write_bytes(text.encode("utf-8"))
    found = scan(file, ["a", "b"])
    assert (found.canonical, found.size) == (canonical, len(text.encode("utf-8")))


def test_where_the_cells_of_a_table_are(package):
    """A table all of whose columns are text is kept once."""
    kinds = {name: {one["type"] for one in table.fields} for name, table in package.tables.items()}
    apart = {name for name, table in package.tables.items() if source(table).startswith("_text.")}
    assert apart == {name for name, found in kinds.items() if not found <= {"string", "date"}}
    for name in package.tables:
        data, _ = read_table(package.tables[name])
        rows = [tuple(cell or None for cell in record.cells) for record in data.records]
        assert package.engine.rows(f"SELECT * FROM {source(package.tables[name])} ORDER BY rowid") == rows


def test_every_view_is_bound_by_both_engines(package):
    """A view that DuckDB can bind users of the Parquet files can run; what only SQLite reads is named here."""
    assert all(re.fullmatch("[a-z_]+", view.name) for view in package.views)
    assert views.filled(package.database, package.views, "views.toml")
