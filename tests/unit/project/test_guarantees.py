"""Every promise names tests that exist, so that a promise cannot lose its test unseen."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
TEXT = (ROOT / "docs" / "guarantees.md").read_text("utf-8")
PROMISES = re.findall(
    r"^\*\*(P\d+)\..*?(?=^\*\*P\d+\.|\Z)",
    TEXT,
    re.MULTILINE | re.DOTALL,
)
NAMED = re.findall(
    r"^- (`tests/.*)$", (ROOT / "docs" / "guarantees.md").read_text("utf-8"), re.MULTILINE
)


def test_all_thirteen_promises_are_there() -> None:
    """In their order, each once."""
    assert [f"P{number}" for number in range(1, 14)] == PROMISES


@pytest.mark.parametrize("line", NAMED)
def test_the_tests_that_are_named_exist(line: str) -> None:
    """A line names a file, and tests in it."""
    file, *names = re.findall(r"`([^`]+)`", line)
    path, _, first = file.partition("::")
    wanted = [name for name in (first, *names) if name]

    text = (ROOT / path).read_text("utf-8")

    assert [name for name in wanted if f"def {name}(" not in text] == []
