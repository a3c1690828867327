"""The namespaces of storage format, and how an element is called there."""

from lxml.etree import _Element

AC = "http://atlassian.com/content"
RI = "http://atlassian.com/resource/identifier"
ROOT = "storage"
PREFIXES = {AC: "ac", RI: "ri"}

# Their text is not part of what a reader sees, or is literal: no paragraph, no comment goes in.
OPAQUE = frozenset({
    "ac:parameter", "ac:default-parameter", "ac:plain-text-body", "ac:plain-text-link-body",
    "ac:adf-attribute", "ac:task-id", "ac:task-uuid", "ac:task-status", "ac:image",
    "ac:emoticon", "ac:placeholder", "time", "colgroup",
})  # fmt: skip


def name_of(element: _Element) -> str:
    """``p``, ``ac:link``, ``ri:page``: the element's name with storage format's own prefixes."""
    return prefixed(str(element.tag))


def prefixed(clark: str) -> str:
    """``{namespace}local`` as ``ac:local``; a name without a namespace stays as it is."""
    if not clark.startswith("{"):
        return clark
    space, local = clark[1:].split("}", 1)
    return f"{PREFIXES.get(space, '?')}:{local}"


def ac(local: str) -> str:
    """The full name of an ``ac:`` element or attribute, as lxml wants it."""
    return f"{{{AC}}}{local}"


def ri(local: str) -> str:
    """The full name of an ``ri:`` element or attribute, as lxml wants it."""
    return f"{{{RI}}}{local}"


def macro_name(element: _Element) -> str:
    """The macro's name, empty if the element names none."""
    return element.get(ac("name")) or ""


def parameter(macro: _Element, name: str) -> str | None:
    """The text of a macro's parameter; None if it has none of that name."""
    for child in macro:
        if name_of(child) == "ac:parameter" and (child.get(ac("name")) or "") == name:
            return "".join(child.itertext())
    return None


def child_named(element: _Element, name: str) -> _Element | None:
    """The first child of that name."""
    return next((child for child in element if name_of(child) == name), None)
