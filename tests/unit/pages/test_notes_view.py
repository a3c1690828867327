"""Release notes: which versions, which issues, in whose words."""

from dataclasses import replace
from datetime import date

import world
from babel import Locale

from pmsync.core.model import Snapshot, Version
from pmsync.core.rules import Readers, ReleaseNotes
from pmsync.pages.views.common import Source
from pmsync.pages.views.notes import NotesView, notes_gaps, notes_view, told_versions

RULES = ReleaseNotes(audience="customers", since=date(2026, 1, 1), text="Text")


def _source(snapshot: Snapshot | None = None, name: str = "Checkout") -> Source:
    return Source(
        product=world.product(name=name),
        snapshot=snapshot or world.snapshot(),
        backlog=None,
        mark="",
        locale=Locale("en"),
    )


def _version(id_: str) -> Version:
    return next(version for version in world.VERSIONS if version.id == id_)


def _view(
    id_: str = "902", rules: ReleaseNotes = RULES, snapshot: Snapshot | None = None
) -> NotesView:
    return notes_view(_source(snapshot), rules, _version(id_))


def _with_versions(*versions: Version) -> Snapshot:
    return replace(world.snapshot(), versions=versions)


def test_released_versions_since_the_day_get_a_page_newest_first() -> None:
    """Older ones and unreleased ones do not."""
    source = _source()
    assert [v.id for v in told_versions(source, RULES)] == ["904", "902", "901"]
    since = replace(RULES, since=date(2026, 3, 12))
    assert [v.id for v in told_versions(source, since)] == ["904", "902"]


def test_an_upcoming_version_gets_a_page_once_something_in_it_is_done() -> None:
    """Only where it is wanted, and never an empty one."""
    known = world.snapshot()
    issues = tuple(
        replace(issue, versions=("903",)) if issue.key == "SHOP-11" else issue
        for issue in known.issues
    )
    source = _source(replace(known, issues=issues))
    assert "903" not in [v.id for v in told_versions(source, RULES)]
    upcoming = [v.id for v in told_versions(source, replace(RULES, upcoming=True))]
    assert "903" in upcoming
    assert "905" not in upcoming


def test_a_version_without_a_date_counts_from_its_last_finished_issue() -> None:
    """Released is released; the missing date is named to the team, not invented on the page."""
    undated = replace(_version("902"), release_date=None)
    source = _source(_with_versions(undated))
    assert told_versions(source, RULES) == (undated,)
    assert told_versions(source, replace(RULES, since=date(2026, 2, 25))) == ()
    assert notes_view(source, RULES, undated).date is None
    assert "2026.2 for customers: released, but without a release date" in notes_gaps(
        source, RULES, undated
    )


def test_epics_lead_and_bring_what_is_new_in_them() -> None:
    """A highlight has its new and improved parts; what was fixed stands apart."""
    view = _view()
    (highlight,) = view.highlights
    assert highlight.text == "We remember your addresses, so that you never type one twice."
    assert [entry.issue.key for entry in highlight.entries] == ["SHOP-16", "SHOP-18"]
    groups = {group.name: [entry.issue.key for entry in group.entries] for group in view.groups}
    assert groups == {"New": ["SHOP-14"], "Fixed": ["SHOP-17"], "Also in this release": ["SHOP-19"]}
    assert list(groups) == ["New", "Fixed", "Also in this release"]


def test_every_told_issue_appears_exactly_once() -> None:
    """Nothing is told twice, nothing is lost between highlights and groups."""
    view = _view()
    keys = [highlight.issue.key for highlight in view.highlights]
    keys += [entry.issue.key for highlight in view.highlights for entry in highlight.entries]
    keys += [entry.issue.key for group in view.groups for entry in group.entries]
    assert len(keys) == len(set(keys)) == view.total == 6
    assert view.counts == ("2 new", "1 improved", "1 fixed", "1 other")


def test_the_text_for_readers_wins_over_the_summary() -> None:
    """The configured field where it is filled, else the summary; each audience has its own."""
    texts = [entry.text for group in _view().groups for entry in group.entries]
    assert "Street names with ä, ö and ü arrive as you typed them." in texts
    assert "Ask for the e-mail address last" in texts
    support = _view(rules=replace(RULES, audience="support", text=None))
    told = [entry.text for group in support.groups for entry in group.entries]
    assert "Umlauts in street names were lost" in told


def test_missing_texts_are_named_to_the_team() -> None:
    """Not on the page: in the plan, by key and field."""
    gaps = notes_gaps(_source(), RULES, _version("902"))
    assert "2026.2 for customers: SHOP-14 is done, but Text is empty" in gaps
    assert not any("SHOP-17" in gap for gap in gaps)
    assert notes_gaps(_source(), replace(RULES, text=None), _version("902")) == ()


def test_what_is_not_done_in_a_released_version_is_named_and_not_told() -> None:
    """A reopened issue is no news."""
    known = world.snapshot()
    issues = tuple(
        replace(issue, category="new", status="Reopened") if issue.key == "SHOP-14" else issue
        for issue in known.issues
    )
    source = _source(replace(known, issues=issues))
    view = notes_view(source, RULES, _version("902"))
    assert "SHOP-14" not in str(view)
    assert "2026.2 for customers: SHOP-14 is Reopened, not done" in notes_gaps(
        source, RULES, _version("902")
    )


def test_a_query_narrows_what_an_audience_is_told() -> None:
    """The named set decides; without a set nothing is told."""
    only = replace(RULES, only="labels != internal")
    known = world.snapshot()
    chosen = frozenset(issue.id for issue in known.issues if issue.key == "SHOP-17")
    narrowed = replace(known, sets={"notes:customers:only": chosen})
    assert _view(rules=only, snapshot=narrowed).total == 1
    assert _view(rules=only).total == 0


def test_issues_of_unseen_projects_are_never_told() -> None:
    """P10: not even in a version they are part of."""
    known = world.snapshot()
    issues = tuple(
        replace(issue, category="done", versions=("902",)) if issue.key == "SEC-1" else issue
        for issue in known.issues
    )
    snapshot = replace(known, issues=issues)
    assert _view(snapshot=snapshot) == _view()
    assert not any("SEC-1" in gap for gap in notes_gaps(_source(snapshot), RULES, _version("902")))


def test_titles_tell_namesakes_apart() -> None:
    """Two projects with a version of one name, even in other letters, get two titles."""
    assert _view("902").title == "Checkout 2026.2 (SHOP): release notes for customers"
    assert _view("904").title == "Checkout 2026.2 (WEB): release notes for customers"
    assert _view("901").title == "Checkout 2026.1: release notes for customers"
    one = replace(_version("901"), id="1", name="Beta")
    other = replace(_version("904"), id="2", name="BETA")
    source = _source(_with_versions(one, other))
    titles = {notes_view(source, RULES, version).title.casefold() for version in (one, other)}
    assert len(titles) == 2


def test_a_version_named_after_the_product_does_not_say_it_twice() -> None:
    """``Checkout 4.1``, not ``Checkout Checkout 4.1``."""
    version = replace(_version("901"), name="checkout 4.1")
    view = notes_view(_source(_with_versions(version)), RULES, version)
    assert view.title == "checkout 4.1: release notes for customers"


def test_a_title_fits_confluence_however_long_the_names_are() -> None:
    """255 characters as Java counts them, and the audience stays readable."""
    version = replace(_version("901"), name="v" * 300)
    source = _source(_with_versions(version), name="😀" * 300)
    title = notes_view(source, RULES, version).title
    assert len(title.encode("utf-16-le")) // 2 <= 255
    assert title.endswith(": release notes for customers")


def test_the_versions_description_is_told_in_its_paragraphs() -> None:
    """Empty lines part paragraphs; an empty description is none."""
    assert _view("901").paragraphs == (
        "Paying got faster.",
        "Wallets arrive in the next release.",
    )
    assert _view("902").paragraphs == ()


def test_notes_with_readers_of_their_own_tell_only_what_these_may_see() -> None:
    """Customers' notes in a public space hold nothing of a project that is not named for them."""
    nobody = replace(RULES, readers=Readers(projects=("ELSEWHERE",)))
    project = _version("902").project
    same = replace(RULES, readers=Readers(projects=(project,)))

    assert _view().total > 0
    assert _view(rules=same) == _view()
    assert _view(rules=nobody).total == 0
    assert told_versions(_source(), nobody) == ()
