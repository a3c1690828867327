"""Answers queries: which issues, in which order."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from pmsync.sandbox.jira.issue import StoredIssue
from pmsync.sandbox.jira.jql import functions
from pmsync.sandbox.jira.jql.clause import Clause, Context
from pmsync.sandbox.jira.jql.fields import clauses
from pmsync.sandbox.jira.jql.parser import parse
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
    SortField,
    Term,
    Value,
)
from pmsync.sandbox.jira.state import JiraState

UNBOUNDED = (
    "Unbounded JQL queries are not allowed here. Please add a search restriction to your query."
)
_SORT_LIMIT = 7
_OPPOSITES: dict[Operator, Operator] = {
    "=": "!=",
    "!=": "=",
    "<": ">=",
    ">=": "<",
    ">": "<=",
    "<=": ">",
    "~": "!~",
    "!~": "~",
    "in": "not in",
    "not in": "in",
    "is": "is not",
    "is not": "is",
}
_NEGATIVE = ("!=", "not in", "is not", "!~")

Test = Callable[[StoredIssue], bool]


def search(state: JiraState, jql: str) -> list[StoredIssue]:
    """The visible issues that a query asks for, in its order; newest first without one.

    Raises:
        JqlError: Jira would refuse the query.
    """
    query = parse(jql)
    context = _context(state)
    order = _order(context, query.order)
    if query.where is None:
        raise JqlError(UNBOUNDED)
    test = _test(context, query.where)
    found = sorted(filter(test, state.visible()), key=lambda issue: -issue.number)
    for clause, descending in reversed(order):
        found = _sorted(found, clause, descending=descending)
    return found


def check(state: JiraState, jql: str) -> None:
    """Refuses what :func:`search` would refuse, an unbounded query excepted."""
    query = parse(jql)
    context = _context(state)
    _order(context, query.order)
    if query.where is not None:
        _test(context, query.where)


def _context(state: JiraState) -> Context:
    zone = ZoneInfo(state.account.get("timeZone") or "UTC")
    return Context(state=state, now=state.clock.now(), zone=zone)


def _order(context: Context, fields: Sequence[SortField]) -> list[tuple[Clause, bool]]:
    if len(fields) > _SORT_LIMIT:
        message = f"Sorting by more than {_SORT_LIMIT} fields is not allowed."
        raise JqlError(message)
    order = []
    for each in fields:
        clause = clauses(context, each.field)[0]
        descending = clause.newest_first if each.descending is None else each.descending
        order.append((clause, descending))
    return order


def _sorted(issues: list[StoredIssue], clause: Clause, *, descending: bool) -> list[StoredIssue]:
    """Stable; issues without a value come last, as in Jira."""
    keyed = [(clause.sort(issue), issue) for issue in issues]
    full = [pair for pair in keyed if pair[0] is not None]
    full.sort(key=lambda pair: pair[0], reverse=descending)
    return [issue for _, issue in full] + [issue for key, issue in keyed if key is None]


def _test(context: Context, node: Node, *, negated: bool = False) -> Test:
    """A predicate. NOT is pushed down to the operators, as Jira does it.

    So ``NOT labels = x`` is ``labels != x``, and neither finds issues without labels.
    """
    match node:
        case Negation(part):
            return _test(context, part, negated=not negated)
        case Both(parts) | Either(parts):
            tests = [_test(context, part, negated=negated) for part in parts]
            together = isinstance(node, Both) != negated
            return _all(tests) if together else _any(tests)
        case Term(field, operator, operand):
            return _term(context, field, _OPPOSITES[operator] if negated else operator, operand)


def _all(tests: Iterable[Test]) -> Test:
    listed = list(tests)
    return lambda issue: all(test(issue) for test in listed)


def _any(tests: Iterable[Test]) -> Test:
    listed = list(tests)
    return lambda issue: any(test(issue) for test in listed)


def _term(context: Context, field: str, operator: Operator, operand: Operand) -> Test:
    tests = [_clause_test(clause, operator, operand) for clause in clauses(context, field)]
    if len(tests) == 1:
        return tests[0]
    return _all(tests) if operator in _NEGATIVE else _any(tests)


def _clause_test(clause: Clause, operator: Operator, operand: Operand) -> Test:
    if operator not in clause.operators:
        message = f"The operator '{operator}' is not supported by the '{clause.name}' field."
        raise JqlError(message)
    _check_shape(clause, operator, operand)
    operand = _unresolved(clause, operand)
    if isinstance(operand, Empty):
        return _emptiness(clause, wanted=operator in ("is", "="))
    values, read = clause.values, _read(clause, operand)
    match operator:
        case "=" | "in":
            return _membership(clause, operand, wanted=True)
        case "!=" | "not in":
            return _membership(clause, operand, wanted=False)
        case "~" | "!~":
            words = read[0].split()
            return lambda issue: _matches(values(issue), words, wanted=operator == "~")
        case _:
            compare = _comparison(clause, operator)
            return lambda issue: any(compare(value, read[0]) for value in values(issue))


def _unresolved(clause: Clause, operand: Operand) -> Operand:
    """`resolution = Unresolved` is Jira's other way to say EMPTY."""
    unresolved = isinstance(operand, Value) and operand.text.lower() == "unresolved"
    return Empty() if unresolved and clause.name.lower() == "resolution" else operand


def _emptiness(clause: Clause, *, wanted: bool) -> Test:
    values = clause.values
    return lambda issue: (not values(issue)) == wanted


def _membership(clause: Clause, operand: Operand, *, wanted: bool) -> Test:
    """A negative test does not find issues without a value: EMPTY is neither in nor out."""
    values = clause.values
    listed = operand.items if isinstance(operand, Listing) else (operand,)
    items = [_unresolved(clause, item) for item in listed]
    named = frozenset(value for item in items for value in _read(clause, item))
    empty = any(isinstance(item, Empty) for item in items)

    def test(issue: StoredIssue) -> bool:
        found = values(issue)
        if not found:
            return empty and wanted
        return (not named.isdisjoint(found)) == wanted

    return test


def _read(clause: Clause, operand: Operand) -> Sequence[Any]:
    if isinstance(operand, Value | Call):
        return clause.read(operand)
    return ()


def _matches(values: Sequence[str], words: Sequence[str], *, wanted: bool) -> bool:
    if not values:
        return False
    return all(any(word in value for value in values) for word in words) == wanted


def _comparison(clause: Clause, operator: Operator) -> Callable[[Any, Any], bool]:
    before = clause.before
    comparisons: dict[str, Callable[[Any, Any], bool]] = {
        "<": before,
        ">": lambda one, other: before(other, one),
        "<=": lambda one, other: one == other or before(one, other),
        ">=": lambda one, other: one == other or before(other, one),
    }
    return comparisons[operator]


def _check_shape(clause: Clause, operator: Operator, operand: Operand) -> None:
    """Lists go with IN and its opposite, EMPTY with IS, single values with the rest."""
    if isinstance(operand, Call):
        functions.check_known(operand)
    listed = isinstance(operand, Listing) or (
        isinstance(operand, Call) and operand.name.lower() in functions.LISTS
    )
    shown, name = _shown(operand), clause.name
    if operator in ("in", "not in") and not listed:
        what = f"does not support the non-list value '{shown}'"
    elif operator not in ("in", "not in") and listed:
        what = f"does not support the list value '{shown}'"
    elif operator in ("is", "is not") and not isinstance(operand, Empty):
        what = f"only supports the value 'EMPTY', not '{shown}',"
    elif operator in ("<", ">", "<=", ">=") and isinstance(operand, Empty):
        what = "does not support the value 'EMPTY'"
    else:
        return
    message = f"Operator '{operator}' {what} for field '{name}'."
    raise JqlError(message)


def _shown(operand: Operand) -> str:
    match operand:
        case Value(text):
            return text
        case Empty():
            return "EMPTY"
        case Call(name, arguments):
            return f"{name}({', '.join(arguments)})"
        case Listing(items):
            return f"({', '.join(map(_shown, items))})"
