"""Bodies compared by what they say, not by how Confluence happened to store them.

On saving, Confluence adds ids and versions, sorts parameters, puts loose text into paragraphs and
respells some elements; a comment puts a marker around text. None of that is an edit.
"""

import hashlib
import re

from lxml import etree
from lxml.etree import _Element

from pmsync.pages.storage.tree import ac, macro_name, name_of, parse, prefixed, write

_IDS = frozenset({
    "local-id", "ac:local-id", "ac:macro-id", "ac:schema-version", "ac:task-list-id",
    "ri:version-at-save", "data-number-column",
})  # fmt: skip
_SPELLINGS = {"b": "strong", "i": "em", "del": "s", "strike": "s", "ins": "u", "tt": "code"}
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_INLINE = frozenset({
    "a", "abbr", "big", "br", "cite", "code", "em", "font", "kbd", "q", "s", "samp", "small",
    "span", "strong", "sub", "sup", "time", "u", "var", "ac:emoticon", "ac:link",
    "ac:placeholder", "ac:inline-comment-marker",
})  # fmt: skip
_INLINE_MACROS = frozenset({"status", "anchor"})
# These hold elements only: space between those is layout of the source.
_ONLY_ELEMENTS = frozenset({
    "table", "colgroup", "tbody", "tr", "ul", "ol", "ac:layout", "ac:layout-section",
    "ac:task-list", "ac:task", "ac:structured-macro", "ac:adf-extension", "ac:adf-node",
})  # fmt: skip
# These hold blocks: loose text in them becomes a paragraph.
_BLOCKS = frozenset({"page", "td", "th", "li", "blockquote", "ac:rich-text-body", "ac:layout-cell"})
_VERBATIM = frozenset({
    "pre", "ac:plain-text-body", "ac:plain-text-link-body", "ac:parameter", "ac:adf-attribute",
})  # fmt: skip
_UNREAD = frozenset({"ac:parameter", "ac:task-id", "ac:task-uuid", "ac:task-status"})
_SPACE = re.compile(r"[ \t\r\n]+")
_HEX = re.compile(r"#([0-9a-fA-F]{6})\b")
_MARKER = ac("inline-comment-marker")


def body_hash(body: str) -> str:
    """Return the sha256, hexadecimal, of the canonical body.

    Raises:
        BodyError: *body* is not well-formed.
    """
    return hashlib.sha256(canonical(body).encode()).hexdigest()


def canonical(body: str) -> str:
    """Return the one spelling shared by all bodies that say the same as *body*.

    Dropped: ids that Confluence gives, schema versions, the order of parameters, entity style,
    comment markers (their text stays), white space that does not show. Kept: the state of tasks.

    Raises:
        BodyError: *body* is not well-formed.
    """
    root = parse(body)
    _unmark(root)
    for element in list(root.iterdescendants()):
        _respell(element)
    for element in [root, *root.iterdescendants()]:
        _lay_out(element)
    _squeeze(root)
    return write(root)


def comment_refs(body: str) -> tuple[str, ...]:
    """Return the references of the inline comments in *body*, in order, each once."""
    refs = (str(marker.get(ac("ref"))) for marker in parse(body).iter(_MARKER))
    return tuple(dict.fromkeys(refs))


def text_size(body: str) -> int:
    """Return how many characters of text a reader of *body* sees, white space left out."""
    return sum(1 for text in _read(parse(body)) for c in text if not c.isspace())


def _read(element: _Element) -> list[str]:
    found = [element.text or ""]
    for child in element:
        shown = name_of(child) not in _UNREAD or child.get(ac("name")) == "title"
        if shown and name_of(child):
            found += _read(child)
        found.append(child.tail or "")
    return found


def _unmark(root: _Element) -> None:
    for element in list(root.iterdescendants()):
        if not isinstance(element.tag, str):
            _remove(element)
    etree.strip_tags(root, _MARKER)


def _remove(element: _Element) -> None:
    """Take *element* out; its tail stays."""
    parent = element.getparent()
    if parent is None:
        return
    before = element.getprevious()
    if before is not None:
        before.tail = (before.tail or "") + (element.tail or "") or None
    else:
        parent.text = (parent.text or "") + (element.tail or "") or None
    parent.remove(element)


def _respell(element: _Element) -> None:
    name = name_of(element)
    if name in _SPELLINGS:
        element.tag = _SPELLINGS[name]
    for key in list(element.attrib):
        if _is_noise(name, prefixed(key)):
            del element.attrib[key]
    style = element.get("style")
    if style:
        element.set("style", _HEX.sub(_rgb, style).strip().removesuffix(";"))
    if name == "table":
        _one_table_body(element)
    elif name == "ac:structured-macro":
        element[:] = sorted(
            element, key=lambda part: (name_of(part) != "ac:parameter", macro_name(part))
        )
    elif name in {"ac:task-id", "ac:task-uuid"}:
        _remove(element)


def _is_noise(name: str, attribute: str) -> bool:
    return (
        attribute in _IDS
        or (attribute == "id" and name in _HEADINGS)
        or (attribute.startswith("data-") and name == "span")
    )


def _rgb(found: re.Match[str]) -> str:
    red, green, blue = bytes.fromhex(found[1])
    return f"rgb({red},{green},{blue})"


def _one_table_body(table: _Element) -> None:
    """Put all rows, of a head and a foot too, into one ``tbody``, as Confluence does."""
    rows = [row for row in table.iter("tr") if next(row.iterancestors("table"), None) is table]
    for part in list(table):
        if name_of(part) != "colgroup":
            table.remove(part)
    etree.SubElement(table, "tbody").extend(rows)


def _lay_out(element: _Element) -> None:
    name = name_of(element)
    if name in _ONLY_ELEMENTS:
        element.text = None
        for child in element:
            child.tail = None
    elif name in _BLOCKS:
        _paragraphs(element, fill=name != "page")


def _paragraphs(container: _Element, *, fill: bool) -> None:
    """Put each run of loose text and inline elements of *container* into a paragraph."""
    pieces: list[_Element | str] = [container.text or ""]
    for child in list(container):
        pieces += [child, child.tail or ""]
        child.tail = None
        container.remove(child)
    container.text = None
    paragraph: _Element | None = None
    for piece in pieces:
        if not isinstance(piece, str) and not _is_inline(piece):
            container.append(piece)
            paragraph = None
        elif not isinstance(piece, str) or piece.strip() or paragraph is not None:
            if paragraph is None:
                paragraph = etree.SubElement(container, "p")
            _append(paragraph, piece)
    if fill and not len(container):
        etree.SubElement(container, "p")


def _append(paragraph: _Element, piece: _Element | str) -> None:
    if not isinstance(piece, str):
        paragraph.append(piece)
    elif len(paragraph):
        paragraph[-1].tail = (paragraph[-1].tail or "") + piece
    else:
        paragraph.text = (paragraph.text or "") + piece


def _is_inline(element: _Element) -> bool:
    name = name_of(element)
    if name == "ac:image":
        return element.get(ac("inline")) == "true"
    if name != "ac:structured-macro":
        return name in _INLINE
    macro = macro_name(element)
    keyed = any(macro_name(part) == "key" for part in element)
    return macro in _INLINE_MACROS or (macro == "jira" and keyed)


def _squeeze(element: _Element) -> None:
    """Make white space that does not show one space, and none at the edges of a block."""
    name = name_of(element)
    if name in _VERBATIM:
        return
    element.text = _SPACE.sub(" ", element.text or "") or None
    for child in element:
        _squeeze(child)
        child.tail = _SPACE.sub(" ", child.tail or "") or None
    if name == "p" or name in _HEADINGS:
        _strip_edges(element)


def _strip_edges(block: _Element) -> None:
    block.text = (block.text or "").lstrip(" ") or None
    if len(block):
        last = block[-1]
        last.tail = (last.tail or "").rstrip(" ") or None
    elif block.text:
        block.text = block.text.rstrip(" ") or None
