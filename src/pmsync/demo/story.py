"""The demo's story: a first run, an approval, a run with nothing to do, then weeks of life."""

import re
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pmsync.demo.stage import Stage, Typed, staged
from pmsync.sandbox.product.weeks import week

WEEKS = 3
APPLY = re.compile(r"pmsync apply ([0-9a-f]{12})")


class StoryError(Exception):
    """A step of the demo did not end as the story says."""


@dataclass(slots=True)
class Story:
    """Tells the story on a stage, and checks that it comes true."""

    stage: Stage

    def tell(self) -> None:
        """Play every act.

        Raises:
            StoryError: A command did not do what the story says it does.
        """
        self._opening()
        plan = self._first_run()
        self._approval(plan)
        self._quiet_run()
        for number in range(1, WEEKS + 1):
            self._week(number)
        self._where_to_look()

    def _opening(self) -> None:
        address = self.stage.sandbox.address
        issues = len(self.stage.sandbox.snapshot()["issues"])
        _heading("A Jira and a Confluence, on this machine")
        _tell(f"Jira has {issues} issues in two projects: {address.jira}")
        _tell(f"Confluence has nothing about them yet: {address.confluence}/spaces/PROD")
        _tell("The rules (RICE within Must, Should, Could) are config/products/checkout.yaml.")

    def _first_run(self) -> str:
        _heading("The first run writes nothing: it asks")
        before = self.stage.writes()
        typed = self._type("sync", ends_with=5)
        _expect(self.stage.writes() == before, "the first run must write nothing")
        found = APPLY.search(typed.output)
        _expect(found is not None, "the first run must name the plan to approve")
        return found[1] if found else ""

    def _approval(self, plan: str) -> None:
        _heading("Ana has read the plan, and approves it")
        before = self.stage.writes()
        self._type("apply", plan)
        _tell(f"{self.stage.writes() - before} writes: the moves, the pages, their properties.")

    def _quiet_run(self) -> None:
        _heading("A second run finds nothing to do")
        before = self.stage.writes()
        self._type("sync")
        _expect(self.stage.writes() == before, "a run with nothing changed must write nothing")
        _tell("0 writes, 0 page versions, 0 mails.")

    def _week(self, number: int) -> None:
        _heading(f"Week {number}")
        for action in week(number):
            self.stage.human(action)
            _tell(str(action["why"]))
        before = self.stage.writes()
        typed = self._type("sync")
        _tell(f"{self.stage.writes() - before} writes.")
        found = APPLY.search(typed.output)
        if found and number < WEEKS:
            _tell("Ana agrees:")
            self._type("apply", found[1])

    def _where_to_look(self) -> None:
        _heading("What the readers have")
        for page in self.stage.sandbox.snapshot()["pages"]:
            if page["properties"]:
                _tell(f"{page['title']} (version {page['version']}): {self.stage.page_url(page)}")

    def _type(self, *words: str, ends_with: int = 0) -> Typed:
        _tell(f"\n$ pmsync {' '.join(words)}")
        typed = self.stage.type(*words)
        _tell(typed.output.rstrip())
        _tell(f"(exit code {typed.code})\n")
        said = f"pmsync {' '.join(words)} must end with {ends_with}, and ended with {typed.code}"
        _expect(typed.code == ends_with, said)
        return typed


def tell(product: Path, *, port: int, serve: bool, environ: Mapping[str, str]) -> None:
    """Tell the whole story.

    Args:
        product: The example product's file.
        port: Port of the sandbox; 0 takes a free one.
        serve: Whether to go on serving afterwards, so that the pages can be looked at.
        environ: The environment that commands run in.
    """
    with staged(product.read_text("utf-8"), port=port, environ=environ) as stage:
        Story(stage).tell()
        if serve:
            _tell("\nThe pages stay up until you press Ctrl-C.")
            _wait()


def _wait() -> None:
    try:
        while True:
            time.sleep(1)
    except KeyboardInterrupt:
        _tell("The sandbox is gone.")


def _heading(text: str) -> None:
    sys.stdout.write(f"\n== {text} {'=' * max(0, 76 - len(text))}\n\n")


def _tell(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def _expect(true: bool, otherwise: str) -> None:  # noqa: FBT001 - reads like an assertion
    if not true:
        raise StoryError(otherwise)
