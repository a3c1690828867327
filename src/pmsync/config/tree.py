"""Builds the tree of one YAML document from ruamel's events."""

import unicodedata
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)
from ruamel.yaml.reader import ReaderError

from pmsync.config.nodes import Node, Place, Scalar
from pmsync.config.scalars import resolve
from pmsync.core.errors import Problem

MOST_NODES = 20_000  # aliases count as often as they are used
DEEPEST = 40

_CURES = {
    "found character '\\t' that cannot start any token": "indent with spaces, never with tabs",
    "mapping values are not allowed here": (
        "is a text with a colon not in quotes, or the line indented too far?"
    ),
}
_Branch = TypeVar("_Branch", list[Node], dict[str, Node])
_Event = Any  # ruamel's events have no common type that declares marks


class UnreadableYamlError(Exception):
    """The rest of the document cannot be read; carries the reason with its place."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.what)
        self.problem = problem


class TreeBuilder:
    """Reads one document; faults that do not stop the reading are left in ``problems``."""

    def __init__(self, name: str) -> None:
        self.problems: list[Problem] = []
        self._name = name
        self._anchors: dict[str, tuple[Node, int]] = {}
        self._nodes = 0
        self._depth = 0
        self._events: Iterator[_Event] = iter(())

    def build(self, text: str) -> Node:
        """Return the tree of *text*.

        Raises:
            UnreadableYamlError: It is not YAML, not one document, empty, or too large.
        """
        # The round-trip reader would mark folds inside texts with a character of its own.
        self._events = iter(YAML(typ="safe", pure=True).parse(text))
        try:
            return self._document()
        except MarkedYAMLError as error:
            raise UnreadableYamlError(self._syntax(error)) from None
        except ReaderError as error:
            raise UnreadableYamlError(self._character(text, error)) from None
        # ruamel lets a few plain Python errors out of malformed input.
        except (YAMLError, ValueError, TypeError, AttributeError, LookupError, AssertionError):
            raise UnreadableYamlError(self._start().problem("this is not YAML")) from None

    def _document(self) -> Node:
        root: Node | None = None
        for event in self._events:
            if isinstance(event, DocumentStartEvent):
                if root:
                    fault = self._at(event).problem("a second document begins here")
                    raise UnreadableYamlError(fault)
                root = self._node(next(self._events))
        if root is None or root.value is None:
            raise UnreadableYamlError(self._start().problem("the file is empty"))
        return root

    def _node(self, event: _Event, key: Place | None = None) -> Node:
        place = self._at(event)
        if isinstance(event, AliasEvent):
            return self._alias(event, place, key)
        before = self._nodes
        self._count(1, place)
        self._refuse_tag(event, place)
        if isinstance(event, MappingStartEvent):
            node = Node(value=self._below(self._mapping, place), place=place, key=key)
        elif isinstance(event, SequenceStartEvent):
            node = Node(value=self._below(self._sequence, place), place=place, key=key)
        else:
            text = _joined(str(event.value))
            value = self._scalar(text, event.style, place)
            at = place if text or event.style else key or place  # nothing: its key's place
            node = Node(value=value, place=at, key=key, text=text)
        if event.anchor:
            self._anchors[event.anchor] = (node, self._nodes - before)
        return node

    def _below(self, read: Callable[[], _Branch], place: Place) -> _Branch:
        self._depth += 1
        if self._depth > DEEPEST:
            fault = f"this is nested more than {DEEPEST} levels deep"
            raise UnreadableYamlError(place.problem(fault))
        branch = read()
        self._depth -= 1
        return branch

    def _sequence(self) -> list[Node]:
        rows: list[Node] = []
        while not isinstance(event := next(self._events), SequenceEndEvent):
            rows.append(self._node(event))
        return rows

    def _mapping(self) -> dict[str, Node]:
        items: dict[str, Node] = {}
        while not isinstance(event := next(self._events), MappingEndEvent):
            place = self._at(event)
            key = self._key(self._node(event))
            value = self._node(next(self._events), key=place)
            if key in items:
                first = items[key].at.line
                fault = f"the key {shown(key)} is here twice, first in line {first}"
                self.problems.append(place.problem(fault, "keep one of them"))
            elif key is not None:
                items[key] = value
        return items

    def _key(self, node: Node) -> str | None:
        """Return a key as text; None if it cannot be one."""
        if node.items() or node.rows() or not node.text.strip():
            cure = "put a text with special characters in quotes"
            self.problems.append(node.place.problem("a key must be a plain text", cure))
            return None
        if any(map(_unprintable, node.text)):  # reported already
            return None
        if node.text == "<<":
            cure = "write the keys out"
            self.problems.append(node.place.problem("merge keys (<<) are not supported", cure))
            return None
        return node.text

    def _scalar(self, text: str, style: str | None, place: Place) -> Scalar:
        strange = next((char for char in text if _unprintable(char)), None)
        if strange:
            fault = f"the character U+{ord(strange):04X} is not allowed in a text"
            self.problems.append(place.problem(fault))
            return "?"
        if style in {"|", ">"}:
            return text.rstrip("\n")
        if style:
            return text
        try:
            return resolve(text)
        except ValueError as error:
            cure = "put it in quotes if it is a text"
            self.problems.append(place.problem(str(error), cure))
            return text

    def _alias(self, event: AliasEvent, place: Place, key: Place | None) -> Node:
        if event.anchor not in self._anchors:
            fault = f"*{event.anchor} stands for nothing that is complete before it"
            raise UnreadableYamlError(place.problem(fault))
        node, size = self._anchors[event.anchor]
        self._count(size, place)
        return Node(value=node.value, place=place, key=key, text=node.text)

    def _count(self, nodes: int, place: Place) -> None:
        self._nodes += nodes
        if self._nodes > MOST_NODES:
            fault = f"more than {MOST_NODES} values, aliases counted as often as they are used"
            raise UnreadableYamlError(place.problem(fault))

    def _refuse_tag(self, event: _Event, place: Place) -> None:
        if event.tag is not None:
            cure = "leave out the word that begins with !, or put the text in quotes"
            self.problems.append(place.problem("tags (!) are not allowed here", cure))

    def _start(self) -> Place:
        return Place(file=self._name)

    def _at(self, event: _Event) -> Place:
        mark = event.start_mark
        return Place(file=self._name, line=mark.line + 1, column=mark.column + 1)

    def _syntax(self, error: MarkedYAMLError) -> Problem:
        mark = error.problem_mark or error.context_mark
        place = self._start()
        if mark:
            place = Place(file=self._name, line=mark.line + 1, column=mark.column + 1)
        fault = str(error.problem or error.context)
        context = f"{error.context}: " if error.context and error.problem else ""
        return place.problem(f"this is not YAML: {context}{fault}", _CURES.get(fault, ""))

    def _character(self, text: str, error: ReaderError) -> Problem:
        """Say where the character stands that YAML forbids."""
        offset = next((at for at, char in enumerate(text) if ord(char) == error.character), 0)
        before = text[:offset]
        line, column = before.count("\n") + 1, offset - before.rfind("\n")
        place = Place(file=self._name, line=line, column=column)
        return place.problem(f"the character U+{error.character:04X} is not allowed in YAML")


def shown(text: str, most: int = 40) -> str:
    """Return *text* in quotes, cut to *most* characters, control characters written out."""
    cut = text if len(text) <= most else text[: most - 1] + "…"
    return "".join(char if char.isprintable() else f"\\u{ord(char):04x}" for char in f"'{cut}'")


def _joined(text: str) -> str:
    r"""Return *text* with pairs such as ``\ud83d\ude00`` as the one character they mean."""
    pairs = text.encode("utf-16-le", "surrogatepass")
    return pairs.decode("utf-16-le", "surrogatepass")


def _unprintable(char: str) -> bool:
    return unicodedata.category(char) in {"Cc", "Cs"} and char not in "\n\t"
