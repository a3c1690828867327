"""Whether a page change still fits the wiki it was planned for (P1, P2)."""

from collections.abc import Iterable
from dataclasses import dataclass

from pmsync.core.errors import NotFoundError
from pmsync.core.journal import Outcome
from pmsync.core.plan import PageChange, PageCreate, PageUpdate
from pmsync.pages.storage import body_hash
from pmsync.pipeline.observe import PROPERTY, is_ours
from pmsync.ports import PageHead, Store, Wiki


@dataclass(frozen=True, slots=True, kw_only=True)
class PageFit:
    """Compares page changes of one product with what is there now; it only reads."""

    wiki: Wiki
    store: Store
    product: str

    def broken_precondition(self, change: PageChange) -> str:
        """Return why *change* no longer fits the wiki; empty if it does, or is made already."""
        if self.made(change) or self._outlived(change):
            return ""
        if isinstance(change, PageCreate):
            taken = self.wiki.find(change.space_id, change.title)
            return f"the title is taken by page {taken[0].id} ({taken[0].status})" if taken else ""
        try:
            return self._broken_update(change)
        except NotFoundError:
            return f"page {change.page_id} does not exist any more"

    def made(self, change: PageChange) -> bool:
        """Return whether an earlier apply of the same plan has made *change*."""
        record = self.store.pages(self.product).get(change.page)
        if record is None or record.fingerprint != change.fingerprint:
            return False
        version = 1 if isinstance(change, PageCreate) else change.version + 1
        return record.version == version and self._current(record.page_id) is not None

    def outlived(self, changes: Iterable[PageChange]) -> dict[str, Outcome]:
        """Return ``{change: held}`` of pages that a later run of ours has written meanwhile.

        They do not make a plan stale: nobody but us was there, and the next run writes them.
        """
        detail = "a later run has written this page; the next one brings it up to date"
        return {
            change.change: Outcome(state="held", detail=detail)
            for change in changes
            if self._outlived(change)
        }

    def _outlived(self, change: PageChange) -> bool:
        record = self.store.pages(self.product).get(change.page)
        if record is None or self.made(change):
            return False
        if isinstance(change, PageUpdate):
            return record.page_id == change.page_id and record.version > change.version
        return self._current(record.page_id) is not None

    def _current(self, page_id: str) -> PageHead | None:
        head = self.wiki.heads([page_id]).get(page_id)
        return head if head and head.status == "current" else None

    def _broken_update(self, change: PageUpdate) -> str:
        page = self.wiki.page(change.page_id)
        if not self._is_ours(change):
            return f"page {change.page_id} is not ours"
        if page.head.status != "current":
            return f"page {change.page_id} is {page.head.status}"
        if page.head.version != change.version:
            return f"the page is at version {page.head.version}, not {change.version}"
        if body_hash(page.body) != change.expects:
            return "the page's body is another one"
        open_comments = self.wiki.open_comments(change.page_id)
        return f"{open_comments} open inline comments on the page" if open_comments else ""

    def _is_ours(self, change: PageUpdate) -> bool:
        """Return whether we know the page as ours, or it says so itself."""
        record = self.store.pages(self.product).get(change.page)
        if record:
            return record.page_id == change.page_id
        found = self.wiki.properties(change.page_id, PROPERTY)
        return found is not None and is_ours(self.product, change.page, found)
