"""What a rule, a table, a column, a list of codes or a code of a package means, in words."""

from collections.abc import Iterator

from .canonical import code_lists
from .findings import Rule, Unusable, or_did_you_mean
from .package import Package
from .table import Table
from .validation import catalogue


def explain(package: Package, name: str) -> list[str]:
    """A paragraph for each thing that bears this name. Raises Unusable where nothing does."""
    paragraphs: dict[str, list[str]] = {}
    for known, paragraph in everything(package):
        paragraphs.setdefault(known, []).append(paragraph)
    if name not in paragraphs:
        hint = or_did_you_mean(name, paragraphs)
        raise Unusable(f"no rule, table, column or code '{name}' in {package.name}{hint}")
    return paragraphs[name]


def everything(package: Package) -> Iterator[tuple[str, str]]:
    """Name and paragraph of every rule, table, column, list of codes and code."""
    for rule in catalogue(package).values():
        yield rule.id, of_rule(rule)
    for table in package.tables.values():
        yield table.name, f"table {table.name} ({table.path}): {table.resource.get('description', '')}"
        for field in table.fields:
            paragraph = of_field(table, field)
            yield field["name"], paragraph
            yield f"{table.name}.{field['name']}", paragraph
    for list_name, codes in code_lists(package).items():
        lines = [f"  {code['code']}: {code['label_en']}" for code in codes]
        yield list_name, "\n".join([f"list of codes {list_name}:", *lines])
        for code in codes:
            yield code["code"], of_code(code)


def of_rule(rule: Rule) -> str:
    fmt = "\n  `claims fmt` corrects it." if rule.fmt else ""
    return f"rule {rule.id} ({rule.level}; layer {rule.layer})\n  why: {rule.why}\n  fix: {rule.mend}{fmt}"


def of_field(table: Table, field: dict) -> str:
    """Type, description, limits and an example of a column."""
    lines = [f"column {table.name}.{field['name']} ({field.get('type', 'any')}): {field.get('description', '')}"]
    limits = {key: value for key, value in field.get("constraints", {}).items() if key != "enum"}
    lines += [f"  {key}: {value}" for key, value in limits.items()]
    if "codeList" in field:
        lines.append(f"  codes: those of the list {field['codeList']}")
    elif "enum" in field.get("constraints", {}):
        lines.append(f"  codes: {', '.join(map(str, field['constraints']['enum']))}")
    lines += [f"  points to: {target}" for columns, target, _ in table.foreign_keys if columns == [field["name"]]]
    lines += [f"  example: {field['example']}"] if field.get("example") else []
    return "\n".join(lines)


def of_code(code: dict[str, str]) -> str:
    lines = [f"code {code['code']} of the list {code['code_list']}: {code['label_en']}. {code['definition_en']}"]
    lines += [f"  note: {code['note']}"] if code.get("note") else []
    lines += [f"  example: {code['example_id']}"] if code.get("example_id") else []
    return "\n".join(lines)
