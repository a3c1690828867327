"""JQL's logic against sets: any query finds what its parts, asked one by one, say it must."""

from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st
from little_jira import little_jira

from pmsync.sandbox.jira.jql.evaluate import search

STATE = little_jira()
EVERY = frozenset(issue.key for issue in STATE.issues.values())


@dataclass(frozen=True, slots=True)
class Asked:
    """A query with the set it must find, and the set its negation must find."""

    jql: str
    found: frozenset[str]
    refused: frozenset[str]


def leaf(field: str, positive: str, negative: str) -> Asked:
    """A term whose two sides were asked for apart; neither holds issues without a value."""

    def keys(jql: str) -> frozenset[str]:
        return frozenset(issue.key for issue in search(STATE, jql))

    return Asked(f"{field} {positive}", keys(f"{field} {positive}"), keys(f"{field} {negative}"))


LEAVES = [
    leaf("labels", "= pay", "!= pay"),
    leaf("labels", "is empty", "is not empty"),
    leaf("type", "= Story", "!= Story"),
    leaf("Impact", "in (High)", "not in (High)"),
    leaf("cf[10101]", "> 20", "<= 20"),
    leaf("fixVersion", "in unreleasedVersions()", "not in unreleasedVersions()"),
    leaf("updated", ">= -7d", "< -7d"),
    leaf("parent", "= SHOP-1", "!= SHOP-1"),
]


def both(left: Asked, right: Asked) -> Asked:
    jql = f"({left.jql}) AND ({right.jql})"
    return Asked(jql, left.found & right.found, left.refused | right.refused)


def either(left: Asked, right: Asked) -> Asked:
    jql = f"({left.jql}) OR ({right.jql})"
    return Asked(jql, left.found | right.found, left.refused & right.refused)


def opposite(inner: Asked) -> Asked:
    return Asked(f"NOT ({inner.jql})", inner.refused, inner.found)


QUERIES = st.recursive(
    st.sampled_from(LEAVES),
    lambda inner: st.one_of(
        st.builds(both, inner, inner),
        st.builds(either, inner, inner),
        st.builds(opposite, inner),
    ),
    max_leaves=8,
)


@given(QUERIES)
def test_queries_find_what_their_parts_say(asked: Asked) -> None:
    """AND is the intersection, OR the union, and NOT goes down to the terms."""
    assert {issue.key for issue in search(STATE, asked.jql)} == asked.found


@given(QUERIES, QUERIES)
def test_and_binds_closer_without_parentheses_too(left: Asked, right: Asked) -> None:
    """``a OR b AND c`` is ``a OR (b AND c)``, whatever a, b and c are."""
    jql = f"({left.jql}) OR ({right.jql}) AND type = Epic"
    epics = {issue.key for issue in search(STATE, "type = Epic")}
    assert {issue.key for issue in search(STATE, jql)} == left.found | (right.found & epics)


@given(
    asked=QUERIES,
    field=st.sampled_from(["Rank", "key", "updated", "cf[10101]", "labels"]),
    down=st.booleans(),
)
def test_order_loses_and_adds_nothing(asked: Asked, field: str, *, down: bool) -> None:
    """Sorting is of what was found."""
    direction = "DESC" if down else "ASC"
    found = [issue.key for issue in search(STATE, f"{asked.jql} ORDER BY {field} {direction}")]
    assert len(found) == len(set(found))
    assert set(found) == asked.found <= EVERY
