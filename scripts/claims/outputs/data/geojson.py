"""dist/map.geojson: map of places and events, GeoJSON for QGIS and the like.

The view that feeds it has id, longitude, latitude and layer; all other columns become properties. Rows without a point
are counted by layer in `left_out`.
"""

import json
from collections import Counter

from ...package import Package


def build(package: Package) -> dict[str, bytes]:
    views = package.feeding("geojson")
    if not views:
        return {}
    rows = [row for view in views.values() for row in view.records()]
    collection = {
        "type": "FeatureCollection",
        "name": package.name,
        "left_out": Counter(row["layer"] for row in rows if row["longitude"] is None),
        "features": [feature(row) for row in rows if row["longitude"] is not None],
    }
    return {"dist/map.geojson": (json.dumps(collection, ensure_ascii=False, indent=1) + "\n").encode("utf-8")}


def feature(row: dict) -> dict:
    point = [row["longitude"], row["latitude"]]
    properties = {name: value for name, value in row.items() if name not in ("longitude", "latitude")}
    return {
        "type": "Feature",
        "id": row["id"],
        "geometry": {"type": "Point", "coordinates": point},
        "properties": properties,
    }
