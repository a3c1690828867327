"""Building HTML as a tree, so that no text of a page can ever become markup.

Addresses and styles come through ``safe_address`` and ``safe_style``: what they do not know is
left out.
"""

import re

from lxml import etree
from lxml.etree import _Element

_SCHEME = re.compile(r"^([a-zA-Z][a-zA-Z0-9+.-]*):")
_IGNORED_BY_BROWSERS = re.compile(r"[\x00-\x20\x7f-\x9f\u200b-\u200f\u2028\u2029]+")
_SCHEMES = frozenset({"http", "https", "mailto", "tel"})
_COLOUR = r"(?:#[0-9a-fA-F]{3,8}|rgba?\([0-9., %]+\)|[a-zA-Z]{3,20})"
_LENGTH = r"[0-9]{1,5}(?:\.[0-9]{1,4})?(?:px|%|em|pt)?"
_STYLES = {
    "color": re.compile(_COLOUR),
    "background-color": re.compile(_COLOUR),
    "text-align": re.compile("left|right|center|justify"),
    "margin-left": re.compile(_LENGTH),
    "width": re.compile(_LENGTH),
}
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def add(parent: _Element, tag: str, text: str = "", **attributes: str | None) -> _Element:
    """A new element at the end of another.

    Args:
        parent: Where it goes.
        tag: Its name.
        text: What it begins with.
        attributes: Its attributes; an underscore at the end is dropped (``class_``), others become
            hyphens, None leaves the attribute out.
    """
    element = etree.SubElement(parent, tag)
    for name, value in attributes.items():
        if value is not None:
            element.set(name.removesuffix("_").replace("_", "-"), _clean(value))
    if text:
        element.text = _clean(text)
    return element


def say(parent: _Element, text: str | None) -> None:
    """Text at the end of an element."""
    if not text:
        return
    if len(parent):
        parent[-1].tail = (parent[-1].tail or "") + _clean(text)
    else:
        parent.text = (parent.text or "") + _clean(text)


def safe_address(address: str | None) -> str | None:
    """The address if a click on it can do no harm, else None."""
    if not address:
        return None
    plain = _IGNORED_BY_BROWSERS.sub("", address)
    scheme = _SCHEME.match(plain)
    if scheme is not None:
        return plain if scheme[1].lower() in _SCHEMES else None
    return None if ":" in re.split(r"[/?#]", plain)[0] else plain


def safe_style(style: str | None) -> str | None:
    """The declarations of a style that a page may have; None if there are none."""
    kept = []
    for declaration in (style or "").split(";"):
        name, _, value = declaration.partition(":")
        pattern = _STYLES.get(name.strip().lower())
        if pattern is not None and pattern.fullmatch(value.strip()):
            kept.append(f"{name.strip().lower()}: {value.strip()}")
    return "; ".join(kept) or None


def safe_colour(colour: str | None) -> str | None:
    """A colour by name or number; None for anything else."""
    value = (colour or "").strip()
    return value if re.fullmatch(_COLOUR, value) else None


def safe_number(text: str | None, *, most: int = 4000) -> str | None:
    """A whole number of pixels, columns or rows, from 1 up to a limit; None for anything else."""
    found = re.fullmatch(r"([0-9]{1,5})(?:\.[0-9]+)?(?:px)?", (text or "").strip())
    return str(min(int(found[1]), most)) if found and int(found[1]) > 0 else None


def _clean(text: str) -> str:
    return _NOT_XML.sub("\ufffd", text)
