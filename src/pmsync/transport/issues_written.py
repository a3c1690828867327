"""Which issues a write names: Jira limits writes by issue."""

from collections.abc import Mapping

import msgspec


class _Body(msgspec.Struct):
    issues: list[str] = []


def issues_written(
    body: bytes | str | object | None, path_values: Mapping[str, str]
) -> tuple[str, ...]:
    """Return the ids or keys of the issues that a write names in its path or body.

    Args:
        body: As it is about to be sent.
        path_values: Values of the path's placeholders, by name.
    """
    named = tuple(value for name, value in path_values.items() if name.startswith("issue"))
    if named or not isinstance(body, bytes | str):
        return named
    try:
        return tuple(msgspec.json.decode(body, type=_Body).issues)
    except msgspec.DecodeError:
        return ()
