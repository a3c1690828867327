"""A plan as a file: canonical JSON with its hash, so that what was approved is applied."""

import hashlib
from collections.abc import Iterator
from typing import Any, get_type_hints

import msgspec

from pmsync.core.brakes import page_target
from pmsync.core.errors import PlanFileError
from pmsync.core.plan import Change, PageCreate, PageUpdate, Plan, RankMove

FORMAT = 1
CHANGES: dict[str, type[Change]] = {"rank": RankMove, "create": PageCreate, "update": PageUpdate}
MOST_NAMED = 50
REPLAN = "make a new plan with: pmsync plan -o FILE"


def plan_hash(plan: Plan) -> str:
    """Return the sha256 of the plan's canonical JSON, hexadecimal."""
    return _sha256(msgspec.to_builtins(plan))


def encode(plan: Plan) -> str:
    """Return the plan file's text: the format, the hash, and the plan."""
    content = {"pmsync_plan": FORMAT, "hash": plan_hash(plan), "plan": msgspec.to_builtins(plan)}
    text = msgspec.json.encode(content, order="sorted")
    return msgspec.json.format(text, indent=1).decode() + "\n"


def decode(text: str, *, where: str) -> Plan:
    """Return the plan of a plan file.

    Args:
        text: The file's content.
        where: The file's name, for errors.

    Raises:
        PlanFileError: It is no plan file, of another format, or was altered.
    """
    content = _envelope(text, where)
    raw = content["plan"]
    try:
        plan = _plan(raw)
    except (msgspec.ValidationError, KeyError, TypeError, AttributeError) as error:
        msg = f"not a valid plan: {error}"
        raise PlanFileError(msg, where=where, cure=REPLAN) from error
    # Both: what the file says, and what we understood of it, which skips unknown keys.
    if not plan_hash(plan) == _sha256(raw) == content["hash"]:
        msg = "the file was altered after it was made: its hash does not fit its content"
        raise PlanFileError(msg, where=where, cure=REPLAN)
    faults = tuple(_faults(plan))
    if faults:
        msg = f"not a valid plan: {'; '.join(faults)}"
        raise PlanFileError(msg, where=where, cure=REPLAN)
    return plan


def targets_of(text: str) -> frozenset[str]:
    """Return what a stored plan of ours wrote to (see :func:`pmsync.core.brakes.targets`).

    It reads no more of the text than that, and nothing of one it does not understand: a plan of
    another version approves nothing.
    """
    try:
        changes = msgspec.json.decode(text, type=_Sketch).plan.changes
    except (msgspec.MsgspecError, UnicodeError):
        return frozenset()
    found = {"rank" for one in changes if one.kind == "rank"}
    return frozenset(found | {page_target(o.page, o.parent) for o in changes if o.kind == "create"})


class _SketchChange(msgspec.Struct):
    kind: str
    page: str = ""
    parent: str = ""


class _SketchPlan(msgspec.Struct):
    changes: list[_SketchChange]


class _Sketch(msgspec.Struct):
    plan: _SketchPlan


def _faults(plan: Plan) -> Iterator[str]:
    """Yield what no plan of ours holds, however well its hash fits."""
    if len({change.change for change in plan.changes}) < len(plan.changes):
        yield "two changes have one name"
    for key, body in plan.bodies.items():
        if hashlib.sha256(body.encode(errors="surrogatepass")).hexdigest() != key:
            yield f"the body {key[:12]} is another one"
    for change in plan.changes:
        if isinstance(change, RankMove):
            named = [ref.id for ref in change.issues]
            anchors = [ref.id for ref in (change.before, change.after) if ref]
            if len(anchors) != 1 or not {*named, *anchors} <= {*change.expects}:
                yield f"{change.change} names issues that it does not expect, or not one anchor"
            if not 0 < len(named) == len({*named} - {*anchors}) <= MOST_NAMED:
                yield f"{change.change} does not name 1 to {MOST_NAMED} issues once each"
        elif change.body not in plan.bodies:
            yield f"the body of {change.change} is missing"


def _envelope(text: str, where: str) -> dict[str, Any]:
    try:
        content = msgspec.json.decode(text)
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        msg = f"not JSON: {error}"
        raise PlanFileError(msg, where=where, cure=REPLAN) from error
    if not isinstance(content, dict) or content.keys() != {"pmsync_plan", "hash", "plan"}:
        msg = "this is not a plan file"
        raise PlanFileError(msg, where=where, cure=REPLAN)
    if content["pmsync_plan"] != FORMAT:
        msg = f"plan file of format {content['pmsync_plan']}, and this pmsync reads {FORMAT}"
        raise PlanFileError(msg, where=where, cure="apply it with the pmsync that made it")
    return content


def _plan(raw: dict[str, Any]) -> Plan:
    """Return the plan; msgspec cannot tell the kinds of change apart, so they are told here."""
    hints = get_type_hints(Plan)
    unknown = raw.keys() - hints.keys()
    if unknown:
        msg = f"unknown key {', '.join(sorted(unknown))}"
        raise TypeError(msg)
    others = {
        name: msgspec.convert(value, type=hints[name], strict=True)
        for name, value in raw.items()
        if name != "changes"
    }
    return Plan(changes=tuple(_change(one) for one in raw["changes"]), **others)


def _change(raw: dict[str, Any]) -> Change:
    kind = CHANGES.get(raw["kind"])
    if kind is None:
        msg = f"unknown kind of change {raw['kind']!r}"
        raise TypeError(msg)
    return msgspec.convert(raw, type=kind, strict=True)


def _sha256(builtins: object) -> str:
    return hashlib.sha256(msgspec.json.encode(builtins, order="sorted")).hexdigest()
