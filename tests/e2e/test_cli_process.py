"""What only a process of its own can show: imports, pipes, encodings, signals, two at once."""

import json
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
from stand import SOURCES, Stand

HEAVY = ("jira", "atlassian", "sqlalchemy", "numpy", "lxml", "rich", "jinja2", "alembic", "uvicorn")
PROBE = """
import sys
sys.path.insert(0, {sources!r})
from pmsync import cli
code = cli.run({words!r})
print(code, sorted(set(sys.modules) & set({heavy!r})), file=sys.stderr)
"""


def loaded(*words: str, folder: Path) -> str:
    """Which heavy libraries a command loads."""
    probe = PROBE.format(sources=str(SOURCES), words=list(words), heavy=HEAVY)
    ended = subprocess.run(
        [sys.executable, "-c", probe], cwd=folder, capture_output=True, text=True, check=False
    )
    return ended.stderr.splitlines()[-1]


def wait_until_it_pulls(stand: Stand, process: subprocess.Popen[str]) -> None:
    """Return once a run has begun and is asking Jira."""
    while not any(request["path"].endswith("/search/jql") for request in stand.sandbox.log):
        assert process.poll() is None
        time.sleep(0.01)


@pytest.mark.parametrize("words", [("--help",), ("sync", "--help"), ("config", "schema", "--help")])
def test_help_loads_nothing_heavy(tmp_path: Path, words: tuple[str, ...]) -> None:
    """Help comes at once, so no client, database or number library is imported for it."""
    assert loaded(*words, folder=tmp_path) == "0 []"


def test_checking_a_configuration_loads_no_client(stand: Stand) -> None:
    """An editor may do it on every save."""
    assert loaded("config", "check", folder=stand.folder) == "0 []"


def test_commands_work_as_processes(stand: Stand) -> None:
    """The whole line, from a shell: braked, approved, quiet; results on standard output only."""
    first = stand.process("sync")
    assert (first.code, first.err) == (5, "")
    applied = stand.process("apply", first.approval)
    assert (applied.code, applied.err) == (0, "")
    again = stand.process("sync", "--format", "json")
    assert (again.code, again.err) == (0, "")
    assert again.json[0]["outcomes"] == {}
    assert stand.run("runs").out.count("\n") == 5


def test_output_has_no_colours(stand: Stand) -> None:
    """Not with NO_COLOR, nor where colours are forced on pipes by a careless environment."""
    for environ in ({"NO_COLOR": "1"}, {"FORCE_COLOR": "1"}, {"TTY_COMPATIBLE": "1"}):
        shown = stand.run("score", **environ)
        assert shown.code == 0
        assert "\x1b" not in shown.out + shown.err


def test_a_poor_encoding_does_not_end_a_run(stand: Stand) -> None:
    """Arrows and other scripts are written in escapes where the terminal lacks them."""
    shown = stand.process("plan", PYTHONIOENCODING="ascii")
    assert (shown.code, shown.err.count("\n")) == (0, 1)
    assert r"\u2191" in shown.out


def test_a_reader_that_leaves_is_no_fault(stand: Stand) -> None:
    """``pmsync plan | head -1`` ends without a trace, but not as if all had been told."""
    with stand.start("plan") as process:
        assert process.stdout is not None
        process.stdout.close()
        assert process.stderr is not None
        assert "Traceback" not in process.stderr.read()
    assert process.returncode == 1


def test_a_second_run_at_the_same_time_is_sent_away(stand: Stand) -> None:
    """It exits with 75 and names the one that is under way."""
    stand.sandbox.site.front.latency_ms = 250
    try:
        with stand.start("pull", "--full") as process:
            wait_until_it_pulls(stand, process)
            held = stand.run("sync")
            process.kill()
    finally:
        stand.sandbox.site.front.latency_ms = 0
    assert held.code == 75
    assert "another run of checkout is under way" in held.err
    assert "cure: wait until it has finished" in held.err
    assert str(process.pid) in held.err


def test_an_interrupted_run_gives_its_lease_back(stand: Stand) -> None:
    """Ctrl-C ends with 130, says so, and the next run can start at once."""
    stand.sandbox.site.front.latency_ms = 150
    try:
        with stand.start("sync") as process:
            wait_until_it_pulls(stand, process)
            process.send_signal(signal.SIGINT)
            out, err = process.communicate(timeout=60)
    finally:
        stand.sandbox.site.front.latency_ms = 0
    assert (process.returncode, out, err) == (130, "", "interrupted\n")
    (run,) = stand.run("runs", "--format", "json").json
    assert (run["state"], run["problem"]) == ("failed", "ended by KeyboardInterrupt")
    assert stand.run("sync").code == 5


def test_the_sandbox_serves_what_it_prints(stand: Stand) -> None:
    """One line of JSON leads to a Jira and a Confluence; Ctrl-C ends them."""
    with stand.start("sandbox", "serve", "--port", "0") as process:
        assert process.stdout is not None
        address = json.loads(process.stdout.readline())
        assert set(address) == {"jira", "confluence", "account", "token"}
        with urllib.request.urlopen(f"{address['jira']}/rest/api/3/serverInfo") as answer:  # noqa: S310 - loopback
            assert json.load(answer)["deploymentType"] == "Cloud"
        with urllib.request.urlopen(f"{address['jira']}/_sandbox/state") as answer:  # noqa: S310 - loopback
            assert len(json.load(answer)["issues"]) == 300
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=30)
    assert process.returncode == 0
    assert "Traceback" not in out + err


def test_a_file_that_is_no_jira_cannot_be_loaded(stand: Stand) -> None:
    """The sandbox says which file, instead of serving half of it."""
    (stand.folder / "x.json").write_text("{}", "utf-8")
    ended = stand.process("sandbox", "serve", "--port", "0", "--load", "x.json")
    assert ended.code == 2
    assert "x.json" in ended.err
    assert "Traceback" not in ended.err


def test_a_taken_port_is_told(stand: Stand) -> None:
    """Another port is the cure."""
    port = stand.sandbox.address.jira.rpartition(":")[2]
    ended = stand.process("sandbox", "serve", "--port", port)
    assert ended.code == 1
    assert f"127.0.0.1:{port}" in ended.err
    assert "cure: " in ended.err
