"""Descriptions of keys, read from the ``Attributes:`` section of the classes' docstrings."""

import inspect
import re
from collections.abc import Mapping

_ENTRY = re.compile(r"    (?P<names>\w+(?:, \w+)*): (?P<text>.*)")


def summary(cls: type) -> str:
    """Return the first paragraph of the docstring, as one line."""
    text = inspect.getdoc(cls) or ""
    return _plain(text.split("\n\n")[0])


def attribute_docs(cls: type) -> Mapping[str, str]:
    """Return ``{attribute: description}``; attributes without one are left out.

    Example:
        >>> from pmsync.core.rules import Readers
        >>> attribute_docs(Readers)["projects"][:45]
        'Keys of the projects that every reader of the'
    """
    found: dict[str, str] = {}
    names: list[str] = []
    for line in _attributes_section(cls):
        entry = _ENTRY.fullmatch(line)
        if entry:
            names = entry["names"].split(", ")
        text = entry["text"] if entry else line.strip()
        found.update({name: f"{found.get(name, '')} {text}".strip() for name in names})
    return {name: _plain(text) for name, text in found.items()}


def _attributes_section(cls: type) -> list[str]:
    lines = (inspect.getdoc(cls) or "").splitlines()
    if "Attributes:" not in lines:
        return []
    below = lines[lines.index("Attributes:") + 1 :]
    end = next((at for at, line in enumerate(below) if not line.startswith("    ")), len(below))
    return below[:end]


def _plain(text: str) -> str:
    """Return *text* without reStructuredText's marks, on one line."""
    text = re.sub(r":\w+:`([^`]*)`", r"\1", " ".join(text.split()))
    return text.replace("``", "`")
