"""Bullet and numbered lists of wiki markup, nested by their signs."""

import re
from dataclasses import dataclass, field

from pmsync.sandbox.wiki.inline import inline
from pmsync.sandbox.wiki.nodes import Node, paragraph

ITEM = re.compile(r"[ \t]*([*#]+|-)[ \t]+(.*)")
_DEEPEST = 10


@dataclass(slots=True)
class _Item:
    signs: str
    lines: list[str]
    children: list["_Item"] = field(default_factory=list)


def list_nodes(lines: list[str]) -> list[Node]:
    """The lists that the lines make; the first line is an item, other lines continue one."""
    root = _Item("", [])
    path = [root]
    for line in lines:
        found = ITEM.match(line)
        if found is None:
            path[-1].lines.append(line)
            continue
        depth = min(len(found[1]), len(path), _DEEPEST)
        item = _Item(found[1], [found[2]])
        path[depth - 1].children.append(item)
        path[depth:] = [item]
    return _lists(root.children)


def _lists(items: list[_Item]) -> list[Node]:
    """Neighbours with the same kind of sign share a list."""
    nodes: list[Node] = []
    for item in items:
        kind = "orderedList" if item.signs.endswith("#") else "bulletList"
        if not nodes or nodes[-1]["type"] != kind:
            nodes.append({"type": kind, "content": []})
        first = paragraph(inline("\n".join(item.lines)))
        nodes[-1]["content"].append(
            {"type": "listItem", "content": [first, *_lists(item.children)]}
        )
    return nodes
