"""What the templates of the page need, section by section: rows put together, counted and placed."""

import hashlib
from collections import Counter
from collections.abc import Callable
from itertools import groupby
from string import ascii_lowercase

from ... import views
from ...package import Package, Unusable
from . import axis, claimsmap, worldmap
from .answers import Answers, bounds, in_language
from .words import say

SCREENS = {"wide": 690, "narrow": 330}  # pixels of a map that has names for labels, and of one that has numbers
SIZES = (1, 5, 10)  # events, of the key to the marks
TALLY = ("full", "half", "empty", "cross", "question")  # the order of outcomes
HEATS = 4  # shades of a matrix
LOOKED_FOR = ("followed", "searched")  # parts of the promises
MAIN_FILES = (".xlsx", ".sqlite")  # with the whole package's CSV the downloads of most people
SEALED = "package/"  # files whose descriptor, which is among them, has their checksums


class Sections:
    """The parts of one page in one language."""

    def __init__(self, package: Package, answers: Answers, language: str):
        self.package, self.answers, self.language = package, answers, language
        self.claims = [claim for claim in self.rows("claims") if claim["id"]]
        self.colours = [self.colour(index, entry) for index, entry in enumerate(answers.settings["colour"])]
        self.places: set[str] = set()

    def rows(self, section: str) -> list[dict]:
        return [in_language(row, self.language) for row in self.answers.rows(section)]

    def entries(self, section: str) -> list[dict]:
        return [in_language(entry, self.language) for entry in self.answers.settings[section]]

    def t(self, english: str, russian: str) -> str:
        return russian if self.language == "ru" else english

    # ------------------------------------------------------------ first screen

    def lead(self) -> dict:
        """Heading and line of the first screen: those of the settings where they are about this package."""
        lead = in_language(self.answers.entry("lead"), self.language)
        if lead.get("package") == self.package.name:
            return lead
        descriptor = self.package.descriptor
        title = self.t(descriptor["title"], descriptor.get("titleRu") or descriptor["title"])
        return {"title": title, "text": descriptor.get("description", "")}

    def short(self) -> str:
        """The name of the package before its colon."""
        descriptor = self.package.descriptor
        return self.t(descriptor["title"], descriptor.get("titleRu") or descriptor["title"]).partition(": ")[0]

    def reach(self) -> dict:
        return (self.rows("reach") or [{"page_edtf": None, "page_last": None, "event_last": None}])[0]

    def findings(self) -> list[dict]:
        found = []
        for entry in self.entries("finding"):
            for row in self.answers.select("finding", entry):
                found.append({**entry, **in_language(row, self.language)})
        return [row for row in found if row["figure"] is not None]

    # ------------------------------------------------------------ claims

    def colour(self, index: int, entry: dict) -> dict:
        """A way to colour: its classes with their number of claims, and the class of each claim."""
        classes = {
            one["code"]: {**in_language(one, self.language), "style": f"{ascii_lowercase[index]}{place}", "n": 0}
            for place, one in enumerate(entry["classes"])
        }
        codes = {row["id"]: row["code"] for row in self.answers.select("colour", entry)}
        of_claim = {}
        for claim in self.claims:
            code = codes.get(claim["id"])
            if code not in classes:
                raise Unusable(
                    f"{self.answers.path}: colour '{entry['id']}': claim {claim['id']} has the class '{code}', "
                    f"which is none of {', '.join(classes)}; correct its classes or its sql"
                )
            classes[code]["n"] += 1
            of_claim[claim["id"]] = classes[code]
        return {**in_language(entry, self.language), "classes": list(classes.values()), "of": of_claim}

    def map(self) -> list[dict]:
        """The sections with their squares and, for each colouring, their bars."""
        found = []
        for _, of_section in groupby(self.claims, key=lambda claim: claim["section_code"]):
            claims = [
                {**claim, "styles": " ".join(colour["of"][claim["id"]]["style"] for colour in self.colours)}
                for claim in of_section
            ]
            bars = {colour["id"]: bar(colour, claims) for colour in self.colours}
            lines = claimsmap.lines(claims)
            found.append({"name": claims[0]["section"], "n": len(claims), "lines": lines, "bars": bars})
        return found

    def reading(self) -> list[dict]:
        """Sections, paragraphs, sentences, claims, each claim with its checks and what the article says against it."""
        checks = grouped(self.rows("claims.checks"), "claim_id")
        differences = grouped(self.rows("claims.differences"), "claim_id")
        found = []
        for section, of_section in groupby(self.rows("claims"), key=lambda row: row["section_code"]):
            paragraphs = []
            for number, of_paragraph in groupby(of_section, key=lambda row: row["paragraph"]):
                sentences = []
                for segment, of_sentence in groupby(of_paragraph, key=lambda row: row["segment_id"]):
                    rows = list(of_sentence)
                    claims = [
                        self.claim(row, checks.get(row["id"], []), differences.get(row["id"], []))
                        for row in rows
                        if row["id"]
                    ]
                    sentences.append({**rows[0], "id": segment, "claims": claims})
                paragraphs.append({"number": number, "sentences": sentences})
            name = paragraphs[0]["sentences"][0]["section"]
            found.append({"code": section, "name": name, "paragraphs": paragraphs})
        return found

    def claim(self, row: dict, checks: list[dict], differences: list[dict]) -> dict:
        kinds = Counter(check["kind"] for check in checks)
        kinds.update(self.t("the article itself", "сама статья") for _ in differences)
        style = self.colours[0]["of"][row["id"]]["style"] if self.colours else ""
        summary = ", ".join(f"{kind} {n}" if n > 1 else kind for kind, n in kinds.items())
        return {**row, "checks": checks, "differences": differences, "style": style, "summary": summary}

    # ------------------------------------------------------------ promises

    def promises(self) -> dict:
        """The plans with their evidence, the axis of their time, and how many came out how."""
        rows, reach = self.rows("promises"), self.reach()
        evidence = grouped(self.rows("promises.evidence"), "promise_id")
        followed = [row for row in rows if row["part"] == "followed"]
        days = [row[end] for row in followed for end in ("due_first", "due_last") if row[end]]
        days += [
            day for row in followed for one in evidence.get(row["id"], []) for day in bounds(one["day_edtf"]) if day
        ]
        days += [reach[name] for name in ("page_last", "event_last") if followed and reach[name]]
        time = axis.around(days)
        for row in rows:
            row["evidence"] = evidence.get(row["id"], [])
            if time and row["part"] == "followed":
                row |= self.strip(time, row, reach)
        tally = [
            (sign, shown[0]["outcome"] or self.t("nobody looked", "не искали"), shown)
            for sign in TALLY
            if (shown := [row for row in rows if row["part"] in LOOKED_FOR and row["sign"] == sign])
        ]
        return {"promises": rows, "axis": time, "tally": tally}

    def strip(self, time: axis.Axis, row: dict, reach: dict) -> dict:
        """What stands on the strip of time of one promise."""
        marks = []
        for one in row["evidence"]:
            first, last = bounds(one["day_edtf"])
            if first and last:
                last = max(first, min(last, reach["page_last"] or last))  # no page knows what came after it
                sign = {"fulfilled": "full", "partly_fulfilled": "half", "undetermined": ""}.get(
                    one["outcome"], "empty"
                )
                marks += [(time.at(first) if first == last else sum(time.span(first, last)), sign)] if sign else []
        return {
            "marks": marks,
            "due": time.span(row["due_first"], row["due_last"]) if row["due_first"] and row["due_last"] else None,
            "unread": sum(time.span(reach["page_last"], reach["page_last"])) if reach["page_last"] else None,
            "event_at": sum(time.span(reach["event_last"], reach["event_last"])) if reach["event_last"] else None,
        }

    # ------------------------------------------------------------ disputed

    def disputed(self) -> dict:
        """The disputed claims, each with its evidence and the number of pages against and for it by side."""
        sides = self.rows("disputed.sides")
        claims = []
        for claim, evidence in groupby(self.rows("disputed"), key=lambda row: row["claim_id"]):
            rows = [{**row, "side_label": row["side"]} for row in evidence]
            cells = {side["code"]: Counter(against=0, beside=0) for side in sides}
            for row in rows:
                if row["side_code"] in cells:
                    cells[row["side_code"]]["against" if row["against"] else "beside"] += 1
            first = rows[0]
            claims.append(
                {
                    **first,
                    "id": claim,
                    "rows": rows,
                    "cells": cells,
                    "against": sum(bool(row["against"]) for row in rows),
                    "discrepancies": first["discrepancies"].split(",") if first["discrepancies"] else [],
                    "style": self.style_of(claim),
                }
            )
        shown = {row["side_code"] for claim in claims for row in claim["rows"]}
        inside = self.rows("disputed.inside")
        return {
            "disputed": claims,
            "sides": [side for side in sides if side["code"] in shown],
            "inside": inside,
            "inside_main": [row for row in inside if row["main"]],
            "inside_other": [row for row in inside if not row["main"]],
        }

    def style_of(self, claim: str) -> str:
        return self.colours[0]["of"][claim]["style"] if self.colours and claim in self.colours[0]["of"] else ""

    # ------------------------------------------------------------ when, where, who

    def when(self) -> dict:
        """Zooms of time, each with the events that no finer one holds, and the events without any day."""
        rows = self.rows("when")
        axes = axis.axis(self.rows("when.zooms"))
        zooms: list[dict] = [{"axis": one, "title": self.span_title(one), "rows": []} for one in axes]
        undated = []
        for row in rows:
            if not row["first"] or not zooms:
                undated.append(row)
                continue
            zoom = next((one for one in reversed(zooms) if one["axis"].holds(row["first"], row["last"])), zooms[0])
            zoom["rows"].append({**row, "at": zoom["axis"].span(row["first"], row["last"])})
        tones = [in_language(tone, self.language) for tone in self.answers.entry("when").get("tones", [])]
        shown = {row["tone"] for row in rows}
        return {
            "when": rows,
            "zooms": [zoom for zoom in zooms if zoom["rows"]],
            "undated": undated,
            "when_tones": [tone for tone in tones if tone["code"] in shown],
        }

    def span_title(self, time: axis.Axis) -> str:
        if time.unit == "year":
            return f"{time.first.year} – {time.last.year}"
        if time.unit == "month":
            return self.t(f"{time.first.year}, month by month", f"{time.first.year} год по месяцам")
        days = say(f"{time.first.isoformat()}/{time.last.isoformat()}", self.language)
        return self.t(f"{days}, day by day", f"{days}, по дням")

    def where(self) -> dict:
        """Places in a list, numbered as on the map, and the panels of the map."""
        rows = self.rows("where")
        for number, row in enumerate(rows, 1):
            row["number"] = number
        entry = self.answers.entry("where")
        own = entry if entry.get("package", self.package.name) == self.package.name else {}
        names = [in_language(name, self.language) for name in own.get("names", [])]
        panels = worldmap.panels(rows, own.get("detail"), names, SCREENS)
        sizes = [(n, worldmap.Mark([{"events": n}], 0, 0).radius) for n in SIZES]
        return {
            "where": rows,
            "panels": panels,
            "where_credit": entry.get("credit", ""),
            "sizes": [{"n": n, "radius": radius, "side": 2 * radius + 2} for n, radius in sizes],
        }

    def who(self) -> dict:
        """Actors by side with whom each shares how many things, and a matrix of their kinds across the two sides."""
        sides = [
            {"code": side, "label": self.t(entry["title"], entry.get("titleRu") or entry["title"])}
            for side, entry in views.sides(self.package.descriptor)
        ]
        rows = self.rows("who")
        things = {row["id"]: set((row["things"] or "").split()) for row in rows}
        unnamed = self.t("not named", "не назван")
        by_side = {side["code"]: [row for row in rows if row["side"] == side["code"]] for side in sides}
        for row in rows:
            row["partners"] = sorted(
                (
                    (other["id"], other["label"] + (f" ({unnamed})" if other["implied"] else ""), n)
                    for other in rows
                    if other["side"] != row["side"] and (n := len(things[row["id"]] & things[other["id"]]))
                ),
                key=lambda one: (-one[2], one[1]),
            )
        groups = [{"title": side["label"], "rows": by_side[side["code"]]} for side in sides]
        rest = [row for row in rows if row["side"] not in by_side]
        groups.append({"title": self.t("Third parties and others", "Третьи стороны и другие"), "rows": rest})
        kinds = matrix(by_side[sides[0]["code"]], by_side[sides[1]["code"]], things) if len(sides) == 2 else None
        return {
            "who": [group for group in groups if group["rows"]],
            "who_sides": sides,
            "kinds": kinds,
            "shared_sentence": self.shared(kinds) if kinds else "",
        }

    def shared(self, kinds: dict) -> str:
        """How much the strongest pair of actors shares, of all different things that the two sides share."""
        ours, theirs, n = kinds["strongest"]
        return self.t(
            f"The two sides share {kinds['shared']} different events, agreements and projects; {ours} and {theirs} "
            f"take part together in {n} of them.",
            f"У сторон {kinds['shared']} разных общих событий, соглашений и проектов; в {n} из них участвуют "
            f"{ours} и {theirs}.",
        )

    def indexes(self, homes: set[str]) -> list[dict]:
        """Further lists; a row that has a place on the page already gets no second one."""
        found = []
        for entry in self.entries("index"):
            rows = [in_language(row, self.language) for row in self.answers.select("index", entry)]
            found.append({**entry, "rows": [{**row, "home": row["id"] not in homes} for row in rows]})
        return [index for index in found if index["rows"]]

    def said(self, claims: list[dict], checks: list[dict], inside: list[dict]) -> dict:
        """What the page says of rows, by table and column: a mark for the data block, and the texts by id.

        `#t` is the text of the class `t` in the element of the row, `^TABLE` the address in that of a row
        of the table that points to it.
        """
        found: dict[str, dict] = {}
        for section, rows, name, mark in (
            ("claims", claims, "gloss_en", "#t"),
            ("claims", claims, "note", "#n"),
            ("claims.checks", checks, "finding_en", "#t"),
            ("disputed.inside", inside, "description_en", "#t"),
        ):
            entry = self.answers.entry(section)
            if "table" in entry and rows:
                found.setdefault(entry["table"], {})[name] = (mark, {row["id"]: row[name] or "" for row in rows})
        sources = self.answers.entry("claims.checks").get("sources")
        if sources:
            addresses = {
                row["source_id"]: row["url"] for row in checks if row["url"] and row["url"].lower().startswith("http")
            }
            found.setdefault(sources, {})["url"] = ("^" + self.answers.entry("claims.checks")["table"], addresses)
        return found


def grouped(rows: list[dict], name: str) -> dict[str, list[dict]]:
    found: dict[str, list[dict]] = {}
    for row in rows:
        found.setdefault(row[name], []).append(row)
    return found


def bar(colour: dict, claims: list[dict]) -> list[dict]:
    """The parts of a bar of 100 %: left end, width, class."""
    counts = Counter(colour["of"][claim["id"]]["code"] for claim in claims)
    parts, x = [], 0.0
    for one in colour["classes"]:
        if n := counts[one["code"]]:
            width = n / len(claims) * 100
            parts.append({**one, "x": round(x, 2), "width": round(width, 2), "n": n})
            x += width
    return parts


def matrix(ours: list[dict], theirs: list[dict], things: dict[str, set[str]]) -> dict | None:
    """Kinds of actors of one side by those of the other, with the number of different things that they share."""
    shared: dict[tuple[str, str], set[str]] = {}
    strongest: tuple[str, str, int] = ("", "", 0)
    everything: set[str] = set()
    for one in ours:
        for other in theirs:
            common = things[one["id"]] & things[other["id"]]
            everything |= common
            if len(common) > strongest[2]:
                strongest = (one["label"], other["label"], len(common))
            if common:
                shared.setdefault((one["kind"], other["kind"]), set()).update(common)
    if not shared:
        return None
    sizes = {pair: len(common) for pair, common in shared.items()}
    weight_of: Counter = Counter()
    for (row, column), n in sizes.items():
        weight_of[row, 0] += n
        weight_of[column, 1] += n
    rows = sorted({row for row, _ in sizes}, key=lambda name: (-weight_of[name, 0], name))
    columns = sorted({column for _, column in sizes}, key=lambda name: (-weight_of[name, 1], name))
    return {
        "columns": columns,
        "rows": [(row, [sizes.get((row, column), 0) for column in columns]) for row in rows],
        "most": max(sizes.values()),
        "shared": len(everything),
        "strongest": strongest,
    }


def heat(n: int, most: int) -> int:
    """The shade of a number, 1 to HEATS."""
    return min(HEATS, 1 + n * HEATS // (most + 1))


def files(downloads: dict[str, dict[str, bytes]], number: Callable[[int], str]) -> dict:
    """The groups of downloads with size and checksum of each file, and the few that most people want."""
    groups: list[dict] = []
    listed: set[str] = set()
    for title, given in downloads.items():
        given = {path.removeprefix("dist/"): data for path, data in given.items() if path not in listed}
        listed |= {f"dist/{path}" for path in given}
        if given:
            entries = [
                {
                    "path": path,
                    "size": size(len(data)),
                    "hash": "" if path.startswith(SEALED) else hashlib.sha256(data).hexdigest(),
                }
                for path, data in given.items()
            ]
            whole = size(sum(map(len, given.values())))
            shown = f"{number(len(given))}, {whole}" if len(given) > 1 else whole
            groups.append({"title": title[:1].upper() + title[1:], "files": entries, "size": shown})
    every = [file for group in groups for file in group["files"]]
    main = [{**file, "name": file["path"]} for ending in MAIN_FILES for file in every if file["path"].endswith(ending)]
    return {"downloads": groups, "main_files": main}


def size(count: int) -> str:
    return f"{count / 1e6:.1f} MB" if count >= 1e6 else f"{max(count / 1e3, 0.1):.0f} kB"
