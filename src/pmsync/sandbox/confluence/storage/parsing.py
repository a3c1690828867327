"""Text to tree. Malformed text is refused with the row and column, as Confluence does."""

import re
from html.entities import name2codepoint

from lxml import etree
from lxml.etree import _Element

from pmsync.sandbox.confluence.storage.names import AC, RI, ROOT

_XML_OWN = frozenset({"amp", "lt", "gt", "quot", "apos"})
_ENTITIES = "".join(
    f'<!ENTITY {name} "&#{code};">'
    for name, code in sorted(name2codepoint.items())
    if name not in _XML_OWN
)
# One line, so that a row in the parser's message is the body's row plus one.
_OPENING = f'<!DOCTYPE {ROOT} [{_ENTITIES}]><{ROOT} xmlns:ac="{AC}" xmlns:ri="{RI}">\n'
_CLOSING = f"\n</{ROOT}>"
_OUTSIDE_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

_MISMATCH = re.compile(r"Opening and ending tag mismatch: (\S+) line \d+ and (\S+)")


class StorageError(ValueError):
    """A body that Confluence would answer with 400; the text is what it would say."""


def parse(body: str) -> _Element:
    """The body's tree, under one root element that stands for the page.

    Comments and processing instructions are gone, entities are characters, CDATA is text.

    Raises:
        StorageError: Not well-formed, an unknown entity, a prefix that storage format lacks, or a
            character that XML cannot hold.
    """
    found = _OUTSIDE_XML.search(body)
    if found:
        row = body.count("\n", 0, found.start()) + 1
        column = found.start() - (body.rfind("\n", 0, found.start()) + 1) + 1
        message = _worded(f"Illegal character ((CTRL-CHAR, code {ord(found[0])}))", row, column)
        raise StorageError(message)
    parser = etree.XMLParser(
        remove_comments=True, remove_pis=True, no_network=True, load_dtd=False, huge_tree=False
    )
    try:
        root = etree.fromstring(f"{_OPENING}{body}{_CLOSING}".encode(), parser)
    except etree.XMLSyntaxError as error:
        raise StorageError(_message(error)) from error
    _trim(root)
    return root


def _message(error: etree.XMLSyntaxError) -> str:
    row, column = error.position
    text = re.sub(r", line \d+, column \d+.*$", "", error.msg or "not well-formed", flags=re.DOTALL)
    text = _MISMATCH.sub(r"Unexpected close tag </\2>; expected </\1>.", text)
    return _worded(text, max(row - 1, 1), column)


def _worded(text: str, row: int, column: int) -> str:
    return f"Error parsing xhtml: {text}\n at [row,col {{unknown-source}}]: [{row},{column}]"


def _trim(root: _Element) -> None:
    """Take away the two line ends that the wrapping added."""
    if root.text:
        root.text = root.text.removeprefix("\n")
    last = root[-1] if len(root) else None
    if last is not None:
        last.tail = (last.tail or "").removesuffix("\n") or None
    elif root.text:
        root.text = root.text.removesuffix("\n") or None
