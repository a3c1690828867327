"""The block half of wiki markup: macros, headings, quotes, rules, lists, tables, paragraphs."""

import re
from collections.abc import Iterator

from pmsync.sandbox.wiki.inline import image_url, inline
from pmsync.sandbox.wiki.lists import ITEM, list_nodes
from pmsync.sandbox.wiki.nodes import Node, bold, code_block, container, paragraph
from pmsync.sandbox.wiki.tables import row_ends, table

_OPENER = re.compile(
    r"(?<!\\)\{(code|noformat|panel|quote|info|note|warning|tip)(?::([^{}\n]*))?\}"
)
_HEADING = re.compile(r"[ \t]*h([1-6])\.(?:[ \t]+(.*)|$)")
_QUOTE = re.compile(r"[ \t]*bq\.[ \t]+(.*)")
_RULE = re.compile(r"[ \t]*-{4,}[ \t]*")
_ROW = re.compile(r"[ \t]*\|")
_PANELS = {"panel": "info", "info": "info", "note": "note", "warning": "warning", "tip": "success"}
_DEEPEST = 4


def blocks(text: str, depth: int = 0) -> list[Node]:
    """The block nodes of a text; macros inside macros down to a fixed depth, then as text."""
    if depth >= _DEEPEST:
        return list(_flow(text, depth))
    nodes: list[Node] = []
    pos = 0
    for opener, end in _macros(text):
        nodes.extend(_flow(text[pos : opener.start()], depth))
        close = end - len(opener[1]) - 2
        nodes.extend(_macro(opener, text[opener.end() : close], depth))
        pos = end
    nodes.extend(_flow(text[pos:], depth))
    return nodes


def _macros(text: str) -> Iterator[tuple[re.Match[str], int]]:
    """Openers that have a closer, with the place behind it; not in table rows."""
    pos = 0
    unclosed: set[str] = set()
    while opener := _OPENER.search(text, pos):
        name = opener[1]
        line_start = text.rfind("\n", pos, opener.start()) + 1
        close = -1 if name in unclosed else text.find(f"{{{name}}}", opener.end())
        if close < 0:
            unclosed.add(name)
        if close < 0 or _ROW.match(text, max(line_start, pos)):
            pos = opener.end()
            continue
        pos = close + len(name) + 2
        yield opener, pos


def _macro(opener: re.Match[str], body: str, depth: int) -> list[Node]:
    name = opener[1]
    parameters, bare = _parameters(opener[2] or "")
    title = [bold(parameters["title"])] if parameters.get("title") else []
    if name in {"code", "noformat"}:
        language = parameters.get("language") or bare
        code = body.removeprefix("\n").removesuffix("\n")
        return [*title, code_block(code, language if name == "code" else None)]
    children = title + blocks(body, depth + 1)
    if name == "quote":
        return [container("blockquote", children)]
    return [container("panel", children, {"panelType": _PANELS[name]})]


def _parameters(text: str) -> tuple[dict[str, str], str | None]:
    """``title=A|java`` as ``({"title": "A"}, "java")``."""
    named: dict[str, str] = {}
    bare = None
    for part in filter(None, (part.strip() for part in text.split("|"))):
        key, sign, value = part.partition("=")
        if sign:
            named[key.strip().lower()] = value.strip()
        else:
            bare = part
    return named, bare


def _flow(text: str, depth: int) -> Iterator[Node]:
    """The nodes of lines without macros."""
    lines = text.split("\n")
    pos = 0
    while pos < len(lines):
        line = lines[pos]
        if not line.strip():
            pos += 1
        elif single := _single(line):
            yield single
            pos += 1
        elif ITEM.match(line):
            end = _run(lines, pos + 1)
            yield from list_nodes(lines[pos:end])
            pos = end
        elif _ROW.match(line):
            rows, pos = _rows(lines, pos)
            yield table(rows, lambda cell: blocks(cell, depth + 1))
        else:
            end = _run(lines, pos + 1, items=True)
            yield _paragraph("\n".join(lines[pos:end]))
            pos = end


def _single(line: str) -> Node | None:
    """A block of one line: heading, quote or rule."""
    if found := _HEADING.match(line):
        content = inline(found[2] or "")
        return {"type": "heading", "attrs": {"level": int(found[1])}, "content": content}
    if found := _QUOTE.match(line):
        return container("blockquote", [paragraph(inline(found[1]))])
    if _RULE.fullmatch(line):
        return {"type": "rule"}
    return None


def _run(lines: list[str], pos: int, *, items: bool = False) -> int:
    """The first line at or after ``pos`` that belongs to another block."""
    while pos < len(lines):
        line = lines[pos]
        if not line.strip() or _HEADING.match(line) or _QUOTE.match(line) or _RULE.fullmatch(line):
            break
        if _ROW.match(line) or (items and ITEM.match(line)):
            break
        pos += 1
    return pos


def _rows(lines: list[str], pos: int) -> tuple[list[str], int]:
    """Texts of neighbouring rows; a row goes on over lines until one ends with a bar."""
    rows: list[str] = []
    while pos < len(lines) and _ROW.match(lines[pos]):
        row = [lines[pos]]
        pos += 1
        while not row_ends(row) and pos < len(lines):
            if not lines[pos].strip() or _ROW.match(lines[pos]):
                break
            row.append(lines[pos])
            pos += 1
        rows.append("\n".join(row))
    return rows, pos


def _paragraph(text: str) -> Node:
    if url := image_url(text):
        media = {"type": "media", "attrs": {"type": "external", "url": url}}
        return {"type": "mediaSingle", "attrs": {"layout": "center"}, "content": [media]}
    return paragraph(inline(text))
