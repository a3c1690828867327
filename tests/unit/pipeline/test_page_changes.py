"""What to do with a page, whether a change still fits, and how an interrupted one is found."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from run_world import RunWorld

from pmsync.core.errors import ConflictError, IncompleteInputError
from pmsync.core.journal import Outcome, Write
from pmsync.core.plan import Held, PageCreate, PageUpdate
from pmsync.core.rules import BacklogPage, Brakes
from pmsync.pipeline.apply_pages import find_written
from pmsync.pipeline.page_fit import PageFit
from pmsync.pipeline.run import apply_plan, sync
from pmsync.ports import Property

FREE = Brakes(share=1.0, shrink=1.0, lost=1.0)


def one_page(**rules: Any) -> RunWorld:
    """A product whose only page is its backlog, published."""
    w = RunWorld(release_notes=(), brakes=FREE, **rules)
    assert w.product.pages
    w.set(pages=replace(w.product.pages, kinds=(BacklogPage(),)))
    w.settled()
    return w


def page_id(w: RunWorld) -> str:
    return w.kept.pages("checkout")["backlog"].page_id


def rename(w: RunWorld) -> None:
    """Let the page be due for a change."""
    w.jira.edit("SHOP-3", summary="Hardly any declined cards")


def held(w: RunWorld) -> Held:
    """The one page that the next run leaves alone."""
    plan = w.preview()
    assert plan.page_changes() == ()
    (found,) = plan.held
    before = w.wiki.page(page_id(w))
    w.sync()
    assert w.wiki.page(page_id(w)) == before
    return found


class TestDecided:
    """P2 and P7: what is done with a page that should change."""

    def test_an_edited_page_is_held(self) -> None:
        """Its author's work stays, and both versions are named."""
        w = one_page()
        rename(w)
        w.wiki.edit(page_id(w), "<p>mine</p>")
        assert "version 2 is not ours (ours was 1)" in held(w).reason

    def test_an_edited_page_is_reported_also_when_nothing_else_changed(self) -> None:
        """It does not say any more what we said."""
        w = one_page()
        w.wiki.edit(page_id(w), "<p>mine</p>")
        assert "not ours" in held(w).reason

    def test_an_edit_that_was_taken_back(self) -> None:
        """The same text again is ours again, whatever its version; later changes go on."""
        w = one_page()
        body = w.page("backlog")
        w.wiki.edit(page_id(w), "<p>mine</p>")
        w.wiki.edit(page_id(w), body)
        assert w.count(w.sync) == 0
        assert w.kept.pages("checkout")["backlog"].version == 3
        rename(w)
        w.sync()
        assert "Hardly any" in w.page("backlog")

    def test_our_version_put_back_although_the_page_should_change(self) -> None:
        """Restoring it is the way out of being held, whatever has changed in Jira meanwhile."""
        w = one_page()
        body = w.page("backlog")
        w.wiki.edit(page_id(w), "<p>mine</p>")
        rename(w)
        w.sync()
        w.wiki.edit(page_id(w), body)

        w.sync()

        assert "Hardly any" in w.page("backlog")

    @pytest.mark.parametrize(
        ("count", "said"), [(1, "1 open inline comment "), (2, "2 open inline comments ")]
    )
    def test_open_comments_hold_a_page(self, count: int, said: str) -> None:
        """Until they are resolved."""
        w = one_page()
        rename(w)
        comments = [w.wiki.comment(page_id(w), "Must") for _ in range(count)]
        assert said in held(w).reason
        for comment in comments:
            w.wiki.resolve(page_id(w), comment)
        w.sync()
        assert "Hardly any" in w.page("backlog")

    @pytest.mark.parametrize("how", ["archive", "trash"])
    def test_a_page_that_was_put_away_stays_there(self, how: str) -> None:
        """It is a person's decision, which we do not undo."""
        w = one_page()
        rename(w)
        getattr(w.wiki, how)(page_id(w))
        assert "restore it or retire the page" in held(w).reason

    def test_a_page_that_is_gone_is_made_anew_only_if_asked_for(self) -> None:
        """It may only be hidden from us, and a second one would defeat that."""
        w = one_page()
        old = page_id(w)
        del w.wiki.sheets[old]
        assert w.count(w.sync) == 0
        assert "gone or hidden" in w.preview().held[0].reason
        assert apply_plan(w.line(), w.preview(anew=True)).applied.complete()
        assert page_id(w) != old
        assert w.count(w.sync) == 0

    def test_its_title_was_taken_meanwhile(self) -> None:
        """By a page that is not ours: held, and no call that must fail."""
        w = one_page()
        head = w.wiki.page(page_id(w)).head
        del w.wiki.sheets[head.id]
        w.wiki._add(head.space_id, head.parent_id, head.title, "<p>mine</p>")
        plan = w.preview(anew=True)
        assert plan.changes == ()
        assert "is taken by a page that is not ours" in plan.held[0].reason

    def test_a_foreign_page_of_that_title(self) -> None:
        """It is never adopted, even if a copied property is another page's."""
        w = RunWorld(release_notes=())
        head = w.wiki.spaces(["PROD"])[0]
        taken = w.wiki._add(head.id, head.homepage_id, "Checkout: roadmap", "<p>mine</p>")
        foreign = {"product": "other", "page": "roadmap"}
        w.wiki.sheets[taken.id].properties["pmsync"] = Property(
            id="7", key="pmsync", value=foreign, version=1
        )
        plan = w.preview()
        assert [one.page for one in plan.held] == ["roadmap"]

    def test_a_lost_store(self) -> None:
        """Pages that say themselves that they are ours are adopted, once and without a write."""
        w = one_page()
        record = w.kept.pages("checkout")["backlog"]
        w.kept._pages.clear()
        assert w.count(w.sync) == 0
        assert w.kept.pages("checkout")["backlog"] == record

    def test_a_lost_store_and_a_change(self) -> None:
        """The adopted page is updated, not made again."""
        w = one_page()
        w.kept._pages.clear()
        rename(w)
        w.sync()
        assert len(w.wiki.sheets) == 3
        assert "Hardly any" in w.page("backlog")
        assert w.count(w.sync) == 0

    def test_a_space_that_is_not_there(self) -> None:
        """P5: nothing is published, and the space is named."""
        w = RunWorld()
        assert w.product.pages
        w.set(pages=replace(w.product.pages, space="NOPE"))
        with pytest.raises(IncompleteInputError, match="space NOPE does not exist"):
            w.preview()

    def test_a_new_title(self) -> None:
        """The product's name changed: the same page gets another title."""
        w = one_page()
        w.set(name="Checkout & Co")
        w.sync()
        assert w.wiki.page(page_id(w)).head.title == "Checkout & Co: prioritised backlog"
        assert len(w.wiki.sheets) == 3


def update(w: RunWorld) -> PageUpdate:
    rename(w)
    (change,) = w.preview().page_changes()
    assert isinstance(change, PageUpdate)
    return change


class TestFit:
    """P1: each page change carries its own precondition."""

    def broken(self, w: RunWorld, change: Any) -> str:
        return PageFit(wiki=w.wiki, store=w.kept, product="checkout").broken_precondition(change)

    def test_it_fits(self) -> None:
        """Nothing happened since."""
        w = one_page()
        assert self.broken(w, update(w)) == ""

    @pytest.mark.parametrize(
        ("happens", "said"),
        [
            (lambda w: w.wiki.edit(page_id(w), "<p>x</p>"), "at version 2, not 1"),
            (lambda w: w.wiki.archive(page_id(w)), "is archived"),
            (lambda w: w.wiki.sheets.pop(page_id(w)), "does not exist any more"),
            (lambda w: w.wiki.comment(page_id(w), "Must"), "1 open inline comments"),
        ],
        ids=["edited", "archived", "deleted", "commented"],
    )
    def test_it_does_not(self, happens: Callable[[RunWorld], object], said: str) -> None:
        """Each reason is named."""
        w = one_page()
        change = update(w)
        happens(w)
        assert said in self.broken(w, change)

    def test_another_body_at_the_same_version(self) -> None:
        """Comment markers are no edit; words are."""
        w = one_page()
        change = update(w)
        assert "another one" in self.broken(w, replace(change, expects="0" * 64))

    def test_a_new_page_whose_title_is_taken(self) -> None:
        """Whatever the status of the page that has it."""
        w = RunWorld(release_notes=())
        change = next(one for one in w.preview().page_changes() if isinstance(one, PageCreate))
        assert self.broken(w, change) == ""
        head = w.wiki._add(change.space_id, change.parent, change.title, "<p>x</p>")
        w.wiki.trash(head.id)
        assert self.broken(w, change) == f"the title is taken by page {head.id} (trashed)"

    def test_a_page_without_record_that_says_it_is_ours(self) -> None:
        """A plan made after the store was lost may be applied."""
        w = one_page()
        change = update(w)
        w.kept._pages.clear()
        assert self.broken(w, change) == ""
        w.wiki.sheets[change.page_id].properties.clear()
        assert "is not ours" in self.broken(w, change)


class TestFound:
    """P3: reading back what a write of unknown outcome did."""

    def detail(self, w: RunWorld, step: str = "page") -> dict[str, str]:
        writes = [one for one in w.kept._writes.values() if one.step == step]
        return dict(writes[-1].detail)

    def test_the_page_it_made(self) -> None:
        """By its title, and by its body."""
        w = one_page()
        detail = self.detail(w)
        head = find_written(w.wiki, detail)
        assert head
        assert head.id == page_id(w)
        assert find_written(w.wiki, {**detail, "body": "0" * 64}) is None

    def test_ours_below_a_persons_version(self) -> None:
        """That somebody wrote over it does not undo that it was made."""
        w = one_page()
        w.wiki.edit(page_id(w), "<p>mine</p>")
        head = find_written(w.wiki, self.detail(w))
        assert head
        assert head.version == 1

    def test_a_page_that_is_gone(self) -> None:
        """No error: it is not there."""
        w = one_page()
        rename(w)
        w.sync()
        detail = self.detail(w)
        assert find_written(w.wiki, detail)
        del w.wiki.sheets[page_id(w)]
        assert find_written(w.wiki, detail) is None


class TestInterrupted:
    """What a run leaves behind, and the next one finds."""

    def left(self, w: RunWorld, step: str, **detail: str) -> str:
        """An intent without outcome, as a killed run leaves it; return its id."""
        last = [one for one in w.kept._writes.values() if one.step == step][-1]
        write: Write = replace(
            last, id=f"dead/{step}", outcome=None, detail={**last.detail, **detail}
        )
        w.kept.intend(write)
        return write.id

    @pytest.mark.parametrize("step", ["page", "labels", "property"])
    def test_a_write_that_had_its_effect(self, step: str) -> None:
        """Read back, it is applied; nothing is written again."""
        w = one_page()
        name = self.left(w, step)
        assert w.count(w.sync) == 0
        outcome = w.kept._writes[name].outcome
        assert outcome
        assert outcome.state == "applied"

    @pytest.mark.parametrize(
        ("step", "detail"),
        [
            ("page", {"body": "0" * 64}),
            ("labels", {"wanted": "never-set"}),
            ("property", {"wanted": "0" * 64}),
        ],
    )
    def test_a_write_that_had_none(self, step: str, detail: dict[str, str]) -> None:
        """Read back, it is not applied."""
        w = one_page()
        name = self.left(w, step, **detail)
        w.sync()
        outcome = w.kept._writes[name].outcome
        assert outcome
        assert outcome.state == "not_applied"

    def test_labels_of_a_page_that_is_gone(self) -> None:
        """Not applied, and no error that would stop every later run."""
        w = one_page()
        name = self.left(w, "labels", page_id="424242")
        w.sync()
        assert w.kept._writes[name].outcome == Outcome(
            state="not_applied", detail="not there when read back"
        )

    def test_a_move(self) -> None:
        """The order tells."""
        w = one_page()
        name = self.left(w, "rank")
        w.sync()
        outcome = w.kept._writes[name].outcome
        assert outcome
        assert outcome.state == "applied"

    def test_a_product_without_pages_now(self) -> None:
        """Nobody can look, and nothing will be written there: it stays as it is."""
        w = one_page()
        name = self.left(w, "page")
        w.set(pages=None)
        sync(w.line(wiki=None))
        assert w.kept._writes[name].outcome is None

    def test_unfinished_pages_are_completed(self) -> None:
        """Labels and property, without a new version."""
        w = one_page()
        record = w.kept.pages("checkout")["backlog"]
        sheet = w.wiki.sheets[record.page_id]
        sheet.properties.clear()
        sheet.labels.clear()
        w.kept.put_page(replace(record, property_id=None))
        assert w.count(w.sync) == 2
        assert (sheet.labels, sheet.page.head.version) == (["pmsync"], 1)
        assert w.count(w.sync) == 0


def test_somebody_was_faster() -> None:
    """A 409 between look and write: not applied, nothing overwritten, held from then on."""
    w = one_page()
    rename(w)
    original = w.wiki.update

    def late(**parts: Any) -> Any:
        w.wiki.edit(page_id(w), "<p>mine</p>")
        return original(**parts)

    w.wiki.update = late  # type: ignore[method-assign]  # a person at the same moment
    report = w.sync()
    w.wiki.update = original  # type: ignore[method-assign]  # alone again
    assert report.applied.outcomes["page/backlog"].state == "not_applied"
    assert w.page("backlog") == "<p>mine</p>"
    assert "not ours" in held(w).reason
    assert ConflictError("x").applied is False


def test_a_property_that_cannot_be_written() -> None:
    """The page counts, and the outcome says what is missing."""
    w = RunWorld(release_notes=(), brakes=FREE)
    w.sync()
    w.steps.trouble[w.steps.writes + len(w.preview().moves()) + 3] = "forbidden"
    outcome = w.approve().applied.outcomes["page/backlog"]
    assert outcome.state == "applied"
    assert "property is missing" in outcome.detail
