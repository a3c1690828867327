"""Text for a terminal: folded, aligned, and harmless."""

import doctest

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pmsync.cli import output, wired
from pmsync.cli.output import count, item, printable, table
from pmsync.cli.wired import worst


@pytest.fixture(autouse=True)
def _wide(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "60")


@pytest.mark.parametrize("module", [output, wired], ids=lambda module: module.__name__)
def test_examples_in_the_text_hold(module: object) -> None:
    """What the docstrings show is what happens."""
    assert doctest.testmod(module).failed == 0  # type: ignore[arg-type]  # it is a module


@given(st.text())
def test_nothing_that_steers_a_terminal_gets_out(text: str) -> None:
    """No control character, no line end, no direction override, whatever the text."""
    shown = printable(text)
    assert all(one.isprintable() or one in "\u200d\ufe0f" for one in shown)
    assert printable(shown) == shown


@pytest.mark.parametrize(
    "text", ["größer", "صفحة الدفع", "结账", "👩\u200d💻 ❤\ufe0f", "a b", "naïve “quoted”"]
)
def test_other_scripts_stay_as_they_are(text: str) -> None:
    """Letters of any script, emoji and typographic marks are no danger."""
    assert printable(text) == text


def test_long_texts_fold_within_their_column() -> None:
    """No line is wider than the terminal, and names to copy are never folded."""
    rows = [("SHOP-1000", "12", "word " * 30), ("WEB-1", "3", "x" * 90)]
    drawn = table(("issue", "place", "why"), rows, right=("place",), whole=("issue",))
    lines = drawn.splitlines()
    assert max(map(len, lines)) <= 60
    assert [line.split()[0] for line in lines if line[0] != " "][2:] == ["SHOP-1000", "WEB-1"]
    assert drawn.count("word") == 30
    assert drawn.count("x") == 90


def test_columns_align_whatever_stands_in_them() -> None:
    """Numbers end, and texts begin, in one column; wide letters count twice."""
    rows = [("结账", "9"), ("ab", "1,000")]
    head, _, first, second = table(("name", "number"), rows, right=("number",)).splitlines()
    assert head.endswith("number")
    assert first.rindex("9") + 2 == second.rindex("0") == len(head) - 1


def test_an_item_hangs_behind_its_mark() -> None:
    """What does not fit on the first line is set in below it."""
    first, *others = item("  - ", "word " * 30).splitlines()
    assert first.startswith("  - word")
    assert others
    assert all(line.startswith("    word") and len(line) <= 60 for line in others)


@pytest.mark.parametrize(
    ("number", "told"), [(0, "0 pages"), (1, "1 page"), (2, "2 pages"), (1200, "1,200 pages")]
)
def test_nouns_have_their_plural(number: int, told: str) -> None:
    """One page, several pages."""
    assert count(number, "page") == told


@pytest.mark.parametrize(
    ("codes", "code"), [([], 0), ([0, 0], 0), ([3, 5], 5), ([6, 75], 75), ([4, 6, 5], 4), ([1], 1)]
)
def test_the_gravest_product_decides_the_exit_code(codes: list[int], code: int) -> None:
    """A failure is news, a pending change is less."""
    assert worst(codes) == code
