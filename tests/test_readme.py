"""The Python of README.md runs as it stands and prints what README.md shows."""

import contextlib
import io
import re
from pathlib import Path

ROOT = Path(__file__).parent.parent
BLOCK = re.compile(r"(?s)```python\n(.*?)```\n(?:\n```text\n(.*?)```\n)?")


def test_the_python_of_the_readme_prints_what_it_shows(monkeypatch, built_package):
    monkeypatch.chdir(built_package)
    scope: dict = {}
    blocks = BLOCK.findall((ROOT / "README.md").read_text("utf-8"))
    assert sum(bool(shown) for _, shown in blocks) >= 5
    for code, shown in blocks:
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            exec(compile(code, "README.md", "exec"), scope)
        assert plain(printed.getvalue()) == plain(shown), f"put this under the line:\n{printed.getvalue()}"
    scope["db"].close()


def plain(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.strip("\n").split("\n"))
