"""A plan as a file: canonical JSON with its hash, so that what was approved is applied."""

import hashlib
from typing import Any, get_type_hints

import msgspec

from pmsync.core.errors import PlanFileError
from pmsync.core.plan import Change, PageCreate, PageUpdate, Plan, RankMove

FORMAT = 1
CHANGES: dict[str, type[Change]] = {"rank": RankMove, "create": PageCreate, "update": PageUpdate}
REPLAN = "make a new plan with: pmsync plan -o FILE"


def plan_hash(plan: Plan) -> str:
    """Return the sha256 of the plan's canonical JSON, hexadecimal."""
    return hashlib.sha256(_canonical(plan)).hexdigest()


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
    try:
        plan = _plan(content["plan"])
    except (msgspec.ValidationError, KeyError, TypeError, AttributeError) as error:
        msg = f"not a valid plan: {error}"
        raise PlanFileError(msg, where=where, cure=REPLAN) from error
    if plan_hash(plan) != content["hash"]:
        msg = "the file was altered after it was made: its hash does not fit its content"
        raise PlanFileError(msg, where=where, cure=REPLAN)
    return plan


def _envelope(text: str, where: str) -> dict[str, Any]:
    try:
        content = msgspec.json.decode(text)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        msg = f"not JSON: {error}"
        raise PlanFileError(msg, where=where, cure=REPLAN) from error
    if not isinstance(content, dict) or not {"pmsync_plan", "hash", "plan"} <= content.keys():
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
        raise KeyError(msg)
    others = {
        name: msgspec.convert(value, type=hints[name], strict=True)
        for name, value in raw.items()
        if name != "changes"
    }
    return Plan(changes=tuple(_change(one) for one in raw["changes"]), **others)


def _change(raw: dict[str, Any]) -> Change:
    return msgspec.convert(raw, type=CHANGES[raw["kind"]], strict=True)


def _canonical(plan: Plan) -> bytes:
    return msgspec.json.encode(msgspec.to_builtins(plan), order="sorted")
