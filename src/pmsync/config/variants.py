"""What may stand where: the keys of each block, and which variant of a union a block is."""

import types
from collections.abc import Iterable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from functools import cache
from typing import Any, Union, get_args, get_origin, get_type_hints

from pydantic import BaseModel

from pmsync.config.nodes import Node, Route
from pmsync.core.rules import AnyMethod, AnyPage, Product, ReleaseNotes
from pmsync.core.scoring.methods.weighted import Weighted

WRITTEN: Mapping[tuple[type, str], str | None] = {
    (Product, "id"): None,
    (Weighted, "scales"): None,
    (ReleaseNotes, "audience"): "for",
}
"""``{(rules, attribute): its key in YAML}`` where they differ; None: it is not written at all."""


def _by_tag(variants: Iterable[type], key: str) -> Mapping[str, type]:
    found = ((entry, cls) for cls in variants for entry in fields(cls) if entry.name == key)
    return {str(entry.default): cls for entry, cls in found}


METHODS: Mapping[str, type] = _by_tag(get_args(AnyMethod), "method")
PAGES: Mapping[str, type] = _by_tag(get_args(AnyPage), "kind")
_MARKS: Mapping[type, tuple[str, str]] = {
    **{cls: ("method", tag) for tag, cls in METHODS.items()},
    **{cls: ("kind", tag) for tag, cls in PAGES.items()},
}


def mark_of(class_name: str) -> tuple[str, str] | None:
    """Return the key and value that mark a variant, such as ``("method", "rice")`` for ``Rice``.

    None if no variant has that name.
    """
    return next((mark for cls, mark in _MARKS.items() if cls.__name__ == class_name), None)


@cache
def hints(cls: type[Any]) -> Mapping[str, Any]:
    """Return ``{key: type}`` of a dataclass or model, by the keys one writes in YAML."""
    if issubclass(cls, BaseModel):
        return {name: field.annotation for name, field in cls.model_fields.items()}
    found = get_type_hints(cls)
    names = {field.name: WRITTEN.get((cls, field.name), field.name) for field in fields(cls)}
    return {key: found[name] for name, key in names.items() if key}


def required(cls: type[Any]) -> tuple[str, ...]:
    """Return the keys without a default."""
    if issubclass(cls, BaseModel):
        return tuple(name for name, field in cls.model_fields.items() if field.is_required())
    return tuple(
        key
        for field in fields(cls)
        if field.default is MISSING and field.default_factory is MISSING
        if (key := WRITTEN.get((cls, field.name), field.name))
    )


def block_at(root: type, node: Node, route: Route) -> type | None:
    """Return the dataclass or model that describes the block at *route* below *root*.

    Args:
        root: What describes the whole file.
        node: The file's tree, which tells the variants of unions apart.
        route: The way to the block.
    """
    hint: Any = root
    for step in route:
        child = node.child(step)
        hint = _below(hint, step)
        if child is None:
            return None
        node = child
        hint = _chosen(hint, node)
    return hint if _is_block(hint) else None


def _below(hint: Any, step: str | int) -> Any:
    if _is_block(hint):
        return hints(hint).get(str(step)) or get_type_hints(hint).get(str(step))
    origin, args = get_origin(hint), get_args(hint)
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return args[-1]
    return args[0] if args else None


def _chosen(hint: Any, node: Node) -> Any:
    if get_origin(hint) not in {Union, types.UnionType}:
        return hint
    members = [member for member in get_args(hint) if member is not type(None)]
    for member in members:
        mark = _MARKS.get(member)
        tag = node.get(mark[0]) if mark else None
        if mark and tag and tag.value == mark[1]:
            return member
    return members[0]


def _is_block(hint: Any) -> bool:
    is_class = isinstance(hint, type)
    return is_class and (is_dataclass(hint) or issubclass(hint, BaseModel))
