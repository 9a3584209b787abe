"""A panel of a map: land from land.json in a conic projection, points with labels that do not cover each other."""

import json
import math
from collections.abc import Callable
from functools import cache
from pathlib import Path

from .svg import LINE, lines, link, tag, text, width

Point = tuple[float, float]
Box = tuple[float, float, float, float]  # west, south, east, north; or left, top, right, bottom
NEAR = 9  # units; points nearer than that share one mark


@cache
def land() -> dict:
    return json.loads(Path(__file__).with_name("land.json").read_text("utf-8"))


def within(point: Point, box) -> bool:
    return box[0] <= point[0] <= box[2] and box[1] <= point[1] <= box[3]


def around(points: list[Point]) -> Box:
    """The box of the points with a margin."""
    xs, ys = [x for x, _ in points], [y for _, y in points]
    side, up = max(5, 0.06 * (max(xs) - min(xs))), max(3, 0.12 * (max(ys) - min(ys)))
    return min(xs) - side, max(min(ys) - up, -60), max(xs) + side, min(max(ys) + up, 80)


def conic(box) -> Callable[[Point], Point]:
    """Equidistant conic projection with standard parallels a sixth inside the box (Snyder 1987, p. 111)."""
    west, south, east, north = box
    middle = (west + east) / 2
    one, other = (math.radians(south + (north - south) * part) for part in (1 / 6, 5 / 6))
    n = (math.cos(one) - math.cos(other)) / (other - one) if other != one else math.sin(one)
    n = n if abs(n) > 1e-6 else 1e-6
    g = math.cos(one) / n + one
    base = g - math.radians((south + north) / 2)

    def project(point: Point) -> Point:
        rho, theta = g - math.radians(point[1]), n * math.radians(point[0] - middle)
        return rho * math.sin(theta), -(base - rho * math.cos(theta))

    return project


def panel(outline: str, box, size: tuple[int, int], rows: list[dict], most: int, frame=None) -> tuple[str, float]:
    """One map that fits the box into the size; `frame` draws the outline of another box. Returns it and its height."""
    project = conic(box)
    wide, high = size
    edge = [project(point) for point in rim(box)]
    left, right = min(x for x, _ in edge), max(x for x, _ in edge)
    top, bottom = min(y for _, y in edge), max(y for _, y in edge)
    scale = min(wide / (right - left), high / (bottom - top))
    shift = (wide - scale * (right - left)) / 2, (high - scale * (bottom - top)) / 2

    def place(point: Point) -> Point:
        x, y = project(point)
        return (x - left) * scale + shift[0], (y - top) * scale + shift[1]

    rings = [clipped([place(point) for point in pairs(ring)], (0, 0, wide, high)) for ring in reachable(outline, box)]
    path = "".join(
        "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in thinned(ring)) + "Z" for ring in rings if len(ring) > 2
    )
    parts = [tag("rect", x=0, y=0, width=wide, height=high, class_="sea"), tag("path", d=path, class_="land")]
    if frame:
        corners = [place(point) for point in rim(frame)]
        parts.append(tag("path", d="M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in corners) + "Z", class_="frame"))
    parts += marks(rows, place, size, most)
    return "".join(parts), high


def reachable(outline: str, box) -> list[list[float]]:
    """Rings that lie near enough to the box for the projection to make sense of them."""
    west, east = box[0] - 60, box[2] + 60
    return [ring for ring in land()[outline]["rings"] if min(ring[::2]) < east and max(ring[::2]) > west]


def pairs(flat: list[float]) -> list[Point]:
    return list(zip(flat[::2], flat[1::2], strict=True))


def rim(box, steps: int = 24) -> list[Point]:
    """Points along the four sides of a box."""
    west, south, east, north = box
    part = [index / steps for index in range(steps)]
    return [
        *((west + (east - west) * one, south) for one in part),
        *((east, south + (north - south) * one) for one in part),
        *((east - (east - west) * one, north) for one in part),
        *((west, north - (north - south) * one) for one in part),
    ]


def clipped(ring: list[Point], box: Box) -> list[Point]:
    """A ring cut to a box (Sutherland and Hodgman)."""
    for axis, limit, sign in ((0, box[0], 1), (0, box[2], -1), (1, box[1], 1), (1, box[3], -1)):
        found = []
        for a, b in zip(ring[-1:] + ring[:-1], ring, strict=True):
            inside_a, inside_b = (sign * (point[axis] - limit) >= 0 for point in (a, b))
            if inside_a != inside_b:
                share = (limit - a[axis]) / (b[axis] - a[axis])
                cut_at = [a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share]
                cut_at[axis] = limit
                found.append(tuple(cut_at))
            if inside_b:
                found.append(b)
        ring = found
    return ring


def thinned(ring: list[Point]) -> list[Point]:
    """Without points that are nearer than half a unit to the one before."""
    kept = ring[:1]
    for point in ring[1:]:
        if abs(point[0] - kept[-1][0]) + abs(point[1] - kept[-1][1]) > 0.7:
            kept.append(point)
    return kept


def marks(rows: list[dict], place, size: tuple[int, int], most: int) -> list[str]:
    """Marks from large to small, each with the names of what it stands for, where there is room for them."""
    groups: list[list[dict]] = []
    spots: list[Point] = []
    for row in sorted(rows, key=lambda row: (-row["events"], row["id"])):
        spot = place((row["longitude"], row["latitude"]))
        for group, other in zip(groups, spots, strict=True):
            if math.dist(spot, other) < NEAR and not row["vague"] and not group[0]["vague"]:
                group.append(row)
                break
        else:
            groups.append([row])
            spots.append(spot)
    shapes, taken, sizes, largest = [], [], [], min(12, size[0] / 45)
    for group, (x, y) in zip(groups, spots, strict=True):
        events = sum(row["events"] for row in group)
        radius = 3.5 + largest * math.sqrt(events / most) if events else 3.5
        style = "mark" if events else "mark hollow"
        if group[0]["vague"]:
            side = 2 * radius
            shape = tag("rect", x=x - radius, y=y - radius, width=side, height=side, class_=style + " vague")
        else:
            shape = tag("circle", cx=x, cy=y, r=radius, class_=style)
        title = "; ".join(f"{row['label_en']}: {row['events']} events" for row in group)
        shapes.append(link(group[0]["id"], shape, title=title))
        taken.append((x - radius, y - radius, x + radius, y + radius))
        sizes.append(radius)
    # A small mark must not lie below a large one.
    layers = [shape for _, shape in sorted(zip(sizes, shapes, strict=True), key=lambda one: -one[0])]
    for language in ("en", "ru"):
        full = list(taken)
        found = [
            one
            for group, spot, radius in zip(groups, spots, sizes, strict=True)
            for one in names(group, spot, radius, language, full, size)
        ]
        layers.append(tag("g", *found, class_=language, lang=language))
    return layers


def names(group: list[dict], spot: Point, radius: float, language: str, taken: list[Box], size) -> list[str]:
    """The names of a group in one language, right, left, below or above; fewer or none where all is taken."""
    x, y = spot
    room = min(0.55 * size[0], 230)  # a longer name is written on several lines
    for count in range(min(len(group), 4), 0, -1):
        shown = [lines(named(row, language), room, 3, bold=row["events"] > 0) for row in group[:count]]
        wide = max(
            width(one, bold=row["events"] > 0) for row, found in zip(group, shown, strict=False) for one in found
        )
        high = LINE * sum(map(len, shown)) - 2
        centre = min(max(x - wide / 2, 2), size[0] - wide - 2)
        below, above = y + radius + 1, y - radius - 1 - high
        for anchor, left, top in (
            ("start", x + radius + 4, y - high / 2),
            ("end", x - radius - 4 - wide, y - high / 2),
            ("middle", centre, below),
            ("middle", centre, above),
            ("start", x - radius, above),
            ("start", x - radius, below),
            ("end", x + radius - wide, above),
            ("end", x + radius - wide, below),
            ("start", x + radius, below - 3),
            ("start", x + radius, above + 5),
            ("end", x - radius - wide, below - 3),
            ("end", x - radius - wide, above + 5),
        ):
            box = (left, top, left + wide, top + high)
            free = all(box[2] < b[0] or box[0] > b[2] or box[3] < b[1] or box[1] > b[3] for b in taken)
            if free and box[0] >= 2 and box[1] >= 2 and box[2] <= size[0] - 2 and box[3] <= size[1] - 2:
                taken.append(box)
                at = {"start": left, "middle": left + wide / 2, "end": left + wide}[anchor]
                return written(group, shown, at, top, anchor)
    return []


def written(group: list[dict], shown: list[list[str]], x: float, top: float, anchor: str) -> list[str]:
    """Each row's name on lines of its own; it leads to the row."""
    parts = []
    for row, found in zip(group, shown, strict=False):
        style = "place" if row["events"] else "place quiet"
        block = [
            text(x, top + 11 + LINE * line, one, class_=style, text_anchor=anchor) for line, one in enumerate(found)
        ]
        parts.append(link(row["id"], *block))
        top += LINE * len(found)
    return parts


def named(row: dict, language: str) -> str:
    name = row[f"label_{language}"] or row["label_en"]
    return name + (f" · {row['events']}" if row["events"] else "")
