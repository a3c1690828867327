"""Brakes: a plan that would change surprisingly much waits for a person (P8)."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from pmsync.core.plan import Change, PageCreate, PageUpdate, RankMove, Tripped
from pmsync.core.rules import Brakes


@dataclass(frozen=True, slots=True, kw_only=True)
class Extent:
    """How far a plan reaches, in the numbers the brakes are about.

    Attributes:
        displaced, backlog: Issues whose place among the others changes, of how many ranked.
        pages: Pages the product has or wants.
        sizes: ``{page: (characters of text now, characters then)}`` of the updated pages.
        lost, before: Issues gone without explanation, of how many known before.
        approved: Targets (see :func:`targets`) that an approved plan has written to before.
    """

    displaced: int = 0
    backlog: int = 0
    pages: int = 0
    sizes: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    lost: int = 0
    before: int = 0
    approved: frozenset[str] = frozenset()


def targets(changes: Collection[Change]) -> frozenset[str]:
    """Return what the changes write to, as coarse as approval is: the rank, a kind of page.

    Example:
        >>> targets([])
        frozenset()
    """
    found: set[str] = set()
    for change in changes:
        match change:
            case RankMove():
                found.add("rank")
            case PageCreate():
                found.add(page_target(change.page, change.parent))
            case PageUpdate():
                pass  # a page we update is one that an approved plan created
    return frozenset(found)


def page_target(page: str, parent: str) -> str:
    """Return what creating *page* under *parent* writes to: its kind there.

    Example:
        >>> page_target("notes/customers/10042", "222")
        'notes under 222'
    """
    return f"{page.partition('/')[0]} under {parent}"


def tripped(brakes: Brakes, changes: Collection[Change], extent: Extent) -> tuple[Tripped, ...]:
    """Return the brakes that *changes* are over, in a fixed order; empty means safe."""
    found = [
        _first_run(changes, extent.approved),
        _share("share_moved", "issues move", extent.displaced, extent.backlog, brakes),
        _share("share_pages", "pages change", _pages(changes), extent.pages, brakes),
        _lost(brakes, extent),
        *(_shrink(brakes, page, *sizes) for page, sizes in sorted(extent.sizes.items())),
    ]
    return tuple(one for one in found if one)


def _pages(changes: Collection[Change]) -> int:
    return sum(1 for change in changes if not isinstance(change, RankMove))


def _first_run(changes: Collection[Change], approved: frozenset[str]) -> Tripped | None:
    new = sorted(targets(changes) - approved)
    if not new:
        return None
    return Tripped(brake="first_run", text=f"never approved before: {', '.join(new)}")


def _share(brake: str, what: str, count: int, total: int, brakes: Brakes) -> Tripped | None:
    if count <= brakes.at_least or count <= total * brakes.share:
        return None
    text = f"{count} of {total} {what} ({count / total:.0%}), over {brakes.share:.0%}"
    return Tripped(brake=brake, text=text)


def _lost(brakes: Brakes, extent: Extent) -> Tripped | None:
    if not extent.lost or extent.lost <= extent.before * brakes.lost:
        return None
    share = extent.lost / extent.before
    text = (
        f"{extent.lost} of {extent.before} issues are gone without explanation ({share:.0%}),"
        f" over {brakes.lost:.0%}"
    )
    return Tripped(brake="lost", text=text)


def _shrink(brakes: Brakes, page: str, before: int, after: int) -> Tripped | None:
    if after >= before * (1 - brakes.shrink):
        return None
    text = f"page {page} loses {1 - after / before:.0%} of its text, over {brakes.shrink:.0%}"
    return Tripped(brake="shrink", text=text)
