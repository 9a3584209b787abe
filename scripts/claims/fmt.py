"""Write a package in its one canonical form: rows in order, derived cells, codes into schemas, counts and hashes.

No judged cell is ever changed; what cannot be read is left alone and named.
"""

from .canonical import canonical_files
from .checks import metadata
from .content import Content, read
from .csvtext import Line
from .findings import Finding, or_did_you_mean
from .package import Package, Unusable


def canonical(package: Package, tables: list[str]) -> dict[str, bytes]:
    """Path to canonical bytes of the tables named (none: all), their schemas and the descriptor.

    Raises Unusable for what cannot be read safely.
    """
    if package.findings:
        raise nothing_written(package.findings[0])
    if not package.conventions:
        raise Unusable(f"{package.source}: not a package of these conventions (no 'conventions' in its descriptor)")
    for name in tables:
        if name not in package.tables:
            raise Unusable(f"no table '{name}'{or_did_you_mean(name, package.tables)}")
    # an example that a new code makes invalid is corrected by writing the code into the schema
    if findings := [finding for finding in metadata.check(package) if finding.rule != "example"]:
        raise nothing_written(findings[0])
    contents, findings = read(package)
    if findings:
        raise nothing_written(findings[0])
    contents = {name: with_new_columns(content) for name, content in contents.items()}
    if irregular := [name for name, content in contents.items() if not content.regular]:
        raise Unusable(f"nothing written: header or row length of {', '.join(irregular)}; `claims validate` tells more")
    return canonical_files(package, contents, set(tables) or None)


def with_new_columns(content: Content) -> Content:
    """The table with the columns that its schema has beyond its own, empty, where they may be empty."""
    new = [one for one in content.table.fields if one["name"] not in content.header]
    old = [name for name in content.table.field_names if name in content.header]
    if not new or old != content.header or any(one["constraints"].get("required") for one in new):
        return content
    lines = [
        Line(line.number, [cells.get(name, "") for name in content.table.field_names])
        for line, cells in content.records()
    ]
    if len(lines) < len(content.lines):  # rows that have not as many cells as the header
        return content
    return Content(content.table, content.text, content.table.field_names, lines)


def nothing_written(finding: Finding) -> Unusable:
    return Unusable(f"nothing written: {finding.place}: {finding.message}; `claims validate` tells more")
