"""A site grows by copies that hang together."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pmsync.sandbox.load import replicate
from pmsync.sandbox.product import generate
from pmsync.sandbox.seed import Seed

SITE = generate(1)


def test_its_own_issues_come_first_and_unchanged() -> None:
    """The first copy is the site itself."""
    grown = replicate(SITE, 700)
    assert grown.issues[: len(SITE.issues)] == SITE.issues
    assert (grown.now, grown.versions) == (SITE.now, SITE.versions)


@settings(max_examples=20)
@given(st.integers(0, 1000))
def test_ids_and_keys_are_unique(count: int) -> None:
    """As many issues as asked, none twice."""
    grown = replicate(SITE, count)
    assert len(grown.issues) == count
    assert len({one["id"] for one in grown.issues}) == count
    assert len({one["key"] for one in grown.issues}) == count


def test_links_stay_inside_a_copy() -> None:
    """Links, parents and sub-tasks of the second copy lead to issues of the second copy."""
    size = len(SITE.issues)
    second = replicate(SITE, 2 * size).issues[size:]
    inside = {one["id"]: one["key"] for one in second}
    seen = 0
    for place, one in enumerate(second):
        fields, before = one["fields"], SITE.issues[place]["fields"]
        ends = [link.get("inwardIssue") or link["outwardIssue"] for link in fields["issuelinks"]]
        ends += [*fields["subtasks"], *([fields["parent"]] if fields["parent"] else [])]
        assert len(fields["issuelinks"]) == len(before["issuelinks"])
        assert all(inside[end["id"]] == end["key"] for end in ends)
        assert fields["summary"] == before["summary"]
        seen += len(ends)
    assert seen > 300


def test_a_cut_leaves_no_loose_link() -> None:
    """Links and sub-tasks that would lead out of a part are left out."""
    cut = replicate(SITE, 150).issues
    inside = {one["id"] for one in cut}
    for one in cut:
        for link in one["fields"]["issuelinks"]:
            assert (link.get("inwardIssue") or link["outwardIssue"])["id"] in inside
        assert {sub["id"] for sub in one["fields"]["subtasks"]} <= inside


def test_copies_share_nothing() -> None:
    """Changing a copy changes nothing else."""
    grown = replicate(SITE, 600).issues
    grown[300]["fields"]["labels"].append("mine")
    assert "mine" not in grown[0]["fields"]["labels"]
    assert "mine" not in SITE.issues[0]["fields"]["labels"]


def test_nothing_cannot_be_copied() -> None:
    """An empty site stays empty, or says that it cannot grow."""
    assert replicate(Seed(now=SITE.now), 0).issues == []
    with pytest.raises(ValueError, match="without issues"):
        replicate(Seed(now=SITE.now), 1)
