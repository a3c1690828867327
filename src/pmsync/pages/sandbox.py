"""The second wall around templates: whoever writes one is trusted, but not to be free of slips.

Jinja's sandbox keeps templates from Python's insides. Here go the ways, which it lets through, to
fill the memory with a short expression, and to make a page that differs from run to run. An author
who means harm can still waste time, with loops in loops: whoever may write templates is trusted
like whoever writes the configuration.
"""

from collections.abc import Callable, Iterable
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from jinja2 import Undefined, nodes, pass_eval_context
from jinja2.compiler import CodeGenerator, Frame
from jinja2.nodes import EvalContext
from jinja2.runtime import markup_join
from jinja2.sandbox import ImmutableSandboxedEnvironment
from typing_extensions import override

from pmsync.pages.bounds import (
    LONGEST_PRODUCT,
    LONGEST_TEXT,
    NotInTemplatesError,
    bounded_join,
    bounded_length,
    printed,
)
from pmsync.pages.plain_filters import NOT_IN_TEMPLATES, plain_filters

_PLAIN: Final = (str, bytes, int, float, datetime, date, time, timedelta)
# Not today() and now(), nor what depends on the machine's time zone; nothing that makes a long
# text out of a short one.
_OPEN: Final = frozenset({
    "capitalize", "casefold", "count", "endswith", "find", "index", "isalnum", "isalpha",
    "isascii", "isdecimal", "isdigit", "islower", "isnumeric", "isprintable", "isspace",
    "istitle", "isupper", "lower", "lstrip", "partition", "removeprefix", "removesuffix",
    "rfind", "rindex", "rpartition", "rsplit", "rstrip", "split", "splitlines", "startswith",
    "strip", "swapcase", "title", "upper",
    "is_integer",
    "date", "day", "hour", "isocalendar", "isoformat", "isoweekday", "minute", "month", "second",
    "strftime", "time", "weekday", "year",
    "days", "seconds", "total_seconds",
})  # fmt: skip
"""What templates may ask of plain values; what a view model adds to them is open too."""

_INSTEAD: Final = {
    "center": NOT_IN_TEMPLATES["center"],
    "format": NOT_IN_TEMPLATES["format"],
    "format_map": NOT_IN_TEMPLATES["format"],
    "join": 'use the filter: {{ list | join(", ") }}',
    "now": "a page must come out the same on every run: use the dates of the view model",
    "replace": 'use the filter: {{ text | replace("a", "b") }}',
    "today": "a page must come out the same on every run: use the dates of the view model",
}
_USUAL = "let the view model or a filter do this; templates only lay out"
_MOST_BITS = 4_096
_SIZED = (str, tuple, list)


class _Checked(CodeGenerator):
    """Compiles ``~`` so that what it joins is looked at first."""

    @override
    def visit_Concat(self, node: nodes.Concat, frame: Frame) -> None:
        self.write("environment.concatenated((")
        for part in node.nodes:
            self.visit(part, frame)
            self.write(", ")
        self.write("))")


class PageEnvironment(ImmutableSandboxedEnvironment):
    """A Jinja environment whose templates make the same of the same, and not too much of it."""

    code_generator_class: type[CodeGenerator] = _Checked
    concat: Callable[[Iterable[str]], str] = staticmethod(bounded_join)
    intercepted_binops = frozenset({"+", "*", "**", "%"})

    def __init__(self, **options: Any) -> None:
        # Not optimized: constants are computed at the line they stand in, by the same rules.
        super().__init__(finalize=_finalized, optimized=False, **options)
        self.filters = plain_filters()
        for name in NOT_IN_TEMPLATES:
            self.globals.pop(name, None)

    def concatenated(self, parts: Iterable[Any]) -> str:
        """Return what ``~`` makes of *parts*."""
        kept = [printed(part) for part in parts]
        bounded_length(sum(len(str(part)) for part in kept))
        return markup_join(kept)

    @override
    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        kinds = [kind for kind in _PLAIN if isinstance(obj, kind)]
        if attr not in _OPEN and any(hasattr(kind, attr) for kind in kinds):
            return False
        return super().is_safe_attribute(obj, attr, value)

    @override
    def unsafe_undefined(self, obj: Any, attribute: str) -> Undefined:
        """Refuse at once: jinja2 would only when the value is used."""
        what = f"{attribute!r} of a {type(obj).__name__} is not available in templates"
        raise NotInTemplatesError(what, cure=_INSTEAD.get(attribute, _USUAL))

    @override
    def wrap_str_format(self, value: Any) -> None:
        """Refuse ``str.format``, which Jinja wraps before it asks whether it is safe."""
        if super().wrap_str_format(value) is not None:
            what = "format() is not available in templates"
            raise NotInTemplatesError(what, cure=_INSTEAD["format"])

    @override
    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        if not _is_small(operator, left, right):
            what = f"{operator!r} on these values is not available in templates"
            raise NotInTemplatesError(what, cure=_USUAL)
        return super().call_binop(context, operator, left, right)


@pass_eval_context  # so that Jinja cannot call it before the template runs
def _finalized(_: EvalContext, value: Any) -> Any:
    return printed(value)


def _is_small(operator: str, left: Any, right: Any) -> bool:
    """Tell whether the operator gives a number, or a text or list of bearable length."""
    if isinstance(left, int | float) and isinstance(right, int | float):
        return operator != "**" and _bits(left) + _bits(right) <= _MOST_BITS
    if operator == "+":
        return not isinstance(left, _SIZED) or len(left) + len(right) <= _longest(left)
    if operator != "*":
        return False
    sized, count = (right, left) if isinstance(left, int) else (left, right)
    return (
        isinstance(count, int)
        and isinstance(sized, _SIZED)
        and len(sized) * count <= LONGEST_PRODUCT
    )


def _bits(number: float) -> int:
    return number.bit_length() if isinstance(number, int) else 0


def _longest(sized: Any) -> int:
    return LONGEST_TEXT if isinstance(sized, str) else LONGEST_PRODUCT
