"""How long to wait: what the site asked for, and what is drawn on top."""

import random
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pmsync.transport.retry import Patience, retry_after_s

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry-After": "30"}, 30.0),
        ({"Retry-After": " 0.5 "}, 0.5),
        ({"Retry-After": "0"}, 0.0),
        ({"Retry-After": "-3"}, 0.0),
        ({"Retry-After": "nan"}, None),
        ({"Retry-After": "inf"}, None),
        ({"Retry-After": "soon"}, None),
        ({"Retry-After": "Fri, 20 Nov 2026 12:01:00 GMT"}, 60.0),
        ({"Retry-After": "Fri, 20 Nov 2026 11:00:00 GMT"}, 0.0),
        ({"X-RateLimit-Reset": "2026-11-20T12:00:20Z"}, 20.0),
        ({"X-RateLimit-Reset": "2026-11-20T12:00:20"}, 20.0),
        ({"X-RateLimit-Reset": "1763640000000"}, None),
        ({"Retry-After": "5", "X-RateLimit-Reset": "2026-11-20T13:00:00Z"}, 5.0),
        ({}, None),
    ],
)
def test_the_sites_wish_is_read(headers: dict[str, str], seconds: float | None) -> None:
    """Seconds, fractions and dates are understood; nonsense is no wish."""
    assert retry_after_s(headers, NOW) == seconds


@given(st.integers(min_value=0, max_value=10**6))
def test_a_date_and_its_seconds_are_the_same_wish(seconds: int) -> None:
    """Both notations of ``Retry-After`` mean the same pause."""
    moment = format_datetime(NOW + timedelta(seconds=seconds), usegmt=True)
    assert retry_after_s({"Retry-After": moment}, NOW) == float(seconds)


@given(
    st.integers(min_value=1, max_value=30),
    st.floats(min_value=0, max_value=3600),
    st.integers(),
)
def test_a_pause_lies_between_the_wish_and_its_bound(attempt: int, least: float, seed: int) -> None:
    """Never shorter than asked for, never longer than the cap above it."""
    patience = Patience(base_s=0.5, cap_s=20.0)
    pause = patience.pause_s(attempt, least, random.Random(seed))  # noqa: S311 - jitter
    assert least <= pause <= least + min(20.0, 0.5 * 2 ** (attempt - 1))


def test_pauses_differ() -> None:
    """Full jitter: clients that failed together do not come back together."""
    rng = random.Random(1)  # noqa: S311 - jitter
    assert len({Patience().pause_s(3, 1.0, rng) for _ in range(50)}) == 50
