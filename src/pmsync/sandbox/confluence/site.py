"""The site's content and the rules that hold whoever changes it.

Mails: Confluence's v2 API takes no ``minorEdit`` (its document lists ``number`` and ``message``
only), so every published page that is created or updated through it counts as one mail to the
watchers, even if the request asks for a minor edit: what is not documented is not relied on.
Attachments (v1) document ``minorEdit`` and are silent with it. Ticked tasks and properties send
nothing.
"""

import itertools
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from threading import RLock
from typing import Any
from unicodedata import category

from pmsync.sandbox.confluence import storage
from pmsync.sandbox.confluence.errors import TITLE_TAKEN, Refusal
from pmsync.sandbox.confluence.records import (
    Attachment,
    Comment,
    IssueCard,
    Notice,
    Page,
    Person,
    Revision,
    Space,
    Status,
)

MAX_BODY = 5 * 1024 * 1024
MAX_TITLE = 255
_NAMESPACE = uuid.UUID("5e1f4a3c-0f52-5d0b-8f3e-6d0f2c1b7a90")


class Site:
    """One Confluence site. Ids and UUIDs are counted, so the same calls give the same site.

    Args:
        now: The site's clock; aware.
        account: Whose token the API calls carry, as Jira's ``myself`` shows it: ``accountId``,
            ``displayName``, ``emailAddress``.
    """

    def __init__(self, now: Callable[[], datetime], account: dict[str, Any]) -> None:
        self._now = now
        self._numbers = itertools.count(98305)
        self._uuids = itertools.count(1)
        self.lock = RLock()
        self.spaces: dict[int, Space] = {}
        self.pages: dict[int, Page] = {}
        self.comments: dict[int, Comment] = {}
        self.attachments: dict[int, Attachment] = {}
        self.people: dict[str, Person] = {}
        self.notices: list[Notice] = []
        # Set by whoever knows a Jira: what a reader may see of an issue, by key.
        self.issue_lookup: Callable[[str], IssueCard | None] | None = None
        self.account = str(account.get("accountId") or "bot")
        name = str(account.get("displayName") or "Bot")
        self.add_person(self.account, name, str(account.get("emailAddress") or ""))

    # What the site hands out

    def stamp(self) -> str:
        """Now, as Confluence writes it."""
        at = self._now().astimezone(UTC)
        return at.strftime("%Y-%m-%dT%H:%M:%S.") + f"{at.microsecond // 1000:03d}Z"

    def new_id(self) -> int:
        """An id that nothing else on the site has."""
        return next(self._numbers)

    def new_uuid(self) -> str:
        """For macros, tasks and comment markers."""
        return str(uuid.uuid5(_NAMESPACE, str(next(self._uuids))))

    def add_person(self, account_id: str, name: str, email: str = "") -> Person:
        """An account, new or renamed."""
        person = Person(account_id=account_id, name=name, email=email)
        self.people[account_id] = person
        return person

    # What there is

    def page(self, page_id: int) -> Page:
        """The page of that id, whatever its status.

        Raises:
            Refusal: 404.
        """
        page = self.pages.get(page_id)
        if page is None or page.status == "deleted":
            raise Refusal(404)
        return page

    def space_of(self, key: str) -> Space | None:
        """The space of that key; keys are compared without case."""
        return next((s for s in self.spaces.values() if s.key.lower() == key.lower()), None)

    def titled(self, space_id: int, title: str) -> Page | None:
        """The page that holds a title in a space: archived and trashed ones hold theirs too."""
        wanted = title.strip().casefold()
        holders = {"current", "archived", "trashed"}
        for page in self.pages.values():
            held = page.space_id == space_id and page.status in holders
            if held and page.title.casefold() == wanted:
                return page
        return None

    def children(self, parent_id: int | None, *, space_id: int | None = None) -> list[Page]:
        """The current pages right below a page (or at the top of a space), in tree order."""
        below = [
            page
            for page in self.pages.values()
            if page.parent_id == parent_id
            and page.status == "current"
            and (space_id is None or page.space_id == space_id)
        ]
        return sorted(below, key=lambda page: (page.position, page.id))

    def comments_on(self, page: Page) -> list[Comment]:
        """The page's inline comments and their answers, oldest first."""
        return [comment for comment in self.comments.values() if comment.page_id == page.id]

    def files_on(self, page: Page) -> list[Attachment]:
        """The page's attachments that are not in the trash, oldest first."""
        return [
            file
            for file in self.attachments.values()
            if file.page_id == page.id and file.status == "current"
        ]

    def resolution(self, comment: Comment) -> str:
        """``open``, ``reopened``, ``resolved`` or, where its marker is gone, ``dangling``."""
        if comment.settled == "resolved":
            return "resolved"
        page = self.pages[comment.page_id]
        return comment.settled if f'ac:ref="{comment.ref}"' in page.body else "dangling"

    # What changes it

    def stored(self, body: str) -> str:
        """A body as the site keeps it.

        Raises:
            Refusal: 413 over 5 MB, 400 for what Cloud does not take.
        """
        if len(body.encode("utf-8", "surrogatepass")) > MAX_BODY:
            raise Refusal(413, "Request body is too large: the limit is 5 MB")
        try:
            return storage.save(body, self.new_uuid)
        except storage.StorageError as error:
            raise Refusal(400, str(error)) from error

    def checked_title(self, title: object, space_id: int, *, keeper: int | None = None) -> str:
        """A title that a page may take.

        Args:
            title: What was sent.
            space_id: Where it must be the only one.
            keeper: The page that may hold it already.

        Raises:
            Refusal: 400 for an empty, over-long or taken one.
        """
        if not isinstance(title, str) or not title.strip():
            raise Refusal(400, "Title is required and cannot be blank")
        if len(title) > MAX_TITLE or any(category(sign) in {"Cc", "Cs"} for sign in title):
            raise Refusal(
                400, f"Title must be at most {MAX_TITLE} characters, without control characters"
            )
        holder = self.titled(space_id, title)
        if holder is not None and holder.id != keeper:
            raise Refusal(400, TITLE_TAKEN)
        return title.strip()

    def add_page(
        self,
        *,
        space_id: int,
        title: str,
        body: str,
        parent_id: int | None,
        author: str = "",
        status: Status = "current",
    ) -> Page:
        """A new page with version 1; title and body must have been checked."""
        at, by = self.stamp(), author or self.account
        first = Revision(number=1, at=at, author=by, title=title, body=body)
        number = self.new_id()
        siblings = [page.position for page in self.pages.values() if page.parent_id == parent_id]
        page = Page(
            id=number, space_id=space_id, parent_id=parent_id, title=title, body=body,
            status=status, created_at=at, author=by, owner=by, revisions=[first],
            position=max(siblings, default=0) + 1,
        )  # fmt: skip
        self.pages[number] = page
        if status == "current":
            self.notify("page created", page, by)
        return page

    def revise(
        self, page: Page, *, title: str, body: str, author: str, message: str = "",
        minor_asked: bool = False,
    ) -> Revision:  # fmt: skip
        """A new version of a page; title and body must have been checked."""
        revision = Revision(
            number=page.revision.number + 1, at=self.stamp(), author=author, message=message,
            title=title, body=body,
        )  # fmt: skip
        page.title, page.body = title, body
        page.revisions.append(revision)
        self.notify("page edited", page, author, minor_asked=minor_asked)
        return revision

    def notify(self, kind: str, page: Page, by: str, *, minor_asked: bool = False) -> None:
        """Count one mail to the page's watchers."""
        notice = Notice(
            kind=kind, page_id=page.id, title=page.title, version=page.revision.number, by=by,
            at=self.stamp(), minor_asked=minor_asked,
        )  # fmt: skip
        self.notices.append(notice)
