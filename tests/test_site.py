"""The web page in a real browser, with every request but for the page itself refused."""

import base64
import csv
import hashlib
import io
import json
import os
import re
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from claims.citation import as_text, of_rows
from claims.outputs import DIST, Outputs
from claims.outputs.page.queries import ask, say
from claims.package import Unusable, opened
from conftest import needed
from harness import Copy, claims

ROOT = Path(__file__).parent.parent
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
DESK, PHONE = {"width": 1280, "height": 900}, {"width": 360, "height": 740}
MOST_BYTES = 3_000_000
PICTURES = 6


def built(folder: Path) -> bytes:
    with opened(folder) as package:
        return Outputs(package)["site"]["dist/site/index.html"]


@pytest.fixture(scope="session")
def page_file(tmp_path_factory) -> Path:
    file = tmp_path_factory.mktemp("site") / "index.html"
    file.write_bytes(built(ROOT))
    return file


@pytest.fixture(scope="session")
def html(page_file) -> str:
    return page_file.read_text("utf-8")


@pytest.fixture(scope="session")
def data(html) -> dict:
    return json.loads(re.search(r'<script type="application/json" id="data">(.*?)</script>', html, re.DOTALL)[1])


@pytest.fixture(scope="session")
def database():
    with opened(ROOT) as package:
        connection = package.database
        connection.create_function("holds", 2, lambda text, part: part in (text or "").casefold())
        yield connection


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
        running = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield running
        running.close()


class Visit:
    """A page in a browser of its own that may load one file, and what it said and asked for."""

    def __init__(self, browser, file: Path, hash_: str = "", **options):
        self.context = browser.new_context(**({"viewport": DESK, "accept_downloads": True} | options))
        self.page = self.context.new_page()
        self.complaints, self.refused, self.address = [], [], file.as_uri()
        self.page.on("console", lambda message: self.complaints.append(message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.context.route("**/*", self.judge)
        self.page.goto(self.address + hash_)

    def judge(self, route):
        if route.request.url.split("#")[0] == self.address:
            return route.continue_()
        self.refused.append(route.request.url)
        return route.abort()

    def go(self, hash_: str) -> None:
        """Follow a link of the page."""
        self.page.evaluate(
            """hash => new Promise(done => {
              if (decodeURI(location.hash) === hash) done();
              addEventListener('hashchange', () => setTimeout(done), { once: true });
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

    def rows(self, selector: str) -> list[list[str]]:
        return list(csv.reader(io.StringIO(self.saved(selector).decode("utf-8"))))


@pytest.fixture
def visit(browser, page_file):
    """Open the page; whatever a test does with it, it must neither complain nor ask for anything."""
    visits = []

    def opened_page(hash_: str = "", file: Path = page_file, **options) -> Visit:
        visits.append(Visit(browser, file, hash_, **options))
        return visits[-1]

    yield opened_page
    for one in visits:
        assert one.complaints == []
        assert one.refused == []
        one.context.close()


# ---------------------------------------------------------------- the file itself


def test_the_same_input_gives_the_same_page(page_file):
    """In another process, with another hash seed and another day."""
    command = (
        "import sys; sys.path.insert(0, 'scripts')\n"
        "from claims.outputs import Outputs; from claims.package import opened\n"
        "with opened('.') as package: sys.stdout.buffer.write(Outputs(package)['site'].popitem()[1])"
    )
    environment = os.environ | {"PYTHONHASHSEED": "7", "TZ": "Asia/Pyongyang"}
    done = subprocess.run([sys.executable, "-c", command], cwd=ROOT, capture_output=True, env=environment, check=True)
    assert done.stdout == page_file.read_bytes()


def test_it_is_small_and_brings_nothing_from_elsewhere(html):
    assert len(html.encode("utf-8")) < MOST_BYTES
    script = re.search(r"<script>(.*)</script>", html, re.DOTALL)[1]
    assert not re.search(
        r"\beval\b|\bFunction\(|\bimport\b|\bfetch\b|XMLHttpRequest|innerHTML|outerHTML|insertAdjacent", script
    )
    assert "@import" not in html and "url(" not in re.search(r"<style>(.*?)</style>", html, re.DOTALL)[1]
    assert re.findall(r"\ssrc=", html.replace(script, "")) == []


def test_its_policy_names_exactly_its_script_and_style(html):
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', html)[1]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    for kind, pattern in (("script-src", r"<script>(.*)</script>"), ("style-src", r"<style>(.*?)</style>")):
        text = re.search(pattern, html, re.DOTALL)[1]
        digest = base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode()
        assert f"{kind} 'sha256-{digest}'" in policy


@pytest.mark.parametrize(
    ("date", "words"),
    [
        ("2024", "2024"),
        ("2024-06", "June 2024"),
        ("2024-06-09", "9 June 2024"),
        ("2024-21", "spring 2024"),
        ("199X", "the 1990s"),
        ("../2026-12", "by December 2026"),
        ("2009/..", "since 2009"),
        ("1950/1953", "1950 – 1953"),
        ("2025-03-31/2025-04-07", "31 March – 7 April 2025"),
        ("1949-03-03/1949-03-25", "3 – 25 March 1949"),
        (None, None),
    ],
)
def test_dates_in_words(date, words):
    assert say(date) == words


def test_files_that_it_offers_are_those_that_build_writes(html, tmp_path):
    copy = Copy.of(ROOT, tmp_path / "package")
    shutil.copy(ROOT / "LICENSE.md", copy.root)
    assert claims("build", "--package", copy.root, *sorted({*DIST} - {"site"})).returncode == 0
    offered = dict(re.findall(r'<a href="\.\./([^"]+)">.*?<code class="hash">(\w+)</code>', html))
    dist = copy.root / "dist"
    files = {file.relative_to(dist).as_posix(): file for file in dist.rglob("*") if file.is_file()}
    assert set(offered) == set(files)
    for path, digest in offered.items():
        assert hashlib.sha256(files[path].read_bytes()).hexdigest() == digest, path


@pytest.mark.parametrize(
    ("wrong", "right", "message"),
    [
        ("[[picture]]", "[[picture", "schemas/site.toml: "),
        ('drawing = "bars"', 'drawing = "pie"', "no drawing 'pie'; there are timeline, map"),
        ("SELECT count(*) FROM statements", "SELECT count(*) FROM statement", "no such table: statement"),
        ("SELECT count(*) FROM statements", "DELETE FROM statements", "correct its sql"),
        ("AS bar_ru", "AS bar", "picture 'voices': its rows do not fit 'bars'"),
        ('columns = { bar_en = "Section"', 'columns = { bar = "Section"', "picture 'voices': there is no column 'bar'"),
        ("SELECT source_id AS id,", "SELECT source_id,", "lack 'id'"),
    ],
)
def test_a_wrong_query_is_told(copy, wrong, right, message):
    file = copy.root / "schemas" / "site.toml"
    text = file.read_text("utf-8")
    assert wrong in text
    file.write_text(text.replace(wrong, right, 1), "utf-8")
    with pytest.raises(Unusable, match=re.escape(message)):
        built(copy.root)


# ---------------------------------------------------------------- pictures


def test_every_link_leads_somewhere(html, data, visit):
    """Anchors to parts of the page, ids to rows, tables to columns that they have."""
    page = visit().page
    parts = set(page.evaluate("[...document.querySelectorAll('[id]')].map(node => node.id)"))
    rows = set(data["rows"])
    tables = {one["name"]: {field["name"] for field in one["fields"]} for one in data["tables"]}
    for one in data["tables"]:
        places = [[field["name"] for field in one["fields"]].index(name) for name in one["key"]]
        rows |= {"/".join(row[place] for place in places) for row in one["rows"] if not one["view"]}
    links = set(
        page.evaluate(
            "[...document.querySelectorAll('a[href^=\"#\"]')].map(node => node.getAttribute('href').slice(1))"
        )
    )
    assert len(links) > 400
    for link in links:
        table = re.fullmatch(r"table/(\w+)(?:\?(.*))?", link)
        if table:
            columns = [part.split("=")[0].split(".")[0] for part in (table[2] or "").split("&") if part]
            assert set(columns) <= tables[table[1]], link
        else:
            assert link in parts | rows, link


@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
def test_pictures_are_drawn_inside_their_frames(visit, viewport):
    page = visit(viewport=viewport).page
    for number in range(PICTURES):
        marks = page.evaluate(
            """number => {
              const shown = [...document.querySelectorAll('svg.chart')].filter(one => one.getClientRects().length);
              const svg = shown[number];
              const frame = svg.getBoundingClientRect();
              return [...svg.querySelectorAll('a, .tie')].map(one => one.getBoundingClientRect())
                .filter(one => one.width).map(one => [one.left - frame.left, one.top - frame.top,
                   frame.right - one.right, frame.bottom - one.bottom].map(Math.round));
            }""",
            number,
        )
        assert len(marks) > 10
        assert min(map(min, marks)) >= -12, [one for one in marks if min(one) < -12]


@pytest.mark.parametrize("language", ["en", "ru"])
@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
def test_no_words_of_a_picture_lie_on_others(visit, viewport, language):
    """In whatever font the machine has."""
    page = visit(viewport=viewport).page
    if language == "ru":
        page.evaluate("document.getElementById('labels').click()")
    overlaps = page.evaluate(
        """() => [...document.querySelectorAll('svg.chart')].filter(one => one.getClientRects().length).flatMap(svg => {
          const words = [...svg.querySelectorAll('text')].filter(one => one.textContent && one.getClientRects().length)
            .map(one => [one.textContent, one.getBoundingClientRect()]);
          return words.flatMap(([text, a], index) => words.slice(index + 1)
            .filter(([, b]) => Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1
                            && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 4)
            .map(([other]) => [text, other]));
        })"""
    )
    assert overlaps == []


def test_pictures_draw_every_row_that_they_can(html):
    """Each row of a picture's query is linked from its drawing, or has nothing to be placed by."""
    with opened(ROOT) as package:
        pictures = ask(package).pictures
    assert len(pictures) == PICTURES
    for one in pictures:
        section = re.search(rf'<section class="picture" id="{one.given["id"]}".*?</section>', html, re.DOTALL)[0]
        for drawing in re.findall(r"<svg.*?</svg>", section, re.DOTALL):
            links = set(re.findall(r'href="#([^"]*)"', drawing.replace("&amp;", "&")))
            for row in one.rows:
                if one.given["drawing"] == "map":  # points that share a mark share its link where there is no room
                    continue
                if one.given["drawing"] == "timeline" and not (row["first"] or row["last"]):
                    continue
                wanted = {row[name] for name in ("id", "link", "left", "right") if name in row}
                assert wanted <= links, (one.given["id"], wanted - links)


def test_bars_lead_to_as_many_rows_as_they_say(visit):
    with opened(ROOT) as package:
        pictures = ask(package).pictures
    one = visit()
    rows = [row for picture in pictures if picture.given["drawing"] == "bars" for row in picture.rows]
    assert len(rows) > 20
    for row in rows:
        one.go("#" + row["link"])
        assert one.count() == row["n"], row["link"]


def test_pictures_can_be_saved(visit, data):
    one = visit()
    drawing = ET.fromstring(one.saved("#voices [data-save=svg]"))
    assert drawing.tag == "{http://www.w3.org/2000/svg}svg"
    words = [node.text for node in drawing.iter("{http://www.w3.org/2000/svg}text")]
    assert "economy" in words and "экономика" not in words
    assert "Who speaks?" in words and any(one.startswith("Data: statements") for one in words)
    table = one.rows("#voices [data-save=csv]")
    assert table[0] == ["Section", "Voice", "Statements"]
    statements = next(one for one in data["tables"] if one["name"] == "statements")
    assert sum(int(row[2]) for row in table[1:]) == len(statements["rows"])


# ---------------------------------------------------------------- explorer

NAMED = """
SELECT a.actor_id FROM actors a LEFT JOIN actors p ON p.actor_id = a.parent_actor_id
LEFT JOIN sources s ON s.source_id = a.identity_source_id
WHERE holds(a.name_en || a.name_ru || coalesce(a.note, '') || a.actor_id, ?1) OR holds(p.name_en || p.name_ru, ?1)
   OR holds(coalesce(s.title, '') || coalesce(s.title_en, '') || coalesce(s.source_id, ''), ?1) ORDER BY a.rowid
"""


@pytest.mark.parametrize(
    ("words", "plain"),
    [("ТАЙСАЕВ", "тайсаев"), ("taysaev", "taysaev"), ("Chŏe  RYONG-hae", "choe ryong hae"), ("최룡해", "최룡해")],
)
def test_search_finds_what_sql_finds(visit, database, words, plain):
    """In Cyrillic, Latin and Hangul, in any case, with hyphens and accents that nobody wrote."""
    sql = NAMED if not re.search("[가-힣]", words) else "SELECT actor_id FROM actors WHERE holds(name_ko, ?1)"
    expected = [row[0] for row in database.execute(sql, [plain])]
    one = visit("#table/actors")
    one.page.fill("#search", words)
    one.page.wait_for_url(re.compile("q="))
    rows = one.rows("#save-rows")
    assert [row[0] for row in rows[1:]] == expected
    if re.search("[a-zа-я]", plain):
        assert expected


# Events with the days of the nearest event around them that has any.
WHEN = """
WITH RECURSIVE dated (event_id, above, first, last, rowid) AS (
  SELECT event_id, parent_event_id, date_earliest, date_latest, rowid FROM events
  UNION ALL SELECT d.event_id, e.parent_event_id, e.date_earliest, e.date_latest, d.rowid
  FROM dated d JOIN events e ON e.event_id = d.above WHERE coalesce(d.first, d.last) IS NULL)
SELECT event_id FROM dated WHERE coalesce(first, last) IS NOT NULL"""


@pytest.mark.parametrize(
    ("address", "sql"),
    [
        ("events?event_type=visit", "SELECT event_id FROM events WHERE event_type = 'visit' ORDER BY rowid"),
        (
            "statements?attribution_type=anonymous_collective&phase=ongoing,planned",
            "SELECT statement_id FROM statements WHERE attribution_type = 'anonymous_collective'"
            " AND phase IN ('ongoing', 'planned') ORDER BY rowid",
        ),
        (
            "external_checks?verdict=contradicted&source_id.interest=third_party",
            "SELECT external_check_id FROM external_checks c JOIN sources USING (source_id)"
            " WHERE verdict = 'contradicted' AND interest = 'third_party' ORDER BY c.rowid",
        ),
        (
            "sources?sort=-published_earliest",
            "SELECT source_id FROM sources ORDER BY published_earliest IS NULL, published_earliest DESC, rowid",
        ),
        ("segments?sort=word_count", "SELECT segment_id FROM segments ORDER BY word_count IS NULL, word_count, rowid"),
        ("promises?outcome=fulfilled", "SELECT project_id FROM promises WHERE outcome = 'fulfilled'"),
        ("claims?contradicted=true", "SELECT statement_id FROM claims WHERE checks_contradicted > 0"),
        (
            "projects?sort=due_edtf",  # what is only due by a day comes where that day is
            "SELECT project_id FROM projects ORDER BY due_edtf IS NULL, coalesce(due_earliest, due_latest), rowid",
        ),
        (
            "events?actor=act-novikov,act-cprf",
            "SELECT event_id FROM events WHERE event_id IN (SELECT event_id FROM involvements"
            " WHERE actor_id IN ('act-novikov', 'act-cprf') OR on_behalf_of_actor_id IN ('act-novikov', 'act-cprf'))"
            " OR event_type = 'signing' AND agreement_id IN (SELECT agreement_id FROM involvements"
            " WHERE actor_id IN ('act-novikov', 'act-cprf') AND role = 'party') ORDER BY rowid",
        ),
        ("events?when=2025-10,2025-10", f"{WHEN} AND first <= '2025-10-31' AND last >= '2025-10-01' ORDER BY rowid"),
        ("events?when=,1999-12", f"{WHEN} AND first <= '1999-12-31' ORDER BY rowid"),
        (
            "contacts?when=2025-07,&counts=true",
            f"{WHEN} AND last >= '2025-07-01' AND event_id IN"
            " (SELECT event_id FROM contacts WHERE counts) ORDER BY event_id",
        ),
        (
            "claims?speaker_or_relay=act-taysaev",
            "SELECT statement_id FROM claims WHERE statement_id IN (SELECT statement_id FROM statements"
            " WHERE 'act-taysaev' IN (speaker_actor_id, via_actor_id))",
        ),
    ],
)
def test_filters_order_and_what_is_saved_are_what_sql_selects(visit, database, address, sql):
    expected = [row[0] for row in database.execute(sql)]
    one = visit(f"#table/{address}")
    assert [row[0] for row in one.rows("#save-rows")[1:]] == expected
    assert one.count() == len(expected) > 0


def test_heads_sort(visit):
    page = visit("#table/events").page
    for order, arrow in (("ascending", "↑"), ("descending", "↓")):
        page.click("#rows th button:has-text('Date')")
        assert page.get_attribute("#rows th[aria-sort]", "aria-sort") == order
        assert page.evaluate("document.activeElement.textContent") == f"Date {arrow}"


def test_a_table_is_saved_as_it_is_published(visit):
    with opened(ROOT) as package:
        for table in package.tables.values():  # a page each: a browser stops the eleventh download of one page
            one = visit(f"#table/{table.name}")
            assert one.saved("#save-rows") == table.file.read_bytes(), table.name


def test_filters_can_be_set_and_taken_back(visit, database):
    one = visit("#table/events")
    one.page.click("#filter-box summary")
    one.page.select_option("[data-filter=event_type]", "visit")
    assert one.page.url.endswith("#table/events?event_type=visit")
    assert one.count() == database.execute("SELECT count(*) FROM events WHERE event_type = 'visit'").fetchone()[0]
    one.page.select_option("[data-filter=actor]", index=1)
    assert "&actor=" in one.page.url
    one.page.fill("[data-filter=when-1]", "1999-12")
    assert one.page.url.endswith("&when=,1999-12")
    assert one.page.locator("#chips button").count() == 3
    for _ in range(3):
        one.page.click("#chips button")
    assert one.count() == database.execute("SELECT count(*) FROM events").fetchone()[0]


def test_dates_are_shown_in_words_and_saved_as_they_are(visit):
    one = visit("#table/events?sort=date_edtf&event_type=visit")
    dates = one.page.locator("#rows td.date").all_inner_texts()
    with one.page.expect_download() as download:
        one.page.click("#save-rows")
    assert download.value.suggested_filename == "events-filtered.csv"  # and not the name of the whole table
    with Path(download.value.path()).open(encoding="utf-8", newline="") as stream:
        saved = [row["date_edtf"] for row in csv.DictReader(stream)]
    assert dates == [say(date) or "" for date in saved] != saved


def test_a_phone_has_the_id_last_and_a_list_of_tables(visit):
    page = visit("#table/events", viewport=PHONE).page
    assert "Event id" in page.locator("#rows th").last.inner_text()
    page.click("#rows td a >> nth=0")
    assert page.is_visible("#panel")
    page.keyboard.press("Escape")
    page.select_option("#pick", "places")
    assert page.url.endswith("#table/places") and not page.is_visible("#tabs")


# ---------------------------------------------------------------- what a reader must know


def test_the_first_screen_says_what_the_sentences_are_and_who_coded(visit):
    lead = visit().page.inner_text(".lead")
    assert "never quotations" in lead and "language models" in lead


def test_a_disputed_claim_comes_with_how_it_was_read(visit, database):
    """Where its own row is less than sure of the reading, or the article itself differs."""
    page = visit().page
    cards = {
        card.query_selector(".id").inner_text(): card.inner_text() for card in page.query_selector_all(".claims > li")
    }
    rows = database.execute(
        "SELECT s.statement_id, s.note, s.confidence, group_concat(d.discrepancy_id) FROM statements s"
        " LEFT JOIN discrepancies d ON s.statement_id IN (statement_a_id, statement_b_id)"
        " WHERE s.statement_id IN (SELECT statement_id FROM external_checks"
        "   WHERE verdict IN ('contradicted', 'outdated') AND confidence <> 'low') GROUP BY s.statement_id"
    ).fetchall()
    document = (ROOT / "docs" / "DISPUTED.md").read_text("utf-8")
    lines = {line.split("`")[1]: line for line in document.splitlines() if line.startswith("- `p")}
    assert {row[0] for row in rows} == lines.keys() <= cards.keys()
    assert {bool(row[3]) for row in rows} == {True, False}
    for statement, note, confidence, discrepancies in rows:
        for text in (cards[statement], lines[statement]):
            if confidence != "high":
                assert f"How we read it: {note}" in text
            for one in (discrepancies or "").split(","):
                assert one in text


def test_what_is_only_outdated_is_no_contradiction(visit, database):
    page = visit().page
    chapters = dict(
        zip(page.locator("#disputed h3").all_inner_texts(), page.locator("#disputed .claims").all(), strict=True)
    )
    outdated = next(one for name, one in chapters.items() if name.startswith("Outdated since"))
    ids = {one.inner_text() for one in outdated.locator(".claim .id").all()}
    assert ids == {
        row[0]
        for row in database.execute(
            "SELECT statement_id FROM external_checks WHERE confidence <> 'low' GROUP BY statement_id"
            " HAVING sum(verdict IS 'outdated') AND NOT sum(verdict IS 'contradicted')"
        )
    }


# ---------------------------------------------------------------- panel


def test_every_kind_of_row_opens_by_its_link_and_says_how_to_cite_it(visit, data):
    one = visit()
    tables = [table for table in data["tables"] if table["rows"] and not table["view"]]
    rows = []
    for table in tables:
        names = [field["name"] for field in table["fields"]]
        rows.append("/".join(table["rows"][0][names.index(name)] for name in table["key"]))
    with opened(ROOT) as package:
        citations = dict(zip(rows, of_rows(package, rows), strict=True))
    for row in rows:
        one.go("#" + row)
        assert one.page.inner_text("#panel .kicker .id") == row
        values = [area.input_value() for area in one.page.query_selector_all("#panel textarea")]
        assert values[0] == as_text(citations[row])
        assert one.page.evaluate("address => decodeURI(address)", values[1]).endswith("#" + row)


def test_the_panel_has_statements_checks_and_discrepancies(visit, database):
    """Of an event all its statements, and below them everything that sources and the article itself say of them."""
    event = database.execute(
        "SELECT event_id FROM statements JOIN external_checks USING (statement_id)"
        " JOIN discrepancies ON statement_a_id = statement_id"
        " WHERE event_id IS NOT NULL GROUP BY event_id HAVING count(*) < 12 ORDER BY count(*) DESC, event_id LIMIT 1"
    ).fetchone()[0]
    expected = {
        row[0]
        for row in database.execute(
            "WITH s AS (SELECT statement_id FROM statements WHERE event_id = ?1) SELECT statement_id FROM s"
            " UNION SELECT external_check_id FROM external_checks WHERE statement_id IN s"
            " UNION SELECT discrepancy_id FROM discrepancies WHERE statement_a_id IN s OR statement_b_id IN s",
            [event],
        )
    }
    page = visit(f"#{event}").page
    assert expected <= set(
        page.evaluate("[...document.querySelectorAll('#panel .entries .id')].map(one => one.textContent)")
    )


def test_the_panel_begins_with_the_note_and_warns_of_a_link_that_is_only_local(visit, database):
    row, note = database.execute("SELECT statement_id, note FROM statements WHERE note IS NOT NULL LIMIT 1").fetchone()
    page = visit(f"#{row}").page
    assert page.inner_text("#panel .caveat") == f"Note: {note}"
    assert page.locator("#panel .caveat").bounding_box()["y"] < page.locator("#panel h3").first.bounding_box()["y"]
    assert "works on this computer only" in page.inner_text("#panel")
    assert page.locator("#panel textarea + button").all_inner_texts() == ["Copy citation", "Copy link", "Copy report"]


def test_keyboard_alone(visit):
    """From the first key to a row and back to where one was."""
    page = visit().page
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    page.focus("#rows td a")
    row = page.evaluate("document.activeElement.textContent")
    page.keyboard.press("Enter")
    page.wait_for_selector("#panel[open]")
    assert page.evaluate("document.activeElement.id") == "panel-title"
    page.keyboard.press("Escape")
    assert not page.is_visible("#panel")
    assert row not in page.url
    assert page.evaluate("document.activeElement.textContent") == row


def test_russian_labels(visit, data):
    one = visit("#table/events")
    events = next(table for table in data["tables"] if table["name"] == "events")
    names = [field["name"] for field in events["fields"]]
    english, russian = (events["rows"][0][names.index(name)] for name in ("label_en", "label_ru"))
    assert english in one.page.inner_text("#rows") and russian not in one.page.inner_text("#rows")
    one.page.click("#labels")
    assert russian in one.page.inner_text("#rows") and english not in one.page.inner_text("#rows")
    assert one.page.locator("#voices svg.wide text", has_text="экономика").first.is_visible()
    assert "Дата" in one.page.inner_text("#rows thead")


# ---------------------------------------------------------------- for everybody, everywhere


@pytest.mark.parametrize(
    ("where", "options"),
    [
        ("", {}),
        ("", {"viewport": PHONE, "color_scheme": "dark"}),
        ("a row", {"color_scheme": "dark"}),
        ("#table/external_checks?verdict=contradicted", {"viewport": PHONE}),
    ],
    ids=["desk", "phone-dark", "row-dark", "filtered-phone"],
)
def test_axe_finds_no_barrier(browser, data, page_file, where, options):
    """No finding of axe-core, with everything unfolded that can be."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    hash_ = f"#{next(iter(data['rows']))}" if where == "a row" else where
    one = Visit(browser, page_file, hash_, bypass_csp=True, **options)
    one.page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
    found = axe.Axe().run(one.page).response["violations"]
    one.context.close()
    barriers = [
        (finding["id"], finding["nodes"][0]["html"][:200], finding["nodes"][0]["failureSummary"][:300])
        for finding in found
    ]
    assert barriers == []


@pytest.mark.parametrize("hash_", ["", "#table/claims", "#table/sources", "#first"])
def test_a_phone_shows_it_without_scrolling_sideways(visit, data, hash_):
    page = visit(f"#{next(iter(data['rows']))}" if hash_ == "#first" else hash_, viewport=PHONE).page
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_it_prints_its_pictures_and_not_its_controls(visit):
    page = visit().page
    page.emulate_media(media="print")
    assert page.is_visible("#voices svg.wide")
    assert not page.is_visible("header") and not page.is_visible("#explore") and not page.is_visible("[data-save]")


def test_markup_in_a_cell_stays_text(visit, copy, tmp_path):
    """In tables, panel, pictures and documents."""
    evil = "<img src=x onerror=alert(1)></script><script>alert(1)</script>"
    rows = copy.rows("projects")
    due = rows[0].index("due_edtf")
    row = next(row for row in rows[1:] if row[due])
    row[rows[0].index("label_en")] = evil
    copy.write_rows("projects", rows)
    copy.reseal()
    file = tmp_path / "index.html"
    file.write_bytes(built(copy.root))
    one = visit(f"#{row[0]}", file=file)
    assert one.page.inner_text("#panel-title") == evil
    assert one.page.evaluate("document.querySelectorAll('img').length") == 0
    assert one.page.evaluate("document.querySelectorAll('script').length") == 2
    one.go("#table/projects")
    assert evil in one.page.inner_text("#rows")


def test_a_page_of_another_article(visit, made_up, tmp_path):
    """Little in the tables, no documents: pictures that have nothing to draw say so, and nothing breaks."""
    file = tmp_path / "index.html"
    file.write_bytes(built(made_up))
    one = visit("#table/statements", file=file)
    assert one.page.inner_text("h1") == "The claims of a made-up article"
    assert one.count() > 5
    for number in range(PICTURES):
        section = one.page.locator(".picture").nth(number)
        assert section.locator("svg").count() or "nothing to draw" in section.inner_text()
    one.go("#p04s03a")
    assert one.page.is_visible("#panel")
