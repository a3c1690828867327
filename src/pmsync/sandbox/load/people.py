"""Finds the people of an input and gives everybody an account id."""

from typing import Any

from pmsync.sandbox.people import account_id
from pmsync.sandbox.seed import Record


def people(tree: Any) -> list[Record]:
    """Every user record below ``tree``, once each; those without an account id get one."""
    found: dict[str, Record] = {}
    pending = [tree]
    while pending:
        node = pending.pop()
        if isinstance(node, dict):
            if "displayName" in node and _named(node):
                _take(node, found)
            pending.extend(one for one in node.values() if one and isinstance(one, dict | list))
        elif isinstance(node, list):
            pending.extend(one for one in node if one and isinstance(one, dict | list))
    return [found[identity] for identity in sorted(found)]


def _named(node: Record) -> str | None:
    name = node.get("accountId") or node.get("key") or node.get("name")
    return name if isinstance(name, str) else None


def _take(node: Record, found: dict[str, Record]) -> None:
    identity = node.get("accountId") or account_id(str(_named(node)))
    node["accountId"] = identity
    if identity not in found:
        found[identity] = {
            "active": True,
            "timeZone": "Etc/UTC",
            "emailAddress": "",
            **node,
            "accountType": "atlassian",
        }
