"""docs/CODEBOOK.md: every table, view, column and code, from the schemas, the file of views and the codes table."""

from ...canonical import code_lists
from ...markdown import table as markdown_table
from ...package import Package, Table
from ...views import Relation


def build(package: Package) -> dict[str, bytes]:
    parts = [
        "# Codebook\n",
        "Generated from `schemas/` and `data/codes.csv` by `make build`; edit those. "
        "An empty cell means *not given*. `→` names the table a column points to.\n",
        "## Tables\n",
        markdown_table(
            ["table", "one row per", "rows"],
            [
                [
                    f"[{table.name}](#{table.name})",
                    table.schema["description"].removeprefix("One row per "),
                    str(len(package.data[table.name].records)),
                ]
                for table in package.tables.values()
            ],
        ),
    ]
    parts += [section(table) for table in package.tables.values()]
    published = [view for view in package.views if view.fields]
    if published:
        parts += ["## Views\n", "What `make build` writes into `dist/`, joined for reading.\n"]
        parts += [view_section(view) for view in published]
    parts.append("## Codes\n")
    parts += [code_list(name, codes) for name, codes in code_lists(package).items()]
    return {"docs/CODEBOOK.md": "\n".join(parts).encode("utf-8")}


def section(table: Table) -> str:
    """One table: what a row is, its key, its columns."""
    targets = {columns[0]: target for columns, target, _ in table.foreign_keys}
    rows = [
        [
            f"**{field['name']}**" if field["name"] in table.primary_key else field["name"],
            kind(field, targets.get(field["name"])),
            f"{field['title']} · {field['titleRu']}",
            field["description"],
            f"`{field['example']}`",
        ]
        for field in table.fields
    ]
    return "\n".join(
        [
            f"### {table.name}\n",
            f"{table.schema['description']} {table.schema['titleRu']}.\n",
            markdown_table(["column", "type", "title", "meaning", "example"], rows),
        ]
    )


def view_section(view: Relation) -> str:
    """One published view: what a row is, its key, its columns; of an alias only whose it is."""
    head = f"### {view.name}\n\n{view.description}\n"
    if view.alias_of:
        return head
    rows = [
        [
            f"**{field['name']}**" if field["name"] in view.key else field["name"],
            f"code of [{field['codeList']}](#{field['codeList']})" if "codeList" in field else field["type"],
            " · ".join(field[name] for name in ("title", "titleRu") if name in field),
            field["description"],
        ]
        for field in view.fields
    ]
    return f"{head}\n{markdown_table(['column', 'type', 'title', 'meaning'], rows)}"


def kind(field: dict, target: str | None) -> str:
    """Type of a column in a few words: type, target or list, whether it may be empty."""
    name = f"→ {target}" if target else field["type"]
    if "codeList" in field:
        name = f"code of [{field['codeList']}](#{field['codeList']})"
    if "derived" in field:
        return f"{name}, computed"
    return name if field["constraints"].get("required") else f"{name}, may be empty"


def code_list(name: str, codes: list[dict[str, str]]) -> str:
    """One list of codes with definitions and an example each."""
    rows = [
        [
            f"`{code['code']}`",
            f"{code['label_en']} · {code['label_ru']}",
            " ".join(part for part in (code["definition_en"], code["note"]) if part),
            code["maps_to"],
            f"`{code['example_id']}`" if code["example_id"] else "",
        ]
        for code in codes
    ]
    return f"### {name}\n\n" + markdown_table(["code", "label", "use", "maps to", "example"], rows)
