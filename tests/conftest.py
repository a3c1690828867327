"""What every test may use."""

import sys
from pathlib import Path
from types import ModuleType

import pytest

sys.path.insert(0, str(Path(__file__).parent / "support"))

import specs as official_documents


@pytest.fixture(scope="session")
def specs() -> ModuleType:
    """The checks against Atlassian's official documents; skips where these are absent."""
    if not official_documents.available():
        pytest.skip(official_documents.ABSENT)
    return official_documents
