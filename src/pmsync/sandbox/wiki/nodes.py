"""Small constructors for ADF nodes, and what may stand inside what."""

from collections.abc import Iterable
from typing import Any

Node = dict[str, Any]

_LISTS = frozenset({"bulletList", "orderedList"})
_ALLOWED = {
    "blockquote": _LISTS | {"paragraph", "codeBlock", "mediaSingle"},
    "panel": _LISTS | {"paragraph", "heading", "codeBlock", "mediaSingle", "rule"},
    "tableCell": _LISTS
    | {"paragraph", "heading", "codeBlock", "mediaSingle", "rule", "panel", "blockquote"},
}
_ALLOWED["tableHeader"] = _ALLOWED["tableCell"]


def paragraph(content: list[Node]) -> Node:
    """A paragraph around inline nodes."""
    return {"type": "paragraph", "content": content}


def bold(text: str) -> Node:
    """A paragraph with one bold text (not empty)."""
    return paragraph([{"type": "text", "text": text, "marks": [{"type": "strong"}]}])


def code_block(text: str, language: str | None = None) -> Node:
    """A code block; an empty one has no content, because ADF knows no empty text."""
    node: Node = {"type": "codeBlock", "attrs": {"language": language} if language else {}}
    if text:
        node["content"] = [{"type": "text", "text": text}]
    return node


def container(kind: str, children: list[Node], attrs: Node | None = None) -> Node:
    """A node of ``kind`` whose children are brought to what ADF allows in it."""
    fitted = list(_fit(kind, children)) or [paragraph([])]
    node: Node = {"type": kind, "content": fitted}
    if attrs is not None:
        node["attrs"] = attrs
    return node


def _fit(kind: str, children: Iterable[Node]) -> Iterable[Node]:
    for child in children:
        if child["type"] in _ALLOWED[kind]:
            yield child
        elif child["type"] == "heading":
            yield paragraph(child["content"])
        else:  # a table, a rule or another container: what it holds, one level up
            yield from _fit(kind, child.get("content", ()))
