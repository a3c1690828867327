"""Whatever the text: a valid document, no word lost, time that grows with the length only."""

import json

import adf_structure
from hypothesis import given
from hypothesis import strategies as st

from pmsync.sandbox.wiki import to_adf

_MARKUP = [
    *(
        "*",
        "_",
        "-",
        "+",
        "^",
        "~",
        "??",
        "{{",
        "}}",
        "{*}",
        "{color:red}",
        "{color}",
        "[",
        "]",
        "|",
    ),
    *("||", "!", "\\", "\\\\", "\n", "\n\n", "\n* ", "\n## ", "\n| ", "\n|| ", "\nh2. ", "\nbq. "),
    *(
        "\n----\n",
        "{code}",
        "{code:java}",
        "{noformat}",
        "{panel}",
        "{panel:bgColor=red}",
        "{quote}",
    ),
    *(
        "{info}",
        " ",
        "  ",
        "[~",
        "[^",
        "http://",
        "mailto:",
        ":)",
        "(x)",
        "(*)",
        "{",
        "}",
        "&",
        "<b>",
    ),
    *("]]>", "\u202e", "日本", "العربية", "🎁", "\t", "\r\n"),
]


@given(st.text())
def test_any_text_makes_a_valid_document(text: str) -> None:
    """Nothing raises, and what comes out has the structure of ADF."""
    document = to_adf(text)
    assert adf_structure.faults(document) == []
    json.dumps(document)


@given(st.lists(st.sampled_from(_MARKUP) | st.just("word"), max_size=60))
def test_no_word_is_lost(pieces: list[str]) -> None:
    """Numbered words between any markup are all there, in text or in an address."""
    numbered = [f"w{place}w" if piece == "word" else piece for place, piece in enumerate(pieces)]
    document = to_adf("".join(numbered))
    assert adf_structure.faults(document) == []
    shown = adf_structure.words(document)
    assert [one for one in numbered if one.startswith("w") and one not in shown] == []


@given(st.text(alphabet=st.characters(categories=["L", "N"]), min_size=1))
def test_letters_and_digits_are_unchanged(text: str) -> None:
    """A word is that word."""
    (paragraph,) = to_adf(text)["content"]
    assert paragraph["content"] == [{"type": "text", "text": text}]


@given(st.sampled_from(_MARKUP), st.integers(1, 400))
def test_repeated_signs_are_no_trap(sign: str, times: int) -> None:
    """Long runs of one sign stay valid: neither deep recursion nor a hole in the structure."""
    assert adf_structure.faults(to_adf(f"{sign}a " * times)) == []


@given(st.sampled_from(["{quote}", "{panel}", "* ", "*_+"]), st.integers(1, 300))
def test_deep_nesting_is_cut(sign: str, depth: int) -> None:
    """A document nests no deeper than a client can read."""
    text = sign * depth + "x" + sign * depth
    assert _depth(to_adf(text)) < 40


def _depth(node: object) -> int:
    if isinstance(node, dict):
        return 1 + max(map(_depth, node.values()), default=0)
    if isinstance(node, list):
        return max(map(_depth, node), default=0)
    return 0
