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


def test_what_a_row_is_reads_under_the_heading_one_row_per():
    """In README.md and docs/CODEBOOK.md, from the one text that schema, descriptor, workbook and page share."""
    for file in ("README.md", "docs/CODEBOOK.md"):
        table = re.search(r"(?s)\| table \|.*?(?=\n\n|\n<!--)", (ROOT / file).read_text("utf-8"))[0]
        header, _, *rows = ([cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines())
        texts = [row[header.index("one row per")] for row in rows]
        assert len(texts) >= 18
        assert not [text for text in texts if re.match("(?i)one row|an? |the ", text)]


def plain(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.strip("\n").split("\n"))
