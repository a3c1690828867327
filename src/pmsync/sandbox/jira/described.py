"""A field's value in the words of the changelog."""

from typing import Any

from pmsync.sandbox.jira.documents import plain
from pmsync.sandbox.seed import Record

Told = tuple[str | None, str | None]
"""An id, where the value has one, and a text; (None, None) for an empty field."""


def described(value: Any) -> Told:
    """A value as the changelog tells it: its id, where it has one, and its text."""
    if value is None or value == []:
        return None, None
    if isinstance(value, list):
        parts = [described(each) for each in value]
        ids = ", ".join(each for each, _ in parts if each)
        between = ", " if ids else " "
        return ids or None, between.join(text for _, text in parts if text)
    if isinstance(value, dict):
        if value.get("type") == "doc":
            return None, plain(value)
        return _identified(value)
    if isinstance(value, float) and value.is_integer():
        return None, str(int(value))
    return None, str(value)


def _identified(value: Record) -> Told:
    names = ("value", "name", "displayName", "key")
    text = next((str(value[name]) for name in names if value.get(name)), None)
    identity = value.get("accountId") or value.get("id")
    return None if identity is None else str(identity), text
