"""From snapshot to pages: identity, fingerprints, and failures that lose nothing."""

import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import world

from pmsync.core.errors import TemplateError
from pmsync.core.model import Snapshot
from pmsync.core.rules import Brakes, Product
from pmsync.pages.render import Rendered, render_pages, rules_mark
from pmsync.pages.storage import check

BUILT_IN = Path(__file__).parents[3] / "templates"


def _pages(
    product: Product | None = None,
    snapshot: Snapshot | None = None,
    templates: tuple[Path, ...] = (BUILT_IN,),
) -> dict[str, Rendered]:
    product, snapshot = product or world.product(), snapshot or world.snapshot()
    backlog = world.applied(world.backlog(product, snapshot)) if product.rank else None
    made = render_pages(product, snapshot, backlog, templates=templates)
    return {page.page: page for page in made}


def _fingerprints(**changes: object) -> dict[str, str]:
    return {name: page.fingerprint for name, page in _pages(**changes).items()}  # type: ignore[arg-type]  # as _pages


def test_each_page_says_what_it_is_and_where_it_goes() -> None:
    """Identity, kind, place, labels, and whether it states an order."""
    pages = _pages()
    assert list(pages) == [
        "backlog",
        "roadmap",
        "notes/customers/904",
        "notes/customers/902",
        "notes/customers/901",
    ]
    assert {page.kind for page in pages.values()} == {"backlog", "roadmap", "release_notes"}
    assert all((page.space, page.under) == ("PROD", "123456") for page in pages.values())
    assert all(page.labels == ("pmsync",) for page in pages.values())
    assert [page.states_order for page in pages.values()] == [True, True, False, False, False]
    assert len({page.title.casefold() for page in pages.values()}) == len(pages)


def test_release_notes_may_go_elsewhere() -> None:
    """An audience has its own space and parent."""
    notes = replace(world.product().release_notes[0], space="HELP", under="222")
    pages = _pages(world.product(release_notes=(notes,)))
    assert (pages["notes/customers/902"].space, pages["notes/customers/902"].under) == (
        "HELP",
        "222",
    )
    assert pages["backlog"].space == "PROD"


def test_gaps_go_to_the_team_and_not_to_the_readers() -> None:
    """What to complete is a note beside the page."""
    page = _pages()["notes/customers/902"]
    assert "2026.2 for customers: SHOP-14 is done, but Text is empty" in page.notes
    assert "is empty" not in page.body


def test_nothing_is_rendered_without_pages_or_readers() -> None:
    """No page rules, no pages; no readable project, no issue on any."""
    assert _pages(world.product(pages=None)) == {}
    product = world.product()
    assert product.pages is not None
    blind = replace(
        product, pages=replace(product.pages, readers=replace(product.pages.readers, projects=()))
    )
    assert not any("SHOP-" in page.body or "WEB-" in page.body for page in _pages(blind).values())


def test_a_product_that_ranks_nothing_has_a_roadmap_only() -> None:
    """No backlog page without a backlog, and no page states an order."""
    pages = _pages(world.product(rank=None, release_notes=()))
    assert list(pages) == ["roadmap"]
    assert not pages["roadmap"].states_order


def test_the_same_input_makes_the_same_bytes() -> None:
    """P6: also for another pull time, and for fields and sets in another order."""
    known = world.snapshot()
    later = replace(
        known,
        pulled_at=known.pulled_at + timedelta(days=400),
        fields=dict(reversed(list(known.fields.items()))),
        versions=tuple(reversed(known.versions)),
        issues=tuple(
            replace(issue, updated=issue.updated + timedelta(days=9)) for issue in known.issues
        ),
    )
    assert _pages(snapshot=later) == _pages()


def test_rules_in_another_order_of_keys_are_the_same_rules() -> None:
    """Mappings have no order that matters, except where a page shows one."""
    product = world.product()
    shuffled = replace(product, inputs=dict(reversed(list(product.inputs.items()))))
    assert rules_mark(shuffled) == rules_mark(product)
    assert _pages(shuffled) == _pages(product)


def test_pages_before_and_after_the_moves_are_the_same_once_applied() -> None:
    """P6 for the run after a ranking: the order is true, so the page stays."""
    product, known = world.product(), world.snapshot()
    applied = world.applied(world.backlog(product, known))
    again = world.applied(applied)
    first = render_pages(product, known, applied, templates=[BUILT_IN])
    assert render_pages(product, known, again, templates=[BUILT_IN]) == first


def test_rules_that_shape_no_order_do_not_touch_a_page() -> None:
    """New brakes are no news for readers; a new order is, on the pages that show one."""
    before = _fingerprints()
    assert _fingerprints(product=world.product(brakes=Brakes(share=0.1))) == before
    reordered = world.product(order=world.product().order[:2])
    after = _fingerprints(product=reordered)
    assert {name for name in before if before[name] != after[name]} == {"backlog", "roadmap"}


def test_a_changed_issue_changes_exactly_the_pages_that_show_it() -> None:
    """The fingerprint is that of the page's own view."""
    known = world.snapshot()
    issues = tuple(
        replace(issue, summary="Another summary") if issue.key == "SHOP-14" else issue
        for issue in known.issues
    )
    before, after = _fingerprints(), _fingerprints(snapshot=replace(known, issues=issues))
    assert {name for name in before if before[name] != after[name]} == {"notes/customers/902"}


def test_a_changed_template_changes_the_pages_that_use_it(tmp_path: Path) -> None:
    """An edit counts even where the body comes out the same; an imported file counts too."""
    text = (BUILT_IN / "roadmap.html.j2").read_text(encoding="utf-8")
    (tmp_path / "roadmap.html.j2").write_text(text + "{# an edit #}\n", encoding="utf-8")
    before, after = _pages(), _pages(templates=(tmp_path, BUILT_IN))
    assert after["roadmap"].body == before["roadmap"].body
    changed = {name for name in before if before[name].fingerprint != after[name].fingerprint}
    assert changed == {"roadmap"}
    macros = (BUILT_IN / "macros.html.j2").read_text(encoding="utf-8")
    (tmp_path / "macros.html.j2").write_text(macros + "{# an edit #}", encoding="utf-8")
    everywhere = _pages(templates=(tmp_path, BUILT_IN))
    assert all(before[name].fingerprint != everywhere[name].fingerprint for name in before)


def test_language_labels_and_name_are_part_of_the_fingerprint() -> None:
    """Whatever a reader would notice makes a new version."""
    before = _fingerprints()
    product = world.product()
    assert product.pages is not None
    labelled = replace(product, pages=replace(product.pages, labels=("pmsync", "roadmap")))
    for changed in (labelled, world.product(language="de"), world.product(name="Basket")):
        after = _fingerprints(product=changed)
        assert all(before[name] != after[name] for name in before)


def test_the_fingerprint_does_not_hang_on_the_process() -> None:
    """Stored fingerprints are compared by later processes: nothing in them is salted."""
    page = _pages()["notes/customers/904"]
    assert len(page.fingerprint) == 64
    assert page.fingerprint != format(hash(page.body) & sys.maxsize, "064x")
    assert _pages()["notes/customers/904"].fingerprint == page.fingerprint


def test_one_broken_template_is_told_and_the_others_are_too(tmp_path: Path) -> None:
    """All failures in one go, each with its page and place."""
    (tmp_path / "roadmap.html.j2").write_text("<p>{{ page.nou }}</p>")
    (tmp_path / "backlog.html.j2").write_text("<p>\n<iframe/></p>")
    with pytest.raises(TemplateError) as caught:
        _pages(world.product(release_notes=()), templates=(tmp_path, BUILT_IN))
    told = str(caught.value)
    assert "2 pages cannot be made" in told
    assert f"{tmp_path / 'roadmap.html.j2'}:1: page roadmap" in told
    assert "did you mean 'now'?" in told
    assert "page backlog must not be sent: line 2: element iframe is not allowed" in told


@pytest.mark.parametrize(
    ("template", "told"),
    [
        ("<p>{{ page.title }}", "not well-formed"),
        ('<ac:structured-macro ac:name="html"/>', "macro 'html' is not allowed"),
        ('<p><a href="javascript:x">y</a></p>', "is not an https, http or mailto address"),
        (
            "{% autoescape false %}<p>{{ page.now.items[0].outcome }}</p>{% endautoescape %}",
            "element script is not allowed",
        ),
        ("<p>{{ page.now.items[0].outcome | safe }}</p>", "element script is not allowed"),
        ("<p/><p/>" + "<iframe/>" * 5, "(and 2 more)"),
    ],
)
def test_a_template_cannot_talk_its_way_past_the_check(
    tmp_path: Path, template: str, told: str
) -> None:
    """Whoever turns escaping off meets the list of what pages may hold."""
    (tmp_path / "roadmap.html.j2").write_text(template)
    hostile = world.with_text(world.snapshot(), "<script>alert(1)</script>")
    with pytest.raises(TemplateError, match="page roadmap") as caught:
        _pages(world.product(release_notes=()), hostile, (tmp_path, BUILT_IN))
    assert told in caught.value.what
    assert caught.value.where == str(tmp_path / "roadmap.html.j2")


def test_an_unknown_language_is_a_configuration_error() -> None:
    """Told once, before any page."""
    with pytest.raises(TemplateError, match="language 'xx-nowhere' is unknown"):
        _pages(world.product(language="xx-nowhere"))


def test_built_in_pages_hold_only_what_is_allowed() -> None:
    """Full, empty and German."""
    worlds = [
        _pages(),
        _pages(snapshot=replace(world.snapshot(), issues=())),
        _pages(world.product(language="de")),
    ]
    for pages in worlds:
        assert all(check(page.body) == () for page in pages.values())


def test_empty_states_are_sentences() -> None:
    """Nothing in progress, nothing planned, nothing shipped: said, not left blank."""
    pages = _pages(snapshot=replace(world.snapshot(), issues=()))
    for sentence in ("Nothing is in progress.", "Nothing is planned next.", "No release yet."):
        assert sentence in pages["roadmap"].body
    assert "Nothing is waiting: the backlog is empty." in pages["backlog"].body
    assert "Waiting for a score" not in pages["backlog"].body


def test_an_audience_without_jira_gets_no_links() -> None:
    """Keys and links are left out where they would lead to a login page."""
    notes = replace(world.product().release_notes[0], links=False)
    body = _pages(world.product(release_notes=(notes,)))["notes/customers/902"].body
    assert "<a " not in body
    assert "SHOP-" not in body
    assert "SHOP-14" in _pages()["notes/customers/902"].body
