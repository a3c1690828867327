"""The sandbox as a process of its own: what it prints, and how it ends."""

import json
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests

from pmsync.sandbox.load import InputError
from pmsync.sandbox.server import serve, start_in_thread

PAGE = {
    "issues": [
        {
            "id": "7",
            "key": "OLD-1",
            "fields": {
                "summary": "From a file",
                "project": {"id": "1", "key": "OLD", "name": "Old"},
                "issuetype": {"id": "1", "name": "Bug", "subtask": False},
                "status": {
                    "id": "1",
                    "name": "Open",
                    "statusCategory": {"id": 2, "key": "new", "name": "To Do"},
                },
                "created": "2026-01-01T00:00:00.000+0000",
                "updated": "2026-01-02T00:00:00.000+0000",
            },
        }
    ]
}


@contextmanager
def process(arguments: str) -> Iterator[tuple[subprocess.Popen[str], dict[str, str]]]:
    """A served sandbox and the line it printed."""
    code = f"from pathlib import Path; from pmsync.sandbox.server import serve; serve({arguments})"
    running = subprocess.Popen(  # our own interpreter and our own code
        [sys.executable, "-c", code],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert running.stdout is not None
        yield running, json.loads(running.stdout.readline())
    finally:
        running.kill()
        running.communicate()


def test_one_line_says_all_a_client_needs() -> None:
    """Addresses, account and token; an interrupt ends it and nothing else is printed."""
    with process("port=0") as (running, line):
        assert set(line) == {"jira", "confluence", "account", "token"}
        auth = (line["account"], line["token"])
        for url in (f"{line['jira']}/rest/api/3/myself", f"{line['confluence']}/api/v2/spaces"):
            assert requests.get(url, auth=auth, timeout=20).status_code == 200
        running.send_signal(signal.SIGINT)
        assert running.communicate(timeout=20) == ("", "")
        assert running.returncode == 0


def test_loaded_files_are_served(tmp_path: Path) -> None:
    """Instead of the generated product, at the latency asked for."""
    path = tmp_path / "page.json"
    path.write_text(json.dumps(PAGE), "utf-8")
    with process(f"port=0, load=[Path({str(path)!r})], latency_ms=1") as (_, line):
        url = f"{line['jira']}/rest/api/3/search/jql"
        body = {"jql": "project = OLD", "fields": ["summary"]}
        auth = (line["account"], line["token"])
        found = requests.post(url, json=body, auth=auth, timeout=20).json()["issues"]
        assert [issue["fields"]["summary"] for issue in found] == ["From a file"]


def test_a_file_that_is_none_is_told_before_anything_is_served(tmp_path: Path) -> None:
    """The loader's own error."""
    with pytest.raises(InputError):
        serve(port=0, load=[tmp_path / "missing.json"])


def test_a_taken_port_is_an_error() -> None:
    """Not another port in silence."""
    with (
        socket.create_server(("127.0.0.1", 0)) as taken,
        pytest.raises(OSError, match="in use"),
    ):
        start_in_thread(port=taken.getsockname()[1])


def test_the_same_seed_is_the_same_site() -> None:
    """And another one is another."""
    with start_in_thread(random_seed=3) as one, start_in_thread(random_seed=3) as two:
        assert one.snapshot() == two.snapshot()
        with start_in_thread(random_seed=4) as three:
            assert three.snapshot()["rank"] != one.snapshot()["rank"]
