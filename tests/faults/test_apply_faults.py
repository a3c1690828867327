"""A fault at any write of an apply: a valid state, an honest exit code, and the next run ends it.

The first plan of the example product takes 15 write calls: three of rank, and for each of four
pages the page, its labels and its property. Every one of them meets every fault.
"""

import os
import signal
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import faulty
import pytest
from faulty import Answer, Call, Fault, Line
from stand import Ended, Stand

from pmsync.pages.storage import body_hash
from pmsync.sandbox.server import Sandbox, start_in_thread

if TYPE_CHECKING:
    import subprocess

WRITES = 15
RANKS, PAGES, SIDES = (1, 2, 3), (4, 7, 10, 13), (5, 6, 8, 9, 11, 12, 14, 15)
RATE = "jira-burst-based"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """What goes wrong, and what the run may end with.

    Attributes:
        codes: Exit codes that are honest.
        lasting: Whether it stays until somebody mends it, or happens once.
        again: Whether the same call may be sent again at once: it certainly had no effect.
    """

    fault: Fault
    codes: frozenset[int]
    lasting: bool = False
    again: bool = False


def _trouble(fault: Fault, *codes: int, lasting: bool = False, again: bool = False) -> Trouble:
    return Trouble(fault=fault, codes=frozenset(codes), lasting=lasting, again=again)


TROUBLES = {
    "207 with refused entries": _trouble(faulty.refused_entries, 0, 6),
    "403": _trouble(faulty.status(403), 0, 6),
    "409": _trouble(faulty.status(409, "Version must be incremented"), 0, 6),
    "429, try in 3 seconds": _trouble(faulty.status(429, Retry_After="3"), 0, again=True),
    "429 without a word": _trouble(faulty.status(429), 0, again=True),
    "429 that stays": _trouble(
        faulty.status(429, Retry_After="20"), 0, 6, 75, lasting=True, again=True
    ),
    "time-out, not applied": _trouble(faulty.silent_before, 0, 6),
    "time-out, applied": _trouble(faulty.silent_after, 0, 6),
    "reset, not applied": _trouble(faulty.reset_before, 0, 6),
    "reset, applied": _trouble(faulty.reset_after, 0, 6),
    "500, not applied": _trouble(faulty.failed_before, 0, 6),
    "500, applied": _trouble(faulty.failed_after, 0, 6),
    "401 from now on": _trouble(faulty.status(401), 0, 4, 6, lasting=True),
    "503 from now on": _trouble(faulty.status(503), 0, 6, 75, lasting=True),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """A sandbox behind a lossy line."""

    sandbox: Sandbox
    line: Line
    address: str

    def stand(self, folder: Path) -> Stand:
        """A first day: nothing was written yet, and a plan can wait."""
        self.sandbox.site.reset()
        self.line.mend()
        self.line.writes.clear()
        stand = Stand(sandbox=self.sandbox, folder=folder)
        stand.write_operator(base=self.address, timeout=0.5)
        return stand


@pytest.fixture(scope="module")
def scene() -> Iterator[Scene]:
    """One sandbox and one line for all tests here."""
    with start_in_thread() as sandbox, faulty.line_to(sandbox.address.jira) as (line, address):
        sandbox.site.base_url = address
        yield Scene(sandbox=sandbox, line=line, address=address)


@pytest.fixture(scope="module")
def undisturbed(scene: Scene, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """How everything stands after an apply without any fault."""
    stand = scene.stand(tmp_path_factory.mktemp("undisturbed"))
    stand.adopt()
    assert len(scene.line.writes) == WRITES
    return complete(stand)


def content(stand: Stand) -> dict[str, Any]:
    """What people see: the order, and the pages."""
    pages = [page for page in stand.state()["pages"] if page["title"].startswith("Checkout")]
    return {
        "order": stand.state()["rank"],
        "pages": {page["title"]: body_hash(page["body"]) for page in pages},
    }


def complete(stand: Stand) -> dict[str, Any]:
    """The content, and what pmsync leaves on its pages."""
    left = {
        title: (page["labels"], sorted(page["properties"]["pmsync"]), page["status"])
        for title, page in stand.pages().items()
    }
    return {**content(stand), "left": left}


def slow_unless_chosen() -> list[Any]:
    """Every write meets every fault; two writes a fault are enough for a quick run."""
    cases = []
    for index, name in enumerate(TROUBLES):
        groups = (RANKS, (PAGES, SIDES)[index % 2])
        chosen = {group[index % len(group)] for group in groups}
        chosen |= {1} if TROUBLES[name].lasting else set()
        for at in range(1, WRITES + 1):
            marks = [] if at in chosen else [pytest.mark.slow]
            cases.append(pytest.param(name, at, marks=marks, id=f"{name}-{at}"))
    return cases


@pytest.mark.parametrize(("name", "at"), slow_unless_chosen())
def test_a_fault_in_the_middle_is_survived(
    scene: Scene, undisturbed: dict[str, Any], tmp_path: Path, name: str, at: int
) -> None:
    """Valid at once, told honestly, and finished by the next runs without doing anything twice."""
    trouble = TROUBLES[name]
    stand = scene.stand(tmp_path)
    order = stand.state()["rank"]
    waiting = stand.run("sync").approval
    last = 10_000 if trouble.lasting else at
    scene.line.fault, scene.line.at = trouble.fault, frozenset(range(at, last + 1))
    ended = stand.run("apply", waiting)
    scene.line.mend()
    assert any(seen.faulty for seen in scene.line.writes)
    assert "Traceback" not in ended.err
    check_valid(stand, order)
    check_honest(stand, ended, trouble, undisturbed)
    if not trouble.again:
        check_nothing_was_tried_again(scene.line)
    finish(stand, undisturbed)
    check_once(stand)


def check_valid(stand: Stand, order: list[str]) -> None:
    """Every issue stands once in the order, no page is there twice, and none is half a page."""
    assert sorted(stand.state()["rank"]) == sorted(order)
    pages = content(stand)["pages"]
    titles = [page["title"] for page in stand.state()["pages"]]
    assert [title for title, times in Counter(titles).items() if times > 1] == []
    assert len(pages) <= 4


def check_honest(stand: Stand, ended: Ended, trouble: Trouble, undisturbed: dict[str, Any]) -> None:
    """Exit code 0 says that all is done; any other one, that it is not, and names what."""
    assert ended.code in trouble.codes, ended
    done = content(stand) == {name: undisturbed[name] for name in ("order", "pages")}
    assert (ended.code == 0) == done, ended
    assert ("  ! " in ended.out) == (ended.code != 0)
    nothing = "Checkout: 0 of 7 changes" in ended.out
    assert nothing == (ended.code in {4, 75})
    if nothing:
        assert "\n  cure: " in ended.out


def check_nothing_was_tried_again(line: Line) -> None:
    """What may have had an effect is not sent a second time in the same run."""
    faulty_ones = [seen for seen in line.writes if seen.faulty]
    repeated = [one for one in faulty_ones if sum(map(one.same_as, line.writes)) > 1]
    assert repeated == []


def finish(stand: Stand, undisturbed: dict[str, Any]) -> None:
    """Run until nothing is left to do, approving what asks for it."""
    writes = -1
    for _ in range(4):
        writes = len(stand.writes())
        ended = stand.run("sync")
        assert ended.code in {0, 5}, ended
        if "pmsync apply" in ended.out:
            applied = stand.run("apply", ended.approval)
            assert applied.code == 0, applied
        elif "nothing was written" in ended.out:
            break
    assert len(stand.writes()) == writes
    assert complete(stand) == undisturbed


def check_once(stand: Stand) -> None:
    """No call had its effect twice, and each page was created once."""
    done = Counter((one["method"], one["path"], one["body_sha256"]) for one in stand.writes())
    assert [call for call, times in done.items() if times > 1] == []
    created = [one for one in stand.writes() if one["path"] == "/wiki/api/v2/pages"]
    assert len(created) == 4


KILLS = [
    pytest.param(at, when, marks=[] if (at, when) in chosen else [pytest.mark.slow])
    for chosen in [{(2, "after"), (4, "after"), (6, "before")}]
    for at in range(1, WRITES + 1)
    for when in ("before", "after")
]


@pytest.mark.parametrize(("at", "when"), KILLS)
def test_a_killed_run_is_finished_by_the_next(
    scene: Scene, undisturbed: dict[str, Any], tmp_path: Path, at: int, when: str
) -> None:
    """kill -9 between two writes: the lease runs out, and the next run finishes."""
    stand = scene.stand(tmp_path)
    order = stand.state()["rank"]
    # A process of its own lives in the real time.
    stand.clock.later = datetime.now(UTC) - stand.sandbox.site.clock.now()  # noqa: TID251
    waiting = stand.run("sync").approval
    processes: list[subprocess.Popen[str]] = []

    def kill(call: Call) -> Answer:
        if when == "after":
            call.pass_on(None)
        os.kill(processes[0].pid, signal.SIGKILL)
        raise faulty.Lost

    scene.line.fault, scene.line.at = kill, frozenset({at})
    with stand.start("apply", waiting) as process:
        processes.append(process)
        process.communicate(timeout=60)
    scene.line.mend()
    assert process.returncode == -signal.SIGKILL
    assert len(scene.line.writes) == at
    check_valid(stand, order)
    held = stand.run("sync")
    assert held.code == 75
    assert "another run of checkout is under way" in held.err
    stand.clock.later += timedelta(minutes=16)
    finish(stand, undisturbed)
    check_once(stand)
