"""The field catalogue of an input: types inferred from values."""

import re
from collections.abc import Callable, Iterable
from typing import Any

from pmsync.sandbox import fields
from pmsync.sandbox.load.sprints import sprint
from pmsync.sandbox.seed import Record

_TYPES = "com.atlassian.jira.plugin.system.customfieldtypes:"
_RANK = re.compile(r"\d\|[0-9a-z]+:[0-9a-z]*")
_KEY = re.compile(r"[A-Z][A-Z0-9_]+-\d+")
_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_DATETIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\S*")
_CUSTOM = re.compile(r"customfield_([0-9]{1,15})")
_MADE = {
    fields.FLAGGED: fields.checkboxes_field(fields.FLAGGED, "Flagged", ["Impediment"]),
    fields.SPRINT: fields.sprint_field(),
    fields.EPIC_LINK: fields.epic_link_field(),
}
"""Fields that this room makes of the Agile API's: their type is known without values."""


def catalogue(issues: Iterable[Record], names: dict[str, str]) -> list[Record]:
    """System fields and an entry for every other field that an issue has.

    Args:
        issues: Issues with ``fields``.
        names: Field names by id, where the input tells them.
    """
    values: dict[str, list[Any]] = {}
    for issue in issues:
        for identity, value in issue["fields"].items():
            known = values.setdefault(identity, [])
            if value is not None and value != []:
                known.append(value)
    listed = fields.system_fields()
    system = {one["id"] for one in listed}
    for identity in sorted(set(values) - system):
        listed.append(_entry(identity, values[identity], names.get(identity)))
    return listed


def rank_of(catalogue_entries: Iterable[Record]) -> str | None:
    """The id of the rank field, if there is one."""
    custom = "com.pyxis.greenhopper.jira:gh-lexo-rank"
    found = (one["id"] for one in catalogue_entries if one["schema"].get("custom") == custom)
    return next(found, None)


def _entry(identity: str, values: list[Any], name: str | None) -> Record:
    number = _CUSTOM.fullmatch(identity)
    if number is None:
        plain = fields.text_field("customfield_0", name or identity)
        return plain | {
            "id": identity,
            "key": identity,
            "custom": False,
            "clauseNames": [identity],
            "schema": {"type": "any", "system": identity},
        }
    if identity in _MADE and not (name or values):
        return dict(_MADE[identity])
    default = "Flagged" if identity == fields.FLAGGED else f"Field {number[1]}"
    made = _typed(identity, values, name or default)
    if name:
        made |= {"name": name, "clauseNames": [made["clauseNames"][0], name]}
    return made


def _typed(identity: str, values: list[Any], name: str) -> Record:
    if not values:
        return fields.text_field(identity, name)
    if _all(values, lambda one: isinstance(one, str)):
        return _of_texts(identity, values, name)
    if _all(values, lambda one: isinstance(one, int | float) and not isinstance(one, bool)):
        return fields.number_field(identity, name)
    if _all(values, lambda one: isinstance(one, list)):
        return _of_lists(identity, [one for value in values for one in value], name)
    return _of_objects(identity, values, name)


def _of_objects(identity: str, values: list[Any], name: str) -> Record:
    if _all(values, lambda one: isinstance(one, dict) and "value" in one):
        return fields.select_field(identity, name, _options(values))
    if _all(values, _is_user):
        return fields.custom_field(identity, name, "user", f"{_TYPES}userpicker")
    return fields.custom_field(identity, name, "any", f"{_TYPES}any")


def _of_texts(identity: str, values: list[str], name: str) -> Record:
    if _all(values, _RANK.fullmatch):
        return fields.rank_field(identity)
    if _all(values, _KEY.fullmatch):
        return fields.epic_link_field(identity)
    if _all(values, _DATE.fullmatch):
        return fields.custom_field(identity, name, "date", f"{_TYPES}datepicker")
    if _all(values, _DATETIME.fullmatch):
        return fields.custom_field(identity, name, "datetime", f"{_TYPES}datetime")
    return fields.text_field(identity, name, long=any("\n" in one for one in values))


def _of_lists(identity: str, elements: list[Any], name: str) -> Record:
    if _all(elements, sprint):
        return fields.sprint_field(identity)
    if _all(elements, lambda one: isinstance(one, str)):
        return fields.custom_field(identity, name, "array", f"{_TYPES}labels", "string")
    if _all(elements, lambda one: isinstance(one, dict) and "value" in one):
        return fields.checkboxes_field(identity, name, _options(elements))
    if _all(elements, _is_user):
        return fields.custom_field(identity, name, "array", f"{_TYPES}multiuserpicker", "user")
    return fields.custom_field(identity, name, "any", f"{_TYPES}any")


def _all(values: list[Any], holds: Callable[[Any], Any]) -> bool:
    return bool(values) and all(holds(one) for one in values)


def _options(values: list[Record]) -> list[str]:
    return list(dict.fromkeys(str(one["value"]) for one in values))


def _is_user(value: Any) -> bool:
    return isinstance(value, dict) and "displayName" in value
