"""A YAML file turned into a tree with places, or into every reason why it cannot be.

The tree is built from ruamel's events, not from its objects: no tag ever makes an object, aliases
are counted before they are expanded, and all duplicate keys are reported, not only the first.
"""

from pathlib import Path

from pmsync.config.nodes import Node, Place
from pmsync.config.tree import TreeBuilder, UnreadableYamlError
from pmsync.core.errors import Problem

LARGEST_FILE = 1_000_000  # bytes


def read_yaml(path: Path, name: str = "") -> tuple[Node | None, tuple[Problem, ...]]:
    """Return the tree of the file *path* (None if unusable) and what is wrong with it.

    Args:
        path: The file.
        name: How messages call it; *path* as given if empty.
    """
    shown = name or str(path)
    try:
        raw = _read(path)
    except OSError as error:
        return None, (_unreadable(shown, error),)
    if len(raw) > LARGEST_FILE:
        return None, (Place(file=shown).problem(f"the file is larger than {LARGEST_FILE} bytes"),)
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return None, (_not_utf8(shown, raw, error.start),)
    return parse_yaml(text, shown)


def parse_yaml(text: str, name: str) -> tuple[Node | None, tuple[Problem, ...]]:
    """Return the tree of the YAML *text* (None if unusable) and what is wrong with it.

    Args:
        text: One YAML document.
        name: How messages call the file.
    """
    builder = TreeBuilder(name)
    try:
        root = builder.build(text)
    except UnreadableYamlError as fault:
        return None, (*builder.problems, fault.problem)
    return root, tuple(builder.problems)


def _read(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(LARGEST_FILE + 1)


def _unreadable(shown: str, error: OSError) -> Problem:
    if isinstance(error, FileNotFoundError):
        return Problem(what="there is no such file", file=shown)
    if isinstance(error, IsADirectoryError):
        return Problem(what="this is a folder, not a file", file=shown, cure="name the YAML file")
    reason = error.strerror or type(error).__name__
    return Problem(what=f"cannot be read: {reason}", file=shown)


def _not_utf8(shown: str, raw: bytes, offset: int) -> Problem:
    before = raw[:offset].decode("utf-8", errors="replace")
    line = before.count("\n") + 1
    column = len(before) - (before.rfind("\n") + 1) + 1
    place = Place(file=shown, line=line, column=column)
    return place.problem("the file is not UTF-8 text", "save it with the encoding UTF-8")
