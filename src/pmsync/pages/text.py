"""Texts of issues made fit for a page: nothing hidden, nothing that XML cannot hold.

Anybody who may file an issue writes these texts. Markup in them is the template engine's job
(autoescape); here go the characters that escaping lets through: control characters, lone
surrogates, and those that turn the reading direction of everything that follows.
"""

import dataclasses
import re
import unicodedata
from typing import Any

LONGEST_LINE = 1_000
_HEADROOM = 8  # how much of an overlong text is looked at, since cleaning may shorten it
_ELLIPSIS = "…"

_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f]")
_UNPRINTABLE = re.compile("[\x80-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_PLANES = "".join(
    chr(plane + low) for plane in range(0x10000, 0x110000, 0x10000) for low in (0xFFFE, 0xFFFF)
)
_NONCHARACTER = re.compile(f"[{_PLANES}]")
_LINE_END = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_DIRECTION = re.compile("[\u202a-\u202e\u2066-\u2069]")
_INVISIBLE = re.compile("[\u200b\u2060-\u2064\u206a-\u206f\ufeff\ufff9-\ufffb]")
# Tag letters are part of three flags (black flag, letters, cancel) and hide text anywhere else.
_TAGS = re.compile("(\U0001f3f4[\U000e0020-\U000e007e]{2,6}\U000e007f)|[\U000e0000-\U000e007f]")
_BLANKS = re.compile("[ \t\n]+")  # not no-break spaces: they are typography
_STACKED_MARKS = 4
_RIGHT_TO_LEFT = frozenset({"R", "AL", "AN"})
_FIRST_STRONG_ISOLATE, _POP_ISOLATE = "\u2068", "\u2069"


def clean_text(text: str) -> str:
    r"""Return *text* without characters that XML refuses or that deceive a reader.

    Line ends become ``\n``; other control characters become their visible picture (``␛``),
    direction overrides and embeddings their name (``⟨U+202E⟩``), lone surrogates and
    noncharacters ``\ufffd``; invisible characters go, and so do combining marks beyond four in a
    row. Joiners and direction marks stay: scripts and emoji need them. Cleaning twice changes
    nothing more.

    Example:
        >>> clean_text("pay\u202egnp.exe\x1b[2J")
        'pay⟨U+202E⟩gnp.exe␛[2J'
    """
    text = _LINE_END.sub("\n", text)
    text = _CONTROL.sub(_picture, text)
    text = _NONCHARACTER.sub("\ufffd", _UNPRINTABLE.sub("\ufffd", text))
    text = _DIRECTION.sub(lambda found: f"⟨U+{ord(found[0]):04X}⟩", text)
    text = _TAGS.sub(lambda found: found[1] or "", _INVISIBLE.sub("", text))
    return text if text.isascii() else _fewer_marks(text)


def one_line(text: str, longest: int = LONGEST_LINE) -> str:
    """Return *text* cleaned, in one line, with at most *longest* characters."""
    head = text[: longest * _HEADROOM]
    line = _BLANKS.sub(" ", clean_text(head)).strip(" ")
    if len(line) <= longest and len(head) == len(text):
        return line
    return line[: longest - 1].rstrip() + _ELLIPSIS


def isolated(text: str) -> str:
    """Return *text*, fenced off if it is written right to left, so that its neighbours stay put.

    Only for cleaned text, which holds no direction control of its own that could end the fence.
    """
    if text.isascii() or not any(unicodedata.bidirectional(c) in _RIGHT_TO_LEFT for c in text):
        return text
    return f"{_FIRST_STRONG_ISOLATE}{text}{_POP_ISOLATE}"


def presentable(text: str) -> str:
    """Return *text* as it goes onto a page: cleaned, and isolated where that is needed."""
    return isolated(clean_text(text))


def presentable_view(view: Any) -> Any:
    """Return a view model with every text in it made presentable.

    Done once for the whole tree, so that no builder and no template can forget a field. Numbers,
    dates and None stay; tuples and dataclasses are rebuilt.
    """
    if isinstance(view, str):
        return presentable(view)
    if isinstance(view, tuple):
        return tuple(presentable_view(item) for item in view)
    if dataclasses.is_dataclass(view) and not isinstance(view, type):
        changed = {
            slot.name: presentable_view(getattr(view, slot.name))
            for slot in dataclasses.fields(view)
            if slot.init
        }
        return dataclasses.replace(view, **changed)
    return view


def _picture(found: re.Match[str]) -> str:
    code = ord(found[0])
    return "\u2421" if code == 0x7F else chr(0x2400 + code)  # noqa: PLR2004 - DEL and its picture


def _fewer_marks(text: str) -> str:
    kept: list[str] = []
    marks = 0
    for character in text:
        marks = marks + 1 if unicodedata.category(character) in {"Mn", "Me"} else 0
        if marks <= _STACKED_MARKS:
            kept.append(character)
    return "".join(kept)
