"""What a page of ours may hold. Everything else is refused before it is sent.

An allow-list, since a parser alone is no wall: text that breaks out of a literal block is
well-formed too. Left out on purpose: macros that run or fetch foreign content (html, iframe,
widget, jira), mentions (each new one sends a mail), images from elsewhere (they tell who reads).
"""

import re
from collections.abc import Iterator, Mapping
from urllib.parse import urlsplit

from lxml.etree import _Element

from pmsync.pages.storage.tree import macro_name, name_of, parse, prefixed

_PLAIN = frozenset({
    "h1", "h2", "h3", "h4", "h5", "h6", "strong", "em", "u", "s", "sub", "sup", "code", "pre",
    "br", "hr", "ul", "ol", "li", "blockquote", "colgroup", "tbody", "tr", "ac:layout",
    "ac:layout-cell", "ac:rich-text-body", "ac:plain-text-body", "ac:link-body",
    "ac:plain-text-link-body", "ac:task-list", "ac:task", "ac:task-id", "ac:task-uuid",
    "ac:task-status", "ac:task-body",
})  # fmt: skip

_ANY = re.compile(r".*", re.DOTALL)
_NUMBER = re.compile(r"\d{1,4}")
_WORD = re.compile(r"[\w.:-]{1,120}")
_COLOUR = r"(#[0-9a-fA-F]{6}|rgb\(\d{1,3}, ?\d{1,3}, ?\d{1,3}\))"
_ALIGNED = re.compile(r"text-align: (left|center|right);")
_WIDTH = re.compile(r"width: \d{1,4}(\.\d+)?px;")
_CELL = {"colspan": _NUMBER, "rowspan": _NUMBER, "data-highlight-colour": re.compile(_COLOUR)}
_FILE = re.compile(r"[^\\/:*?\"<>|]{1,200}")

ATTRIBUTES: Mapping[str, Mapping[str, re.Pattern[str]]] = {
    "p": {"style": _ALIGNED},
    "span": {"style": re.compile(rf"((color|background-color): {_COLOUR}; ?)+")},
    "a": {
        "href": _ANY,  # judged by _url_fault
        "data-card-appearance": re.compile("inline|block"),
    },
    "time": {"datetime": re.compile(r"\d{4}-\d\d-\d\d")},
    "table": {
        "data-layout": re.compile("default|wide|full-width|center|align-start"),
        "data-table-width": _NUMBER,
    },
    "col": {"style": _WIDTH},
    "td": _CELL,
    "th": _CELL,
    "ac:layout-section": {
        "ac:type": re.compile(
            "single|(two|three)_equal|two_(left|right)_sidebar|three_with_sidebars"
        ),
        "ac:breakout-mode": re.compile("wide|full-width|default"),
    },
    "ac:structured-macro": {
        "ac:name": _WORD,
        "ac:schema-version": _NUMBER,
        "ac:macro-id": _WORD,
    },
    "ac:parameter": {"ac:name": re.compile(r"[\w-]{0,60}")},
    "ac:link": {"ac:anchor": re.compile(r"[^()]{1,200}")},
    "ac:image": {
        "ac:align": re.compile("center|left|right"),
        "ac:layout": re.compile("center|wide|full-width"),
        "ac:width": _NUMBER,
        "ac:alt": _ANY,
    },
    "ac:emoticon": {
        "ac:name": _WORD,
        "ac:emoji-shortname": _WORD,
        "ac:emoji-id": _WORD,
        "ac:emoji-fallback": re.compile(r"\S{1,40}"),
    },
    "ac:inline-comment-marker": {"ac:ref": _WORD},
    "ri:attachment": {"ri:filename": _FILE},
    "ri:page": {"ri:content-title": _ANY, "ri:space-key": _WORD},
}

MACROS: Mapping[str, frozenset[str]] = {
    "status": frozenset({"colour", "title", "subtle"}),
    **dict.fromkeys(("info", "note", "tip", "warning"), frozenset({"title", "icon"})),
    "panel": frozenset({"title", "bgColor", "panelIcon", "panelIconId", "panelIconText"}),
    "expand": frozenset({"title"}),
    "toc": frozenset({"minLevel", "maxLevel", "style"}),
    "children": frozenset({"all", "sort"}),
    "details": frozenset({"id", "hidden"}),
    "detailssummary": frozenset({"cql", "headings", "firstcolumn", "sortBy"}),
    "anchor": frozenset({""}),
    "code": frozenset({"language", "title", "linenumbers", "collapse"}),
    "excerpt": frozenset({"name", "hidden"}),
    "excerpt-include": frozenset({"", "name", "nopanel"}),
    "include": frozenset({""}),
}
"""``{macro: parameter names}``; an unnamed parameter is the empty name."""

_SCHEMES = frozenset({"https", "http", "mailto"})
_UNFIT_IN_URL = re.compile(r"[\s\\\x00-\x20\x7f]")


def check(body: str) -> tuple[str, ...]:
    """Return everything in *body* that a page of ours must not hold, each with its line.

    Raises:
        BodyError: It is not well-formed.
    """
    return tuple(
        f"line {element.sourceline}: {fault}"
        for element in parse(body).iterdescendants()
        for fault in _faults(element)
    )


def _faults(element: _Element) -> Iterator[str]:
    name = name_of(element)
    if not name:
        yield "an XML comment or instruction (write {# ... #} in a template)"
        return
    if name not in _PLAIN and name not in ATTRIBUTES:
        yield f"element {name} is not allowed"
        return
    yield from _attribute_faults(element, name)
    if name == "ac:structured-macro":
        yield from _macro_faults(element)
    elif name == "ac:parameter" and name_of_parent(element) != "ac:structured-macro":
        yield "a parameter outside a macro"


def name_of_parent(element: _Element) -> str:
    """Return the name of the element above; empty at the root."""
    parent = element.getparent()
    return "" if parent is None else name_of(parent)


def _attribute_faults(element: _Element, name: str) -> Iterator[str]:
    allowed = ATTRIBUTES.get(name, {})
    for key, value in element.attrib.items():
        attribute, text = prefixed(key), str(value)
        if attribute not in allowed:
            yield f"attribute {attribute} is not allowed on {name}"
        elif not allowed[attribute].fullmatch(text):
            yield f"{attribute}={text[:60]!r} is not allowed on {name}"
    if name == "a":
        fault = url_fault(element.get("href") or "")
        if fault:
            yield fault


def url_fault(url: str) -> str:
    """Return why *url* may not be linked to; empty if it may."""
    if url.startswith("#") and len(url) > 1 and not _UNFIT_IN_URL.search(url):
        return ""
    try:
        parts = urlsplit(url)
        host, user = parts.hostname, parts.username
    except ValueError:
        return f"{url[:60]!r} is not a web address"
    if parts.scheme not in _SCHEMES or _UNFIT_IN_URL.search(url):
        return f"{url[:60]!r} is not an https, http or mailto address"
    if parts.scheme == "mailto":
        return ""
    if not host or user is not None:
        return f"{url[:60]!r} has no host, or a user name before it"
    return ""


def _macro_faults(element: _Element) -> Iterator[str]:
    macro = macro_name(element)
    if macro not in MACROS:
        yield f"macro {macro!r} is not allowed"
        return
    for child in element:
        kind = name_of(child)
        if kind == "ac:parameter":
            parameter = macro_name(child)
            if parameter not in MACROS[macro]:
                yield f"parameter {parameter!r} is not allowed in macro {macro}"
        elif kind not in {"ac:rich-text-body", "ac:plain-text-body"}:
            yield f"{kind or 'a comment'} directly in macro {macro}"
