"""JQL as text: what parses to what, and Jira's words for what does not."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pmsync.sandbox.jira.jql.parser import parse
from pmsync.sandbox.jira.jql.reserved import RESERVED_WORDS
from pmsync.sandbox.jira.jql.syntax import (
    Both,
    Call,
    Either,
    Empty,
    JqlError,
    Listing,
    Negation,
    Query,
    SortField,
    Term,
    Value,
)

A, B, C = (Term(name, "=", Value("1")) for name in "abc")


@pytest.mark.parametrize(
    ("jql", "tree"),
    [
        ("a = 1 AND b = 1 OR c = 1", Either((Both((A, B)), C))),
        ("a = 1 and (b = 1 or c = 1)", Both((A, Either((B, C))))),
        ("a=1&&b=1||c=1", Either((Both((A, B)), C))),
        ("NOT a = 1 AND b = 1", Both((Negation(A), B))),
        ("! (a = 1 OR b = 1)", Negation(Either((A, B)))),
        ("((a = 1))", A),
    ],
)
def test_and_binds_closer_than_or(jql: str, tree: object) -> None:
    """NOT, then AND, then OR; parentheses win; the signs mean the words."""
    assert parse(jql).where == tree


@pytest.mark.parametrize(
    ("jql", "term"),
    [
        ("status != Done", Term("status", "!=", Value("Done"))),
        ("due<=-7d", Term("due", "<=", Value("-7d"))),
        ('status = "In Progress"', Term("status", "=", Value("In Progress", bare=False))),
        ("status = 'In Progress'", Term("status", "=", Value("In Progress", bare=False))),
        ('"Story Points" > 3', Term("Story Points", ">", Value("3"))),
        ("cf[10101] is empty", Term("cf[10101]", "is", Empty())),
        ("CF [ 10101 ] IS NOT NULL", Term("cf[10101]", "is not", Empty())),
        (
            "key in (A-1, 'B-2')",
            Term("key", "in", Listing((Value("A-1"), Value("B-2", bare=False)))),
        ),
        ("key not in (A-1)", Term("key", "not in", Listing((Value("A-1"),)))),
        ("sprint in openSprints()", Term("sprint", "in", Call("openSprints"))),
        (
            'fixVersion in unreleasedVersions(SHOP, "Shop front")',
            Term("fixVersion", "in", Call("unreleasedVersions", ("SHOP", "Shop front"))),
        ),
        (
            r'summary ~ "a \"quoted\" word"',
            Term("summary", "~", Value('a "quoted" word', bare=False)),
        ),
        (r"labels = caf\u00e9", Term("labels", "=", Value("café"))),
        (r"labels = a\ b", Term("labels", "=", Value("a b"))),
        ("labels = 価格", Term("labels", "=", Value("価格"))),
        ("updated >= 1700000000000", Term("updated", ">=", Value("1700000000000"))),
    ],
)
def test_terms(jql: str, term: Term) -> None:
    """Every operator and every kind of operand, quoted or not."""
    assert parse(jql).where == term


def test_order_by_takes_several_fields() -> None:
    """Each with its direction, or with none said."""
    assert parse("a = 1 ORDER BY Rank ASC, updated DESC, cf[7]") == Query(
        where=A,
        order=(
            SortField("Rank", descending=False),
            SortField("updated", descending=True),
            SortField("cf[7]"),
        ),
    )


@pytest.mark.parametrize("jql", ["", "   ", "\n"])
def test_nothing_restricts_nothing(jql: str) -> None:
    """An empty query is a query; whether it is allowed is not grammar."""
    assert parse(jql) == Query()
    assert parse(jql + "order by a").where is None


@pytest.mark.parametrize(
    ("jql", "words"),
    [
        ("project", "Expecting operator at the end of the query. The valid operators are '='"),
        ("project foo", "Expecting operator but got 'foo'."),
        ("project =", "Expecting either a value, list or function before the end of the query."),
        ("project = AND", "Expecting either a value, list or function but got 'AND'."),
        ("project = A AND", "Expecting a field name at the end of the query."),
        ("project = A B", "Expecting either 'OR' or 'AND' but got 'B'. (line 1, character 13)"),
        ("a = 1 AND\nAND", "Expecting a field name but got 'AND'."),
        ("a = 1 AND\nAND", "(line 2, character 1)"),
        ("(a = 1", "Expecting ')' before the end of the query."),
        ("a in (1, 2", "Expecting ')' before the end of the query."),
        ("a in (1 2)", "Expecting ')' but got '2'."),
        ("a not 1", "Expecting 'IN' but got '1'."),
        ("a = 1 order", "Expecting 'BY' at the end of the query."),
        ("a = 1 order by b c", "Expecting ',' but got 'c'."),
        ("a = 'open", "The quoted string 'open' has not been completed."),
        ("a = 1;", "The character ';' is a reserved JQL character."),
        ("a = c/d", "use the escape '\\u002f' instead"),
        (r"a = '\q'", "'\\q' is an illegal JQL escape sequence."),
        ("select = 1", "'select' is a reserved JQL word. You must surround it in quotation marks"),
        ("a = limit", "'limit' is a reserved JQL word."),
        ("status was Done", "The operator 'was' is not supported by this site."),
        ("status changed", "The operator 'changed' is not supported by this site."),
    ],
)
def test_faults_are_told_in_jiras_words(jql: str, words: str) -> None:
    """What is wrong, and where."""
    with pytest.raises(JqlError) as caught:
        parse(jql)
    assert words in caught.value.message
    assert caught.value.message.startswith("Error in the JQL Query: ")


@given(st.sampled_from(sorted(RESERVED_WORDS - {"and", "or", "not", "null", "empty"})))
def test_reserved_words_stand_in_quotation_marks(word: str) -> None:
    """Bare they are refused, quoted they are values like any other."""
    with pytest.raises(JqlError):
        parse(f"a = {word}")
    assert parse(f'a = "{word}"').where == Term("a", "=", Value(word, bare=False))


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1))
def test_any_text_survives_quoting(text: str) -> None:
    """A quoted value comes back as it was."""
    quoted = text.replace("\\", "\\\\").replace('"', '\\"')
    assert parse(f'a = "{quoted}"').where == Term("a", "=", Value(text, bare=False))


@given(st.text(alphabet="ab=<>!~()[],'\" \\-7dcf1\nANDORiny;/", max_size=40))
def test_no_text_breaks_the_parser(jql: str) -> None:
    """Every text is a query or a fault with words, nothing else."""
    with suppress(JqlError):
        assert isinstance(parse(jql), Query)
