"""YAML read with places: what it means, and what stops it."""

from pathlib import Path

import pytest

from pmsync.config.nodes import Node
from pmsync.config.reading import LARGEST_FILE, parse_yaml, read_yaml
from pmsync.config.tree import DEEPEST, MOST_NODES


def read(text: str) -> Node:
    """Return the tree of a text without faults."""
    root, faults = parse_yaml(text, "f.yaml")
    assert not faults
    assert root is not None
    return root


def faults_of(text: str) -> list[str]:
    """Return the faults of a text."""
    return [str(fault) for fault in parse_yaml(text, "f.yaml")[1]]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("NO", "NO"),
        ("yes", "yes"),
        ("12:30", "12:30"),
        ("2026-11-01", "2026-11-01"),
        ("1_000", "1_000"),
        ("1e3", 1000.0),
        ("-.5", -0.5),
        ("+7", 7),
        ("0o17", 15),
        ("0x1F", 31),
        ("true", True),
        ("False", False),
        ("~", None),
        ("", None),
        ("'1e3'", "1e3"),
        ('"true"', "true"),
        ("v1.2.3", "v1.2.3"),
        ("|\n  a\n  b\n", "a\nb"),
        (">\n  a\n  b\n", "a b"),
    ],
)
def test_plain_words_mean_what_yaml_1_2_says(written: str, meant: object) -> None:
    """Nothing becomes a boolean, a date or base 60 behind the writer's back."""
    value = read(f"key: {written}").items()["key"].value
    assert value == meant
    assert type(value) is type(meant)


def test_a_yaml_1_1_directive_does_not_bring_the_old_surprises_back() -> None:
    """Also after %YAML 1.1, NO is a country."""
    assert read("%YAML 1.1\n---\nkey: NO\n").plain() == {"key": "NO"}


def test_every_value_and_key_knows_its_place() -> None:
    """Lines and columns are counted from 1, in characters."""
    root = read("ä: {b: [x, 'y']}\nc:\n  - d: 1\n")
    row = root.get("ä", "b", 1)
    assert row is not None
    assert str(row.place) == "f.yaml:1:12"
    entry = root.get("c", 0, "d")
    assert entry is not None
    assert (str(entry.key), str(entry.place)) == ("f.yaml:3:5", "f.yaml:3:8")


def test_keys_are_text_whatever_they_look_like() -> None:
    """An option called 1 or true is an option, not a number."""
    assert read("{1: a, true: b, NO: c}").plain() == {"1": "a", "true": "b", "NO": "c"}


def test_an_alias_is_the_anchored_value_again() -> None:
    """What stands below an alias keeps the place of the anchor."""
    root = read("a: &x {b: 1}\nc: *x\n")
    node = root.get("c")
    assert node is not None
    assert node.plain() == {"b": 1}
    assert str(node.place) == "f.yaml:2:4"
    assert str(node.items()["b"].place) == "f.yaml:1:11"


def test_all_duplicate_keys_are_told() -> None:
    """Not only the first one; the first value is kept."""
    root, faults = parse_yaml("a: 1\na: 2\nb: {c: 1, c: 2}\n", "f.yaml")
    assert [(fault.line, fault.column) for fault in faults] == [(2, 1), (3, 11)]
    assert root is not None
    assert root.plain() == {"a": 1, "b": {"c": 1}}


@pytest.mark.parametrize(
    ("text", "start"),
    [
        ("", "f.yaml:1:1: the file is empty"),
        ("# a remark\n", "f.yaml:1:1: the file is empty"),
        ("---\n", "f.yaml:1:1: the file is empty"),
        ("a: 1\n---\nb: 2\n", "f.yaml:2:1: a second document begins here"),
        ("a:\n\tb: 1\n", "f.yaml:2:1: this is not YAML"),
        ("a: b: c\n", "f.yaml:1:5: this is not YAML: mapping values are not allowed here (is a"),
        ("a: [1, 2\n", "f.yaml:2:1: this is not YAML"),
        ("a: 'x\n", "f.yaml:2:1: this is not YAML"),
        ("a: @x\n", "f.yaml:1:4: this is not YAML"),
        ("a: !!python/object/apply:os.system [id]\n", "f.yaml:1:4: tags (!) are not allowed"),
        ("a: !secret x\n", "f.yaml:1:4: tags (!) are not allowed"),
        ("a: &x [*x]\n", "f.yaml:1:8: *x stands for nothing that is complete before it"),
        ("a: *y\n", "f.yaml:1:4: *y stands for nothing that is complete before it"),
        ("<<: {a: 1}\n", "f.yaml:1:1: merge keys (<<) are not supported"),
        ("? [a]\n: 1\n", "f.yaml:1:3: a key must be a plain text"),
        (": 1\n", "f.yaml:1:1: a key must be a plain text"),
        ('a: "x\\0"\n', "f.yaml:1:4: the character U+0000 is not allowed in a text"),
        ('a: "\\ud800"\n', "f.yaml:1:4: the character U+D800 is not allowed in a text"),
        ("a: \x07\n", "f.yaml:1:4: the character U+0007 is not allowed in YAML"),
        ("a: 007\n", "f.yaml:1:4: a number with a leading zero"),
        ("a: .nan\n", "f.yaml:1:4: .nan is not a number to calculate with"),
        ("a: 1e999\n", "f.yaml:1:4: a number too large to calculate with"),
        (f"a: {'9' * 5000}\n", "f.yaml:1:4: a number with more than 18 digits"),
        ("a: " + "[" * 5000, f"f.yaml:1:{DEEPEST + 3}: this is nested more than {DEEPEST} levels"),
    ],
)
def test_what_is_not_plain_yaml_is_refused_with_its_place(text: str, start: str) -> None:
    """No tag makes an object, no alias loops, and each refusal points at the character."""
    assert faults_of(text)[0].startswith(start)


def test_an_alias_bomb_is_counted_before_it_is_expanded() -> None:
    """Ten levels of ten aliases each would be ten thousand million values."""
    levels = ["a0: &a0 [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]"]
    levels += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 10)]
    [fault] = faults_of("\n".join(levels))
    assert f"more than {MOST_NODES} values" in fault


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (b"a: 1\nb: \xff\n", "f.yaml:2:4: the file is not UTF-8 text"),
        ("ä: 1\nb: ".encode() + b"\xe9\n", "f.yaml:2:4: the file is not UTF-8 text"),
        ("a: 1\n".encode("utf-16"), "f.yaml:1:1: the file is not UTF-8 text"),
        (b"#" * (LARGEST_FILE + 1), f"f.yaml:1:1: the file is larger than {LARGEST_FILE} bytes"),
    ],
)
def test_a_file_must_be_short_utf8_text(tmp_path: Path, raw: bytes, expected: str) -> None:
    """The first byte that is wrong is pointed at."""
    path = tmp_path / "f.yaml"
    path.write_bytes(raw)
    root, faults = read_yaml(path, "f.yaml")
    assert root is None
    assert str(faults[0]).startswith(expected)


def test_a_byte_order_mark_is_passed_over(tmp_path: Path) -> None:
    """Some editors write one; it is no part of the first key."""
    path = tmp_path / "f.yaml"
    path.write_bytes(b"\xef\xbb\xbfa: 1\n")
    root, _ = read_yaml(path)
    assert root is not None
    assert root.plain() == {"a": 1}


def test_a_folder_or_nothing_in_the_files_place_is_told(tmp_path: Path) -> None:
    """Both are one clear sentence, not an errno."""
    assert str(read_yaml(tmp_path, "f.yaml")[1][0]) == (
        "f.yaml: this is a folder, not a file (name the YAML file)"
    )
    assert str(read_yaml(tmp_path / "no", "f.yaml")[1][0]) == "f.yaml: there is no such file"
