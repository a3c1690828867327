"""``pytest tests/golden --refresh-golden`` writes the files anew; look at the diff then."""

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the switch. It is known only where tests/golden is named on the command line."""
    parser.addoption("--refresh-golden", action="store_true", help="write golden files anew")


@pytest.fixture
def refresh(request: pytest.FixtureRequest) -> bool:
    """Whether the golden files are to be written instead of compared."""
    return bool(request.config.getoption("--refresh-golden", default=False))
