"""Days of the invented company: working moments and sprints."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random

from pmsync.sandbox.product.site import NOW
from pmsync.sandbox.seed import Record

_FRIDAY = 4


def day(text: str) -> datetime:
    """Midnight UTC of an ISO day."""
    return datetime.combine(date.fromisoformat(text), time(), UTC)


def stamp(when: datetime) -> str:
    """A time as Jira's v2 writes it."""
    return when.strftime("%Y-%m-%dT%H:%M:%S.000+0000")


def working(when: datetime) -> datetime:
    """The same moment, brought to a weekday between 7 and 16 UTC, never later."""
    moved = when if 7 <= when.hour < 16 else when.replace(hour=7 + when.hour % 9)  # noqa: PLR2004
    if moved > when:
        moved -= timedelta(days=1)
    while moved.weekday() > _FRIDAY:
        moved -= timedelta(days=1)
    return moved


def between(rng: Random, start: datetime, end: datetime) -> datetime:
    """A working moment in a span of time; the start if the span is empty."""
    seconds = int((end - start).total_seconds())
    if seconds <= 0:
        return start
    return max(start, working(start + timedelta(seconds=rng.randrange(seconds))))


@dataclass(frozen=True, slots=True, kw_only=True)
class Sprint:
    """A sprint of one team; ``state`` is closed, active or future."""

    id: int
    name: str
    state: str
    board: int
    start: datetime
    end: datetime

    def record(self) -> Record:
        """As the Agile API shows it."""
        shown: Record = {
            "id": self.id,
            "name": self.name,
            "state": self.state,
            "boardId": self.board,
            "originBoardId": self.board,
            "goal": "",
        }
        if self.state != "future":
            shown["startDate"] = self.start.strftime("%Y-%m-%dT08:00:00.000Z")
            shown["endDate"] = self.end.strftime("%Y-%m-%dT08:00:00.000Z")
        if self.state == "closed":
            shown["completeDate"] = self.end.strftime("%Y-%m-%dT07:40:00.000Z")
        return shown


def sprints(project: str) -> list[Sprint]:
    """A team's sprints, oldest first: closed ones, the active one, two to come."""
    board, first, length, closed = {
        "SHOP": (1, "2026-02-16", 14, 19),
        "WEB": (2, "2026-02-09", 21, 13),
    }[project]
    name = {"SHOP": "Checkout sprint", "WEB": "Storefront sprint"}[project]
    made = []
    for number in range(closed + 3):
        start = day(first) + timedelta(days=number * length)
        end = start + timedelta(days=length)
        state = "closed" if end <= NOW else "active" if start <= NOW else "future"
        identity = board * 100 + number
        made.append(
            Sprint(
                id=identity,
                name=f"{name} {number + 31}",
                state=state,
                board=board,
                start=start,
                end=end,
            )
        )
    return made


def sprint_at(made: list[Sprint], when: datetime) -> Sprint:
    """The sprint that a moment falls into; the first one for earlier moments."""
    return next((one for one in reversed(made) if one.start <= when), made[0])
