"""Observe: what the wiki holds now, read as sparingly as possible; nothing is written.

Owned pages cost one call for 250 of them. Only a page that is about to change is read whole.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from pmsync.core.errors import IncompleteInputError
from pmsync.core.journal import PageRecord
from pmsync.pages.render import Rendered
from pmsync.ports import Page, PageHead, Property, Space, Wiki

PROPERTY = "pmsync"
"""Key of the content property that says whose page it is and what made it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Namesake:
    """A page that has the title we want, without being known as ours.

    Attributes:
        ours: Our content property on it; None if it has none.
    """

    head: PageHead
    ours: Property | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Observed:
    """The wiki's side of a plan.

    Attributes:
        spaces: ``{space key: space}`` of every space a page goes to.
        heads: ``{page id: head}`` of the owned pages that still exist.
        pages: ``{page id: page}`` of those about to change, or edited since our last write.
        open_comments: ``{page id: number}`` for the same pages.
        namesakes: ``{page: pages of the wanted title}`` for pages we have no record of.
    """

    spaces: Mapping[str, Space] = field(default_factory=dict)
    heads: Mapping[str, PageHead] = field(default_factory=dict)
    pages: Mapping[str, Page] = field(default_factory=dict)
    open_comments: Mapping[str, int] = field(default_factory=dict)
    namesakes: Mapping[str, tuple[Namesake, ...]] = field(default_factory=dict)


def observe(
    wiki: Wiki, rendered: Iterable[Rendered], records: Mapping[str, PageRecord]
) -> Observed:
    """Return what the wiki holds of the pages wanted.

    Raises:
        IncompleteInputError: A space does not exist, or may not be seen.
    """
    wanted = tuple(rendered)
    owned = {page.page: records[page.page] for page in wanted if page.page in records}
    heads = wiki.heads([record.page_id for record in owned.values()]) if owned else {}
    changing = [
        owned[page.page].page_id
        for page in wanted
        if page.page in owned and _is_different(page, owned[page.page], heads)
    ]
    unknown = [page for page in wanted if not _is_known(owned.get(page.page), page, heads)]
    spaces = _spaces(wiki, unknown)
    _check_parents(wiki, spaces, [page for page in unknown if page.page not in owned])
    return Observed(
        spaces=spaces,
        heads=heads,
        pages={page: wiki.page(page) for page in changing},
        open_comments={page: wiki.open_comments(page) for page in changing},
        namesakes={page.page: _namesakes(wiki, spaces[page.space], page) for page in unknown},
    )


def _is_different(page: Rendered, record: PageRecord, heads: Mapping[str, PageHead]) -> bool:
    """Return whether a current page should change, or was changed since our last write."""
    head = heads.get(record.page_id)
    if head is None or head.status != "current":
        return False
    return page.fingerprint != record.fingerprint or head.version != record.version


def _is_known(record: PageRecord | None, page: Rendered, heads: Mapping[str, PageHead]) -> bool:
    """Return whether the page is there under the wanted title and in the wanted space."""
    head = heads.get(record.page_id) if record else None
    if record is None or head is None:
        return False
    return head.title == page.title and record.space == page.space


def _spaces(wiki: Wiki, pages: Iterable[Rendered]) -> dict[str, Space]:
    keys = sorted({page.space for page in pages})
    found = {space.key: space for space in wiki.spaces(keys)} if keys else {}
    missing = [key for key in keys if key not in found]
    if missing:
        msg = f"space {', '.join(missing)} does not exist, or the account may not see it"
        raise IncompleteInputError(
            msg, where="pages", cure="correct the space key, or give the account access to it"
        )
    return found


def _check_parents(wiki: Wiki, spaces: Mapping[str, Space], pages: Iterable[Rendered]) -> None:
    """Refuse when a new page has no place to go to: found out now, not after the moves are made.

    Raises:
        IncompleteInputError: A parent page is not there, or not in the page's space.
    """
    wanted = {page.under: page.space for page in pages}
    heads = wiki.heads(sorted(wanted)) if wanted else {}
    for under, space in sorted(wanted.items()):
        head = heads.get(under)
        if head is None or head.status != "current" or head.space_id != spaces[space].id:
            msg = f"the parent page {under} is not a current page of space {space}"
            cure = "correct pages.under: the number in the page's address, /pages/NUMBER/"
            raise IncompleteInputError(msg, where="pages", cure=cure)


def adoptions(
    product: str,
    rendered: Iterable[Rendered],
    observed: Observed,
    records: Mapping[str, PageRecord],
    account: Callable[[], str],
) -> tuple[PageRecord, ...]:
    """Return records for pages of ours that we have no record of.

    Our own property says that a page is ours: the store was lost. Without property, a page that
    our account made under the configured parent, and that nobody has touched since, is ours too:
    the answer to its creation was lost, and it landed later.

    Args:
        product: The product's id.
        rendered: The pages wanted.
        observed: The wiki as it is.
        records: Pages we have a record of; they are never adopted a second time.
        account: Returns whom the token belongs to; asked only if it matters.
    """
    return tuple(
        _record(product, page, one)
        for page in rendered
        if page.page not in records
        for one in observed.namesakes.get(page.page, ())
        if one.head.status == "current" and _may_adopt(product, page, one, account)
    )


def _may_adopt(product: str, page: Rendered, one: Namesake, account: Callable[[], str]) -> bool:
    if one.ours:
        return is_ours(product, page.page, one.ours)
    untouched = one.head.version == 1 and one.head.parent_id == page.under
    return untouched and one.head.author_id == account()


def is_ours(product: str, page: str, found: Property) -> bool:
    """Return whether our content property says that the wiki page is this *page* of *product*."""
    return found.value.get("product") == product and found.value.get("page") == page


def _record(product: str, page: Rendered, one: Namesake) -> PageRecord:
    value = one.ours.value if one.ours else {}
    version = value.get("version")
    return PageRecord(
        product=product,
        page=page.page,
        page_id=one.head.id,
        space=page.space,
        title=one.head.title,
        version=version if isinstance(version, int) else one.head.version,
        fingerprint=str(value.get("fingerprint", "")),
        body=str(value.get("body", "")),
        property_id=one.ours.id if one.ours else None,
    )


def _namesakes(wiki: Wiki, space: Space, page: Rendered) -> tuple[Namesake, ...]:
    return tuple(
        Namesake(head=head, ours=wiki.properties(head.id, PROPERTY))
        for head in wiki.find(space.id, page.title)
    )
