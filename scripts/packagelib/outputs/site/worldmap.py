"""A panel of a map: land from land.json in a conic projection, points with labels that do not cover each other."""

import json
import math
from collections.abc import Callable
from functools import cache
from pathlib import Path

from .svg import cut, link, tag, text, width

Point = tuple[float, float]
Box = tuple[float, float, float, float]  # west, south, east, north; or left, top, right, bottom
SIZE = 13
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
    for row in sorted(rows, key=lambda row: (bool(row["vague"]), -row["events"], row["id"])):
        spot = place((row["longitude"], row["latitude"]))
        for group, other in zip(groups, spots, strict=True):
            if math.dist(spot, other) < NEAR and not row["vague"]:
                group.append(row)
                break
        else:
            groups.append([row])
            spots.append(spot)
    taken: list[Box] = []
    radii = []
    for group, (x, y) in zip(groups, spots, strict=True):
        events = sum(row["events"] for row in group)
        radius = 4 + 12 * math.sqrt(events / most) if events else 3.5
        radii.append((radius, events))
        if not group[0]["vague"]:
            taken.append((x - radius, y - radius, x + radius, y + radius))
    parts = []
    for group, (x, y), (radius, events) in zip(groups, spots, radii, strict=True):
        style = "mark" if events else "mark hollow"
        if group[0]["vague"]:
            shape = tag(
                "rect", x=x - radius, y=y - radius, width=2 * radius, height=2 * radius, class_=style + " vague"
            )
        else:
            shape = tag("circle", cx=x, cy=y, r=radius, class_=style)
        title = "; ".join(f"{row['label_en']}: {row['events']} events" for row in group)
        parts.append(link(group[0]["id"], shape, title=title))
        parts += names(group, (x, y), radius, events, taken, size)
    return parts


def names(group: list[dict], spot: Point, radius: float, events: int, taken: list[Box], size) -> list[str]:
    """The names of a group on lines of their own, right, left, below or above of the mark; none where all are taken."""
    english = [named(row, row["label_en"]) for row in group[:4]]
    russian = [named(row, row["label_ru"] or row["label_en"]) for row in group[:4]]
    wide = max(width(one, SIZE) for one in english + russian)
    high = 15 * len(english)
    x, y = spot
    for anchor, left, top in (
        ("start", x + radius + 4, y - high / 2),
        ("end", x - radius - 4 - wide, y - high / 2),
        ("middle", x - wide / 2, y + radius + 2),
        ("middle", x - wide / 2, y - radius - 2 - high),
        ("start", x - radius, y - radius - 2 - high),
        ("start", x - radius, y + radius + 2),
        ("start", x + radius, y + radius - 2),
        ("start", x + radius, y - radius - high + 4),
        ("end", x - radius - wide, y + radius - 2),
        ("end", x - radius - wide, y - radius - high + 4),
    ):
        box = (left, top, left + wide, top + high)
        free = all(box[2] < b[0] or box[0] > b[2] or box[3] < b[1] or box[1] > b[3] for b in taken)
        if free and box[0] >= 2 and box[1] >= 2 and box[2] <= size[0] - 2 and box[3] <= size[1] - 2:
            taken.append(box)
            at = {"start": left, "middle": left + wide / 2, "end": left + wide}[anchor]
            style = "place" if events else "place quiet"
            return [
                link(row["id"], text(at, top + 12 + 15 * line, one, other, class_=style, text_anchor=anchor))
                for line, (row, one, other) in enumerate(zip(group, english, russian, strict=False))
            ]
    return names(group[:1], spot, radius, events, taken, size) if len(group) > 1 else []


def named(row: dict, name: str) -> str:
    return cut(name, 40) + (f" · {row['events']}" if row["events"] else "")
