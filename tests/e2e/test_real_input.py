"""The whole line over real public backlogs, read from outside the project."""

from collections.abc import Callable
from pathlib import Path

import pytest
import real_input

ARROW = ("arrow-01.json", "arrow-02.json", "arrow-versions.json")
TITANIUM = ("titanium-01.json", "titanium-02.json", "titanium-versions.json")
BACKLOGS = pytest.mark.parametrize(
    ("name", "files", "since", "issues"),
    [
        pytest.param("arrow", ARROW, "2019-01-01", 874, id="arrow"),
        pytest.param("titanium", TITANIUM, "2015-06-01", 1322, id="titanium"),
    ],
)


@BACKLOGS
def test_the_whole_line_orders_a_real_backlog_and_then_rests(
    *,
    name: str,
    files: tuple[str, ...],
    since: str,
    issues: int,
    tmp_path: Path,
    record_property: Callable[[str, object], None],
) -> None:
    """A braked first plan, approved and applied, leaves nothing for a second run to write."""
    if not real_input.available(*files):
        pytest.skip("the real inputs in ../shared/data/jira are absent")

    walked = real_input.walk(name, files, tmp_path, since=since)
    record_property(name, str(walked))

    assert walked.issues == issues
    assert walked.ranked > issues * 0.8
    assert 0 < walked.moves <= walked.displaced
    assert walked.moves < walked.ranked / 20, "one call must place many issues"
    assert walked.second_writes == 0
    assert walked.second_calls < walked.calls / 5
