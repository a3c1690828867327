"""What every wiki must do, asked of the adapter over real HTTP and of the fake in memory."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

import pytest
from guarded_wiki import guarded_wiki
from memory_wiki import MemoryWiki

from pmsync.core.errors import ConflictError, NotFoundError, RequestRefusedError
from pmsync.ports import PageHead, Wiki
from pmsync.sandbox.seed import Seed
from pmsync.sandbox.server import Sandbox, start_in_thread

BODY = "<p>First the <strong>big</strong> stones</p>"


def told(body: str) -> str:
    """Return a body's text: sites add attributes of their own when they store one."""
    return re.sub(r"<[^>]*>", "", body)


class People(Protocol):
    """What others do on the wiki."""

    def edit(self, page_id: str, body: str) -> None:
        """Write a version as a person."""
        ...

    def comment(self, page_id: str, text: str) -> str:
        """Comment on *text* of the page; return the comment's id."""
        ...

    def resolve(self, page_id: str, comment: str) -> None:
        """Resolve a comment."""
        ...

    def archive(self, page_id: str) -> None:
        """Put a page into the archive."""
        ...

    def trash(self, page_id: str) -> None:
        """Put a page into the trash."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A wiki, the people on it, and its spaces PROD and HELP."""

    wiki: Wiki
    people: People

    def make(self, title: str = "Roadmap", body: str = BODY, space: str = "PROD") -> PageHead:
        """Create a page below a space's home page."""
        (found,) = self.wiki.spaces([space])
        assert found.homepage_id is not None
        return self.wiki.create(
            space_id=found.id, parent_id=found.homepage_id, title=title, body=body
        )


class WikiContract:
    """The behaviours; subclasses say which wiki."""

    def test_it_knows_whose_token_it_is(self, place: Place) -> None:
        """The account has an id, and it is the author of what is written."""
        assert place.wiki.account_id()
        assert place.make().author_id == place.wiki.account_id()

    def test_spaces_are_found_by_key(self, place: Place) -> None:
        """Those that exist come with id, name and home page; others are left out."""
        (space,) = place.wiki.spaces(["PROD", "NOPE"])
        assert space.key == "PROD"
        assert space.id
        assert space.name
        assert space.homepage_id in place.wiki.heads([space.homepage_id or ""])

    def test_no_key_means_no_space(self, place: Place) -> None:
        """Asking for none does not return all."""
        assert place.wiki.spaces([]) == ()

    def test_a_created_page_is_read_back(self, place: Place) -> None:
        """Its head is what creating returned, its body what was sent."""
        head = place.make(title="Größe & Gewicht")
        page = place.wiki.page(head.id)
        assert page.head == head
        assert told(page.body) == told(BODY)
        assert (head.title, head.status, head.version) == ("Größe & Gewicht", "current", 1)
        (space,) = place.wiki.spaces(["PROD"])
        assert (head.space_id, head.parent_id) == (space.id, space.homepage_id)

    def test_a_page_that_does_not_exist(self, place: Place) -> None:
        """Reading it is an error of its own kind."""
        with pytest.raises(NotFoundError):
            place.wiki.page("987654321")

    def test_heads_of_many_pages(self, place: Place) -> None:
        """All that exist, whatever their status; doubles and strangers do no harm."""
        heads = [place.make(title=f"Page {number}") for number in range(3)]
        place.people.archive(heads[1].id)
        place.people.trash(heads[2].id)
        ids = [head.id for head in heads]
        found = place.wiki.heads([*ids, ids[0], "987654321"])
        assert set(found) == set(ids)
        assert found[ids[0]] == heads[0]
        assert [found[each].status for each in ids] == ["current", "archived", "trashed"]

    def test_no_id_means_no_page(self, place: Place) -> None:
        """Asking for none does not return all."""
        assert place.wiki.heads([]) == {}

    def test_a_title_is_found_in_its_space(self, place: Place) -> None:
        """Not in another one, and not a title that merely begins alike."""
        head = place.make(title="Roadmap (2027)")
        place.make(title="Roadmap (2027) old")
        other = place.make(title="Roadmap (2027)", space="HELP")
        assert place.wiki.find(head.space_id, "Roadmap (2027)") == (head,)
        assert place.wiki.find(other.space_id, "Roadmap (2027)") == (other,)
        assert place.wiki.find(head.space_id, "Nothing") == ()

    @pytest.mark.parametrize("how", ["archive", "trash"])
    def test_a_put_away_page_is_found_by_its_title(self, place: Place, how: str) -> None:
        """It still keeps its title, so it must be seen."""
        head = place.make()
        getattr(place.people, how)(head.id)
        (found,) = place.wiki.find(head.space_id, "Roadmap")
        assert found.id == head.id
        assert found.status in ("archived", "trashed")

    @pytest.mark.parametrize("status", ["current", "archived", "trashed"])
    def test_a_taken_title_names_who_has_it(self, place: Place, status: str) -> None:
        """Creating a second page of a title is refused with the first one's id and status."""
        head = place.make()
        if status != "current":
            put_away = place.people.archive if status == "archived" else place.people.trash
            put_away(head.id)
        with pytest.raises(RequestRefusedError, match=f"{head.id}.*{status}") as caught:
            place.make()
        assert caught.value.applied is False

    def test_renaming_to_a_taken_title(self, place: Place) -> None:
        """The same when a page is to get the title of another one; nothing changes."""
        other = place.make(title="Roadmap")
        head = place.make(title="Plan")
        with pytest.raises(RequestRefusedError, match=other.id):
            place.wiki.update(page_id=head.id, title="Roadmap", body=BODY, version=2, message="")
        assert place.wiki.page(head.id).head == head

    def test_an_update_makes_the_next_version(self, place: Place) -> None:
        """Title and body are the new ones, the rest stays."""
        head = place.make()
        body = BODY + "<p>then sand</p>"
        updated = place.wiki.update(
            page_id=head.id, title="Our roadmap", body=body, version=2, message="by pmsync"
        )
        page = place.wiki.page(head.id)
        assert page.head == updated
        assert told(page.body) == told(body)
        assert (updated.title, updated.version, updated.parent_id) == (
            "Our roadmap",
            2,
            head.parent_id,
        )

    def test_an_earlier_version_can_be_read(self, place: Place) -> None:
        """As it was, whatever was written over it; one that never was is an error."""
        head = place.make()
        place.people.edit(head.id, "<p>mine</p>")
        first, second = (place.wiki.page(head.id, version=number) for number in (1, 2))
        assert (first.head.version, told(first.body)) == (1, told(BODY))
        assert (second.head.version, told(second.body)) == (2, "mine")
        with pytest.raises(NotFoundError):
            place.wiki.page(head.id, version=3)

    @pytest.mark.parametrize("version", [1, 2, 4])
    def test_a_version_that_is_not_the_next_one(self, place: Place, version: int) -> None:
        """Whoever did not read the last version writes nothing."""
        head = place.make()
        place.people.edit(head.id, "<p>mine</p>")
        with pytest.raises(ConflictError) as caught:
            place.wiki.update(
                page_id=head.id, title=head.title, body=BODY, version=version, message=""
            )
        assert caught.value.applied is False
        assert told(place.wiki.page(head.id).body) == "mine"

    def test_a_human_edit_is_seen(self, place: Place) -> None:
        """It is a version of somebody else's."""
        head = place.make()
        place.people.edit(head.id, "<p>mine</p>")
        seen = place.wiki.heads([head.id])[head.id]
        assert seen.version == 2
        assert seen.author_id not in (None, place.wiki.account_id())

    def test_updating_what_does_not_exist(self, place: Place) -> None:
        """There is nothing to update."""
        with pytest.raises(NotFoundError):
            place.wiki.update(page_id="987654321", title="x", body=BODY, version=2, message="")

    def test_open_comments_are_counted(self, place: Place) -> None:
        """Resolved ones and those of other pages are not."""
        head, other = place.make(), place.make(title="Other")
        assert place.wiki.open_comments(head.id) == 0
        comments = [place.people.comment(head.id, text) for text in ("First", "stones")]
        place.people.comment(other.id, "First")
        assert place.wiki.open_comments(head.id) == 2
        place.people.resolve(head.id, comments[0])
        assert place.wiki.open_comments(head.id) == 1

    def test_a_comment_makes_no_version(self, place: Place) -> None:
        """So the version alone does not tell whether a page may be overwritten."""
        head = place.make()
        place.people.comment(head.id, "First")
        assert place.wiki.heads([head.id])[head.id].version == 1

    def test_a_property_is_created_and_replaced(self, place: Place) -> None:
        """It comes back with its value, its id stays, its version grows."""
        head = place.make()
        assert place.wiki.properties(head.id, "pmsync") is None
        first = place.wiki.set_property(head.id, "pmsync", {"page": "roadmap", "version": 1}, None)
        assert place.wiki.properties(head.id, "pmsync") == first
        assert first.value == {"page": "roadmap", "version": 1}
        second = place.wiki.set_property(head.id, "pmsync", {"page": "roadmap"}, first)
        assert place.wiki.properties(head.id, "pmsync") == second
        assert (second.id, second.version) == (first.id, first.version + 1)
        assert place.wiki.properties(head.id, "other") is None

    def test_a_property_that_somebody_else_set(self, place: Place) -> None:
        """Neither creating it anew nor writing over a newer version works."""
        head = place.make()
        first = place.wiki.set_property(head.id, "pmsync", {"n": 1}, None)
        with pytest.raises(ConflictError):
            place.wiki.set_property(head.id, "pmsync", {"n": 2}, None)
        place.wiki.set_property(head.id, "pmsync", {"n": 3}, first)
        with pytest.raises(ConflictError):
            place.wiki.set_property(head.id, "pmsync", {"n": 4}, first)

    def test_labels_are_added(self, place: Place) -> None:
        """Those that are there stay and are not doubled; the wiki's are small letters."""
        head = place.make()
        assert place.wiki.labels(head.id) == ()
        place.wiki.add_labels(head.id, ["pmsync", "Roadmap"])
        place.wiki.add_labels(head.id, ["roadmap", "q1-2027"])
        place.wiki.add_labels(head.id, [])
        assert sorted(place.wiki.labels(head.id)) == ["pmsync", "q1-2027", "roadmap"]


class TestMemoryWiki(WikiContract):
    """The fake that other tests use."""

    @pytest.fixture
    def place(self) -> Place:
        """A new wiki."""
        wiki = MemoryWiki()
        return Place(wiki=wiki, people=wiki)


class Visitors:
    """People on the sandbox."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox

    def edit(self, page_id: str, body: str) -> None:
        """Write a version as a person."""
        self._sandbox.human({"do": "edit-page", "page": page_id, "body": body})

    def comment(self, page_id: str, text: str) -> str:
        """Comment on *text* of the page; return the comment's id."""
        done = self._sandbox.human({"do": "comment", "page": page_id, "text": text})
        return str(done["comment"])

    def resolve(self, page_id: str, comment: str) -> None:
        """Resolve a comment."""
        self._sandbox.human({"do": "resolve-comment", "page": page_id, "comment": comment})

    def archive(self, page_id: str) -> None:
        """Put a page into the archive."""
        self._sandbox.human({"do": "archive-page", "page": page_id})

    def trash(self, page_id: str) -> None:
        """Put a page into the trash."""
        self._sandbox.human({"do": "trash-page", "page": page_id})


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    """A sandbox without issues."""
    with start_in_thread(Seed(now=datetime(2026, 11, 20, tzinfo=UTC))) as running:
        yield running


class TestConfluenceCloud(WikiContract):
    """The adapter of the product, over HTTP to the sandbox."""

    @pytest.fixture
    def place(self, sandbox: Sandbox) -> Iterator[Place]:
        """The sandbox as it was at its beginning, with an open permit."""
        sandbox.site.reset()
        address = sandbox.address
        guarded = guarded_wiki(address.confluence, address.account, address.token)
        with guarded.gate.permit("contract"):
            yield Place(wiki=guarded.wiki, people=Visitors(sandbox))

    def test_lists_are_followed_to_their_end(self, place: Place, sandbox: Sandbox) -> None:
        """300 pages take two calls, and each call names at most 250."""
        state = sandbox.site.confluence
        space = next(iter(state.spaces.values()))
        pages = [
            state.add_page(
                space_id=space.id, title=f"Page {number}", body="", parent_id=space.homepage_id
            )
            for number in range(300)
        ]
        before = len(sandbox.log)
        assert len(place.wiki.heads([str(page.id) for page in pages])) == 300
        assert len(sandbox.log) - before == 2

    def test_comments_on_several_pages_of_a_list(self, place: Place, sandbox: Sandbox) -> None:
        """More open comments than one page of the list holds are all counted."""
        head = place.make(body=f"<p>{'word ' * 260}</p>")
        for number in range(260):
            action = {"do": "comment", "page": head.id, "text": "word", "index": number}
            sandbox.human(action)
        assert place.wiki.open_comments(head.id) == 260
