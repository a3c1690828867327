"""An explanation as text for a person."""

from collections.abc import Iterator

from pmsync.cli.output import item, table
from pmsync.core.ranking.reasons import two_figures
from pmsync.core.scoring.inputs import Reading
from pmsync.pipeline.evidence import Place
from pmsync.pipeline.explain import Explanation


def explanation_text(explanation: Explanation) -> str:
    """Return the explanation: the place, the reason, every input with its field and value."""
    return "\n".join(_parts(explanation))


def _parts(explanation: Explanation) -> Iterator[str]:
    place, run = explanation.place, explanation.run
    yield item(f"{place.key}  ", place.summary)
    yield item("  ", f"{_stands(place, explanation.total)}: {place.reason}")
    for score in place.verdict.scores.values():
        if score.value is None:
            yield item("  ", f"{score.method}: unscored, because {score.reason}")
        else:
            yield item("  ", f"{score.method}: {two_figures(score.value)} = {score.formula}")
        for note in score.notes:
            yield item("    note: ", note)
    rows = [_row(reading) for reading in place.verdict.readings.values()]
    if rows:
        columns = ("input", "field", "in Jira", "counts as")
        yield ""
        yield table(columns, rows, right=("counts as",))
        yield ""
    rules = (run.rules or "")[:12]
    yield item("  ", f"from run {run.id} ({run.as_of}), pmsync {run.package}, rules {rules}")


def _stands(place: Place, total: int) -> str:
    """Return the place; a wish is told as one, and beside where the issue stood."""
    if place.today == place.desired:
        return f"place {place.desired} of {total}"
    return f"at {place.today} when it was pulled; the rules ask for {place.desired} of {total}"


def _row(reading: Reading) -> tuple[str, str, str, str]:
    counted = "nothing" if reading.value is None else f"{reading.value:,.6g}"
    return (reading.name, reading.field, reading.shown or "(empty)", counted)
