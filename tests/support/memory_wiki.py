"""A wiki in memory: the contract of :class:`pmsync.ports.Wiki`, and what people do to it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import count

from pmsync.core.errors import ConflictError, NotFoundError, RequestRefusedError
from pmsync.ports import Page, PageHead, Property, Space

BOT = "bot"
MIA = "mia"


@dataclass(slots=True, kw_only=True)
class Sheet:
    """Everything the wiki holds about one page."""

    page: Page
    earlier: list[Page] = field(default_factory=list)
    properties: dict[str, Property] = field(default_factory=dict)
    labels: list[str] = field(default_factory=list)
    comments: dict[str, str] = field(default_factory=dict)


class MemoryWiki:
    """Spaces PROD and HELP with a home page each, unless told otherwise.

    Attributes:
        sheets: ``{page id: sheet}``.
        written: The names of the writing calls so far, oldest first.
        messages: ``{page id: the last update's message}``.
    """

    def __init__(self, keys: Sequence[str] = ("PROD", "HELP")) -> None:
        self._ids = count(1000)
        self.sheets: dict[str, Sheet] = {}
        self.written: list[str] = []
        self.messages: dict[str, str] = {}
        self._spaces: dict[str, Space] = {}
        for key in keys:
            space_id = self._new_id()
            home = self._add(space_id, None, f"{key} Home", "<p>home</p>")
            space = Space(id=space_id, key=key, name=f"The {key} space", homepage_id=home.id)
            self._spaces[key] = space

    # what pmsync asks

    def account_id(self) -> str:
        return BOT

    def spaces(self, keys: Sequence[str]) -> tuple[Space, ...]:
        return tuple(space for key, space in self._spaces.items() if key in keys)

    def heads(self, ids: Sequence[str]) -> dict[str, PageHead]:
        return {each: self.sheets[each].page.head for each in ids if each in self.sheets}

    def page(self, page_id: str, *, version: int | None = None) -> Page:
        sheet = self._sheet(page_id)
        for page in (sheet.page, *sheet.earlier):
            if version in (None, page.head.version):
                return page
        what = f"page {page_id} has no version {version}"
        raise NotFoundError(what, status=404)

    def find(self, space_id: str, title: str) -> tuple[PageHead, ...]:
        heads = (sheet.page.head for sheet in self.sheets.values())
        return tuple(
            head
            for head in heads
            if head.space_id == space_id and head.title.casefold() == title.casefold()
        )

    def create(self, *, space_id: str, parent_id: str, title: str, body: str) -> PageHead:
        self._sheet(parent_id)
        self._refuse_taken(space_id, title, keeper="")
        self.written.append("create")
        return self._add(space_id, parent_id, title, body)

    def update(
        self, *, page_id: str, title: str, body: str, version: int, message: str
    ) -> PageHead:
        sheet = self._sheet(page_id)
        head = sheet.page.head
        if version != head.version + 1:
            what = f"somebody else changed it first: version {head.version}"
            raise ConflictError(what, status=409)
        self._refuse_taken(head.space_id, title, keeper=page_id)
        self.written.append("update")
        self.messages[page_id] = message
        return self._revise(sheet, title, body, BOT)

    def open_comments(self, page_id: str) -> int:
        return list(self._sheet(page_id).comments.values()).count("open")

    def properties(self, page_id: str, key: str) -> Property | None:
        return self._sheet(page_id).properties.get(key)

    def set_property(
        self, page_id: str, key: str, value: Mapping[str, object], current: Property | None
    ) -> Property:
        kept = self._sheet(page_id).properties
        if (current.version if current else 0) != (kept[key].version if key in kept else 0):
            what = "somebody else changed it first"
            raise ConflictError(what, status=409)
        self.written.append("set_property")
        kept[key] = Property(
            id=current.id if current else self._new_id(),
            key=key,
            value=dict(value),
            version=current.version + 1 if current else 1,
        )
        return kept[key]

    def labels(self, page_id: str) -> tuple[str, ...]:
        return tuple(self._sheet(page_id).labels)

    def add_labels(self, page_id: str, names: Sequence[str]) -> None:
        kept = self._sheet(page_id).labels
        if names:
            self.written.append("add_labels")
        kept += [name.lower() for name in names if name.lower() not in kept]

    # what people do

    def edit(self, page_id: str, body: str) -> None:
        """Write a version as a person."""
        sheet = self._sheet(page_id)
        self._revise(sheet, sheet.page.head.title, body, MIA)

    def comment(self, page_id: str, text: str) -> str:
        """Comment on *text* of the page; return the comment's id."""
        assert text in self.page(page_id).body
        comment = self._new_id()
        self._sheet(page_id).comments[comment] = "open"
        return comment

    def resolve(self, page_id: str, comment: str) -> None:
        """Resolve a comment."""
        self._sheet(page_id).comments[comment] = "resolved"

    def archive(self, page_id: str) -> None:
        """Put a page into the archive."""
        self._set_status(page_id, "archived")

    def trash(self, page_id: str) -> None:
        """Put a page into the trash."""
        self._set_status(page_id, "trashed")

    # inside

    def _new_id(self) -> str:
        return str(next(self._ids))

    def _sheet(self, page_id: str) -> Sheet:
        if page_id not in self.sheets:
            what = f"page {page_id} does not exist"
            raise NotFoundError(what, status=404)
        return self.sheets[page_id]

    def _add(self, space_id: str, parent_id: str | None, title: str, body: str) -> PageHead:
        head = PageHead(
            id=self._new_id(),
            space_id=space_id,
            title=title,
            status="current",
            version=1,
            parent_id=parent_id,
            author_id=BOT,
        )
        self.sheets[head.id] = Sheet(page=Page(head=head, body=body))
        return head

    def _revise(self, sheet: Sheet, title: str, body: str, author: str) -> PageHead:
        old = sheet.page.head
        head = replace(old, title=title, version=old.version + 1, author_id=author)
        sheet.earlier.append(sheet.page)
        sheet.page = Page(head=head, body=body)
        return head

    def _set_status(self, page_id: str, status: str) -> None:
        sheet = self._sheet(page_id)
        sheet.page = replace(sheet.page, head=replace(sheet.page.head, status=status))

    def _refuse_taken(self, space_id: str, title: str, keeper: str) -> None:
        for head in self.find(space_id, title):
            if head.id != keeper:
                who = f"page {head.id} ({head.status})"
                what = f"the title {title!r} is taken in this space by {who}"
                raise RequestRefusedError(what, status=400)
