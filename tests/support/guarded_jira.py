"""The Jira side of the real transport, with a clock that never waits."""

import random
from collections.abc import Mapping
from dataclasses import dataclass

from guarded_wiki import QuickClock
from jira import JIRA

from pmsync.adapters.jira.tracker import JiraCloud
from pmsync.transport.adapter import Guard, Target
from pmsync.transport.budget import RateBudget
from pmsync.transport.gate import Gate
from pmsync.transport.jira_client import jira_client
from pmsync.transport.retry import Patience
from pmsync.transport.sessions import Access

ACCOUNT = "bot@acme.test"
TOKEN = "s3cret-Token/42+x"  # noqa: S105 - nobody's


@dataclass(frozen=True, slots=True, kw_only=True)
class GuardedJira:
    """A client under the guard, and the guard's parts."""

    client: JIRA
    guard: Guard
    clock: QuickClock
    gate: Gate
    base: str

    @property
    def tracker(self) -> JiraCloud:
        """The adapter on this client."""
        return JiraCloud(self.client, threads=4)


def guarded_jira(
    base_url: str,
    *,
    account: str = ACCOUNT,
    token: str = TOKEN,
    read_only: bool = False,
    patience: Patience | None = None,
    read_s: float = 20.0,
    connect_s: float = 5.0,
    ca_bundle: str | None = None,
    proxies: Mapping[str, str] | None = None,
) -> GuardedJira:
    """Return a client for the site at *base_url*; the environment's proxies are not asked."""
    clock = QuickClock()
    gate = Gate(read_only=read_only)
    guard = Guard(
        clock=clock,
        gate=gate,
        budget=RateBudget(clock),
        patience=patience or Patience(),
        rng=random.Random(7),  # noqa: S311 - jitter, seeded
    )
    target = Target(
        site="acme", product="jira", base_url=base_url, connect_s=connect_s, read_s=read_s
    )
    access = Access(
        target=target, account=account, token=token, ca_bundle=ca_bundle, proxies=proxies or {}
    )
    return GuardedJira(
        client=jira_client(access, guard), guard=guard, clock=clock, gate=gate, base=base_url
    )
