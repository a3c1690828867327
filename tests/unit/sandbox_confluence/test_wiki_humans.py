"""What people do in the browser, and what an observer sees of it."""

from typing import Any

import pytest
from wiki_site import ACCOUNT, Clock, Wiki

from pmsync.sandbox.confluence.state import ConfluenceState

TASKS = (
    "<ac:task-list><ac:task><ac:task-status>incomplete</ac:task-status>"
    "<ac:task-body>Check dates</ac:task-body></ac:task>"
    "<ac:task><ac:task-status>incomplete</ac:task-status>"
    "<ac:task-body>Publish</ac:task-body></ac:task></ac:task-list>"
)


def shown(wiki: Wiki, page_id: str) -> dict[str, Any]:
    """A page as the snapshot has it."""
    pages = wiki.state.snapshot()["pages"]
    return next(page for page in pages if page["id"] == page_id)


@pytest.mark.parametrize(
    "how",
    [
        {"find": "old", "replace": "new"},
        {"append": "<p>new</p>"},
        {"body": "<p>new</p>"},
    ],
)
def test_an_edit_makes_a_version_by_somebody_else(wiki: Wiki, how: dict[str, str]) -> None:
    """The author is not the API's account, and the watchers get a mail."""
    page = wiki.create("Roadmap", "<p>old</p>")
    said = wiki.state.human({"do": "edit-page", "page": page["id"], **how})
    assert said == {"page": page["id"], "version": 2}
    read = wiki.call("GET", f"/pages/{page['id']}?body-format=storage")
    assert "new" in read["body"]["storage"]["value"]
    assert read["version"]["authorId"] not in {"bot", ""}
    assert wiki.state.snapshot()["notifications"][-1]["kind"] == "page edited"


def test_an_edit_names_its_author_and_message(wiki: Wiki) -> None:
    """``by`` may be anybody; a page may be named by its title."""
    page = wiki.create("Roadmap", "<p>old</p>")
    deed = {"do": "edit-page", "title": "Roadmap", "find": "old", "replace": "new"}
    wiki.state.human({**deed, "by": "ana", "message": "typo"})
    version = wiki.call("GET", f"/pages/{page['id']}")["version"]
    assert (version["authorId"], version["message"]) == ("ana", "typo")


def test_a_persons_comment_leaves_the_version(wiki: Wiki) -> None:
    """It marks the body, mails, and can be resolved."""
    page = wiki.create("Roadmap", "<p>The order is odd.</p>")
    deed = {"do": "comment", "page": page["id"], "text": "order", "comment": "<why>?"}
    said = wiki.state.human(deed)
    assert said["version"] == 1
    assert f'ac:ref="{said["ref"]}"' in wiki.body(page["id"])
    comment = shown(wiki, page["id"])["comments"][0]
    assert (comment["status"], comment["text"]) == ("open", "<p>&lt;why&gt;?</p>")
    wiki.state.human({"do": "resolve-comment", "page": page["id"], "comment": said["comment"]})
    assert shown(wiki, page["id"])["comments"][0]["status"] == "resolved"


@pytest.mark.parametrize("task", ["2", "Publish"])
def test_a_tick_changes_the_body_without_a_version_or_a_mail(wiki: Wiki, task: str) -> None:
    """By the task's number or a part of its text; it can be taken back."""
    page = wiki.create("Roadmap", TASKS)
    mails = len(wiki.state.snapshot()["notifications"])
    deed = {"do": "tick", "page": page["id"], "task": task}
    assert wiki.state.human(deed)["version"] == 1
    body = wiki.body(page["id"])
    assert body.index("incomplete") < body.index(">complete<")
    assert len(wiki.state.snapshot()["notifications"]) == mails
    wiki.state.human({**deed, "done": False})
    assert ">complete<" not in wiki.body(page["id"])


def test_a_rename_is_a_version_and_archiving_is_none(wiki: Wiki) -> None:
    """The id stays in both."""
    page = wiki.create("Roadmap")
    wiki.state.human({"do": "rename-page", "page": page["id"], "title": "Plan"})
    wiki.state.human({"do": "archive-page", "page": page["id"]})
    read = wiki.call("GET", f"/pages/{page['id']}")
    assert (read["title"], read["version"]["number"], read["status"]) == ("Plan", 2, "archived")
    wiki.state.human({"do": "trash-page", "page": page["id"]})
    assert shown(wiki, page["id"])["status"] == "trashed"


@pytest.mark.parametrize(
    ("deed", "words"),
    [
        ({"do": "dance"}, "unknown deed 'dance'"),
        ({}, "unknown deed None"),
        ({"do": "edit-page", "page": "9"}, "0 current pages"),
        ({"do": "edit-page", "page": "Roadmap", "find": "nowhere"}, "does not hold"),
        ({"do": "edit-page", "page": "Roadmap", "body": "<p>"}, "Error parsing xhtml"),
        ({"do": "rename-page", "page": "Roadmap", "title": "product home"}, "already exists"),
        ({"do": "comment", "page": "Roadmap", "text": "nowhere"}, "nobody can select"),
        ({"do": "resolve-comment", "page": "Roadmap", "comment": "x"}, "no comment x"),
        ({"do": "tick", "page": "Roadmap", "task": "1"}, "no task '1'"),
    ],
)
def test_what_cannot_be_done_says_why(wiki: Wiki, deed: dict[str, str], words: str) -> None:
    """And the page stays as it was."""
    page = wiki.create("Roadmap")
    before = shown(wiki, page["id"])
    with pytest.raises(ValueError, match=words):
        wiki.state.human(deed)
    assert shown(wiki, page["id"]) == before


def test_the_snapshot_shows_a_page_with_all_it_carries(wiki: Wiki) -> None:
    """Labels, properties and place, next to what the design asks for."""
    page = wiki.create("Roadmap")
    path = f"/pages/{page['id']}/properties"
    wiki.call("POST", path, json={"key": "pmsync", "value": {"v": 1}})
    wiki.send("POST", f"/wiki/rest/api/content/{page['id']}/label",
              json=[{"prefix": "global", "name": "roadmap"}])  # fmt: skip
    seen = shown(wiki, page["id"])
    assert seen["properties"] == {"pmsync": {"v": 1}}
    assert (seen["labels"], seen["spaceKey"], seen["version"]) == (["roadmap"], "PROD", 1)
    assert seen["parentId"] == wiki.space()["homepageId"]


def test_the_same_calls_give_the_same_site() -> None:
    """Ids and UUIDs are counted, never drawn: a demo can be repeated byte for byte."""

    def played() -> dict[str, Any]:
        state = ConfluenceState(Clock(), ACCOUNT)
        home = state.spaces[98305].homepage_id
        body = state.stored(TASKS)
        page = state.add_page(space_id=98305, title="Roadmap", body=body, parent_id=home)
        state.human({"do": "comment", "page": str(page.id), "text": "Publish"})
        return state.snapshot()

    assert played() == played()
