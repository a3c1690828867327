"""The stages of a run up to its plan; each takes what the one before it found."""

from dataclasses import dataclass, replace
from typing import Literal

from pmsync.core.backlog import Backlog
from pmsync.core.journal import PageRecord
from pmsync.core.model import Snapshot
from pmsync.core.plan import Note, Plan
from pmsync.core.ranking.moves import apply_move
from pmsync.core.rules import Product
from pmsync.pages.render import Rendered, render_pages
from pmsync.pipeline import planfile
from pmsync.pipeline.evidence import Evidence, encode, places, snapshot_hash
from pmsync.pipeline.line import Line
from pmsync.pipeline.observe import adoptions, observe
from pmsync.pipeline.plan import Basis, cheapest_moves, make_plan
from pmsync.pipeline.pull import Pulled, pull
from pmsync.pipeline.rank import as_if_applied, as_it_stands, make_backlog
from pmsync.pipeline.session import Session

Only = Literal["rank", "pages"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What a run knows before it plans."""

    pulled: Pulled
    snapshot: str
    backlog: Backlog | None


def take_in(session: Session, *, full: bool = False) -> Known:
    """Pull, score and rank, and keep what was found.

    Issues that are gone without explanation, more than may be lost unseen, stay known until a
    person has approved a plan that says so; otherwise the brake would hold once and never again.
    """
    line = session.line
    known = look(line, full=full)
    session.hold()
    pulled = known.pulled
    kept = frozenset(pulled.lost) if is_loss(line.product, pulled) else frozenset()
    forget = tuple(issue for issue in pulled.gone if issue not in kept)
    line.store.put_issues(line.product.id, pulled.changed, forget)
    line.store.put_pull_mark(pulled.mark)
    if pulled.pins != line.pins:
        line.keep_pins(pulled.pins)
    session.note(snapshot=known.snapshot, scores=line.store.put_blob(_evidence(line, known)))
    return known


def is_loss(product: Product, pulled: Pulled) -> bool:
    """Return whether more issues are gone without explanation than may be (P8)."""
    return len(pulled.lost) > product.brakes.lost * pulled.before


def look(line: Line, *, full: bool = False) -> Known:
    """Pull, score and rank, and keep nothing."""
    pulled = pull(
        line.product,
        tracker=line.tracker,
        known=line.store.issues(line.product.id),
        mark=line.store.pull_mark(line.product.id),
        pins=line.pins,
        now=line.now(),
        browse_url=line.browse_url,
        full=full,
    )
    return Known(
        pulled=pulled,
        snapshot=snapshot_hash(pulled.snapshot),
        backlog=make_backlog(line.product, pulled.snapshot),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """A plan, and what is to be remembered when it is acted on.

    Attributes:
        records: Of pages that are right although our own record of them is missing or old.
    """

    plan: Plan
    records: tuple[PageRecord, ...] = ()


def plan_for(
    line: Line,
    known: Known,
    *,
    only: Only | None = None,
    as_is: bool = False,
    anew: bool = False,
) -> Planned:
    """Render, observe and plan; nothing is written, not even to the store.

    Args:
        line: The product, wired.
        known: What was pulled and ranked.
        only: Leave out the pages, or the moves.
        as_is: Pages state today's order instead of the one the moves will make.
        anew: Owned pages that are gone are made again.
    """
    product, backlog = line.product, known.backlog
    moving = backlog if only != "pages" and not as_is else None
    records = line.store.pages(product.id)
    rendered: tuple[Rendered, ...] = ()
    observed = None
    found: tuple[PageRecord, ...] = ()
    if line.wiki and only != "rank":
        shown = backlog and (as_if_applied if moving else as_it_stands)(product, backlog)
        snapshot = after_moves(known.pulled.snapshot, moving) if moving else known.pulled.snapshot
        rendered = render_pages(
            product, snapshot, shown, templates=line.templates, owned=records.keys()
        )
        observed = observe(line.wiki, rendered, records)
        found = adoptions(product.id, rendered, observed, records, line.wiki.account_id)
        if found:
            records |= {record.page: record for record in found}
            observed = observe(line.wiki, rendered, records)
    basis = _basis(line, known, rendered)
    plan, renewed = make_plan(
        product,
        replace(basis, anew=anew),
        backlog=moving,
        rendered=rendered,
        records=records,
        observed=observed,
    )
    latest = {record.page: record for record in (*found, *renewed)}
    return Planned(plan=plan, records=tuple(latest.values()))


def after_moves(snapshot: Snapshot, backlog: Backlog) -> Snapshot:
    """Return *snapshot* with its issues in the order they have once the backlog's moves are made.

    Pages may list issues that are not ranked among those that are, so the whole scope's order
    must be foreseen, or the next run would write pages again for nothing.
    """
    order = [issue.id for issue in snapshot.issues]
    for move in cheapest_moves(backlog):
        order = apply_move(order, move)
    by_id = snapshot.by_id()
    return replace(snapshot, issues=tuple(by_id[issue] for issue in order))


def _basis(line: Line, known: Known, rendered: tuple[Rendered, ...]) -> Basis:
    pulled = known.pulled
    said = tuple(Note(kind="page", text=text) for page in rendered for text in page.notes)
    return Basis(
        site=line.product.site,
        package=line.package,
        rules=line.rules,
        snapshot=known.snapshot,
        as_of=line.today(),
        notes=(*pulled.notes, *said),
        lost=pulled.lost,
        before=pulled.before,
        approved=approved_targets(line),
    )


def approved_targets(line: Line) -> frozenset[str]:
    """Return every target that an applied plan of the product has written to."""
    plans = line.store.plans(line.product.id)
    found = (planfile.targets_of(stored.text) for stored in plans if stored.state == "applied")
    return frozenset().union(*found)


def _evidence(line: Line, known: Known) -> bytes:
    return encode(
        Evidence(
            package=line.package,
            rules=line.rules,
            snapshot=known.snapshot,
            as_of=line.today().isoformat(),
            places=places(known.backlog) if known.backlog else (),
            sets={name: len(ids) for name, ids in known.pulled.snapshot.sets.items()},
        )
    )
