"""Sprints and flags: the Agile API's shapes as the custom fields that Jira Cloud has."""

import re
from typing import Any

from pmsync.sandbox import fields
from pmsync.sandbox.seed import Record

_TEXT = re.compile(r"\.Sprint@[0-9a-f]+\[(.*)\]", re.DOTALL)
_PAIR = re.compile(r",(?=[A-Za-z]+=)")
_STATES = frozenset({"active", "closed", "future"})


def fold(shown: Record) -> None:
    """Replaces ``sprint``, ``closedSprints``, ``flagged`` and fills the epic link from ``epic``."""
    if "sprint" in shown or "closedSprints" in shown:
        current = shown.pop("sprint", None)
        closed = shown.pop("closedSprints", None)
        listed = [*(closed if isinstance(closed, list) else ()), *([current] if current else ())]
        shown[fields.SPRINT] = listed or None
    if "flagged" in shown:
        flag = {"id": "10019", "value": "Impediment"}
        shown[fields.FLAGGED] = [flag] if shown.pop("flagged") else None
    epic = shown.get("epic")
    if isinstance(epic, dict) and isinstance(epic.get("key"), str):
        shown[fields.EPIC_LINK] = epic["key"]
        if not shown.get("parent"):
            shown["parent"] = _parent(epic)


def sprint(value: Any) -> Record | None:
    """A sprint as the Agile API shows it, from there or from Data Center's text; else None."""
    if isinstance(value, str) and (found := _TEXT.search(value)):
        pairs = (pair.partition("=") for pair in _PAIR.split(found[1]))
        value = {key: text for key, _, text in pairs if text != "<null>"}
        value["boardId"] = value.pop("rapidViewId", None)
    if not isinstance(value, dict) or str(value.get("state")).lower() not in _STATES:
        return None
    if not str(value.get("id", "")).isdigit() or "name" not in value:
        return None
    board = value.get("boardId") or value.get("originBoardId") or 1
    shown = {**value, "id": int(value["id"]), "state": str(value["state"]).lower()}
    return shown | {"boardId": int(board) if str(board).isdigit() else 1}


def _parent(epic: Record) -> Record:
    summary = epic.get("summary") or epic.get("name") or epic["key"]
    shown = {"summary": summary, "issuetype": {"name": "Epic", "subtask": False}}
    return {"id": str(epic.get("id", "")), "key": epic["key"], "fields": shown}
