"""What Cloud changes in a body that it saves: ids come, paragraphs come, some attributes go.

Each step leaves alone what an earlier save has made, so a second save changes nothing.
"""

import re
from collections.abc import Callable

from lxml import etree
from lxml.etree import _Element

from pmsync.sandbox.confluence.storage.macros import MACROS
from pmsync.sandbox.confluence.storage.names import ac, child_named, macro_name, name_of, ri
from pmsync.sandbox.confluence.storage.paragraphs import paragraphs

IdSource = Callable[[], str]
"""Gives a new UUID each time it is called."""

_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_SPELLINGS = {"b": "strong", "i": "em", "del": "s", "strike": "s", "ins": "u", "tt": "code"}
_HEX_COLOUR = re.compile(r"#([0-9a-fA-F]{6})\b")


def normalise(root: _Element, ids: IdSource) -> None:
    """Change a checked tree in place into what Cloud stores.

    Args:
        root: What ``parse`` gave; ``check`` must have passed.
        ids: Where missing ids come from.
    """
    for element in list(root.iterdescendants()):
        _respell(element)
        if name_of(element) == "table":
            _one_table_body(element)
    paragraphs(root)
    for element in list(root.iterdescendants()):
        _identify(element, name_of(element), ids)


def _respell(element: _Element) -> None:
    name = name_of(element)
    if name in _SPELLINGS:
        element.tag = _SPELLINGS[name]
    elif name in _HEADINGS:
        _drop(element, lambda key: key == "id")
    elif name == "span":
        _drop(element, lambda key: key.startswith("data-"))
        _rgb_style(element)
    elif name == "table":
        _drop(element, lambda key: key == "data-number-column")


def _drop(element: _Element, unwanted: Callable[[str], bool]) -> None:
    for key in [str(key) for key in element.attrib if unwanted(str(key))]:
        del element.attrib[key]


def _rgb_style(element: _Element) -> None:
    style = element.get("style")
    if style is not None:
        element.set("style", _HEX_COLOUR.sub(_rgb, style))


def _rgb(found: re.Match[str]) -> str:
    red, green, blue = bytes.fromhex(found[1])
    return f"rgb({red},{green},{blue})"


def _one_table_body(table: _Element) -> None:
    """Rows of a head, a foot or the bare table end in one ``tbody``; Cloud knows no other."""
    rows = [row for row in table.iter("tr") if _table_of(row) is table]
    parts = [part for part in table if name_of(part) != "colgroup"]
    if [name_of(part) for part in parts] == ["tbody"]:
        return
    for part in parts:
        table.remove(part)
    body = etree.SubElement(table, "tbody")
    body.extend(rows)


def _table_of(row: _Element) -> _Element | None:
    return next(row.iterancestors("table"), None)


def _identify(element: _Element, name: str, ids: IdSource) -> None:
    if name == "ac:structured-macro":
        _macro(element, ids)
    elif name == "ac:task-list":
        _default(element, ac("task-list-id"), ids)
    elif name == "ac:task":
        _task(element, ids)
    elif name == "table":
        _default(element, ac("local-id"), ids)
    elif name == "p" or name in _HEADINGS:
        _default(element, "local-id", lambda: ids().rpartition("-")[2])
    elif name in {"ri:page", "ri:attachment"}:
        _default(element, ri("version-at-save"), lambda: "1")


def _default(element: _Element, key: str, make: Callable[[], str]) -> None:
    if element.get(key) is None:
        element.set(key, make())


def _macro(macro: _Element, ids: IdSource) -> None:
    kind = MACROS[macro_name(macro)]
    version = macro.get(ac("schema-version")) or "0"
    if not version.isdecimal() or int(version) < kind.version:
        macro.set(ac("schema-version"), str(kind.version))
    _default(macro, ac("macro-id"), ids)
    _default(macro, ac("local-id"), ids)
    parts = sorted(macro, key=_part_order)
    for part in parts:
        macro.remove(part)
    macro.extend(parts)


def _part_order(part: _Element) -> tuple[bool, str]:
    """Parameters by name, then the body."""
    return (name_of(part) != "ac:parameter", part.get(ac("name")) or "")


def _task(task: _Element, ids: IdSource) -> None:
    number = child_named(task, "ac:task-id")
    if number is None:
        number = etree.Element(ac("task-id"))
        number.text = str(_next_task(task))
        task.insert(0, number)
    if child_named(task, "ac:task-uuid") is None:
        uuid = etree.Element(ac("task-uuid"))
        uuid.text = ids()
        task.insert(task.index(number) + 1, uuid)


def _next_task(task: _Element) -> int:
    taken = task.getroottree().getroot().iter(ac("task-id"))
    return 1 + max((int(n.text) for n in taken if n.text and n.text.isdecimal()), default=0)
