"""What is derived from the package, one module an output.

Each module has `build(package, contents)`, which returns path (from the package's folder) to bytes. The outputs of
COMMITTED are in the repository; those of DIST are below dist/ and are rebuilt wherever they are wanted. What a module's
docstring says after its first colon is the heading on the page of its downloads, which come in the order of DIST.
"""

from . import (
    archive,
    citation,
    codebook,
    croissant,
    documents,
    geojson,
    graphml,
    icalendar,
    page,
    parquet,
    rulebook,
    sqlite,
    views,
    xlsx,
)

COMMITTED = {"codebook": codebook, "rules": rulebook, "documents": documents, "citation": citation}
DIST = {
    "views": views,
    "xlsx": xlsx,
    "sqlite": sqlite,
    "archive": archive,
    "parquet": parquet,
    "geojson": geojson,
    "graphml": graphml,
    "icalendar": icalendar,
    "site": page,
    "croissant": croissant,
}
OUTPUTS = COMMITTED | DIST
