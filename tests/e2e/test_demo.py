"""The demo tells its story to the end, tidily, and each time the same one."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from stand import SOURCES

from pmsync.demo import telling
from pmsync.demo.telling import places, without_notes

VARIES = (
    (re.compile(r"127\.0\.0\.1:\d+"), "HOST"),
    (re.compile(r"\d{4}-\d\d-\d\d"), "DATE"),
    (re.compile(r"\d{8}T\d{6}\.\d{6}-"), "RUN-"),
    # A plan's hash covers the day it was made for.
    (re.compile(r"\b(plan|apply) [0-9a-f]{12}\b"), r"\1 HASH"),
)


def tell(folder: Path, columns: int = 100) -> str:
    """Run the demo as a process of its own and return what it printed."""
    kept = {name: text for name, text in os.environ.items() if not name.startswith("PMSYNC")}  # noqa: TID251 - a child's
    ended = subprocess.run(
        [sys.executable, "-m", "pmsync", "demo", "--no-serve"],
        cwd=folder,
        env={**kept, "PYTHONPATH": str(SOURCES), "COLUMNS": str(columns)},
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=110,
        check=False,
    )
    assert (ended.returncode, ended.stderr) == (0, ""), ended.stdout + ended.stderr
    return ended.stdout


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The whole story, told once."""
    return tell(tmp_path_factory.mktemp("demo"))


def test_the_story_comes_true(story: str) -> None:
    """Braked, approved, applied, quiet, then weeks with approvals, and a plan at the end."""
    codes = [int(code) for code in re.findall(r"^\(exit code (\d+):", story, re.MULTILINE)]
    typed = re.findall(r"^\$ pmsync (\w+)", story, re.MULTILINE)
    assert typed[:4] == ["sync", "apply", "explain", "sync"]
    assert typed[-1] == "sync"
    assert codes == [5, *[0] * (len(typed) - 1)]
    assert "7 of 7 changes (3 rank calls, 4 pages) applied" in story
    assert "0 writes, 0 page versions, 0 mails." in story
    final = story.rpartition("$ pmsync sync")[2]
    assert re.search(r"^Order: \d+ issues? of \d+ changes? place", final, re.MULTILINE)
    assert "To approve it: pmsync apply " in final
    assert "Would you approve it?" in final


def test_the_story_can_be_read(story: str) -> None:
    """It fits a terminal of 100 columns, shows no trace of a fault, and is no wall of text."""
    lines = story.splitlines()
    assert max(map(len, lines)) <= 100
    assert len(lines) < 300
    assert "Traceback" not in story
    assert story.count("To know:\n") == 2
    assert "\n\n\n" not in story


def test_every_page_can_be_found(story: str) -> None:
    """The addresses of all pages stand at the end."""
    end = story.rpartition("Would you approve it?")[2]
    assert len(re.findall(r"http://127\.0\.0\.1:\d+/wiki/spaces/PROD/pages/\d+", end)) == 5


@pytest.mark.slow
def test_the_story_is_the_same_each_time(story: str, tmp_path: Path) -> None:
    """But for ports, dates, and what has a date in it."""
    assert _timeless(tell(tmp_path)) == _timeless(story)


@pytest.mark.slow
def test_the_story_fits_a_small_terminal(tmp_path: Path) -> None:
    """80 columns do."""
    assert max(map(len, tell(tmp_path, 80).splitlines())) <= 80


def _timeless(story: str) -> str:
    for pattern, put in VARIES:
        story = pattern.sub(put, story)
    return re.sub(r"\s+", " ", story)


def test_what_was_listed_before_is_only_counted() -> None:
    """A plan's notes are cut down; an answer without any is left as it is."""
    assert without_notes("nothing was written.\n") == "nothing was written.\n"
    long = "Order\n\nTo know:\n  - one that\n    folds\n  - two\n\nNothing"
    short = "Order\n\nTo know: 2 things, as listed before\n\nNothing"
    assert without_notes(long) == short


def test_an_address_is_never_folded(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """It goes below its name where both do not fit on a line."""
    monkeypatch.setattr(telling, "columns", lambda: 30)
    places([("a page", "http://127.0.0.1:8700/wiki/spaces/PROD")])
    assert capsys.readouterr().out == "   a page\n     http://127.0.0.1:8700/wiki/spaces/PROD\n"
    places([("a", "http://x/1"), ("b page", "http://x/2")])
    assert capsys.readouterr().out == "   a       http://x/1\n   b page  http://x/2\n"
