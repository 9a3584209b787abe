"""The views say what they are said to say: each is worked out again here, row by row, from the tables."""

import re
from collections import Counter, defaultdict

import pytest
from built import ROOT, expected
from claims import edtf, views
from claims.package import opened

TABLES = {name: rows for name, (_, rows) in expected(ROOT).items()}
KEYED = {name: {next(iter(row.values())): row for row in rows} for name, rows in TABLES.items()}
KEYED_CODES = {(row["code_list"], row["code"]): row for row in TABLES["codes"]}
LINKS = ("event_id", "agreement_id", "project_id", "flow_id", "observation_id", "position_id", "actor_id", "place_id")
SIDES = {"RUS": "parties_a", "SUN": "parties_a", "PRK": "parties_b"}
INSIDE = {"events": "event_id", "flows": "flow_id", "observations": "observation_id"}
CONTACTS = {"visit", "meeting", "message_delivered", "signing", "commemoration"}


@pytest.fixture(scope="module")
def found() -> dict[str, list[dict]]:
    """Every view by name, published or feeding an output."""
    with opened(ROOT) as package:
        relations = views.filled(package.database, package.views, "views.toml")
        return {one.name: one.records() for one in relations}


def test_every_published_view_has_a_key_and_is_described(found):
    with opened(ROOT) as package:
        published = [one for one in package.views if one.fields]
    assert [one.name for one in published] == ["claims", "contacts", "promises", "disputed", "entities", "facts"]
    for one in published:
        keys = [tuple(row[name] for name in one.key) for row in found[one.name]]
        assert keys
        assert len(set(keys)) == len(keys)
        for field in one.fields:
            assert field["title"]
            assert field["description"].endswith(".")


def test_claims_are_the_statements_with_what_they_are_about(found):
    claims = {row["statement_id"]: row for row in found["claims"]}
    assert set(claims) == set(KEYED["statements"])
    for key, statement in KEYED["statements"].items():
        row = claims[key]
        linked = [statement[name] for name in LINKS if statement[name]]
        assert [row["about_id"]] == (linked or [None])
        if linked:
            about = KEYED[row["about_table"]][row["about_id"]]
            assert row["about_label"] in (about.get("label_en"), about.get("title_en"), about.get("name_en"))
        if row["about_table"] == "events":
            assert [row[name] for name in ("date_edtf", "place_id")] == [about["date_edtf"], about["place_id"]]
        for column, name in (("speaker", "speaker_actor_id"), ("via", "via_actor_id")):
            assert row[column] == shown_name(statement[name])


def shown_name(actor: str | None) -> str | None:
    """An actor's name as views print it: one that the article only means is marked."""
    if not actor:
        return None
    row = KEYED["actors"][actor]
    return row["name_en"] + (" (not by name)" if row["identity_status"] == "implied" else "")


def test_whom_the_article_does_not_name_is_marked_wherever_actors_are_named(found):
    implied = {row["name_en"] for row in TABLES["actors"] if row["identity_status"] == "implied"}
    assert implied
    nodes = {row["id"]: row for row in found["network_nodes"]}
    assert {key for key, row in nodes.items() if not row["named"]} == {
        row["actor_id"] for row in TABLES["actors"] if row["identity_status"] == "implied"
    }
    shown = [row["label"] for row in nodes.values()]
    shown += [row[side] for row in found["contacts"] for side in set(SIDES.values())]
    shown += [row[column] for row in found["claims"] for column in ("speaker", "via") if row[column]]
    printed = [(name, text) for text in shown for name in implied if name in text]
    assert {name for name, _ in printed} == implied
    assert all(f"{name} (not by name)" in text for name, text in printed)


CLASSES = [  # what may be found of a statement, the weightiest first, and the class that it gives
    ("contradicted", "contradicted"),
    ("outdated", "outdated"),
    ("context_missing", "context_missing"),
    ("supported_with_difference", "supported_in_part"),
    ("supported", "supported"),
    ("partly_supported", "supported_in_part"),
    ("outcome", "supported_in_part"),
    ("not_found", "not_found"),
    ("not_checkable", "not_checkable"),
]


def test_each_statement_has_the_class_of_the_check_that_weighs_most(found):
    order = [name for name, _ in CLASSES]
    checks = defaultdict(list)
    for row in TABLES["external_checks"]:
        weak = row["confidence"] == "low"
        verdict = row["verdict"] or ("outcome" if row["source_id"] else "not_found")
        verdict = "context_missing" if weak and verdict in ("contradicted", "outdated") else verdict
        checks[row["statement_id"]].append((row["source_id"] is None, weak, order.index(verdict)))
    classes = {row["statement_id"]: row["verdict_class"] for row in found["claims"]}
    assert set(classes) == set(KEYED["statements"])
    for key, statement in KEYED["statements"].items():
        seen = checks[key] or checks[statement["restates_statement_id"]]
        nothing = "no_truth_value" if statement["statement_type"] in ("evaluation", "goal", "meta") else "not_looked_up"
        assert classes[key] == (CLASSES[min(seen)[2]][1] if seen else nothing), key
    assert set(classes.values()) <= {row["code"] for row in TABLES["codes"] if row["code_list"] == "verdict_class"}


def test_pages_that_pass_on_one_origin_are_one_witness(found):
    support, witnesses = {"supported", "supported_with_difference", "partly_supported"}, defaultdict(set)
    for row in TABLES["external_checks"]:
        source = KEYED["sources"].get(row["source_id"], {})
        side = "for" if row["verdict"] in support else "against" if row["verdict"] == "contradicted" else ""
        if side == "for" or (side == "against" and row["confidence"] != "low"):
            witnesses[row["statement_id"], side].add(row["origin"] or source["publisher"] or source["title"])
    for row in found["claims"]:
        for side in ("for", "against"):
            assert row[f"witnesses_{side}"] == len(witnesses[row["statement_id"], side])
    assert any(row["witnesses_for"] == 1 and row["checks_supported"] > 1 for row in found["claims"])


def test_what_is_shared_across_the_sides_is_counted_by_things(found):
    """Each pair and thing once; a thing that several pairs share is one thing."""
    parents = {row["parent_event_id"] for row in TABLES["events"]}
    sides = defaultdict(lambda: defaultdict(set))
    for row in TABLES["involvements"]:
        if row["event_id"] not in parents - {None}:
            side = SIDES.get(KEYED["actors"][row["actor_id"]]["country_code"])
            sides[row["event_id"] or row["agreement_id"] or row["project_id"]][side].add(row["actor_id"])
    expected = {
        (thing, one, other)
        for thing, actors in sides.items()
        for one in actors["parties_a"]
        for other in actors["parties_b"]
    }
    rows = [tuple(row.values()) for row in found["shared_across"]]
    assert sorted(rows) == sorted(expected)
    assert len({thing for thing, *_ in rows}) < len(rows)


def test_a_claim_has_its_own_date_beside_that_of_its_subject(found):
    claims = {row["statement_id"]: row for row in found["claims"]}
    dated = {"date", "start", "due", "in_force"}
    for key, statement in KEYED["statements"].items():
        own = statement["claim_value"] if statement["claim_property"] in dated else None
        assert claims[key]["claim_date_edtf"] == own
    visit = claims["p28s02f"]
    assert (visit["claim_date_edtf"], visit["date_edtf"]) == ("1949-03-03/1949-03-25", "1948")


def test_facts_is_claims_under_its_old_name(found):
    assert found["facts"] == found["claims"]
    with opened(ROOT) as package:
        relations = {one.name: one for one in package.views}
    assert relations["facts"].fields == relations["claims"].fields


def test_claims_count_every_check_and_discrepancy(found):
    counted = Counter((row["statement_id"], row["verdict"] or "outcome") for row in TABLES["external_checks"])
    columns = {
        name: name.removeprefix("checks_").removeprefix("of_") for name in found["claims"][0] if "checks_" in name
    }
    assert {
        (row["statement_id"], verdict): row[column]
        for row in found["claims"]
        for column, verdict in columns.items()
        if row[column]
    } == counted
    pairs = {
        (row[name], row["discrepancy_id"])
        for row in TABLES["discrepancies"]
        for name in ("statement_a_id", "statement_b_id")
    }
    assert all(row["contradicted"] == (row["checks_contradicted"] > 0) for row in found["claims"])
    assert Counter(statement for statement, _ in pairs if statement) == {
        row["statement_id"]: row["discrepancies"] for row in found["claims"] if row["discrepancies"]
    }


def test_contacts_have_both_sides_and_are_counted_once(found):
    contacts = {row["event_id"]: row for row in found["contacts"]}
    parties = defaultdict(set)
    for event in TABLES["events"]:
        for row in TABLES["involvements"]:
            of_agreement = event["event_type"] == "signing" and row["role"] == "party"
            if row["role"] == "honouree" or event["event_type"] not in CONTACTS:
                continue
            if row["event_id"] == event["event_id"] or (
                of_agreement and row["agreement_id"] and event["agreement_id"] == row["agreement_id"]
            ):
                actors = [KEYED["actors"].get(row[name]) for name in ("on_behalf_of_actor_id", "actor_id")]
                sides = [SIDES[one["country_code"]] for one in actors if one and one["country_code"] in SIDES]
                if sides:
                    parties[event["event_id"], sides[0]].add(shown_name(row["actor_id"]))
    events = {event for event, _ in parties}
    assert set(contacts) == {event for event in events if all((event, side) in parties for side in set(SIDES.values()))}
    for event, row in contacts.items():
        for side in set(SIDES.values()):
            assert set(row[side].split("; ")) == parties[event, side]
        inside = [other for other in contacts if event in ancestors("events", "parent_event_id", other)]
        assert bool(row["counts"]) == (not inside)
    assert {bool(row["counts"]) for row in contacts.values()} == {True, False}


def test_a_date_is_disputed_where_the_article_or_a_source_gives_another(found):
    against = {
        row["statement_id"]
        for row in TABLES["external_checks"]
        if (row["aspect"], row["verdict"]) == ("date", "contradicted") and row["confidence"] != "low"
    }
    for row in TABLES["discrepancies"]:
        if row["discrepancy_type"] == "date_conflict":
            against |= {row["statement_a_id"], row["statement_b_id"]}
    events = {KEYED["statements"][one]["event_id"] for one in against - {None}}
    disputed = {row["event_id"]: bool(row["date_disputed"]) for row in found["contacts"]}
    assert disputed == {event: event in events for event in disputed}
    assert set(disputed.values()) == {True, False}


def ancestors(table: str, parent: str, key: str) -> list[str]:
    """The row itself is not among them; the nearest comes first."""
    above = KEYED[table][key][parent]
    return [above, *ancestors(table, parent, above)] if above else []


OVER = ("fulfilled", "partly_fulfilled", "missed", "overtaken")


def last_day(text: str) -> str:
    """The last day that an EDTF date can mean; nothing for a text that is no date."""
    try:
        return edtf.bounds(text)[1]
    except ValueError:
        return ""


def test_the_newest_outcome_is_not_that_of_an_undated_page_with_a_greater_id(found):
    """A page that gives the day goes before one that gives none; 1.0.0 showed the other of the two."""
    pairs = [
        (row["external_check_id"], other["external_check_id"])
        for row in TABLES["external_checks"]
        for other in TABLES["external_checks"]
        if row["outcome"]
        and other["outcome"]
        and row["statement_id"] == other["statement_id"]
        and row["found_value"]
        and not other["found_value"]
        and other["source_id"]
        and not KEYED["sources"][other["source_id"]]["published_edtf"]
    ]
    shown = {row["external_check_id"] for row in found["promises"]}
    assert pairs
    assert not {undated for _, undated in pairs} & shown


def test_the_reach_is_that_of_the_newest_page_and_the_latest_event(found):
    (reach,) = found["reach"]
    cited = {row["source_id"] for row in TABLES["external_checks"]}
    pages = [row for row in TABLES["sources"] if row["source_id"] in cited]  # others only give names and numbers
    assert reach["newest_page_latest"] == max(row["published_latest"] or "" for row in pages)
    assert reach["latest_event_day"] == max(row["date_earliest"] or "" for row in TABLES["events"])
    assert (reach["pages"], reach["pages_undated"]) == (len(pages), sum(not row["published_edtf"] for row in pages))


def test_promises_are_the_projects_with_their_newest_outcome(found):
    promises = {row["project_id"]: row for row in found["promises"]}
    assert set(promises) == set(KEYED["projects"])
    checks = defaultdict(list)
    for row in TABLES["external_checks"]:
        if row["outcome"] and (project := KEYED["statements"][row["statement_id"]]["project_id"]):
            done = last_day(row["found_value"] or "")
            seen = KEYED["sources"].get(row["source_id"], {}).get("published_latest") or done
            weight = (seen, bool(row["found_value"]), row["checked_on"], row["external_check_id"])
            checks[project].append((weight, row["outcome"], done or seen))
    assert checks
    latest_event = max(row["date_earliest"] or "" for row in TABLES["events"])
    order = [
        (row["due_latest"] is None, row["due_latest"] or "", row["outcome"] is None, row["project_id"])
        for row in found["promises"]
    ]
    assert order == sorted(order)
    for project, row in promises.items():
        weight, outcome, day = max(checks[project], default=((None,), None, ""))
        assert (row["external_check_id"], row["outcome"]) == (weight[-1], outcome)
        assert row["outcome_checks"] == len(checks[project])
        assert bool(row["outcomes_differ"]) == (len({one[1] for one in checks[project]}) > 1)
        assert bool(row["outcome_before_article"]) == (outcome in OVER and "" < day < latest_event)
        said = {
            key
            for key, one in KEYED["statements"].items()
            if project == one["project_id"]
            or any(one[name] and KEYED[table][one[name]]["project_id"] == project for table, name in INSIDE.items())
        }
        assert row["statements"] == len(said)
        assert row["first_statement_id"] == next(one for one in KEYED["statements"] if one in said)


def test_disputed_has_every_discrepancy_and_every_check_that_disagrees(found):
    disagree = {"contradicted", "supported_with_difference", "outdated"}
    wanted = set(KEYED["discrepancies"]) | {
        key for key, row in KEYED["external_checks"].items() if row["verdict"] in disagree
    }
    assert {row["dispute_id"] for row in found["disputed"]} == wanted
    for row in found["disputed"]:
        if row["against"] == "source":
            check = KEYED["external_checks"][row["dispute_id"]]
            assert row["segment_id"] == KEYED["statements"][check["statement_id"]]["segment_id"]
            assert (row["other_value"], row["explanation_en"]) == (check["found_value"], check["finding_en"])
        else:
            assert row["article_value"] == KEYED["discrepancies"][row["dispute_id"]]["value_a"]


def test_entities_have_a_column_for_every_system_and_every_identifier(found):
    """Whoever joins with others needs no pivot: a system that gets a code without a column would be lost here."""
    systems = [row["code"] for row in TABLES["codes"] if row["code_list"] == "identifier_system"]
    assert list(found["entities"][0])[-len(systems) :] == sorted(
        systems, key=lambda one: KEYED_CODES["identifier_system", one]["position"]
    )
    named = {**KEYED["actors"], **KEYED["places"], **KEYED["agreements"]}
    assert {row["entity_id"] for row in found["entities"]} == set(named)
    owners = ("actor_id", "place_id", "agreement_id")
    stored = {
        (next(row[one] for one in owners if row[one]), row["system"]): row["value"] for row in TABLES["identifiers"]
    }
    assert {
        (row["entity_id"], system): row[system] for row in found["entities"] for system in systems if row[system]
    } == stored
    for row in found["entities"]:
        assert row["name_en"] == named[row["entity_id"]].get("name_en", named[row["entity_id"]].get("title_en"))


def test_the_map_takes_the_point_of_the_nearest_place_that_has_one(found):
    for row in found["map_points"]:
        place = row["place_id"]
        if row["layer"] == "event":
            own = [row["id"], *ancestors("events", "parent_event_id", row["id"])]
            assert place == next(
                (KEYED["events"][one]["place_id"] for one in own if KEYED["events"][one]["place_id"]), None
            )
        ways = [place, *ancestors("places", "parent_place_id", place)] if place else []
        located = [one for one in ways if KEYED["places"][one]["latitude"] is not None]
        assert row["point_of_place_id"] == next(iter(located), None)
        assert row["latitude"] == (KEYED["places"][located[0]]["latitude"] if located else None)
    assert len(found["map_points"]) == len(TABLES["events"]) + len(TABLES["places"])
    parents = {row["parent_event_id"] for row in TABLES["events"]}
    assert {row["id"]: row["counts"] for row in found["map_points"] if row["layer"] == "event"} == {
        key: key not in parents for key in KEYED["events"]
    }


def test_the_calendar_has_days_and_nothing_coarser(found):
    assert {row["id"] for row in found["calendar_days"]} == set(KEYED["events"])
    for row in found["calendar_days"]:
        ways = [row["id"], *ancestors("events", "parent_event_id", row["id"])]
        dated = next((KEYED["events"][one] for one in ways if KEYED["events"][one]["date_edtf"]), {"date_edtf": ""})
        day = re.fullmatch(r"\d{4}-\d\d-\d\d(/\d{4}-\d\d-\d\d)?", dated["date_edtf"])
        assert row["first_day"] == (dated["date_earliest"] if day else None)
        assert (row["day_of"] is not None) == (dated["date_edtf"] != "" and dated["event_id"] != row["id"])


def test_the_network_counts_what_two_actors_have_in_common(found):
    parents = {row["parent_event_id"] for row in TABLES["events"]}
    things = defaultdict(dict)
    for row in TABLES["involvements"]:
        if row["event_id"] not in parents - {None}:
            thing = things[row["event_id"] or row["agreement_id"] or row["project_id"]]
            thing[row["actor_id"]] = thing.get(row["actor_id"], False) or row["role"] in (
                "giver",
                "proposer",
                "visitor",
            )
    weights = Counter()
    for actors in things.values():
        for one, active in actors.items():
            for other, also in actors.items():
                if one != other and (active > also or (active == also and one < other)):
                    weights[one, other, active > also] += 1
    edges = found["network_edges"]
    assert {
        (row["source"], row["target"], bool(row["directed"])): row["weight"]
        for row in edges
        if row["type"] == "together"
    } == weights
    members = {(row["actor_id"], row["parent_actor_id"]) for row in TABLES["actors"]}
    members |= {(row["person_actor_id"], row["organization_actor_id"]) for row in TABLES["positions"]}
    assert {(row["source"], row["target"]) for row in edges if row["type"] == "membership"} == {
        pair for pair in members if pair[1]
    }
