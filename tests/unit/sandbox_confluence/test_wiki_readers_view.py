"""The page as a reader sees it: what macros become, and that hostile content stays harmless."""

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import html
from lxml.html import HtmlElement
from wiki_site import ACCOUNT, Clock, Wiki

from pmsync.sandbox.confluence.records import IssueCard
from pmsync.sandbox.confluence.state import ConfluenceState
from pmsync.sandbox.confluence.view import page_document
from pmsync.sandbox.confluence.view.markup import safe_address, safe_style

RICH = "<ac:rich-text-body>{}</ac:rich-text-body>"


def macro(name: str, inner: str = "", /, **parameters: str) -> str:
    named = "".join(
        f'<ac:parameter ac:name="{key}">{value}</ac:parameter>' for key, value in parameters.items()
    )
    return f'<ac:structured-macro ac:name="{name}">{named}{inner}</ac:structured-macro>'


def seen(wiki: Wiki, body: str, title: str = "Roadmap") -> HtmlElement:
    """A new page with that body, as a reader's browser gets it."""
    return html.fromstring(wiki.read(wiki.create(title, body)["id"]))


def one(tree: HtmlElement, path: str) -> HtmlElement:
    """The only element at a path of class names (``.a``) and tags, below the content."""
    steps = "".join(
        f"//*[contains(concat(' ', @class, ' '), ' {step[1:]} ')]"
        if step[0] == "."
        else f"//{step}"
        for step in path.split()
    )
    found = tree.xpath(f"//div[@class='content']{steps}")
    assert len(found) == 1, (path, len(found))
    element: HtmlElement = found[0]
    return element


def test_the_frame_tells_where_the_page_stands(wiki: Wiki) -> None:
    """Tree with the page in it, breadcrumb, title, owner, date, version."""
    above = wiki.create("Checkout")
    page = wiki.create("Roadmap & more", parentId=above["id"])
    tree = html.fromstring(wiki.read(page["id"]))
    assert tree.xpath("string(//h1)") == "Roadmap & more"
    assert tree.xpath("//nav[@class='crumbs']/a/text()") == ["Product", "Checkout"]
    assert tree.xpath("string(//a[@class='here'])").strip("•") == "Roadmap & more"
    byline = tree.xpath("string(//div[@class='byline'])")
    assert "Owned by pmsync bot" in byline
    assert "Last updated: Nov 21, 2026 by pmsync bot" in byline
    assert "Version 1" in byline


@pytest.mark.parametrize("path", ["", "/overview", "/pages/{home}", "/pages/{home}/Product+Home"])
def test_the_addresses_of_a_page(wiki: Wiki, path: str) -> None:
    """A space opens its home page; a title behind the id is not read."""
    home = wiki.space()["homepageId"]
    answer = wiki.send("GET", f"/wiki/spaces/prod{path.format(home=home)}")
    assert answer.status_code == 200
    assert "Product Home" in answer.text


def test_what_is_not_there_or_not_shown_is_a_404_page(wiki: Wiki) -> None:
    """A missing, trashed or draft page, another space's page, an unknown space."""
    gone, draft = wiki.create("Gone"), wiki.create("Draft", status="draft")
    wiki.call("DELETE", f"/pages/{gone['id']}", 204)
    home = wiki.space("HELP")["homepageId"]
    for path in ("PROD/pages/7", "PROD/pages/x", f"PROD/pages/{gone['id']}", f"PROD/pages/{home}",
                 f"PROD/pages/{draft['id']}", "NONE"):  # fmt: skip
        answer = wiki.send("GET", f"/wiki/spaces/{path}")
        assert answer.status_code == 404, path
        assert "find that page" in answer.text


@pytest.mark.parametrize("colour", ["Grey", "Red", "Yellow", "Green", "Blue", "Purple"])
def test_a_status_is_a_lozenge_of_its_colour(wiki: Wiki, colour: str) -> None:
    """With its title in it."""
    tree = seen(wiki, macro("status", colour=colour, title="On track"))
    assert one(tree, f".lozenge-{colour.lower()}").text == "On track"


@pytest.mark.parametrize(
    ("name", "look"),
    [("info", "info"), ("note", "warning"), ("tip", "success"), ("warning", "error")],
)
def test_panels_look_as_cloud_names_them_today(wiki: Wiki, name: str, look: str) -> None:
    """The old macro names stand for other colours than they say."""
    tree = seen(wiki, macro(name, RICH.format("<p>text</p>"), title="Head"))
    assert one(tree, f".panel-{look} .panel-text").text_content() == "Headtext"


def test_a_custom_panel_has_its_colour_and_icon(wiki: Wiki) -> None:
    """And an ADF panel its kind."""
    body = macro("panel", RICH.format("<p>x</p>"), bgColor="#EAE6FF", panelIconText="R")
    adf = (
        '<ac:adf-extension><ac:adf-node type="panel"><ac:adf-attribute key="panel-type">note'
        "</ac:adf-attribute><ac:adf-content><p>purple</p></ac:adf-content></ac:adf-node>"
        "</ac:adf-extension>"
    )
    tree = seen(wiki, body + adf)
    assert one(tree, ".panel-custom").get("style") == "background-color: #EAE6FF"
    assert one(tree, ".panel-note .panel-text").text_content() == "purple"


def test_an_expand_is_closed_with_its_title(wiki: Wiki) -> None:
    """A reader opens it."""
    tree = seen(wiki, macro("expand", RICH.format("<p>inside</p>"), title="More"))
    expand = one(tree, ".expand")
    assert (expand.tag, expand.get("open")) == ("details", None)
    assert expand.xpath("string(summary)") == "More"


def test_contents_list_the_headings_and_lead_to_them(wiki: Wiki) -> None:
    """Levels nest, limits hold, equal headings get ids of their own."""
    body = (
        macro("toc", maxLevel="2")
        + "<h1>Now</h1><h2>Team A</h2><h3>Deep</h3><h2>Team B</h2><h1>Now</h1>"
    )
    tree = seen(wiki, body)
    links = one(tree, ".toc").xpath(".//a")
    assert [link.text for link in links] == ["Now", "Team A", "Team B", "Now"]
    assert [len(link.xpath("ancestor::ul")) for link in links] == [1, 2, 2, 1]
    targets = {link.get("href") for link in links}
    assert targets == {f"#{entry}" for entry in ("Now", "Team-A", "Team-B", "Now.1")}
    assert all(tree.xpath("count(//*[@id=$id])", id=t[1:]) == 1 for t in targets)


def test_tasks_are_boxes_that_show_their_state(wiki: Wiki) -> None:
    """Nested ones stand below."""
    task = "<ac:task><ac:task-status>{}</ac:task-status><ac:task-body>{}</ac:task-body>{}</ac:task>"
    nested = f"<ac:task-list>{task.format('complete', 'inner', '')}</ac:task-list>"
    tree = seen(wiki, f"<ac:task-list>{task.format('incomplete', 'outer', nested)}</ac:task-list>")
    boxes = tree.xpath("//span[@role='checkbox']/@aria-checked")
    assert boxes == ["false", "true"]
    assert one(tree, ".tasks .tasks").text_content() == "✓inner"


def test_a_layout_is_columns(wiki: Wiki) -> None:
    """As many and as wide as its type says."""
    cells = "".join(f"<ac:layout-cell><p>{n}</p></ac:layout-cell>" for n in (1, 2))
    body = (
        '<ac:layout><ac:layout-section ac:type="two_right_sidebar" ac:breakout-mode="wide">'
        f"{cells}</ac:layout-section></ac:layout>"
    )
    section = one(seen(wiki, body), ".section-wide")
    assert section.get("style") == "grid-template-columns: 2fr 1fr"
    assert [cell.text_content() for cell in section] == ["1", "2"]


def test_tables_keep_their_layout_widths_spans_and_colours(wiki: Wiki) -> None:
    """Widths are shares of the whole."""
    body = (
        '<table data-layout="wide"><colgroup><col style="width: 100.0px;"/><col style="width: '
        '300px;"/></colgroup><tbody><tr><th colspan="2">H</th></tr><tr>'
        '<td data-highlight-colour="#deebff" rowspan="1">a</td><td>b</td></tr></tbody></table>'
    )
    tree = seen(wiki, body)
    wide = one(tree, ".table-wide")
    assert wide.xpath(".//col/@style") == ["width: 25.000%", "width: 75.000%"]
    assert wide.xpath(".//th/@colspan") == ["2"]
    assert wide.xpath(".//td/@style") == ["background-color: #deebff"]


def test_links_lead_where_they_say_or_nowhere(wiki: Wiki) -> None:
    """To a page by title, to another space's, to an anchor, to a file; a missing one is told."""
    target = wiki.create("Target")
    body = (
        '<p><ac:link><ri:page ri:content-title="target"/></ac:link>'
        '<ac:link ac:anchor="part"><ri:page ri:content-title="Help centre Home" '
        'ri:space-key="HELP"/><ac:link-body>the <em>help</em></ac:link-body></ac:link>'
        '<ac:link ac:anchor="here"><ac:plain-text-link-body>down</ac:plain-text-link-body>'
        "</ac:link>"
        '<ac:link><ri:page ri:content-title="Nowhere"/></ac:link>'
        '<ac:link><ri:attachment ri:filename="no.png"/></ac:link>'
        '<ac:link><ri:space ri:space-key="SUP"/></ac:link>'
        '<ac:link><ri:user ri:account-id="bot"/></ac:link></p>'
    )
    tree = seen(wiki, body)
    links = [(a.text_content(), a.get("href")) for a in tree.xpath("//div[@class='content']//a")]
    assert links == [
        ("target", f"/wiki/spaces/PROD/pages/{target['id']}"),
        ("the help", f"/wiki/spaces/HELP/pages/{wiki.space('HELP')['homepageId']}#part"),
        ("down", "#here"),
        ("Support", "/wiki/spaces/SUP"),
    ]
    dead = tree.xpath("//span[@class='dead-link']")
    assert [span.text for span in dead] == ["Nowhere", "no.png"]
    assert one(tree, ".mention").text == "@pmsync bot"


def test_an_issues_smart_link_shows_its_key_and_what_jira_says(wiki: Wiki) -> None:
    """Only what the lookup gives a reader: without it, the key alone."""
    wiki.state.issue_lookup = lambda key: (
        IssueCard(summary="Pay <later>", status="Done", category="done")
        if key == "SHOP-1"
        else None
    )
    link = '<a href="https://j.test/browse/{0}" data-card-appearance="inline">{0}</a>'
    tree = seen(wiki, f"<p>{link.format('SHOP-1')} {link.format('SHOP-2')}</p>" + macro(
        "jira", key="SHOP-3"))  # fmt: skip
    cards = tree.xpath("//*[contains(@class, 'card')][not(ancestor::*[contains(@class,'card')])]")
    texts = [card.text_content() for card in cards]
    assert texts == ["SHOP-1: Pay <later>Done", "SHOP-2", "SHOP-3"]
    assert one(tree, ".lozenge-green").text == "Done"


def test_pictures_come_from_the_pages_own_files_only(wiki: Wiki) -> None:
    """A missing file and a picture elsewhere are named, never fetched."""
    page = wiki.create("Roadmap")
    wiki.send("PUT", f"/wiki/rest/api/content/{page['id']}/child/attachment",
              headers={"X-Atlassian-Token": "nocheck"},
              files={"file": ("a b.png", b"x"), "minorEdit": (None, "true")})  # fmt: skip
    image = "<ac:image ac:width='300' ac:alt='chart'>{}</ac:image>"
    body = "".join(image.format(source) for source in (
        '<ri:attachment ri:filename="a b.png"/>', '<ri:attachment ri:filename="no.png"/>',
        '<ri:url ri:value="https://evil.test/x.png"/>', '<ri:url ri:value="http://[x"/>',
    ))  # fmt: skip
    wiki.call("PUT", f"/pages/{page['id']}", json=wiki.change(page, body))
    tree = html.fromstring(wiki.read(page["id"]))
    images = tree.xpath("//img")
    assert [image.get("src") for image in images] == [
        f"/wiki/download/attachments/{page['id']}/a%20b.png"
    ]
    assert (images[0].get("width"), images[0].get("alt")) == ("300", "chart")
    missing = [span.text for span in tree.xpath("//span[@class='image-missing']")]
    assert missing == ["No such file: no.png", "Picture on evil.test", "No such file: picture"]
    assert tree.xpath("//details[@class='below']//td/a/text()") == ["a b.png"]


def test_code_is_shown_as_written_with_line_numbers(wiki: Wiki) -> None:
    """Markup in it stays text."""
    inner = "<ac:plain-text-body><![CDATA[a <b>\n  c]]></ac:plain-text-body>"
    tree = seen(wiki, macro("code", inner, title="Query"))
    assert one(tree, ".code-text").text == "a <b>\n  c"
    assert one(tree, ".code-lines").text == "1\n2"
    assert one(tree, ".code-title").text == "Query"


def test_dates_emoji_and_anchors(wiki: Wiki) -> None:
    """A date in words, a sign as a sign, an anchor as a target."""
    body = (
        '<p><time datetime="2026-09-24"/> <ac:emoticon ac:name="tick"/>'
        '<ac:emoticon ac:name="x" ac:emoji-id="1f604" ac:emoji-fallback="😄"/></p>'
    )
    tree = seen(wiki, body + "<p>" + macro("anchor", **{"": "spot"}) + "</p>")
    assert one(tree, ".date").text == "Sep 24, 2026"
    assert one(tree, ".sign-tick").text == "✓"
    assert one(tree, ".emoji").text == "😄"
    assert one(tree, ".anchor").get("id") == "spot"


def test_lists_of_files_and_of_labelled_pages(wiki: Wiki) -> None:
    """Attachments, content by label, the page tree, a file's card."""
    page = wiki.create("Roadmap")
    wiki.send("PUT", f"/wiki/rest/api/content/{page['id']}/child/attachment",
              headers={"X-Atlassian-Token": "nocheck"},
              files={"file": ("a.txt", b"x"), "minorEdit": (None, "true")})  # fmt: skip
    card = '<ac:parameter ac:name="name"><ri:attachment ri:filename="a.txt"/></ac:parameter>'
    body = (
        macro("attachments")
        + macro("view-file", card)
        + macro("contentbylabel", cql="title = Roadmap")
        + macro("pagetree")
    )
    wiki.call("PUT", f"/pages/{page['id']}", json=wiki.change(page, body))
    tree = html.fromstring(wiki.read(page["id"]))
    texts = tree.xpath("//div[@class='content']//li/a/text()")
    assert texts == ["a.txt", "Roadmap", "Roadmap"]
    assert one(tree, ".file-card").text == "a.txt"


def test_hidden_properties_and_excerpts_are_not_drawn(wiki: Wiki) -> None:
    """They are for reports and includes only."""
    inner = RICH.format("<p>secret</p>")
    tree = seen(
        wiki, macro("details", inner, hidden="true") + macro("excerpt", inner, hidden="true")
    )
    assert "secret" not in tree.xpath("string(//div[@class='content'])")


def test_columns_decisions_and_collapsed_code(wiki: Wiki) -> None:
    """The rarer ways to lay a page out."""
    decision = (
        '<ac:adf-extension><ac:adf-node type="decision-list"><ac:adf-node type="decision-item">'
        "<ac:adf-content>Ship it</ac:adf-content></ac:adf-node></ac:adf-node></ac:adf-extension>"
    )
    column = macro("column", RICH.format("<p>left</p>"), width="30%")
    code = macro("code", "<ac:plain-text-body>x</ac:plain-text-body>", collapse="true")
    fallback = (
        '<ac:adf-extension><ac:adf-node type="odd"/><ac:adf-fallback><p>instead</p>'
        "</ac:adf-fallback></ac:adf-extension>"
    )
    tree = seen(wiki, decision + macro("section", RICH.format(column)) + code + fallback)
    assert one(tree, ".decisions li").text == "Ship it"
    assert one(tree, ".column").get("style") == "width: 30%"
    assert one(tree, ".code details").get("open") is None
    assert "instead" in tree.xpath("string(//div[@class='content'])")


def test_a_jira_macro_is_a_box_with_its_query(wiki: Wiki) -> None:
    """The sandbox's reader sees what would be asked."""
    tree = seen(wiki, macro("jira", jqlQuery="project = SHOP", maximumIssues="20"))
    assert one(tree, ".macro-box").text_content() == "Jira issuesproject = SHOPat most 20"


def test_children_and_excerpts_of_other_pages(wiki: Wiki) -> None:
    """A list of the pages below, and a part of another page."""
    wiki.create("Source", macro("excerpt", RICH.format("<p>quoted part</p>"), name="e"))
    page = wiki.create("Parent", macro("children", all="true"))
    child = wiki.create("Child", parentId=page["id"])
    wiki.create("Grandchild", parentId=child["id"])
    tree = html.fromstring(wiki.read(page["id"]))
    assert tree.xpath("//div[@class='content']//li/a/text()") == ["Child", "Grandchild"]
    link = '<ac:link><ri:page ri:content-title="Source"/></ac:link>'
    include = seen(wiki, macro("excerpt-include", **{"": link}), "Reader")
    assert "quoted part" in include.xpath("string(//div[@class='content'])")
    lost = seen(wiki, macro("include", **{"": link.replace("Source", "None")}), "Lost")
    assert "could not be found" in one(lost, ".macro-error").text_content()


def test_page_properties_are_reported_over_a_label(wiki: Wiki) -> None:
    """A row a page, a column a property, with its look; an unknown query says so."""
    table = (
        "<table><tbody><tr><th>Owner</th><td>Ana</td></tr><tr><th>State</th><td>{}</td></tr>"
        "</tbody></table>"
    )
    for title, colour in (("A", "Green"), ("B", "Red")):
        status = macro("status", colour=colour, title="S")
        made = wiki.create(title, macro("details", RICH.format(table.format(status)), id="p"))
        wiki.send("POST", f"/wiki/rest/api/content/{made['id']}/label",
                  json=[{"prefix": "global", "name": "roadmap"}])  # fmt: skip
    tree = seen(wiki, macro("detailssummary", cql='label = "roadmap"', firstcolumn="Page"))
    rows = tree.xpath("//div[@class='content']//tr")
    assert [[cell.text_content() for cell in row] for row in rows] == [
        ["Page", "Owner", "State"], ["A", "Ana", "S"], ["B", "Ana", "S"],
    ]  # fmt: skip
    assert one(tree, ".lozenge-red") is not None
    bad = seen(wiki, macro("detailssummary", cql="nonsense"), "Bad")
    assert "Could not parse cql" in one(bad, ".macro-error").text_content()


def test_pages_that_include_each_other_end(wiki: Wiki) -> None:
    """Neither includes nor reports run in circles."""
    link = '<ac:link><ri:page ri:content-title="{}"/></ac:link>'
    first = wiki.create("First")
    wiki.create("Second", macro("include", **{"": link.format("First")}))
    report = macro("detailssummary", cql="space = PROD")
    table = f"<table><tbody><tr><th>k</th><td>{report}</td></tr></tbody></table>"
    body = macro("include", **{"": link.format("Second")}) + macro("details", RICH.format(table))
    wiki.call("PUT", f"/pages/{first['id']}", json=wiki.change(first, body))
    assert "First" in wiki.read(first["id"])


def test_an_open_comment_is_highlighted_and_quoted_below(wiki: Wiki) -> None:
    """A resolved one is not highlighted any more."""
    page = wiki.create("Roadmap", "<p>The order is odd.</p>")
    deed = {"do": "comment", "page": page["id"], "text": "order", "comment": "Why?"}
    said = wiki.state.human(deed)
    tree = html.fromstring(wiki.read(page["id"]))
    assert one(tree, ".commented").text == "order"
    thread = tree.xpath("string(//div[@class='thread'])")
    assert "order" in thread
    assert "Mia Krystof" in thread
    assert "Why?" in thread
    wiki.state.human({"do": "resolve-comment", "page": page["id"], "comment": said["comment"]})
    settled = html.fromstring(wiki.read(page["id"]))
    assert settled.xpath("//span[@class='commented']") == []
    assert "resolved" in settled.xpath("string(//div[@class='thread'])")


def test_a_full_width_page_is_wide(wiki: Wiki) -> None:
    """As its published appearance says."""
    page = wiki.create("Roadmap")
    entry = {"key": "content-appearance-published", "value": "full-width"}
    wiki.call("POST", f"/pages/{page['id']}/properties", json=entry)
    assert "page page-full-width" in wiki.read(page["id"])


def test_labels_are_shown(wiki: Wiki) -> None:
    """Below the content."""
    page = wiki.create("Roadmap")
    wiki.send("POST", f"/wiki/rest/api/content/{page['id']}/label",
              json=[{"prefix": "global", "name": "roadmap"}])  # fmt: skip
    tree = html.fromstring(wiki.read(page["id"]))
    assert tree.xpath("//div[@class='labels']/span/text()") == ["roadmap"]


def test_nothing_of_a_page_may_run_or_load_from_elsewhere(wiki: Wiki) -> None:
    """The policy of the document forbids it, whatever stands in it."""
    answer = wiki.send("GET", "/wiki/spaces/PROD")
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script" not in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


ATTACKS = [
    "javascript:alert(1)", "JaVaScRiPt:alert(1)", "java\tscript:alert(1)", " javascript:alert(1)",
    "\u2028javascript:alert(1)", "data:text/html,<script>1</script>", "vbscript:x", "file:///etc",
    "javascript&#58;alert(1)", "x:y", "blob:https://x", "\x7fjavascript:alert(1)",
]  # fmt: skip


@pytest.mark.parametrize("address", ATTACKS)
def test_an_address_that_could_do_harm_is_no_link(address: str) -> None:
    """Only the web, mail and telephone schemes are."""
    assert safe_address(address) is None or ":" not in (safe_address(address) or "")


@pytest.mark.parametrize(
    "address",
    [
        "https://x.test/a?b=c:d",
        "http://x.test",
        "mailto:a@x.test",
        "/wiki/x",
        "#a",
        "a/b:c",
        "?x=y:z",
    ],
)
def test_a_plain_address_is_kept(address: str) -> None:
    """A colon behind the first slash, question mark or hash is no scheme."""
    assert safe_address(address) == address


@pytest.mark.parametrize(
    ("style", "kept"),
    [
        ("color: rgb(0,102,68);", "color: rgb(0,102,68)"),
        ("color: red; background-image: url(x)", "color: red"),
        ("position: fixed; top: 0", None),
        ("width: expression(alert(1))", None),
        ("color: red;}</style><script>", "color: red"),
        ("text-align: center", "text-align: center"),
        (None, None),
    ],
)
def test_a_style_keeps_what_is_known_only(style: str | None, kept: str | None) -> None:
    """Colours, alignment, indent and width."""
    assert safe_style(style) == kept


TEXT = st.sampled_from([
    "<script>alert(1)</script>", "</style><script>alert(1)</script>", '"><img src=x onerror=a()>',
    "'-alert(1)-'", "{{7*7}}", "&lt;b&gt;", "\u202e", "]]>", "--><svg onload=a()>",
])  # fmt: skip


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=TEXT, address=st.sampled_from(ATTACKS), title=TEXT)
def test_hostile_texts_stay_text(text: str, address: str, title: str) -> None:
    """In every place that takes a text: nothing of it becomes an element, handler or address."""
    state = ConfluenceState(Clock(), ACCOUNT)
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    quoted = escaped.replace('"', "&quot;").replace("'", "&#39;")
    link = address.replace("&", "&amp;").replace("<", "&lt;").replace("\x7f", "")
    link = link.replace("\u2028", "&#8232;")
    body = (
        f'<h1>{escaped}</h1><p title="{quoted}" style="{quoted}">{escaped}'
        f'<a href="{link}" data-card-appearance="inline">{escaped}</a><a href="{link}">x</a>'
        f'<span style="{quoted}">x</span><ac:link><ri:page ri:content-title="{quoted}"/></ac:link>'
        f'<time datetime="{quoted}"/><ac:emoticon ac:name="{quoted}" ac:emoji-fallback="{quoted}"/>'
        f'<ac:link ac:anchor="{quoted}"><ac:plain-text-link-body>{escaped}'
        "</ac:plain-text-link-body></ac:link></p>"
        + macro("status", title=escaped, colour=escaped)
        + macro("panel", RICH.format("<p>x</p>"), title=escaped, bgColor=escaped)
        + macro("expand", RICH.format("<p>x</p>"), title=escaped)
        + macro("jira", jqlQuery=escaped)
        + macro("jira", key=escaped)
        + macro("livesearch", spaceKey=escaped)
        + macro("anchor", **{"": escaped})
        + f'<ac:image ac:alt="{quoted}" ac:width="{quoted}"><ri:url ri:value="{link}"/></ac:image>'
        + f'<table data-layout="{quoted}"><tbody><tr><td colspan="{quoted}" '
        f'data-highlight-colour="{quoted}">x</td></tr></tbody></table>'
    )
    home = state.spaces[98305].homepage_id
    page = state.add_page(space_id=98305, title=title, body=state.stored(body), parent_id=home)
    _assert_harmless(page_document(state, page))


def _assert_harmless(document: bytes) -> None:
    tree = html.fromstring(document)
    assert tree.xpath("//script | //iframe | //object | //svg | //form | //base | //link") == []
    assert len(tree.xpath("//style")) == 1
    names = {str(name) for element in tree.iter() for name in element.attrib}
    assert not [name for name in names if name.startswith("on")]
    for address in tree.xpath("//@href | //@src"):
        scheme = re.match(r"\s*([a-zA-Z][\w+.-]*):", address)
        assert scheme is None or scheme[1] in {"http", "https", "mailto", "tel"}, address
    for style in tree.xpath("//@style"):
        assert not re.search(r"url|expression|@import|<", style)
