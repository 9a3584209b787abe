"""The block `speed`: what tests/benchmark.py last measured, with the ratios that matter."""

import json

from ..package import Package
from .markdown import table as markdown_table


def speed(package: Package) -> dict[str, str]:
    file = package.root / "docs" / "benchmark.json"
    if not file.is_file():
        return {}
    measured = json.loads(file.read_text("utf-8"))
    lines = []
    for size in measured["sizes"]:
        (_, ours), (_, other) = size["commands"].items()
        ratio = ours["cpu_seconds"] / other["cpu_seconds"]
        lines.append([f"×{size['times']}", str(size["rows"]), said(ours), said(other), f"{ratio:.2f}"])
    header = [
        "articles",
        "rows",
        *(f"`{name}`" for name in measured["sizes"][0]["commands"]),
        "ratio of processor time",
    ]
    foot = f"{measured['date']}; {measured['machine']}; medians of {measured['runs']} runs that took turns.\n"
    return {"speed": f"{markdown_table(header, lines)}\n{foot}"}


def said(one: dict) -> str:
    return f"{one['seconds']:.1f} s ({one['cpu_seconds']:.1f} s), {one['peak_mb']:.0f} MB"
