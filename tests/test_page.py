"""The web page: what it says is true of the tables, and works for everybody in a real browser. No request is made."""

import base64
import csv
import hashlib
import io
import json
import math
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import tomllib
import xml.etree.ElementTree as ET
import zipfile
import zlib
from collections import Counter
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest
from claims.citation import as_text, of_rows
from claims.outputs import DIST, Outputs
from claims.outputs.page.words import plural_ru, say
from claims.package import Unusable, opened
from conftest import needed
from harness import Copy

ROOT = Path(__file__).parent.parent
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
QUIET = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
)
DESK, TABLET, PHONE = {"width": 1440, "height": 900}, {"width": 768, "height": 1024}, {"width": 360, "height": 740}
PAGES = {"en": "index.html", "ru": "ru.html"}
LIMITS = {  # of docs/decisions/0013-the-page.md: kB, and kB packed
    name: (int(most), int(packed))
    for name, most, packed in re.findall(
        r"\| (\w+\.html) \| (\d+) \| (\d+) \|\n", (ROOT / "docs/decisions/0013-the-page.md").read_text("utf-8")
    )
}
EVIL = "<img src=x onerror=alert(1)></script><!--<svg onload=alert(1)>"
TURNED = "a\u202eb"  # a sign that turns the order of the letters after it
FINDS_CLAIMS = [
    "Taisaev",
    "Ziuganov",
    "Тайсаеву",
    "Пхеньяна",
    "моста",
    "туристы",
    "Putin",
    "김정은",
    "두만강",
    "Pyeongyang",
    "Самджион",
    "railroad",
    "turist",
    "Тайсаев",
]
FINDS_CLAIMS += ["Северная Корея", "железная дорога", "Путин", "북한"]


def built(folder: Path) -> dict[str, bytes]:
    """The files of the page by their name below dist/site/."""
    with opened(folder) as package:
        return {path.removeprefix("dist/site/"): data for path, data in Outputs(package)["site"].items()}


def written(files: dict[str, bytes], folder: Path) -> Path:
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    return folder


@pytest.fixture(scope="session")
def files() -> dict[str, bytes]:
    return built(ROOT)


@pytest.fixture(scope="session")
def site(files, tmp_path_factory) -> Path:
    return written(files, tmp_path_factory.mktemp("site"))


@pytest.fixture(scope="session")
def htmls(files) -> dict[str, str]:
    return {language: files[name].decode("utf-8") for language, name in PAGES.items()}


@pytest.fixture(scope="session")
def html(htmls) -> str:
    return htmls["en"]


@pytest.fixture(scope="session")
def database() -> sqlite3.Connection:
    with opened(ROOT) as package:
        yield package.database


@pytest.fixture(scope="session")
def elements(htmls) -> dict[str, list[tuple[str, dict]]]:
    """Every element of the pages: its name and attributes."""
    found = {}
    for language, text in htmls.items():
        reader = Reader()
        reader.feed(text)
        found[language] = reader.elements
    return found


class Reader(HTMLParser):
    """Elements with their attributes, and the words outside scripts, each with the language it is marked with."""

    VOID = frozenset(("meta", "link", "input", "br", "img"))

    def __init__(self):
        super().__init__()
        self.elements: list[tuple[str, dict]] = []
        self.open: list[tuple[str, str]] = [("", "")]
        self.words: list[tuple[str, str, str]] = []  # element, language, text

    def handle_starttag(self, name, attributes):
        given = dict(attributes)
        self.elements.append((name, given))
        if name not in self.VOID:
            self.open.append((name, given.get("lang") or self.open[-1][1]))

    def handle_startendtag(self, name, attributes):
        self.elements.append((name, dict(attributes)))

    def handle_endtag(self, name):
        if name in (one for one, _ in self.open):
            while self.open.pop()[0] != name:
                pass

    def handle_data(self, text):
        name, language = self.open[-1]
        if name not in ("script", "style") and text.strip():
            self.words.append((name, language, text.strip()))


@pytest.fixture(scope="session")
def browser():
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        needed("the Python package 'playwright': make test installs it")
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if not path:
        needed(f"one of {', '.join(BROWSERS)}: on Debian, apt-get install chromium fonts-noto-cjk")
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, args=QUIET.split())
        yield running
        running.close()


class Visit:
    """A page in a browser of its own that may load one folder's pages, and what it said and asked for."""

    def __init__(self, browser, file: Path, hash_: str = "", **options):
        self.context = browser.new_context(**({"viewport": DESK, "accept_downloads": True} | options))
        self.page = self.context.new_page()
        self.page.set_default_timeout(10_000)
        self.complaints, self.refused, self.folder = [], [], file.parent.as_uri()
        self.page.on("console", lambda message: self.complaints.append(message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.context.route("**/*", self.judge)
        self.page.goto(file.as_uri() + hash_)

    def judge(self, route):
        if re.fullmatch(re.escape(self.folder) + r"/\w+\.html(\?.*)?", route.request.url.split("#")[0]):
            return route.continue_()
        self.refused.append(route.request.url)
        return route.abort()

    def go(self, hash_: str) -> None:
        """Follow a link of the page."""
        self.page.evaluate(
            """hash => new Promise(done => {
              if (decodeURI(location.hash) === hash) done();
              addEventListener('hashchange', () => setTimeout(done, 30), { once: true });
              location.hash = hash;
            })""",
            hash_,
        )

    def count(self) -> int:
        return int(self.page.inner_text("#count").split()[0])

    def saved(self, selector: str) -> bytes:
        with self.page.expect_download() as download:
            self.page.click(selector)
        return Path(download.value.path()).read_bytes()

    def search(self, words: str) -> None:
        self.page.fill("#find", words)
        self.page.wait_for_function(
            "q => document.getElementById('results').textContent.includes('“' + q + '”')", arg=words
        )

    def focused(self) -> str:
        return self.page.evaluate("document.activeElement.id || document.activeElement.textContent")


@pytest.fixture
def visit(browser, site):
    """Open the page; whatever a test does with it, it must neither complain nor ask for anything."""
    visits = []

    def opened_page(hash_: str = "", file: Path | None = None, language: str = "en", **options) -> Visit:
        visits.append(Visit(browser, file or site / PAGES[language], hash_, **options))
        return visits[-1]

    yield opened_page
    for one in visits:
        assert one.complaints == []
        assert one.refused == []
        one.context.close()


def one_of(database, sql: str, *values):
    return database.execute(sql, values).fetchone()[0]


# ---------------------------------------------------------------- the files


def test_the_same_input_gives_the_same_page(files):
    """In another process, with another hash seed and another day."""
    command = (
        "import hashlib, sys; sys.path.insert(0, 'scripts')\n"
        "from claims.outputs import Outputs; from claims.package import opened\n"
        "with opened('.') as package: made = Outputs(package)['site']\n"
        "print(hashlib.sha256(b''.join(made[path] for path in sorted(made))).hexdigest())"
    )
    environment = os.environ | {"PYTHONHASHSEED": "7", "TZ": "Asia/Pyongyang"}
    done = subprocess.run([sys.executable, "-c", command], cwd=ROOT, capture_output=True, env=environment, check=True)
    expected = hashlib.sha256(b"".join(files[name] for name in sorted(files))).hexdigest()
    assert done.stdout.decode().strip() == expected


@pytest.mark.parametrize("language", PAGES)
def test_it_is_small_and_brings_everything_itself(htmls, elements, language):
    html = htmls[language]
    most, packed = LIMITS[PAGES[language]]
    assert len(html.encode("utf-8")) <= 1000 * most
    assert len(zlib.compress(html.encode("utf-8"), 9)) <= 1000 * packed
    script = re.search(r"<script>(.*)</script>", html, re.DOTALL)[1]
    assert not re.search(r"\beval\b|\bFunction\(|\bimport\b|XMLHttpRequest|innerHTML|outerHTML|insertAdjacent", script)
    assert not re.search(r"(?<!\.)\bfetch\(", script[script.index('"use strict"') :])
    assert "@import" not in html and "url(" not in re.search(r"<style>(.*?)</style>", html, re.DOTALL)[1]
    assert [name for name, given in elements[language] if "src" in given or "style" in given] == []
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', html)[1]
    assert "default-src &#39;none&#39;" in policy and "unsafe" not in policy
    for kind, pattern in (("script-src", r"<script>(.*)</script>"), ("style-src", r"<style>(.*?)</style>")):
        digest = base64.b64encode(
            hashlib.sha256(re.search(pattern, html, re.DOTALL)[1].encode("utf-8")).digest()
        ).decode()
        assert f"{kind} &#39;sha256-{digest.replace('+', '&#43;')}&#39;".replace("&#43;", "+") in policy


def test_the_search_library_is_the_published_one_with_its_licence():
    text = (ROOT / "scripts/claims/outputs/page/js/minisearch.js").read_text("utf-8")
    notice, code = text.split("*/\n", 1)
    assert "MiniSearch 7.2.0" in notice and "Permission is hereby granted" in notice and "Luca Ongaro" in notice
    assert hashlib.sha256(code.encode()).hexdigest() == MINISEARCH


MINISEARCH = "c55c9daf574dc1b0ef4977db4503d5494b0ab68b28122dbf1355d2dc020e58ae"


@pytest.mark.parametrize(
    ("date", "english", "russian"),
    [
        ("2024", "2024", "2024"),
        ("2024-06", "June 2024", "июнь 2024"),
        ("2024-06-09", "9 June 2024", "9 июня 2024"),
        ("2024-21", "spring 2024", "весна 2024"),
        ("199X", "the 1990s", "1990-е"),
        ("../2026-12", "by December 2026", "не позднее декабря 2026"),
        ("2009/..", "since 2009", "с 2009"),
        ("1950/1953", "1950 – 1953", "1950 – 1953"),
        ("2025-03-31/2025-04-07", "31 March – 7 April 2025", "31 марта – 7 апреля 2025"),
        ("1949-03-03/1949-03-25", "3 – 25 March 1949", "3 – 25 марта 1949"),
        ("no date", "no date", "no date"),
        (None, None, None),
    ],
)
def test_dates_in_words(date, english, russian):
    assert (say(date), say(date, "ru")) == (english, russian)


def test_russian_numbers_take_their_nouns():
    assert [plural_ru(n, "план", "плана", "планов").split()[1] for n in (0, 1, 2, 5, 11, 14, 21, 104, 112)] == [
        "планов", "план", "плана", "планов", "планов", "планов", "план", "плана", "планов",
    ]  # fmt: skip


def test_files_that_it_offers_are_those_that_build_writes(html, tmp_path):
    copy = Copy.of(ROOT, tmp_path / "package")
    shutil.copy(ROOT / "LICENSE.md", copy.root)
    with opened(copy.root) as package:
        outputs = Outputs(package)
        files = {
            path.removeprefix("dist/"): data for name in DIST if name != "site" for path, data in outputs[name].items()
        }
    offered = dict(re.findall(r'<td><a href="\.\./([^"]+)">.*?<code class="hash">(\w*)</code>', html))
    assert set(offered) == set(files)
    for path, digest in offered.items():
        assert digest == ("" if path.startswith("package/") else hashlib.sha256(files[path]).hexdigest()), path
    buttons = re.findall(r'<a class="button" href="\.\./([^"]+)">', html)
    assert len(buttons) == 2 and set(buttons) <= set(files)


VERDICTS = "SELECT statement_id AS id, verdict_class AS code FROM verdict_classes"


@pytest.mark.parametrize(
    ("wrong", "right", "message"),
    [
        ("[[finding]]", "[[finding", "schemas/site.toml: "),
        (VERDICTS, "SELECT 1 FROM nowhere", "colour 'verdict': no such table: nowhere"),
        (VERDICTS, "DELETE FROM statements", "correct its sql"),
        ('code = "outdated", tone', 'code = "old", tone', "the class 'outdated', which is none of contradicted, old"),
        ("AS event_last FROM reach", "AS event FROM reach", "reach: there is no column 'event_last'; correct its sql"),
        ("p.label_en AS part_of_en", "p.label_en AS part", "when: there is no column 'part_of_en'"),
        ("[who]\nsql", "[who]\nquery", None),
    ],
)  # fmt: skip
def test_a_wrong_setting_is_told(copy, wrong, right, message):
    file = copy.root / "schemas" / "site.toml"
    text = file.read_text("utf-8")
    assert wrong in text
    file.write_text(text.replace(wrong, right, 1), "utf-8")
    if message is None:  # a section without a query is left out
        assert b'id="who"' not in built(copy.root)["index.html"]
        return
    with pytest.raises(Unusable, match=re.escape(message)):
        built(copy.root)


# ---------------------------------------------------------------- truths


def test_the_findings_count_claims_and_plans(htmls, database):
    """Each figure of the first screen by another road: from the tables as Python reads them."""
    figures = re.findall(r"<li><a href=\"#[^\"]+\"><b>([^<]+)</b> <span>([^<]+)</span>", htmls["en"])
    statements = database.execute("SELECT statement_id, statement_type, attribution_type FROM statements").fetchall()
    checks = database.execute(
        "SELECT statement_id, verdict, confidence, interest FROM external_checks LEFT JOIN sources USING (source_id)"
    ).fetchall()
    against = {
        claim
        for claim, verdict, confidence, _ in checks
        if verdict in ("contradicted", "outdated") and confidence != "low"
    }
    supported = [(claim, interest) for claim, verdict, _, interest in checks
                 if verdict in ("supported", "partly_supported", "supported_with_difference")]  # fmt: skip
    others = {claim for claim, interest in supported if interest not in ("same_side", "party_to_events")}
    unnamed = [kind for _, kind, voice in statements if voice == "anonymous_collective"]
    evaluations = sum(kind == "evaluation" for _, kind, _ in statements)
    outcomes = Counter(row[0] for row in database.execute("SELECT outcome FROM outcomes"))
    restating = {row[0] for row in database.execute(
        "SELECT statement_id FROM statements s WHERE statement_id NOT IN (SELECT statement_id FROM external_checks)"
        " AND restates_statement_id IN (SELECT statement_id FROM verdict_classes"
        "  WHERE verdict_class IN ('contradicted', 'outdated'))")}  # fmt: skip
    expected = [
        (str(len(against | restating)), [len(statements)]),
        (str(len({claim for claim, _ in supported} - others)), [len({claim for claim, _ in supported})]),
        (
            f"{100 * unnamed.count('evaluation') / evaluations:.0f} %",
            [evaluations, unnamed.count("evaluation"), len(unnamed)],
        ),
        (str(outcomes["fulfilled"] + outcomes["partly_fulfilled"]), [sum(outcomes.values()), outcomes["undetermined"]]),
    ]
    assert len(figures) == len(expected)
    for (figure, text), (value, numbers) in zip(figures, expected, strict=True):
        assert figure == value
        assert {str(number) for number in numbers} <= set(re.findall(r"\d+", text)), text


def test_every_claim_is_in_one_class_of_each_colouring_and_each_adds_up(htmls, database):
    claims = one_of(database, "SELECT count(*) FROM statements")
    for html in htmls.values():
        squares = re.findall(r'<use href="#q" x="\d+"(?: y="\d+")? class="([^"]+)"', html)
        assert len(squares) == claims
        legends = re.findall(r'<ul class="legend by-\w+">(.*?)</ul>', html, re.DOTALL)
        assert len(legends) == 4
        for index, legend in enumerate(legends):
            shown = dict(re.findall(r'class="(\w\d)"/></svg> <b>(\d+)</b>', legend))
            counted = Counter(classes.split()[index] for classes in squares)
            assert {name: int(n) for name, n in shown.items()} == dict(counted)
            assert sum(counted.values()) == claims


def test_shared_things_are_counted_once_however_many_pairs_share_them(html, database):
    parents = {
        row[0] for row in database.execute("SELECT parent_event_id FROM events WHERE parent_event_id IS NOT NULL")
    }
    side = {
        row[0]: {"RUS": 1, "SUN": 1, "PRK": 2}.get(row[1])
        for row in database.execute("SELECT actor_id, country_code FROM actors")
    }
    sides: dict[str, set] = {}
    for event, agreement, project, actor in database.execute(
        "SELECT event_id, agreement_id, project_id, actor_id FROM involvements"
    ):
        if event not in parents:
            sides.setdefault(event or agreement or project, set()).add(side[actor])
    shared = sum({1, 2} <= found for found in sides.values())
    pairs = one_of(database, "SELECT count(*) FROM shared_across")
    assert shared < pairs
    assert f"The two sides share {shared} different events, agreements and projects" in html
    cells = [int(cell) for cell in re.findall(r'<td class="heat-\d">(\d+)</td>', html)]
    assert max(cells) <= shared


def rows_of(html: str) -> dict[str, str]:
    return dict(re.findall(r'<tr id="([^"]+)"><th scope="row">(.*?)</tr>', html, re.DOTALL))


def test_no_outcome_bears_the_day_of_our_search(html, database):
    """Days are those of events and pages; what is known to have happened wins over an undated page."""
    rows = rows_of(html)
    looked = {say(row[0]) for row in database.execute("SELECT DISTINCT checked_on FROM external_checks")}
    paged = {
        say(row[0]) for row in database.execute("SELECT published_edtf FROM sources WHERE published_edtf IS NOT NULL")
    }
    assert len(rows) == one_of(
        database,
        "SELECT count(*) FROM (SELECT project_id AS id, due_edtf FROM projects"
        " UNION ALL SELECT agreement_id, NULL FROM agreements WHERE agreement_status IN ('proposed', 'in_preparation'))"
        " LEFT JOIN outcomes USING (id) WHERE outcome <> 'undetermined' OR due_edtf IS NOT NULL",
    )
    for row in rows.values():
        assert not [day for day in looked - paged if day in row]
    rail = rows["prj-khasan-tumangang-restoration"]
    assert "16 December 2024" in rail and "before the article&#39;s latest event" in rail
    assert rail.index("16 December 2024") < (rail.find("undated") if "undated" in rail else len(rail))


def test_what_nobody_looked_for_is_never_shown_as_not_done(html, database):
    part = html[html.index('<section id="promises"') : html.index('<section id="disputed"')]
    for (row,) in database.execute(
        "SELECT project_id FROM promises WHERE outcome IS NULL AND due_edtf IS NULL"
    ).fetchall():
        place = re.search(rf'id="{row}">([^<]*)</li>', part)
        assert place and place[1], row  # with its name, and without a sign
    if "nobody looked for</h3>" in part:
        assert "that does not mean that it was not done" in part
    assert "already run, says the article" in part


def test_the_area_of_a_mark_is_its_number_of_events(html, database):
    """Circles and squares alike; an event is not counted beside its parts, and no place stands twice."""
    _, *parts = re.split(r'<svg class="marks (\w+)"', html)
    for screen in ("wide", "narrow"):
        text = "".join(
            part.partition("</div>")[0] for name, part in zip(parts[::2], parts[1::2], strict=True) if name == screen
        )
        areas = [(int(n), math.pi * float(r) ** 2) for r, n in re.findall(r'r="([\d.]+)" data-events="(\d+)"', text)]
        areas += [(int(n), float(side) ** 2) for side, n in re.findall(r'height="([\d.]+)" data-events="(\d+)"', text)]
        per_event = [area / n for n, area in areas if n]
        assert max(per_event) / min(per_event) < 1.02
        assert sum(n for n, _ in areas) == one_of(
            database,
            "SELECT count(*) FROM map_points m WHERE layer = 'event' AND point_of_place_id IS NOT NULL"
            " AND id NOT IN (SELECT parent_event_id FROM events WHERE parent_event_id IS NOT NULL)",
        )
        links = re.findall(r'<a href="#(plc-[^"]+)"', text)
        assert len(links) == len(set(links))


@pytest.mark.parametrize(("viewport", "screen"), [(DESK, "wide"), (PHONE, "narrow")], ids=["desk", "phone"])
@pytest.mark.parametrize("language", PAGES)
def test_a_label_belongs_to_the_mark_that_is_nearest(visit, viewport, screen, language):
    """In whatever font the machine has; and no label lies on another."""
    page = visit(viewport=viewport, language=language).page
    wrong = page.evaluate(
        """screen => [...document.querySelectorAll('.marks.' + screen)].flatMap(svg => {
          const marks = [...svg.querySelectorAll('.place')].map(mark => mark.getBoundingClientRect())
            .map(box => [(box.left + box.right) / 2, (box.top + box.bottom) / 2, box.width / 2]);
          const frame = svg.getBoundingClientRect();
          const labels = [...svg.querySelectorAll(':scope > svg:has(.name)')].map(group => {
            const boxes = [...group.querySelectorAll('text')].map(text => text.getBoundingClientRect());
            const [left, top, right, bottom] = [Math.min(...boxes.map(b => b.left)), Math.min(...boxes.map(b => b.top)),
              Math.max(...boxes.map(b => b.right)), Math.max(...boxes.map(b => b.bottom))];
            const part = name => parseFloat(group.getAttribute(name)) / 100;
            const at = [frame.left + part('x') * frame.width, frame.top + part('y') * frame.height];
            return { text: group.textContent, left, top, right, bottom, at };
          });
          const far = (box, [x, y, radius]) => -radius
            + Math.hypot(Math.max(box.left - x, 0, x - box.right), Math.max(box.top - y, 0, y - box.bottom));
          const own = label => marks.find(mark => Math.hypot(mark[0] - label.at[0], mark[1] - label.at[1]) < 2);
          const strange = labels.filter(label => marks.some(mark => mark !== own(label)
            && far(label, mark) < far(label, own(label))));
          const over = labels.flatMap((a, index) => labels.slice(index + 1)
            .filter(b => Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1
            && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 3).map(b => a.text + ' / ' + b.text));
          return [...strange.map(label => label.text), ...over, ...(labels.length ? [] : ['no label'])];
        })""",
        screen,
    )
    assert wrong == []


def test_who_is_not_named_is_marked_and_russian_names_are_unique(htmls, database):
    for language, mark in (("en", "not named in the article"), ("ru", "в статье не назван")):
        marked = set(re.findall(rf'<li id="(act-[^"]+)"><b>[^<]*</b> <small>[^<]*· <em>{mark}', htmls[language]))
        assert marked == {
            row[0] for row in database.execute("SELECT actor_id FROM actors WHERE identity_status = 'implied'")
        }
    persons = [row[0] for row in database.execute("SELECT name_ru FROM actors WHERE actor_type = 'person'")]
    assert len(persons) == len(set(persons))


def test_what_is_disputed_comes_with_everything_for_and_against_it(html, database):
    expected: dict[str, Counter] = {}
    for claim, against in database.execute("SELECT statement_id, against FROM evidence"):
        expected.setdefault(claim, Counter())["against" if against else "beside"] += 1
    part = html[html.index('<section id="disputed"') : html.index('<section id="when"')]
    matrix = {}
    for row in re.findall(r'<tr><th scope="row">.*?</tr>', part, re.DOTALL):
        claim = re.search(r"#disputed-(\w+)", row)[1]
        matrix[claim] = Counter(
            against=sum(map(int, re.findall(r"✕ (\d+)", row))), beside=sum(map(int, re.findall(r"✓ (\d+)", row)))
        )
    assert matrix == {claim: Counter(against=n["against"], beside=n["beside"]) for claim, n in expected.items()}
    cards = dict(re.findall(r'<details class="card" id="disputed-(\w+)">(.*?)</details>', part, re.DOTALL))
    rows = database.execute(
        "SELECT s.statement_id, s.note, s.confidence, group_concat(d.discrepancy_id) FROM statements s"
        " LEFT JOIN discrepancies d ON s.statement_id IN (statement_a_id, statement_b_id) GROUP BY s.statement_id"
    )
    for claim, note, confidence, discrepancies in rows:
        if claim in cards:
            card = cards[claim].replace("&#39;", "'").replace("&#34;", '"')
            assert confidence == "high" or f"How we read it: {note}" in card
            assert all(one in card for one in (discrepancies or "").split(","))
    assert set(cards) == set(expected)
    inside = set(re.findall(r'<li id="(dis-\d+)">', part))
    assert inside == {row[0] for row in database.execute("SELECT discrepancy_id FROM discrepancies")}


# ---------------------------------------------------------------- without scripts


def test_every_claim_check_and_sentence_is_a_place_of_the_page(elements, database):
    wanted = set()
    tables = (
        "statements",
        "external_checks",
        "segments",
        "events",
        "projects",
        "agreements",
        "actors",
        "places",
        "flows",
    )
    for table in (*tables, "positions", "observations", "discrepancies"):
        wanted |= {row[0] for row in database.execute(f"SELECT * FROM {table}")}
    for found in elements.values():
        ids = [given["id"] for _, given in found if "id" in given]
        assert len(ids) == len(set(ids))
        assert wanted <= set(ids)


def test_every_link_leads_somewhere_without_scripts(elements):
    ids = {language: {given["id"] for _, given in found if "id" in given} for language, found in elements.items()}
    for language, found in elements.items():
        links = {given["href"] for name, given in found if name == "a" and "href" in given}
        assert len(links) > 1000
        for link in links:
            if link.startswith("#"):
                assert link[1:] in ids[language], link
            elif page := re.fullmatch(r"(\w+\.html)(?:#(.+))?", link):
                assert not page[2] or page[2] in ids[{file: code for code, file in PAGES.items()}[page[1]]]
            else:
                assert re.match(r"https?://|\.\./|charts/\w+\.csv$", link), link


def test_it_can_be_read_without_scripts(visit):
    page = visit("#p54s02a", java_script_enabled=False).page
    assert page.is_visible("#p54s02a") and page.is_visible(".promises") and page.is_visible("#squares")
    assert not page.is_visible("#finder") and not page.is_visible("#explorer") and not page.is_visible("[data-save]")
    assert page.is_visible(".nojs-only")
    box = page.locator("#p54s02a").bounding_box()
    assert 0 <= box["y"] < DESK["height"]
    page.check("#by-voice")  # the map changes its colours without them
    assert page.is_visible("ul.by-voice") and not page.is_visible("ul.by-verdict")


# ---------------------------------------------------------------- the first screen, every screen


@pytest.mark.parametrize("language", PAGES)
@pytest.mark.parametrize("viewport", [DESK, TABLET, PHONE], ids=["desk", "tablet", "phone"])
def test_the_first_screen_says_what_it_is_and_no_screen_scrolls_sideways(visit, viewport, language):
    page = visit(viewport=viewport, language=language).page
    seen = ["h1", ".line strong", ".findings li:first-child", "#find"] + (["#squares svg"] if viewport == DESK else [])
    for selector in seen:
        box = page.locator(selector).first.bounding_box()
        assert box["y"] >= 0 and box["y"] + min(box["height"], 40) <= viewport["height"], selector
    assert page.locator(".bar").bounding_box()["height"] == 44
    assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]
    for hash_ in ("#table/statements", "#table/sources"):
        page.evaluate("hash => { location.hash = hash }", hash_)
        page.wait_for_selector("#rows td")
        assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]
        assert (
            page.evaluate(
                "(() => { const box = document.getElementById('rows'); return box.scrollWidth - box.clientWidth })()"
            )
            <= 1
        )


STATES = [
    ("", {}, ""),
    ("#table/statements?:verdict=contradicted", {"color_scheme": "dark"}, "[data-facet=':verdict'] summary"),
    ("#act-taysaev", {"color_scheme": "dark", "viewport": PHONE}, ""),
    ("#find?q=qqqq", {}, ""),
    ("#find?q=bridge", {"viewport": PHONE}, ""),
    ("", {"forced_colors": "active"}, ""),
    ("#p41s05a", {"viewport": TABLET, "language": "ru"}, ""),
    ("#table/places?q=qqqq", {"language": "ru"}, ""),
]


@pytest.mark.parametrize(
    ("hash_", "options", "click"),
    STATES,
    ids=[f"{hash_ or 'page'}-{'-'.join(map(str, options))}" for hash_, options, _ in STATES],
)
def test_axe_finds_no_barrier(browser, site, hash_, options, click):
    """No finding of axe-core, with everything unfolded that can be."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    options = dict(options)
    one = Visit(browser, site / PAGES[options.pop("language", "en")], hash_, bypass_csp=True, **options)
    one.page.add_style_tag(content=".paragraph{content-visibility:visible!important}")
    if click:
        one.page.click(click)
    if not hash_:
        one.page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
    one.page.wait_for_timeout(200)
    found = axe.Axe().run(one.page).response["violations"]
    one.context.close()
    assert [
        (finding["id"], finding["nodes"][0]["html"][:200], finding["nodes"][0]["failureSummary"][:300])
        for finding in found
    ] == []


def luminance(colour: str) -> float:
    digits = colour.lstrip("#")
    digits = "".join(2 * digit for digit in digits) if len(digits) == 3 else digits
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_neighbours_differ_in_lightness_and_every_class_has_a_sign_of_its_own(htmls):
    css = (ROOT / "scripts/claims/outputs/page/css").glob("*.css")
    text = "".join(file.read_text("utf-8") for file in sorted(css))
    fills = {
        "blue": "blue",
        "pale": "pale",
        "ochre": "ochre",
        "red": "red",
        "grey": "grey",
        "redring": "paper",
        "none": "paper",
        "dashed": "paper",
    }
    settings = tomllib.loads((ROOT / "schemas/site.toml").read_text("utf-8"))
    for scheme in (0, 1):
        value = {name: re.findall(rf"--{name}: (#\w+);", text)[scheme] for name in set(fills.values())}
        for colour in settings["colour"]:
            marks = [(one["tone"], one["sign"]) for one in colour["classes"]]
            assert len(set(marks)) == len(marks)
            for (a, _), (b, _) in pairwise(marks):
                one, other = sorted((luminance(value[fills[a]]), luminance(value[fills[b]])))
                assert a == b or fills[a] == fills[b] or (other + 0.05) / (one + 0.05) >= 1.5, (
                    colour["id"],
                    a,
                    b,
                    scheme,
                )
    signs = {one["sign"] for one in settings["colour"][0]["classes"]}
    assert all(f'class="s s-{sign}"' in htmls["en"] for sign in signs - {""})


# ---------------------------------------------------------------- search


@pytest.mark.parametrize("language", PAGES)
def test_the_search_finds_claims(visit, language):
    """In three alphabets, with cases, small mistakes and other spellings."""
    one = visit(language=language)
    for words in FINDS_CLAIMS:
        one.search(words)
        assert one.page.locator('#results li a[href^="#p"]').count(), words
    one.search("мост")
    exact = one.page.inner_text("#results h2 >> nth=0")
    assert (re.match(r"\d+ ", exact) and one.page.locator("#results mark").count() == 0) or one.page.locator(
        "#results li"
    ).count()


def test_a_search_can_be_followed_undone_and_proposes_where_there_is_nothing(visit):
    one = visit()
    page = one.page
    page.keyboard.press("/")
    assert one.focused() == "find"
    page.keyboard.type("zyuganof")
    page.wait_for_selector("#results li")
    assert "similar" in page.inner_text("#results-title")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.closest('#results') !== null")
    page.keyboard.press("Enter")
    page.wait_for_selector("#results", state="hidden")
    assert page.url.split("#")[1]
    page.go_back()
    page.wait_for_selector("#results li")
    assert page.input_value("#find") == "zyuganof"
    page.keyboard.press("Escape")
    assert not page.is_visible("#results") and one.focused() == "find"
    one.search("qqqq")
    assert "Nothing found" in page.inner_text("#results-title") and page.locator("#results li").count() == 0


# ---------------------------------------------------------------- explorer

WHEN = """
WITH RECURSIVE dated (event_id, above, first, last, rowid) AS (
  SELECT event_id, parent_event_id, date_earliest, date_latest, rowid FROM events
  UNION ALL SELECT d.event_id, e.parent_event_id, e.date_earliest, e.date_latest, d.rowid
  FROM dated d JOIN events e ON e.event_id = d.above WHERE coalesce(d.first, d.last) IS NULL)
SELECT event_id FROM dated WHERE coalesce(first, last) IS NOT NULL"""
FILTERED = [
    ("events?event_type=visit", "SELECT event_id FROM events WHERE event_type = 'visit' ORDER BY rowid"),
    ("statements?attribution_type=anonymous_collective&phase=ongoing,planned",
     "SELECT statement_id FROM statements WHERE attribution_type = 'anonymous_collective'"
     " AND phase IN ('ongoing', 'planned') ORDER BY rowid"),
    ("statements?:verdict=contradicted,outdated",
     "SELECT s.statement_id FROM statements s JOIN verdict_classes USING (statement_id)"
     " WHERE verdict_class IN ('contradicted', 'outdated') ORDER BY s.rowid"),
    ("statements?segment_id.section=memory",
     "SELECT statement_id FROM statements s JOIN segments USING (segment_id)"
     " WHERE section = 'memory' ORDER BY s.rowid"),
    ("external_checks?verdict=contradicted&source_id.interest=third_party",
     "SELECT external_check_id FROM external_checks c JOIN sources USING (source_id)"
     " WHERE verdict = 'contradicted' AND interest = 'third_party' ORDER BY c.rowid"),
    ("sources?sort=-published_earliest",
     "SELECT source_id FROM sources ORDER BY published_earliest IS NULL, published_earliest DESC, rowid"),
    ("segments?sort=word_count", "SELECT segment_id FROM segments ORDER BY word_count IS NULL, word_count, rowid"),
    ("promises?outcome=fulfilled", "SELECT project_id FROM promises WHERE outcome = 'fulfilled'"),
    ("projects?sort=due_edtf",  # what is only due by a day comes where that day is
     "SELECT project_id FROM projects ORDER BY due_edtf IS NULL, coalesce(due_earliest, due_latest), rowid"),
    ("events?actor=act-novikov,act-cprf",
     "SELECT event_id FROM events WHERE event_id IN (SELECT event_id FROM involvements"
     " WHERE actor_id IN ('act-novikov', 'act-cprf') OR on_behalf_of_actor_id IN ('act-novikov', 'act-cprf'))"
     " OR event_type = 'signing' AND agreement_id IN (SELECT agreement_id FROM involvements"
     " WHERE actor_id IN ('act-novikov', 'act-cprf') AND role = 'party') ORDER BY rowid"),
    ("events?when=2025-10,2025-10", f"{WHEN} AND first <= '2025-10-31' AND last >= '2025-10-01' ORDER BY rowid"),
    ("events?when=,1999-12", f"{WHEN} AND first <= '1999-12-31' ORDER BY rowid"),
    ("statements?speaker_or_relay=act-taysaev",
     "SELECT statement_id FROM statements WHERE 'act-taysaev' IN (speaker_actor_id, via_actor_id) ORDER BY rowid"),
    ("statements?q=Taysaev+Pyongyang", None),
]  # fmt: skip


def test_filters_and_order_are_what_sql_selects(visit, database):
    one = visit()
    for address, sql in FILTERED:
        one.go(f"#table/{address}")
        ids = one.page.evaluate(
            """() => {
              document.getElementById('more').hidden || document.getElementById('more').click();
              const rows = [...document.querySelectorAll('#rows tbody tr')];
              return rows.map(row => row.querySelector('a.id')?.textContent);
            }"""
        )
        if sql is None:
            assert one.count() > 0
            continue
        expected = [row[0] for row in database.execute(sql)]
        assert one.count() == len(expected) > 0, address
        assert [row for row in ids if row] in ([], expected[: len(ids)]), address


def test_facets_count_what_is_left_take_several_values_and_keep_the_focus(visit, database):
    one = visit("#table/statements?segment_id.section=memory")
    page = one.page
    page.click("[data-facet=statement_type] summary")
    label = page.locator("[data-facet=statement_type] label", has_text="event")
    expected = one_of(
        database,
        "SELECT count(*) FROM statements JOIN segments USING (segment_id)"
        " WHERE section = 'memory' AND statement_type = 'event'",
    )
    assert f"({expected})" in label.inner_text()
    label.locator("input").focus()
    page.keyboard.press("Space")
    assert one.count() == expected and page.url.endswith("&statement_type=event")
    assert page.evaluate("document.activeElement.value") == "event"
    page.locator("[data-facet=statement_type] label", has_text="figure").locator("input").check()
    assert page.url.endswith("&statement_type=event,figure")
    page.go_back()
    page.wait_for_function("location.hash.endsWith('statement_type=event')")
    assert one.count() == expected
    page.click("#rows th button >> nth=3")
    assert page.get_attribute("#rows th[aria-sort]", "aria-sort") == "ascending"
    assert page.evaluate("document.activeElement.textContent").endswith("↑")
    page.click("[data-focus=clear]")
    assert one.count() == one_of(database, "SELECT count(*) FROM statements") and one.focused() == "pick"


def test_tables_are_saved_as_they_are_published(visit):
    with opened(ROOT) as package:
        tables = {name: table.file.read_bytes() for name, table in package.tables.items()}
        archive = zipfile.ZipFile(io.BytesIO(visit().saved("#save-all")))
    assert archive.testzip() is None
    assert {one.removesuffix(".csv") for one in archive.namelist()} == set(tables) - {"codes"}
    for name in set(tables) - {"codes", "segments"}:
        assert archive.read(f"{name}.csv") == tables[name], name
    saved, published = (
        list(csv.DictReader(io.StringIO(data.decode("utf-8"))))
        for data in (archive.read("segments.csv"), tables["segments"])
    )
    assert saved == [{name: cell for name, cell in row.items() if name != "sha256"} for row in published]
    one = visit("#table/events?event_type=visit")
    with one.page.expect_download() as download:
        one.page.click("#save-rows")
    assert download.value.suggested_filename == "events-filtered.csv"  # and not the name of the whole table
    rows = list(csv.DictReader(io.StringIO(Path(download.value.path()).read_text("utf-8"))))
    assert {row["event_type"] for row in rows} == {"visit"} and len(rows) == one.count()


def test_a_phone_shows_rows_as_cards(visit):
    page = visit("#table/statements", viewport=PHONE).page
    assert not page.is_visible("#rows thead")
    first = page.locator("#rows tbody tr").first
    assert first.locator("td").first.inner_text() and first.bounding_box()["width"] <= PHONE["width"]


# ---------------------------------------------------------------- a row, a claim


def test_every_kind_of_row_opens_and_is_cited_as_cite_does(visit):
    one = visit()
    with opened(ROOT) as package:
        rows = {}
        for name, table in package.tables.items():
            cells = list(csv.DictReader(io.StringIO(table.file.read_text("utf-8"))))
            if cells and name not in ("codes", package.conventions["retired"]):
                rows[name] = "/".join(cells[len(cells) // 2][key] for key in table.primary_key)
        citations = {
            row: as_text(citation)
            for row, citation in zip(rows.values(), of_rows(package, [*rows.values()]), strict=True)
        }
    for row, citation in citations.items():
        one.go("#" + row)
        assert one.page.evaluate("row => location.hash === '#' + encodeURI(row)", row)
        if one.page.is_visible("#panel"):
            assert one.page.inner_text("#panel .kicker .id") == row
            one.page.evaluate("navigator.clipboard.writeText = async (text) => { window.copied = text }")
            one.page.click("#panel .acts button >> nth=1")
        else:  # in its place among the claims
            one.page.wait_for_selector(f'[id="{row}"]', state="visible")
            if not one.page.locator(f'[id="{row}"] .claim-acts').count():
                continue
            one.page.evaluate("navigator.clipboard.writeText = async (text) => { window.copied = text }")
            one.page.click(f'[id="{row}"] .claim-acts button >> nth=1')
        one.page.wait_for_function("window.copied !== undefined")
        assert one.page.evaluate("window.copied") == citation


def test_links_bear_the_version_and_unknown_ids_are_answered(visit, copy, tmp_path):
    one = visit("#p41s05a")
    one.page.evaluate("navigator.clipboard.writeText = async (text) => { window.copied = text }")
    one.page.click("#p41s05a .claim-acts button >> nth=0")
    version = json.loads((ROOT / "datapackage.json").read_text("utf-8"))["version"]
    assert one.page.evaluate("window.copied").endswith(f"?version={version}#p41s05a")
    one.go("#evt-nowhere")
    assert f"No such row in this version ({version}): evt-nowhere" in one.page.inner_text("#said")
    rows = copy.rows("retired_ids")
    rows.append(["evt-old", "evt-lavrov-wonsan", "Two rows for one.", "1.0.0"])
    copy.write_rows("retired_ids", rows)
    descriptor = lambda value: value.update(homepage="https://example.org/data")  # noqa: E731
    copy.edit_json("datapackage.json", descriptor)
    files = built(copy.root)
    claim = files["claims/p41s05a.html"].decode("utf-8")  # the address is known, so every claim has a page to share
    assert '"@type":"Claim"' in claim and "ClaimReview" not in claim and 'property="og:title"' in claim
    file = written(files, tmp_path / "site") / "index.html"
    other = visit("?version=0.9.0#evt-old", file=file)
    other.page.wait_for_selector("#said:not(:empty)")
    assert "0.9.0" in other.page.inner_text("#said")
    other.go("#evt-old2")
    other.go("#evt-old")
    assert "evt-old is retired. It became evt-lavrov-wonsan" in other.page.inner_text("#said")
    other.page.click("#said a")
    assert other.page.inner_text("#panel .kicker .id") == "evt-lavrov-wonsan"
    other.page.evaluate("navigator.clipboard.writeText = async (text) => { window.copied = text }")
    other.page.click("#panel .acts button >> nth=0")
    assert (
        other.page.evaluate("window.copied")
        == f"https://example.org/data/index.html?version={version}#evt-lavrov-wonsan"
    )


def test_keyboard_alone(visit):
    """From the first key to a claim, a row, and back to where one was."""
    one = visit()
    page = one.page
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.focus("#squares a")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    third = page.evaluate("document.activeElement.getAttribute('href')")
    assert third == page.evaluate("document.querySelectorAll('#squares a')[2].getAttribute('href')")
    page.keyboard.press("Enter")
    page.wait_for_function("id => document.activeElement.id === id", arg=third[1:])
    page.focus("#who ~ details summary")
    page.keyboard.press("Enter")
    page.focus(".actors .partners a")
    name = one.focused()
    page.keyboard.press("Enter")
    page.wait_for_selector("#panel[open]")
    assert one.focused() == "panel-title"
    page.keyboard.press("Escape")
    assert not page.is_visible("#panel") and one.focused() == name


# ---------------------------------------------------------------- data out


def test_the_rows_of_the_pictures_join_the_tables(files, database):
    """Ids are ids of rows, dates are EDTF with their first and last day, one fact a column."""
    ids = {
        row[0]
        for table in ("statements", "events", "projects", "agreements", "actors", "places", "external_checks")
        for row in database.execute(f"SELECT * FROM {table}")
    }
    charts = {
        Path(name).stem: list(csv.DictReader(io.StringIO(data.decode("utf-8"))))
        for name, data in files.items()
        if name.startswith("charts/")
    }
    assert set(charts) == {"claims", "promises", "evidence", "disputed", "when", "where", "who"}
    for name, rows in charts.items():
        assert rows and not set(rows[0]) & {""}, name
        for column in [column for column in rows[0] if column == "id" or column.endswith("_id")]:
            assert {row[column] for row in rows} - {""} <= ids, (name, column)
    by_id = {row["id"]: row for row in charts["when"]}
    for event, edtf, first in database.execute(
        "SELECT event_id, date_edtf, date_earliest FROM events WHERE date_edtf IS NOT NULL"
    ):
        assert (by_id[event]["date_edtf"], by_id[event]["first"]) == (edtf, first)
    assert all(row["latitude"] for row in charts["where"] if row["events"] != "0")
    assert {row["promise_id"] for row in charts["evidence"]} <= {row["id"] for row in charts["promises"]}
    assert len(charts["claims"]) == one_of(database, "SELECT count(*) FROM statements")


def test_pictures_are_saved_with_their_key_source_and_version(visit):
    version = json.loads((ROOT / "datapackage.json").read_text("utf-8"))["version"]
    one = visit()
    pictures = {"map": "contradicted by a page", "ledger": "Road bridge over the Tumen river", "matrix": "third party"}
    pictures |= {"timeline": "contact of the two sides", "atlas": "Pyongyang", "kinds": "political party"}
    for figure, words in pictures.items():
        text = one.saved(f"#{figure} + .tools [data-save=svg]").decode("utf-8")
        drawing = ET.fromstring(text)
        assert not re.search(r"<script|<foreignObject|<use|onload|javascript:", text)
        said = " ".join(node.text or "" for node in drawing.iter("{http://www.w3.org/2000/svg}text"))
        assert words in said and version in said, figure
        shapes = [node for node in drawing.iter() if node.tag.rpartition("}")[2] in ("rect", "path", "circle", "line")]
        assert len(shapes) > 20, figure
    assert one.saved("#matrix + .tools [data-save=png]").startswith(b"\x89PNG")


def test_search_engines_find_a_dataset(html):
    given = json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)[1])
    descriptor = json.loads((ROOT / "datapackage.json").read_text("utf-8"))
    assert (given["@type"], given["version"], given["name"]) == ("Dataset", descriptor["version"], descriptor["title"])
    assert given["license"] == descriptor["licenses"][0]["path"] and "ClaimReview" not in html


# ---------------------------------------------------------------- Russian, print

LATIN = re.compile(r"[A-Za-z]{2,}")
FORMS = re.compile(  # files, formats, ids, other people's identifiers, names of licences
    r"\b(CSV|SVG|PNG|EDTF|XML|SHA-256|BibTeX|ISO 3166-2|UN/LOCODE|Wikidata|GeoNames|[kM]B|EN|CC[ -]BY[ -]4\.0)\b"
    r"|Creative Commons Attribution 4\.0 International|Natural Earth"
    r"|[\w./-]+\.(csv|xlsx|sqlite|json|parquet|md|toml|ics|geojson|graphml)\b"
    r"|\b(p\d\d\w+|(?:chk|dis|act|prj|evt|agr|plc|flw|obs|pos|src)-[\w-]+)"
)


def test_the_russian_page_is_russian(htmls, database):
    """No Latin word but in ids, publishers, names that Russian writes so, and what is marked as English or as code."""
    reader = Reader()
    reader.feed(htmls["ru"])
    columns = {
        "sources": ("publisher", "title"),
        "segments": ("anchor",),
        "actors": ("name_ru",),
        "events": ("label_ru",),
    }
    columns |= {"agreements": ("title_ru",), "flows": ("label_ru",), "projects": ("label_ru",), "codes": ("label_ru",)}
    given = {
        cell
        for table, names in columns.items()
        for name in names
        for (cell,) in database.execute(f"SELECT {name} FROM {table} WHERE {name} IS NOT NULL")
    }
    own = {word for cell in given for word in LATIN.findall(cell)} | set(
        re.split(r"\W", json.loads((ROOT / "datapackage.json").read_text("utf-8"))["name"])
    )
    strange = [
        (element, text[:80])
        for element, language, text in reader.words
        if language != "en" and element not in ("code", "title") and set(LATIN.findall(FORMS.sub("", text))) - own
    ]
    assert strange == []
    assert '<html lang="ru"' in htmls["ru"] and '<html lang="en"' in htmls["en"]
    assert re.search("[а-я]", htmls["ru"][htmls["ru"].index("<title>") : htmls["ru"].index("</title>")])


def test_the_other_language_is_an_address_and_keeps_the_place(visit):
    page = visit("#p41s05a").page
    page.click("a.language")
    page.wait_for_url(re.compile(r"ru\.html#p41s05a"))
    assert page.get_attribute("html", "lang") == "ru"
    page.hover("#p41s05a")
    assert "Ссылка" in page.inner_text("#p41s05a .claim-acts")
    page.goto(page.url.split("#")[0] + "#table/events")
    page.wait_for_selector("#rows td")
    assert re.search("[а-я]", page.inner_text("#rows tbody tr >> nth=0")) and "Дата" in page.inner_text("#rows thead")


def test_a_claim_prints_alone_and_the_page_without_its_controls(visit):
    one = visit("#p41s05a")
    page = one.page
    page.evaluate("window.print = () => { window.printed = document.documentElement.classList.contains('one') }")
    page.click("#p41s05a .claim-acts >> text=Print")
    assert page.evaluate("window.printed")
    page.emulate_media(media="print")
    assert page.is_visible("#p41s05a li") and page.is_visible(".sentence:has(#p41s05a) .locator")
    for selector in ("h1", "#p41s05b", "#p41s04a", "#promises", ".bar", ".claim-acts"):
        assert not page.locator(selector).first.is_visible(), selector
    assert "http" in page.evaluate(
        "getComputedStyle(document.querySelector('#p41s05a small a[href^=http]'), '::after').content"
    )
    assert len(re.findall(rb"/Type\s*/Page\b", page.pdf(format="A4"))) == 1
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.is_visible("h1") and not page.is_visible("#explore") and not page.is_visible(".bar")
    assert not page.evaluate(
        "[...document.querySelectorAll('details')].some(one => !one.open && one.getClientRects().length)"
    )


# ---------------------------------------------------------------- hostile and small packages


def test_hostile_text_stays_text(visit, copy, tmp_path):
    """In names, paraphrases, addresses, documents: on the page, in panels, in saved pictures, in JSON."""
    changes = {
        "actors": {"name_en": EVIL},
        "projects": {"label_en": EVIL},
        "statements": {"gloss_en": EVIL + TURNED},
        "places": {"name_en": EVIL},
        "events": {"label_en": EVIL},
        "external_checks": {"finding_en": EVIL + " javascript:alert(1)"},
        "sources": {"title": EVIL, "publisher": EVIL, "url": "javascript:alert(1)"},
        "codes": {"definition_en": EVIL},
    }
    for table, cells in changes.items():
        rows = copy.rows(table)
        for number, row in enumerate(rows[1:]):
            for column, value in cells.items():
                index = rows[0].index(column)
                if row[index]:
                    row[index] = value if number == 0 or column == "url" else f"{value} {number}"
        copy.write_rows(table, rows)
    copy.edit_json("datapackage.json", lambda value: value.update(description=EVIL, homepage="javascript:alert(1)"))
    (copy.root / "docs").mkdir(exist_ok=True)
    (copy.root / "docs" / "METHOD.md").write_text(
        f"# M\n\n{EVIL}\n\n[go](javascript:alert(1)) ![x](data:text/html,x) {TURNED}\n", "utf-8"
    )
    copy.reseal()
    files = built(copy.root)
    text = files["index.html"].decode("utf-8")
    assert "<!--" not in text and text.count("</script>") == 3 and "\u202e" not in text
    reader = Reader()
    reader.feed(text)
    assert {name for name, _ in reader.elements} & {"img", "iframe", "object"} == set()
    assert not [given for _, given in reader.elements if any(key.startswith("on") for key in given)]
    assert not [
        given["href"] for _, given in reader.elements if re.match("javascript|data:text", given.get("href") or "")
    ]
    json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', text, re.DOTALL)[1])
    file = written(files, tmp_path / "site") / "index.html"
    one = visit(f"#{copy.rows('actors')[1][0]}", file=file)
    assert one.page.inner_text("#panel-title") == EVIL
    one.page.keyboard.press("Escape")
    one.go("#table/projects")
    assert EVIL in one.page.inner_text("#rows")
    one.search("onerror")
    assert EVIL in one.page.inner_text("#results")
    assert one.page.evaluate("document.querySelectorAll('img, svg[onload]').length") == 0
    one.page.click("#results .head button")
    assert "<img" not in one.saved("#timeline + .tools [data-save=svg]").decode("utf-8")


def little(copy: Copy, keep: str) -> None:
    """Leave one claim and nothing that hangs on it."""
    for table in {one["name"] for one in copy.descriptor["resources"]} - {"statements", "segments", "sources", "codes"}:
        copy.write_rows(table, copy.rows(table)[:1])
    rows = copy.rows("statements")
    row = next(row for row in rows[1:] if row[0] == keep)
    names = rows[0]
    for index, name in enumerate(names):
        if name.endswith("_id") and name not in ("statement_id", "segment_id"):
            row[index] = ""
    copy.write_rows("statements", [names, row])
    copy.reseal()


def test_a_package_of_one_claim_says_so(visit, copy, tmp_path):
    little(copy, "p11s01a")
    files = built(copy.root)
    file = written(files, tmp_path / "site") / "index.html"
    one = visit(file=file)
    body = one.page.inner_text("main")
    assert not re.search(r"\b1 (claims|checks|rows|events|pages|sentences|files|columns|codes)\b", body)
    assert "tables hold nothing" not in body and "None" not in body and "nan" not in body
    for section in ("promises", "disputed", "when"):
        assert not one.page.locator(f"#{section}").count()
    one.go("#table/statements")
    assert one.page.inner_text("#count") == "1 of 1 row"
    one.search("nothing like it")
    assert one.page.is_visible("#results-title")


def test_a_page_of_another_article(visit, made_up, tmp_path):
    """Its own title, little in the tables, no documents; nothing breaks, and no link leads nowhere."""
    files = built(made_up)
    file = written(files, tmp_path / "site") / "index.html"
    one = visit("#table/statements", file=file)
    assert one.page.inner_text("h1") == "The claims of a made-up article"
    assert one.count() > 5
    one.go("#p04s03a")
    assert one.page.is_visible("#p04s03a") and one.focused() == "p04s03a"
    reader = Reader()
    reader.feed(files["index.html"].decode("utf-8"))
    ids = {given["id"] for _, given in reader.elements if "id" in given}
    assert {
        given["href"][1:]
        for name, given in reader.elements
        if name == "a" and (given.get("href") or "").startswith("#")
    } <= ids
    assert "Moscow" not in one.page.inner_text("#claims")
    assert "No place has coordinates." in one.page.inner_text("#when")
