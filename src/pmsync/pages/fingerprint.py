"""What a page was made from, in one hash: equal hashes mean there is nothing to send."""

import dataclasses
import hashlib
import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

RENDERER = 1
"""Raised by hand when this package makes another body of the same view and templates."""


def fingerprint(view: object, sources: Mapping[str, str], options: Mapping[str, Any]) -> str:
    """Return the sha256, hexadecimal, of all that a page's body depends on.

    Args:
        view: The view model.
        sources: ``{template: text}`` of every template that may take part.
        options: Language, labels and the like: values that JSON knows.
    """
    return digest(
        {
            "renderer": RENDERER,
            "view": as_json(view),
            "templates": dict(sources),
            "options": dict(options),
        }
    )


def digest(value: object) -> str:
    """Return the sha256, hexadecimal, of *value* as canonical JSON."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()


def as_json(value: Any) -> Any:
    """Return *value* as JSON can hold it: dataclasses and mappings as objects, dates as text."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {
            field.name: as_json(getattr(value, field.name)) for field in dataclasses.fields(value)
        }
    if isinstance(value, Mapping):
        return {str(key): as_json(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [as_json(item) for item in value]
    return value.isoformat() if isinstance(value, date | datetime) else value
