"""Wiki markup becomes the nodes that Jira Cloud shows for it."""

from typing import Any

import adf_structure
import pytest

from pmsync.sandbox.people import account_id
from pmsync.sandbox.wiki import to_adf


def nodes(text: str) -> list[dict[str, Any]]:
    """The block nodes of a text, checked for structure."""
    document = to_adf(text)
    assert adf_structure.faults(document) == []
    content: list[dict[str, Any]] = document["content"]
    return content


def runs(text: str) -> list[tuple[str, list[str]]]:
    """Texts with the names of their marks; other inline nodes by their type."""
    (only,) = nodes(text)
    return [
        (one.get("text", f"<{one['type']}>"), [mark["type"] for mark in one.get("marks", ())])
        for one in only["content"]
    ]


def test_blank_text_has_no_content() -> None:
    """Nothing but blanks is an empty document."""
    assert to_adf(" \n\t\n")["content"] == []


@pytest.mark.parametrize("level", range(1, 7))
def test_headings(level: int) -> None:
    """h1 to h6 keep their level."""
    (heading,) = nodes(f"h{level}. Why")
    assert heading["type"] == "heading"
    assert heading["attrs"] == {"level": level}


@pytest.mark.parametrize(
    ("markup", "mark"),
    [
        ("*x y*", "strong"),
        ("_x y_", "em"),
        ("??x y??", "em"),
        ("-x y-", "strike"),
        ("+x y+", "underline"),
        ("^x y^", "subsup"),
        ("~x y~", "subsup"),
        ("{*}x y{*}", "strong"),
        ("{{x y}}", "code"),
    ],
)
def test_marks(markup: str, mark: str) -> None:
    """A pair of signs marks what is between them."""
    assert runs(f"a {markup} b") == [("a ", []), ("x y", [mark]), (" b", [])]


@pytest.mark.parametrize(
    "text",
    [
        "2 * 3 * 4",
        "snake_case_name",
        "a - b - c",
        "well-known-word",
        "1+1+1",
        "*not closed",
        "one * *",
        "C:\\temp\\x",
        "array[0] and [Java] tags",
        "{unknown:x=1} macro",
        "wow! great!",
        "f(x) of y",
    ],
)
def test_plain_text_stays(text: str) -> None:
    """Signs that mean nothing where they stand are text."""
    assert runs(text) == [(text, [])]


def test_marks_nest() -> None:
    """Inner marks are added to outer ones."""
    assert runs("*a _b_*") == [("a ", ["strong"]), ("b", ["strong", "em"])]


def test_code_drops_other_marks() -> None:
    """ADF allows no bold code, so code wins."""
    assert runs("*a {{b}}*") == [("a ", ["strong"]), ("b", ["code"])]


@pytest.mark.parametrize(
    ("name", "colour"),
    [("red", "#ff0000"), ("#00aaFF", "#00aaff"), ("Green", "#008000")],
)
def test_colours(name: str, colour: str) -> None:
    """Named and hex colours become text colours up to the closing tag."""
    (paragraph,) = nodes(f"{{color:{name}}}a{{color}}b")
    first, second = paragraph["content"]
    assert first["marks"] == [{"type": "textColor", "attrs": {"color": colour}}]
    assert "marks" not in second


def test_unknown_colour_stays_text() -> None:
    """A colour that is none is shown as it was written."""
    assert runs("{color:loud}a") == [("{color:loud}a", [])]


@pytest.mark.parametrize(
    ("markup", "text", "href"),
    [
        ("[docs|https://a.example/x]", "docs", "https://a.example/x"),
        ("[https://a.example/x]", "https://a.example/x", "https://a.example/x"),
        ("https://a.example/x", "https://a.example/x", "https://a.example/x"),
        ("[mail|mailto:a@b.example]", "mail", "mailto:a@b.example"),
        ("[below|#anchor]", "below", "#anchor"),
    ],
)
def test_links(markup: str, text: str, href: str) -> None:
    """Links with and without a text."""
    (paragraph,) = nodes(markup)
    (link,) = paragraph["content"]
    assert (link["text"], link["marks"]) == (text, [{"type": "link", "attrs": {"href": href}}])


def test_bare_link_ends_before_the_full_stop() -> None:
    """Punctuation behind an address is not part of it."""
    assert runs("see https://a.example/x.") == [
        ("see ", []),
        ("https://a.example/x", ["link"]),
        (".", []),
    ]


def test_script_is_no_link() -> None:
    """An address that would run a script stays text."""
    assert runs("[x|javascript:alert(1)]") == [("[x|javascript:alert(1)]", [])]


def test_mentions() -> None:
    """A name leads to the account id that loading gives to the same name."""
    (paragraph,) = nodes("[~user0001] [~accountid:5b10ac]")
    first, _, second = paragraph["content"]
    assert first["attrs"] == {"id": account_id("user0001"), "text": "@user0001"}
    assert second["attrs"]["id"] == "5b10ac"


def test_emoji_and_escapes() -> None:
    """Emoticons become emoji; a backslash takes a sign's meaning away."""
    assert runs(r"ok (/) \*not bold\*") == [
        ("ok ", []),
        ("<emoji>", []),
        (" *not bold*", []),
    ]


def test_line_ends_are_hard_breaks() -> None:
    """Lines of a paragraph and forced breaks; a blank line ends the paragraph."""
    first, second = nodes("a\nb \\\\ c\n\nd")
    assert [one["type"] for one in first["content"]] == [
        "text",
        "hardBreak",
        "text",
        "hardBreak",
        "text",
    ]
    assert second["content"][0]["text"] == "d"


def test_lists_nest() -> None:
    """Bullets, numbers below them, and a line that goes on."""
    (bullets,) = nodes("* a\n** b\n*# c\nmore\n* d")
    first, second = bullets["content"]
    assert [one["type"] for one in first["content"]] == ["paragraph", "bulletList", "orderedList"]
    (numbered,) = first["content"][2]["content"]
    assert [one["type"] for one in numbered["content"][0]["content"]] == [
        "text",
        "hardBreak",
        "text",
    ]
    assert second["content"][0]["content"][0]["text"] == "d"


def test_kinds_of_lists_are_apart() -> None:
    """Bullets and numbers side by side are two lists; dashes are bullets."""
    assert [one["type"] for one in nodes("- a\n# b\n# c")] == ["bulletList", "orderedList"]


def test_tables() -> None:
    """Headers, cells, bars inside links, and cells over several lines."""
    (table,) = nodes("||a||b||\n|[x|https://y.example]|two\nlines|\n|c|d|")
    head, first, second = table["content"]
    assert [one["type"] for one in head["content"]] == ["tableHeader", "tableHeader"]
    assert len(first["content"]) == len(second["content"]) == 2
    assert [one["type"] for one in first["content"][1]["content"][0]["content"]] == [
        "text",
        "hardBreak",
        "text",
    ]


def test_code_blocks() -> None:
    """Language and title of a code block; markup inside is text."""
    title, code = nodes("{code:java|title=A.java}\n*int* a;\n{code}")
    assert title["content"][0]["text"] == "A.java"
    assert code["attrs"] == {"language": "java"}
    assert code["content"] == [{"type": "text", "text": "*int* a;"}]


def test_noformat_and_empty_code() -> None:
    """Preformatted text has no language; an empty block no text."""
    assert nodes("{noformat}a{noformat}")[0]["content"][0]["text"] == "a"
    assert "content" not in nodes("{code}{code}")[0]


def test_code_in_the_middle_of_a_line() -> None:
    """What stands before and after a code block is kept."""
    assert [one["type"] for one in nodes("a {code}b{code} c")] == [
        "paragraph",
        "codeBlock",
        "paragraph",
    ]


def test_unclosed_macro_is_text() -> None:
    """A macro that never ends is not one."""
    assert runs("{code} forever") == [("{code} forever", [])]


@pytest.mark.parametrize(
    ("macro", "kind"),
    [("panel", "info"), ("note", "note"), ("warning", "warning"), ("tip", "success")],
)
def test_panels(macro: str, kind: str) -> None:
    """Panels and their title."""
    (panel,) = nodes(f"{{{macro}:title=T|bgColor=#fff}}\n* a\n{{{macro}}}")
    assert panel["attrs"] == {"panelType": kind}
    assert [one["type"] for one in panel["content"]] == ["paragraph", "bulletList"]


def test_quotes() -> None:
    """Both ways to quote; a heading inside becomes a paragraph, as ADF asks."""
    first, second = nodes("bq. a\n{quote}\nh2. b\n{quote}")
    assert first["type"] == second["type"] == "blockquote"
    assert second["content"][0]["type"] == "paragraph"


def test_table_in_a_panel_leaves_its_cells() -> None:
    """A table may not stand in a panel: what its cells hold does."""
    (panel,) = nodes("{panel}\n|a|b|\n{panel}")
    assert [one["content"][0]["text"] for one in panel["content"]] == ["a", "b"]


def test_rule_and_image() -> None:
    """A rule; an image from elsewhere; an attachment by its name."""
    rule, image, name = nodes("----\n\n!https://a.example/b.png|width=9!\n\n!shot.png|thumbnail!")
    assert rule == {"type": "rule"}
    assert image["content"][0]["attrs"] == {"type": "external", "url": "https://a.example/b.png"}
    assert name["content"][0]["text"] == "shot.png"


def test_windows_line_ends() -> None:
    """Carriage returns make no difference."""
    assert to_adf("h1. a\r\n* b\r\n") == to_adf("h1. a\n* b\n")
