"""Now, Next, Later: who stands where, and how much is said of it."""

from dataclasses import replace
from datetime import date

import world
from babel import Locale

from pmsync.core.model import Issue, Snapshot
from pmsync.core.rules import Product, RoadmapPage
from pmsync.pages.views.common import Source
from pmsync.pages.views.roadmap import RoadmapView, roadmap_view

PAGE = RoadmapPage(next=4, later=3)


def _view(
    product: Product | None = None,
    snapshot: Snapshot | None = None,
    page: RoadmapPage = PAGE,
    *,
    ranked: bool = True,
) -> RoadmapView:
    product = product or world.product()
    snapshot = snapshot or world.snapshot()
    source = Source(
        product=product,
        snapshot=snapshot,
        backlog=world.backlog(product, snapshot) if ranked else None,
        mark="12345678",
        locale=Locale("en"),
    )
    return roadmap_view(source, page)


def _keys(column: str, view: RoadmapView) -> list[str]:
    return [item.issue.key for item in getattr(view, column).items]


def _changed(key: str, **changes: object) -> Snapshot:
    known = world.snapshot()
    issues: list[Issue] = [
        replace(issue, **changes) if issue.key == key else issue  # type: ignore[arg-type]  # any field
        for issue in known.issues
    ]
    return replace(known, issues=tuple(issues))


def test_columns_follow_progress_and_order() -> None:
    """In progress is Now; the backlog's best are Next, those after them Later, the rest a count."""
    view = _view()
    assert _keys("now", view) == ["SHOP-1", "SHOP-2"]
    assert _keys("next", view) == ["SHOP-3", "WEB-4", "WEB-1", "WEB-2"]
    assert _keys("later", view) == ["SHOP-5", "WEB-3", "SHOP-4"]
    assert view.later.more == 3
    assert view.title == "Checkout: roadmap"


def test_now_can_be_a_query_of_the_configuration() -> None:
    """The named set decides, and nobody stands in two columns."""
    known = world.snapshot()
    chosen = next(issue.id for issue in known.issues if issue.key == "SHOP-3")
    view = _view(
        snapshot=replace(known, sets={"page:roadmap:now": frozenset({chosen})}),
        page=replace(PAGE, now="labels = now"),
    )
    assert _keys("now", view) == ["SHOP-3"]
    assert "SHOP-3" not in _keys("next", view)


def test_only_now_says_how_far_it_is_and_when_it_ships() -> None:
    """Progress of the children and the target release stand under Now, and nowhere else."""
    view = _view()
    wallet, guest = view.now.items
    assert (wallet.done, wallet.total) == (1, 3)
    assert (wallet.release, wallet.release_date) == ("2026.3", date(2026, 5, 7))
    assert guest.release == ""
    for item in (*view.next.items, *view.later.items):
        assert (item.total, item.release, item.release_date) == (0, "", None)


def test_a_next_issue_with_a_version_still_gets_no_date() -> None:
    """No dates beyond Now, even where Jira has one."""
    view = _view(snapshot=_changed("SHOP-3", versions=("903",)))
    assert view.next.items[0].release_date is None


def test_a_due_date_is_told_wherever_it_is() -> None:
    """A due date is a constraint from outside, not a hope."""
    due = {i.issue.key: i.due for i in (*_view().next.items, *_view().later.items)}
    assert due["SHOP-5"] == date(2026, 6, 30)
    assert [key for key, day in due.items() if day] == ["SHOP-5"]


def test_children_that_readers_may_not_see_are_not_counted() -> None:
    """P10 holds for progress too."""
    view = _view(snapshot=_changed("SHOP-13", security="restricted"))
    assert (view.now.items[0].done, view.now.items[0].total) == (1, 2)


def test_waiting_issues_say_in_short_what_they_stand_on() -> None:
    """Class and score with two figures; an unscored issue says so."""
    view = _view(page=replace(PAGE, later=20))
    why = {item.issue.key: item.why for item in (*view.next.items, *view.later.items)}
    assert why["SHOP-3"] == "Must, RICE 3,100"
    assert why["SHOP-6"] == "Not scored yet"


def test_the_outcome_is_the_configured_field() -> None:
    """A sentence on what it is good for, if somebody wrote one."""
    outcomes = {item.issue.key: item.outcome for item in _view().next.items}
    assert outcomes["SHOP-3"].startswith("One card in twelve")
    assert outcomes["WEB-4"] == ""


def test_releases_of_ninety_days_before_the_newest_are_told() -> None:
    """The window hangs on the releases themselves, so that time alone changes nothing."""
    view = _view()
    assert [shipped.version for shipped in view.shipped] == ["2026.2", "2026.2", "2026.1"]
    assert view.shipped[0].released == date(2026, 3, 16)
    known = world.snapshot()
    old = tuple(
        replace(version, release_date=date(2025, 11, 1)) if version.id == "901" else version
        for version in known.versions
    )
    later = _view(snapshot=replace(known, versions=old))
    assert [shipped.version for shipped in later.shipped] == ["2026.2", "2026.2"]


def test_what_a_release_brought_is_its_epics_and_a_count() -> None:
    """Finished epics by name, the rest as a number; sub-tasks are nobody's news."""
    by_id = {shipped.released: shipped for shipped in _view().shipped}
    march = by_id[date(2026, 3, 12)]
    assert [issue.key for issue in march.highlights] == ["SHOP-10"]
    assert march.more == 5
    web = by_id[date(2026, 3, 16)]
    assert [issue.key for issue in web.highlights] == ["WEB-5", "WEB-6"]
    assert web.more == 0


def test_without_a_ranking_jiras_own_order_is_taken() -> None:
    """A product that ranks nothing still has a roadmap."""
    view = _view(world.product(rank=None), ranked=False)
    assert _keys("now", view) == ["SHOP-1", "SHOP-2"]
    assert _keys("next", view) == ["SHOP-3", "WEB-1", "SHOP-4", "SHOP-5"]
    assert all(item.why == "" for item in view.next.items)


def test_the_ranked_level_may_be_an_issue_type() -> None:
    """``level: Epic`` and ``level: 1`` mean the same here."""
    product = world.product()
    assert product.rank is not None
    named = replace(product, rank=replace(product.rank, level="epic"))
    assert _keys("now", _view(named)) == ["SHOP-1", "SHOP-2"]


def test_an_empty_product_has_empty_columns() -> None:
    """Nothing is invented."""
    view = _view(snapshot=replace(world.snapshot(), issues=()))
    assert view.now.items == view.next.items == view.later.items == ()
    assert (view.later.more, view.shipped) == (0, ())
