"""Every row can be cited, with where it stands; and the metadata files say what the descriptor says."""

import json
import re
import subprocess
import sys
from pathlib import Path

import bibtexparser
import pytest
import yaml
from claims import citation
from claims.outputs.catalogues import citation_files as output
from claims.outputs.catalogues import schema_org
from claims.package import opened
from claims.zips import restated
from datacite import schema45
from harness import claims

ROOT = Path(__file__).parent.parent
TEST_DOI = "10.5072/made-up"  # the prefix that DataCite keeps for tests


@pytest.fixture(scope="module")
def rows() -> dict[str, dict[str, dict[str, str]]]:
    """Every row of this package by table and id."""
    with opened(ROOT) as package:
        return {name: data.by_id for name, data in package.data.items()}


@pytest.fixture(scope="module")
def cited(rows) -> dict[str, citation.Citation]:
    """The citation of every row of this package."""
    with opened(ROOT) as package:
        return {
            one.row_id: one
            for one in citation.of_rows(package, [row_id for table in rows.values() for row_id in table])
        }


def test_every_row_has_words_without_gaps(rows, cited):
    assert set(cited) == {row_id for table in rows.values() for row_id in table}
    for one in cited.values():
        assert not re.search(r"[{}]|^[ ,;:(—]|[ ,;(—]$", one.words), one


def test_keys_and_codes_are_said_in_words(rows, cited):
    """No id of another row and no code with an underscore is left in the words of a row about actors and events."""
    for row_id, cells in rows["involvements"].items():
        for column in ("actor_id", "event_id", "agreement_id", "project_id", "role"):
            assert not cells[column] or not re.search(r"\b(act|evt|agr|prj)-", cited[row_id].words), row_id
        assert rows["actors"][cells["actor_id"]]["name_en"] in cited[row_id].words


def place(segment: dict[str, str]) -> str:
    part = f"sentence {segment['sentence']}" if segment["sentence"] else segment["segment_type"]
    return f"paragraph {segment['paragraph']}, {part}, page {segment['page']} of the copy"


def test_each_row_is_cited_where_it_stands(rows, cited):
    """Sentence, statement, what hangs on a statement; what statements are about stands where it is first spoken of."""
    segments, statements = rows["segments"], rows["statements"]
    for row_id, cells in segments.items():
        assert cited[row_id].place == place(cells)
    for table in ("statements", "discrepancies"):
        for row_id, cells in rows[table].items():
            assert cited[row_id].place == place(segments[cells["segment_id"]])
    for table in ("involvements", "external_checks"):
        for row_id, cells in rows[table].items():
            assert cited[row_id].place == place(segments[statements[cells["statement_id"]]["segment_id"]])
    for table, key in (("events", "event_id"), ("projects", "project_id"), ("positions", "position_id")):
        for row_id in rows[table]:
            about = [one for one in statements.values() if one[key] == row_id]
            assert about or cited[row_id].place  # then something that belongs to it is spoken of
            mentions = [segments[one["segment_id"]] for one in about]
            if about:
                assert cited[row_id].place == place(min(mentions, key=lambda cells: int(cells["position"])))
    assert all(cited[row_id].place == "" for row_id in rows["codes"])


def test_a_row_is_cited_as_the_articles_claim_in_our_words(rows, cited):
    """Whoever copies a citation names the article, and does not take a paraphrase for a quotation."""
    article = json.loads((ROOT / "datapackage.json").read_text("utf-8"))["sources"][0]["title"]
    for table in ("statements", "events", "agreements", "projects", "flows", "observations", "positions"):
        for row_id in rows[table]:
            one = cited[row_id]
            assert re.match("The article says that |By the article's account: ", one.words), row_id
            assert f". Our words, no quotation. Article: {article}, {one.place}. In: " in citation.as_text(one)
            assert article in citation.as_csl(one)["note"]
            assert citation.escaped(article) in citation.as_bibtex(one)


def test_bibtex_is_read_as_the_same_entries(cited):
    """A parser finds an entry a row with the fields of the CSL item; nothing in a cell ends an entry early."""
    library = bibtexparser.parse_string("\n".join(map(citation.as_bibtex, cited.values())))
    assert library.failed_blocks == []
    assert len(library.entries) == len(cited)
    for entry, one in zip(library.entries, cited.values(), strict=True):
        item = citation.as_csl(one)
        fields = {name: field.value for name, field in entry.fields_dict.items()}
        assert entry.key == item["id"]
        assert fields["title"].strip("{}") == citation.escaped(item["title"])
        assert [int(fields["year"]), int(fields["month"])] == item["issued"]["date-parts"][0][:2]
        assert fields["version"] == item["version"]
        assert fields["author"].strip("{}") == item["author"][0]["literal"]
        assert citation.escaped(item["number"]) in fields["note"]


def test_what_tex_would_run_is_escaped():
    assert citation.escaped("50% of {a_b} & #1 \\x ~^$") == (
        r"50\% of \{a\_b\} \& \#1 \textbackslash{}x \textasciitilde{}\textasciicircum{}\$"
    )


def cite(*arguments) -> subprocess.CompletedProcess:
    return claims("cite", *arguments)


def test_the_command_cites_the_package_and_rows(rows, cited):
    descriptor = json.loads((ROOT / "datapackage.json").read_text("utf-8"))
    whole = cite().stdout
    assert f"{descriptor['title']}. Version {descriptor['version']}." in whole
    assert whole in (ROOT / "README.md").read_text("utf-8").replace("> ", "")
    ids = [next(iter(rows["statements"])), next(iter(rows["events"]))]
    assert cite(*ids).stdout.splitlines() == [citation.as_text(cited[row_id]) for row_id in ids]
    assert [one["number"] for one in json.loads(cite(*ids, "--format", "csl").stdout)] == ids


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["p41s03aa"], "did you mean 'p41s03a'?"),
        (["p41s03a", "--package", "{folder}/nowhere"], "no such file"),
        (["p41s03a", "--package", "{folder}"], "are not valid"),
    ],
)
def test_what_cannot_be_cited_is_told(tmp_path, arguments, message):
    (tmp_path / "datapackage.json").write_text('{"resources": []}', "utf-8")
    done = cite(*(one.format(folder=tmp_path) for one in arguments))
    assert (done.returncode, message in done.stderr, "Traceback" in done.stderr) == (2, True, False)


def test_a_retired_row_says_what_became_of_it(copy):
    header, *rest = copy.rows("retired_ids")
    new = {"old_id": "inv-9999", "new_id": "inv-0001", "reason": "It was counted twice.", "version": "9.0.0"}
    copy.write_rows("retired_ids", [header, *rest, [new[name] for name in header]])
    said = cite("inv-9999", "--package", copy.root).stdout
    assert "inv-9999 is retired since version 9.0.0, replaced by inv-0001: It was counted twice." in said


@pytest.fixture(params=["this package", "the made-up one", "one with a DOI"])
def described(request, made_up):
    """A package, its descriptor's view of itself, and the three files that repeat it."""
    with opened(ROOT if request.param == "this package" else made_up) as package:
        given = {"id": f"https://doi.org/{TEST_DOI}", "homepage": "https://example.org/x"}
        with restated(package, **(given if "DOI" in request.param else {})) as one:
            files = output.build(one)
            yield one, files


def test_the_files_agree_with_the_descriptor_field_by_field(described):
    package, files = described
    given = package.descriptor
    cff, zenodo, datacite = (
        yaml.safe_load(files["CITATION.cff"]),
        *map(json.loads, (files[".zenodo.json"], files["dist/datacite.json"])),
    )
    makers = [one["title"] for one in given["contributors"]]
    day = given["created"][:10]
    doi = TEST_DOI if "id" in given else None
    subjects = [one["subject"] for one in datacite["subjects"]]
    named = [[one["name"] for one in all_] for all_ in (cff["authors"], zenodo["creators"], datacite["creators"])]
    agree = {
        "title": (given["title"], cff["title"], zenodo["title"], datacite["titles"][0]["title"]),
        "description": (
            given["description"],
            cff["abstract"],
            zenodo["description"],
            datacite["descriptions"][0]["description"],
        ),
        "version": (given["version"], cff["version"], zenodo["version"], datacite["version"]),
        "day": (day, cff["date-released"], zenodo["publication_date"], datacite["dates"][0]["date"]),
        "year": (day[:4], datacite["publicationYear"]),
        "keywords": (
            given["keywords"],
            cff["keywords"],
            zenodo["keywords"],
            subjects,
        ),
        "makers": (makers, *named),
        "licence": (given["licenses"][0]["name"], cff["license"], datacite["rightsList"][0]["rightsIdentifier"]),
        "licence of Zenodo": (given["licenses"][0]["name"].lower(), zenodo["license"]),
        "homepage": (given.get("homepage"), cff.get("url"), datacite.get("url")),
        "doi": (doi, cff.get("doi"), zenodo.get("doi"), datacite.get("doi")),
        "title in Russian": (
            given.get("titleRu"),
            next((one["title"] for one in datacite["titles"] if one["lang"] == "ru"), None),
        ),
    }
    for what, values in agree.items():
        assert all(value == values[0] for value in values), (what, values)


def test_who_funds_or_maintains_is_nowhere_an_author():
    roles = {"A Lab": ["creator"], "B. Writer": ["author", "maintainer"], "Ministry of Money": ["funder"]}
    roles |= {"A. Maintainer": ["maintainer"], "A. Press": ["publisher"], "A. Friend": ["translator"]}
    roles["C. Plain"] = []
    makers = ["A Lab", "B. Writer", "C. Plain"]
    contributors = [{"title": name} | ({"roles": of} if of else {}) for name, of in roles.items()]
    with opened(ROOT) as package, restated(package, contributors=contributors) as one:
        cited = citation.of_package(one)
        files = output.build(one)
        agents = schema_org.agents(one)
    texts = citation.as_text(cited), citation.as_bibtex(cited), json.dumps(citation.as_csl(cited))
    assert all((name in text) == (name in makers) for name in roles for text in texts)
    cff, zenodo = yaml.safe_load(files["CITATION.cff"]), json.loads(files[".zenodo.json"])
    datacite = json.loads(files["dist/datacite.json"])
    for authors in (cff["authors"], zenodo["creators"], datacite["creators"]):
        assert [author["name"] for author in authors] == makers
    others = ["Sponsor", "DataManager", "Distributor", "Other"]
    assert [one["contributorType"] for one in datacite["contributors"]] == others
    assert [(one["name"], one["type"]) for one in zenodo["contributors"]] == list(
        zip([name for name in roles if name not in makers], others, strict=True)
    )
    assert datacite["publisher"] == {"name": "A. Press"}
    assert [agent["name"] for kind, agent in agents if kind == "creator"] == makers
    assert list(schema45.validator.iter_errors({"doi": TEST_DOI, **datacite})) == []


def test_the_article_is_the_reference(rows):
    (article,) = [cells for cells in rows["sources"].values() if cells["source_type"] == "coded_article"]
    with opened(ROOT) as package:
        files = output.build(package)
    (reference,) = yaml.safe_load(files["CITATION.cff"])["references"]
    names = [f"{one['family-names']} {one['given-names']}" for one in reference["authors"]]
    assert (reference["type"], reference["title"], "; ".join(names)) == (
        "article",
        article["title_en"],
        article["authors"],
    )
    (related,) = json.loads(files["dist/datacite.json"])["relatedItems"]
    assert related["titles"][0]["title"] == article["title_en"]


def test_citation_cff_passes_its_schema(described, tmp_path):
    _, files = described
    (tmp_path / "CITATION.cff").write_bytes(files["CITATION.cff"])
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.citation-file-format"]
    done = subprocess.run(
        [*command, str(tmp_path / "CITATION.cff")], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stdout


def test_datacite_json_passes_its_schema(described):
    """The schema wants a DOI; the archive adds the one it assigns."""
    _, files = described
    assert list(schema45.validator.iter_errors({"doi": TEST_DOI, **json.loads(files["dist/datacite.json"])})) == []


def test_no_doi_is_invented():
    """Until the descriptor has one, no DOI stands in any file that repeats it."""
    if "id" not in json.loads((ROOT / "datapackage.json").read_text("utf-8")):
        for path in ("CITATION.cff", ".zenodo.json"):
            assert not re.search(r"\b10\.\d{4,9}/", (ROOT / path).read_text("utf-8"))
