"""Storage format to a tree and back."""

import re
from html.entities import html5

from lxml import etree
from lxml.etree import _Element

from pmsync.core.errors import PmsyncError

AC = "http://atlassian.com/content"
RI = "http://atlassian.com/resource/identifier"
_PREFIXES = {AC: "ac", RI: "ri"}
_OPENING = f'<page xmlns:ac="{AC}" xmlns:ri="{RI}">'

_XML_OWN = frozenset({"amp", "lt", "gt", "quot", "apos"})
_CDATA_OR_ENTITY = re.compile(r"<!\[CDATA\[.*?\]\]>|&([A-Za-z][A-Za-z0-9]*);", re.DOTALL)
_LITERAL = frozenset({"ac:plain-text-body", "ac:plain-text-link-body"})


class BodyError(PmsyncError):
    """A page body is not well-formed storage format."""


def parse(body: str) -> _Element:
    """Return *body* as a tree under one root element that stands for the page.

    HTML's named entities are characters; other entities, a document type and anything fetched
    from elsewhere are refused, as is nesting deeper than 256 elements.

    Raises:
        BodyError: It is not well-formed; the message has the line and column in *body*.
    """
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, strip_cdata=True
    )
    text = f"{_OPENING}{_CDATA_OR_ENTITY.sub(_character, body)}</page>"
    try:
        return etree.fromstring(text.encode("utf-8", "surrogatepass"), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise BodyError(_words(error), cure="close every element, and escape & and <") from error


def name_of(element: _Element) -> str:
    """Return ``p``, ``ac:link``, ``ri:page``; empty for a comment or an instruction."""
    return prefixed(element.tag) if isinstance(element.tag, str) else ""


def prefixed(clark: object) -> str:
    """Return ``{namespace}local`` with storage format's own prefix; a foreign one stays as is."""
    name = str(clark)
    if not name.startswith("{"):
        return name
    space, local = name[1:].split("}", 1)
    return f"{_PREFIXES[space]}:{local}" if space in _PREFIXES else name


def ac(local: str) -> str:
    """Return the full name of an ``ac:`` element or attribute."""
    return f"{{{AC}}}{local}"


def macro_name(element: _Element) -> str:
    """Return the macro's name; empty if it has none."""
    return element.get(ac("name")) or ""


def write(root: _Element) -> str:
    """Return the tree's content as storage format, attributes sorted, entities minimal."""
    return _text(root.text) + "".join(_element(child) for child in root)


def _element(element: _Element) -> str:
    name = name_of(element)
    if not name:
        return _text(element.tail)
    pairs = sorted((prefixed(key), str(value)) for key, value in element.attrib.items())
    attributes = "".join(f' {key}="{_attribute(value)}"' for key, value in pairs)
    inner = _cdata("".join(element.itertext())) if name in _LITERAL else write(element)
    whole = f"<{name}{attributes}>{inner}</{name}>" if inner else f"<{name}{attributes}/>"
    return whole + _text(element.tail)


def cdata(text: str) -> str:
    """Return *text* as CDATA; ``]]>`` in it is split over two sections."""
    return f"<![CDATA[{text.replace(']]>', ']]]]><![CDATA[>')}]]>"


def _cdata(text: str) -> str:
    return cdata(text) if text else ""


def _text(text: str | None) -> str:
    return (text or "").replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _attribute(text: str) -> str:
    return _text(text).replace('"', "&quot;").replace("\n", "&#10;").replace("\t", "&#9;")


def _character(found: re.Match[str]) -> str:
    name = found[1]
    if name is None or name in _XML_OWN:
        return found[0]
    return html5.get(f"{name};", found[0])


def _words(error: Exception) -> str:
    if not isinstance(error, etree.XMLSyntaxError):
        return f"not well-formed: {error}"
    line, column = error.position
    column -= len(_OPENING) if line == 1 else 0
    words = re.sub(r", line \d+, column \d+.*$", "", error.msg or "", flags=re.DOTALL)
    return f"not well-formed: {words} (line {line}, column {max(column, 1)} of the page)"
