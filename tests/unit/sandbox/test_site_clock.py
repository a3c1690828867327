"""The site's clock, and what Confluence's readers see of issues."""

from datetime import UTC, datetime, timedelta

import pytest
from little_jira import NOW, little_jira

from pmsync.sandbox.browse import issue_card
from pmsync.sandbox.clock import SiteClock, written


def test_the_clock_stands_still_until_it_is_moved() -> None:
    """Runs are reproducible."""
    clock = SiteClock(NOW)
    assert clock.now() == clock.now() == NOW
    assert clock.advance(timedelta(days=2)) == clock.now() == NOW + timedelta(days=2)


def test_stamps_never_repeat() -> None:
    """Each write has a time of its own."""
    clock = SiteClock(NOW)
    stamps = [clock.stamp() for _ in range(5)]
    assert stamps == sorted(set(stamps))
    assert stamps[0] > NOW
    assert clock.now() == stamps[-1]


def test_the_clock_does_not_go_back() -> None:
    """And stays where it was."""
    clock = SiteClock(NOW)
    with pytest.raises(ValueError, match="only goes forward"):
        clock.advance(timedelta(seconds=-1))
    assert clock.now() == NOW


def test_moments_are_written_as_jira_writes_them() -> None:
    """Milliseconds, and an offset without a colon."""
    moment = datetime(2026, 3, 4, 5, 6, 7, 89000, tzinfo=UTC)
    assert written(moment) == "2026-03-04T05:06:07.089+0000"


def test_a_card_shows_what_a_reader_may_see() -> None:
    """Restricted issues and unknown ones have none."""
    card = issue_card(little_jira())
    seen = card("SHOP-2")
    assert seen is not None
    assert (seen.summary, seen.status, seen.category) == (
        "Summary of SHOP-2",
        "In Progress",
        "indeterminate",
    )
    assert card("SHOP-10") is None
    assert card("SHOP-99") is None
