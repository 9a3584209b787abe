"""The map: land from land.json, and marks whose area is the number of events, with labels that belong to one mark only.

A panel is measured in hundredths of its width and height, so that one drawing of the land serves every screen; what a
screen has room for, how near two marks may be and where a label stands, depends on its width in pixels.
"""

import json
import math
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

Point = tuple[float, float]
Box = tuple[float, float, float, float]  # west, south, east, north; or left, top, right, bottom
NEAR = 11  # pixels; points nearer than that share one mark
UNIT = 4.5  # radius of one event in pixels
EMPTY = 3.5  # radius of a place that is only named
LINE = 15  # pixels from line to line of a label
LARGE, LETTER, SMALL = 10.0, 8.2, 4.8  # widths of letters in pixels, of the widest fonts that a system may have
THIN, BROAD = " .,·+-–ijltfr", "mwжшщюыфм"
GAP = 4  # pixels between a mark and its label
MARGIN = 2
COARSE = 3  # units; points of a coast that are nearer than that to the one before are left out
HEIGHT = 1000  # units of the land's drawing per its width


@dataclass
class Mark:
    """What stands for one or several places; x and y in hundredths of the panel, radius in pixels."""

    rows: list[dict]
    x: float
    y: float
    label: list[str] = field(default_factory=list)
    dx: float = 0
    dy: float = 0
    anchor: str = "start"

    @property
    def events(self) -> int:
        return sum(row["events"] for row in self.rows)

    @property
    def vague(self) -> bool:
        """A whole country, drawn as a square of the same area."""
        return bool(self.rows[0]["vague"])

    @property
    def radius(self) -> float:
        return round(UNIT * math.sqrt(self.events), 2) if self.events else EMPTY

    @property
    def side(self) -> float:
        return round(self.radius * math.sqrt(math.pi), 2)


@dataclass
class Panel:
    """One map: its land as a path in a box of 1000 units, how high it is per its width, and its marks by screen."""

    name: str
    box: Box
    land: str
    ratio: float
    marks: dict[str, list[Mark]] = field(default_factory=dict)
    names: list[dict] = field(default_factory=list)
    frame: Box | None = None

    def place(self, point: Point) -> Point:
        """A point of the earth in hundredths of the panel, longitudes drawn together as at the middle of the box."""
        west, south, east, north = self.box
        return round((point[0] - west) / (east - west) * 100, 2), round((north - point[1]) / (north - south) * 100, 2)


@cache
def land() -> dict:
    return json.loads(Path(__file__).with_name("land.json").read_text("utf-8"))


def panels(rows: list[dict], detail: Box | None, names: list[dict], screens: dict[str, int]) -> list[Panel]:
    """The whole world of the rows and, larger, the crowded part of it; each row is drawn in one of them only.

    `screens` are the widths in pixels by name; of those called `wide` a label has names, of others numbers.
    """
    placed = [row for row in rows if row["latitude"] is not None and row["longitude"] is not None]
    inside = [row for row in placed if detail and within(point_of(row), detail)]
    found = []
    if outside := [row for row in placed if row not in inside]:
        found.append(panel("world", around([point_of(row) for row in placed]), outside, names, screens))
        found[-1].frame = frame(found[-1], detail) if detail and inside else None
    if detail and inside:
        found.append(panel("detail", detail, inside, names, screens))
    return found


def panel(name: str, box: Box, rows: list[dict], names: list[dict], screens: dict[str, int]) -> Panel:
    west, south, east, north = box
    ratio = (north - south) / ((east - west) * math.cos(math.radians((north + south) / 2)))
    found = Panel(name, box, "", round(ratio, 4))
    size = (HEIGHT, HEIGHT * ratio)

    def unit(point: Point) -> Point:
        x, y = found.place(point)
        return x * size[0] / 100, y * size[1] / 100

    outline = "detail" if name == "detail" else "world"
    rings = [
        thinned(clipped([unit(point) for point in pairs(ring)], (0, 0, *size))) for ring in reachable(outline, box)
    ]
    found.land = "".join("M" + "L".join(f"{x:.0f} {y:.0f}" for x, y in ring) + "Z" for ring in rings if len(ring) > 2)
    found.names = [
        {**one, "x": x, "y": y}
        for one in names
        if within(point_of(one), box) and one.get("panel", "world") == name
        for x, y in [found.place(point_of(one))]
    ]
    for screen, wide in screens.items():
        found.marks[screen] = labelled(found, grouped(found, rows, wide), wide, screen == "wide")
    return found


def point_of(row: dict) -> Point:
    return row["longitude"], row["latitude"]


def within(point: Point, box: Box) -> bool:
    return box[0] <= point[0] <= box[2] and box[1] <= point[1] <= box[3]


def around(points: list[Point]) -> Box:
    """The box of the points with a margin."""
    xs, ys = [x for x, _ in points], [y for _, y in points]
    side, up = max(5, 0.06 * (max(xs) - min(xs))), max(3, 0.12 * (max(ys) - min(ys)))
    return min(xs) - side, max(min(ys) - up, -60), max(xs) + side, min(max(ys) + up, 80)


def frame(of: Panel, box: Box) -> Box:
    """The outline of another box in hundredths of a panel."""
    left, top = of.place((box[0], box[3]))
    right, bottom = of.place((box[2], box[1]))
    return left, top, round(right - left, 2), round(bottom - top, 2)


def reachable(outline: str, box: Box) -> list[list[float]]:
    """Rings that lie near the box."""
    return [ring for ring in land()[outline]["rings"] if min(ring[::2]) < box[2] and max(ring[::2]) > box[0]]


def pairs(flat: list[float]) -> list[Point]:
    return list(zip(flat[::2], flat[1::2], strict=True))


def clipped(ring: list[Point], box: Box) -> list[Point]:
    """A ring cut to a box (Sutherland and Hodgman)."""
    for axis, limit, sign in ((0, box[0], 1), (0, box[2], -1), (1, box[1], 1), (1, box[3], -1)):
        found = []
        for a, b in zip(ring[-1:] + ring[:-1], ring, strict=True):
            inside_a, inside_b = (sign * (point[axis] - limit) >= 0 for point in (a, b))
            if inside_a != inside_b:
                share = (limit - a[axis]) / (b[axis] - a[axis])
                x, y = a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share
                found.append((limit, y) if axis == 0 else (x, limit))
            if inside_b:
                found.append(b)
        ring = found
    return ring


def thinned(ring: list[Point]) -> list[Point]:
    """A ring without points that are hardly apart."""
    kept = ring[:1]
    for point in ring[1:]:
        if abs(point[0] - kept[-1][0]) + abs(point[1] - kept[-1][1]) > COARSE:
            kept.append(point)
    return kept


def grouped(of: Panel, rows: list[dict], wide: int) -> list[Mark]:
    """Marks from large to small; places nearer to each other than a screen can show share one."""
    marks: list[Mark] = []
    for row in sorted(rows, key=lambda row: (-row["events"], row["id"])):
        x, y = of.place(point_of(row))
        for mark in marks:
            apart = math.hypot((x - mark.x) / 100 * wide, (y - mark.y) / 100 * wide * of.ratio)
            if apart < NEAR and not row["vague"] and not mark.vague:
                mark.rows.append(row)
                break
        else:
            marks.append(Mark([row], x, y))
    return sorted(marks, key=lambda mark: -mark.radius)  # a small mark must not lie below a large one


def labelled(of: Panel, marks: list[Mark], wide: int, named: bool) -> list[Mark]:
    """The marks, each with a label beside it that is nearer to it than to any other, or with none."""
    high = wide * of.ratio
    circles = [(mark.x / 100 * wide, mark.y / 100 * high, mark.radius) for mark in marks]
    taken: list[Box] = [(x - r, y - r, x + r, y + r) for x, y, r in circles]
    for mark, (x, y, radius) in zip(marks, circles, strict=True):
        for lines in forms(mark, named):
            size = max(map(width, lines)), LINE * len(lines)
            for anchor, box in spots(x, y, radius, *size):
                own = distance(box, (x, y)) - radius
                inside = box[0] >= MARGIN and box[1] >= MARGIN and box[2] <= wide - MARGIN and box[3] <= high - MARGIN
                free = all(box[2] < b[0] or box[0] > b[2] or box[3] < b[1] or box[1] > b[3] for b in taken)
                others = (distance(box, (a, b)) - r for a, b, r in circles if (a, b) != (x, y))
                if inside and free and own < min(others, default=math.inf):
                    at = {"start": box[0], "middle": (box[0] + box[2]) / 2, "end": box[2]}[anchor]
                    mark.label, mark.anchor = lines, anchor
                    mark.dx, mark.dy = round(at - x, 1), round(box[1] + LINE - 4 - y, 1)
                    taken.append(box)
                    break
            if mark.label:
                break
    return marks


def forms(mark: Mark, named: bool) -> list[list[str]]:
    """What a label may say, the best form first."""
    if not named:
        return [[", ".join(str(row["number"]) for row in mark.rows)]]
    names = [row["label"] + (f" · {row['events']}" if row["events"] else "") for row in mark.rows]
    if len(names) == 1:
        return [names]
    return [names, [f"{mark.rows[0]['label']} +{len(names) - 1}" + (f" · {mark.events}" if mark.events else "")]]


def width(text: str) -> float:
    """How wide a line of a label may become."""
    return sum(SMALL if one in THIN else LARGE if one.isupper() or one in BROAD else LETTER for one in text)


def spots(x: float, y: float, radius: float, wide: float, high: float) -> list[tuple[str, Box]]:
    """Boxes for a label around a mark, the best first: right, left, below, above, then the corners."""
    side, up = radius + GAP, radius + 1
    corners = [
        ("start", x + side, y - high / 2),
        ("end", x - side - wide, y - high / 2),
        ("middle", x - wide / 2, y + up),
        ("middle", x - wide / 2, y - up - high),
        ("start", x + radius * 0.7, y + radius * 0.7),
        ("start", x + radius * 0.7, y - radius * 0.7 - high),
        ("end", x - radius * 0.7 - wide, y + radius * 0.7),
        ("end", x - radius * 0.7 - wide, y - radius * 0.7 - high),
    ]
    return [(anchor, (left, top, left + wide, top + high)) for anchor, left, top in corners]


def distance(box: Box, point: Point) -> float:
    """From a point to the nearest of a box."""
    return math.hypot(max(box[0] - point[0], 0, point[0] - box[2]), max(box[1] - point[1], 0, point[1] - box[3]))
