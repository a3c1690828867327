"""Texts of issues: wiki markup for v2, Atlassian documents for v3."""

from typing import Any

import msgspec

from pmsync.sandbox.jira.issue import StoredIssue
from pmsync.sandbox.seed import Record

_ENCODER = msgspec.json.Encoder()


def shown_text(issue: StoredIssue, field_id: str, value: Any, version: int) -> Any:
    """A text field's value as a version of the API shows it."""
    if version == 2:  # noqa: PLR2004  # the API's version
        return value if isinstance(value, str) else plain(value)
    if not isinstance(value, str):
        return value
    if field_id not in issue.documents:
        issue.documents[field_id] = msgspec.Raw(_ENCODER.encode(_document(value)))
    return issue.documents[field_id]


def shown_comments(issue: StoredIssue, value: Record, version: int) -> Any:
    """The comments of an issue as a version of the API shows them."""
    if version == 2:  # noqa: PLR2004  # the API's version
        return value
    if "comment" not in issue.documents:
        shown = [
            {**each, "body": _document(each["body"])} if isinstance(each.get("body"), str) else each
            for each in value.get("comments", ())
        ]
        issue.documents["comment"] = msgspec.Raw(_ENCODER.encode({**value, "comments": shown}))
    return issue.documents["comment"]


def _document(text: str) -> Record:
    from pmsync.sandbox.wiki import to_adf  # noqa: PLC0415  # only sites with texts pay for it

    return to_adf(text)


def plain(node: Any) -> str:
    """The text of an Atlassian document, paragraphs apart; empty for anything else."""
    if not isinstance(node, dict):
        return ""
    if node.get("type") == "text":
        return str(node.get("text", ""))
    if node.get("type") == "hardBreak":
        return "\n"
    between = "\n\n" if node.get("type") == "doc" else ""
    return between.join(map(plain, node.get("content") or ()))
