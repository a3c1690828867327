"""The inline half of wiki markup: marks, links, mentions, images, emoticons, escapes."""

import re
from typing import Any

from pmsync.sandbox.people import account_id
from pmsync.sandbox.wiki.emoji import EMOJI, PATTERN
from pmsync.sandbox.wiki.nodes import Node

Mark = dict[str, Any]
Marks = tuple[Mark, ...]

_TOKEN = re.compile(
    r"(?P<newline>[ \t]*\n[ \t]*|\\\\(?!\\))"
    r"|(?P<escape>\\[^\w\s\\])"
    r"|(?P<mono>\{\{)"
    r"|(?P<colour>\{color(?::[^{}\n]*)?\})"
    r"|(?P<link>\[[^\[\]\n]+\])"
    r"|(?P<url>\b(?:https?|ftp)://[^\s|\[\]{}<>\"]+)"
    r"|(?P<image>!(?=\S)[^!\n]+!)"
    rf"|(?P<emoji>(?<!\w)(?:{PATTERN})(?!\w))"
    r"|(?P<mark>\{[*_+^~-]\}(?=\S)|(?<!\w)(?:[*_+^~]|\?\?)(?=\S)|(?<![\w-])-(?=[^\s-]))"
)
_MARKS: dict[str, Mark] = {
    "*": {"type": "strong"},
    "_": {"type": "em"},
    "??": {"type": "em"},
    "-": {"type": "strike"},
    "+": {"type": "underline"},
    "^": {"type": "subsup", "attrs": {"type": "sup"}},
    "~": {"type": "subsup", "attrs": {"type": "sub"}},
}
_CLOSERS = {sign: re.compile(rf"(?<=[^\s\\]){re.escape(sign)}(?!\w)") for sign in _MARKS}
_CLOSERS |= {f"{{{sign}}}": re.compile(re.escape(f"{{{sign}}}")) for sign in "*_-+^~"}
_COLOURS = {
    "red": "#ff0000", "green": "#008000", "blue": "#0000ff", "orange": "#ffa500",
    "yellow": "#ffff00", "purple": "#800080", "black": "#000000", "white": "#ffffff",
    "gray": "#808080", "grey": "#808080", "navy": "#000080", "teal": "#008080",
    "maroon": "#800000", "olive": "#808000", "silver": "#c0c0c0", "lime": "#00ff00",
    "aqua": "#00ffff", "fuchsia": "#ff00ff", "brown": "#a52a2a", "pink": "#ffc0cb",
    "darkred": "#8b0000", "darkgreen": "#006400", "darkblue": "#00008b",
}  # fmt: skip
_HEX = re.compile(r"#[0-9a-fA-F]{6}")
_TARGET = re.compile(r"(?:(?:https?|ftp|file)://|mailto:|www\.|[#/])\S", re.IGNORECASE)
_IMAGE = re.compile(r"\S.*\.[a-z0-9]{2,5}(?:\?\S*)?|https?://\S+", re.IGNORECASE)


def inline(text: str) -> list[Node]:
    """The inline nodes of one paragraph, heading or cell; line ends become hard breaks."""
    reading = _Reading(text)
    reading.span(0, len(text), ())
    return reading.trimmed()


def image_url(text: str) -> str | None:
    """The address, if the text is nothing but one image from elsewhere."""
    body = text.strip()
    if len(body) < 3 or body[0] != "!" or body[-1] != "!" or "!" in body[1:-1]:  # noqa: PLR2004
        return None
    url = body[1:-1].partition("|")[0]
    return url if re.fullmatch(r"https?://\S+", url) else None


class _Reading:
    """One pass over one text; every part of it is scanned once per nesting of marks."""

    __slots__ = ("_dead", "_last", "_nodes", "_text")

    def __init__(self, text: str) -> None:
        self._text = text
        self._nodes: list[Node] = []
        self._last: Marks | None = None
        self._dead: dict[str, int] = {}  # a sign with no partner before this place

    def span(self, pos: int, end: int, marks: Marks) -> None:
        """Reads ``text[pos:end]``; what stands before a token is plain text."""
        while found := _TOKEN.search(self._text, pos, end):
            self._write(self._text[pos : found.start()], marks)
            pos, marks = self._token(found, end, marks)
        self._write(self._text[pos:end], marks)

    def trimmed(self) -> list[Node]:
        """The nodes without hard breaks and blanks at the ends."""
        nodes = self._nodes
        while nodes and _blank(nodes[-1]):
            nodes.pop()
        while nodes and _blank(nodes[0]):
            nodes.pop(0)
        return nodes

    def _token(self, found: re.Match[str], end: int, marks: Marks) -> tuple[int, Marks]:
        """Writes one token; where to go on and with which marks."""
        kind, token = str(found.lastgroup), found[0]
        if kind == "mark":
            return self._mark(token, found.end(), end, marks), marks
        if kind == "mono":
            return self._mono(found.end(), end, marks), marks
        if kind == "url":
            return self._url(found, marks), marks
        if kind == "colour":
            return found.end(), self._colour(token, marks)
        if kind == "link":
            self._link(found, marks)
        else:
            self._simple(kind, token, marks)
        return found.end(), marks

    def _simple(self, kind: str, token: str, marks: Marks) -> None:
        if kind == "newline":
            self._node({"type": "hardBreak"})
        elif kind == "escape":
            self._write(token[1:], marks)
        elif kind == "emoji":
            name, sign = EMOJI[token]
            self._node({"type": "emoji", "attrs": {"shortName": f":{name}:", "text": sign}})
        else:
            self._image(token, marks)

    def _mark(self, sign: str, pos: int, end: int, marks: Marks) -> int:
        mark = _MARKS[sign.strip("{}")]
        stop = self._partner(sign, pos, end)
        if stop is None or any(active["type"] == mark["type"] for active in marks):
            self._write(sign, marks)
            return pos
        self.span(pos, stop, (*marks, mark))
        return stop + len(sign)

    def _partner(self, sign: str, pos: int, end: int) -> int | None:
        """Where the closing sign is, in the same line."""
        if pos <= self._dead.get(sign, -1):
            return None
        line_end = self._text.find("\n", pos, end)
        limit = end if line_end < 0 else line_end
        found = _CLOSERS[sign].search(self._text, pos + 1, limit)
        if found is None:
            self._dead[sign] = limit
            return None
        return found.start()

    def _mono(self, pos: int, end: int, marks: Marks) -> int:
        stop = -1 if pos <= self._dead.get("{{", -1) else self._text.find("}}", pos, end)
        if stop < 0:
            self._dead["{{"] = end
        if stop < 0 or stop == pos or "\n" in self._text[pos:stop]:
            self._write("{{", marks)
            return pos
        # ADF lets code go together with a link only.
        links = tuple(mark for mark in marks if mark["type"] == "link")
        self._write(self._text[pos:stop].replace("\\", ""), (*links, {"type": "code"}))
        return stop + 2

    def _url(self, found: re.Match[str], marks: Marks) -> int:
        url = found[0].rstrip(".,;:!?'*_")
        if url.endswith(")") and "(" not in url:
            url = url.rstrip(")")
        self._write(url, _linked(marks, url))
        return found.start() + len(url)

    def _colour(self, token: str, marks: Marks) -> Marks:
        plain = tuple(mark for mark in marks if mark["type"] != "textColor")
        name = token[1:-1].partition(":")[2].strip().lower()
        colour = name if _HEX.fullmatch(name) else _COLOURS.get(name)
        if name and colour is None:
            self._write(token, marks)
            return marks
        return (*plain, {"type": "textColor", "attrs": {"color": colour}}) if colour else plain

    def _link(self, found: re.Match[str], marks: Marks) -> None:
        label, _, rest = (
            found[0][1:-1].rpartition("|") if "|" in found[0] else ("", "", found[0][1:-1])
        )
        if not label and rest.startswith("~") and len(rest) > 1:
            self._mention(rest[1:])
        elif _TARGET.match(rest) and " " not in rest.strip():
            linked = _linked(marks, rest.strip())
            if label.strip():
                self.span(found.start() + 1, found.start() + 1 + len(label), linked)
            else:
                self._write(rest.strip(), linked)
        elif not label and rest.startswith("^") and len(rest) > 1:
            self._write(rest[1:], marks)
        else:
            self._write("[", marks)
            self.span(found.start() + 1, found.end() - 1, marks)
            self._write("]", marks)

    def _mention(self, user: str) -> None:
        known = user.removeprefix("accountid:")
        identity = known if known != user and known else account_id(user)
        self._node({"type": "mention", "attrs": {"id": identity, "text": f"@{known or user}"}})

    def _image(self, token: str, marks: Marks) -> None:
        name = token[1:-1].partition("|")[0]
        if not _IMAGE.fullmatch(name):
            self._write(token, marks)
        elif name.lower().startswith(("http://", "https://")):
            self._write(name, _linked(marks, name))
        else:
            self._write(name, marks)

    def _write(self, text: str, marks: Marks) -> None:
        if not text:
            return
        if self._last == marks:
            self._nodes[-1]["text"] += text
            return
        node: Node = {"type": "text", "text": text}
        if marks:
            node["marks"] = list(marks)
        self._nodes.append(node)
        self._last = marks

    def _node(self, node: Node) -> None:
        self._nodes.append(node)
        self._last = None


def _linked(marks: Marks, url: str) -> Marks:
    """The marks with a link; a text that is in a link already stays in that one."""
    if any(mark["type"] == "link" for mark in marks):
        return marks
    return (*marks, {"type": "link", "attrs": {"href": url}})


def _blank(node: Node) -> bool:
    return node["type"] == "hardBreak" or (node["type"] == "text" and not node["text"].strip())
