"""Cuts a JQL query into tokens, with quoting and reserved words as Jira has them."""

import re
from dataclasses import dataclass
from typing import Literal, NoReturn

from pmsync.sandbox.jira.jql.reserved import RESERVED_CHARACTERS, RESERVED_WORDS
from pmsync.sandbox.jira.jql.syntax import JqlError

Kind = Literal["word", "quoted", "operator", "bracket", "custom", "end"]

_SPACE = re.compile(r"[\s ]+")
_OPERATOR = re.compile(r"!=|<=|>=|!~|&&|\|\||[=<>~&|!]")
_CUSTOM = re.compile(r"cf\s*\[\s*(\d+)\s*\]", re.IGNORECASE)
_WORD = re.compile(r"""(?:\\.|[^\s =!<>~&|()\[\],"'\\{}*/%+^$#@?;])+""", re.DOTALL)
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|(.))", re.DOTALL)
_ESCAPED = {"n": "\n", "t": "\t", "r": "\r", '"': '"', "'": "'", "\\": "\\", " ": " "}
_SPELT = {"&": "and", "&&": "and", "|": "or", "||": "or", "!": "not"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """One token.

    Attributes:
        text: Unescaped, without quotation marks; a custom field's number as ``cf[n]``.
        line, column: Where it starts; the line from 1, the column as Jira counts it, from 1.
    """

    kind: Kind
    text: str
    line: int
    column: int

    def word(self, *names: str) -> bool:
        """Whether this is one of the bare words *names* (lower case)."""
        return self.kind == "word" and self.text.lower() in names

    @property
    def reserved(self) -> bool:
        """Whether the word may only stand in quotation marks."""
        return self.kind == "word" and self.text.lower() in RESERVED_WORDS


def tokens(jql: str) -> list[Token]:
    """All tokens of a query; the last one is of kind ``end``.

    Raises:
        JqlError: A character or a string that Jira's lexer refuses.
    """
    found: list[Token] = []
    place = 0
    while True:
        if space := _SPACE.match(jql, place):
            place = space.end()
        line, column = _position(jql, place)
        if place >= len(jql):
            return [*found, Token(kind="end", text="", line=line, column=column)]
        kind, text, place = _next(jql, place, line, column)
        found.append(Token(kind=kind, text=text, line=line, column=column))


def _next(jql: str, place: int, line: int, column: int) -> tuple[Kind, str, int]:
    if jql[place] in "\"'":
        return _quoted(jql, place, line, column)
    if jql[place] in "(),":
        return "bracket", jql[place], place + 1
    if match := _OPERATOR.match(jql, place):
        spelt = _SPELT.get(match[0])
        return ("word", spelt, match.end()) if spelt else ("operator", match[0], match.end())
    if match := _CUSTOM.match(jql, place):
        return "custom", f"cf[{match[1]}]", match.end()
    if match := _WORD.match(jql, place):
        return "word", _unescaped(match[0], line, column), match.end()
    return _refuse(jql[place], line, column)


def _quoted(jql: str, place: int, line: int, column: int) -> tuple[Kind, str, int]:
    quote, end = jql[place], place + 1
    while end < len(jql) and jql[end] != quote:
        end += 2 if jql[end] == "\\" else 1
    if end >= len(jql):
        what = f"The quoted string '{jql[place + 1 :]}' has not been completed."
        raise JqlError.syntax(what, line, column)
    return "quoted", _unescaped(jql[place + 1 : end], line, column), end + 1


def _unescaped(text: str, line: int, column: int) -> str:
    def replaced(match: re.Match[str]) -> str:
        if match[1]:
            return chr(int(match[1], 16))
        if match[2] in _ESCAPED or match[2] in RESERVED_CHARACTERS:
            return _ESCAPED.get(match[2], match[2])
        what = (
            f"'\\{match[2]}' is an illegal JQL escape sequence. The valid escape sequences are "
            "\\', \\\", \\t, \\n, \\r, \\\\, '\\ ' and \\uXXXX."
        )
        raise JqlError.syntax(what, line, column)

    return _ESCAPE.sub(replaced, text) if "\\" in text else text


def _refuse(character: str, line: int, column: int) -> NoReturn:
    what = (
        f"The character '{character}' is a reserved JQL character. You must enclose it in a "
        f"string or use the escape '\\u{ord(character):04x}' instead."
    )
    raise JqlError.syntax(what, line, column)


def _position(jql: str, place: int) -> tuple[int, int]:
    before = jql[:place]
    return before.count("\n") + 1, place - before.rfind("\n")
