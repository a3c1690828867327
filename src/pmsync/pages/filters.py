"""What templates may do to values: numbers and dates as readers write them, plurals, CDATA."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from babel import Locale, UnknownLocaleError
from babel.dates import format_date
from babel.numbers import format_percent
from markupsafe import Markup

from pmsync.core.errors import TemplateError
from pmsync.pages.storage.tree import cdata
from pmsync.pages.views.words import number

_COLOURS = {"new": "Grey", "indeterminate": "Blue", "done": "Green"}


def locale_of(language: str) -> Locale:
    """Return the locale named *language*, such as ``de`` or ``pt-BR``.

    Raises:
        TemplateError: There is no such locale.
    """
    try:
        return Locale.parse(language.replace("-", "_"))
    except (UnknownLocaleError, ValueError) as error:
        what = f"language {language!r} is unknown"
        raise TemplateError(what, cure="write a language such as en, de or pt-BR") from error


def filters(locale: Locale) -> Mapping[str, Callable[..., Any]]:
    """Return the filters of this project, for *locale*.

    ``number``: at most 15 significant figures; ``score``: two, since no score is more exact;
    ``percent``: of a share; ``day``: a date in words; ``plural``: ``{{ n | plural("issue") }}``
    is ``1 issue`` or ``5 issues``; ``colour``: of a status category; ``cdata``: a literal block.
    """
    return {
        "number": lambda value: number(value, locale),
        "score": lambda value: "\u2013" if value is None else number(value, locale, 2),
        "percent": lambda share: format_percent(share, locale=locale),
        "day": lambda day: _day(day, locale),
        "plural": lambda count, one, many=None: _plural(count, one, many, locale),
        "colour": lambda category: _COLOURS[category],
        "cdata": lambda text: Markup(cdata(str(text))),  # noqa: S704 - cdata() fences it
    }


def _day(day: date | None, locale: Locale) -> str:
    return "" if day is None else format_date(day, "d MMMM yyyy", locale=locale)


def _plural(count: int, one: str, many: str | None, locale: Locale) -> str:
    return f"{number(count, locale)} {one if count == 1 else many or f'{one}s'}"
