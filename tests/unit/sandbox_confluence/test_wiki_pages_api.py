"""Pages over HTTP: create, read, update, list, delete."""

from collections.abc import Callable
from typing import Any

import pytest
from wiki_site import Wiki

BIG = "<p>" + "x" * (5 * 1024 * 1024) + "</p>"
TAKEN = (
    "A page with this title already exists: A page already exists with the same TITLE in this space"
)


def test_a_fresh_site_has_spaces_with_home_pages(wiki: Wiki) -> None:
    """Each space is found by its key in any case, and its home page is a page in it."""
    for key in ("PROD", "help", "SUP"):
        space = wiki.space(key)
        home = wiki.call("GET", f"/pages/{space['homepageId']}")
        assert home["spaceId"] == space["id"]
        assert "parentId" not in home
    assert wiki.state.snapshot()["notifications"] == []


def test_one_space_by_id_and_its_pages(wiki: Wiki) -> None:
    """A space's pages can be asked for by title and by depth."""
    space = wiki.space()
    page = wiki.create("Roadmap")
    assert wiki.call("GET", f"/spaces/{space['id']}")["key"] == "PROD"
    by_title = wiki.call("GET", f"/spaces/{space['id']}/pages?title=roadmap")["results"]
    top = wiki.call("GET", f"/spaces/{space['id']}/pages?depth=root")["results"]
    assert [found["id"] for found in by_title] == [page["id"]]
    assert [found["id"] for found in top] == [space["homepageId"]]
    wiki.call("GET", "/spaces/1", 404)


def test_a_new_page_stands_below_the_home_page(wiki: Wiki) -> None:
    """Without a parent the home page is it; the answer is 200 with the stored body."""
    page = wiki.create("Roadmap", "<p>Hi &mdash; you</p>")
    assert page["parentId"] == wiki.space()["homepageId"]
    assert page["version"]["number"] == 1
    assert "Hi — you" in page["body"]["storage"]["value"]


def test_a_new_page_may_name_its_parent_or_none(wiki: Wiki) -> None:
    """``parentId`` and ``root-level`` decide the place."""
    above = wiki.create("Above")
    below = wiki.create("Below", parentId=above["id"])
    top = wiki.call("POST", "/pages?root-level=true", json=wiki.new("Top"))
    assert below["parentId"] == above["id"]
    assert "parentId" not in top


def test_the_nested_form_of_a_body_is_taken_too(wiki: Wiki) -> None:
    """The document allows ``body.storage.value`` next to ``body.value``."""
    nested = {"storage": {"representation": "storage", "value": "<p>nested</p>"}}
    page = wiki.call("POST", "/pages", json={**wiki.new("Nested"), "body": nested})
    assert "nested" in wiki.body(page["id"])


def test_an_update_needs_the_next_version_number(wiki: Wiki) -> None:
    """Any other number is a conflict that names the current one, and changes nothing."""
    page = wiki.create("Roadmap")
    for number in (0, 1, 3):
        change = wiki.change(page, "<p>new</p>", version={"number": number})
        said = wiki.refused("PUT", f"/pages/{page['id']}", 409, json=change)
        assert said == "Version must be incremented on update. Current version is: 1"
    assert "new" not in wiki.body(page["id"])


def test_an_update_makes_one_version_with_its_message(wiki: Wiki) -> None:
    """The version, its author and its message can be read back."""
    page = wiki.create("Roadmap")
    version = {"number": 2, "message": "order of week 47"}
    changed = wiki.call(
        "PUT", f"/pages/{page['id']}", json=wiki.change(page, "<p>new</p>", version=version)
    )
    assert changed["version"]["number"] == 2
    assert changed["version"]["message"] == "order of week 47"
    listed = wiki.call("GET", f"/pages/{page['id']}/versions?body-format=storage")["results"]
    assert [entry["number"] for entry in listed] == [2, 1]
    assert "x</p>" in listed[1]["page"]["body"]["storage"]["value"]
    first = wiki.call("GET", f"/pages/{page['id']}/versions/1")
    assert first["nextVersion"] == 2
    wiki.call("GET", f"/pages/{page['id']}/versions/9", 404)


def test_an_older_version_is_read_as_historical(wiki: Wiki) -> None:
    """``version=1`` gives the title and body of then."""
    page = wiki.create("Old name")
    change = wiki.change(page, "<p>new</p>", title="New name")
    wiki.call("PUT", f"/pages/{page['id']}", json=change)
    old = wiki.call("GET", f"/pages/{page['id']}?version=1&body-format=storage")
    assert (old["status"], old["title"]) == ("historical", "Old name")
    assert "x</p>" in old["body"]["storage"]["value"]


@pytest.mark.parametrize("field", ["id", "status", "title", "body", "version"])
def test_an_update_without_a_required_field_is_refused(wiki: Wiki, field: str) -> None:
    """Each of the five fields is needed, and the answer names the one that is missing."""
    page = wiki.create("Roadmap")
    change = wiki.change(page, "<p>new</p>")
    del change[field]
    assert field in wiki.refused("PUT", f"/pages/{page['id']}", 400, json=change)


@pytest.mark.parametrize(
    "wrong",
    [
        {"id": "1"},
        {"spaceId": "1"},
        {"status": "draft"},
        {"version": 2},
        {"version": {"number": True}},
        {"body": "<p>x</p>"},
        {"body": {"representation": "wiki", "value": "h1. x"}},
        {"body": {"representation": "storage"}},
        {"title": "  "},
        {"title": "x" * 256},
        {"title": "two\nlines"},
    ],
)
def test_an_update_with_a_wrong_value_changes_nothing(wiki: Wiki, wrong: dict[str, Any]) -> None:
    """A refused update leaves version 1 and its body."""
    page = wiki.create("Roadmap")
    change = {**wiki.change(page, "<p>new</p>"), **wrong}
    wiki.refused("PUT", f"/pages/{page['id']}", 400, json=change)
    assert wiki.call("GET", f"/pages/{page['id']}")["version"]["number"] == 1


def test_a_page_moves_below_another_but_not_below_itself(wiki: Wiki) -> None:
    """A circle of parents and a parent in another space are refused."""
    above, other = wiki.create("Above"), wiki.create("Other")
    below = wiki.create("Below", parentId=above["id"])
    moved = wiki.call(
        "PUT", f"/pages/{below['id']}", json=wiki.change(below, "<p/>", parentId=other["id"])
    )
    assert moved["parentId"] == other["id"]
    circle = wiki.change(other, "<p/>", parentId=below["id"])
    wiki.refused("PUT", f"/pages/{other['id']}", 400, json=circle)
    abroad = wiki.change(other, "<p/>", parentId=wiki.space("HELP")["homepageId"])
    wiki.refused("PUT", f"/pages/{other['id']}", 400, json=abroad)


def _archive(wiki: Wiki, page_id: str) -> None:
    wiki.state.human({"do": "archive-page", "page": page_id})


def _trash(wiki: Wiki, page_id: str) -> None:
    wiki.call("DELETE", f"/pages/{page_id}", 204)


def _leave(_wiki: Wiki, _page_id: str) -> None:
    """The page stays current."""


@pytest.mark.parametrize("away", [_leave, _archive, _trash])
def test_a_title_is_taken_in_any_case_even_by_pages_put_away(
    wiki: Wiki, away: Callable[[Wiki, str], None]
) -> None:
    """Current, archived and trashed pages block their title; another space's does not."""
    page = wiki.create("Roadmap 2026")
    away(wiki, page["id"])
    said = wiki.refused("POST", "/pages", 400, json=wiki.new("roadmap 2026"))
    assert said == TAKEN
    elsewhere = {**wiki.new("Roadmap 2026"), "spaceId": wiki.space("HELP")["id"]}
    wiki.call("POST", "/pages", json=elsewhere)


def test_a_rename_keeps_the_id_and_frees_the_old_title(wiki: Wiki) -> None:
    """By PUT or by the title's own call; a taken title is refused in both."""
    page, other = wiki.create("One"), wiki.create("Two")
    renamed = wiki.call(
        "PUT", f"/pages/{page['id']}/title", json={"status": "current", "title": "ONE"}
    )
    assert (renamed["id"], renamed["version"]["number"]) == (page["id"], 2)
    taken = {"status": "current", "title": "two"}
    assert wiki.refused("PUT", f"/pages/{page['id']}/title", 400, json=taken) == TAKEN
    change = wiki.change(other, "<p/>", title="one")
    assert wiki.refused("PUT", f"/pages/{other['id']}", 400, json=change) == TAKEN


def test_many_pages_by_id_come_in_pages_of_a_list(wiki: Wiki) -> None:
    """The link to the next page leads on until every page was given once."""
    made = [wiki.create(f"Page {number}")["id"] for number in range(7)]
    ids = ",".join([*made, "999999"])
    path: str | None = f"/wiki/api/v2/pages?id={ids}&limit=3&body-format=storage"
    seen: list[str] = []
    while path:
        answer = wiki.send("GET", path)
        listed = answer.json()
        assert all("storage" in page["body"] for page in listed["results"])
        seen += [page["id"] for page in listed["results"]]
        path = listed["_links"].get("next")
        assert (f'<{path}>; rel="next"' in answer.headers["Link"]) == (path is not None)
    assert seen == made


def test_repeated_ids_are_read_like_a_list_with_commas(wiki: Wiki) -> None:
    """Clients write lists in both ways."""
    made = [wiki.create(f"Page {number}")["id"] for number in range(2)]
    listed = wiki.call("GET", "/pages", params={"id": made})["results"]
    assert [page["id"] for page in listed] == made


@pytest.mark.parametrize(
    "query",
    ["limit=0", "limit=251", "limit=x", "id=x", "status=draft", "body-format=view", "sort=rank",
     "cursor=%21", "id=" + ",".join(map(str, range(251)))],
)  # fmt: skip
def test_a_list_with_a_wrong_parameter_is_refused(wiki: Wiki, query: str) -> None:
    """Nothing is guessed: a wrong limit, id, status, format, order or cursor is a 400."""
    wiki.refused("GET", f"/pages?{query}", 400)


def test_pages_are_found_by_title_space_and_status(wiki: Wiki) -> None:
    """Archived pages are found unless the status says otherwise; trashed ones only if asked."""
    page, gone = wiki.create("Plan"), wiki.create("Gone")
    _archive(wiki, page["id"])
    _trash(wiki, gone["id"])
    space = wiki.space()["id"]

    def found(query: str) -> list[str]:
        return [
            entry["id"] for entry in wiki.call("GET", f"/pages?space-id={space}&{query}")["results"]
        ]

    assert found("title=plan") == [page["id"]]
    assert found("title=Plan&status=current") == []
    assert found("title=Gone") == []
    assert found("title=Gone&status=trashed") == [gone["id"]]


def test_lists_are_sorted_as_asked(wiki: Wiki) -> None:
    """By title downwards and by date of change."""
    first, second = wiki.create("B"), wiki.create("A")
    wiki.call("PUT", f"/pages/{first['id']}", json=wiki.change(first, "<p>later</p>"))
    ids = f"{first['id']},{second['id']}"
    for sort, order in (("title", "AB"), ("-title", "BA"), ("modified-date", "AB"), ("id", "BA")):
        listed = wiki.call("GET", f"/pages?id={ids}&sort={sort}")["results"]
        assert "".join(page["title"] for page in listed) == order


def test_what_a_page_carries_comes_if_asked(wiki: Wiki) -> None:
    """Labels, properties, versions and the rest are left out unless asked."""
    page = wiki.create("Roadmap")
    bare = wiki.call("GET", f"/pages/{page['id']}")
    assert not {"body", "labels", "properties", "versions"} & set(bare)
    query = (
        "include-labels=true&include-properties=true&include-versions=true&include-operations=true"
        "&include-likes=true&include-favorited-by-current-user-status=true&include-version=false"
    )
    full = wiki.call("GET", f"/pages/{page['id']}?{query}")
    assert "version" not in full
    assert full["versions"]["results"][0]["number"] == 1
    assert full["isFavoritedByCurrentUser"] is False
    assert full["labels"]["meta"] == {"hasMore": False}


def test_a_deleted_page_goes_to_the_trash_and_comes_back(wiki: Wiki) -> None:
    """Restoring changes the status only; purging needs the trash first."""
    page = wiki.create("Roadmap")
    child = wiki.create("Child", parentId=page["id"])
    wiki.refused("DELETE", f"/pages/{page['id']}?purge=true", 400)
    _trash(wiki, page["id"])
    assert wiki.call("GET", f"/pages/{page['id']}")["status"] == "trashed"
    assert wiki.call("GET", f"/pages/{child['id']}")["parentId"] == page["parentId"]
    back = wiki.call("PUT", f"/pages/{page['id']}", json=wiki.change(page, "<p>other</p>"))
    assert back["status"] == "current"
    assert "other" not in wiki.body(page["id"])
    _trash(wiki, page["id"])
    wiki.refused("DELETE", f"/pages/{page['id']}", 404)
    wiki.call("DELETE", f"/pages/{page['id']}?purge=true", 204)
    wiki.refused("GET", f"/pages/{page['id']}", 404)


def test_a_home_page_cannot_be_deleted(wiki: Wiki) -> None:
    """A space always has one."""
    wiki.refused("DELETE", f"/pages/{wiki.space()['homepageId']}", 400)


def test_an_archived_page_cannot_be_updated(wiki: Wiki) -> None:
    """No call brings it back either."""
    page = wiki.create("Roadmap")
    _archive(wiki, page["id"])
    wiki.refused("PUT", f"/pages/{page['id']}", 400, json=wiki.change(page, "<p>new</p>"))


def test_a_draft_is_published_with_version_1_and_mails_only_then(wiki: Wiki) -> None:
    """A draft holds no title and tells nobody."""
    draft = wiki.create("", status="draft")
    assert wiki.state.snapshot()["notifications"] == []
    wrong = wiki.change(draft, "<p>x</p>", title="Ready")
    wiki.refused("PUT", f"/pages/{draft['id']}", 409, json=wrong)
    right = {**wrong, "version": {"number": 1}}
    published = wiki.call("PUT", f"/pages/{draft['id']}", json=right)
    assert (published["status"], published["version"]["number"]) == ("current", 1)
    assert [n["kind"] for n in wiki.state.snapshot()["notifications"]] == ["page created"]


def test_a_body_over_five_megabytes_is_refused(wiki: Wiki) -> None:
    """For a new page as for an update: 413."""
    page = wiki.create("Small")
    wiki.refused("POST", "/pages", 413, json=wiki.new("Big", BIG))
    wiki.refused("PUT", f"/pages/{page['id']}", 413, json=wiki.change(page, BIG))


def test_each_create_and_update_mails_the_watchers_once(wiki: Wiki) -> None:
    """v2 documents no minor edit: asking for one is noted, and mails all the same."""
    page = wiki.create("Roadmap")
    change = wiki.change(page, "<p>1</p>", version={"number": 2, "minorEdit": True})
    wiki.call("PUT", f"/pages/{page['id']}", json=change)
    wiki.refused("PUT", f"/pages/{page['id']}", 409, json=change)
    mails = wiki.state.snapshot()["notifications"]
    assert [(mail["kind"], mail["minorEditAsked"]) for mail in mails] == [
        ("page created", False),
        ("page edited", True),
    ]


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("<p>a<b></p>", "Error parsing xhtml: Unexpected close tag </p>; expected </b>."),
        ('<ac:structured-macro ac:name="html"/>', "The macro 'html' is unknown"),
        ("<p>&bogus;</p>", "Entity 'bogus' not defined"),
        ("<script>1</script>", "'script' is not allowed"),
    ],
)
def test_a_body_that_cloud_refuses_is_a_400_with_its_words(
    wiki: Wiki, body: str, words: str
) -> None:
    """For a new page as for an update; neither leaves a trace."""
    page = wiki.create("There")
    assert words in wiki.refused("POST", "/pages", 400, json=wiki.new("Bad", body))
    assert words in wiki.refused("PUT", f"/pages/{page['id']}", 400, json=wiki.change(page, body))
    assert wiki.call("GET", "/pages?title=Bad")["results"] == []


@pytest.mark.parametrize(
    "sent",
    [b"{", b"[]", b'"x"', b"[" * 100_000, b'{"spaceId":"1","title":"\\ud800"}'],
)
def test_what_is_no_json_object_is_refused(wiki: Wiki, sent: bytes) -> None:
    """Broken, deep or half-encoded JSON is a 400, never a server error."""
    wiki.refused("POST", "/pages", 400, data=sent, headers={"Content-Type": "application/json"})


def test_a_page_in_a_space_or_below_a_parent_that_is_not_there(wiki: Wiki) -> None:
    """404, as Confluence says of what is missing or hidden."""
    wiki.refused("POST", "/pages", 404, json={**wiki.new("A"), "spaceId": "7"})
    wiki.refused("POST", "/pages", 404, json=wiki.new("A", parentId="7"))
    wiki.refused("POST", "/pages", 400, json={**wiki.new("A"), "status": "archived"})


def test_children_descendants_and_ancestors(wiki: Wiki) -> None:
    """The tree is given downwards to a depth and upwards from the top."""
    home = wiki.space()["homepageId"]
    first = wiki.create("First")
    second = wiki.create("Second", parentId=first["id"])
    third = wiki.create("Third", parentId=second["id"])
    gone = wiki.create("Gone", parentId=first["id"])
    _archive(wiki, gone["id"])

    def ids(path: str) -> list[str]:
        return [entry["id"] for entry in wiki.call("GET", path)["results"]]

    assert ids(f"/pages/{first['id']}/direct-children") == [second["id"]]
    assert ids(f"/pages/{home}/descendants") == [first["id"], second["id"]]
    assert ids(f"/pages/{home}/descendants?depth=3") == [first["id"], second["id"], third["id"]]
    assert ids(f"/pages/{third['id']}/ancestors") == [home, first["id"], second["id"]]
    wiki.refused("GET", f"/pages/{home}/descendants?depth=11", 400)
