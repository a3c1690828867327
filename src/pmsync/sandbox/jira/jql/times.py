"""JQL's moments: epoch milliseconds, dates, and spans from now."""

import re
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from pmsync.sandbox.jira.jql.syntax import JqlError

_DATE = re.compile(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?:\s+(\d{1,2}):(\d{2}))?")
_SPAN = re.compile(r"([+-]?)\s*((?:\d+\s*[wdhm]\s*)+|0)")
_PART = re.compile(r"(\d+)\s*([wdhm])")
_UNITS = {"w": "weeks", "d": "days", "h": "hours", "m": "minutes"}
_START = re.compile(r"(start|end)Of(Day|Week|Month|Year)", re.IGNORECASE)


def moment(text: str, *, field: str, now: datetime, zone: ZoneInfo) -> datetime:
    """The moment that a literal means.

    Args:
        text: ``1700000000000``, ``2026-11-02``, ``2026-11-02 14:30``, ``-7d``, ``4w 2d``.
        field: Name of the field, for the error.
        now: The site's time.
        zone: The account's time zone, in which dates are read.

    Raises:
        JqlError: It means none.
    """
    if match := _DATE.fullmatch(text.strip()):
        try:
            return datetime(*(int(part or 0) for part in match.groups()), tzinfo=zone)  # type: ignore[arg-type,misc]  # five numbers
        except ValueError as error:
            raise _invalid(text, field) from error
    if match := _SPAN.fullmatch(text.strip()):
        return now + _span(match)
    if re.fullmatch(r"-?\d+", text):
        return datetime.fromtimestamp(int(text) / 1000, tz=zone)
    raise _invalid(text, field)


def _span(match: re.Match[str]) -> timedelta:
    parts = {_UNITS[unit]: int(number) for number, unit in _PART.findall(match[2])}
    return -timedelta(**parts) if match[1] == "-" else timedelta(**parts)


def _invalid(text: str, field: str) -> JqlError:
    return JqlError(
        f"Date value '{text}' for field '{field}' is invalid. Valid formats include: "
        "'yyyy/MM/dd HH:mm', 'yyyy-MM-dd HH:mm', 'yyyy/MM/dd', 'yyyy-MM-dd', or a period format "
        "e.g. '-5d', '4w 2d'."
    )


def called(
    name: str, arguments: tuple[str, ...], *, now: datetime, zone: ZoneInfo
) -> datetime | None:
    """The moment that a function means: now, startOfDay … endOfYear; None if it is no such one."""
    if name.lower() == "now":
        return now
    match = _START.fullmatch(name)
    if match is None:
        return None
    local = now.astimezone(zone)
    first = _first(local.date(), match[2].lower())
    if match[1].lower() == "end":
        first = _first(first + timedelta(days=_LONGEST[match[2].lower()]), match[2].lower())
    found = datetime(first.year, first.month, first.day, tzinfo=zone)
    if match[1].lower() == "end":
        found -= timedelta(milliseconds=1)
    return found + _offset(arguments, match[2].lower(), name)


# A day of the next one, counted from the first day of this one.
_LONGEST = {"day": 1, "week": 7, "month": 31, "year": 366}


def _first(day: date, unit: str) -> date:
    if unit == "week":
        return day - timedelta(days=(day.weekday() + 1) % 7)  # Jira's weeks start on Sunday
    if unit == "month":
        return day.replace(day=1)
    return day.replace(month=1, day=1) if unit == "year" else day


def _offset(arguments: tuple[str, ...], unit: str, name: str) -> timedelta:
    if not arguments:
        return timedelta(0)
    match = _SPAN.fullmatch(arguments[0].strip())
    if match is None or unit not in ("day", "week"):
        message = (
            f"Duration for function '{name}' should have the format (+/-)n(yMwdm), e.g -1M for 1 "
            "month earlier."
        )
        raise JqlError(message)
    return _span(match)
