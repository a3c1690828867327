"""Checks of what is measured: inputs, scores and the order made of them."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import get_args

from pmsync.config.nodes import Node
from pmsync.config.scales import scale_of
from pmsync.config.tree import shown
from pmsync.config.variants import METHODS, required
from pmsync.config.wording import did_you_mean, either
from pmsync.core.errors import Problem
from pmsync.core.rules import AnyMethod
from pmsync.core.scoring.inputs import InputRule
from pmsync.core.scoring.methods.rice import Rice
from pmsync.core.scoring.methods.weighted import Weighted
from pmsync.core.scoring.order import DateKey

DATES: tuple[str, ...] = get_args(DateKey)
_BY_SIZE = ("highest first", "lowest first")
_BY_DATE = ("earliest first", "latest first")
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")


def check_measures(
    root: Node, inputs: Mapping[str, InputRule], scores: Mapping[str, AnyMethod]
) -> Iterator[Problem]:
    """Yield every fault of a product's inputs, scores and order.

    Args:
        root: The product's tree, short forms written out.
        inputs: Those inputs that are right by themselves.
        scores: Those scores that are right by themselves, the implied ones included.
    """
    yield from _names(root)
    for name, rule in inputs.items():
        node = root.get("inputs", name)
        if node:
            yield from _input(node, rule)
    for name, method in scores.items():
        node = root.get("scores", name) or _step_named(root, name)
        if node:
            yield from _score(node, method, root, inputs)
    yield from _order(root)


def _names(root: Node) -> Iterator[Problem]:
    inputs, scores = _block(root, "inputs"), _block(root, "scores")
    for called, block in (("an input", inputs), ("a score", scores)):
        for name, node in block.items():
            if name in DATES:
                fault = f"{called} cannot be called {name}: an order step by {name} means the date"
                yield node.at.problem(fault, "choose another name")
            elif not _NAME.fullmatch(name):
                fault = f"{shown(name)} is not a name: letters, digits, - and _ only"
                yield node.at.problem(fault)
    for name in scores.keys() & inputs.keys():
        yield scores[name].at.problem(f"there is an input called {name} too", "rename one of them")


def _input(node: Node, rule: InputRule) -> Iterator[Problem]:
    given = [key for key in ("values", "classes", "scale") if getattr(rule, key) is not None]
    if len(given) > 1:
        fault = f"{either(given)}: an input takes only one of them"
        yield node.items()[given[1]].at.problem(fault, f"remove {given[1]}")
    elif rule.unit and rule.classes is not None:
        yield node.items()["unit"].at.problem("a class has no unit", "remove unit")
    elif rule.unit == "percent" and rule.values is not None:
        fault = "values are taken as they stand, so percent has no effect on them"
        yield node.items()["unit"].at.problem(fault, "write 0.8 instead of 80, without a unit")
    if rule.scale and not rule.scale[0] < rule.scale[1]:
        fault = "a scale goes from the lowest to the highest value"
        yield node.items()["scale"].place.problem(fault, "write such as [0, 10]")
    if not rule.field.strip():
        yield node.items()["field"].place.problem("the field's name is empty")
    for key in ("values", "classes"):
        options = getattr(rule, key)
        if options is not None:
            yield from _options(node.items()[key], list(options))


def _options(node: Node, options: list[str]) -> Iterator[Problem]:
    if not options:
        yield node.at.problem("no option is listed")
    folded: dict[str, str] = {}
    for option in options:
        first = folded.setdefault(option.casefold(), option)
        if options.count(option) > 1 or first != option:
            fault = f"{shown(first)} and {shown(option)} are the same option to pmsync"
            yield node.at.problem(fault, "keep one of them")
            return


def _score(
    node: Node, method: AnyMethod, root: Node, inputs: Mapping[str, InputRule]
) -> Iterator[Problem]:
    declared = _block(root, "inputs")
    for name in method.inputs():
        at = node.get("weights", name) or node.get(_attribute(method, name)) or node
        if name not in declared:
            fault = f"{method.method} needs the input {shown(name)}, and there is none"
            cure = did_you_mean(name, declared) if declared else "declare it under inputs:"
            yield at.at.problem(fault, cure)
        elif name in inputs and inputs[name].classes is not None:
            fault = f"{shown(name)} is a class, and {method.method} calculates with numbers"
            yield at.at.problem(fault, "give its field values: {option: number}")
    if isinstance(method, Weighted):
        yield from _weighted(node, method, inputs)
    if isinstance(method, Rice):
        yield from _confidence(inputs.get(method.confidence), root.get("inputs", method.confidence))


def _attribute(method: AnyMethod, name: str) -> str:
    """Return the key by which a method takes the input *name*; empty if it has none."""
    keys = ("reach", "impact", "confidence", "effort") if isinstance(method, Rice) else ()
    return next((key for key in keys if getattr(method, key) == name), "")


def _weighted(node: Node, method: Weighted, inputs: Mapping[str, InputRule]) -> Iterator[Problem]:
    weights = node.items()["weights"]
    if not method.weights:
        yield weights.at.problem("no input has a weight")
    for name, weight in method.weights.items():
        at = weights.items()[name]
        if weight <= 0:
            cure = "leave it out, or list it under lower_is_better"
            yield at.place.problem(f"the weight is {at.text}, and must be above 0", cure)
        rule = inputs.get(name)
        if rule and rule.classes is None and scale_of(rule) is None:
            cure = f"add scale: [lowest, highest] to the input {name}"
            yield at.at.problem(f"weighted needs to know the scale of {shown(name)}", cure)
    for row in (node.get("lower_is_better") or node.with_value([])).rows():
        if row.value not in method.weights:
            fault = f"{shown(row.text)} has no weight here"
            yield row.place.problem(fault, did_you_mean(row.text, method.weights))


def _confidence(rule: InputRule | None, node: Node | None) -> Iterator[Problem]:
    if rule and node and rule.values and not all(0 <= one <= 1 for one in rule.values.values()):
        fault = "RICE takes confidence as a share from 0 to 1"
        yield node.items()["values"].at.problem(fault, "write 0.8 for 80 %")


def _order(root: Node) -> Iterator[Problem]:
    order = root.get("order")
    steps = order.rows() if order else []
    seen: dict[str, Node] = {}
    for step in steps:
        by = step.items()["by"]
        name = str(by.value)
        if name in seen:
            yield step.place.problem(f"the order has {shown(name)} twice", "keep the first")
            continue
        seen[name] = step
        yield from _step(step, name, root)


def check_order_given(root: Node) -> Iterator[Problem]:
    """Yield a fault if the product, as it was written, ranks by nothing."""
    order, rank = root.get("order"), root.get("rank")
    if rank and rank.items() and (order is None or order.value in ([], None)):
        fault = "rank needs an order to rank by"
        yield (order or rank).at.problem(fault, "add such as order: [rice highest first]")


def _step(step: Node, name: str, root: Node) -> Iterator[Problem]:
    direction = step.get("direction")
    known = _known(root)
    if name not in known:
        if name in METHODS:
            fault = f"the score {name} needs {either(_needs(name))}"
            yield step.place.problem(fault, f"declare {name} under scores:")
        else:
            fault = f"the order names {shown(name)}, which is no score, input or date"
            yield step.place.problem(fault, did_you_mean(name, known))
        return
    fitting = known[name]
    if direction and direction.value not in fitting:
        cure = f"write {name} {either(fitting)}" if fitting else f"write {name} alone"
        fault = f"{direction.value} does not fit {shown(name)}"
        yield step.place.problem(fault if fitting else f"{fault}: a class has its own order", cure)
    elif fitting and not direction:
        fault = f"the order does not say which {name} comes first"
        yield step.place.problem(fault, f"write {name} {either(fitting)}")


def _known(root: Node) -> Mapping[str, tuple[str, ...]]:
    """Return ``{what an order may name: directions that fit it}``."""
    implied = (name for name in METHODS if not _needs(name))
    by_size = dict.fromkeys((*implied, *_block(root, "scores")), _BY_SIZE)
    inputs = {
        name: () if node.get("classes") else _BY_SIZE
        for name, node in _block(root, "inputs").items()
    }
    return {**by_size, **inputs, **dict.fromkeys(DATES, _BY_DATE)}


def _needs(method: str) -> tuple[str, ...]:
    return required(METHODS[method])


def implied_scores(root: Node) -> Iterable[str]:
    """Return the methods that the order names and that need no declaration of their own."""
    order = root.get("order")
    named = [str(step.items()["by"].value) for step in (order.rows() if order else [])]
    declared = {**_block(root, "scores"), **_block(root, "inputs")}
    free = [name for name in named if name in METHODS and not _needs(name)]
    return [name for name in dict.fromkeys(free) if name not in declared]


def _step_named(root: Node, name: str) -> Node | None:
    order = root.get("order")
    steps = order.rows() if order else []
    return next((step for step in steps if step.items()["by"].value == name), None)


def _block(root: Node, key: str) -> dict[str, Node]:
    node = root.get(key)
    return node.items() if node else {}
