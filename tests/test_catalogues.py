"""dist/package/ and dist/croissant.json in the programs they are for: valid, with the same rows, types and empties."""

import hashlib
import json
import re
import shlex
import shutil
import subprocess
import sys
import zipfile
from datetime import date
from importlib import resources
from pathlib import Path

import csvw
import jsonschema
import pyarrow.parquet
import pytest
import rdflib
from built import ROOT, build, expected
from claims.outputs.catalogues import csvw as metadata
from claims.outputs.catalogues import package_folder, rocrate
from harness import Copy

DOCUMENT = (ROOT / "docs" / "LOADING.md").read_text("utf-8")
COMMANDS = dict(re.findall(r"^\| [^|]+ \| `([^`|]+)` \| `([^`|]+)` \|$", DOCUMENT, re.MULTILINE))
CONTEXT = f"{rocrate.VERSION}/context"
FOLDER = package_folder.FOLDER
CROISSANT, CSVW, CRATE = "dist/croissant.json", f"{FOLDER}/{metadata.NAME}", f"{FOLDER}/{rocrate.NAME}"
PARSING = pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")  # rdflib's own use


@pytest.fixture(scope="session")
def released(built_package) -> Path:
    """dist/package/ of this package. Not to be changed."""
    return built_package / FOLDER


@pytest.fixture
def changed(released, tmp_path) -> Copy:
    """A copy of it, to be broken."""
    return Copy(shutil.copytree(released, tmp_path / "package"))


def documented(file: str, folder: Path, *more: str) -> subprocess.CompletedProcess:
    """The command that the document gives for a file below dist/, run in a folder that has it."""
    program, *arguments = shlex.split(COMMANDS[file.removeprefix("dist/")])
    command = [str(Path(sys.executable).with_name(program)), *arguments, *more]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=600, check=False)


def load(file: Path) -> dict:
    return json.loads(file.read_text("utf-8"))


# ---------------------------------------------------------------- the folder


def test_the_folder_is_a_package_of_its_own(built_package, released):
    assert Copy(released).validate().valid
    assert documented("package/datapackage.json", built_package).returncode == 0


def test_frictionless_takes_a_zip_of_it(released, tmp_path):
    file = tmp_path / "package.zip"
    with zipfile.ZipFile(file, "w") as packed:
        for path in sorted(released.rglob("*.*")):
            packed.write(path, path.relative_to(released))
    command = [str(Path(sys.executable).with_name("frictionless")), "validate", str(file), "--type", "package"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == 0, done.stdout
    assert all(one["name"] in done.stdout for one in Copy(released).descriptor["resources"])


def test_sizes_and_checksums_are_those_of_the_files(built_package, released):
    dist = built_package / "dist"
    described = {one["contentUrl"]: one for one in load(built_package / CROISSANT)["distribution"]}
    assert set(described) == {path.relative_to(dist).as_posix() for path in dist.rglob("*.parquet")}
    for path, one in described.items():
        data = (dist / path).read_bytes()
        assert (one["sha256"], one["contentSize"]) == (hashlib.sha256(data).hexdigest(), f"{len(data)} B")
    crate = {one["@id"]: one for one in load(built_package / CRATE)["@graph"]}
    parts = {one["@id"] for one in crate["./"]["hasPart"]}
    assert parts == {path.relative_to(released).as_posix() for path in released.rglob("*.*")} - {rocrate.NAME}
    for path in parts:
        data = (released / path).read_bytes()
        assert (crate[path]["sha256"], crate[path]["contentSize"]) == (hashlib.sha256(data).hexdigest(), str(len(data)))


def test_what_is_not_known_is_left_out_and_what_becomes_known_is_said(copy):
    """An address, a DOI and a person with an employer: nowhere before, afterwards wherever there is a word for it."""
    known = {"homepage": "https://example.org/data", "id": "https://doi.org/10.1234/example"}
    person = {"title": "A. Person", "organization": "An Institute", "roles": ["editor"]}

    def change(descriptor: dict) -> None:
        descriptor.update(known)
        descriptor["contributors"].append(person)

    build(copy.root)
    before = [load(copy.root / file) for file in (CROISSANT, CSVW, CRATE)]
    assert [node for value in before for node in nodes(value) if node in (None, "", [], {}, "None")] == []
    assert [value for value in before if {"url", "identifier", "contributor"} & set(about(value))] == []
    copy.edit_json("datapackage.json", change)
    build(copy.root)
    for file in (CROISSANT, CRATE):
        found = about(load(copy.root / file))
        assert (found["url"], found["identifier"]) == tuple(known.values())
    (editor,) = load(copy.root / CROISSANT)["contributor"]
    assert (editor["@type"], editor["affiliation"]["name"]) == ("Person", person["organization"])
    crate = {one["@id"]: one for one in load(copy.root / CRATE)["@graph"]}
    editor = crate[crate["./"]["contributor"]["@id"]]
    assert (editor["@type"], crate[editor["affiliation"]["@id"]]["name"]) == ("Person", person["organization"])


def about(value: dict) -> dict:
    """The part of a file that speaks of the package as a whole."""
    return next((one for one in value.get("@graph", []) if one["@id"] == "./"), value)


def nodes(value) -> list:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [value, *(node for one in inner for node in nodes(one))]


def test_another_article_is_described_without_a_word_of_this_one(made_up, tmp_path):
    folder = Path(shutil.copytree(made_up, tmp_path / "package"))
    build(folder)
    assert documented(CSVW, folder).returncode == 0
    title, other = Copy(folder).descriptor["title"], Copy(ROOT).descriptor
    for file in (CROISSANT, CSVW, CRATE):
        texts = [node for node in nodes(load(folder / file)) if isinstance(node, str)]
        assert title in texts
        assert not {other["title"], other["titleRu"], other["sources"][0]["title"], "None"} & set(texts)


# ---------------------------------------------------------------- Data Package 2.0


def profile_errors(copy: Copy) -> list[str]:
    """What the published profile finds; it does not follow schemas into their files, so they are put in their place."""
    profile = load(resources.files("dplib") / "profiles" / "2.0" / "datapackage.json")
    descriptor = copy.descriptor
    for resource in descriptor["resources"]:
        resource["schema"] = copy.schema(resource["name"])
    return [error.json_path for error in jsonschema.Draft7Validator(profile).iter_errors(descriptor)]


def test_the_published_profile_agrees(changed):
    assert profile_errors(changed) == []
    changed.edit_json("datapackage.json", lambda descriptor: descriptor.update(sources=[{}]))
    assert profile_errors(changed) == ["$.sources[0]"]


@pytest.mark.heavy
@pytest.mark.filterwarnings("ignore")  # not kept up: it leaves files open and uses what others have put away
def test_a_reader_of_the_older_standard_finds_the_same(changed):
    import datapackage

    package = datapackage.Package(str(changed.root / "datapackage.json"))
    assert package.valid, package.errors
    for name, (_, rows) in expected(changed.root).items():
        resource = package.get_resource(name)
        assert resource.check_relations()
        assert [{key: plain(value) for key, value in row.items()} for row in resource.read(keyed=True)] == rows
    header, first, *others = changed.rows("statements")
    first[header.index("segment_id")] = "p00s00"
    changed.write_rows("statements", [header, first, *others])
    changed.reseal()
    resource = datapackage.Package(str(changed.root / "datapackage.json")).get_resource("statements")
    with pytest.raises(datapackage.exceptions.RelationError):
        resource.check_relations()


def plain(value):
    """A value of other readers as `expected` has it."""
    if isinstance(value, bytes):
        return value.decode("utf-8")
    if isinstance(value, date):
        return value.strftime("%Y-%m-%d")
    return value if value is None or isinstance(value, str | bool | int) else float(value)


# ---------------------------------------------------------------- CSV on the Web


def test_csvwvalidate_agrees(built_package):
    done = documented(CSVW, built_package)
    assert (done.returncode, "OK" in done.stdout) == (0, True), done.stdout + done.stderr


def test_csvw_reads_every_row_and_type_even_of_awkward_text(awkward):
    group = csvw.TableGroup.from_file(awkward / CSVW)
    for name, (_, rows) in expected(awkward).items():
        table = group.tabledict[f"data/{name}.csv"]
        assert [{key: plain(value) for key, value in row.items()} for row in table.iterdicts()] == rows


@pytest.mark.parametrize(
    ("column", "value", "message"),
    [
        ("place_type", "planet", "place_type"),
        ("place_id", "plc_moon", "place_id"),
        ("latitude", "90.5", "latitude"),
        ("latitude", "north", "latitude"),
        ("name_en", "", "name_en"),
        ("name_en", "x" * 121, "name_en"),
        ("place_id", "{next}", "duplicate primary key"),
        ("parent_place_id", "plc-nowhere", "not found in table"),
    ],
)
def test_csvw_knows_types_constraints_and_keys(changed, column, value, message):
    """One cell of one table broken, in each way that CSVW has a word for."""
    header, first, second, *others = changed.rows("places")
    first[header.index(column)] = value.format(next=second[header.index(column)])
    changed.write_rows("places", [header, first, second, *others])
    group = csvw.TableGroup.from_file(changed.root / metadata.NAME)
    for table in list(group.tables):
        if table.url.string != "data/places.csv":
            group.tables.remove(table)
    (table,) = group.tables
    table.tableSchema.foreignKeys = [
        key for key in table.tableSchema.foreignKeys if key.reference.resource.string == "data/places.csv"
    ]
    with pytest.raises(ValueError, match=message):
        list(table.iterdicts())
        table.check_primary_key()
        group.check_referential_integrity()


# ---------------------------------------------------------------- Croissant, schema.org


@PARSING
def test_croissant_is_linked_data_that_names_every_column(built_package):
    graph = rdflib.Graph().parse(built_package / CROISSANT, format="json-ld")
    rows = graph.query(
        """PREFIX sc: <https://schema.org/> PREFIX cr: <http://mlcommons.org/croissant/>
        SELECT ?path ?column WHERE { ?dataset a sc:Dataset; cr:recordSet/cr:field/cr:source ?source.
                                     ?source cr:extract/cr:column ?column; cr:fileObject/sc:contentUrl ?path }"""
    )
    columns = {
        (f"parquet/{file.name}", column)
        for file in (built_package / "dist" / "parquet").iterdir()
        for column in pyarrow.parquet.read_schema(file).names
    }
    assert {(str(path), str(column)) for path, column in rows} == columns
    schema, descriptor = rdflib.Namespace("https://schema.org/"), Copy(built_package).descriptor
    (dataset,) = graph.subjects(rdflib.RDF.type, schema.Dataset)
    assert graph.value(dataset, schema.name) == rdflib.Literal(descriptor["title"], lang="en")
    assert graph.value(dataset, schema.alternateName) == rdflib.Literal(descriptor["titleRu"], lang="ru")


@pytest.mark.heavy
def test_mlcroissant_agrees(built_package):
    done = documented(CROISSANT, built_package)
    assert done.returncode == 0, done.stderr
    assert "warning" not in done.stderr


@pytest.mark.heavy
@PARSING
@pytest.mark.filterwarnings("ignore:The inplace keyword")  # mlcroissant's own use of pandas
def test_mlcroissant_loads_every_record_set_even_of_awkward_text(awkward):
    import mlcroissant

    tables = expected(awkward)
    for one in load(awkward / CROISSANT)["recordSet"]:
        name = one["@id"]
        dataset = mlcroissant.Dataset(jsonld=str(awkward / CROISSANT))  # it remembers what it has loaded
        records = [
            {key.removeprefix(f"{name}/"): plain(value) for key, value in record.items()}
            for record in dataset.records(record_set=name)
        ]
        if name in tables:
            assert records == tables[name][1]
        else:
            assert len(records) == pyarrow.parquet.read_metadata(awkward / f"dist/parquet/{name}.parquet").num_rows


# ---------------------------------------------------------------- RO-Crate


@pytest.fixture
def context_at_hand(tmp_path) -> Path:
    """A cache of rocrate-validator that holds the context of RO-Crate as the package rocrate installs it."""
    import requests
    from requests_cache import CachedSession
    from urllib3 import HTTPResponse

    class Installed(requests.adapters.HTTPAdapter):
        def send(self, request, **_):
            stream = (resources.files("rocrate") / "data" / "ro-crate.jsonld").open("rb")
            headers = {"Content-Type": "application/ld+json"}
            return self.build_response(request, HTTPResponse(stream, headers, 200, preload_content=False))

    with CachedSession(str(tmp_path / "cache"), backend="sqlite") as session:
        session.mount("https://", Installed())
        assert session.get(CONTEXT).json()["@id"] == CONTEXT
    return tmp_path / "cache"


NOT_KNOWN = (
    "`publisher`",
    "License entities SHOULD have a description",
    "have a URL",
    "ROR identifier",
    "contactPoint",
)


@pytest.mark.heavy
def test_rocrate_validator_misses_only_what_is_not_known(built_package, context_at_hand):
    found = findings(built_package, context_at_hand)
    assert [one for one in found if one["severity"] != "RECOMMENDED"] == []
    assert [one["message"] for one in found if not any(words in one["message"] for words in NOT_KNOWN)] == []


@pytest.mark.heavy
def test_rocrate_validator_notices_a_missing_file(changed, context_at_hand, tmp_path):
    missing = changed.path("places").relative_to(changed.root)
    (changed.root / missing).unlink()
    shutil.move(changed.root, tmp_path / FOLDER)
    found = [one["message"] for one in findings(tmp_path, context_at_hand) if one["severity"] == "REQUIRED"]
    assert [str(missing) in one for one in found] == [True]


def findings(folder: Path, cache: Path) -> list[dict]:
    offline = ["--offline", "--cache-path", str(cache), "-p", "ro-crate-1.3", "-l", "recommended", "-f", "json"]
    done = documented(CRATE, folder, *offline)
    return json.loads(done.stdout[done.stdout.index("{") :])["issues"]
