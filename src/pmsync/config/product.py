"""One product's file, read into the rules."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from pmsync.config.checks import check_rules
from pmsync.config.measures import check_measures, check_order_given, implied_scores
from pmsync.config.nodes import Node, origins_of
from pmsync.config.reading import read_yaml
from pmsync.config.scales import with_scales
from pmsync.config.short_forms import write_out
from pmsync.config.variants import METHODS
from pmsync.config.wording import found_in, problems_of
from pmsync.core.errors import Problem
from pmsync.core.rules import AnyMethod, Product
from pmsync.core.scoring.inputs import InputRule
from pmsync.core.scoring.methods.weighted import Weighted

_Rule = TypeVar("_Rule")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadProduct:
    """A product's file after reading.

    Attributes:
        rules: None if anything is wrong.
        problems: All faults, in the order of the file.
        origins: ``{dotted key: file:line:column}`` of what the file says.
    """

    rules: Product | None
    problems: tuple[Problem, ...]
    origins: Mapping[str, str]


def read_product(
    path: Path, name: str, time_zone: str, sites: Mapping[str, bool] | None
) -> ReadProduct:
    """Read the product whose id is the stem of *path*.

    Args:
        path: The YAML file.
        name: How messages call it.
        time_zone: Used where the file names none.
        sites: ``{site: whether it has a Confluence}``; None where that is not known, so that any
            site may be named.
    """
    root, faults = read_yaml(path, name)
    if root is None:
        return ReadProduct(rules=None, problems=faults, origins={})
    if not isinstance(root.value, dict):
        fault = root.place.problem(f"expected a block of keys, found {found_in(root)}")
        return ReadProduct(rules=None, problems=(*faults, fault), origins={})
    written = write_out(root, path.stem)
    rules, wrong = _validated(written.root)
    crossed = _cross_check(written.root, sites)
    problems = first_by_place(
        (*faults, *written.problems, *wrong, *crossed, *check_order_given(root))
    )
    if problems or rules is None:
        return ReadProduct(rules=None, problems=problems, origins={})
    zoned = rules if "time_zone" in root.items() else replace(rules, time_zone=time_zone)
    return ReadProduct(
        rules=_complete(zoned, written.root), problems=(), origins=origins_of(written.root)
    )


def first_by_place(problems: tuple[Problem, ...]) -> tuple[Problem, ...]:
    """Return the first problem of each place, sorted by place."""
    first: dict[tuple[str, int, int, str], Problem] = {}
    for problem in problems:
        text = "" if problem.line else problem.what
        first.setdefault((problem.file, problem.line, problem.column, text), problem)
    return tuple(first[place] for place in sorted(first))


@cache
def _adapter(rules: type[_Rule]) -> TypeAdapter[_Rule]:
    return TypeAdapter(rules)


def _validated(root: Node) -> tuple[Product | None, tuple[Problem, ...]]:
    try:
        return _adapter(Product).validate_json(json.dumps(root.plain()), strict=True), ()
    except ValidationError as error:
        return None, problems_of(error, Product, root)


def _cross_check(root: Node, sites: Mapping[str, bool] | None) -> Iterator[Problem]:
    inputs = dict(_right(root, "inputs", lambda _: InputRule))
    scores: dict[str, AnyMethod] = dict(
        _right(root, "scores", lambda node: METHODS[str(node.items()["method"].value)])
    )
    scores |= {name: METHODS[name]() for name in implied_scores(root)}
    yield from check_rules(root, sites)
    yield from check_measures(root, inputs, scores)


def _right(root: Node, key: str, rules_of: Any) -> Iterator[tuple[str, Any]]:
    """Yield the entries of the block *key* that are right by themselves."""
    block = root.get(key)
    for name, node in (block.items() if block else {}).items():
        try:
            yield (
                name,
                _adapter(rules_of(node)).validate_json(json.dumps(node.plain()), strict=True),
            )
        except ValidationError:
            continue


def _complete(rules: Product, root: Node) -> Product:
    """Return *rules* with the scores that the order implies, and the scales of weighted ones."""
    scores = {name: METHODS[name]() for name in implied_scores(root)}
    scores = {**rules.scores, **scores}
    filled = {
        name: with_scales(method, rules.inputs) if isinstance(method, Weighted) else method
        for name, method in scores.items()
    }
    return replace(rules, scores=filled)
