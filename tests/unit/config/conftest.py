"""A configuration in a folder of its own, right until a test spoils it."""

from collections.abc import Callable
from pathlib import Path

import pytest
from config_folder import PRODUCT, Folder


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """A right configuration in a folder of its own."""
    return Folder(tmp_path)


@pytest.fixture
def spoiled(folder: Folder) -> Callable[[str, str], list[str]]:
    """Replace one text of the product's file and return the faults."""

    def spoil(old: str, new: str) -> list[str]:
        assert PRODUCT.count(old) == 1, f"{old!r} must be in the product exactly once"
        folder.product(PRODUCT.replace(old, new))
        return folder.faults()

    return spoil
