"""The repository agrees with itself: derived files, links, commands, locks; and nothing is in it that must not be."""

import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from claims import articletext, cli, release
from claims.outputs import COMMITTED
from claims.package import opened
from claims.zips import package_files
from harness import claims

ROOT = Path(__file__).parent.parent
TRACKED = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False).stdout.split("\n")
FILES = [ROOT / name for name in TRACKED if name and (ROOT / name).is_file()]


def run(*arguments, **options) -> subprocess.CompletedProcess:
    return subprocess.run(arguments, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False, **options)


def test_derived_files_are_up_to_date():
    done = claims("build", "--check")
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_type_checker_finds_nothing():
    done = run(sys.executable, "-m", "mypy")
    assert done.returncode == 0, done.stdout


def test_every_make_target_is_in_the_help():
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    helped = set(re.findall(r"^make (\w+)", run("make", "help").stdout, re.MULTILINE))
    assert targets - helped == {"lint"}  # a part of `make test`


def test_every_file_of_the_package_is_in_its_release():
    """What is committed in its folders is named by the descriptor, listed in it, or derived."""
    with opened(ROOT) as package:
        inside = {*package_files(package), *release.derived(package, COMMITTED)}
    folders = {path.split("/")[0] for path in inside if "/" in path} - {"dist"}
    assert folders == {"data", "docs", "schemas"}
    kept = {file.relative_to(ROOT).as_posix() for file in FILES}
    missing = {path for path in kept if path.split("/")[0] in folders} - inside
    assert not missing, "list these under 'documents' in datapackage.json"


@pytest.mark.parametrize(
    ("library", "program", "stays"),
    [
        ("python{}.{}", "python", True),
        ("python3.9", "python", False),  # made by another Python, or its own was upgraded
        ("python{}.{}", "nothing", False),  # its Python is gone
    ],
)
def test_an_environment_of_another_python_is_set_up_anew(tmp_path, library, program, stays):
    (tmp_path / "lib" / library.format(*sys.version_info)).mkdir(parents=True)
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "python").symlink_to(tmp_path / program)
    (tmp_path / "python").touch()
    (tmp_path / "run.done").touch()
    assert run(sys.executable, "scripts/doctor.py", "--venv", str(tmp_path)).returncode == 0
    assert (tmp_path / "run.done").exists() == stays
    assert (tmp_path / "bin" / "python").is_symlink() == stays


def test_the_architecture_names_every_module_and_no_other():
    """In the table of docs/ARCHITECTURE.md; folders stand for what is in them."""
    text = (ROOT / "docs" / "ARCHITECTURE.md").read_text("utf-8")
    named = {name for cell in re.findall(r"(?m)^\| (`[^|]*) \|", text) for name in re.findall(r"`([\w/]+)`", cell)}
    scripts = ROOT / "scripts" / "claims"
    modules = {file.stem for file in scripts.glob("*.py")} - {"__init__", "__main__"}
    folders = {f"{file.parent.name}/" for file in scripts.glob("*/__init__.py")}
    assert named == modules | folders


def test_modules_import_nothing_that_stands_above_them():
    """The lines of that table are the layers: each imports from its own and from those below it."""
    text = (ROOT / "docs" / "ARCHITECTURE.md").read_text("utf-8")
    layers = [re.findall(r"`(\w+)/?`", cell) for cell in re.findall(r"(?m)^\| (`[^|]*) \|", text)]
    layer = {name: number for number, names in enumerate(layers) for name in names}
    scripts = ROOT / "scripts" / "claims"
    upward = []
    for file in scripts.rglob("*.py"):
        own = file.relative_to(scripts).parts[0].removesuffix(".py")
        dots = "." * len(file.relative_to(scripts).parts)
        for one in re.findall(rf"(?m)^ *from {re.escape(dots)}(\w*)(?:\.\w+)* import (.*)$", file.read_text("utf-8")):
            for name in [one[0]] if one[0] else re.findall(r"\w+", one[1]):
                if own in layer and layer.get(name, 99) < layer[own]:
                    upward.append(f"{file.relative_to(scripts)} imports {name}")
    assert upward == []


def test_links_between_documents_resolve():
    for file in FILES:
        if file.suffix == ".md":
            text = re.sub(r"(?ms)^```.*?^```$", "", file.read_text("utf-8"))
            for target in re.findall(r"\]\((?!https?://|#)([^)#\s]+)", text):
                assert (file.parent / target).exists(), f"{file.name} links to {target}"


def test_documents_name_only_commands_that_exist():
    for file in FILES:
        if file.suffix == ".md":
            text = file.read_text("utf-8")
            code = "".join(re.findall(r"(?s)^```.*?^```|`[^`\n]+`", text, re.MULTILINE))
            for command in re.findall(r"(?:^|`|bin/)claims ([a-z]+)", code, re.MULTILINE):
                assert command in cli.NAMES, f"{file.name} names claims {command}"
            for target in re.findall(r"`make (\w+)", text):
                assert f"\n{target}:" in (ROOT / "Makefile").read_text("utf-8"), f"{file.name} names make {target}"


def test_example_rows_of_the_documents_are_real():
    """Rows of CSV that CONTRIBUTING shows stand in the file that it speaks of."""
    rows = re.findall(r"^```\n(\w[^`\n]*,[^`\n]*)\n```$", (ROOT / "CONTRIBUTING.md").read_text("utf-8"), re.MULTILINE)
    assert len(rows) == 2
    known = [(ROOT / file).read_text("utf-8").splitlines() for file in ("tests/faults.csv", "data/exceptions.csv")]
    assert all(row in lines for row, lines in zip(rows, known, strict=True))


def test_lock_files_agree_and_pin_everything_by_hash():
    pins = {}
    for file in sorted((ROOT / "requirements").glob("*.txt")):
        text = file.read_text("utf-8")
        found = dict(re.findall(r"^([a-z0-9._-]+)==([^ ;\\]+)[^\n]*\\$", text, re.MULTILINE))
        assert found
        assert "://" not in re.sub(r"#.*", "", text)
        blocks = re.split(r"^(?=[a-z0-9._-]+==)", text, flags=re.MULTILINE)[1:]
        assert all("--hash=sha256:" in block for block in blocks)
        pins[file.stem] = set(re.findall(r"^([a-z0-9._-]+==[^ ;\\]+)", text, re.MULTILINE))
    assert pins["run"] <= pins["test"] <= pins["heavy"]


def test_lock_files_hold_what_pyproject_asks_for():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    groups = project["dependency-groups"]
    groups["run"] += project["project"]["dependencies"]
    for group, asked in groups.items():
        locked = (ROOT / "requirements" / f"{group}.txt").read_text("utf-8")
        for one in asked:
            if isinstance(one, str):
                name = re.match(r"[a-z0-9-]+", one)[0]
                assert re.search(rf"^{name}==", locked, re.MULTILINE), f"{name} is not in requirements/{group}.txt"


def test_the_version_stands_once():
    """Everything else is checked against datapackage.json."""
    version = json.loads((ROOT / "datapackage.json").read_text("utf-8"))["version"]
    assert claims("validate").stdout.startswith(f"russia-dprk-partnership {version}\n")


def test_no_sentence_of_the_article_is_in_the_repository(article):
    """No file shares a run of twenty words with the article; verify_article looks closer at every cell."""
    printed = articletext.words(article.read_text("utf-8").casefold())
    runs = {" ".join(printed[i : i + 20]) for i in range(len(printed) - 19)}
    for file in FILES:
        if file.suffix in (".csv", ".json", ".md", ".py", ".toml"):
            own = articletext.words(file.read_text("utf-8").casefold())
            shared = [" ".join(own[i : i + 20]) for i in range(len(own) - 19) if " ".join(own[i : i + 20]) in runs]
            assert not shared, f"{file.relative_to(ROOT)}: {shared[0]}"
