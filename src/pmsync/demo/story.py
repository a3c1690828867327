"""The demo's story: a first run, an approval, a run with nothing to do, then weeks of life."""

import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import Any

from pmsync.demo.stage import Stage, Typed, staged
from pmsync.demo.telling import answered, columns, heading, listed, places, remark, tell, typed
from pmsync.sandbox.product.weeks import week

WEEKS = ((1,), (2,), (3, 4), (5,))
"""Weeks between one run and the next."""

APPLY = re.compile(r"pmsync apply ([0-9a-f]{12})")
MOVED = re.compile(r"^([A-Z]+-\d+) +\d+ +[↑↓]", re.MULTILINE)
MEANINGS = {0: "done", 5: "a plan waits for approval"}
SMALL = ("advance-clock",)


class StoryError(Exception):
    """A step of the demo did not end as the story says."""


@dataclass(slots=True)
class Story:
    """Tells the story on a stage, and checks that it comes true."""

    stage: Stage
    _known: set[str] = field(default_factory=set)
    _acts: int = 0

    def tell(self) -> None:
        """Play every act.

        Raises:
            StoryError: A command did not do what the story says it does.
        """
        self._opening()
        plan, moved = self._first_run()
        self._approval(plan)
        self._reason(moved)
        self._quiet_run()
        for weeks in WEEKS[:-1]:
            self._weeks(weeks)
        self._last_weeks(WEEKS[-1])

    def _opening(self) -> None:
        self._act("The stage: a Jira and a Confluence on this machine")
        issues = len(self.stage.sandbox.snapshot()["issues"])
        tell(
            f"Both are a sandbox: real HTTP, an invented shop, nothing of yours. Jira holds"
            f" {issues} issues of two teams; Confluence knows nothing of them yet."
        )
        places([("the backlog in Jira", self.stage.backlog_url()), ("the rules", self.stage.rules)])
        tell("The rules: MoSCoW classes first, RICE within a class, some issues that never move.")

    def _first_run(self) -> tuple[str, str]:
        self._act("The first run asks before it writes")
        tell(
            "It pulls the issues, scores and orders them, makes the pages, and shows all of it as"
            " one plan. What pmsync never did here before, a person has to approve."
        )
        answer = self._type("sync", ends_with=5, writes=0, notes=True)
        found, moved = APPLY.search(answer.output), MOVED.search(answer.output)
        if found is None or moved is None:
            what = "the first run must move issues and name the plan to approve"
            raise StoryError(what)
        remark("Look: Jira and Confluence are as before; not one write was sent.")
        return found[1], moved[1]

    def _approval(self, plan: str) -> None:
        self._act("Ana, the product manager, has read the plan and approves it")
        tell("Exactly what she saw is applied. What no longer fits by now would be dropped.")
        before = self.stage.writes()
        self._type("apply", plan)
        writes = self.stage.writes() - before
        remark(
            f"{writes} writes: the moves, the pages, and on each page its labels and a property."
        )
        self._new_pages()

    def _reason(self, issue: str) -> None:
        self._act("Somebody asks why")
        tell(f"The answer comes from what the run stored, not from a new calculation: {issue}.")
        self._type("explain", issue, writes=0)

    def _quiet_run(self) -> None:
        self._act("A second run finds nothing to do")
        tell("This is the run of every ordinary night.")
        mails = self._mails()
        self._type("sync", writes=0)
        if self._mails() != mails:
            what = "a run with nothing to do must send no mail"
            raise StoryError(what)
        remark("0 writes, 0 page versions, 0 mails.")

    def _weeks(self, weeks: tuple[int, ...]) -> None:
        self._act(_title(weeks))
        self._people(weeks)
        found = APPLY.search(self._type("sync").output)
        if found:
            remark("The pages follow Jira at once; Jira follows an approval only. Ana agrees:")
            self._type("apply", found[1])
        else:
            remark("Nothing moves in Jira; the pages say what has changed.")
        self._new_pages()

    def _last_weeks(self, weeks: tuple[int, ...]) -> None:
        self._act(f"{_title(weeks)}, and a plan for you to decide on")
        self._people(weeks)
        answer = self._type("sync", notes=True)
        if not APPLY.search(answer.output):
            what = "the last week must end with a plan to approve"
            raise StoryError(what)
        remark("Would you approve it? What the readers have meanwhile:")
        places((page["title"], self.stage.page_url(page)) for page in self._pages())

    def _people(self, weeks: tuple[int, ...]) -> None:
        """Let people do what they do in these weeks, and tell what matters of it."""
        told = []
        for action in chain.from_iterable(week(number) for number in weeks):
            self.stage.human(action)
            if action["do"] not in SMALL and not action["why"].startswith("The release note"):
                told.append(str(action["why"]))
        tell("What people do meanwhile:")
        listed(told)

    def _new_pages(self) -> None:
        new = [page for page in self._pages() if page["id"] not in self._known]
        self._known |= {page["id"] for page in new}
        if new:
            remark("Look at what is new in Confluence:")
            places((page["title"], self.stage.page_url(page)) for page in new)

    def _pages(self) -> list[dict[str, Any]]:
        return [page for page in self.stage.sandbox.snapshot()["pages"] if page["properties"]]

    def _mails(self) -> int:
        return len(self.stage.sandbox.snapshot()["notifications"])

    def _act(self, title: str) -> None:
        self._acts += 1
        heading(self._acts, title)

    def _type(
        self, *words: str, ends_with: int = 0, writes: int | None = None, notes: bool = False
    ) -> Typed:
        """Type a command, show its answer, and check how it ended and how much it wrote."""
        typed(words)
        before = self.stage.writes()
        answer = self.stage.type(*words)
        answered(answer.output, answer.code, MEANINGS.get(answer.code, "failed"), notes=notes)
        command = f"pmsync {' '.join(words)}"
        if answer.code != ends_with:
            what = f"{command} must end with {ends_with}, and ended with {answer.code}"
            raise StoryError(what)
        if writes is not None and self.stage.writes() - before != writes:
            what = f"{command} must make {writes} writes, and made {self.stage.writes() - before}"
            raise StoryError(what)
        return answer


def _title(weeks: tuple[int, ...]) -> str:
    return f"Week{'s' if len(weeks) > 1 else ''} {' and '.join(map(str, weeks))}"


def tell_story(product: Path, *, port: int, serve: bool, environ: Mapping[str, str]) -> None:
    """Tell the whole story.

    Args:
        product: The example product's file.
        port: Port of the sandbox; 0 takes a free one.
        serve: Whether to go on serving afterwards, so that the pages can be looked at.
        environ: The environment that commands run in.

    Raises:
        StoryError: A step did not end as the story says.
    """
    commands = {**environ, "COLUMNS": str(columns())}
    with staged(product, port=port, environ=commands) as stage:
        Story(stage).tell()
        if serve:
            tell(f"\nAll of it stays up until you press Ctrl-C: {stage.space_url()}")
            _wait()


def _wait() -> None:
    try:
        while True:
            time.sleep(1)
    except KeyboardInterrupt:
        tell("The sandbox is gone.")
