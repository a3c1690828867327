"""The part of CQL that a publisher needs. What it does not know is refused, never ignored."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from pmsync.sandbox.confluence.errors import Refusal
from pmsync.sandbox.confluence.records import Page
from pmsync.sandbox.confluence.site import Site

Test = Callable[[Page], bool]
_TOKEN = re.compile(
    r'\s*(?:("(?:[^"\\]|\\.)*"|\'(?:[^\'\\]|\\.)*\')|(!=|!~|[=~(),])|([^\s=!~(),"\']+))'
)
_KEYWORDS = frozenset({"and", "or", "not", "in", "order", "by", "asc", "desc"})
_SORTS: dict[str, Callable[[Page], object]] = {
    "title": lambda page: page.title.casefold(),
    "created": lambda page: page.created_at,
    "lastmodified": lambda page: page.revision.at,
}
_MAX_DEPTH = 50


def search(site: Site, text: str) -> list[Page]:
    """The current pages that a CQL query finds.

    Fields: ``id``, ``title``, ``label``, ``space`` (also ``space.key``), ``type``, ``parent`` and
    ``ancestor``. Operators: ``=``, ``!=``, ``in``, ``not in``, and for titles ``~`` and ``!~``
    (every word is in it). AND, OR, NOT, parentheses, ORDER BY title, created or lastmodified.

    Raises:
        Refusal: 400 for anything else.
    """
    parser = _Parser(site=site, tokens=_tokens(text), text=text)
    test = parser.either(0)
    order = parser.order()
    pages = [page for page in site.pages.values() if page.status == "current" and test(page)]
    for name, descending in reversed(order):
        pages.sort(key=_SORTS[name], reverse=descending)  # type: ignore[arg-type] # all texts
    return pages


@dataclass(frozen=True, slots=True, kw_only=True)
class _Token:
    text: str
    quoted: bool = False

    @property
    def word(self) -> str:
        """The keyword or sign; empty for a quoted text."""
        return "" if self.quoted else self.text.lower()


@dataclass(slots=True, kw_only=True)
class _Parser:
    site: Site
    tokens: list[_Token]
    text: str
    at: int = 0

    def either(self, depth: int) -> Test:
        """``a OR b``."""
        if depth > _MAX_DEPTH:
            raise self._refusal()
        tests = [self._both(depth)]
        while self._take("or"):
            tests.append(self._both(depth))
        return lambda page: any(test(page) for test in tests)

    def order(self) -> list[tuple[str, bool]]:
        """``ORDER BY`` at the end: names of ``_SORTS``, and whether descending."""
        order: list[tuple[str, bool]] = []
        if self._take("order"):
            self._need("by")
            order.append(self._sort())
            while self._take(","):
                order.append(self._sort())
        if self.at < len(self.tokens):
            raise self._refusal()
        return order

    def _both(self, depth: int) -> Test:
        tests = [self._single(depth)]
        while self._take("and"):
            tests.append(self._single(depth))
        return lambda page: all(test(page) for test in tests)

    def _single(self, depth: int) -> Test:
        if self._take("not"):
            inner = self._single(depth + 1)
            return lambda page: not inner(page)
        if self._take("("):
            grouped = self.either(depth + 1)
            self._need(")")
            return grouped
        return self._clause()

    def _clause(self) -> Test:
        field = self._next().word
        negated = self._take("not")
        if self._take("in"):
            values = self._list()
        elif negated:
            raise self._refusal()
        else:
            sign = self._next().word
            if sign not in {"=", "!=", "~", "!~"}:
                raise self._refusal()
            negated, values = sign.startswith("!"), [self._value()]
            if sign.endswith("~"):
                return _negate(_words(self._title_only(field), values[0]), negated=negated)
        make = _FIELDS.get(field)
        if make is None:
            raise Refusal(400, f"Could not parse cql : {self.text}")
        return _negate(make(self.site, {value.lower() for value in values}), negated=negated)

    def _title_only(self, field: str) -> str:
        if field != "title":
            raise self._refusal()
        return field

    def _list(self) -> list[str]:
        self._need("(")
        values = [self._value()]
        while self._take(","):
            values.append(self._value())
        self._need(")")
        return values

    def _value(self) -> str:
        token = self._next()
        if not token.quoted and (token.text in set("(),=~") or token.word in _KEYWORDS):
            raise self._refusal()
        return token.text

    def _sort(self) -> tuple[str, bool]:
        name = self._next().word
        if name not in _SORTS:
            raise self._refusal()
        descending = self._take("desc")
        if not descending:
            self._take("asc")
        return name, descending

    def _next(self) -> _Token:
        if self.at >= len(self.tokens):
            raise self._refusal()
        self.at += 1
        return self.tokens[self.at - 1]

    def _take(self, word: str) -> bool:
        if self.at < len(self.tokens) and self.tokens[self.at].word == word:
            self.at += 1
            return True
        return False

    def _need(self, word: str) -> None:
        if not self._take(word):
            raise self._refusal()

    def _refusal(self) -> Refusal:
        return Refusal(400, f"Could not parse cql : {self.text}")


def _tokens(text: str) -> list[_Token]:
    tokens: list[_Token] = []
    at = 0
    while text[at:].strip():
        found = _TOKEN.match(text, at)
        if found is None:
            raise Refusal(400, f"Could not parse cql : {text}")
        at = found.end()
        if found[1]:
            tokens.append(_Token(text=re.sub(r"\\(.)", r"\1", found[1][1:-1]), quoted=True))
        else:
            tokens.append(_Token(text=found[2] or found[3]))
    return tokens


def _negate(test: Test, *, negated: bool) -> Test:
    return (lambda page: not test(page)) if negated else test


def _words(_field: str, text: str) -> Test:
    words = [word.rstrip("*") for word in text.casefold().split()]
    return lambda page: all(word in page.title.casefold() for word in words)


def _by_space(site: Site, values: set[str]) -> Test:
    return lambda page: site.spaces[page.space_id].key.lower() in values


def _by_ancestor(site: Site, values: set[str]) -> Test:
    def below(page: Page) -> bool:
        step = page
        while step.parent_id is not None:
            if str(step.parent_id) in values:
                return True
            step = site.pages[step.parent_id]
        return False

    return below


_FIELDS: dict[str, Callable[[Site, set[str]], Test]] = {
    "id": lambda _site, values: lambda page: str(page.id) in values,
    "title": lambda _site, values: lambda page: page.title.lower() in values,
    "label": lambda _site, values: lambda page: any(own.name in values for own in page.labels),
    "space": _by_space,
    "space.key": _by_space,
    "type": lambda _site, values: lambda _page: "page" in values,
    "parent": lambda _site, values: lambda page: str(page.parent_id) in values,
    "ancestor": _by_ancestor,
}
