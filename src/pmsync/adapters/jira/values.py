"""Field values as Jira sends them, turned into what the core knows: numbers, texts, or nothing.

Nothing is refused here: a value of an unexpected kind becomes text, and the rules that use the
field say what is wrong with it.
"""

from typing import Any

import msgspec

from pmsync.core.model import Raw

_NAMES = ("value", "name", "displayName", "title", "key", "id")
_LINE_BREAKS = frozenset({"hardBreak", "rule"})
_BLOCKS = frozenset({
    "paragraph", "heading", "blockquote", "codeBlock", "listItem", "taskItem", "decisionItem",
    "tableRow", "panel", "expand", "nestedExpand",
})  # fmt: skip


def raw(value: Any) -> Raw:
    """Return a JSON value as the core keeps it; None for what is empty."""
    if isinstance(value, str):
        return value or None
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int | float):
        return float(value)
    if isinstance(value, list):
        return tuple(text for entry in value if (text := _text(entry))) or None
    return _text(value) or None


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, dict):
        return document_text(value) if value.get("type") == "doc" else _named(value)
    return "" if value is None else msgspec.json.encode(value).decode()


def _named(value: dict[str, Any]) -> str:
    for name in _NAMES:
        if isinstance(found := value.get(name), str) and found:
            child = value.get("child")
            # A cascading choice, as Jira writes it.
            return f"{found} - {_named(child)}" if isinstance(child, dict) else found
    return msgspec.json.encode(value).decode()


def document_text(document: dict[str, Any]) -> str:
    """Return the plain text of an Atlassian document (ADF), one block a line."""
    parts: list[str] = []
    waiting: list[Any] = [document]
    while waiting:
        node = waiting.pop()
        if isinstance(node, str):
            parts.append(node)
        elif isinstance(node, dict):
            parts.append(_own_text(node))
            if node.get("type") in _BLOCKS:
                waiting.append("\n")
            content = node.get("content")
            waiting.extend(reversed(content) if isinstance(content, list) else ())
    lines = (line.rstrip() for line in "".join(parts).splitlines())
    return "\n".join(line for line in lines if line)


def _own_text(node: dict[str, Any]) -> str:
    """The text a node has of its own; a card, mention or emoji keeps it among its attributes."""
    if isinstance(text := node.get("text"), str):
        return text
    if node.get("type") in _LINE_BREAKS:
        return "\n"
    attributes = node.get("attrs")
    if not isinstance(attributes, dict):
        return ""
    shown = (attributes.get(name) for name in ("text", "url", "shortName"))
    return next((text for text in shown if isinstance(text, str)), "")
