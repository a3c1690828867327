"""What to do with each page: a table of cases, each in words."""

import hashlib
from dataclasses import dataclass, replace

from pmsync.core.journal import PageRecord
from pmsync.core.plan import Held, PageChange, PageCreate, PageUpdate
from pmsync.pages.render import Rendered
from pmsync.pages.storage import body_hash
from pmsync.pipeline.observe import Observed
from pmsync.ports import PageHead


@dataclass(frozen=True, slots=True, kw_only=True)
class Unchanged:
    """Nothing to write; *record* replaces the stored one if it is set.

    Attributes:
        record: Set when the page is right but our record of it is missing or old.
    """

    page: str
    record: PageRecord | None = None


Decision = PageChange | Held | Unchanged


def decide(
    page: Rendered,
    record: PageRecord | None,
    observed: Observed,
    *,
    change: str,
    requires: tuple[str, ...] = (),
    anew: bool = False,
) -> Decision:
    """Return what is to happen with *page*.

    Args:
        page: The page as it should be.
        record: What we know of it from our last write; None if we never wrote it.
        observed: The wiki as it is.
        change: Identity for the change, if there is one.
        requires: Changes that the page states as fact, if it states any.
        anew: Whether an owned page that is gone is made again.
    """
    if record is None:
        return _without_record(page, observed, change=change, requires=requires)
    head = observed.heads.get(record.page_id)
    # Deleted for good, or hidden from us by a restriction, which a second page would defeat:
    # the two look alike, so a person has to ask for it anew.
    if head is None:
        if anew:
            return _without_record(page, observed, change=change, requires=requires)
        return _held(
            page,
            f"the page ({record.page_id}) is gone or hidden from the account; give access again,"
            " or ask for a new one with: pmsync plan --anew -o FILE",
        )
    # In the trash or the archive: a person's decision, which we do not undo.
    if head.status != "current":
        return _held(page, f"the page ({head.id}) is {head.status}; restore it or retire the page")
    if page.fingerprint == record.fingerprint and head.version == record.version:
        return Unchanged(page=page.page)
    return _changed(page, record, head, observed, change=change, requires=requires)


def _changed(
    page: Rendered,
    record: PageRecord,
    head: PageHead,
    observed: Observed,
    *,
    change: str,
    requires: tuple[str, ...],
) -> Decision:
    """Return what to do with an owned, current page that is not as our record has it."""
    current = observed.pages[head.id]
    # Made by other means, or edited and put right again: remember it, write nothing.
    if body_hash(current.body) == body_hash(page.body) and current.head.title == page.title:
        version = current.head.version
        renewed = replace(record, fingerprint=page.fingerprint, version=version, title=page.title)
        return Unchanged(page=page.page, record=renewed)
    # Somebody else made a version since ours: their work is never overwritten. A version that
    # puts ours back, to the letter, holds no work of theirs.
    restored = hashlib.sha256(current.body.encode()).hexdigest() == record.body
    if head.version != record.version and not restored:
        by = f"version {head.version} is not ours (ours was {record.version})"
        cure = f"restore version {record.version} from its history to let pmsync go on"
        return _held(page, f"edited in Confluence since the last run: {by}; {cure}")
    # The rules want another space; moving a page with its readers is a person's decision.
    if record.space != page.space and head.space_id != observed.spaces[page.space].id:
        return _held(page, f"it is in space {record.space}; move it to {page.space} yourself")
    # A new title that another page has: that one keeps it.
    taken = [one.head for one in observed.namesakes.get(page.page, ()) if one.head.id != head.id]
    if taken:
        return _held(page, _title_taken(taken[0]))
    if observed.open_comments.get(head.id):
        count = observed.open_comments[head.id]
        return _held(page, f"{count} open inline comment{'s' if count > 1 else ''} on the page")
    return PageUpdate(
        change=change,
        page=page.page,
        page_id=head.id,
        version=head.version,
        expects=body_hash(current.body),
        title=page.title,
        body=body_key(page),
        fingerprint=page.fingerprint,
        message=page.message,
        labels=page.labels,
        requires=requires,
        mentions=page.mentions,
        order=page.order,
    )


def _without_record(
    page: Rendered, observed: Observed, *, change: str, requires: tuple[str, ...]
) -> Decision:
    namesakes = observed.namesakes.get(page.page, ())
    # Somebody else's page, whatever its status: it keeps its title, and we say so.
    if namesakes:
        return _held(page, _title_taken(namesakes[0].head))
    return _create(page, observed, change=change, requires=requires)


def _create(
    page: Rendered, observed: Observed, *, change: str, requires: tuple[str, ...]
) -> PageCreate:
    return PageCreate(
        change=change,
        page=page.page,
        space=page.space,
        space_id=observed.spaces[page.space].id,
        parent=page.under,
        title=page.title,
        body=body_key(page),
        fingerprint=page.fingerprint,
        message=page.message,
        labels=page.labels,
        requires=requires,
        mentions=page.mentions,
        order=page.order,
    )


def _title_taken(head: PageHead) -> str:
    return (
        f"the title is taken by a page that is not ours ({head.id}, {head.status});"
        " rename that page or the product"
    )


def body_key(page: Rendered) -> str:
    """Return the sha256 by which a plan carries the page's body."""
    return hashlib.sha256(page.body.encode()).hexdigest()


def _held(page: Rendered, reason: str) -> Held:
    return Held(page=page.page, title=page.title, reason=reason)
