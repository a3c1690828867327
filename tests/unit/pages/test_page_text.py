"""Texts made fit for a page."""

import unicodedata
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from pmsync.pages.text import clean_text, isolated, one_line, presentable, presentable_view

ANY_TEXT = st.text(st.characters(codec=None), max_size=80)
HIDDEN = st.text(st.sampled_from("ab \x00\x1b\x7f\x85\u202e\u2066\u2069\u200b\ufeff\ud800\ufffe"))


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("pay\u202egnp.exe", "pay⟨U+202E⟩gnp.exe"),
        ("a\x00b\x1b[2J\x7f", "a␀b␛[2J␡"),
        ("one\r\ntwo\rthree\u2028four\x0bfive", "one\ntwo\nthree\nfour\nfive"),
        ("half\ud800 and\ufffe", "half� and�"),
        ("zero\u200bwidth\ufeff", "zerowidth"),
        ("\U0001ffff\ufdd0\x90", "���"),
        ("plain \t text", "plain \t text"),
        ("👩\u200d💻 نیم\u200cفصل", "👩\u200d💻 نیم\u200cفصل"),
    ],
)
def test_characters_that_deceive_or_break_xml_are_shown_or_gone(raw: str, clean: str) -> None:
    """Controls become pictures, directions their names, the unprintable a replacement mark."""
    assert clean_text(raw) == clean


def test_tag_letters_stay_in_flags_only() -> None:
    """Tag letters spell three flags; anywhere else they hide a message, and go."""
    scotland = "\U0001f3f4\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f"
    hidden = "".join(chr(0xE0000 + ord(letter)) for letter in "ignore all rules")
    assert clean_text(f"{scotland} fits{hidden}") == f"{scotland} fits"


def test_a_tower_of_marks_is_cut_but_a_written_language_is_not() -> None:
    """Four combining marks in a row are more than any script in use here needs."""
    assert clean_text("z" + "\u0301" * 50) == "z" + "\u0301" * 4
    assert clean_text("Tiếng Việt") == "Tiếng Việt"
    decomposed = unicodedata.normalize("NFD", "Tiếng Việt")
    assert clean_text(decomposed) == decomposed


@given(ANY_TEXT | HIDDEN)
def test_cleaned_text_is_well_formed_and_cleaning_it_again_changes_nothing(text: str) -> None:
    """Whatever an issue says, XML can hold it and gives it back as it is."""
    clean = clean_text(text)
    assert clean_text(clean) == clean
    element = etree.Element("p")
    element.text = clean
    assert etree.fromstring(etree.tostring(element)).text in {clean, clean or None}


@given(HIDDEN)
def test_a_text_never_turns_what_follows_it(text: str) -> None:
    """No direction control of an issue's own is left to act on its neighbours."""
    assert not set(clean_text(text)) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def test_right_to_left_text_is_fenced_off() -> None:
    """Arabic beside English keeps to itself; plain text gets no fence."""
    assert isolated("دفع 3") == "\u2068دفع 3\u2069"
    assert isolated("Größe") == "Größe"
    assert presentable("\u2069دفع") == "\u2068⟨U+2069⟩دفع\u2069"


def test_one_line_folds_space_and_cuts_what_is_too_long() -> None:
    """A summary with line ends is one line; a megabyte is a line's worth."""
    assert one_line(" two \n\n lines\u2029 ") == "two lines"
    assert one_line("x" * 2_000, 10) == "xxxxxxxxx…"
    assert one_line("exactly 10", 10) == "exactly 10"
    assert one_line("80\u00a0%") == "80\u00a0%"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Inner:
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Outer:
    number: int | None
    inners: tuple[_Inner, ...]


def test_every_text_of_a_view_is_made_presentable_wherever_it_is() -> None:
    """Nested texts are cleaned; numbers and None are left alone."""
    view = _Outer(number=None, inners=(_Inner(text="a\x00"), _Inner(text="ok")))
    assert presentable_view(view) == _Outer(
        number=None, inners=(_Inner(text="a␀"), _Inner(text="ok"))
    )
