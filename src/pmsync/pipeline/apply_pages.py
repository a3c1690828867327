"""Apply page changes: check what was read, write, read back, remember."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from pmsync.core.errors import NotFoundError, RemoteError
from pmsync.core.journal import Outcome, PageRecord, Write
from pmsync.core.plan import PageChange, PageCreate, PageUpdate, target
from pmsync.pages.storage import body_hash
from pmsync.pipeline.apply_rank import ALREADY
from pmsync.pipeline.observe import PROPERTY
from pmsync.pipeline.page_fit import PageFit
from pmsync.pipeline.writing import Step, Writer, Written, ends_run
from pmsync.ports import PageHead, Store, Wiki


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

    def fit(self) -> PageFit:
        """Return what tells whether changes still fit the wiki."""
        return PageFit(wiki=self.wiki, store=self.store, product=self.product)

    def apply(
        self,
        changes: Iterable[PageChange],
        before: Mapping[str, Outcome],
        order: Sequence[str] = (),
    ) -> dict[str, Outcome]:
        """Write pages and return ``{change: outcome}``.

        Args:
            changes: In the plan's order.
            before: Outcomes of the changes that came earlier, which pages may require.
            order: Ids of the scope in Jira's order, as last read.
        """
        outcomes: dict[str, Outcome] = {}
        stopped: RemoteError | None = None
        fit = self.fit()
        for change in changes:
            untrue = _untrue(change, before, order)
            if stopped:
                detail = f"not tried: {stopped}"
                outcomes[change.change] = Outcome(state="not_applied", detail=detail)
            elif untrue:
                outcomes[change.change] = Outcome(state="held", detail=untrue)
            elif fit.made(change):
                outcomes[change.change] = ALREADY
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
            return self._look(change, step, written, stopped)
        return written.outcome, stopped

    def _look(
        self,
        change: PageChange,
        step: Step,
        written: Written[PageHead],
        stopped: RemoteError | None,
    ) -> tuple[Outcome, RemoteError | None]:
        """Settle an unknown outcome by reading back, if the site answers at all."""
        try:
            head = find_written(self.wiki, step.detail)
        except RemoteError:
            return written.outcome, stopped
        outcome = read_back_outcome(head is not None)
        record = self.remember(step.detail, head) if head else None
        self.writer.settle(written.write_id, outcome)
        if record:
            outcome = replace(outcome, detail=self.finish(change.labels, record) or outcome.detail)
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

    def side_outcome(self, write: Write) -> Outcome:
        """Return what became of a write of labels or of the property, by reading them."""
        page_id, wanted = write.detail["page_id"], write.detail["wanted"]
        try:
            if write.step == "labels":
                made = set(wanted.split()) <= set(self.wiki.labels(page_id))
            else:
                current = self.wiki.properties(page_id, PROPERTY)
                made = current is not None and current.value.get("fingerprint") == wanted
        except NotFoundError:
            made = False
        return read_back_outcome(made)

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
    """Return the page version that a write of unknown outcome made; None if it made none.

    Later versions may stand above it: what counts is that ours was made.
    """
    candidates = (
        [detail["page_id"]]
        if detail["page_id"]
        else [head.id for head in wiki.find(detail["space_id"], detail["title"])]
    )
    for page_id in candidates:
        try:
            page = wiki.page(page_id, version=int(detail["version"]))
        except NotFoundError:
            continue
        if page.head.title == detail["title"] and body_hash(page.body) == detail["body"]:
            return page.head
    return None


def read_back_outcome(made: bool) -> Outcome:  # noqa: FBT001 - the one thing it is about
    """Return the outcome that reading back gives."""
    if made:
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


def _untrue(change: PageChange, before: Mapping[str, Outcome], order: Sequence[str]) -> str:
    """Return what *change* would state as fact although it is none; empty if all is true."""
    unmet = [one for one in change.requires if not _is_applied(before.get(one))]
    if unmet:
        return f"it states {len(unmet)} changes as fact that were not applied"
    stated = frozenset(change.order)
    if change.order != tuple(issue for issue in order if issue in stated):
        return "Jira's order is another one than the page states; the next run writes it"
    return ""


def _is_applied(outcome: Outcome | None) -> bool:
    return outcome is not None and outcome.state == "applied"
