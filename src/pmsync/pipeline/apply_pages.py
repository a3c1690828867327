"""Apply page changes: check what was read, write, read back, remember."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from pmsync.core.errors import NotFoundError, RemoteError
from pmsync.core.journal import Outcome, PageRecord
from pmsync.core.plan import PageChange, PageCreate, PageUpdate, target
from pmsync.pages.storage import body_hash
from pmsync.pipeline.observe import PROPERTY
from pmsync.pipeline.writing import Step, Writer, Written, ends_run
from pmsync.ports import Page, PageHead, Store, Wiki


@dataclass(frozen=True, slots=True, kw_only=True)
class PageRun:
    """Applies the page changes of one plan of one product.

    Attributes:
        package: pmsync's version, for the content property.
        bodies: ``{sha256: storage format}`` of the plan.
    """

    wiki: Wiki
    store: Store
    writer: Writer
    product: str
    package: str
    bodies: Mapping[str, str]

    def broken_precondition(self, change: PageChange) -> str:
        """Return why *change* no longer fits the wiki; empty if it does."""
        if isinstance(change, PageCreate):
            taken = self.wiki.find(change.space_id, change.title)
            return f"the title is taken by page {taken[0].id} ({taken[0].status})" if taken else ""
        try:
            page = self.wiki.page(change.page_id)
        except NotFoundError:
            return f"page {change.page_id} does not exist any more"
        if page.head.status != "current":
            return f"page {change.page_id} is {page.head.status}"
        if page.head.version != change.version:
            return f"the page is at version {page.head.version}, not {change.version}"
        if body_hash(page.body) != change.expects:
            return "the page's body is another one"
        open_comments = self.wiki.open_comments(change.page_id)
        return f"{open_comments} open inline comments on the page" if open_comments else ""

    def apply(
        self, changes: Iterable[PageChange], before: Mapping[str, Outcome]
    ) -> dict[str, Outcome]:
        """Write pages and return ``{change: outcome}``.

        Args:
            changes: In the plan's order.
            before: Outcomes of the changes that came earlier, which pages may require.
        """
        outcomes: dict[str, Outcome] = {}
        stopped: RemoteError | None = None
        for change in changes:
            unmet = [one for one in change.requires if not _is_applied(before.get(one))]
            if stopped:
                detail = f"not tried: {stopped}"
                outcomes[change.change] = Outcome(state="not_applied", detail=detail)
            elif unmet:
                detail = f"it states {len(unmet)} changes as fact that were not applied"
                outcomes[change.change] = Outcome(state="held", detail=detail)
            else:
                outcomes[change.change], stopped = self._write(change)
        return outcomes

    def _write(self, change: PageChange) -> tuple[Outcome, RemoteError | None]:
        body = self.bodies[change.body]
        step = Step(
            change=change.change,
            name="page",
            target=target(change),
            detail=page_detail(change, body),
        )
        written = self.writer.write(step, lambda: self._send(change, body, step.detail))
        if written.answer:
            late = self.finish(change.labels, self.store.pages(self.product)[change.page])
            return replace(written.outcome, detail=late), None
        stopped = written.error if ends_run(written.error) else None
        if written.outcome.state == "unknown":
            return self._look(step, written, stopped)
        return written.outcome, stopped

    def _look(
        self, step: Step, written: Written[PageHead], stopped: RemoteError | None
    ) -> tuple[Outcome, RemoteError | None]:
        """Settle an unknown outcome by reading back, if the site answers at all."""
        try:
            head = find_written(self.wiki, step.detail)
        except RemoteError:
            return written.outcome, stopped
        outcome = read_back_outcome(head)
        self.writer.settle(written.write_id, outcome)
        if head:
            self.finish((), self.remember(step.detail, head))
        return outcome, None

    def _send(self, change: PageChange, body: str, detail: Mapping[str, str]) -> PageHead:
        """Make the call, and keep the page's record before its outcome is written.

        In this order a run that is killed in between leaves an intent without outcome, which the
        next one settles; never a page of ours that looks like somebody else's.
        """
        if isinstance(change, PageCreate):
            head = self._create(change, body)
        else:
            head = self._update(change, body)
        self.remember(detail, head)
        return head

    def _create(self, change: PageCreate, body: str) -> PageHead:
        return self.wiki.create(
            space_id=change.space_id, parent_id=change.parent, title=change.title, body=body
        )

    def _update(self, change: PageUpdate, body: str) -> PageHead:
        return self.wiki.update(
            page_id=change.page_id,
            title=change.title,
            body=body,
            version=change.version + 1,
            message=change.message,
        )

    def remember(self, detail: Mapping[str, str], head: PageHead) -> PageRecord:
        """Keep the record of a page version that we made."""
        record = PageRecord(
            product=self.product,
            page=detail["page"],
            page_id=head.id,
            space=detail["space"] or self._known_space(detail["page"]),
            title=detail["title"],
            version=head.version,
            fingerprint=detail["fingerprint"],
            body="",
        )
        self.store.put_page(record)
        return record

    def _known_space(self, page: str) -> str:
        known = self.store.pages(self.product).get(page)
        return known.space if known else ""

    def finish(self, labels: Iterable[str], record: PageRecord) -> str:
        """Complete a page that was written: body as the server stores it, labels, property.

        Returns:
            What could not be completed; empty when all was. The next run completes it.
        """
        try:
            return self._finish(labels, record)
        except RemoteError as error:
            return f"to be completed by the next run: {error}"

    def _finish(self, labels: Iterable[str], record: PageRecord) -> str:
        stored = self.wiki.page(record.page_id)
        if stored.head.version == record.version:
            record = replace(record, body=self.store.put_blob(stored.body.encode()))
            self.store.put_page(record)
        missing = sorted({one.lower() for one in labels} - set(self.wiki.labels(record.page_id)))
        if missing:
            step = self._side_step(record, "labels", " ".join(missing))
            written = self.writer.write(step, lambda: self.wiki.add_labels(record.page_id, missing))
            if written.error:
                return f"labels are missing: {written.error}"
        return self._finish_property(record)

    def _finish_property(self, record: PageRecord) -> str:
        current = self.wiki.properties(record.page_id, PROPERTY)
        value = property_value(record, self.package)
        if current and current.value == value:
            self.store.put_page(replace(record, property_id=current.id))
            return ""
        step = self._side_step(record, "property", record.fingerprint)
        written = self.writer.write(
            step, lambda: self.wiki.set_property(record.page_id, PROPERTY, value, current)
        )
        if not written.answer:
            return f"the page's property is missing: {written.error}"
        self.store.put_page(replace(record, property_id=written.answer.id))
        return ""

    def _side_step(self, record: PageRecord, name: str, wanted: str) -> Step:
        return Step(
            change=f"page/{record.page}",
            name=name,
            target=f"{name} of page {record.page} ({record.page_id})",
            detail={"page": record.page, "page_id": record.page_id, "wanted": wanted},
        )


def page_detail(change: PageChange, body: str) -> dict[str, str]:
    """Return what recovery needs to find out whether *change* was made."""
    common = {
        "page": change.page,
        "title": change.title,
        "body": body_hash(body),
        "fingerprint": change.fingerprint,
    }
    if isinstance(change, PageCreate):
        place = {"space": change.space, "space_id": change.space_id, "parent": change.parent}
        return {**common, **place, "page_id": "", "version": "1"}
    nowhere = {"space": "", "space_id": "", "parent": ""}
    return {**common, **nowhere, "page_id": change.page_id, "version": str(change.version + 1)}


def find_written(wiki: Wiki, detail: Mapping[str, str]) -> PageHead | None:
    """Return the page version that a write of unknown outcome made; None if it made none."""
    if detail["page_id"]:
        page: Page | None = wiki.page(detail["page_id"])
    else:
        heads = wiki.find(detail["space_id"], detail["title"])
        own = [head for head in heads if head.parent_id == detail["parent"]]
        page = wiki.page(own[0].id) if own else None
    if page is None or str(page.head.version) != detail["version"]:
        return None
    return page.head if body_hash(page.body) == detail["body"] else None


def read_back_outcome(head: PageHead | None) -> Outcome:
    """Return the outcome that reading back gives."""
    if head:
        return Outcome(state="applied", detail="seen when read back")
    return Outcome(state="not_applied", detail="not there when read back")


def property_value(record: PageRecord, package: str) -> dict[str, object]:
    """Return our content property: enough to rebuild a lost store."""
    return {
        "product": record.product,
        "page": record.page,
        "version": record.version,
        "fingerprint": record.fingerprint,
        "body": record.body,
        "pmsync": package,
    }


def _is_applied(outcome: Outcome | None) -> bool:
    return outcome is not None and outcome.state == "applied"
