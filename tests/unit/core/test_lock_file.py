"""The lock file: written whole, read back, and refused when it is something else."""

from pathlib import Path

import pytest

from pmsync.config.lockfile import lock_path, read_pins, write_pins
from pmsync.core.errors import ConfigError
from pmsync.core.fields import Pin

PINS = {
    "effort": {
        "*": Pin(id="cf1", name="Größe", type_key="float"),
        "WEB": Pin(id="cf2", name="Effort", type_key="float"),
    }
}


def test_it_stands_beside_the_products_file() -> None:
    """Its name is the product's."""
    assert lock_path(Path("products/checkout.yaml")) == Path("products/checkout.lock.json")


def test_what_is_written_is_read(tmp_path: Path) -> None:
    """And reading what does not exist yet gives no pins."""
    path = tmp_path / "checkout.lock.json"
    assert read_pins(path) == {}
    write_pins(path, PINS)
    assert read_pins(path) == PINS
    assert [each.name for each in tmp_path.iterdir()] == [path.name]


def test_it_is_made_for_reviews(tmp_path: Path) -> None:
    """Same pins, same bytes, whatever their order; names as people read them."""
    first, second = tmp_path / "a.lock.json", tmp_path / "b.lock.json"
    write_pins(first, PINS)
    write_pins(second, {"effort": dict(reversed(list(PINS["effort"].items())))})
    assert first.read_bytes() == second.read_bytes()
    assert "Größe" in first.read_text("utf-8")


def test_no_pins_make_no_file(tmp_path: Path) -> None:
    """A product that reads no field has nothing to lock."""
    write_pins(tmp_path / "x.lock.json", {})
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "{}",
        '{"fields": []}',
        '{"fields": {"effort": {"*": {"id": "cf1"}}}}',
        '{"fields": {"effort": {"*": {"id": 1, "name": "E", "type_key": "float"}}}}',
        '{"fields": {"effort": {"*": {"id": "1", "name": "E", "type_key": "f", "more": "x"}}}}',
        "\ufeff{}",
        "[" * 100_000,
    ],
)
def test_anything_else_is_refused(tmp_path: Path, text: str) -> None:
    """With the file's name and what to do about it."""
    path = tmp_path / "checkout.lock.json"
    path.write_text(text, "utf-8")
    with pytest.raises(ConfigError, match=r"checkout\.lock\.json: this is no lock file") as caught:
        read_pins(path)
    assert "version control" in str(caught.value)


def test_bytes_that_are_no_text(tmp_path: Path) -> None:
    """The same: no trace, one sentence."""
    path = tmp_path / "checkout.lock.json"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ConfigError, match="no lock file"):
        read_pins(path)


def test_a_folder_in_its_place(tmp_path: Path) -> None:
    """It can be neither read nor written."""
    path = tmp_path / "checkout.lock.json"
    path.mkdir()
    with pytest.raises(ConfigError, match="cannot be read"):
        read_pins(path)
    with pytest.raises(ConfigError, match="cannot be written"):
        write_pins(path, PINS)


def test_a_folder_that_does_not_exist(tmp_path: Path) -> None:
    """Writing says what to do about it."""
    with pytest.raises(ConfigError, match="put it there"):
        write_pins(tmp_path / "nowhere" / "x.lock.json", PINS)
