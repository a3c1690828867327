"""A fresh sandbox Confluence for each test, over one server for all of them."""

from collections.abc import Iterator

import pytest
import requests
from wiki_site import Swap, Wiki, served


@pytest.fixture(scope="session")
def wiki_server() -> Iterator[tuple[Swap, str, requests.Session]]:
    swap = Swap()
    with served(swap) as address, requests.Session() as session:
        yield swap, address, session


@pytest.fixture
def wiki(wiki_server: tuple[Swap, str, requests.Session]) -> Iterator[Wiki]:
    """A fresh site; the test fails if an answer broke the official documents."""
    fresh = Wiki.fresh(*wiki_server)
    yield fresh
    assert fresh.faults == []
