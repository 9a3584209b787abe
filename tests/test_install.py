"""The command as others install it, and docs/CI.md as they copy it."""

import contextlib
import os
import re
import shutil
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest
import yaml
from harness import Copy
from hatchling.build import build_wheel

ROOT = Path(__file__).parent.parent
HOOKS = ROOT / ".pre-commit-hooks.yaml"
BLOCKS = re.findall(r"(?s)```yaml\n(.*?)```", (ROOT / "docs/CI.md").read_text("utf-8"))
GITHUB, GITLAB, PRE_COMMIT = map(yaml.safe_load, BLOCKS)
WORKFLOWS = [file.read_text("utf-8") for file in sorted((ROOT / ".github/workflows").glob("*.yml"))]
JOBS = [("github-workflows", BLOCKS[0]), ("gitlab-ci", BLOCKS[1]), *(("github-workflows", text) for text in WORKFLOWS)]
SCRIPTS = {
    "github": [step["run"] for step in GITHUB["jobs"]["validate"]["steps"] if "run" in step],
    "gitlab": GITLAB["validate"]["script"],
}


def run(*command, **options) -> subprocess.CompletedProcess:
    return subprocess.run(list(map(str, command)), capture_output=True, text=True, timeout=500, check=False, **options)


@pytest.fixture(scope="session")
def wheel(tmp_path_factory) -> Path:
    """What pip builds from this folder."""
    folder = tmp_path_factory.mktemp("wheel")
    with contextlib.chdir(ROOT):
        return folder / build_wheel(str(folder))


@pytest.fixture(scope="session")
def installed(wheel, tmp_path_factory) -> dict[str, str]:
    """An environment in which the command is what the wheel holds and nothing else of this folder is at hand."""
    folder = tmp_path_factory.mktemp("installed")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "site")
    for name, line in {"claims": f'exec "{sys.executable}" -m claims "$@"', "pip": "exit 0"}.items():
        (folder / name).write_text(f"#!/bin/sh\n{line}\n")
        (folder / name).chmod(0o755)
    path = f"{folder}{os.pathsep}{os.environ['PATH']}"
    return os.environ | {"PYTHONPATH": str(folder / "site"), "PATH": path}


def test_what_is_installed_validates_a_package_in_another_folder(installed, copy):
    done = run("claims", "validate", cwd=copy.root, env=installed)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "\nvalid: " in done.stdout


def test_what_is_installed_makes_a_new_package(installed, tmp_path):
    options = ["--name", "new", "--title", "T", "--contributor", "C", "--article", "A"]
    done = run("claims", "new", "new", *options, cwd=tmp_path, env=installed)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "new" / "schemas" / "rules.toml").read_bytes() == (ROOT / "schemas/rules.toml").read_bytes()
    assert run("claims", "fmt", "--check", cwd=tmp_path / "new", env=installed).returncode == 0


def test_the_wheel_is_named_for_the_version_of_the_package(wheel):
    version = re.search(r'"version": "(.*?)"', (ROOT / "datapackage.json").read_text("utf-8"))[1]
    assert wheel.name == f"russia_dprk_partnership_tools-{version}-py3-none-any.whl"


@pytest.mark.parametrize(("name", "text"), JOBS)
def test_jobs_pass_the_schemas_of_their_forges(tmp_path, name, text):
    file = tmp_path / "job.yml"
    file.write_text(text, "utf-8")
    done = run(sys.executable, "-m", "check_jsonschema", "--builtin-schema", f"vendor.{name}", file)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(("fault", "code"), [(False, 0), (True, 1)])
@pytest.mark.parametrize("forge", SCRIPTS)
def test_the_documented_jobs_validate_another_repository(installed, copy, forge, fault, code):
    """Their own lines, in a folder that holds a package."""
    if fault:
        copy.path("events").write_bytes(copy.path("events").read_bytes() + b"x\n")
    done = run("sh", "-ec", "\n".join(SCRIPTS[forge]), cwd=copy.root, env=installed)
    assert done.returncode == code, done.stdout + done.stderr
    if forge == "github":
        assert ("::error file=data/events.csv" in done.stdout) == fault
    else:
        report = (copy.root / GITLAB["validate"]["artifacts"]["reports"]["junit"]).read_text("utf-8")
        assert ("row-length" in report, "<failure" in report) == (True, fault)


def test_the_hook_runs_where_a_package_changes():
    (hook,) = yaml.safe_load(HOOKS.read_text("utf-8"))
    for name in ("datapackage.json", "data/events.csv", "schemas/rows/events.json", "schemas/rules.toml"):
        assert re.search(hook["files"], name)
    for name in ("README.md", "pyproject.toml"):
        assert not re.search(hook["files"], name)
    assert PRE_COMMIT["repos"][0]["hooks"] == [{"id": hook["id"]}]


# --- with a package index


@pytest.mark.heavy
def test_pip_installs_the_command_into_a_bare_environment(tmp_path, copy):
    source = sources(tmp_path)
    venv.create(tmp_path / "venv", with_pip=True)
    done = run(tmp_path / "venv/bin/pip", "install", "--quiet", ".", cwd=source)
    assert done.returncode == 0, done.stderr
    shutil.rmtree(source)
    done = run(tmp_path / "venv/bin/claims", "validate", cwd=copy.root)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.heavy
def test_pre_commit_runs_the_hook_on_a_repository_of_its_own(tmp_path, copy):
    """As the document says, but for the address: a commit of the package passes, one of a broken table does not."""
    source = sources(tmp_path)
    environment = os.environ | {"PRE_COMMIT_HOME": str(tmp_path / "cache")}
    for folder in (source, copy.root):
        git(folder, "init", "--quiet")
        git(folder, "add", "--all")
        git(folder, "commit", "--quiet", "--message", "All of it")
    revision = git(source, "rev-parse", "HEAD")
    (entry,) = PRE_COMMIT["repos"]
    config = {"repos": [{**entry, "repo": str(source), "rev": revision}]}
    (copy.root / ".pre-commit-config.yaml").write_text(yaml.safe_dump(config), "utf-8")
    git(copy.root, "add", "--all")
    command = [sys.executable, "-m", "pre_commit", "run", "--all-files"]
    done = run(*command, cwd=copy.root, env=environment)
    assert (done.returncode, "Passed" in done.stdout) == (0, True), done.stdout + done.stderr
    copy.path("events").write_bytes(copy.path("events").read_bytes() + b"x\n")
    git(copy.root, "add", "--all")
    done = run(*command, cwd=copy.root, env=environment)
    assert (done.returncode, "row-length" in done.stdout) == (1, True), done.stdout + done.stderr


def sources(folder: Path) -> Path:
    """What is committed of this folder and a build needs, in a folder of its own."""
    copy = Copy.of(ROOT, folder / "sources")
    for name in ("pyproject.toml", HOOKS.name):
        shutil.copy(ROOT / name, copy.root)
    shutil.copytree(ROOT / "scripts", copy.root / "scripts", ignore=shutil.ignore_patterns("__pycache__"))
    return copy.root


def git(folder: Path, *arguments: str) -> str:
    identity = ["-c", "user.name=test", "-c", "user.email=test@example.org", "-c", "commit.gpgsign=false"]
    done = run("git", *identity, *arguments, cwd=folder)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()
