"""Page tokens of a search: opaque, good for being asked again, bound to their query."""

import base64
import binascii
import re
from collections import OrderedDict
from dataclasses import dataclass
from itertools import count

from pmsync.sandbox.jira.errors import JiraError

_KEPT = 500
_TOKEN = re.compile(r"(\d+):(\d+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cursor:
    """A search under way: the ids it found when it began."""

    jql: str
    ids: tuple[str, ...]


class Cursors:
    """Searches under way; the oldest are forgotten."""

    def __init__(self) -> None:
        self._kept: OrderedDict[int, Cursor] = OrderedDict()
        self._numbers = count(1)

    def open(self, cursor: Cursor) -> int:
        """Keeps a search and returns its number."""
        number = next(self._numbers)
        self._kept[number] = cursor
        if len(self._kept) > _KEPT:
            self._kept.popitem(last=False)
        return number

    def token(self, number: int, offset: int) -> str:
        """The token of the page that starts at *offset*."""
        return base64.urlsafe_b64encode(f"{number}:{offset}".encode()).decode().rstrip("=")

    def find(self, token: str, jql: str) -> tuple[int, Cursor, int]:
        """The search a token belongs to, and where its page starts.

        Raises:
            JiraError: It is no token of this query (400).
        """
        try:
            text = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)).decode()
        except (binascii.Error, UnicodeDecodeError, ValueError):
            text = ""
        match = _TOKEN.fullmatch(text)
        cursor = self._kept.get(int(match[1])) if match else None
        if match is None or cursor is None or cursor.jql != jql:
            message = "The provided next page token is invalid."
            raise JiraError(400, message)
        return int(match[1]), cursor, int(match[2])
