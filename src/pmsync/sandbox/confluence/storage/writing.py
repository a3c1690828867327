"""Tree to text, in the one spelling that Confluence stores."""

from lxml.etree import _Element

from pmsync.sandbox.confluence.storage.names import name_of, prefixed

_LITERAL = frozenset({"ac:plain-text-body", "ac:plain-text-link-body"})


def write(root: _Element) -> str:
    """The tree's content as storage format; the root element itself is not written."""
    return _text(root.text) + "".join(_element(child) for child in root)


def _element(element: _Element) -> str:
    """An element with its tail. Deep bodies recurse: the parser stops at 256 levels."""
    name = name_of(element)
    attributes = "".join(
        f' {prefixed(str(key))}="{_attribute(str(value))}"' for key, value in element.attrib.items()
    )
    inner = _cdata(element) if name in _LITERAL else write(element)
    whole = f"<{name}{attributes}>{inner}</{name}>" if inner else f"<{name}{attributes} />"
    return whole + _text(element.tail)


def _cdata(element: _Element) -> str:
    # A parser turns a carriage return in CDATA into a line end: do it now, so that it stays so.
    text = "".join(element.itertext()).replace("\r\n", "\n").replace("\r", "\n")
    return f"<![CDATA[{text.replace(']]>', ']]]]><![CDATA[>')}]]>" if text else ""


def _text(text: str | None) -> str:
    if not text:
        return ""
    plain = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return plain.replace("\r", "&#13;")


def _attribute(text: str) -> str:
    plain = _text(text).replace('"', "&quot;")
    return plain.replace("\t", "&#9;").replace("\n", "&#10;")
