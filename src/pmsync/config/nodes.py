"""YAML as a tree that knows its places.

Values are changed on the way to the rules (short forms are written out), so each node carries the
place it was written at: an error found later still points into the file.
"""

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, TypeAlias

from typing_extensions import override

from pmsync.core.errors import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

Json: TypeAlias = "str | int | float | bool | list[Json] | dict[str, Json] | None"
Scalar: TypeAlias = str | int | float | bool | None
Step: TypeAlias = str | int
Route: TypeAlias = tuple[Step, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where something was written.

    Attributes:
        file: Path as the user gave it, or what else it is, such as an environment variable.
        line, column: 1-based; 0 where there are no lines.
    """

    file: str
    line: int = 1
    column: int = 1

    def problem(self, what: str, cure: str = "") -> Problem:
        """Return a fault at this place."""
        if not self.line:
            return Problem(what=f"{self.file}: {what}", cure=cure)
        return Problem(what=what, file=self.file, line=self.line, column=self.column, cure=cure)

    @override
    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}" if self.line else self.file


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """A value of a YAML file.

    Attributes:
        value: A scalar, a list of nodes, or ``{key: node}`` with the keys as text.
        place: Where the value begins.
        key: Where its key begins; None for list items and the whole file.
        text: A scalar as written; empty otherwise.
    """

    value: "Scalar | list[Node] | dict[str, Node]" = field(repr=False)  # may hold a secret
    place: Place
    key: Place | None = None
    text: str = field(default="", repr=False)

    @property
    def at(self) -> Place:
        """The key's place, or the value's where there is no key."""
        return self.key or self.place

    def items(self) -> "dict[str, Node]":
        """Return the keys and values; empty if this is not a mapping."""
        return self.value if isinstance(self.value, dict) else {}

    def rows(self) -> "list[Node]":
        """Return the list items; empty if this is not a list."""
        return self.value if isinstance(self.value, list) else []

    def get(self, *route: Step) -> "Node | None":
        """Return the node at *route* below this one; None if there is none."""
        node: Node | None = self
        for step in route:
            node = node and node.child(step)
        return node

    def child(self, step: Step) -> "Node | None":
        """Return the node under one key or list index; None if there is none."""
        if isinstance(self.value, dict):
            return self.value.get(str(step))
        if isinstance(self.value, list) and isinstance(step, int) and step < len(self.value):
            return self.value[step]
        return None

    def nearest(self, route: Route) -> "tuple[Node, Route]":
        """Return the deepest node on *route* and the route to it.

        Steps that lead nowhere are passed over: pydantic puts names of union members into them.
        """
        node: Node = self
        found: Route = ()
        for step in route:
            child = node.child(step)
            if child is not None:
                node, found = child, (*found, step)
        return node, found

    def merged(self, other: "Node") -> "Node":
        """Return this with the blocks of *other* laid over it; where both speak, *other* holds."""
        if not (isinstance(self.value, dict) and isinstance(other.value, dict)):
            return other
        both = dict(self.value)
        for key, node in other.value.items():
            both[key] = both[key].merged(node) if key in both else node
        return self.with_value(both)

    def with_value(self, value: "Scalar | list[Node] | dict[str, Node]") -> "Node":
        """Return the same place with another value."""
        return replace(self, value=value)

    def plain(self) -> Json:
        """Return the value without places."""
        if isinstance(self.value, dict):
            return {key: node.plain() for key, node in self.value.items()}
        if isinstance(self.value, list):
            return [node.plain() for node in self.value]
        return self.value

    def leaves(self, route: Route = ()) -> "Iterator[tuple[Route, Node]]":
        """Yield every scalar and empty collection with its route."""
        children: list[tuple[Step, Node]] = [*self.items().items(), *enumerate(self.rows())]
        if not children:
            yield route, self
        for step, child in children:
            yield from child.leaves((*route, step))


def origins_of(root: Node) -> dict[str, str]:
    """Return ``{dotted key: place}`` of every value below *root*."""
    return {".".join(map(str, route)): str(node.place) for route, node in root.leaves()}
