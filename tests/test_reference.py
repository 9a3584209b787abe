"""Who and where: codes of others, coordinates, alphabets, and a way from every place to its country."""

import csv
import re
from pathlib import Path

import pycountry
import pytest
from countrycode import countrycode

ROOT = Path(__file__).parent.parent

# rough boxes (south, west, north, east) of the countries places lie in, a tenth of a degree wide of the border
BOXES = {
    "RUS": (41.1, 19.5, 82.0, 180.0),
    "PRK": (37.6, 124.0, 43.1, 130.8),
    "KOR": (33.0, 124.5, 38.7, 132.0),
    "CHN": (18.0, 73.4, 53.7, 135.2),
}


def rows(table: str) -> list[dict[str, str]]:
    with (ROOT / "data" / f"{table}.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


PLACES, ACTORS, IDENTIFIERS = rows("places"), rows("actors"), rows("identifiers")
FORMER = {one.alpha_3 for one in pycountry.historic_countries}


@pytest.mark.parametrize("table", ["places", "actors"])
def test_country_codes_are_iso_codes(table):
    for row in rows(table):
        code = row["country_code"]
        assert not code or pycountry.countries.get(alpha_3=code) or code in FORMER, row


def test_subdivisions_exist_and_belong_to_the_country():
    for row in PLACES:
        if row["iso_3166_2"]:
            subdivision = pycountry.subdivisions.get(code=row["iso_3166_2"])
            assert subdivision, row
            assert pycountry.countries.get(alpha_2=subdivision.country_code).alpha_3 == row["country_code"], row


def test_unlocodes_begin_with_the_country():
    places = {row["place_id"]: row for row in PLACES}
    for row in IDENTIFIERS:
        if row["system"] == "unlocode":
            country = pycountry.countries.get(alpha_2=row["value"][:2]).alpha_3
            assert country == places[row["place_id"]]["country_code"], row


def test_codes_of_states_are_those_of_their_lists():
    """The codes of the Correlates of War and of Gleditsch and Ward, as the package countrycode has them."""
    countries = {row[next(iter(row))]: row["country_code"] for row in [*ACTORS, *PLACES]}
    checked = set()
    for row in IDENTIFIERS:
        column = {"cow_state": "cown", "gleditsch_ward": "gwn"}.get(row["system"])
        if column:
            country = countries[row["actor_id"] or row["place_id"]].replace("SUN", "RUS")  # one state in both lists
            assert row["value"] == str(countrycode(country, "iso3c", column)), row
            checked.add((column, country))
    assert len(checked) == 8


def test_coordinates_lie_in_their_country():
    checked = 0
    for row in PLACES:
        if row["latitude"] and row["country_code"]:
            south, west, north, east = BOXES[row["country_code"]]
            assert south <= float(row["latitude"]) <= north, row
            assert west <= float(row["longitude"]) <= east, row
            checked += 1
    assert checked > 20


def test_places_lie_in_places_of_the_same_country():
    by_id = {row["place_id"]: row for row in PLACES}
    for row in PLACES:
        parent = by_id.get(row["parent_place_id"])
        if parent and row["country_code"] and parent["country_code"]:
            assert row["country_code"] == parent["country_code"], row


def test_names_are_in_their_alphabets():
    for row in [*PLACES, *ACTORS]:
        assert not re.search("[А-Яа-яЁё]", row["name_en"]), row
        assert re.search("[А-Яа-яЁё]", row["name_ru"]) or row["name_ru"] == row["abbreviation_en"], row
    for row in rows("name_variants"):
        letters = {"Cyrl": "[А-Яа-яЁё]", "Latn": "[A-Za-z]", "Hang": "[가-힣]"}[row["language"].split("-")[1]]
        assert re.search(letters, row["name"]), row


def test_a_spelling_is_listed_once():
    """A variant that repeats the name of its own owner adds nothing."""
    names = {row[next(iter(row))]: row for row in [*ACTORS, *PLACES, *rows("agreements")]}
    for row in rows("name_variants"):
        owner = names[row["actor_id"] or row["place_id"] or row["agreement_id"]]
        assert row["name"] not in {cell for column, cell in owner.items() if re.match("name_|title_", column)}, row


SOUGHT = {
    "Taisaev": "act-taysaev",
    "Тайсаев": "act-taysaev",
    "Ziuganov": "act-zyuganov",
    "Putin": "act-russian-president",
    "Путин": "act-russian-president",
    "김정은": "act-kim-jong-un",
    "북한": "act-dprk",
    "North Korea": "plc-dprk",
    "Северная Корея": "plc-dprk",
    "두만강": "plc-tumen-river",
    "Pyeongyang": "plc-pyongyang",
    "Пхеньян": "plc-pyongyang",
    "Самджион": "plc-samjiyon",
    "Санкт-Петербург": "plc-saint-petersburg",
    "Soviet Union": "act-ussr",
    "мост": "plc-tumen-road-bridge",
    "railroad": "plc-khasan-rajin-line",
    "железная дорога": "plc-khasan-rajin-line",
}


@pytest.mark.parametrize("word", SOUGHT)
def test_what_people_type_is_in_a_name(word):
    """What a reader types stands, as whole words, in a name or a variant of the row that is meant."""
    row_id = SOUGHT[word]
    owner = next(row for row in [*ACTORS, *PLACES] if row_id == row[next(iter(row))])
    names = [owner[one] for one in ("name_en", "name_ru", "name_ko")]
    names += [row["name"] for row in rows("name_variants") if row_id in (row["actor_id"], row["place_id"])]
    assert any(re.search(rf"\b{word}\b", name) for name in names)


def test_every_note_mark_and_reference_is_a_source():
    """As many notes as the sentences with a glued mark, and each named after its sentence."""
    marked = {row["source_id"] for row in rows("sources") if row["note_mark"]}
    segments = {row["segment_id"] for row in rows("segments")}
    assert all(one.removeprefix("src-note-") in segments for one in marked)
    glued = [row for row in rows("segments") if row["text_defect"] == "glued_note_mark"]
    assert {f"src-note-{row['segment_id']}" for row in glued} <= marked
