"""What is derived from the package, one module an output.

Each module has `build(package, contents)`, which returns path (from the package's folder) to bytes. The outputs of
COMMITTED stand in the repository; those of DIST are below dist/ and are rebuilt wherever they are wanted.
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
    parquet,
    rulebook,
    site,
    sqlite,
    views,
    xlsx,
)

COMMITTED = {"codebook": codebook, "rules": rulebook, "documents": documents, "citation": citation}
DIST = {
    "views": views,
    "sqlite": sqlite,
    "parquet": parquet,
    "xlsx": xlsx,
    "geojson": geojson,
    "graphml": graphml,
    "icalendar": icalendar,
    "site": site,
    "croissant": croissant,
    "archive": archive,
}
OUTPUTS = COMMITTED | DIST
