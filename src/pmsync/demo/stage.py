"""The demo's stage: a sandbox, a configuration in a folder of its own, and a way to type."""

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from pmsync.sandbox.server import Sandbox, start_in_thread

SITE = "demo"
SPACE = "PROD"
TOKEN_VARIABLE = "PMSYNC_SITES__DEMO__TOKEN"  # noqa: S105 - the variable's name
OPERATOR = """\
# The operator's file of the demo.
sites:
  {site}:
    jira: {jira}
    confluence: {confluence}
    account: {account}
defaults:
  time_zone: Europe/Berlin
  state: pmsync.db
"""


@dataclass(frozen=True, slots=True)
class Typed:
    """What a command printed and how it ended."""

    code: int
    output: str


class Stage:
    """A sandbox and a folder with a configuration for it.

    Attributes:
        sandbox: Jira and Confluence.
        folder: Where the configuration and the store are.
        rules: The example file that the product's rules come from, for people.
    """

    def __init__(
        self, sandbox: Sandbox, folder: Path, *, rules: str, environ: Mapping[str, str]
    ) -> None:
        self.sandbox = sandbox
        self.folder = folder
        self.rules = rules
        self._environ = dict(environ)

    def type(self, *words: str) -> Typed:
        """Run ``pmsync`` with *words* as a process of its own, and return what it printed."""
        command = [sys.executable, "-m", "pmsync", *words]
        ended = subprocess.run(  # noqa: S603 - our own program with our own words
            command,
            cwd=self.folder,
            env=self._environ,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            check=False,
        )
        return Typed(ended.returncode, ended.stdout)

    def requests(self) -> list[dict[str, Any]]:
        """Return every request the sandbox has seen, oldest first."""
        return self.sandbox.log

    def writes(self) -> int:
        """Return how many requests have changed anything."""
        return sum(1 for request in self.requests() if request.get("applied"))

    def human(self, action: Mapping[str, Any]) -> None:
        """Let a person do something in Jira or Confluence."""
        self.sandbox.human({key: value for key, value in action.items() if key != "why"})

    def backlog_url(self) -> str:
        """Return where the issues stand in their order."""
        return f"{self.sandbox.address.jira}/"

    def space_url(self) -> str:
        """Return where the pages begin."""
        return f"{self.sandbox.address.confluence}/spaces/{SPACE}/pages/{_homepage(self.sandbox)}"

    def page_url(self, page: Mapping[str, Any]) -> str:
        """Return where a reader sees *page*."""
        return f"{self.sandbox.address.confluence}/spaces/{SPACE}/pages/{page['id']}"


@contextmanager
def staged(product: Path, *, port: int, environ: Mapping[str, str]) -> Iterator[Stage]:
    """Give a stage with the generated product in Jira and *product* as its rules.

    Args:
        product: The example product's file; site and parent page are put in.
        port: Port of the sandbox; 0 takes a free one.
        environ: The environment commands run in.
    """
    with start_in_thread(port=port) as sandbox, TemporaryDirectory(prefix="pmsync-demo-") as name:
        folder = Path(name)
        address = sandbox.address
        (folder / "products").mkdir()
        operator = OPERATOR.format(
            site=SITE, jira=address.jira, confluence=address.confluence, account=address.account
        )
        (folder / "pmsync.yaml").write_text(operator, "utf-8")
        rules = product.read_text("utf-8").replace("site: acme", f"site: {SITE}")
        rules = rules.replace("under: 123456", f"under: {_homepage(sandbox)}")
        (folder / "products" / "checkout.yaml").write_text(rules, "utf-8")
        paths = [str(Path(__file__).parents[2]), environ.get("PYTHONPATH", "")]
        commands = {
            **environ,
            TOKEN_VARIABLE: address.token,
            "PYTHONPATH": os.pathsep.join(path for path in paths if path),
            "PYTHONIOENCODING": "utf-8",
        }
        yield Stage(sandbox, folder, rules=_short(product), environ=commands)


def _short(path: Path) -> str:
    """Return *path* from the present folder where it lies below it."""
    here = Path.cwd()
    return str(path.relative_to(here) if path.is_relative_to(here) else path)


def _homepage(sandbox: Sandbox) -> str:
    spaces = sandbox.snapshot()["spaces"]
    return str(next(space["homepageId"] for space in spaces if space["key"] == SPACE))
