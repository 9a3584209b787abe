"""The drawings: each makes of rows the inside of an SVG so many units wide, and its height. A link opens the row.

timeline  lane, lane_en, lane_ru, id, label_en, label_ru, date, level, first, last, pale; `undated` of the picture says
          in English and Russian, after their number, which rows have no place on the axis
map       id, label_en, label_ru, latitude, longitude, vague, events; `detail` of the picture is an optional box
sides     left, left_en, left_ru, right, right_en, right_ru, n; `left` and `right` of the picture head the columns
ledger    id, label_en, label_ru, due, status_en, status_ru, outcome_en, outcome_ru, tone
bars      bar_en, bar_ru, part_en, part_ru, tone, n, link

A tone is a class of chart.css. Every drawing works at the width of a desk and of a phone; it asks for one row at least.
"""

import math
from collections import Counter
from datetime import date
from itertools import groupby

from . import worldmap
from .svg import LINE, cut, label, linear, link, tag, text, unique, width

NARROW = 500


def timeline(rows: list[dict], wide: int, given: dict) -> tuple[str, float]:
    """A line per row in lanes: label, date, and a bar over the days that it can mean, on an axis with one break."""
    dated = [row for row in rows if row["first"] or row["last"]]
    narrow = wide < NARROW
    words, left = (wide, 8) if narrow else (395, 650)
    high = 26.0
    place, ticks, turn = broken_axis(dated, left, wide - 8)
    parts: list[str] = []
    for _, lane in groupby(dated, key=lambda row: row["lane"]):
        lane = list(lane)
        head, lines = label(0, high + 18, lane[0]["lane_en"], lane[0]["lane_ru"], words, 2, class_="head")
        parts.append(head)
        high += 15 + LINE * lines
        for row in lane:
            first, last = place(row["first"] or row["last"]), place(row["last"] or row["first"])
            indent = 14 * min(row["level"], 3)
            name, lines = label(indent, high + 15, row["label_en"], row["label_ru"], words - indent, 2)
            step = 8 + LINE * (lines + narrow)
            middle = high + (15 + LINE * lines if narrow else 15) - 4
            mark = tag(
                "rect",
                x=float(min(first, last) - 4),
                y=float(middle - 4),
                width=float(max(last - first, 0) + 8),
                height=8.0,
                rx=4.0,
                class_=f"mark lane-{row['lane']}" + (" pale" if row["pale"] else ""),
            )
            at, anchor, room = 405, "start", left - 410
            if narrow:  # on the side of the mark that has more room
                before = first > wide - last
                at, anchor, room = (0, "start", first - 10) if before else (wide, "end", wide - last - 10)
            date_text = text(at, middle + 4, cut(row["date"] or "", room), class_="quiet", text_anchor=anchor)
            hit = tag("rect", x=0.0, y=high, width=float(wide), height=float(step), class_="hit")
            said = ", ".join(filter(None, (row["label_en"], row["date"])))
            parts.append(link(row["id"], hit, name, date_text, mark, title=said))
            high += step
        high += 6
    missing = len(rows) - len(dated)
    if missing:
        parts.append(text(0, high + 12, *(f"{missing} {one}" for one in given["undated"]), class_="quiet"))
    axis, free = [], 0.0
    for x, name in ticks:
        if x - 18 < free:
            continue
        free = x + 18
        axis.append(tag("line", x1=x, x2=x, y1=22.0, y2=high, class_="grid"))
        axis.append(text(x, 14, name, class_="quiet", text_anchor="middle" if x < wide - 20 else "end"))
    late = tag("rect", x=turn - 6, y=22.0, width=wide - turn + 6, height=high - 22, class_="late")
    return late + "".join(axis + parts), high + (20 if missing else 4)


def broken_axis(rows: list[dict], left: float, right: float):
    """Place of a day, and ticks. Where the last third of the years holds most dates, it gets most of the room."""
    days = sorted(ordinal(row["first"] or row["last"]) for row in rows)
    first = date.fromordinal(days[0]).year
    last = max(date.fromordinal(ordinal(row["last"] or row["first"])).year for row in rows) + 1
    crowded = date.fromordinal(days[len(days) // 3]).year
    start, middle, end = (date(year, 1, 1).toordinal() for year in (first, crowded, last))
    if crowded - first < 6:
        middle, turn = start, left
    else:
        turn = left + (right - left) * 0.36
    early, late = linear((start, middle), (left, turn - 12)), linear((middle, end), (turn, right))

    def place(day: str) -> float:
        value = ordinal(day)
        return early(value) if value < middle else late(value)

    ticks = [(late(date(year, 1, 1).toordinal()), str(year)) for year in range(date.fromordinal(middle).year, last)]
    if turn > left:
        decades = [year for year in range(first, crowded - 8) if year % 20 == 0]
        ticks += [(early(date(year, 1, 1).toordinal()), str(year)) for year in decades]
    return place, sorted(ticks), turn


def ordinal(day: str) -> int:
    return date.fromisoformat(day).toordinal()


def map_(rows: list[dict], wide: int, given: dict) -> tuple[str, float]:
    """All points on one map and, if the picture names a box, the crowded part of it on a second, larger one."""
    sharp = [row for row in rows if not row["vague"]]
    detail = given.get("detail")
    inside = [row for row in sharp if detail and worldmap.within((row["longitude"], row["latitude"]), detail)]
    narrow = wide < NARROW
    most = max(row["events"] for row in rows)
    panels = []
    high = 0.0
    if len(inside) < len(rows) or not inside:
        shown = [row for row in rows if row not in inside]
        box = worldmap.around([(row["longitude"], row["latitude"]) for row in rows])
        size = (wide, round(wide * (0.62 if narrow else 0.3)))
        panel, used = worldmap.panel("world", box, size, shown, most, frame=detail if inside else None)
        panels.append(panel)
        high += used
    if inside:
        extra = [row for row in rows if row["vague"] and worldmap.within((row["longitude"], row["latitude"]), detail)]
        size = (wide, round(wide * (1.15 if narrow else 0.66)))
        panel, used = worldmap.panel("detail", detail, size, [*inside, *extra], most)
        panels.append(tag("g", panel, transform=f"translate(0 {high + 12:.0f})"))
        high += used + 12
    return "".join(panels), high


def sides(rows: list[dict], wide: int, given: dict) -> tuple[str, float]:
    """Two columns of names, the strongest ties on top, and curves between them as wide as the ties are strong."""
    narrow = wide < NARROW
    names = {row["left"]: (row["left_en"], row["left_ru"]) for row in rows}
    names |= {row["right"]: (row["right_en"], row["right_ru"]) for row in rows}
    left, right = in_order(rows)
    most = 3 if narrow else 2
    column = wide * (0.41 if narrow else 0.36)
    ends = ((0, "start"), (wide, "end")) if narrow else ((column, "end"), (wide - column, "start"))
    heads = [
        label(x, 14, *given[side], wide * 0.46, 3, class_="head", text_anchor=anchor)
        for side, (x, anchor) in zip(("left", "right"), ends, strict=True)
    ]
    top = 18 + LINE * max(lines for _, lines in heads)
    lines = max(label(0, 0, *name, column, most)[1] for name in names.values())
    height = max(len(left), len(right)) * (LINE * lines + 2)
    strongest = max(row["n"] for row in rows)
    y = {}
    for ids in (left, right):
        gap = height / len(ids)
        y |= {one: top + gap * (index + 0.5) for index, one in enumerate(ids)}
    curves = []
    for row in sorted(rows, key=lambda row: row["n"]):
        a, b = y[row["left"]], y[row["right"]]
        x1, x2 = column + 8, wide - column - 8
        bend = (x2 - x1) * 0.45
        path = f"M{x1:.1f} {a:.1f}C{x1 + bend:.1f} {a:.1f} {x2 - bend:.1f} {b:.1f} {x2:.1f} {b:.1f}"
        thick = 1.2 + 10.8 * (row["n"] - 1) / max(strongest - 1, 1)
        title = f"{row['left_en']} – {row['right_en']}: {row['n']}"
        curves.append(tag("path", tag("title", title), d=path, stroke_width=thick, class_="tie"))
    parts = []
    for ids, x, anchor, dot in ((left, column, "end", column + 5), (right, wide - column, "start", wide - column - 5)):
        for one in ids:
            name, _ = label(x, y[one], *names[one], column, most, middle=True, text_anchor=anchor)
            mark = tag("circle", cx=float(dot), cy=float(y[one]), r=3.5, class_="mark")
            parts.append(link(one, name, mark, title=names[one][0]))
    return "".join([*(head for head, _ in heads), *curves, *parts]), top + height + 6


def in_order(rows: list[dict]) -> tuple[list[str], list[str]]:
    """Both columns, each actor near those it is tied to: sorted by strength, then by the mean place of partners."""
    strength = Counter()
    for row in rows:
        strength[row["left"]] += row["n"]
        strength[row["right"]] += row["n"]
    left, right = (
        sorted(unique(row[side] for row in rows), key=lambda one: (-strength[one], one)) for side in ("left", "right")
    )
    for _ in range(8):
        right = near(right, left, [(row["right"], row["left"], row["n"]) for row in rows])
        left = near(left, right, [(row["left"], row["right"], row["n"]) for row in rows])
    return left, right


def near(own: list[str], others: list[str], ties: list[tuple]) -> list[str]:
    place = {one: index / len(others) for index, one in enumerate(others)}
    total, weight = Counter(), Counter()
    for one, other, n in ties:
        total[one] += place[other] * n
        weight[one] += n
    return sorted(own, key=lambda one: (total[one] / weight[one], own.index(one)))


def ledger(rows: list[dict], wide: int, given: dict) -> tuple[str, float]:
    """A line for each plan with a due date or an outcome; the others as squares by the status the article gives."""
    narrow = wide < NARROW
    listed = [row for row in rows if row["due"] or row["outcome_en"]]
    others = [row for row in rows if row not in listed]
    parts, high = [], 0
    for chapter, entries in (
        (("With a due date", "Со сроком"), [row for row in listed if row["due"]]),
        (("Without one, outcome looked for", "Без срока, исход проверен"), [row for row in listed if not row["due"]]),
    ):
        if not entries:
            continue
        parts.append(text(0, high + 16, *chapter, class_="head"))
        high += 26
        for row in entries:
            when = (row["due"], row["due"]) if row["due"] else (row["status_en"], row["status_ru"])
            outcome = (row["outcome_en"] or "not looked for", row["outcome_ru"] or "исход не искали")
            if narrow:
                name, lines = label(0, high + 16, row["label_en"], row["label_ru"], wide, 2)
                below = high + 16 + LINE * lines
                said, _ = label(0, below, *when, 140, class_="quiet")
                found, more = badge(145, below - 13, row["tone"], *outcome, room=wide - 168)
                step = 8 + LINE * (lines + more)
            else:
                said, _ = label(0, high + 16, *when, 165, class_="quiet")
                name, lines = label(175, high + 16, row["label_en"], row["label_ru"], wide - 570, 2)
                found, more = badge(wide - 375, high + 3, row["tone"], *outcome, room=352)
                step = 11 + LINE * max(lines, more)
            hit = tag("rect", x=0.0, y=float(high), width=float(wide), height=float(step), class_="hit")
            rule = tag("line", x1=0.0, x2=float(wide), y1=float(high + step), y2=float(high + step), class_="grid")
            parts.append(link(row["id"], hit, said, name, found, rule, title=f"{row['label_en']}: {outcome[0]}"))
            high += step
        high += 14
    if others:
        parts.append(
            text(0, high + 16, "No due date, outcome not looked for", "Без срока, исход не искали", class_="head")
        )
        high += 30
        start = 150
        across = int((wide - start - 30) / 19)
        for _, group in groupby(others, key=lambda row: row["status_en"]):
            group = list(group)
            name, _ = label(0, high + 12, group[0]["status_en"], group[0]["status_ru"], start - 5)
            parts.append(name)
            for index, row in enumerate(group):
                x, y = start + 19 * (index % across), high + 19 * (index // across)
                square = tag("rect", x=float(x), y=float(y), width=15.0, height=15.0, rx=2.0, class_="tone-none mark")
                parts.append(link(row["id"], square, title=row["label_en"]))
            end = start + 19 * min(len(group), across) + 6
            parts.append(text(end, high + 12, str(len(group)), class_="quiet"))
            high += 19 * (-(-len(group) // across)) + 7
    return "".join(parts), high + 4


def badge(x: float, y: float, tone: str, english: str, russian: str | None, room: float = math.inf) -> tuple[str, int]:
    """A coloured square and words on at most two lines, and the number of lines."""
    mark = tag("rect", x=float(x), y=float(y + 1), width=14.0, height=14.0, rx=2.0, class_=f"mark tone-{tone}")
    words, lines = label(x + 21, y + 13, english, russian, room, 2)
    return mark + words, lines


def bars(rows: list[dict], wide: int, given: dict) -> tuple[str, float]:
    """Stacked bars of counts with the number in each part; a key above names the parts."""
    narrow = wide < NARROW
    keys = {row["part_en"]: row for row in sorted(rows, key=lambda row: list_place(rows, row["part_en"]))}
    english, high = key([(row["tone"], row["part_en"]) for row in keys.values()], wide)
    russian, also = key([(row["tone"], row["part_ru"]) for row in keys.values()], wide)
    parts = [tag("g", english, class_="en"), tag("g", russian, class_="ru", lang="ru")]
    high = max(high, also) + 36
    totals = Counter()
    for row in rows:
        totals[row["bar_en"]] += row["n"]
    left = 0 if narrow else 170
    scale = linear((0, max(totals.values())), (0, wide - left - 44))
    for bar, group in groupby(rows, key=lambda row: row["bar_en"]):
        group = list(group)
        if narrow:
            name, _ = label(0, high + 12, bar, group[0]["bar_ru"], wide)
            high += 18
        else:
            name, _ = label(left - 12, high + 15, bar, group[0]["bar_ru"], left - 12, 2, middle=True, text_anchor="end")
        parts.append(name)
        x = float(left)
        for row in group:
            long = scale(row["n"])
            inside = [
                tag(
                    "rect",
                    x=x,
                    y=float(high),
                    width=max(long - 1.0, 1.0),
                    height=30.0,
                    class_=f"part tone-{row['tone']}",
                )
            ]
            if long > width(str(row["n"])) + 4:
                inside.append(
                    text(x + long / 2, high + 20, str(row["n"]), class_=f"on-{row['tone']}", text_anchor="middle")
                )
            parts.append(link(row["link"], *inside, title=f"{bar}, {row['part_en']}: {row['n']}"))
            x += long
        parts.append(text(x + 7, high + 20, str(totals[bar]), class_="quiet"))
        high += 30 + (14 if narrow else 10)
    return "".join(parts), high


def key(entries: list[tuple[str, str]], wide: int) -> tuple[str, float]:
    """Tones with their meanings on as many lines as they need."""
    parts, x, high = [], 0.0, 0
    for tone, words in entries:
        needed = 21 + width(words)
        if x and x + needed > wide:
            x, high = 0.0, high + 22
        parts.append(badge(x, high, tone, words, None)[0])
        x += needed + 18
    return "".join(parts), high


def list_place(rows: list[dict], part: str) -> float:
    """Mean place of a part among those of its bars, so that the key has the order of the bars."""
    places = []
    for _, group in groupby(rows, key=lambda row: row["bar_en"]):
        names = [row["part_en"] for row in group]
        if part in names:
            places.append(names.index(part))
    return max(places)


DRAWINGS = {"timeline": timeline, "map": map_, "sides": sides, "ledger": ledger, "bars": bars}
