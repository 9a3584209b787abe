"""What is derived from the package, one module an output.

Each module has `build(package)`, which returns path (from the package's folder) to bytes. The outputs of COMMITTED are
in the repository; those of DIST are below dist/ and are rebuilt wherever they are wanted, in the order in which the
page lists them under their headings.
"""

from ..package import Package
from . import page
from .catalogues import citation_files, croissant, package_folder
from .data import csv_views, geojson, graphml, icalendar, parquet, sqlite, xlsx
from .docs import blocks, codebook, rulebook

COMMITTED = {"codebook": codebook, "rules": rulebook, "documents": blocks, "citation": citation_files}
DIST = {
    "views": csv_views,
    "xlsx": xlsx,
    "sqlite": sqlite,
    "archive": package_folder,
    "parquet": parquet,
    "geojson": geojson,
    "graphml": graphml,
    "icalendar": icalendar,
    "site": page,
    "croissant": croissant,
}
OUTPUTS = COMMITTED | DIST
HEADINGS = {
    "views": "CSV of the views, tables joined for reading, in the same form of CSV as the tables.",
    "xlsx": "Workbook for Excel and LibreOffice, a sheet per view and table.",
    "sqlite": "SQLite database, every table with its keys and checks, every view, and what they all mean.",
    "archive": "The package as archives take it, beside its descriptor csvw-metadata.json, ro-crate-metadata.json.",
    "parquet": "Parquet, every table and view with real types, titles and descriptions.",
    "geojson": "Map of places and events, GeoJSON for QGIS and the like.",
    "graphml": "Network of actors, GraphML for Gephi and the like.",
    "icalendar": "Calendar of events known to the day.",
    "croissant": "Croissant 1.0 (MLCommons), a schema.org Dataset that also says how to load its tables and views.",
}


class Outputs(dict):
    """Path to bytes of each output of a package, by the output's name; made when first asked for, once."""

    def __init__(self, package: Package):
        self.package = package

    def __missing__(self, name: str) -> dict[str, bytes]:
        if name == "croissant":
            files = croissant.build(self.package, self["parquet"])
        elif name == "site":
            files = page.build(self.package, {HEADINGS[one]: self[one] for one in HEADINGS})
        else:
            files = OUTPUTS[name].build(self.package)
        self[name] = files
        return files
