"""Apply rank moves: call by call, every refusal read, and the order read back at the end."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from pmsync.core.errors import RemoteError
from pmsync.core.journal import Outcome
from pmsync.core.plan import RankMove, Ref, target
from pmsync.core.queries import within
from pmsync.pipeline.ask import ask_all
from pmsync.pipeline.writing import Step, Writer, Written, ends_run
from pmsync.ports import Clock, IssueTracker, RankResult

SETTLE_S = 60.0
"""How long an order may take to show the same twice before its outcome is unknown."""

FIRST_WAIT_S = 0.25

ALREADY = Outcome(state="applied", detail="it is so already")


def holds(move: RankMove, order: Sequence[str]) -> bool:
    """Return whether *order* is as *move* found it when it was planned."""
    return _in_order(move.expects, _places(order))


def gap_is_there(move: RankMove, order: Sequence[str]) -> bool:
    """Return whether the issues that stay around *move*'s gap still stand as they did.

    An anchor that was dragged away is no anchor: next to it is somewhere else.
    """
    named = {ref.id for ref in move.issues}
    return _in_order([one for one in move.expects if one not in named], _places(order))


def shows(move: RankMove, order: Sequence[str], refused: Iterable[str] = ()) -> bool:
    """Return whether *order* is as *move* asks: its issues as listed, in their gap.

    An issue above its anchor is not proof enough, because it may have been so before. The gap's
    upper end counts too, as long as it stands above the anchor: a person may have moved it.
    """
    left_out = set(refused)
    place = _places(order)
    named = [ref.id for ref in move.issues if ref.id not in left_out]
    top, bottom = _gap(move, place)
    return _in_order([*top, *named, *bottom], place)


def already_made(moves: Iterable[RankMove], order: Sequence[str]) -> tuple[str, ...]:
    """Return the changes that an earlier apply, or a person, has made: nothing is to be sent.

    Calls to one anchor build on one another: behind one that is still to be made, the others
    are made again, or their issues would come out in the wrong order.
    """
    made: list[str] = []
    open_gaps: set[tuple[Ref | None, Ref | None]] = set()
    for move in moves:
        gap = (move.before, move.after)
        if gap not in open_gaps and shows(move, order):
            made.append(move.change)
        else:
            open_gaps.add(gap)
    return tuple(made)


def _gap(move: RankMove, place: Mapping[str, int]) -> tuple[list[str], list[str]]:
    """Return what stands above and below the place that *move* asks for, none or one each."""
    if move.before is None:
        return [move.after.id] if move.after else [], []
    top = [move.above.id] if move.above else []
    bottom = [move.before.id]
    return top if _in_order([*top, *bottom], place) else [], bottom


def _in_gap(move: RankMove, place: Mapping[str, int]) -> bool:
    """Return whether every issue of *move* is where it was put, in whatever order."""
    top, bottom = _gap(move, place)
    return all(_in_order([*top, ref.id, *bottom], place) for ref in move.issues)


def _places(order: Sequence[str]) -> dict[str, int]:
    return {issue: index for index, issue in enumerate(order)}


def _in_order(issues: Sequence[str], place: Mapping[str, int]) -> bool:
    """Return whether all *issues* are there, and stand as listed."""
    if any(issue not in place for issue in issues):
        return False
    return list(issues) == sorted(issues, key=place.__getitem__)


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
        outcomes = dict.fromkeys(already_made(moves, self.order), ALREADY)
        writes: dict[str, list[str]] = {}
        moves = [move for move in moves if move.change not in outcomes]
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
            order = self._look_again([move], lambda order: _in_gap(move, _places(order)))
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
            detail={
                "issues": " ".join(ids),
                "before": before or "",
                "after": after or "",
                "above": move.above.id if move.above else "",
            },
        )
        written = self.writer.write(
            step, lambda: self.tracker.rank(ids, before=before, after=after)
        )
        refused = written.answer.refused if written.answer else {}
        if refused:
            self._refused.setdefault(move.change, {}).update(refused)
            all_of_them = refused.keys() >= set(ids)
            outcome = Outcome(
                state="not_applied" if all_of_them else "applied",
                detail=_said(refused),
                refused=refused,
            )
            self.writer.settle(written.write_id, outcome)
        return written

    def _judge(self, move: RankMove, sent: Sequence[Written[RankResult]]) -> Outcome:
        """Return the outcome of a whole move from those of its calls."""
        refused = self._refused.get(move.change, {})
        bad = next((one for one in sent if one.outcome.state != "applied"), None)
        if bad:
            return bad.outcome
        if refused:
            return Outcome(state="not_applied", detail=_said(refused), refused=refused)
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
        told = [move for move in doubtful if outcomes[move.change].state == "applied"]
        order = self._look_again(doubtful, lambda order: all(shows(one, order) for one in told))
        for move in doubtful:
            outcome = read_outcome(move, order, outcomes[move.change])
            if outcome is not outcomes[move.change]:
                outcomes[move.change] = outcome
                for write_id in writes[move.change]:
                    self.writer.settle(write_id, outcome)

    def _look_again(
        self, moves: Iterable[RankMove], expected: Callable[[Sequence[str]], bool]
    ) -> tuple[str, ...] | None:
        """Return the order as read back; None when it cannot be read, or does not settle."""
        written = [ref.id for move in moves for ref in move.issues]
        try:
            order = read_back(self.tracker, self.clock, self.scope, written, expected)
        except RemoteError:
            return None  # the calls may have had their effect all the same: a later run looks
        self.order = order or self.order
        return order


def read_back(
    tracker: IssueTracker,
    clock: Clock,
    scope: str,
    written: Sequence[str],
    expected: Callable[[Sequence[str]], bool] | None = None,
) -> tuple[str, ...] | None:
    """Return the order once two reads agree; None when they do not within a minute.

    Args:
        tracker: Jira.
        clock: To wait between reads.
        scope: The product's scope.
        written: Ids that were named in calls, whose latest state the index must show.
        expected: Tells whether an order shows what it should. While it does not, two equal
            reads may both come from an index that lags, so reading goes on to the end. None
            takes any order.
    """
    waited, wait = 0.0, FIRST_WAIT_S
    previous, settled = _read(tracker, scope, written), False
    while waited < SETTLE_S and not (settled and (expected is None or expected(previous))):
        clock.sleep(wait)
        waited, wait = waited + wait, wait * 2
        order = _read(tracker, scope, written)
        previous, settled = order, order == previous
    return previous if settled else None


def _read(tracker: IssueTracker, scope: str, written: Sequence[str]) -> tuple[str, ...]:
    pages = tracker.search(within(scope), reconcile=list(written)[:50])
    return tuple(dict.fromkeys(issue for page in pages for issue in page))


def _said(refused: Mapping[str, str]) -> str:
    said = "; ".join(f"{issue}: {text}" for issue, text in sorted(refused.items()))
    return f"Jira refused {said}"


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
        return Outcome(state="unknown", detail="the order could not be read back")
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
