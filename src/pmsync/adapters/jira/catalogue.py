"""Jira's field catalogue: what kind of values a field has, and whose it is."""

from pmsync.adapters.jira.shapes import FieldSchema, FieldShape
from pmsync.core.model import Field, FieldKind

SPRINT = "com.pyxis.greenhopper.jira:gh-sprint"
"""The custom type of the one field that holds sprints; its id differs from site to site."""

_ONE: dict[str, FieldKind] = {
    "number": "number",
    "string": "text",
    "date": "date",
    "datetime": "datetime",
    "user": "user",
    "option": "option",
    "option-with-child": "option",
    "priority": "option",
    "resolution": "option",
    "status": "option",
    "issuetype": "option",
    "project": "option",
    "version": "option",
    "team": "option",
}
_MANY = frozenset({"option", "string", "version", "component", "user", "group"})


def field_of(shape: FieldShape) -> Field:
    """Return one entry of the catalogue."""
    schema = shape.kind or FieldSchema()
    scoped = shape.scope.project if shape.scope else None
    return Field(
        id=shape.id,
        name=shape.name,
        kind=_kind(schema),
        type_key=schema.custom or schema.type,
        custom=shape.custom,
        projects=(scoped.id,) if scoped else (),
    )


def _kind(schema: FieldSchema) -> FieldKind:
    if schema.type == "array":
        return "options" if schema.items in _MANY else "other"
    return _ONE.get(schema.type, "other")
