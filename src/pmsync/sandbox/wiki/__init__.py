"""Jira wiki markup as an Atlassian document (ADF), as Jira Cloud shows the same text.

What is not understood stays as text: nothing raises and no text is lost.
"""

from typing import Any

from pmsync.sandbox.wiki.blocks import blocks


def to_adf(text: str) -> dict[str, Any]:
    """Turns wiki markup into an ADF document.

    Args:
        text: Wiki markup; any string will do.

    Returns:
        ``{"version": 1, "type": "doc", "content": [...]}``; no content for a blank text.

    Example:
        >>> to_adf("h1. Hi")["content"][0]["attrs"]
        {'level': 1}
    """
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    return {"version": 1, "type": "doc", "content": blocks(plain)}
