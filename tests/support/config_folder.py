"""A configuration in a folder of its own, written by a test and loaded from there."""

from pathlib import Path

import pytest

from pmsync.config.configuration import Configuration
from pmsync.config.loading import load
from pmsync.core.errors import ConfigError

OPERATOR = """\
sites:
  acme:
    jira: https://acme.atlassian.net
    confluence: https://acme.atlassian.net/wiki
    account: bot@acme.example
defaults:
  time_zone: Europe/Berlin
  state: state.db
"""

PRODUCT = """\
name: Checkout
site: acme
scope: project in (SHOP, WEB)
inputs:
  reach: {field: Reach}
  impact: {field: Impact, values: {High: 3, Low: 1}}
  confidence: {field: Confidence, unit: percent}
  effort: {field: Effort}
  class: {field: Class, classes: [Must, Could]}
scores:
  worth: {method: weighted, weights: {impact: 2, confidence: 1}}
order: [class, rice highest first]
rank:
  level: Epic
  only: status = Open
pages:
  space: PROD
  under: 123456
  readers: {projects: [SHOP]}
  kinds: [roadmap, {backlog: {top: 20}}]
release_notes:
  - {for: customers, since: 2026-11-01}
"""


class Folder:
    """A folder with a right configuration, until a test spoils it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.environ: dict[str, str] = {}
        self.operator(OPERATOR)
        self.product(PRODUCT)

    def operator(self, text: str | bytes) -> None:
        """Write the operator's file."""
        self._write(self.path / "pmsync.yaml", text)

    def product(self, text: str | bytes, name: str = "checkout.yaml") -> None:
        """Write a product's file."""
        self._write(self.path / "products" / name, text)

    def load(self) -> Configuration:
        """Load what the folder holds."""
        return load(self.path / "pmsync.yaml", self.environ)

    def faults(self) -> list[str]:
        """Return every fault that loading finds, its file as the name alone."""
        with pytest.raises(ConfigError) as caught:
            self.load()
        lines = [str(problem) for problem in caught.value.problems]
        return [
            line.replace(f"{self.path}/products/", "").replace(f"{self.path}/", "")
            for line in lines
        ]

    def _write(self, path: Path, text: str | bytes) -> None:
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
