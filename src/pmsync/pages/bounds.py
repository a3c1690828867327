"""What a template may make: text that is the same on every run, and of bearable length."""

from collections.abc import Iterable
from datetime import date, time, timedelta
from typing import Any

from jinja2 import Undefined
from jinja2.exceptions import SecurityError

LONGEST_TEXT = 4_000_000
"""Characters of a page, and of any text on the way to it."""
LONGEST_PRODUCT = 100_000
"""Characters or items of a value that is longer than what it is made of."""
_PRINTABLE = (str, int, float, date, time, timedelta, Undefined)


class NotInTemplatesError(SecurityError):
    """A template asked for what no template gets.

    Attributes:
        cure: What to write instead.
    """

    def __init__(self, what: str, *, cure: str) -> None:
        super().__init__(what)
        self.cure = cure


def printed(value: Any) -> Any:
    """Return *value* if it may become text, and the empty text for None.

    Lists would show as Python writes them, and other objects with their address in memory,
    which differs from run to run.

    Raises:
        NotInTemplatesError: It may not.
    """
    if value is None:
        return ""
    if isinstance(value, _PRINTABLE):
        return value
    what = f"a {type(value).__name__} cannot be written into text"
    raise NotInTemplatesError(what, cure='write its items, such as {{ list | join(", ") }}')


def bounded_length(length: int, limit: int = LONGEST_TEXT) -> None:
    """Do nothing if a value of *length* characters or items may be made.

    Raises:
        NotInTemplatesError: It would be longer than *limit*.
    """
    if length > limit:
        what = f"this would make a value of more than {limit:,} characters or items"
        raise NotInTemplatesError(what, cure="make less of it: fewer items, fewer repetitions")


def bounded_join(pieces: Iterable[str]) -> str:
    """Return *pieces* as one text; what macros and blocks give back is made of them.

    Raises:
        NotInTemplatesError: It would be longer than ``LONGEST_TEXT``.
    """
    kept = list(pieces)
    bounded_length(sum(map(len, kept)))
    return "".join(kept)
