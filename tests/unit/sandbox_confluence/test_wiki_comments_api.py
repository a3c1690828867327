"""Inline comments over HTTP, and what a new body makes of them."""

from typing import Any

import pytest
from wiki_site import Wiki

BODY = "<p>The score is high, the <strong>score</strong> is right.</p>"


def asked(page: dict[str, Any], selection: str, **where: int) -> dict[str, Any]:
    """The body of a request that comments a text."""
    return {
        "pageId": page["id"],
        "body": {"representation": "storage", "value": "<p>Why?</p>"},
        "inlineCommentProperties": {"textSelection": selection, **where},
    }


def commented(wiki: Wiki) -> tuple[dict[str, Any], dict[str, Any]]:
    """A page and a comment on its second 'score'."""
    page = wiki.create("Roadmap", BODY)
    where = {"textSelectionMatchCount": 2, "textSelectionMatchIndex": 1}
    comment = wiki.call("POST", "/inline-comments", 201, json=asked(page, "score", **where))
    return page, comment


def states(wiki: Wiki, page: dict[str, Any], query: str = "") -> list[str]:
    listed = wiki.call("GET", f"/pages/{page['id']}/inline-comments{query}")["results"]
    return [entry["resolutionStatus"] for entry in listed]


def test_a_comment_marks_its_text_and_leaves_the_version(wiki: Wiki) -> None:
    """The marker stands around the chosen occurrence; a mail goes out."""
    page, comment = commented(wiki)
    ref = comment["properties"]["inlineMarkerRef"]
    marker = f'<ac:inline-comment-marker ac:ref="{ref}">score</ac:inline-comment-marker>'
    assert f"<strong>{marker}</strong>" in wiki.body(page["id"])
    assert wiki.call("GET", f"/pages/{page['id']}")["version"]["number"] == 1
    assert wiki.state.snapshot()["notifications"][-1]["kind"] == "comment"
    assert comment["properties"]["inlineOriginalSelection"] == "score"


def test_a_body_without_the_marker_leaves_the_comment_dangling(wiki: Wiki) -> None:
    """The same marker put back into a later body anchors it again."""
    page, comment = commented(wiki)
    marked = wiki.body(page["id"])
    changed = wiki.call("PUT", f"/pages/{page['id']}", json=wiki.change(page, BODY))
    assert states(wiki, page) == ["dangling"]
    wiki.call("PUT", f"/pages/{page['id']}", json=wiki.change(changed, marked))
    assert states(wiki, page) == ["open"]
    assert comment["id"] in {
        entry["id"] for entry in wiki.state.snapshot()["pages"][-1]["comments"]
    }


def test_comments_are_listed_by_resolution_status(wiki: Wiki) -> None:
    """Resolved threads are told from open ones, and can be opened again."""
    page, comment = commented(wiki)
    address = f"/inline-comments/{comment['id']}"
    wiki.call("PUT", address, json={"version": {"number": 2}, "resolved": True})
    assert states(wiki, page, "?resolution-status=open") == []
    assert states(wiki, page, "?resolution-status=resolved,dangling") == ["resolved"]
    wiki.call("PUT", address, json={"version": {"number": 3}, "resolved": False})
    assert states(wiki, page, "?resolution-status=reopened") == ["reopened"]
    wiki.refused("PUT", address, 409, json={"version": {"number": 3}, "resolved": True})


def test_an_answer_belongs_to_its_thread(wiki: Wiki) -> None:
    """It is no thread of its own, and goes with it."""
    page, comment = commented(wiki)
    body = {"representation": "storage", "value": "<p>Because.</p>"}
    sent = {"parentCommentId": comment["id"], "body": body}
    answer = wiki.call("POST", "/inline-comments", 201, json=sent)
    assert answer["parentCommentId"] == comment["id"]
    listed = wiki.call("GET", f"/inline-comments/{comment['id']}/children?body-format=storage")
    assert "Because." in listed["results"][0]["body"]["storage"]["value"]
    assert len(states(wiki, page)) == 1
    wiki.call("DELETE", f"/inline-comments/{comment['id']}", 204)
    wiki.call("GET", f"/inline-comments/{answer['id']}", 404)


def test_the_words_of_a_comment_can_change(wiki: Wiki) -> None:
    """With the next version number."""
    _, comment = commented(wiki)
    body = {"representation": "storage", "value": "<p>Other words</p>"}
    sent = {"version": {"number": 2}, "body": body}
    wiki.call("PUT", f"/inline-comments/{comment['id']}", json=sent)
    read = wiki.call("GET", f"/inline-comments/{comment['id']}?body-format=storage")
    assert "Other words" in read["body"]["storage"]["value"]


@pytest.mark.parametrize(
    "sent",
    [
        {"inlineCommentProperties": None},
        {"inlineCommentProperties": {"textSelection": "nowhere"}},
        {"inlineCommentProperties": {"textSelection": "score", "textSelectionMatchIndex": 2}},
        {"inlineCommentProperties": {"textSelection": "score", "textSelectionMatchCount": 1}},
        {"inlineCommentProperties": {"textSelection": ""}},
        {"body": {}},
    ],
)
def test_a_comment_on_what_is_not_there_is_refused(wiki: Wiki, sent: dict[str, Any]) -> None:
    """The body of the page stays as it was."""
    page = wiki.create("Roadmap", BODY)
    before = wiki.body(page["id"])
    wiki.refused("POST", "/inline-comments", 400, json={**asked(page, "score"), **sent})
    assert wiki.body(page["id"]) == before


def test_nobody_writes_footer_comments_here(wiki: Wiki) -> None:
    """The list is there, and empty."""
    page = wiki.create("Roadmap")
    assert wiki.call("GET", f"/pages/{page['id']}/footer-comments")["results"] == []
