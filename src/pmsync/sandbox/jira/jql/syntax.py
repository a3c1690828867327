"""A JQL query as a tree, and the error that ends one."""

from dataclasses import dataclass, field
from typing import Literal

Operator = Literal["=", "!=", "<", ">", "<=", ">=", "~", "!~", "in", "not in", "is", "is not"]


class JqlError(Exception):
    """A query that Jira refuses, in Jira's words."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message

    @classmethod
    def syntax(cls, what: str, line: int, column: int) -> "JqlError":
        """A fault of grammar with its place, as Jira's parser tells it."""
        return cls(f"Error in the JQL Query: {what} (line {line}, character {column})")


@dataclass(frozen=True, slots=True)
class Value:
    """A literal; *bare* when it stood without quotation marks."""

    text: str
    bare: bool = True


@dataclass(frozen=True, slots=True)
class Empty:
    """EMPTY or NULL."""


@dataclass(frozen=True, slots=True)
class Call:
    """A function with its arguments."""

    name: str
    arguments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Listing:
    """Values in parentheses."""

    items: tuple["Value | Call | Empty", ...]


Operand = Value | Empty | Call | Listing


@dataclass(frozen=True, slots=True)
class Term:
    """A field, an operator, an operand."""

    field: str
    operator: Operator
    operand: Operand


@dataclass(frozen=True, slots=True)
class Both:
    """All of the parts hold."""

    parts: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Either:
    """At least one of the parts holds."""

    parts: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Negation:
    """The part does not hold."""

    part: "Node"


Node = Term | Both | Either | Negation


@dataclass(frozen=True, slots=True)
class SortField:
    """One field of ORDER BY; *descending* is None where the query leaves it to the field."""

    field: str
    descending: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """A whole query; *where* is None when it restricts nothing."""

    where: Node | None = None
    order: tuple[SortField, ...] = field(default=())
