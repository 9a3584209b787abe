"""How to cite the package or one row of it: the row in words, where in the article it stands, which version.

A table's schema says a row in words (`inWords`, and before them, where the row is cited for itself, `leadIn`); where it
stands follows from the foreign keys to the segments table.
"""

import json
import re
from dataclasses import dataclass

from .canonical import code_lists
from .checks import metadata
from .findings import or_did_you_mean
from .package import Package, Unusable
from .table import Table

DEEPEST = 4
AUTHORS = {"author", "creator"}  # the roles of whoever is cited; funders, maintainers and the like are not


@dataclass
class Citation:
    """What a citation holds. `row_id`, `words` and `place` are empty for the package as a whole.

    `article` is what the package was coded from, `words` are the package's own and no quotation.
    """

    package: str
    title: str
    authors: list[str]
    version: str
    issued: str
    article: str = ""
    address: str = ""
    doi: str = ""
    row_id: str = ""
    words: str = ""
    place: str = ""

    @property
    def key(self) -> str:
        return "-".join(part for part in (self.package, self.version, self.row_id.replace("/", "-")) if part)

    @property
    def origin(self) -> str:
        """The article and where in it."""
        return ", ".join(part for part in (self.article, self.place) if part)


def cite(package: Package, ids: list[str]) -> list[Citation]:
    """How to cite each of these rows, or without any the package.

    Raises Unusable for an id that no row has, and for a package whose descriptor does not say what a citation needs.
    """
    if not package.conventions or package.findings or metadata.check(package):
        raise Unusable("descriptor or schemas are not valid; run `claims validate` and correct what it finds first")
    return of_rows(package, ids) if ids else [of_package(package)]


def of_package(package: Package) -> Citation:
    """How to cite the package as a whole, from its descriptor."""
    descriptor = package.descriptor
    doi = doi_of(descriptor)
    return Citation(
        package=package.name,
        title=descriptor["title"],
        authors=[contributor["title"] for contributor in descriptor["contributors"] if is_author(contributor)],
        version=package.version,
        issued=descriptor["created"][:10],
        article="; ".join(source["title"] for source in descriptor["sources"]),
        address=f"https://doi.org/{doi}" if doi else descriptor.get("homepage") or descriptor.get("id", ""),
        doi=doi,
    )


def is_author(contributor: dict) -> bool:
    """Whether one of the descriptor's contributors is to be cited as an author; one without any role is."""
    roles = contributor.get("roles")
    return not roles or not AUTHORS.isdisjoint(roles)


def doi_of(descriptor: dict) -> str:
    """The DOI, where the descriptor's `id` is the address of one; otherwise nothing."""
    match = re.fullmatch(r"https://doi\.org/(10\.[0-9]{4,9}/\S+)", descriptor.get("id", ""))
    return match[1] if match else ""


def of_rows(package: Package, ids: list[str]) -> list[Citation]:
    """How to cite each of these rows. Raises Unusable for an id that no row has."""
    if package.findings or package.byte_findings or not package.conventions:
        raise Unusable("the package cannot be cited by row; run `claims validate` and correct what it finds first")
    rows = Rows(package)
    citations = []
    for row_id in ids:
        if row_id not in rows.table_of:
            hint = or_did_you_mean(row_id, rows.table_of)
            raise Unusable(f"no row '{row_id}' in {package.name} {package.version}{hint}")
        citation = of_package(package)
        citation.row_id = row_id
        citation.words = rows.in_words(rows.table_of[row_id], row_id)
        citation.place = rows.place(rows.table_of[row_id], row_id)
        citations.append(citation)
    return citations


class Rows:
    """The rows of a package by table and id, and the keys between them."""

    def __init__(self, package: Package):
        self.tables = package.tables
        self.segments = package.conventions["segments"]
        self.rows = {name: data.by_id for name, data in package.data.items()}
        self.table_of = {row_id: name for name, rows in self.rows.items() for row_id in rows}
        self.labels = {
            (name, code["code"]): code["label_en"] for name, codes in code_lists(package).items() for code in codes
        }

    def in_words(self, name: str, row_id: str, depth: int = 0) -> str:
        """The row as its table's schema says it; a table whose schema does not say it gives its filled cells."""
        table, cells = self.tables[name], self.rows[name][row_id]
        template = table.schema.get("inWords")
        if not template:
            return "; ".join(f"{column} {cell}" for column, cell in cells.items() if cell)
        targets = {columns[0]: target for columns, target, _ in table.foreign_keys}
        lists = {field["name"]: field["codeList"] for field in table.fields if "codeList" in field}

        def said(column: str) -> str:
            cell = cells[column]
            if column in targets and cell and depth < DEEPEST:
                return self.in_words(targets[column], cell, depth + 1)
            return self.labels.get((lists.get(column, ""), cell), cell)

        def part(match: re.Match) -> str:
            columns = re.findall(r"\{(\w+)\}", match[1])
            return match[1] if all(cells[column] for column in columns) else ""

        if "leadIn" in table.schema and not depth:
            template = f"{table.schema['leadIn']} {template}"
        kept = re.sub(r"\[([^\]]*)\]", part, template)
        return re.sub(r"\{(\w+)\}", lambda match: said(match[1]), kept)

    def place(self, name: str, row_id: str) -> str:
        """Where in the article: the row's own sentence, its statement's, or that of the first row about it."""
        if name == self.segments:
            return self.located([row_id])
        return (
            self.located(self.own_segments(name, row_id))
            or self.located(self.segments_of_parents(name, row_id))
            or self.located(self.segments_of_children(name, row_id))
            or self.located(self.segments_beyond(name, row_id))
        )

    def own_segments(self, name: str, row_id: str) -> list[str]:
        """The segment that the row itself names first."""
        cells = self.rows[name][row_id]
        columns = [own[0] for own, target, _ in self.tables[name].foreign_keys if target == self.segments]
        return [cells[column] for column in columns if cells[column]][:1]

    def segments_of_parents(self, name: str, row_id: str) -> list[str]:
        """The segments of the rows it points to, as far as these cannot be without a sentence."""
        cells = self.rows[name][row_id]
        return [
            segment
            for own, target, _ in self.tables[name].foreign_keys
            if cells[own[0]] and self.stands_on_a_sentence(self.tables[target])
            for segment in self.own_segments(target, cells[own[0]])
        ]

    def segments_of_children(self, name: str, row_id: str) -> list[str]:
        """The segments of the rows that point to it, as far as these cannot be without a sentence."""
        return [
            segment
            for table in self.tables.values()
            if self.stands_on_a_sentence(table)
            for own, target, _ in table.foreign_keys
            if target == name
            for other, cells in self.rows[table.name].items()
            if cells[own[0]] == row_id
            for segment in self.own_segments(table.name, other)
        ]

    def segments_beyond(self, name: str, row_id: str) -> list[str]:
        """The segments of what belongs to it: who took part, its events and flows. A source has nothing of the kind."""
        if any(target == name for _, target, _ in self.tables[self.segments].foreign_keys):
            return []
        return [
            segment
            for table in self.tables.values()
            for own, target, _ in table.foreign_keys
            if target == name
            for other, cells in self.rows[table.name].items()
            if cells[own[0]] == row_id
            for segment in self.segments_of_parents(table.name, other) + self.segments_of_children(table.name, other)
        ]

    def stands_on_a_sentence(self, table: Table) -> bool:
        """Whether every row of a table names a segment."""
        required = {field["name"] for field in table.fields if field.get("constraints", {}).get("required")}
        return any(target == self.segments and own[0] in required for own, target, _ in table.foreign_keys)

    def located(self, segments: list[str]) -> str:
        """The first of the segments in text order, in words."""
        rows = sorted(
            (self.rows[self.segments][segment] for segment in segments), key=lambda cells: int(cells["position"])
        )
        if not rows:
            return ""
        first = rows[0]
        sentence = f", sentence {first['sentence']}" if first["sentence"] else f", {first['segment_type']}"
        return f"paragraph {first['paragraph']}{sentence}, page {first['page']} of the copy"


def as_text(citation: Citation) -> str:
    """One line for a list of references."""
    whole = f"{'; '.join(citation.authors)} ({citation.issued[:4]}). "
    whole += f"{citation.title}. Version {citation.version}. Data set."
    whole += f" {citation.address}" if citation.address else ""
    if not citation.row_id:
        return whole
    origin = f"Our words, no quotation. Article: {citation.origin}. " if citation.place else ""
    return f"{citation.row_id}: {citation.words.removesuffix('.')}. {origin}In: {whole}"


def as_csl(citation: Citation) -> dict:
    """An item of CSL-JSON, which reference managers import."""
    item = {
        "id": citation.key,
        "type": "dataset",
        "title": citation.words or citation.title,
        "container-title": citation.title if citation.row_id else "",
        "author": [{"literal": name} for name in citation.authors],
        "issued": {"date-parts": [[int(part) for part in citation.issued.split("-")]]},
        "version": citation.version,
        "number": citation.row_id,
        "locator": citation.place,
        "note": f"{'Our words, no quotation. ' if citation.place else ''}Article: {citation.origin}",
        "DOI": citation.doi,
        "URL": citation.address,
    }
    return {key: value for key, value in item.items() if value}


def as_bibtex(citation: Citation) -> str:
    """An entry that both BibTeX and biblatex read; text stays in Unicode."""
    year, month, _ = citation.issued.split("-")
    fields = {
        "author": " and ".join(f"{{{escaped(name)}}}" for name in citation.authors),
        "title": f"{{{escaped(citation.words or citation.title)}}}",
        "howpublished": f"In: {escaped(citation.title)}" if citation.row_id else "Data set",
        "version": citation.version,
        "year": year,
        "month": str(int(month)),
        "note": "; ".join(
            filter(
                None, (f"Version {citation.version}", escaped(citation.row_id), escaped(f"Article: {citation.origin}"))
            )
        ),
        "doi": citation.doi,
        "url": citation.address,
    }
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items() if value]
    return "\n".join([f"@misc{{{citation.key},", *lines, "}"])


def escaped(text: str) -> str:
    """Text in which TeX runs nothing."""
    special = {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}
    return re.sub(r"[\\{}$&#%_~^]", lambda match: special.get(match[0], f"\\{match[0]}"), text)


FORMATS = {
    "text": lambda citations: "\n".join(map(as_text, citations)),
    "bibtex": lambda citations: "\n\n".join(map(as_bibtex, citations)),
    "csl": lambda citations: json.dumps([as_csl(citation) for citation in citations], ensure_ascii=False, indent=2),
}
