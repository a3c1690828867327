"""Inline comments in a body: which there are, and how one comes in."""

from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree
from lxml.etree import _Element

from pmsync.sandbox.confluence.storage.names import OPAQUE, ac, macro_name, name_of, parameter
from pmsync.sandbox.confluence.storage.paragraphs import is_inline

MARKER = "ac:inline-comment-marker"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Piece:
    """One stretch of readable text: an element's text, or the tail behind it."""

    element: _Element
    tail: bool
    text: str
    start: int


def refs(root: _Element) -> list[str]:
    """The references of all inline comments that the body holds, in order of appearance."""
    found = (str(marker.get(ac("ref"))) for marker in root.iter(ac("inline-comment-marker")))
    return list(dict.fromkeys(found))


def occurrences(root: _Element, text: str) -> int:
    """How often a reader could select that text; a selection never crosses a block's border."""
    whole = "".join(piece.text for piece in _pieces(root))
    return whole.count(text) if text else 0


def mark(root: _Element, text: str, ref: str, *, index: int = 0) -> bool:
    """Put a comment's marker around one occurrence of a text.

    A text over several elements gets one marker each, all with the same reference, as Cloud does.
    A status lozenge is commented as a whole.

    Args:
        root: The body's tree, changed in place.
        text: What was selected.
        ref: The new comment's reference.
        index: Which occurrence, from 0.

    Returns:
        False if the text does not occur that often; the tree is unchanged then.
    """
    if not text:
        return False
    pieces = _pieces(root)
    start = _nth("".join(piece.text for piece in pieces), text, index)
    if start < 0:
        return _mark_status(root, text, ref)
    end = start + len(text)
    for piece in reversed(pieces):
        first, last = max(start, piece.start), min(end, piece.start + len(piece.text))
        if first < last and piece.text != _BORDER:
            _split(piece, first - piece.start, last - piece.start, ref)
    return True


_BORDER = "\0"  # between blocks; XML text cannot hold it


def _nth(whole: str, text: str, index: int) -> int:
    start = -1
    for _ in range(index + 1):
        start = whole.find(text, start + 1)
        if start < 0:
            break
    return start


def _pieces(root: _Element) -> list[_Piece]:
    pieces: list[_Piece] = []
    at = 0
    for element, tail, text in _texts(root):
        pieces.append(_Piece(element=element, tail=tail, text=text, start=at))
        at += len(text)
    return pieces


def _texts(element: _Element) -> Iterator[tuple[_Element, bool, str]]:
    if element.text:
        yield element, False, element.text
    for child in element:
        block = not is_inline(child)
        if block:
            yield child, True, _BORDER
        if name_of(child) not in OPAQUE:
            yield from _texts(child)
        if block:
            yield child, True, _BORDER
        if child.tail:
            yield child, True, child.tail


def _split(piece: _Piece, first: int, last: int, ref: str) -> None:
    marker = etree.Element(ac("inline-comment-marker"))
    marker.set(ac("ref"), ref)
    marker.text = piece.text[first:last]
    marker.tail = piece.text[last:] or None
    before = piece.text[:first] or None
    if not piece.tail:
        piece.element.text = before
        piece.element.insert(0, marker)
        return
    parent = piece.element.getparent()
    if parent is not None:
        piece.element.tail = before
        parent.insert(parent.index(piece.element) + 1, marker)


def _mark_status(root: _Element, text: str, ref: str) -> bool:
    for macro in root.iter(ac("structured-macro")):
        parent = macro.getparent()
        titled = macro_name(macro) == "status" and parameter(macro, "title") == text
        if titled and parent is not None:
            marker = etree.Element(ac("inline-comment-marker"))
            marker.set(ac("ref"), ref)
            marker.tail, macro.tail = macro.tail, None
            parent.replace(macro, marker)
            marker.append(macro)
            return True
    return False
