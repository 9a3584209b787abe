"""What the page takes from the tables: the queries of the file that the package's conventions name as `site`.

Its head tells a curator how to write it; COLUMNS says which columns the rows of each section must have. A section that
the file leaves out has no rows, and the page leaves it out too.
"""

from ... import database, edtf
from ...package import Package, Unusable
from .words import plural, plural_ru, say

COLUMNS = {
    "reach": "page_edtf page_last event_last",
    "finding": "figure text_en text_ru",
    "colour": "id code",
    "claims": "id segment_id section_code section_en section_ru paragraph sentence page anchor state_en state_ru "
    "gloss_en speaker_en speaker_ru speaker_id unnamed via_en via_ru via_id kind_en kind_ru stance_en stance_ru "
    "phase_en phase_ru about_id about_en about_ru restates_id doubt_en doubt_ru note",
    "claims.checks": "claim_id id source_id code kind_en kind_ru outcome finding_en publisher day_edtf url "
    "interest_en interest_ru independence_en independence_ru doubt_en doubt_ru reason_en reason_ru note",
    "claims.differences": "claim_id id kind_en kind_ru description_en",
    "promises": "id label_en label_ru due_edtf due_first due_last part status_code status_en status_ru "
    "outcome_code outcome_en outcome_ru sign early",
    "promises.evidence": "promise_id id outcome finding_en publisher url happened day_edtf",
    "disputed": "claim_id code gloss_en reading_en discrepancies id against kind_en kind_ru side_code "
    "finding_en publisher day_edtf url side_en side_ru independence_en independence_ru doubt_en doubt_ru",
    "disputed.sides": "code label_en label_ru definition_en",
    "disputed.inside": "id kind_en kind_ru severity_en severity_ru description_en main a_id a_gloss b_id b_gloss",
    "when": "id label_en label_ru date_edtf around_edtf first last tone disputed part_of_id part_of_en part_of_ru",
    "when.zooms": "unit first last",
    "where": "id label_en label_ru kind_en kind_ru latitude longitude vague events event_ids "
    "within_id within_en within_ru",
    "who": "id label_en label_ru kind_en kind_ru side implied is_author spoken about things",
    "index": "id label_en label_ru text_en text_ru",
    "filter": "id",
}


def settings(package: Package) -> dict:
    """The file as it stands, with lists for what it leaves out. Raises Unusable where it cannot be read."""
    lists: dict = {"cautions": [], "cautions_ru": [], "finding": [], "colour": [], "index": [], "filter": []}
    return lists | {"labels": {}, "columns": {}, "search": {}} | package.settings("site")


def cautions(package: Package, language: str = "en") -> list[str]:
    """What a reader must know first, who coded included. Raises Unusable."""
    given = settings(package)
    ending = "" if language == "en" else f"_{language}"
    who = package.descriptor.get(f"coding{ending.replace('_ru', 'Ru')}") or package.descriptor.get("coding")
    return (given[f"cautions{ending}"] or given["cautions"]) + ([who] if who else [])


class Answers:
    """The settings of the page, and the rows that their queries give, each asked once."""

    def __init__(self, package: Package):
        self.path = package.conventions.get("site", "site")
        self.settings = settings(package)
        self.connection = connection = package.database
        self.asked: dict[tuple[str, str], list[dict]] = {}
        connection.create_function("say", 1, say, deterministic=True)
        connection.create_function("say_ru", 1, lambda text: say(text, "ru"), deterministic=True)
        connection.create_function("plural", 3, plural, deterministic=True)
        connection.create_function("plural_ru", 4, plural_ru, deterministic=True)

    def entry(self, section: str) -> dict:
        """The entry of a section such as `claims.checks`; empty where the file has none. Raises Unusable."""
        found = self.settings
        for name in section.split("."):
            found = found.get(name, {})
            if not isinstance(found, dict):
                raise Unusable(f"{self.path}: '{section}' is no table; see the head of that file")
        return found

    def rows(self, section: str) -> list[dict]:
        """The rows of a section. Raises Unusable."""
        entry = self.entry(section)
        return self.select(section, entry) if "sql" in entry else []

    def select(self, section: str, entry: dict) -> list[dict]:
        """The rows of one entry of a section, with the columns that the section needs. Raises Unusable."""
        name = f"{section} '{entry['id']}'" if "id" in entry else section
        key = (section, entry.get("id", ""))
        if key not in self.asked:
            try:
                rows = database.select(self.connection, entry["sql"])
            except KeyError as error:
                raise Unusable(f"{self.path}: {name}: an entry lacks {error}; see the head of that file") from error
            except database.QueryRefused as error:
                raise Unusable(f"{self.path}: {name}: {error}; correct its sql") from error
            missing = set(COLUMNS[section].split()) - rows[0].keys() if rows else ()
            if missing:
                raise Unusable(f"{self.path}: {name}: there is no column '{min(missing)}'; correct its sql")
            self.asked[key] = rows
        return self.asked[key]


def in_language(row: dict, language: str) -> dict:
    """A row or entry with its texts in one language: `label` of label_en and label_ru, or of label and label_ru."""
    found = dict(row)
    for name, value in row.items():
        stem, _, ending = name.rpartition("_")
        if ending == "en" and f"{stem}_ru" in row:
            found[stem] = (row[f"{stem}_ru"] or value) if language == "ru" else value
        elif ending == "ru" and language == "ru" and f"{stem}_en" not in row and value:
            found[stem] = value
    return found


def bounds(text: str | None) -> tuple[str | None, str | None]:
    """First and last day that a date (EDTF) can mean, None where it is open or there is no date."""
    try:
        return edtf.bounds(text) if text else (None, None)
    except ValueError:
        return None, None
