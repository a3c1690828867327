"""Bodies compared by what they say; the sandbox's normaliser is the independent peer."""

from collections.abc import Callable
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pmsync.pages.storage import body_hash, canonical, comment_refs, text_size
from pmsync.sandbox.confluence import storage as peer

LINE = st.text(st.sampled_from("ab<&>\"' ÄÖ→😀\n"), max_size=12).map(
    lambda t: t.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
)


def _wrapped(name: str, attributes: str = "") -> Callable[[str], str]:
    return lambda inner: f"<{name}{attributes}>{inner}</{name}>"


def _macro(name: str, title: str, colour: str) -> str:
    return (
        f'<ac:structured-macro ac:name="{name}"><ac:parameter ac:name="title">{title}'
        f'</ac:parameter><ac:parameter ac:name="colour">{colour}</ac:parameter>'
        "</ac:structured-macro>"
    )


INLINE = st.recursive(
    LINE
    | st.just("<br/>")
    | st.builds(_macro, st.just("status"), LINE, st.sampled_from(["Red", "Blue"])),
    lambda inner: st.one_of(
        inner.map(_wrapped("strong")),
        inner.map(_wrapped("b")),
        inner.map(_wrapped("em")),
        inner.map(_wrapped("span", ' style="color: #ff0000;" data-x="1"')),
        inner.map(_wrapped("a", ' href="https://a.example/x"')),
        st.lists(inner, max_size=3).map("".join),
    ),
    max_leaves=5,
)
SPACE = st.sampled_from(["", "\n", "  ", "\n  "])


def _table(cells: list[str]) -> str:
    rows = "".join(f"<tr><td>{cell}</td></tr>" for cell in cells)
    return f"<table>{rows}</table>"


BLOCK = st.recursive(
    st.one_of(
        INLINE.map(_wrapped("p")),
        INLINE.map(_wrapped("h2", ' id="x"')),
        INLINE.map(_wrapped("pre")),
        INLINE,
    ),
    lambda block: st.one_of(
        st.lists(block, min_size=1, max_size=3).map(_table),
        st.lists(block, min_size=1, max_size=3).map(
            lambda items: f"<ul>{''.join(f'<li>{item}</li>' for item in items)}</ul>"
        ),
        block.map(
            lambda inner: (
                '<ac:structured-macro ac:name="info"><ac:rich-text-body>'
                f"{inner}</ac:rich-text-body></ac:structured-macro>"
            )
        ),
        block.map(
            lambda inner: (
                '<ac:layout><ac:layout-section ac:type="single"><ac:layout-cell>'
                f"{inner}</ac:layout-cell></ac:layout-section></ac:layout>"
            )
        ),
    ),
    max_leaves=6,
)
BODY = st.lists(st.tuples(BLOCK, SPACE).map("".join), max_size=4).map("".join)


def _ids() -> Callable[[], str]:
    numbers = count(1)
    return lambda: f"00000000-0000-0000-0000-{next(numbers):012}"


@given(BODY)
def test_what_confluence_does_on_saving_is_no_edit(body: str) -> None:
    """The canonical body is the same before and after a save."""
    assert canonical(peer.save(body, _ids())) == canonical(body)


@given(BODY)
def test_the_canonical_body_is_its_own_canonical_body(body: str) -> None:
    """Nothing is left to normalise."""
    once = canonical(body)
    assert canonical(once) == once


@given(BODY, LINE)
def test_another_word_is_an_edit(body: str, word: str) -> None:
    """Adding visible text always changes the hash."""
    assert body_hash(f"{body}<p>new {word}</p>") != body_hash(body)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("<td>x</td>", "<td><p>x</p></td>"),
        ("<p>a&nbsp;b &mdash; c</p>", "<p>a\u00a0b — c</p>"),
        ('<p local-id="1">x</p>', "<p>x</p>"),
        (
            '<p>Score <ac:inline-comment-marker ac:ref="u-1">41</ac:inline-comment-marker> now</p>',
            "<p>Score 41 now</p>",
        ),
        (
            (
                '<p><ac:inline-comment-marker ac:ref="u-1">a<strong>b</strong>'
                "</ac:inline-comment-marker>"
                '<ac:inline-comment-marker ac:ref="u-2">c</ac:inline-comment-marker></p>'
            ),
            "<p>a<strong>b</strong>c</p>",
        ),
        (
            (
                '<ac:structured-macro ac:name="status" ac:macro-id="9" ac:schema-version="1">'
                '<ac:parameter ac:name="title">A</ac:parameter>'
                '<ac:parameter ac:name="colour">Red</ac:parameter></ac:structured-macro>'
            ),
            (
                '<ac:structured-macro ac:name="status"><ac:parameter ac:name="colour">Red'
                '</ac:parameter><ac:parameter ac:name="title">A</ac:parameter>'
                "</ac:structured-macro>"
            ),
        ),
        (
            '<ri:page ri:content-title="T" ri:version-at-save="3"/>',
            '<ri:page ri:content-title="T"/>',
        ),
        ("<p>a\n  b</p>\n\n<p>c </p>", "<p>a b</p><p>c</p>"),
        (
            "<table><thead><tr><th>h</th></tr></thead><tbody><tr><td>x</td></tr></tbody></table>",
            "<table><tbody><tr><th>h</th></tr><tr><td>x</td></tr></tbody></table>",
        ),
        (
            "<ac:task><ac:task-id>1</ac:task-id><ac:task-uuid>u</ac:task-uuid></ac:task>",
            "<ac:task><ac:task-id>7</ac:task-id></ac:task>",
        ),
        ("<p>x<!-- aside -->y</p>", "<p>xy</p>"),
    ],
)
def test_differences_in_storing_are_no_differences(one: str, other: str) -> None:
    """Ids, order of parameters, entity style, comment markers and layout of the source."""
    assert canonical(one) == canonical(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("<p>Done</p>", "<p>done</p>"),
        ("<p>a</p><p>b</p>", "<p>ab</p>"),
        ("<p>a <em>b</em></p>", "<p>a<em>b</em></p>"),
        (
            '<p><a href="https://a.example/1">x</a></p>',
            '<p><a href="https://a.example/2">x</a></p>',
        ),
        (
            "<ac:task><ac:task-status>incomplete</ac:task-status></ac:task>",
            "<ac:task><ac:task-status>complete</ac:task-status></ac:task>",
        ),
        ("<pre>a  b</pre>", "<pre>a b</pre>"),
        ('<p style="text-align: right;">1</p>', "<p>1</p>"),
    ],
)
def test_differences_that_a_reader_sees_stay(one: str, other: str) -> None:
    """Case, paragraphs, space between words, links, ticks and alignment are edits."""
    assert canonical(one) != canonical(other)


def test_comments_are_listed_once_each_in_their_order() -> None:
    """A comment over several pieces has one reference."""
    marker = '<ac:inline-comment-marker ac:ref="{}">x</ac:inline-comment-marker>'
    body = f"<p>{marker.format('b')}{marker.format('a')}<em>{marker.format('b')}</em></p>"
    assert comment_refs(body) == ("b", "a")
    assert comment_refs("<p>x</p>") == ()


def test_text_size_counts_what_is_read() -> None:
    """Words and lozenges count; ids, colours, tags and white space do not."""
    lozenge = _macro("status", "DONE", "Green")
    assert text_size(f"<p>ab  c</p>{lozenge}<!-- not me -->") == 7
    assert (
        text_size("<ac:task><ac:task-id>12</ac:task-id><ac:task-body>ok</ac:task-body></ac:task>")
        == 2
    )
