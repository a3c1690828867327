"""What every test may use."""

import sys
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import HealthCheck, settings

sys.path.insert(0, str(Path(__file__).parent / "support"))

import specs as official_documents

# No test asserts how long anything takes: a busy machine is no fault of ours.
settings.register_profile("pmsync", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("pmsync")


@pytest.fixture(scope="session")
def specs() -> ModuleType:
    """The checks against Atlassian's official documents; skips where these are absent."""
    if not official_documents.available():
        pytest.skip(official_documents.ABSENT)
    return official_documents
