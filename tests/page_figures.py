"""How heavy the web page is and how long a browser works on it: `.venv/bin/python tests/page_figures.py [SITE]`.

Prints a table for docs/decisions/0013-the-page.md. Time is processor time of the page's process, so that other work on
the machine does not count; at a fourth of the speed it is what a slow phone needs.
"""

import gzip
import shutil
import statistics
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

SITE = Path(__file__).parent.parent / "dist" / "site"
RUNS = 5
QUIET = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]


def main(site: Path = SITE) -> None:
    print("| page | kB | packed | places | work until it can be used | the search's index |")
    print("| --- | --- | --- | --- | --- | --- |")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=QUIET)
        for file in sorted(site.glob("*.html")):
            data = file.read_bytes()
            runs = [measured(browser, file) for _ in range(RUNS)]
            ready, index = (statistics.median(run[part] for run in runs) for part in (0, 1))
            packed = len(gzip.compress(data, 9))
            print(
                f"| {file.name} | {len(data) / 1e3:.0f} | {packed / 1e3:.0f} | {data.count(b' id=')} "
                f"| {ready:.2f} s | {index:.2f} s |"
            )
        browser.close()


def measured(browser, file: Path) -> tuple[float, float]:
    """Processor seconds until the page listens, and those that the first search takes on top."""
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable", {"timeDomain": "threadTicks"})

    def work() -> float:
        return next(
            one["value"] for one in session.send("Performance.getMetrics")["metrics"] if one["name"] == "TaskDuration"
        )

    page.goto(file.as_uri())
    ready = work()
    page.focus("#find, #search")
    page.wait_for_timeout(1000)
    index = work() - ready
    page.close()
    return ready, index


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
