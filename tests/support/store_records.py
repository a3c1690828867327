"""Records with all their fields filled in, to be varied by tests of the store."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from pmsync.core.journal import PageRecord, PullMark, Run, StoredPlan, Write
from pmsync.core.model import Issue, Link, Sprint

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


def minutes(count: float) -> datetime:
    """Return the moment *count* minutes after noon."""
    return NOON + timedelta(minutes=count)


def write(write_id: str = "r1/c1/1", **changed: Any) -> Write:
    """Return a write without outcome."""
    made = Write(
        id=write_id,
        run="r1",
        product="shop",
        change="c1",
        step="rank",
        target="SHOP-1 before SHOP-2",
        desired="d" * 64,
        detail={"issues": "10001 10002", "before": "10003"},
        intended_at=NOON,
    )
    return replace(made, **changed)


def run(run_id: str = "r1", **changed: Any) -> Run:
    """Return a run that has just begun."""
    made = Run(id=run_id, product="shop", command="sync", package="0.1.0", started_at=NOON)
    return replace(made, **changed)


def issue(issue_id: str = "10001", **changed: Any) -> Issue:
    """Return an issue that uses every kind of value."""
    made = Issue(
        id=issue_id,
        key=f"SHOP-{issue_id}",
        project="SHOP",
        issue_type="Epic",
        level=1,
        summary="Größe wählen \N{SHOPPING TROLLEY} \u202e <b>",
        status="In Progress",
        category="indeterminate",
        created=NOON - timedelta(days=30),
        updated=NOON + timedelta(microseconds=123),
        resolved=None,
        resolution=None,
        priority="High",
        assignee="Ana",
        labels=("alpha", "beta"),
        parent_id="9",
        parent_key="SHOP-9",
        versions=("501",),
        sprints=(Sprint(id=7, name="Sprint 7", state="active"),),
        due=date(2026, 12, 24),
        links=(Link(kind="Blocks", outward=True, other_id="12", other_key="SHOP-12"),),
        security="restricted",
        values={"cf1": 3.0, "cf2": "Must", "cf3": ("a", "b"), "cf4": None, "cf5": True},
    )
    return replace(made, **changed)


def mark(**changed: Any) -> PullMark:
    """Return the mark of a finished pull."""
    made = PullMark(product="shop", rules="r" * 64, since=NOON, count=300)
    return replace(made, **changed)


def page(name: str = "roadmap", **changed: Any) -> PageRecord:
    """Return the record of a page with its property."""
    made = PageRecord(
        product="shop",
        page=name,
        page_id="777",
        space="PROD",
        title="Shop roadmap",
        version=4,
        fingerprint="f" * 64,
        body="b" * 64,
        property_id="9001",
    )
    return replace(made, **changed)


def plan(plan_hash: str = "aa11", **changed: Any) -> StoredPlan:
    """Return a plan that waits."""
    made = StoredPlan(
        hash=plan_hash, product="shop", state="waiting", made_at=NOON, text='{"changes": []}'
    )
    return replace(made, **changed)
