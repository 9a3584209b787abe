"""Hold a package against a copy of its article: locate, evidence, rights, recall."""

from collections import Counter
from dataclasses import dataclass, field

from .. import articletext
from ..checks import across
from ..database import QueryRefused
from ..findings import Finding
from ..package import Package, Unusable
from ..validation import Result, Waivers, catalogue, validate
from . import evidence, lexicon, rights
from .lexicon import Lexicon
from .locate import Located, Uncovered, healed, locate, uncovered
from .recall import CLASSES, Audit, Item

LEAST_LOCATED = 0.5
LAYER = "article"
UNFINISHED = ("rows", "across")  # layers whose findings do not keep the audit from reading what is there


@dataclass
class Verification(Result):
    """A result with the located segments, the items of the recall audit and the names left out of it as common."""

    located: list[Located] = field(default_factory=list)
    items: list[Item] = field(default_factory=list)
    common: list[str] = field(default_factory=list)
    statements: dict[str, list[dict]] = field(default_factory=dict)
    lists: Lexicon = field(default_factory=lambda: Lexicon(""))
    invalid: bool = False  # rows that do not go together yet; the audit reads them all the same

    def table(self) -> list[tuple[str, int, int, int, int]]:
        """(class, found, linked, waived, open) for each class of the audit."""
        waived = {(finding.row, finding.column) for finding in self.waived}
        rows = []
        for kind in CLASSES:
            items = [item for item in self.items if item.kind == kind]
            linked = sum(item.linked for item in items)
            excused = sum((item.segment, item.name) in waived for item in items if not item.linked)
            rows.append((kind, len(items), linked, excused, len(items) - linked - excused))
        return rows


def verify(package: Package, text: str, only: str = "") -> Verification:
    """Check a package against `text`. Raises Unusable for one whose tables cannot be read or audited.

    Rows that break a rule of rows or across tables are audited as they are: coding goes sentence by sentence.

    With `only`, evidence and recall are limited to one segment.
    """
    path = package.conventions.get("audit")
    if not path:
        raise Unusable("the package names no audit queries ('audit' among the conventions of its descriptor)")
    first = validate(package)
    if any(first.rules[rule].layer not in UNFINISHED for rule in first.errors):
        raise Unusable("the package is not valid; run `claims validate` and correct what it finds first")
    queries = answers(package, path)
    lists = lexicon.of_package(
        language_of(queries, path), package.settings("words"), package.conventions.get("words", "")
    )
    known = {row["segment"] for row in queries["segments"]}
    if only and only not in known:
        raise Unusable(f"no segment '{only}'")
    result = Verification(package, catalogue(package), lists=lists, invalid=not first.valid)
    result.located = locate(text, queries["segments"], articletext.normalization(package.descriptor))
    found = sum(one.state.startswith("found") for one in result.located)
    result.row_counts = {name: len(one.records) for name, one in package.data.items()}
    if found < LEAST_LOCATED * len(result.located):
        message = f"only {found} of {len(result.located)} segments were found in this text"
        result.findings.append(Finding("article-other", package.tables[package.conventions["segments"]].path, message))
        return result
    texts = {one.segment: one.text for one in result.located if one.state.startswith("found")}
    audit = Audit(texts, queries, lists)
    result.common = audit.common
    result.statements = audit.statements
    places = line_numbers(package)
    result.findings += lost(result.located, places)
    result.findings += (
        [] if only else left_out(uncovered(text, result.located, articletext.normalization(package.descriptor)), places)
    )
    for segment in [only] if only else texts:
        if segment in texts:
            result.findings += claims(audit, segment, places)
            if audit.segments[segment]["status"] in ("coded", "no_codable_content"):
                result.items += audit.items(segment)
    result.findings += unlinked(result.items, places)
    if not only:
        result.findings += rights.check(healed(text), package, lists)
    waivers = Waivers()
    waivers.read(package)
    result.findings, result.waived = waivers.split(result.findings)
    if not only:
        silent = {f"audit-{kind}" for kind in lists.missing}  # what was not looked for cannot be missed
        faults = waivers.faults(result.rules, {LAYER})
        result.findings += [one for one in faults if one.rule != "exception-unneeded" or one.value not in silent]
    return result


def answers(package: Package, path: str) -> dict[str, list[dict]]:
    """The rows of every query of the package's audit file."""
    try:
        queries = package.settings("audit")["queries"]
        across.load_helpers(package)
        return {name: package.engine.select(sql, across.SECONDS) for name, sql in queries.items()}
    except (KeyError, QueryRefused) as error:
        raise Unusable(f"{path}: {error}") from error


def language_of(queries: dict[str, list[dict]], path: str) -> str:
    """The language of the coded article. Raises Unusable where the query does not give one."""
    languages = sorted({row["language"] or "" for row in queries["article"]})
    if len(languages) != 1 or not languages[0]:
        raise Unusable(
            f"{path}: the query 'article' gives {languages or 'no'} as language of the article, one is expected"
        )
    return languages[0]


def line_numbers(package: Package) -> dict[str, tuple[str, int]]:
    """File and line of every row with a one-part key."""
    return {
        data.row_id(record): (data.table.path, record.number)
        for data in package.data.values()
        if len(data.table.primary_key) == 1
        for record in data.records
    }


def lost(located: list[Located], places: dict) -> list[Finding]:
    """Segments that the text has otherwise or not at all."""
    rules = {"changed": "segment-changed", "missing": "segment-missing"}
    findings = []
    for segment in located:
        if segment.state in rules:
            file, line = places[segment.segment]
            where = (
                f"the anchor stands in line {segment.line} of the text"
                if segment.line
                else "not even the anchor is there"
            )
            findings.append(Finding(rules[segment.state], file, where, line, "sha256", row=segment.segment))
    return findings


def left_out(stretches: list[Uncovered], places: dict) -> list[Finding]:
    """Text of this copy that no segment covers; before the first and after the last it may not be the article's."""
    findings = []
    for stretch in stretches:
        inside = stretch.before and stretch.after
        file, line = places[stretch.before or stretch.after]
        words = sum(not word.isdigit() for word in articletext.words(stretch.text))
        where = f"after {stretch.before}" if stretch.before else f"before {stretch.after}"
        message = f"line {stretch.line} of the text, {where}: {words} words belong to no segment"
        rule, column = "text-uncovered" if inside else "text-outside", "after" if stretch.before else "before"
        findings.append(Finding(rule, file, message, line, column, stretch.text[:60], stretch.before or stretch.after))
    return findings


def claims(audit: Audit, segment: str, places: dict) -> list[Finding]:
    """Claims of one sentence that it does not print, that are too long, or whose digits differ from their value."""
    findings = []
    for row in audit.statements[segment]:
        if not row["printed"]:
            continue
        file, line = places[row["statement"]]
        place = {"file": file, "line": line, "row": row["statement"], "value": row["printed"]}
        if not evidence.spans(row["printed"], audit.texts[segment]):
            message = f"does not stand in {segment}"
            findings.append(Finding("claim-not-printed", message=message, column="claim_as_printed", **place))
            continue
        if evidence.word_count(row["printed"], audit.lists) > 5:
            message = f"{evidence.word_count(row['printed'], audit.lists)} words besides numbers and months"
            findings.append(Finding("claim-too-long", message=message, column="claim_as_printed", **place))
        context = audit.texts.get(row["context"] or "", "") + " " + audit.texts[segment]
        if problem := evidence.disagreement(row["printed"], row["value"], row["property"], context, audit.lists):
            findings.append(Finding("claim-disagrees", message=problem, column="claim_value", **place))
    return findings


def unlinked(items: list[Item], places: dict) -> list[Finding]:
    """One finding for each item that no statement links."""
    findings = []
    for item in items:
        if not item.linked:
            file, line = places[item.segment]
            message = f"{item.name} of {item.segment} is linked to no statement"
            findings.append(Finding(f"audit-{item.kind}", file, message, line, item.name, item.text[:60], item.segment))
    return findings


def counted(located: list[Located]) -> str:
    """`192 segments: 191 found, 1 found (interrupted)`."""
    states = Counter(segment.state for segment in located)
    return f"{len(located)} segments: " + ", ".join(f"{number} {state}" for state, number in states.most_common())
