"""The blocks `speed` and `waiting`: what tests/benchmark.py last measured, with the ratios that matter."""

import json

from ...markdown import table as markdown_table
from ...package import Package


def speed(package: Package) -> dict[str, str]:
    file = package.root / "docs" / "benchmark.json"
    if not file.is_file():
        return {}
    measured = json.loads(file.read_text("utf-8"))
    ours, other, *more = measured["sizes"][0]["commands"]
    lines = []
    for size in measured["sizes"]:
        commands = size["commands"]
        ratios = [commands[other][figure] / commands[ours][figure] for figure in ("seconds", "cpu_seconds")]
        said = [in_words(commands.get(name)) for name in (ours, other, *more)]
        lines.append([f"×{size['times']}", f"{size['rows']:,}", *said, "; ".join(f"{ratio:.1f} ×" for ratio in ratios)])
    header = ["articles", "rows", *(f"`{name}`" for name in (ours, other, *more)), "as fast as frictionless"]
    foot = f"{measured['date']}; {measured['machine']}; medians of {measured['runs']} runs that took turns.\n"
    blocks = {"speed": f"{markdown_table(header, lines)}\n{foot}"}
    if "project" in measured:
        waits = [[name, f"{seconds:.1f} s"] for name, seconds in measured["project"].items()]
        blocks["waiting"] = markdown_table(["what a person waits for", "wall time"], waits)
    return blocks


def in_words(measure: dict | None) -> str:
    """Wall time, processor time and memory of measure command; nothing where it was not run."""
    return (
        f"{measure['seconds']:.1f} s ({measure['cpu_seconds']:.1f} s), {measure['peak_mb']} MB"
        if measure
        else "not run"
    )
