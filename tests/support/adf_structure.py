"""A checker of Atlassian documents, written apart from what makes them."""

from typing import Any

_LISTS = {"bulletList", "orderedList"}
_INLINE = {"text", "hardBreak", "emoji", "mention"}
_CELL = _LISTS | {
    "paragraph",
    "heading",
    "codeBlock",
    "mediaSingle",
    "rule",
    "panel",
    "blockquote",
}
_CHILDREN: dict[str, set[str]] = {
    "doc": _CELL | {"table"},
    "paragraph": _INLINE,
    "heading": _INLINE,
    "bulletList": {"listItem"},
    "orderedList": {"listItem"},
    "listItem": _LISTS | {"paragraph", "codeBlock", "mediaSingle"},
    "codeBlock": {"text"},
    "blockquote": _LISTS | {"paragraph", "codeBlock", "mediaSingle"},
    "panel": _LISTS | {"paragraph", "heading", "codeBlock", "mediaSingle", "rule"},
    "table": {"tableRow"},
    "tableRow": {"tableHeader", "tableCell"},
    "tableHeader": _CELL,
    "tableCell": _CELL,
    "mediaSingle": {"media"},
}
_LEAVES = {"text", "hardBreak", "emoji", "mention", "rule", "media"}
_NEVER_EMPTY = {
    *("bulletList", "orderedList", "listItem", "blockquote", "panel", "table", "tableRow"),
    *("tableHeader", "tableCell", "mediaSingle"),
}
_ATTRIBUTES = {
    "heading": {"level"},
    "panel": {"panelType"},
    "mention": {"id", "text"},
    "emoji": {"shortName", "text"},
    "media": {"type", "url"},
}
_MARKS: dict[str, set[str]] = {
    "strong": set(),
    "em": set(),
    "strike": set(),
    "underline": set(),
    "code": set(),
    "subsup": {"type"},
    "textColor": {"color"},
    "link": {"href"},
}


def faults(document: dict[str, Any]) -> list[str]:
    """What is wrong with a document; empty when Jira would take it."""
    found = [] if document.get("version") == 1 else ["the version is not 1"]
    if document.get("type") != "doc" or not isinstance(document.get("content"), list):
        return [*found, "it is no doc"]
    return found + _below(document, "doc")


def words(node: Any) -> str:
    """Every text of a document, links' addresses included, one after the other."""
    if isinstance(node, list):
        return " ".join(map(words, node))
    if not isinstance(node, dict):
        return ""
    own = [node.get("text", "")]
    own += [str(value) for value in (node.get("attrs") or {}).values()]
    own += [mark["attrs"].get("href", "") for mark in node.get("marks", ()) if "attrs" in mark]
    return " ".join([*own, words(node.get("content", []))])


def _below(node: dict[str, Any], path: str) -> list[str]:
    kind = node["type"]
    children = node.get("content", [])
    found = []
    if kind in _LEAVES and "content" in node:
        found.append(f"{path} has content")
    if kind in _NEVER_EMPTY and not children:
        found.append(f"{path} is empty")
    if kind == "listItem" and children and children[0]["type"] in _LISTS:
        found.append(f"{path} begins with a list")
    for place, child in enumerate(children):
        where = f"{path}/{child.get('type')}[{place}]"
        if child.get("type") not in _CHILDREN.get(kind, set()):
            found.append(f"{where} may not stand there")
        found += _own(child, where) + _below(child, where)
    return found


def _own(node: dict[str, Any], path: str) -> list[str]:
    found = []
    if set(node) - {"type", "content", "attrs", "marks", "text"}:
        found.append(f"{path} has unknown keys")
    lacking = _ATTRIBUTES.get(node["type"], set()) - set(node.get("attrs") or {})
    if lacking:
        found.append(f"{path} lacks {sorted(lacking)}")
    if node["type"] == "text":
        found += _text(node, path)
    if node["type"] == "heading" and node["attrs"]["level"] not in range(1, 7):
        found.append(f"{path} has level {node['attrs']['level']}")
    return found


def _text(node: dict[str, Any], path: str) -> list[str]:
    kinds = [mark["type"] for mark in node.get("marks", ())]
    found = [] if node.get("text") else [f"{path} is an empty text"]
    if len(set(kinds)) < len(kinds):
        found.append(f"{path} has a mark twice")
    if "code" in kinds and set(kinds) - {"code", "link"}:
        found.append(f"{path} mixes code with {kinds}")
    if path.count("codeBlock") and kinds:
        found.append(f"{path} is marked inside a code block")
    return found + [
        f"{path} has a broken mark {mark}"
        for mark in node.get("marks", ())
        if _MARKS.get(mark["type"], {"?"}) - set(mark.get("attrs") or {})
    ]
