"""Write a package in its one canonical form: rows in order, derived cells, codes into schemas, counts and hashes.

No judged cell is ever changed; what cannot be read is left alone and named.
"""

from .canonical import canonical_files
from .checks import metadata
from .csvtext import Record
from .findings import Finding, Unusable, or_did_you_mean
from .package import Package
from .tabledata import TableData


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
    if package.byte_findings:
        raise nothing_written(package.byte_findings[0])
    package.data = {name: with_new_columns(data) for name, data in package.data.items()}
    if irregular := [name for name, data in package.data.items() if not data.regular]:
        raise Unusable(f"nothing written: header or row length of {', '.join(irregular)}; `claims validate` tells more")
    return canonical_files(package, set(tables) or None)


def with_new_columns(data: TableData) -> TableData:
    """The table with the columns that its schema has beyond its own, empty, where they may be empty."""
    new = [field for field in data.table.fields if field["name"] not in data.header]
    old = [name for name in data.table.field_names if name in data.header]
    if not new or old != data.header or any(field["constraints"].get("required") for field in new):
        return data
    records = [
        Record(record.number, [cells.get(name, "") for name in data.table.field_names])
        for record, cells in data.by_column()
    ]
    if len(records) < len(data.records):  # rows that have not as many cells as the header
        return data
    return TableData(data.table, data.text, data.table.field_names, records)


def nothing_written(finding: Finding) -> Unusable:
    return Unusable(f"nothing written: {finding.place}: {finding.message}; `claims validate` tells more")
