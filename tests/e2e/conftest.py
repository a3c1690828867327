"""A sandbox for a whole module, and a fresh folder with a configuration for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from stand import Stand

from pmsync.sandbox.server import Sandbox, start_in_thread


@pytest.fixture(scope="module")
def running() -> Iterator[Sandbox]:
    """A sandbox that is started once."""
    with start_in_thread() as sandbox:
        yield sandbox


@pytest.fixture
def stand(running: Sandbox, tmp_path: Path) -> Stand:
    """A sandbox as on its first day, and a right configuration for it."""
    running.site.reset()
    return Stand(sandbox=running, folder=tmp_path)


@pytest.fixture
def lived(stand: Stand) -> Stand:
    """A stand whose first plan was approved and applied."""
    stand.adopt()
    return stand
