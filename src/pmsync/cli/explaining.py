"""An explanation as text for a person."""

from collections.abc import Iterator

from pmsync.cli.output import printable, table
from pmsync.core.ranking.reasons import two_figures
from pmsync.core.scoring.inputs import Reading
from pmsync.pipeline.explain import Explanation


def explanation_text(explanation: Explanation) -> str:
    """Return the explanation: the place, the reason, every input with its field and value."""
    return "\n".join(_parts(explanation))


def _parts(explanation: Explanation) -> Iterator[str]:
    place, run = explanation.place, explanation.run
    yield printable(f"{place.key}  {place.summary}")
    moved = f", was {place.today}" if place.today != place.desired else ""
    yield f"  place {place.desired} of {explanation.total}{moved}: {printable(place.reason)}"
    for score in place.verdict.scores.values():
        if score.value is None:
            yield f"  {score.method}: unscored, because {printable(score.reason)}"
        else:
            yield f"  {score.method}: {two_figures(score.value)} = {printable(score.formula)}"
        for note in score.notes:
            yield f"    note: {printable(note)}"
    rows = [_row(reading) for reading in place.verdict.readings.values()]
    if rows:
        yield table(("input", "field", "in Jira", "counts as"), rows, right=("counts as",))
    yield f"  from run {run.id} ({run.as_of}), pmsync {run.package}, rules {(run.rules or '')[:12]}"


def _row(reading: Reading) -> tuple[str, str, str, str]:
    counted = reading.reason if reading.value is None else f"{reading.value:g}"
    return (reading.name, reading.field, reading.shown or "(empty)", counted)
