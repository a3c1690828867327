"""The Confluence adapter over the real transport, with a clock that never waits."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from pmsync.adapters.confluence.wiki import ConfluenceCloud
from pmsync.transport.adapter import Guard, Target
from pmsync.transport.budget import RateBudget
from pmsync.transport.gate import Gate
from pmsync.transport.rest_client import rest_client
from pmsync.transport.sessions import Access


class QuickClock:
    """A clock that is moved by sleeping only."""

    def __init__(self) -> None:
        self.slept = 0.0

    def now(self) -> datetime:
        return datetime(2026, 11, 20, 12, 0, tzinfo=UTC) + timedelta(seconds=self.slept)

    def monotonic(self) -> float:
        return self.slept

    def sleep(self, seconds: float) -> None:
        self.slept += seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class GuardedWiki:
    """The adapter with what guards it."""

    wiki: ConfluenceCloud
    gate: Gate
    clock: QuickClock


def guarded_wiki(base_url: str, account: str, token: str) -> GuardedWiki:
    """Return the adapter for the wiki at *base_url*; the environment's proxies are not asked."""
    clock = QuickClock()
    gate = Gate()
    target = Target(site="acme", product="confluence", base_url=base_url)
    access = Access(target=target, account=account, token=token, proxies={})
    client = rest_client(access, Guard(clock=clock, gate=gate, budget=RateBudget(clock)))
    return GuardedWiki(wiki=ConfluenceCloud(client), gate=gate, clock=clock)
