"""What can be told of a JQL text without asking Jira."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pmsync.config.jql import jql_faults


def faults(jql: str) -> list[str]:
    """Return the faults without their cures."""
    return [fault for fault, _ in jql_faults(jql)]


@pytest.mark.parametrize(
    "jql",
    [
        "project = SHOP",
        'summary ~ "order by"',
        "summary ~ 'a \\' order by b'",
        'summary ~ "say \\"(\\""',
        "reorder = byte AND orderby = 1",
        '"Order by" = 1',
        "(a = 1 OR (b = 2)) AND c in (1, 2)",
        "project = SHOP\nAND labels = x",
    ],
)
def test_right_queries_pass(jql: str) -> None:
    """Quotes hide words and parentheses; only whole words count."""
    assert faults(jql) == []


@pytest.mark.parametrize(
    "jql",
    ["project = A ORDER BY Rank", "a = 1 order\tby key", "ORDER  BY x", "(a = 1) Order\nBy Rank"],
)
def test_order_by_is_refused_in_any_spelling(jql: str) -> None:
    """pmsync wraps the text in parentheses and orders it itself."""
    assert faults(jql) == ["ORDER BY does not belong into this JQL"]


@pytest.mark.parametrize("jql", ["", " ", "\n\t"])
def test_an_empty_query_is_refused(jql: str) -> None:
    """It would mean everything."""
    assert faults(jql) == ["this JQL is empty, and would mean every issue of the site"]


def test_a_query_cannot_leave_the_parentheses_it_is_put_into() -> None:
    """The classic way around a wrapped query."""
    assert faults("a = 1) OR (b = 2") == [
        "the parenthesis at character 6 of this JQL closes nothing"
    ]


WORDS = st.lists(st.sampled_from(["a", "=", "'x)'", '"y("', "AND", "order", "by2", " "]))


@given(WORDS, WORDS)
def test_balanced_queries_stay_balanced_inside_parentheses(
    left: list[str], right: list[str]
) -> None:
    """Whatever is quoted, wrapping changes nothing."""
    jql = " ".join(["a", *left, "AND", *right])
    assert faults(f"({jql})") == faults(jql) == []


@given(st.text(alphabet="ab()'\"\\ ", max_size=20))
def test_any_text_gets_an_answer(jql: str) -> None:
    """And never more than one about what is unbalanced."""
    assert len(faults(jql)) <= 1
