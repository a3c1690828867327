"""The second wall around templates: whoever writes one is trusted, but not to be free of slips.

Jinja's sandbox keeps templates from Python's insides. Here go the ways to fill the memory with a
short expression, which it lets through. An author who means harm finds others: whoever may write
templates is trusted like whoever writes the configuration.
"""

from typing import Any

from jinja2.exceptions import SecurityError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from typing_extensions import override

LONGEST_PRODUCT = 100_000
_PADDING = frozenset({
    "center", "expandtabs", "ljust", "rjust", "translate", "zfill",
})  # fmt: skip


class PageEnvironment(ImmutableSandboxedEnvironment):
    """A Jinja environment whose templates cannot make huge values out of small ones."""

    intercepted_binops = frozenset({"*", "**", "%"})

    @override
    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        if isinstance(obj, str) and attr in _PADDING:
            return False
        return super().is_safe_attribute(obj, attr, value)

    @override
    def wrap_str_format(self, value: Any) -> None:
        """Refuse ``str.format``, which Jinja wraps before it asks whether it is safe."""
        if super().wrap_str_format(value) is not None:
            msg = "format() is not available in templates"
            raise SecurityError(msg)

    @override
    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        if operator == "**" or not _is_small(operator, left, right):
            msg = f"{operator!r} on these values is not available in templates"
            raise SecurityError(msg)
        return super().call_binop(context, operator, left, right)


def _is_small(operator: str, left: Any, right: Any) -> bool:
    """Tell whether the result of ``*`` or ``%`` is a number, or a text of bearable length."""
    if isinstance(left, int | float) and isinstance(right, int | float):
        return True
    if operator == "%":
        return False
    sized, count = (right, left) if isinstance(left, int) else (left, right)
    return (
        isinstance(count, int)
        and isinstance(sized, str | tuple | list)
        and len(sized) * count <= LONGEST_PRODUCT
    )
