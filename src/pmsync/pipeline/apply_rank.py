"""Apply rank moves: call by call, every refusal read, and the order read back at the end."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from pmsync.core.journal import Outcome
from pmsync.core.plan import RankMove, Ref, target
from pmsync.core.queries import within
from pmsync.pipeline.ask import ask_all
from pmsync.pipeline.writing import Step, Writer, Written, ends_run
from pmsync.ports import Clock, IssueTracker, RankResult

SETTLE_S = 60.0
"""How long an order may take to show the same twice before its outcome is unknown."""

FIRST_WAIT_S = 0.25


def holds(move: RankMove, order: Sequence[str]) -> bool:
    """Return whether *order* is as *move* found it when it was planned."""
    place = {issue: index for index, issue in enumerate(order)}
    if any(issue not in place for issue in move.expects):
        return False
    return list(move.expects) == sorted(move.expects, key=place.__getitem__)


def shows(move: RankMove, order: Sequence[str], refused: Iterable[str] = ()) -> bool:
    """Return whether *order* is as *move* asks: its issues as listed, on their anchor's side."""
    left_out = set(refused)
    named = [ref.id for ref in move.issues if ref.id not in left_out]
    wanted = [*named, move.before.id] if move.before else [_anchor(move).id, *named]
    place = {issue: index for index, issue in enumerate(order)}
    if any(issue not in place for issue in wanted):
        return False
    return wanted == sorted(wanted, key=place.__getitem__)


def _anchor(move: RankMove) -> Ref:
    anchor = move.before or move.after
    assert anchor is not None, "a move has an anchor"  # noqa: S101 - an invariant of RankMove
    return anchor


@dataclass(slots=True)
class RankRun:
    """The state of applying one plan's moves.

    Attributes:
        scope: The product's scope, whose order is read back.
        order: Issue ids in the order last read.
        keeps_order: Whether a call was seen to keep the order it lists; None until one was.
    """

    tracker: IssueTracker
    clock: Clock
    writer: Writer
    scope: str
    order: tuple[str, ...]
    keeps_order: bool | None = None
    _refused: dict[str, dict[str, str]] = field(default_factory=dict)

    def apply(self, moves: Sequence[RankMove]) -> dict[str, Outcome]:
        """Send *moves* and return ``{change: outcome}``; a lost site leaves the rest undone."""
        outcomes: dict[str, Outcome] = {}
        writes: dict[str, list[str]] = {}
        for number, move in enumerate(moves):
            sent = self._send(move)
            writes[move.change] = [one.write_id for one in sent]
            outcomes[move.change] = self._judge(move, sent)
            if ends_run(sent[-1].error):
                why = Outcome(state="not_applied", detail=f"not tried: {sent[-1].error}")
                outcomes.update((left.change, why) for left in moves[number + 1 :])
                break
        self._verify(moves, outcomes, writes)
        return outcomes

    def _send(self, move: RankMove) -> list[Written[RankResult]]:
        """Send one move, in as many calls as the listed order needs to be kept."""
        if len(move.issues) == 1 or self.keeps_order:
            return [self._call(move, move.issues)]
        if self.keeps_order is None:
            first = self._call(move, move.issues)
            if first.outcome.state != "applied" or first.answer is None or first.answer.refused:
                return [first]
            order = self.read_back([ref.id for ref in move.issues])
            self.keeps_order = order is None or shows(move, order)
            if self.keeps_order:
                return [first]
        return self._send_split(move)

    def _send_split(self, move: RankMove) -> list[Written[RankResult]]:
        parts = ascending_parts(move.issues, self.order)
        if move.after:
            parts.reverse()
        sent: list[Written[RankResult]] = []
        for part in parts:
            sent.append(self._call(move, part))
            if ends_run(sent[-1].error):
                break
        return sent

    def _call(self, move: RankMove, issues: Sequence[Ref]) -> Written[RankResult]:
        before = move.before.id if move.before else None
        after = move.after.id if move.after else None
        ids = [ref.id for ref in issues]
        step = Step(
            change=move.change,
            name="rank",
            target=target(move),
            detail={"issues": " ".join(ids), "before": before or "", "after": after or ""},
        )
        written = self.writer.write(
            step, lambda: self.tracker.rank(ids, before=before, after=after)
        )
        if written.answer and written.answer.refused:
            self._refused.setdefault(move.change, {}).update(written.answer.refused)
        return written

    def _judge(self, move: RankMove, sent: Sequence[Written[RankResult]]) -> Outcome:
        """Return the outcome of a whole move from those of its calls."""
        refused = self._refused.get(move.change, {})
        bad = next((one for one in sent if one.outcome.state != "applied"), None)
        if bad:
            return bad.outcome
        if refused:
            said = "; ".join(f"{issue}: {text}" for issue, text in sorted(refused.items()))
            return Outcome(state="not_applied", detail=f"Jira refused {said}", refused=refused)
        return Outcome(state="applied")

    def _verify(
        self,
        moves: Sequence[RankMove],
        outcomes: dict[str, Outcome],
        writes: dict[str, list[str]],
    ) -> None:
        """Read the order back and correct outcomes that it does not bear out."""
        doubtful = [move for move in moves if writes.get(move.change)]
        if not doubtful:
            return
        order = self.read_back([ref.id for move in doubtful for ref in move.issues])
        for move in doubtful:
            outcome = read_outcome(move, order, outcomes[move.change])
            if outcome is not outcomes[move.change]:
                outcomes[move.change] = outcome
                for write_id in writes[move.change]:
                    self.writer.settle(write_id, outcome)

    def read_back(self, written: Sequence[str]) -> tuple[str, ...] | None:
        """Return the order once two reads agree; None when they do not within a minute."""
        waited, wait = 0.0, FIRST_WAIT_S
        previous = self._read(written)
        while waited < SETTLE_S:
            self.clock.sleep(wait)
            waited, wait = waited + wait, wait * 2
            order = self._read(written)
            if order == previous:
                self.order = order
                return order
            previous = order
        return None

    def _read(self, written: Sequence[str]) -> tuple[str, ...]:
        pages = self.tracker.search(within(self.scope), reconcile=list(written)[:50])
        return tuple(dict.fromkeys(issue for page in pages for issue in page))


def read_outcome(move: RankMove, order: Sequence[str] | None, told: Outcome) -> Outcome:
    """Return the outcome of a move once the order was read back.

    Args:
        move: The move.
        order: As read back; None when it would not settle.
        told: What the calls themselves said.
    """
    if order is None:
        if told.state != "applied":
            return told
        return Outcome(state="unknown", detail="the order did not settle within a minute")
    if shows(move, order, told.refused):
        done = told.state == "applied" or bool(told.refused)
        return told if done else Outcome(state="applied", detail="seen when read back")
    if told.state == "unknown":
        return Outcome(state="not_applied", detail=f"not there when read back; {told.detail}")
    if told.state == "applied":
        return Outcome(state="not_applied", detail="Jira accepted it, but the order is another one")
    return told


def ascending_parts(issues: Sequence[Ref], order: Sequence[str]) -> list[tuple[Ref, ...]]:
    """Return *issues* split wherever the present *order* descends.

    A call whose issues already stand in the listed order among themselves cannot come out in
    another one, whichever way the server reads its list.
    """
    place = {issue: index for index, issue in enumerate(order)}
    parts: list[list[Ref]] = []
    for ref in issues:
        if parts and place.get(parts[-1][-1].id, -1) < place.get(ref.id, -1):
            parts[-1].append(ref)
        else:
            parts.append([ref])
    return [tuple(part) for part in parts]


def read_order(tracker: IssueTracker, scope: str) -> tuple[str, ...]:
    """Return the ids of the scope in today's order."""
    return ask_all(tracker, "scope", within(scope))
