"""Fixtures shared by all tests: the package as it stands, and copies of it that a test may break."""

import os
import shutil
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "scripts"))

import built  # noqa: E402 - needs the path above
import edits  # noqa: E402
import made_up as made_up_article  # noqa: E402
import second  # noqa: E402
from harness import Copy  # noqa: E402

QUICK = {
    "test_agreement",
    "test_constraints",
    "test_edtf",
    "test_method",
    "test_repository",
    "test_schemas",
}
SLOW_FIXTURES = {"browser"}


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """Tests in a browser are for `make test-all`; what is left of the quick files is for `make check` too."""
    for item in items:
        if SLOW_FIXTURES & set(item.fixturenames):
            item.add_marker("heavy")
        elif item.module.__name__ in QUICK and not item.get_closest_marker("heavy"):
            item.add_marker("quick")


@pytest.fixture
def copy(tmp_path) -> Copy:
    """A copy of this package in a folder of its own."""
    return Copy.of(ROOT, tmp_path / "package")


@pytest.fixture(scope="session")
def made_up(tmp_path_factory) -> Path:
    """A made-up article as a package, and beside it its sentences and its text. Not to be changed."""
    return made_up_article.make(tmp_path_factory.mktemp("made-up"))


@pytest.fixture(scope="session")
def kenya(tmp_path_factory) -> Path:
    """The invented English article about Kenya and Norway as a package. Not to be changed."""
    return second.make(tmp_path_factory.mktemp("second"))


@pytest.fixture(scope="session")
def ready(made_up, tmp_path_factory) -> Path:
    """The made-up package with a second name variant, a change log and its derived files, ready to be released."""
    copy = Copy.of(made_up, tmp_path_factory.mktemp("release") / "package")
    edits.add_name(copy, "nam-0002")
    edits.log(copy, edits.FIRST)
    edits.built(copy)
    return copy.root


@pytest.fixture(scope="session")
def built_package(tmp_path_factory) -> Path:
    """A copy of this package with its dist/. Not to be changed."""
    copy = Copy.of(ROOT, tmp_path_factory.mktemp("built") / "package")
    built.build(copy.root)
    return copy.root


@pytest.fixture(scope="session")
def awkward(tmp_path_factory) -> Path:
    """This package with awkward text in every free column, and its dist/. Not to be changed."""
    copy = Copy.of(ROOT, tmp_path_factory.mktemp("awkward") / "package")
    built.awkward(copy)
    built.build(copy.root)
    return copy.root


@pytest.fixture(scope="session")
def article() -> Path:
    """The article's text, where the variable ARTICLE_TEXT names it."""
    path = os.environ.get("ARTICLE_TEXT")
    if not path:
        needed("ARTICLE_TEXT to name a copy of the article's text")
    return Path(path)


def needed(what: str) -> None:
    """Skip for want of something outside the repository; where REQUIRE_TOOLS is set, fail instead."""
    if os.environ.get("REQUIRE_TOOLS") and "ARTICLE_TEXT" not in what:
        pytest.fail(f"needs {what}")
    pytest.skip(f"needs {what}")


def tool(name: str, remedy: str) -> str:
    """The path of a program, or a skip (in CI a failure) that says what to install."""
    path = shutil.which(name)
    if not path:
        needed(f"the program '{name}': {remedy}")
    return path
