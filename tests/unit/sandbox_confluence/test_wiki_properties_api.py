"""Content properties over HTTP."""

from typing import Any

import pytest
from wiki_site import Wiki


def made(wiki: Wiki, key: str = "pmsync", value: Any = None) -> tuple[str, dict[str, Any]]:
    """A page's address of properties, and a new one on it."""
    path = f"/pages/{wiki.create('Roadmap')['id']}/properties"
    entry: dict[str, Any] = wiki.call("POST", path, json={"key": key, "value": value or {"a": [1]}})
    return path, entry


def test_a_property_is_made_found_by_key_and_read_by_number(wiki: Wiki) -> None:
    """Any JSON is kept as it was sent."""
    path, entry = made(wiki, value={"hash": "æ", "nested": [None, True, 1.5]})
    wiki.call("POST", path, json={"key": "other", "value": "text"})
    found = wiki.call("GET", f"{path}?key=pmsync")["results"]
    assert found == [entry]
    assert wiki.call("GET", f"{path}/{entry['id']}")["value"]["hash"] == "æ"
    assert entry["version"]["number"] == 1


def test_a_property_is_written_with_its_next_version_only(wiki: Wiki) -> None:
    """Another number is a conflict, and the old value stays."""
    path, entry = made(wiki)
    address = f"{path}/{entry['id']}"
    new = {"key": "pmsync", "value": 2, "version": {"number": 2, "message": "m"}}
    for number in (1, 3):
        wiki.refused("PUT", address, 409, json={**new, "version": {"number": number}})
    assert wiki.call("GET", address)["value"] == {"a": [1]}
    written = wiki.call("PUT", address, json=new)
    assert (written["value"], written["version"]["number"]) == (2, 2)
    assert written["version"]["message"] == "m"


def test_a_key_exists_once_on_a_page(wiki: Wiki) -> None:
    """A second one of that key is a conflict."""
    path, _ = made(wiki)
    wiki.refused("POST", path, 409, json={"key": "pmsync", "value": 1})


@pytest.mark.parametrize("sent", [{}, {"key": ""}, {"key": 5}, {"key": "x" * 256}])
def test_a_property_without_a_right_key_is_refused(wiki: Wiki, sent: dict[str, Any]) -> None:
    """A key is a text of 1 to 255 characters."""
    page = wiki.create("Roadmap")
    wiki.refused("POST", f"/pages/{page['id']}/properties", 400, json={**sent, "value": 1})


def test_a_property_keeps_its_key_and_needs_a_version(wiki: Wiki) -> None:
    """Neither another key nor a missing version is taken."""
    path, entry = made(wiki)
    address = f"{path}/{entry['id']}"
    wiki.refused("PUT", address, 400, json={"key": "else", "value": 1, "version": {"number": 2}})
    wiki.refused("PUT", address, 400, json={"key": "pmsync", "value": 1})


def test_a_property_is_addressed_by_number_not_by_key(wiki: Wiki) -> None:
    """The key in the path is the wrong type, as the document's integer says."""
    path, entry = made(wiki)
    assert "Expected type is long" in wiki.refused("GET", f"{path}/pmsync", 400)
    wiki.call("DELETE", f"{path}/{entry['id']}", 204)
    wiki.refused("GET", f"{path}/{entry['id']}", 404)


def test_properties_neither_bump_the_page_nor_mail(wiki: Wiki) -> None:
    """They are not content."""
    path, _ = made(wiki)
    page_id = path.split("/")[2]
    assert wiki.call("GET", f"/pages/{page_id}")["version"]["number"] == 1
    assert len(wiki.state.snapshot()["notifications"]) == 1
