"""Inline comments in a body: where a marker goes, and where it must not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pmsync.sandbox.confluence.storage import parse, write
from pmsync.sandbox.confluence.storage.markers import mark, occurrences, refs


def marked(body: str, text: str, index: int = 0) -> str | None:
    root = parse(body)
    return write(root) if mark(root, text, "r", index=index) else None


def m(text: str) -> str:
    return f'<ac:inline-comment-marker ac:ref="r">{text}</ac:inline-comment-marker>'


CODE = (
    '<ac:structured-macro ac:name="code"><ac:plain-text-body>secret</ac:plain-text-body>'
    "</ac:structured-macro>"
)
STATUS = (
    '<ac:structured-macro ac:name="status"><ac:parameter ac:name="title">DONE</ac:parameter>'
    "</ac:structured-macro>"
)


@pytest.mark.parametrize(
    ("body", "text", "index", "kept"),
    [
        ("<p>one two</p>", "one", 0, f"<p>{m('one')} two</p>"),
        ("<p>one two</p>", "two", 0, f"<p>one {m('two')}</p>"),
        ("<p>a a a</p>", "a", 1, f"<p>a {m('a')} a</p>"),
        ("<p>a <em>b</em> c</p>", "c", 0, f"<p>a <em>b</em> {m('c')}</p>"),
        ("<p>a <em>b</em> c</p>", "a b c", 0, f"<p>{m('a ')}<em>{m('b')}</em>{m(' c')}</p>"),
        ("<p>x</p><p>x</p>", "x", 1, f"<p>x</p><p>{m('x')}</p>"),
        (f"<p>{STATUS}</p>", "DONE", 0, f"<p>{m(STATUS)}</p>"),
        ('<p title="key"><a href="/key">key</a></p>', "key", 0,
         f'<p title="key"><a href="/key">{m("key")}</a></p>'),
        ("<p>&lt;a&gt; &amp;</p>", "<a>", 0, f"<p>{m('&lt;a&gt;')} &amp;</p>"),
    ],
)  # fmt: skip
def test_a_marker_goes_around_the_text_that_was_chosen(
    body: str, text: str, index: int, kept: str
) -> None:
    """Over several elements it becomes several markers with one reference."""
    assert marked(body, text, index) == kept


@pytest.mark.parametrize(
    ("body", "text", "index"),
    [
        ("<p>one</p>", "two", 0),
        ("<p>one</p>", "", 0),
        ("<p>one</p>", "one", 1),
        ("<p>one</p><p>two</p>", "onetwo", 0),
        (
            CODE,
            "secret",
            0,
        ),
        ("<ul><li>a</li><li>b</li></ul>", "ab", 0),
    ],
)
def test_what_nobody_can_select_is_not_marked(body: str, text: str, index: int) -> None:
    """A selection crosses no block, and literal text and parameters take no marker."""
    assert marked(body, text, index) is None


WORDS = st.lists(
    st.sampled_from(["ab", "a", "b ", "<em>ab</em>", "<strong>b</strong>"]), min_size=1
)


@given(WORDS, st.sampled_from(["a", "ab", "b", "ba"]), st.integers(0, 5))
def test_unwrapping_a_marker_gives_the_body_back(parts: list[str], text: str, index: int) -> None:
    """Marking adds markers and changes no text; the reference is found exactly then."""
    body = f"<p>{''.join(parts)}</p>"
    kept = marked(body, text, index)
    if kept is None:
        assert occurrences(parse(body), text) <= index
        return
    assert kept.replace('<ac:inline-comment-marker ac:ref="r">', "").replace(
        "</ac:inline-comment-marker>", ""
    ) == write(parse(body))
    assert refs(parse(kept)) == ["r"]
