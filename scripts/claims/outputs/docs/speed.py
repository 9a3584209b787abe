"""The block `speed`: what tests/benchmark.py last measured, in processor seconds, which other work changes least."""

import json

from ...markdown import table as markdown_table
from ...package import Package


def speed(package: Package) -> dict[str, str]:
    file = package.root / "docs" / "benchmark.json"
    if not file.is_file():
        return {}
    measured = json.loads(file.read_text("utf-8"))
    ours, other, *_ = measured["sizes"][0]["commands"]
    lines = []
    for size in measured["sizes"]:
        commands = size["commands"]
        ratio = commands[other]["cpu_seconds"] / commands[ours]["cpu_seconds"]
        told = [f"{commands[name]['cpu_seconds']:.1f} s, {commands[name]['peak_mb']} MB" for name in (ours, other)]
        lines.append([f"×{size['times']}", f"{size['rows']:,}", *told, f"{ratio:.1f} ×"])
    header = ["articles", "rows", f"`{ours}`", f"`{other}`", "as fast as frictionless"]
    foot = f"{measured['date']}; {measured['machine']}; processor time and memory, medians of runs that took turns.\n"
    return {"speed": f"{markdown_table(header, lines)}\n{foot}"}
