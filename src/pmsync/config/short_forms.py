"""A product's file with its short forms written out, so that the rules' own shape remains.

``rice highest first`` becomes a step with a direction, ``roadmap`` a page with its defaults, and
``for`` the audience of release notes. Every node keeps its place.
"""

from dataclasses import dataclass, field
from typing import get_args

from pmsync.config.nodes import Node
from pmsync.config.tree import shown
from pmsync.config.variants import METHODS, PAGES
from pmsync.config.wording import did_you_mean, either, found_in
from pmsync.core.errors import Problem
from pmsync.core.scoring.order import Direction

DIRECTIONS: tuple[str, ...] = get_args(Direction)


@dataclass(slots=True, kw_only=True)
class WrittenOut:
    """A product's tree in the rules' shape, and what could not be brought into it."""

    root: Node
    problems: list[Problem] = field(default_factory=list)


def write_out(root: Node, product_id: str) -> WrittenOut:
    """Return *root* in the shape of :class:`pmsync.core.rules.Product`.

    What has a fault is reported and left out, so that it is not reported again.
    """
    out = WrittenOut(root=root)
    items = dict(root.items())
    if "id" in items:
        fault = "a product's id is the name of its file"
        out.problems.append(items.pop("id").at.problem(fault, "remove this key"))
    for key, change in (
        ("scores", _scores),
        ("order", _order),
        ("pages", _pages),
        ("release_notes", _release_notes),
    ):
        if key in items:
            items[key] = change(items[key], out)
    items["id"] = Node(value=product_id, place=root.place, text=product_id)
    out.root = root.with_value(items)
    return out


def _scores(node: Node, out: WrittenOut) -> Node:
    if not isinstance(node.value, dict):
        return node
    return node.with_value(
        {name: score for name, score in node.items().items() if _has_method(name, score, out)}
    )


def _has_method(name: str, score: Node, out: WrittenOut) -> bool:
    choices = list(METHODS)
    if not isinstance(score.value, dict):
        cure = f"such as {name}: {{method: {choices[0]}}}"
        fault = f"expected a block of keys, found {found_in(score)}"
        out.problems.append(score.place.problem(fault, cure))
        return False
    method = score.get("method")
    if method is None:
        fault = "the key 'method' is missing here"
        out.problems.append(score.at.problem(fault, f"write {either(choices)}"))
        return False
    if method.value not in choices:
        fault = f"expected {either(choices)}, found {found_in(method)}"
        cure = did_you_mean(method.text, choices)
        out.problems.append(method.place.problem(fault, cure))
        return False
    scales = score.get("scales")
    if scales:
        fault = "unknown key 'scales'"
        out.problems.append(scales.at.problem(fault, "give each input its own scale: [low, high]"))
    return not scales


def _order(node: Node, out: WrittenOut) -> Node:
    if not isinstance(node.value, list):
        return node
    steps = [step for row in node.rows() if (step := _step(row, out))]
    return node.with_value(steps)


def _step(row: Node, out: WrittenOut) -> Node | None:
    words = row.value.split() if isinstance(row.value, str) else []
    direction = " ".join(words[1:])
    if words and (not direction or direction in DIRECTIONS):
        step = {"by": row.with_value(words[0])}
        if direction:
            step["direction"] = row.with_value(direction)
        return row.with_value(step)
    if words:
        fault = f"after {shown(words[0])} expected {either(DIRECTIONS)}, found {shown(direction)}"
        cure = did_you_mean(direction, DIRECTIONS)
    else:
        fault = f"expected a text such as 'rice highest first', found {found_in(row)}"
        cure = ""
    out.problems.append(row.place.problem(fault, cure))
    return None


def _pages(node: Node, out: WrittenOut) -> Node:
    items = dict(node.items())
    if not items:
        return node
    if "kinds" in items and isinstance(items["kinds"].value, list):
        rows = [page for row in items["kinds"].rows() if (page := _page(row, out))]
        items["kinds"] = items["kinds"].with_value(rows)
    _page_id(items)
    return node.with_value(items)


def _page(row: Node, out: WrittenOut) -> Node | None:
    kind, options = row, row.with_value({})
    if isinstance(row.value, dict) and len(row.value) == 1:
        [(name, options)] = row.items().items()
        kind = Node(value=name, place=options.at, text=name)
    if not isinstance(kind.value, str):
        fault = f"expected the kind of one page, found {found_in(row)}"
        cure = "write a kind such as roadmap, or {backlog: {top: 50}}"
        out.problems.append(row.place.problem(fault, cure))
        return None
    if kind.value not in PAGES:
        fault = f"unknown kind of page {shown(kind.value)}"
        out.problems.append(kind.place.problem(fault, did_you_mean(kind.value, PAGES)))
        return None
    if options.value is not None and not isinstance(options.value, dict):
        fault = f"expected a block of keys, found {found_in(options)}"
        out.problems.append(options.place.problem(fault))
        return None
    if "kind" in options.items():
        out.problems.append(options.items()["kind"].at.problem("unknown key 'kind'"))
        return None
    return Node(value={"kind": kind, **options.items()}, place=row.place)


def _release_notes(node: Node, out: WrittenOut) -> Node:
    return node.with_value([_notes(row, out) for row in node.rows()]) if node.rows() else node


def _notes(row: Node, out: WrittenOut) -> Node:
    items = dict(row.items())
    if not items:
        return row
    if "audience" in items:
        fault = items["audience"].at.problem("unknown key 'audience'", "did you mean for?")
        out.problems.append(fault)
    if "for" in items:
        items["audience"] = items.pop("for")
    _page_id(items)
    return row.with_value(items)


def _page_id(items: dict[str, Node]) -> None:
    """Take a page id that is written as a number for the text it is."""
    under = items.get("under")
    if under and isinstance(under.value, int) and not isinstance(under.value, bool):
        items["under"] = under.with_value(under.text)
