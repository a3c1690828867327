"""What a newcomer, CI and a packager rely on in the repository itself."""

import ast
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import pmsync

ROOT = Path(__file__).parents[3]
LOCKS = sorted((ROOT / "requirements").glob("*.txt"))
PIN = re.compile(r"^(?P<name>[a-z0-9._-]+)==(?P<version>\S+)", re.MULTILINE)


def tracked() -> list[Path]:
    """Return the files that git tracks; skips outside a checkout."""
    listed = subprocess.run(
        ["git", "ls-files", "-z"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if listed.returncode:
        pytest.skip("this is no git checkout")
    return [ROOT / name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.stem)
def test_lock_files_pin_with_hashes_and_name_no_index(lock: Path) -> None:
    """Every requirement has hashes, and nothing says where it was downloaded from."""
    text = lock.read_text("utf-8")
    blocks = re.split(r"\n(?=[a-z0-9])", text.strip())

    assert "://" not in text
    assert "--index" not in text
    assert "--find-links" not in text
    assert all("--hash=sha256:" in block for block in blocks)


def test_the_development_lock_contains_the_runtime_lock() -> None:
    """Tests run with the very versions that users of the lock file get."""
    runtime, development = (
        dict(PIN.findall((ROOT / "requirements" / name).read_text("utf-8")))
        for name in ("pmsync.txt", "dev.txt")
    )

    assert runtime
    assert runtime.items() <= development.items()


def test_every_dependency_is_locked() -> None:
    """A dependency that was added to the project and not to the lock would not be installed."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    names = {re.split(r"[\[<>=; ]", line)[0].lower() for line in project["dependencies"]}
    locked = dict(PIN.findall((ROOT / "requirements" / "pmsync.txt").read_text("utf-8")))

    assert names <= locked.keys()


def test_ci_runs_the_readme_s_test_command() -> None:
    """What the README tells people to run is what CI runs."""
    assert "./dev test" in (ROOT / "README.md").read_text("utf-8")
    assert "./dev test" in (ROOT / ".ci" / "run").read_text("utf-8")


def test_dev_imports_the_standard_library_only() -> None:
    """``dev`` must run before anything is installed."""
    text = (ROOT / "dev").read_text("utf-8")
    imported = re.findall(r"^(?:import|from) (\w+)", text, re.MULTILINE)

    assert set(imported) <= sys.stdlib_module_names
    assert (ROOT / "dev").stat().st_mode & 0o111


def test_the_changelog_knows_the_version_or_what_comes() -> None:
    """A release without an entry would leave users guessing."""
    text = (ROOT / "CHANGELOG.md").read_text("utf-8")

    assert f"## [{pmsync.__version__}]" in text or "## [Unreleased]" in text


def test_the_package_says_that_it_is_typed() -> None:
    """Without ``py.typed`` a user's type checker ignores our annotations."""
    assert (Path(pmsync.__file__).parent / "py.typed").exists()


def test_modules_stay_small() -> None:
    """No module is over 400 lines."""
    long = {
        str(path.relative_to(ROOT)): count
        for path in (ROOT / "src").rglob("*.py")
        if (count := len(path.read_text("utf-8").splitlines())) > 400
    }

    assert long == {}


LONG_FUNCTIONS = {"src/pmsync/pipeline/pull.py: pull"}
"""Longer than 50 lines until somebody splits them; nothing joins this list."""


def test_functions_stay_small() -> None:
    """No function is over 50 lines, its docstring included."""
    long = {
        f"{path.relative_to(ROOT).as_posix()}: {node.name}"
        for path in (ROOT / "src").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (node.end_lineno or node.lineno) - node.lineno >= 50
    }

    assert long <= LONG_FUNCTIONS


def test_the_source_distribution_holds_what_these_tests_look_at() -> None:
    """Whoever packages pmsync runs the tests from it, where there is no git."""
    hatch = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["hatch"]
    held = {name.lstrip("/") for name in hatch["build"]["targets"]["sdist"]["include"]}
    # Every build adds pyproject.toml and .gitignore.
    tops = {path.relative_to(ROOT).parts[0] for path in tracked()} - {"pyproject.toml"}

    assert tops - {".gitignore"} == held


def test_pictures_and_links_of_the_documents_exist() -> None:
    """A README whose picture is missing shows a broken image."""
    documents = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    broken = [
        f"{document.relative_to(ROOT)}: {link}"
        for document in documents
        for link in re.findall(r"\]\(([^)#\s]+)", document.read_text("utf-8"))
        if "://" not in link and not (document.parent / link).exists()
    ]

    assert broken == []


def test_no_file_names_a_path_of_somebody_s_machine() -> None:
    """Home directories and work folders of whoever wrote it have no place in the project."""
    homes = b"|".join((b"root", b"home", b"work"))
    pattern = re.compile(rb"/(?:" + homes + rb")/[a-z]")
    found = [
        str(path.relative_to(ROOT))
        for path in tracked()
        if path != Path(__file__) and pattern.search(path.read_bytes())
    ]

    assert found == []
