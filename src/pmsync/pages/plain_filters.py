"""The filters of Jinja that templates may use: a list of what is in, not of what is out.

In is what gives the same answer on every run, and no more than what it is given can bear.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from functools import wraps
from typing import Any, Final

from jinja2 import Environment, pass_environment, pass_eval_context
from jinja2.filters import FILTERS, do_join, do_replace, do_sum, make_attrgetter, sync_do_slice
from jinja2.nodes import EvalContext

from pmsync.pages.bounds import LONGEST_PRODUCT, NotInTemplatesError, bounded_length, printed

_AS_IT_IS: Final = (
    *("abs", "attr", "count", "d", "default", "dictsort", "filesizeformat", "first", "float"),
    *("groupby", "int", "items", "last", "length", "list", "map", "max", "min", "reject"),
    *("rejectattr", "reverse", "select", "selectattr", "sort", "unique"),
)
_OF_TEXT: Final = (
    *("capitalize", "e", "escape", "forceescape", "lower", "safe", "string", "striptags"),
    *("title", "trim", "upper", "urlencode", "wordcount"),
)
_WIDEST = 200
_MOST_DIGITS = 15

NOT_IN_TEMPLATES: Final[Mapping[str, str]] = {
    "random": "a page must come out the same on every run: choose by `first`, `last` or an index",
    "center": "set alignment and width by markup, such as style on the cell or paragraph",
    "format": "join texts with `~`, and write numbers with the filters number, score or percent",
    "pprint": "write the values that readers need, one by one",
    "tojson": "write the values that readers need, one by one",
    "xmlattr": 'write each attribute out: name="{{ value }}"',
    "urlize": 'write the link out: <a href="{{ address }}">{{ text }}</a>',
    "lipsum": "write the text itself",
    "cycler": "use loop.cycle(...)",
    "joiner": "use the filter join, or {% if not loop.last %}, {% endif %}",
}
"""Filters and functions of Jinja that are left out, and what to use in their place."""


def plain_filters() -> dict[str, Callable[..., Any]]:
    """Return the filters of Jinja that templates may use, by name."""
    return {
        **{name: FILTERS[name] for name in _AS_IT_IS},
        **{name: _of_text(FILTERS[name]) for name in _OF_TEXT},
        "batch": _batch,
        "indent": _indent,
        "join": _join,
        "replace": _replace,
        "round": _round,
        "slice": _slice,
        "sum": _sum,
        "truncate": _truncate,
        "wordwrap": _wordwrap,
    }


def _of_text(plain: Callable[..., Any]) -> Callable[..., Any]:
    """Return *plain* for what may become text; these take nothing but a value first."""

    @wraps(plain)
    def checked(value: Any, *args: Any, **kwargs: Any) -> Any:
        return plain(printed(value), *args, **kwargs)

    return checked


def _batch(value: Iterable[Any], linecount: int, fill_with: Any = None) -> Any:
    bounded_length(linecount, LONGEST_PRODUCT)
    return FILTERS["batch"](value, linecount, fill_with)


def _slice(value: Collection[Any], slices: int, fill_with: Any = None) -> Any:
    bounded_length(slices, LONGEST_PRODUCT)
    return sync_do_slice(value, slices, fill_with)


def _indent(s: Any, width: int | str = 4, first: bool = False, blank: bool = False) -> Any:  # noqa: FBT001, FBT002 - as Jinja has it
    _narrow(width if isinstance(width, int) else len(width))
    return FILTERS["indent"](printed(s), width, first, blank)


@pass_environment
def _wordwrap(environment: Environment, s: Any, *args: Any, **kwargs: Any) -> Any:
    # Among its arguments is the text that goes in at each line's end.
    _narrow(max((len(str(one)) for one in (*args, *kwargs.values())), default=0))
    return FILTERS["wordwrap"](environment, printed(s), *args, **kwargs)


@pass_environment
def _truncate(environment: Environment, s: Any, *args: Any, **kwargs: Any) -> Any:
    return FILTERS["truncate"](environment, printed(s), *args, **kwargs)


@pass_eval_context
def _join(context: EvalContext, value: Iterable[Any], d: str = "", attribute: Any = None) -> Any:
    if attribute is not None:
        value = map(make_attrgetter(context.environment, attribute), value)
    parts, length = [], 0
    for part in map(printed, value):
        length += len(str(part)) + len(d)
        bounded_length(length)
        parts.append(part)
    return do_join(context, parts, printed(d))


@pass_eval_context
def _replace(context: EvalContext, s: Any, old: str, new: str, count: int | None = None) -> Any:
    text = str(printed(s))
    times = text.count(str(old))
    bounded_length(len(text) + (times if count is None else min(times, count)) * len(str(new)))
    return do_replace(context, printed(s), old, printed(new), count)


def _round(value: float, precision: int = 0, method: Any = "common") -> Any:
    if abs(precision) > _MOST_DIGITS:
        what = f"round() to {precision} digits is not available in templates"
        raise NotInTemplatesError(what, cure=f"round to at most {_MOST_DIGITS} digits")
    return FILTERS["round"](value, precision, method)


@pass_environment
def _sum(environment: Environment, iterable: Any, attribute: Any = None, start: Any = 0) -> Any:
    if not isinstance(start, int | float):
        what = "sum() of lists is not available in templates"
        raise NotInTemplatesError(what, cure="sum numbers; walk through lists in loops")
    return do_sum(environment, iterable, attribute, start)


def _narrow(width: int) -> None:
    if width > _WIDEST:
        what = f"an indent or line end of {width} characters is not available in templates"
        raise NotInTemplatesError(what, cure=f"use at most {_WIDEST} characters")
