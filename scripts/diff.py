"""What changed between two versions of the package, by row and cell, and the version bump it demands.

    python scripts/diff.py
    python scripts/diff.py 0.9.0 1.0.0 --format csv

OLD and NEW are each a folder, a zip, or the number of a released version; by default the last release and the package
as it stands. Exit code: 0 the new version is high enough, 1 it is too low or an id was dropped, 2 could not compare.
"""

import argparse
import csv
import io
import json
import sys
from collections import Counter
from dataclasses import asdict
from pathlib import Path

from claims import run
from claims.changes import COLUMNS, Difference, difference
from claims.package import Unusable, opened
from claims.versions import last_release, parts, version_opened

ROOT = Path(__file__).parent.parent
MOST_PER_ACTION = 20


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter, allow_abbrev=False
    )
    parser.add_argument("old", nargs="?", metavar="OLD", help="default: the last release")
    parser.add_argument("new", nargs="?", metavar="NEW", help="default: the package as it stands")
    parser.add_argument("--package", type=Path, default=ROOT, help="folder of the package (default: this one)")
    parser.add_argument("--format", choices=FORMATS, default="text", help="how to report (default: text)")
    options = parser.parse_args(arguments)
    try:
        with (
            version_opened(options.old or newest(options.package), options.package) as old,
            version_opened(options.new or str(options.package), options.package) as new,
        ):
            found = difference(old, new)
            enough = not found.refused and parts(found.new_version) >= parts(found.lowest)
    except Unusable as error:
        print(f"diff: {error}", file=sys.stderr)
        return 2
    sys.stdout.write(FORMATS[options.format](found))
    return 0 if enough else 1


def newest(home: Path) -> str:
    """The last release of the package at a folder."""
    with opened(home) as package:
        file = last_release(package.root, package.name)
    if file is None:
        raise Unusable(f"no release in {home / 'releases'}; name a folder or a zip to compare with")
    return str(file)


def as_text(found: Difference) -> str:
    """What changed, grouped by kind with the bump each kind demands; then the verdict."""
    lines = [f"{found.name} {found.old_version} -> {found.new_version}"]
    for action, count in Counter(one.action for one in found.changes).items():
        group = [one for one in found.changes if one.action == action]
        lines += ["", f"{action}: {count}  [{group[0].bump}: {group[0].why}]"]
        for one in group[:MOST_PER_ACTION]:
            values = f": {one.old or '(empty)'} -> {one.new or '(empty)'}" if one.old or one.new else ""
            lines.append(f"  {one.place or 'package'}{values}")
        if count > MOST_PER_ACTION:
            lines.append(f"  … and {count - MOST_PER_ACTION} more; --format csv lists all")
    return "\n".join([*lines, "", verdict(found)]) + "\n"


def verdict(found: Difference) -> str:
    """One line: the bump demanded, and whether the new version is high enough."""
    if found.refused:
        return (
            f"refused: dropped without an entry {', '.join(one.row_id for one in found.refused[:5])}; restore or retire"
        )
    if not found.changes:
        return "nothing changed"
    state = "is enough" if parts(found.new_version) >= parts(found.lowest) else "is too low"
    return f"{found.bump}: at least {found.lowest} is demanded; {found.new_version} {state}"


def as_json(found: Difference) -> str:
    value = {
        "package": found.name,
        "old": found.old_version,
        "new": found.new_version,
        "bump": "refused" if found.refused else found.bump,
        "lowest": None if found.refused else found.lowest,
        "changes": [asdict(one) | {"bump": one.bump, "why": one.why} for one in found.changes],
    }
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"


def as_csv(found: Difference) -> str:
    """One line per change. The columns are the same in every release."""
    buffer = io.StringIO(newline="")
    writer = csv.DictWriter(buffer, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows({"version": found.new_version, **asdict(one)} for one in found.changes)
    return buffer.getvalue()


FORMATS = {"text": as_text, "json": as_json, "csv": as_csv}


if __name__ == "__main__":
    run(main)
