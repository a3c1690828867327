"""What the doctor command makes of the checks of several products."""

from pmsync.cli.commands.doctor import doctor_text, first_of_site
from pmsync.pipeline.doctor import Check

CLOCK = Check(name="clock", state="warning", text="300 s apart", cure="NTP")
JIRA = Check(name="jira", state="ok", text="answers")


def test_a_clock_is_told_once_for_each_site() -> None:
    """Ten products of one site do not need to hear it ten times."""
    late: set[str] = set()
    told = [list(first_of_site([JIRA, CLOCK], site, late)) for site in ("a", "a", "b")]
    assert told == [[JIRA, CLOCK], [JIRA], [JIRA, CLOCK]]


def test_the_last_line_counts() -> None:
    """In the grammar of its numbers, with each cure below what it cures."""
    lines = doctor_text("Checkout", [JIRA, CLOCK]).splitlines()
    assert lines[-2:] == ["          cure: NTP", "2 checks: 0 failed, 1 warning"]
