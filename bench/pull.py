"""Pulling 10,000 issues: pmsync next to the `jira` client's own search, in the same run.

    python bench/pull.py [--issues 10000] [--latency-ms 50] [--rounds 3]

Each pull runs in a process of its own, in turn, against one stub (bench/_jira_stub.py). `jira` is
asked as its documentation says (`enhanced_search_issues(maxResults=0)`): once with its default
fields, once with exactly those that pmsync asks for. Everybody keeps all issues, and loading the
libraries is not part of the time.

How far pmsync can be ahead is bounded: 103 calls through 8 connections take at least 14 waits, and
the peer's 101 calls as many waits and its own computing, which depends on the machine.
"""

import argparse
import json
import math
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from _measured import Measured

HERE = Path(__file__).parent
JQL = "project = BENCH ORDER BY Rank"
CONNECTIONS = 8
GOALS = {"jira": 14.0, "jira, same fields": 8.0}
Round = dict[str, Measured]


@contextmanager
def stub(issues: int, latency_ms: float) -> Iterator[str]:
    command = [sys.executable, str(HERE / "_jira_stub.py")]
    sizes = [f"--issues={issues}", f"--latency-ms={latency_ms}"]
    with subprocess.Popen([*command, *sizes], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().strip()
        finally:
            process.kill()


def told(script: str, *arguments: str) -> str:
    command = [sys.executable, str(HERE / script), *arguments]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout.strip()


def one_round(url: str, fields: str) -> Round:
    answers = {
        "pmsync": told("_pull_with_pmsync.py", url, JQL, str(CONNECTIONS)),
        f"pmsync, {2 * CONNECTIONS} connections": told(
            "_pull_with_pmsync.py", url, JQL, str(2 * CONNECTIONS)
        ),
        "jira": told("_pull_with_jira.py", url, JQL),
        "jira, same fields": told("_pull_with_jira.py", url, JQL, fields),
    }
    return {name: Measured(**json.loads(answer)) for name, answer in answers.items()}


def medians(rounds: list[Round]) -> Round:
    return {
        name: Measured(
            issues=min(one[name].issues for one in rounds),
            wall_s=median(one[name].wall_s for one in rounds),
            cpu_s=median(one[name].cpu_s for one in rounds),
            peak_mb=median(one[name].peak_mb for one in rounds),
            grown_mb=median(one[name].grown_mb for one in rounds),
        )
        for name in rounds[0]
    }


def against_goal(name: str, ratio: float) -> str:
    """The ratio; where there is a goal, beside it the goal and whether it was missed."""
    if name not in GOALS:
        return f"{ratio:.1f}"
    missed = ", missed" if ratio < GOALS[name] else ""
    return f"{ratio:.2f} (≥ {GOALS[name]:.0f}{missed})"


def table(found: Round) -> Iterator[str]:
    mine = found["pmsync"]
    yield "| | issues | wall s | CPU s | peak MB | of that the pull | wall ratio (goal) | memory |"
    yield "|---|---|---|---|---|---|---|---|"
    for name, one in found.items():
        yield (
            f"| {name} | {one.issues} | {one.wall_s:.2f} | {one.cpu_s:.2f} | {one.peak_mb:.0f}"
            f" | {one.grown_mb:.0f} | {against_goal(name, one.wall_s / mine.wall_s)}"
            f" | {one.peak_mb / mine.peak_mb:.1f}, {one.grown_mb / mine.grown_mb:.1f} |"
        )


def least_s(issues: int, latency_ms: float) -> float:
    """The waits that nobody can avoid: the first page of ids, then all other calls."""
    calls = math.ceil(issues / 100) + max(0, math.ceil(issues / 5000) - 1)
    return (1 + math.ceil(calls / CONNECTIONS)) * latency_ms / 1000


def main() -> int:
    parser = argparse.ArgumentParser(description="Pull side by side with the jira client.")
    parser.add_argument("--issues", type=int, default=10_000)
    parser.add_argument("--latency-ms", type=float, default=50)
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    fields = told("_pull_with_pmsync.py", "--fields")
    with stub(asked.issues, asked.latency_ms) as url:
        one_round(url, fields)  # the stub makes its answers when they are first asked for
        rounds = [one_round(url, fields) for _ in range(asked.rounds)]
    found = medians(rounds)
    print(
        f"{asked.issues} issues, {asked.latency_ms:.0f} ms a call, {CONNECTIONS} connections,"
        f" median of {asked.rounds} rounds in turn; waiting alone takes"
        f" {least_s(asked.issues, asked.latency_ms):.2f} s.\n"
    )
    print("\n".join(table(found)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
