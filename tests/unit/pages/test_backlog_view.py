"""The prioritised backlog: places, parts, reasons, gaps and counts."""

from dataclasses import replace

import pytest
import world
from babel import Locale

from pmsync.core.backlog import Backlog
from pmsync.core.model import Snapshot
from pmsync.core.rules import BacklogPage, Product, RankRules
from pmsync.core.scoring.inputs import InputRule
from pmsync.core.scoring.methods.weighted import Weighted
from pmsync.core.scoring.order import OrderKey
from pmsync.pages.views.backlog import BacklogRow, BacklogView, backlog_view
from pmsync.pages.views.common import Source
from pmsync.pages.views.words import order_in_words, significant


def _view(
    product: Product | None = None,
    snapshot: Snapshot | None = None,
    backlog: Backlog | None = None,
    *,
    top: int = 50,
    language: str = "en",
) -> BacklogView:
    product = product or world.product()
    snapshot = snapshot or world.snapshot()
    source = Source(
        product=product,
        snapshot=snapshot,
        backlog=backlog or world.backlog(product, snapshot),
        mark="12345678",
        locale=Locale(language),
    )
    return backlog_view(source, BacklogPage(top=top))


def _row(view: BacklogView, key: str) -> BacklogRow:
    return next(row for row in view.rows if row.issue.key == key)


def test_places_follow_the_desired_order_from_one() -> None:
    """The best class first, then the best score; unscored ones where they stand."""
    view = _view()
    assert [row.place for row in view.rows] == list(range(1, 11))
    assert [row.issue.key for row in view.rows[:4]] == ["SHOP-3", "WEB-4", "WEB-1", "WEB-2"]
    assert view.title == "Checkout: prioritised backlog"


def test_the_parts_of_a_score_can_be_multiplied_by_hand() -> None:
    """Each input with its value, its unit and its period; the score itself unrounded."""
    row = _row(_view(), "SHOP-3")
    assert row.parts == (
        "Reach 2,600 per quarter \u00d7 impact Massive (3) \u00d7 confidence 80% "
        "÷ effort 2 person-months"
    )
    assert row.score == pytest.approx(2_600 * 3 * 0.8 / 2)
    assert row.priority_class == "Must"
    assert "effort 1 person-month" in _row(_view(), "SHOP-5").parts
    assert _row(_view(), "SHOP-5").parts.endswith("1 person-month")


def test_numbers_are_written_in_the_products_language() -> None:
    """German readers get German numbers."""
    row = _row(_view(language="de"), "SHOP-3")
    assert row.parts.startswith(
        "Reach 2.600 per quarter \u00d7 impact Massive (3) \u00d7 confidence 80\u00a0%"
    )


def test_an_unscored_issue_has_no_number_and_names_its_missing_field() -> None:
    """Never 0: no score, no parts, and what to fill in."""
    view = _view()
    row = _row(view, "SHOP-6")
    assert (row.score, row.parts) == (None, "")
    assert [(gap.issue.key, gap.missing) for gap in view.unscored] == [
        ("SHOP-6", "Field Effort is empty"),
        ("SHOP-7", "Field Class is empty"),
    ]
    assert [gap.place for gap in view.unscored] == [9, 10]
    assert (view.total, view.scored) == (10, 8)


def test_issues_that_readers_may_not_see_are_not_counted_either() -> None:
    """P10: another project's issue has no row, no place and no part in the totals."""
    keys = [row.issue.key for row in _view().rows]
    assert "SEC-1" not in keys
    product = world.product()
    assert product.pages is not None
    wide = replace(
        product,
        pages=replace(
            product.pages, readers=replace(product.pages.readers, projects=("SHOP", "WEB", "SEC"))
        ),
    )
    view = _view(wide)
    assert view.total == 11
    assert "SEC-1" in [row.issue.key for row in view.rows]


def test_a_restricted_issue_is_left_out_even_if_it_got_this_far() -> None:
    """Whatever the pull let through, the page does not."""
    known = world.snapshot()
    secret = next(issue for issue in known.issues if issue.key == "SHOP-3")
    marked = tuple(
        replace(issue, security="restricted") if issue.id == secret.id else issue
        for issue in known.issues
    )
    backlog = world.backlog(world.product(), known)
    for snapshot in (
        replace(known, issues=marked),
        replace(known, restricted=frozenset({secret.id})),
    ):
        view = _view(snapshot=snapshot, backlog=backlog)
        assert "SHOP-3" not in str(view)
        assert view.total == 9


def test_a_reason_that_names_an_unseen_issue_gives_way() -> None:
    """The sentence is replaced by what the issue stands on by itself, and only then."""
    product, known = world.product(), world.snapshot()
    before = world.backlog(product, known)
    first, second = (row.issue.key for row in _view().rows[:2])
    ids = {issue.key: issue.id for issue in known.issues}
    reasons = {
        **before.reasons,
        ids[first]: "Must, RICE 3,100, before SEC-1 (Must, RICE 3)",
        ids[second]: f"before {first} and SEC-12",
    }
    view = _view(backlog=replace(before, reasons=reasons))
    assert view.rows[0].reason == "Must, RICE 3,100"
    assert view.rows[1].reason == f"Before {first} and SEC-12"


def test_the_rest_is_counted() -> None:
    """Top 3 listed, seven more counted; the unscored are listed as far as the page goes."""
    view = _view(top=1)
    assert (len(view.rows), view.more) == (1, 9)
    assert (len(view.unscored), view.more_unscored) == (1, 1)
    assert _view().more == 0


def test_todays_place_is_told_while_moves_are_due_and_gone_once_they_are_made() -> None:
    """P6: the page that goes out after the moves is the one that the next run makes."""
    product, known = world.product(), world.snapshot()
    before = world.backlog(product, known)
    due = _view(backlog=before)
    assert due.moves > 0
    assert _row(due, "WEB-4").today == 9
    done = _view(backlog=world.applied(before))
    assert done.moves == 0
    assert all(row.today is None for row in done.rows)
    assert done.rows == tuple(replace(row, today=None) for row in due.rows)


def test_the_rules_are_told_in_words() -> None:
    """Each step, the formula, what happens to ties and gaps, and what never moves."""
    assert order_in_words(world.product()) == (
        "First by class: Must, then Should, then Could, then Won't.",
        "Then by RICE, the highest first.",
        "Then by due date, the earliest first.",
        (
            "RICE is reach per quarter \u00d7 impact \u00d7 confidence in percent "
            "÷ effort in person-months."
        ),
        "Issues that these rules cannot tell apart stay in today's order.",
        "An issue without a score keeps its place until what is missing is filled in.",
        "Never moved: issues in progress.",
    )


def test_weighted_scoring_is_told_with_its_weights() -> None:
    """Weights as shares, and which inputs count the other way round."""
    product = world.product(
        scores={
            "value_fit": Weighted(
                weights={"reach": 3, "effort": 1},
                lower_is_better=("effort",),
                scales={"reach": (0, 20_000), "effort": (0, 10)},
            )
        },
        order=(OrderKey(by="value_fit", direction="highest first"),),
        rank=RankRules(level=1, never_move=("labels = pinned",)),
    )
    rules = order_in_words(product)
    assert rules[1] == (
        "Value fit is the weighted mean of 75% reach, 25% effort (lower is better), "
        "on a scale of 0 to 100."
    )
    assert rules[-1] == "Never moved: issues with labels = pinned."
    view = _view(product)
    assert (view.class_name, view.score_name) == ("", "Value fit")
    assert _row(view, "SHOP-3").parts == "75% reach 2,600 per quarter; 25% effort 2 person-months"


def test_an_order_without_class_or_score_has_no_such_columns() -> None:
    """A product may order by due date alone."""
    product = world.product(scores={}, order=(OrderKey(by="due", direction="earliest first"),))
    view = _view(product)
    assert (view.class_name, view.score_name, view.ordered_by) == ("", "", "Due date")
    assert all(row.score is None and row.parts == "" for row in view.rows)


def test_an_input_with_options_only_names_the_option() -> None:
    """A class used inside a formula shows its option."""
    product = world.product(
        inputs={**world.product().inputs, "effort": InputRule(field="Effort")},
    )
    assert _row(_view(product), "SHOP-3").parts.endswith("÷ effort 2")


@pytest.mark.parametrize(
    ("value", "rounded"),
    [(0.0, 0.0), (4_160, 4_200), (0.03471, 0.035), (-996, -1_000), (9.96, 10), (95, 95)],
)
def test_two_significant_figures(value: float, rounded: float) -> None:
    """No score is more exact than its estimates."""
    assert significant(value) == rounded
