"""Field values of every kind: numbers, texts, choices, documents, and what nobody expected."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pmsync.adapters.jira.values import document_text, raw
from pmsync.core.model import Raw

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, None),
        ("", None),
        ([], None),
        ("text", "text"),
        (3, 3.0),
        (2.5, 2.5),
        (0, 0.0),
        (True, True),
        (False, False),
        ({"self": "https://x", "value": "High", "id": "10030"}, "High"),
        ({"id": "3", "name": "Medium"}, "Medium"),
        ({"accountId": "a", "displayName": "Ana"}, "Ana"),
        ({"value": "Europe", "child": {"value": "Berlin", "id": "2"}}, "Europe - Berlin"),
        ([{"value": "Red"}, {"value": "Blue"}], ("Red", "Blue")),
        (["a", None, "b"], ("a", "b")),
        ([None], None),
        ([1, 2], ("1", "2")),
        ({"progress": 0, "total": 0}, '{"progress":0,"total":0}'),
        ({}, "{}"),
    ],
)
def test_each_kind_of_value(value: Any, expected: Raw) -> None:
    """Numbers are numbers, choices their texts, lists of them tuples, emptiness None."""
    assert raw(value) == expected
    assert isinstance(raw(value), type(expected))


@given(JSON)
def test_nothing_is_refused(value: Any) -> None:
    """Whatever Jira sends becomes something the core knows."""
    kept = raw(value)
    assert kept is None or isinstance(kept, float | str | bool | tuple)
    assert kept not in ("", ())


def document(*content: dict[str, Any]) -> dict[str, Any]:
    """A document in Atlassian's format."""
    return {"type": "doc", "version": 1, "content": list(content)}


def paragraph(*texts: str) -> dict[str, Any]:
    """A paragraph of texts."""
    return {"type": "paragraph", "content": [{"type": "text", "text": text} for text in texts]}


def test_a_document_becomes_its_text() -> None:
    """Blocks are lines, marks and attributes are gone, cards and mentions keep their text."""
    told = document(
        {"type": "heading", "attrs": {"level": 2}, "content": [{"type": "text", "text": "Why"}]},
        paragraph("People ", "give up ", "at the till."),
        {
            "type": "bulletList",
            "content": [
                {"type": "listItem", "content": [paragraph("one")]},
                {"type": "listItem", "content": [paragraph("two")]},
            ],
        },
        {
            "type": "paragraph",
            "content": [
                {"type": "mention", "attrs": {"id": "a", "text": "@Ana"}},
                {"type": "hardBreak"},
                {"type": "inlineCard", "attrs": {"url": "https://acme.test/browse/SHOP-1"}},
                {"type": "emoji", "attrs": {"shortName": ":tada:"}},
            ],
        },
    )
    assert raw(told) == (
        "Why\nPeople give up at the till.\none\ntwo\n@Ana\nhttps://acme.test/browse/SHOP-1:tada:"
    )


def test_an_unknown_node_keeps_what_is_in_it() -> None:
    """A node of a kind to come degrades to its content."""
    told = document({"type": "holographicPanel", "content": [paragraph("still here")]})
    assert raw(told) == "still here"


@pytest.mark.parametrize(
    "broken",
    [
        {"type": "doc"},
        {"type": "doc", "content": None},
        {"type": "doc", "content": [None, 3, "loose", {"type": "text", "text": 5}]},
        {"type": "doc", "content": [{"content": "no list", "attrs": "none"}]},
    ],
)
def test_a_broken_document_is_no_crash(broken: dict[str, Any]) -> None:
    """What is not as documented is read as far as it goes."""
    assert raw(broken) in (None, "loose")


def test_depth_does_not_matter() -> None:
    """A document nested a hundred thousand levels deep is read without recursion."""
    node: dict[str, Any] = {"type": "text", "text": "deep"}
    for _ in range(100_000):
        node = {"type": "panel", "content": [node]}
    assert document_text({"type": "doc", "content": [node]}) == "deep"
    while "content" in node:  # taken apart, so that freeing it does not recurse either
        node = node.pop("content")[0]


@given(st.lists(st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), min_size=1)))
def test_texts_of_a_document_are_kept(texts: list[str]) -> None:
    """No text gets lost on the way, and JSON makes no difference."""
    told = json.loads(json.dumps(document(*(paragraph(text) for text in texts))))
    lines = [text.rstrip() for text in texts]
    assert (raw(told) or "") == "\n".join(line for line in lines if line)
