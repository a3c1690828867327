"""Loose text becomes paragraphs, and space between blocks goes: Cloud stores a tree of blocks."""

from lxml import etree
from lxml.etree import _Element

from pmsync.sandbox.confluence.storage.elements import CHILDREN, FLOW, INLINE
from pmsync.sandbox.confluence.storage.macros import MACROS
from pmsync.sandbox.confluence.storage.names import ac, macro_name, name_of, parameter


def is_inline(element: _Element) -> bool:
    """Whether the element stands in a line of text rather than on its own."""
    name = name_of(element)
    if name == "ac:image":
        return element.get(ac("inline")) == "true"
    if name != "ac:structured-macro":
        return name in INLINE
    macro = macro_name(element)
    return MACROS[macro].inline or (macro == "jira" and parameter(element, "key") is not None)


def paragraphs(root: _Element) -> None:
    """Give every run of loose text a ``<p>``, and drop the space that only laid out the source."""
    for element in list(root.iter()):
        name = name_of(element)
        if name in CHILDREN:
            _tighten(element)
        elif name in FLOW:
            _wrap(element, fill=element is not root)


def _tighten(element: _Element) -> None:
    element.text = None
    for child in element:
        child.tail = None


def _wrap(container: _Element, *, fill: bool) -> None:
    pieces: list[_Element | str] = [container.text or ""]
    for child in list(container):
        pieces += [child, child.tail or ""]
        child.tail = None
        container.remove(child)
    container.text = None
    run: list[_Element | str] = []
    for piece in pieces:
        if isinstance(piece, str) or is_inline(piece):
            run.append(piece)
        else:
            _close(container, run)
            run = []
            container.append(piece)
    _close(container, run)
    if fill and not len(container):
        etree.SubElement(container, "p")


def _close(container: _Element, run: list[_Element | str]) -> None:
    """Put a run of text and inline elements into a paragraph, unless it is only space."""
    if all(isinstance(piece, str) and not piece.strip() for piece in run):
        return
    paragraph = etree.SubElement(container, "p")
    for piece in run:
        if not isinstance(piece, str):
            paragraph.append(piece)
        elif len(paragraph):
            paragraph[-1].tail = (paragraph[-1].tail or "") + piece
        else:
            paragraph.text = (paragraph.text or "") + piece
    paragraph.text = (paragraph.text or "").lstrip() or None
    if len(paragraph):
        paragraph[-1].tail = (paragraph[-1].tail or "").rstrip() or None
    elif paragraph.text:
        paragraph.text = paragraph.text.rstrip()
