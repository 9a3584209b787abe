"""The drawings: each makes of rows the inside of an SVG so many units wide, and its height. A link opens the row.

timeline  lane, lane_en, lane_ru, id, label_en, label_ru, date, level, first, last, pale
map       id, label_en, label_ru, latitude, longitude, vague, events; `detail` of the picture is an optional box
sides     left, left_en, left_ru, right, right_en, right_ru, n; `left` and `right` of the picture head the columns
ledger    id, label_en, label_ru, due, status_en, status_ru, outcome_en, outcome_ru, tone
bars      bar_en, bar_ru, part_en, part_ru, tone, n, link

A tone is a class of chart.css. Every drawing works at the width of a desk and of a phone; it asks for one row at least.
"""

from collections import Counter
from datetime import date
from itertools import groupby

from . import worldmap
from .svg import cut, label, linear, link, tag, text, unique, width

NARROW = 500
SIZE = 13


def timeline(rows: list[dict], wide: int, given: dict) -> tuple[str, float]:
    """A line a row in lanes: label, date, and a bar over the days that the date can mean, on an axis with one break."""
    dated = [row for row in rows if row["first"] or row["last"]]
    narrow = wide < NARROW
    left = 8 if narrow else 620
    high, step = 26, 40 if narrow else 23
    place, ticks, turn = broken_axis(dated, left, wide - 8)
    parts: list[str] = []
    for _, lane in groupby(dated, key=lambda row: row["lane"]):
        lane = list(lane)
        parts.append(text(0, high + 18, lane[0]["lane_en"], lane[0]["lane_ru"], class_="head"))
        high += 30
        for row in lane:
            first, last = place(row["first"] or row["last"]), place(row["last"] or row["first"])
            indent = 14 * min(row["level"], 3)
            most = int((wide - indent) / 6.6) if narrow else int((400 - indent) / 6.4)
            mark_y = high + (28 if narrow else 12)
            mark = tag(
                "rect",
                x=float(min(first, last) - 4),
                y=float(mark_y - 4),
                width=float(max(last - first, 0) + 8),
                height=8.0,
                rx=4.0,
                class_=f"mark lane-{row['lane']}" + (" pale" if row["pale"] else ""),
            )
            if narrow:
                before = first - 10 > wide - last
                most_date = int((first - 14 if before else wide - last - 14) / (SIZE * 0.55))
                at, anchor = (0, "start") if before else (wide, "end")
                date_text = text(at, mark_y + 4, cut(row["date"] or "", most_date), class_="quiet", text_anchor=anchor)
            else:
                date_text = text(412, mark_y + 4, cut(row["date"] or "", 31), class_="quiet")
            parts.append(
                link(
                    row["id"],
                    tag("rect", x=0.0, y=float(high), width=float(wide), height=float(step), class_="hit"),
                    label(indent, high + (14 if narrow else 16), row["label_en"], row["label_ru"], most),
                    date_text,
                    mark,
                    title=f"{row['label_en']}, {row['date'] or 'no date of its own'}",
                )
            )
            high += step
        high += 6
    missing = len(rows) - len(dated)
    if missing:
        words = f"{missing} more without any date: see the table", f"Ещё без даты: {missing}, см. таблицу"
        parts.append(text(0, high + 12, *words, class_="quiet"))
    axis, free = [], 0.0
    for x, name in ticks:
        if x - 18 < free:
            continue
        free = x + 18
        axis.append(tag("line", x1=x, x2=x, y1=22.0, y2=float(high), class_="grid"))
        axis.append(text(x, 14, name, class_="quiet", text_anchor="middle" if x < wide - 20 else "end"))
    late = tag("rect", x=turn - 6, y=22.0, width=wide - turn + 6, height=float(high - 22), class_="late")
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
    step, top = (34 if narrow else 25), 34
    column = wide * (0.41 if narrow else 0.36)
    most = int(column / 6.6)
    height = max(len(left), len(right)) * step
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
            english, russian = names[one]
            mark = tag("circle", cx=float(dot), cy=float(y[one]), r=3.5, class_="mark")
            lines = (
                two_lines(x, y[one], english, russian, most, anchor)
                if narrow
                else label(x, y[one] + 4.5, english, russian, most, text_anchor=anchor)
            )
            parts.append(link(one, lines, mark, title=english))
    heads = (
        text(column, 14, *given["left"], class_="head", text_anchor="end")
        if not narrow
        else text(0, 14, *given["left"], class_="head")
    )
    heads += (
        text(wide - column, 14, *given["right"], class_="head")
        if not narrow
        else text(wide, 14, *given["right"], class_="head", text_anchor="end")
    )
    return heads + "".join(curves + parts), top + height + 6


def two_lines(x: float, y: float, english: str, russian: str, most: int, anchor: str) -> str:
    """A name on at most two lines, in the middle of its row."""

    def lines(words: str) -> list[str]:
        start = cut(words, most).removesuffix(" …")
        rest = words[len(start) :].strip()
        return [start, cut(rest, most)] if rest else [start]

    def block(words: str, **attributes) -> str:
        found = lines(words)
        top = y + 4 - 7 * (len(found) - 1)
        return tag(
            "g", *(text(x, top + 14 * index, one, text_anchor=anchor) for index, one in enumerate(found)), **attributes
        )

    return block(english, class_="en") + block(russian, class_="ru", lang="ru") if russian else block(english)


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
    """A line for each promise with a due date or an outcome; the others as squares by the status the article gives."""
    narrow = wide < NARROW
    listed = [row for row in rows if row["due"] or row["outcome_en"]]
    others = [row for row in rows if row not in listed]
    parts, high = [], 0
    columns = (0, 150, wide - 190)
    for chapter, lines in (
        (("With a due date", "Со сроком"), [row for row in listed if row["due"]]),
        (("Without one, outcome looked for", "Без срока, исход проверен"), [row for row in listed if not row["due"]]),
    ):
        if not lines:
            continue
        parts.append(text(0, high + 16, *chapter, class_="head"))
        high += 26
        for row in lines:
            step = 42 if narrow else 26
            outcome = row["outcome_en"] or "not looked for"
            if narrow:
                inside = label(0, high + 15, row["label_en"], row["label_ru"], int(wide / 6.8))
                inside += text(
                    0, high + 32, row["due"] or row["status_en"], row["due"] or row["status_ru"], class_="quiet"
                )
                inside += badge(wide - 130, high + 20, row["tone"], outcome, row["outcome_ru"])
            else:
                inside = text(
                    columns[0],
                    high + 16,
                    row["due"] or row["status_en"],
                    row["due"] or row["status_ru"],
                    class_="quiet",
                )
                inside += label(columns[1], high + 16, row["label_en"], row["label_ru"], int((wide - 360) / 6.6))
                inside += badge(columns[2], high + 4, row["tone"], outcome, row["outcome_ru"])
            hit = tag("rect", x=0.0, y=float(high), width=float(wide), height=float(step), class_="hit")
            rule = tag("line", x1=0.0, x2=float(wide), y1=float(high + step), y2=float(high + step), class_="grid")
            parts.append(link(row["id"], hit, inside, rule, title=f"{row['label_en']}: {outcome}"))
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
            parts.append(text(0, high + 12, group[0]["status_en"], group[0]["status_ru"]))
            for index, row in enumerate(group):
                x, y = start + 19 * (index % across), high + 19 * (index // across)
                square = tag("rect", x=float(x), y=float(y), width=15.0, height=15.0, rx=2.0, class_="tone-none mark")
                parts.append(link(row["id"], square, title=row["label_en"]))
            end = start + 19 * min(len(group), across) + 6
            parts.append(text(end, high + 12, str(len(group)), class_="quiet"))
            high += 19 * (-(-len(group) // across)) + 7
    return "".join(parts), high + 4


def badge(x: float, y: float, tone: str, english: str, russian: str | None) -> str:
    """A coloured square and a word."""
    mark = tag("rect", x=float(x), y=float(y + 1), width=14.0, height=14.0, rx=2.0, class_=f"mark tone-{tone}")
    return mark + text(x + 21, y + 13, english, russian)


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
            parts.append(text(0, high + 12, bar, group[0]["bar_ru"]))
            high += 18
        else:
            parts.append(text(left - 12, high + 20, bar, group[0]["bar_ru"], text_anchor="end"))
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
            if long > width(str(row["n"]), SIZE) + 6:
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
        needed = 21 + width(words, SIZE * 1.08)
        if x and x + needed > wide:
            x, high = 0.0, high + 22
        parts.append(badge(x, high, tone, words, None))
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
