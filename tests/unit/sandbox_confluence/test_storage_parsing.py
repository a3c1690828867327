"""Storage format: what parses, what is refused, and in which words."""

from html.entities import name2codepoint

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pmsync.sandbox.confluence.storage import StorageError, check, parse, save, write


def no_ids() -> str:
    return "00000000-0000-0000-0000-000000000000"


@pytest.mark.parametrize("name", sorted(name2codepoint))
def test_every_html_entity_is_known(name: str) -> None:
    """Storage format may use all of HTML's named characters."""
    root = parse(f"<p>&{name};</p>")
    assert "".join(root.itertext()) == chr(name2codepoint[name])


@pytest.mark.parametrize(
    ("body", "words", "place"),
    [
        ("<p>a<b></p>", "Unexpected close tag </p>; expected </b>.", "[1,"),
        ("<p>ok</p>\n<p>&bogus;</p>", "Entity 'bogus' not defined", "[2,"),
        ("<p>a & b</p>", "xmlParseEntityRef", "[1,"),
        ("<p>a\x01</p>", "CTRL-CHAR, code 1", "[1,5]"),
        ("<p>\n\n\ud800</p>", "code 55296", "[3,1]"),
        ("<x:y/>", "prefix x on y is not defined", "[1,"),
        ("<p>", "Unexpected close tag", "["),
        ("</storage><storage>", "Extra content", "["),
        ("<!DOCTYPE p><p/>", "invalid element name", "[1,"),
        ('<!ENTITY a "b"><p/>', "invalid element name", "[1,"),
        ("<p a='1' a='2'/>", "redefined", "[1,"),
    ],
)
def test_a_malformed_body_is_refused_with_row_and_column(body: str, words: str, place: str) -> None:
    """In the words that Confluence begins with."""
    with pytest.raises(StorageError) as caught:
        parse(body)
    said = str(caught.value)
    assert said.startswith("Error parsing xhtml: ")
    assert words in said
    assert place in said


def test_comments_and_instructions_go_and_cdata_stays_as_text() -> None:
    """What stands around them stays together."""
    root = parse("<p>a<!-- x -->b<?php 1 ?>c<![CDATA[<d>]]></p>")
    assert write(root) == "<p>abc&lt;d&gt;</p>"


def test_a_very_deep_body_is_refused() -> None:
    """Depth is bounded, so that nothing that walks the tree overflows."""
    with pytest.raises(StorageError):
        parse("<div>" * 5000 + "</div>" * 5000)


def macro(name: str, inner: str = "", more: str = "") -> str:
    return f'<ac:structured-macro ac:name="{name}"{more}>{inner}</ac:structured-macro>'


RICH = "<ac:rich-text-body><p>x</p></ac:rich-text-body>"
PLAIN = "<ac:plain-text-body>x</ac:plain-text-body>"


@pytest.mark.parametrize(
    ("body", "words"),
    [
        *((f"<{name}>x</{name}>", f"'{name}' is not allowed") for name in (
            "script", "style", "iframe", "html", "object", "embed", "form", "input", "img",
            "details", "blink", "svg", "math", "link", "meta", "base", "ac:macro",
        )),
        *((macro(name), f"The macro '{name}' is unknown") for name in (
            "html", "iframe", "widget", "roadmap", "html-include", "", "Status",
        )),
        ('<p onclick="x()">x</p>', "attribute 'onclick' is not allowed"),
        ('<p><a href="x" onmouseover="y">x</a></p>', "'onmouseover'"),
        (macro("code", PLAIN, ' ac:breakout-mode="wide"'), "breakout mode on macro 'code'"),
        (macro("expand", RICH, ' ac:breakout-mode="wide"'), "breakout mode on macro 'expand'"),
        (macro("code", RICH), "takes no rich text body"),
        (macro("info", PLAIN), "takes no plain text body"),
        (macro("status", RICH), "takes no rich text body"),
        (macro("status", "DONE"), "text in 'ac:structured-macro'"),
        (macro("info", "<p>x</p>"), "'p' in 'ac:structured-macro'"),
        ("<p><p>x</p></p>", "'p' in 'p'"),
        ("<h1><ul><li>x</li></ul></h1>", "'ul' in 'h1'"),
        ("<p><table><tbody><tr><td>x</td></tr></tbody></table></p>", "'table' in 'p'"),
        ("<tr><td>x</td></tr>", "'tr' in 'storage'"),
        ("<td>x</td>", "'td' in 'storage'"),
        ("<li>x</li>", "'li' in 'storage'"),
        ("<table><td>x</td></table>", "'td' in 'table'"),
        ("<table><tbody><tr>x</tr></tbody></table>", "text in 'tr'"),
        ("<ul>x</ul>", "text in 'ul'"),
        ("<ul><p>x</p></ul>", "'p' in 'ul'"),
        ("<ac:layout><p>x</p></ac:layout>", "'p' in 'ac:layout'"),
        ('<ac:layout><ac:layout-section ac:type="nine"/></ac:layout>', "of type 'nine'"),
        ("<ac:layout-cell><p>x</p></ac:layout-cell>", "'ac:layout-cell' in 'storage'"),
        ("<ac:task><ac:task-status>complete</ac:task-status></ac:task>", "'ac:task' in 'storage'"),
        ("<ac:task-list><ac:task><ac:task-body>x</ac:task-body></ac:task></ac:task-list>",
         "task without a status"),
        ("<ac:parameter ac:name='a'>x</ac:parameter>", "'ac:parameter' in 'storage'"),
    ],
)  # fmt: skip
def test_what_cloud_does_not_take_is_refused(body: str, words: str) -> None:
    """Well-formed, but not storage format of the Cloud editor."""
    with pytest.raises(StorageError) as caught:
        check(parse(body))
    assert words in str(caught.value)


TEXT = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=30)


@given(TEXT)
def test_escaped_text_comes_back_as_it_was(text: str) -> None:
    """In a paragraph, an attribute and a literal body."""
    plain = text.replace("\ufffe", "").replace("\uffff", "")
    escaped = plain.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    quoted = escaped.replace('"', "&quot;")
    body = f'<p title="{quoted}">.{escaped}.</p>' + macro(
        "code", f"<ac:plain-text-body>{escaped}</ac:plain-text-body>"
    )
    kept = parse(save(body, no_ids))
    assert "".join(kept[0].itertext()) == f".{plain}."
    assert (kept[0].get("title") or "") == plain
    assert "".join(kept[1].itertext()) == plain


@given(st.text(max_size=60))
def test_any_text_is_a_tree_or_a_refusal(text: str) -> None:
    """No body makes the parser fail in another way."""
    assert _outcome(text).startswith(("Error parsing xhtml: ", "storage"))


def _outcome(text: str) -> str:
    try:
        return str(parse(text).tag)
    except StorageError as error:
        return str(error)
