"""What pages may hold, and how malformed bodies are told."""

import pytest

from pmsync.pages.storage import BodyError, check, parse
from pmsync.pages.storage.allowed import url_fault
from pmsync.pages.storage.tree import cdata


def _macro(name: str, inside: str = "") -> str:
    return f'<ac:structured-macro ac:name="{name}">{inside}</ac:structured-macro>'


@pytest.mark.parametrize(
    "body",
    [
        "<p>plain &amp; simple &nbsp;&eacute;&#8230;</p>",
        '<p style="text-align: right;">3</p><p><span style="color: rgb(1,2,3);">x</span></p>',
        (
            '<table data-layout="wide"><colgroup><col style="width: 50.0px;"/></colgroup><tbody>'
            "<tr><th><p>a</p></th>"
            '<td colspan="2" data-highlight-colour="#deebff"><p>b</p></td></tr>'
            "</tbody></table>"
        ),
        _macro("status", '<ac:parameter ac:name="title">x</ac:parameter>'),
        _macro("expand", "<ac:rich-text-body><p>x</p></ac:rich-text-body>"),
        _macro("code", f"<ac:plain-text-body>{cdata('a ]]> b')}</ac:plain-text-body>"),
        (
            '<ac:layout><ac:layout-section ac:type="three_equal" ac:breakout-mode="wide">'
            "<ac:layout-cell><p>x</p></ac:layout-cell></ac:layout-section></ac:layout>"
        ),
        '<p><a href="https://acme.example/browse/A-1" data-card-appearance="inline">x</a></p>',
        '<p><time datetime="2026-03-01"/></p>',
        '<ac:image ac:alt="A &quot;b&quot;"><ri:attachment ri:filename="road map.png"/></ac:image>',
    ],
)
def test_what_pages_are_made_of_passes(body: str) -> None:
    """The elements, attributes and macros of a roadmap page are allowed."""
    assert check(body) == ()


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("<script>alert(1)</script>", "element script"),
        ("<iframe/>", "element iframe"),
        ('<p onclick="x">y</p>', "attribute onclick"),
        ('<p style="background: url(http://evil.example)">y</p>', "style="),
        ('<td style="x">y</td>', "attribute style"),
        (_macro("html"), "macro 'html'"),
        (_macro("jira"), "macro 'jira'"),
        (_macro("status", '<ac:parameter ac:name="onload">x</ac:parameter>'), "'onload'"),
        (_macro("info", "<p>x</p>"), "p directly in macro info"),
        ("<ac:structured-macro>x</ac:structured-macro>", "macro ''"),
        ("<ac:parameter ac:name='x'>y</ac:parameter>", "a parameter outside a macro"),
        ('<ac:link><ri:user ri:account-id="1"/></ac:link>', "element ri:user"),
        ('<ac:image><ri:url ri:value="http://evil.example/a.png"/></ac:image>', "element ri:url"),
        ("<!-- a comment -->", "an XML comment"),
        ("<?php echo 1 ?>", "an XML comment or instruction"),
        ('<evil:p xmlns:evil="urn:evil">x</evil:p>', "element {urn:evil}p"),
        ('<ac:image><ri:attachment ri:filename="../../x"/></ac:image>', "ri:filename="),
    ],
)
def test_what_is_not_on_the_list_is_refused_by_name_and_line(body: str, told: str) -> None:
    """An allow-list: the unknown is refused, and the fault says what and where."""
    faults = check(f"<p>first line</p>\n{body}")
    assert len(faults) >= 1
    assert told in " ".join(faults)
    assert faults[0].startswith("line 2: ")


def test_a_macro_in_another_prefix_is_still_that_macro() -> None:
    """Namespaces decide, not prefixes: a respelt macro does not slip through."""
    body = '<x:structured-macro xmlns:x="http://atlassian.com/content" x:name="html"/>'
    assert check(body) == ("line 1: macro 'html' is not allowed",)


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "JaVa\tScript:alert(1)",
        " javascript:alert(1)",
        "data:text/html;base64,eA==",
        "vbscript:x",
        "file:///etc/passwd",
        "//evil.example/x",
        "/relative",
        "https://good@evil.example/",
        "https://good:pw@evil.example/",
        "https:///nohost",
        "https://[broken",
        "https://a.example/\\b",
        "https://a.example/\u2028",
        "#",
        "",
    ],
)
def test_a_link_that_could_run_or_mislead_is_refused(url: str) -> None:
    """Only web and mail addresses, with a host and without a user name before it."""
    assert url_fault(url)


@pytest.mark.parametrize(
    "url",
    [
        "https://acme.example/browse/A-1",
        "http://127.0.0.1:8700/x?y=1#z",
        "mailto:a@b.example",
        "#top",
    ],
)
def test_plain_links_pass(url: str) -> None:
    """Addresses of issues, mails and places on the page are fine."""
    assert url_fault(url) == ""


@pytest.mark.parametrize(
    "body",
    [
        "<p>open",
        "</page><page>",
        "a & b",
        "&bogus;",
        "\x00",
        "<p>\ufffe</p>",
        "\ud800",
        '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><p>&x;</p>',
        "<div>" * 1_000 + "</div>" * 1_000,
        "<p>]]></p>",
    ],
)
def test_malformed_bodies_are_told_with_their_place(body: str) -> None:
    """Unbalanced, undeclared, undecodable or too deep: refused with line and column, not parsed."""
    with pytest.raises(BodyError, match=r"not well-formed: .*") as caught:
        parse(body)
    assert caught.value.cure


def test_the_place_is_the_bodys_own() -> None:
    """The wrapping that parsing adds is not counted."""
    with pytest.raises(BodyError, match=r"line 2, column 8"):
        parse("<p>x</p>\n<p></q>")
    with pytest.raises(BodyError, match=r"line 1, column 8"):
        parse("<p></q>")


def test_entities_of_html_are_characters_but_cdata_is_literal() -> None:
    """``&nbsp;`` is a space in text, and six characters in a literal block."""
    assert parse("<p>a&nbsp;b</p>")[0].text == "a\u00a0b"
    assert parse("<pre><![CDATA[a&nbsp;b]]></pre>")[0].text == "a&nbsp;b"


def test_cdata_cannot_be_left_from_inside() -> None:
    """A text with the end mark in it comes back whole."""
    text = "a ]]> b ]]]]><![CDATA[> c"
    assert parse(f"<pre>{cdata(text)}</pre>")[0].text == text
