"""Confluence Cloud behind :class:`pmsync.ports.Wiki`."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Final

from pmsync.adapters.confluence.answers import (
    AccountAnswer,
    AnyAnswer,
    CommentAnswer,
    LabelAnswer,
    PageAnswer,
    PropertyAnswer,
    SpaceAnswer,
    WholePageAnswer,
)
from pmsync.adapters.confluence.calls import Calls
from pmsync.adapters.confluence.titles import naming_the_blocker
from pmsync.core.errors import AuthenticationError
from pmsync.ports import Page, PageHead, Property, Space

if TYPE_CHECKING:
    from atlassian.rest_client import AtlassianRestAPI

_KEPT: Final = ["current", "archived", "trashed"]
"""The statuses in which a page keeps its title; drafts cannot be listed."""

_OPEN: Final = ["open", "reopened"]

_BATCH: Final = 250
"""Most ids or keys a call takes."""


class ConfluenceCloud:
    """One wiki, as one account sees it; threads may share it.

    Writes go out only under an open permit of the transport's gate.

    Args:
        client: Made by :func:`pmsync.transport.rest_client.rest_client` for the wiki's base
            address (``https://acme.atlassian.net/wiki``).
    """

    def __init__(self, client: "AtlassianRestAPI") -> None:
        self._calls = Calls(client)

    def account_id(self) -> str:
        """Return whom the token belongs to.

        Raises:
            AuthenticationError: The site takes us for an anonymous visitor.
        """
        answer = self._calls.ask(AccountAnswer, "wiki account")
        if answer.account_id is None:
            what = "Confluence takes us for an anonymous visitor"
            raise AuthenticationError(what, cure="check the account and its API token")
        return answer.account_id

    def spaces(self, keys: Sequence[str]) -> tuple[Space, ...]:
        """Return those of the spaces that exist and are visible."""
        return tuple(
            answer.space()
            for batch in _batches(keys)
            for answer in self._calls.listed(SpaceAnswer, "spaces", query={"keys": batch})
        )

    def heads(self, ids: Sequence[str]) -> dict[str, PageHead]:
        """Return ``{id: head}`` of the pages that exist, one call for each 250 ids."""
        found = (
            answer
            for batch in _batches(ids)
            for answer in self._calls.listed(
                PageAnswer, "pages", query={"id": batch, "status": _KEPT}
            )
        )
        return {answer.id: answer.head() for answer in found}

    def page(self, page_id: str, *, version: int | None = None) -> Page:
        """Return one page with its body, as it is or as an earlier *version* had it.

        Raises:
            NotFoundError: It (or that version of it) does not exist, or may not be seen.
        """
        query: dict[str, str | int | list[str]] = {"body-format": "storage"}
        if version is not None:
            query["version"] = version
        answer = self._calls.ask(WholePageAnswer, "page", page_id, query=query)
        return Page(head=answer.head(), body=answer.body.storage.value)

    def find(self, space_id: str, title: str) -> tuple[PageHead, ...]:
        """Return the pages of that title in the space, archived and trashed ones too."""
        query: dict[str, str | int | list[str]] = {
            "space-id": space_id,
            "title": title,
            "status": _KEPT,
        }
        return tuple(
            answer.head() for answer in self._calls.listed(PageAnswer, "pages", query=query)
        )

    def create(self, *, space_id: str, parent_id: str, title: str, body: str) -> PageHead:
        """Create a page under *parent_id*.

        Raises:
            RequestRefusedError: The title is taken (the message says by which page), or the body
                is not storage format.
        """
        sent = {
            "spaceId": space_id,
            "status": "current",
            "title": title,
            "parentId": parent_id,
            "body": _storage(body),
        }
        with naming_the_blocker(title, lambda: self.find(space_id, title)):
            return self._calls.ask(PageAnswer, "create page", send=sent).head()

    def update(
        self, *, page_id: str, title: str, body: str, version: int, message: str
    ) -> PageHead:
        """Write version number *version* (the one that was read, plus 1).

        Raises:
            ConflictError: Somebody else made that version first.
            RequestRefusedError: The title is taken (the message says by which page), or the body
                is not storage format.
        """
        sent = {
            "id": page_id,
            "status": "current",
            "title": title,
            "body": _storage(body),
            "version": {"number": version, "message": message},
        }
        with naming_the_blocker(title, lambda: self._namesakes(page_id, title)):
            return self._calls.ask(PageAnswer, "update page", page_id, send=sent).head()

    def _namesakes(self, page_id: str, title: str) -> list[PageHead]:
        own = self.heads([page_id]).get(page_id)
        found = self.find(own.space_id, title) if own else ()
        return [head for head in found if head.id != page_id]

    def open_comments(self, page_id: str) -> int:
        """Return how many inline comments of the page are not resolved."""
        query = {"resolution-status": _OPEN}
        found = self._calls.listed(CommentAnswer, "inline comments", page_id, query=query)
        return sum(comment.resolution_status in _OPEN for comment in found)

    def properties(self, page_id: str, key: str) -> Property | None:
        """Return one content property; None if there is none.

        A value that is no JSON object, which pmsync never writes, is returned as an empty one.
        """
        found = self._calls.listed(PropertyAnswer, "properties", page_id, query={"key": key})
        return next((answer.property() for answer in found if answer.key == key), None)

    def set_property(
        self, page_id: str, key: str, value: Mapping[str, object], current: Property | None
    ) -> Property:
        """Create the property, or write the version after *current*.

        Raises:
            ConflictError: Somebody else made it, or that version of it, first.
        """
        sent: dict[str, object] = {"key": key, "value": dict(value)}
        if current is None:
            made = self._calls.ask(PropertyAnswer, "create property", page_id, send=sent)
        else:
            sent["version"] = {"number": current.version + 1}
            made = self._calls.ask(
                PropertyAnswer, "update property", page_id, current.id, send=sent
            )
        return made.property()

    def labels(self, page_id: str) -> tuple[str, ...]:
        """Return the names of the page's labels that everybody sees, as the site spells them."""
        query = {"prefix": "global"}
        found = self._calls.listed(LabelAnswer, "labels", page_id, query=query)
        return tuple(label.name for label in found)

    def add_labels(self, page_id: str, names: Sequence[str]) -> None:
        """Add labels; those that are there stay. The site keeps them in small letters."""
        sent = [{"prefix": "global", "name": name} for name in names]
        if sent:
            self._calls.ask(AnyAnswer, "add labels", page_id, send=sent)


def _storage(body: str) -> dict[str, str]:
    return {"representation": "storage", "value": body}


def _batches(values: Sequence[str]) -> Iterator[list[str]]:
    unique = list(dict.fromkeys(values))
    return (unique[start : start + _BATCH] for start in range(0, len(unique), _BATCH))
