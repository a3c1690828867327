"""Reads JQL: AND, OR, NOT, parentheses, terms and ORDER BY, with Jira's words for every fault."""

from typing import NoReturn, cast

from pmsync.sandbox.jira.jql.lexer import Token, tokens
from pmsync.sandbox.jira.jql.syntax import (
    Both,
    Call,
    Either,
    Empty,
    JqlError,
    Listing,
    Negation,
    Node,
    Operand,
    Operator,
    Query,
    SortField,
    Term,
    Value,
)

_OPERATORS = "'=', '!=', '<', '>', '<=', '>=', '~', '!~', 'IN', 'NOT IN', 'IS' and 'IS NOT'"
_HISTORY = ("was", "changed")
_KEYWORDS = ("and", "or", "not", "in", "is", "null", "empty", "order", "by", *_HISTORY)


def parse(jql: str) -> Query:
    """Parses a query.

    Raises:
        JqlError: The query is not JQL, or uses a part of it that this site does not have.
    """
    return _Parser(tokens(jql)).query()


class _Parser:
    def __init__(self, listed: list[Token]) -> None:
        self._tokens = listed
        self._place = 0

    @property
    def _token(self) -> Token:
        return self._tokens[self._place]

    def _take(self) -> Token:
        token = self._token
        self._place += 1
        return token

    def _taken(self, *words: str) -> bool:
        """Takes the next token if it is one of the bare *words*."""
        if self._token.word(*words):
            self._place += 1
            return True
        return False

    def _bracket(self, text: str) -> bool:
        if self._token.kind == "bracket" and self._token.text == text:
            self._place += 1
            return True
        return False

    def _fail(self, what: str, token: Token | None = None) -> NoReturn:
        token = token or self._token
        raise JqlError.syntax(what, token.line, token.column)

    def query(self) -> Query:
        where = None
        if self._token.kind != "end" and not self._token.word("order"):
            where = self._either()
        order = self._order() if self._taken("order") else ()
        if self._token.kind != "end":
            expected = "','" if order else "either 'OR' or 'AND'"
            self._fail(f"Expecting {expected} but got '{self._token.text}'.")
        return Query(where=where, order=order)

    def _either(self) -> Node:
        parts = [self._both()]
        while self._taken("or"):
            parts.append(self._both())
        return parts[0] if len(parts) == 1 else Either(tuple(parts))

    def _both(self) -> Node:
        parts = [self._negation()]
        while self._taken("and"):
            parts.append(self._negation())
        return parts[0] if len(parts) == 1 else Both(tuple(parts))

    def _negation(self) -> Node:
        if self._taken("not"):
            return Negation(self._negation())
        if self._bracket("("):
            inner = self._either()
            self._close()
            return inner
        return self._term()

    def _close(self) -> None:
        if self._bracket(")"):
            return
        if self._token.kind == "end":
            self._fail("Expecting ')' before the end of the query.")
        self._fail(f"Expecting ')' but got '{self._token.text}'.")

    def _field(self) -> str:
        token = self._token
        if token.kind == "end":
            self._fail("Expecting a field name at the end of the query.")
        if token.kind in ("operator", "bracket") or token.word(*_KEYWORDS):
            self._fail(
                f"Expecting a field name but got '{token.text}'. You must surround "
                f"'{token.text}' in quotation marks to use it as a field name."
            )
        if token.reserved:
            self._fail_reserved(token)
        return self._take().text

    def _fail_reserved(self, token: Token) -> NoReturn:
        self._fail(
            f"'{token.text}' is a reserved JQL word. You must surround it in quotation marks to "
            "use it in a query.",
            token,
        )

    def _term(self) -> Term:
        field = self._field()
        operator = self._operator()
        return Term(field, operator, self._operand())

    def _operator(self) -> Operator:
        token = self._token
        if token.kind == "operator":
            return cast("Operator", self._take().text)
        if self._taken("in"):
            return "in"
        if self._taken("is"):
            return "is not" if self._taken("not") else "is"
        if self._taken("not"):
            if self._taken("in"):
                return "not in"
            self._fail(f"Expecting 'IN' but got '{self._token.text}'.")
        if token.word(*_HISTORY):
            # A part of JQL that this site lacks is refused, never ignored.
            self._fail(f"The operator '{token.text}' is not supported by this site.")
        got = "at the end of the query" if token.kind == "end" else f"but got '{token.text}'"
        return self._fail(f"Expecting operator {got}. The valid operators are {_OPERATORS}.")

    def _operand(self) -> Operand:
        if not self._bracket("("):
            return self._single()
        items = [self._single()]
        while self._bracket(","):
            items.append(self._single())
        self._close()
        return Listing(tuple(items))

    def _single(self) -> Value | Call | Empty:
        token = self._token
        if token.kind == "quoted":
            return Value(self._take().text, bare=False)
        if self._taken("empty", "null"):
            return Empty()
        if token.kind == "word" and not token.word(*_KEYWORDS):
            following = self._tokens[self._place + 1]
            if following.kind == "bracket" and following.text == "(":
                return self._call()
            if token.reserved:
                self._fail_reserved(token)
            return Value(self._take().text)
        if token.kind == "end":
            self._fail("Expecting either a value, list or function before the end of the query.")
        return self._fail(
            f"Expecting either a value, list or function but got '{token.text}'. You must "
            f"surround '{token.text}' in quotation marks to use it as a value."
        )

    def _call(self) -> Call:
        name = self._take().text
        self._place += 1
        arguments: list[str] = []
        while self._token.kind in ("word", "quoted"):
            arguments.append(self._take().text)
            if not self._bracket(","):
                break
        self._close()
        return Call(name, tuple(arguments))

    def _order(self) -> tuple[SortField, ...]:
        if not self._taken("by"):
            got = f"but got '{self._token.text}'" if self._token.text else "at the end of the query"
            self._fail(f"Expecting 'BY' {got}.")
        fields = [self._sort_field()]
        while self._bracket(","):
            fields.append(self._sort_field())
        return tuple(fields)

    def _sort_field(self) -> SortField:
        field = self._field()
        if self._taken("desc"):
            return SortField(field, descending=True)
        return SortField(field, descending=False if self._taken("asc") else None)
