"""pydantic's errors in the words of someone who writes YAML."""

from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from typing import Any

from pydantic import ValidationError

from pmsync.config.nodes import Node, Route
from pmsync.config.tree import shown
from pmsync.config.variants import WRITTEN, block_at, hints, mark_of
from pmsync.config.words import description
from pmsync.core.errors import Problem

_Detail = Mapping[str, Any]  # pydantic's ErrorDetails
_EXPECTED = {
    "string": "text",
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
    "tuple": "a list",
    "list": "a list",
    "dict": "a block of keys",
    "mapping": "a block of keys",
    "dataclass": "a block of keys",
    "model": "a block of keys",
    "date": "a date such as 2026-11-01",
    "path": "a path",
}
_BOOLEAN_WORDS = {"yes": "true", "on": "true", "no": "false", "off": "false"}
_RENAMED = {"as": "unit", "audience": "for", "jql": "scope"}


def problems_of(
    error: ValidationError, root: type, node: Node, *, quote: bool = True
) -> tuple[Problem, ...]:
    """Return what *error* found, each fault at its place in *node*.

    Args:
        error: What pydantic found in ``node.plain()``.
        root: The dataclass or model that describes the file.
        node: The file's tree.
        quote: Whether messages may repeat texts of the file; False where a secret may stand.
    """
    found: dict[Route, list[_Detail]] = {}
    for detail in error.errors(include_url=False, include_input=False):
        if not _of_another_variant(detail["loc"], node):
            _, route = node.nearest(detail["loc"])
            if detail["type"] == "missing":
                route = (*route, detail["loc"][-1])
            found.setdefault(route, []).append(detail)
    return tuple(
        _problem(details, route, root, node, quote=quote) for route, details in found.items()
    )


def did_you_mean(word: str, choices: Iterable[str]) -> str:
    """Return a cure that names the choice like *word*, or all of them."""
    choices = list(choices)
    near = get_close_matches(word.casefold(), [choice.casefold() for choice in choices], n=1)
    if near:
        return f"did you mean {next(item for item in choices if item.casefold() == near[0])}?"
    return f"choose from {', '.join(choices)}" if choices else ""


def unknown_key(at: Node, key: str, known: Sequence[str]) -> Problem:
    """Return the fault of a key that nothing reads, with the one that was meant."""
    renamed = _RENAMED.get(key)
    cure = f"did you mean {renamed}?" if renamed in known else did_you_mean(key, known)
    return at.at.problem(f"unknown key {shown(key)}", cure)


def either(words: Sequence[str]) -> str:
    """Return ``a, b or c``."""
    *first, last = words
    return f"{', '.join(first)} or {last}" if first else last


def found_in(node: Node, *, quote: bool = True) -> str:
    """Return what stands there, in YAML words; texts are repeated only where *quote* allows."""
    if node.value is None:
        return "nothing"
    if isinstance(node.value, dict):
        return "a block of keys"
    if isinstance(node.value, list):
        return "a list"
    if isinstance(node.value, bool):
        return str(node.value).lower()
    if isinstance(node.value, str):
        return f"the text {shown(node.value)}" if quote else "a text"
    return f"the number {shown(node.text)[1:-1]}" if quote else "a number"


def _of_another_variant(route: Route, node: Node) -> bool:
    """Whether the error belongs to a member of a union that this block does not want to be."""
    for step in route:
        child = node.child(step)
        if child is not None:
            node = child
            continue
        mark = mark_of(str(step))
        tag = node.get(mark[0]) if mark else None
        if mark and (tag is None or tag.value != mark[1]):
            return True
    return False


def _problem(
    details: Sequence[_Detail], route: Route, root: type, node: Node, *, quote: bool
) -> Problem:
    at, _ = node.nearest(route)
    kind = details[0]["type"]
    if kind == "missing":
        return _missing(at, route, root, node)
    if kind in {"unexpected_keyword_argument", "extra_forbidden"}:
        return _unknown_key(at, route, root, node)
    if kind == "value_error":
        return at.place.problem(*details[0]["ctx"]["error"].args)
    if kind == "too_long":
        most, there = details[0]["ctx"]["max_length"], len(at.rows())
        return at.place.problem(f"expected at most {most} items, found {there}")
    expected = either(list(dict.fromkeys(_expected(detail) for detail in details)))
    what = f"expected {expected}, found {found_in(at, quote=quote)}"
    return at.place.problem(what, _type_cure(at, details, quote=quote))


def _missing(at: Node, route: Route, root: type, node: Node) -> Problem:
    key = route[-1]
    if isinstance(key, int):
        return at.place.problem(f"the list is too short: item {key + 1} is missing")
    block = block_at(root, node, route[:-1])
    written = (WRITTEN.get((block, key)) if block else None) or key
    meaning = description(block, written) if block else ""
    return at.at.problem(f"the key '{written}' is missing here", meaning.rstrip("."))


def _unknown_key(at: Node, route: Route, root: type, node: Node) -> Problem:
    block = block_at(root, node, route[:-1])
    return unknown_key(at, str(route[-1]), list(hints(block)) if block else [])


def _expected(detail: _Detail) -> str:
    kind = str(detail["type"])
    if kind == "literal_error":
        return str(detail["ctx"]["expected"]).replace("'", "")
    return _EXPECTED.get(kind.split("_", maxsplit=1)[0], "another value")


def _kinds(details: Sequence[_Detail]) -> set[str]:
    return {str(detail["type"]).split("_", maxsplit=1)[0] for detail in details}


def _type_cure(at: Node, details: Sequence[_Detail], *, quote: bool) -> str:
    kinds = _kinds(details)
    if details[0]["loc"][-1] == "values" and isinstance(at.value, list):
        return "write {option: number}; for options in their order, the key is classes"
    if "literal" in kinds and isinstance(at.value, str):
        choices = str(details[0]["ctx"]["expected"]).replace("'", "").replace(" or ", ", ")
        return did_you_mean(at.value, choices.split(", ")) if quote else ""
    if "string" in kinds and isinstance(at.value, int | float):
        return f'put it in quotes: "{at.text}"' if quote else "put it in quotes"
    if "bool" in kinds and str(at.value).lower() in _BOOLEAN_WORDS:
        return f"write {_BOOLEAN_WORDS[str(at.value).lower()]}"
    if kinds & {"tuple", "list"} and isinstance(at.value, str | int | float):
        return f"write a list: [{shown(at.text)[1:-1]}]" if quote else "write a list: [...]"
    return ""
