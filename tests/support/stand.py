"""A sandbox over real HTTP, a configuration for it in a folder, and a way to run commands there."""

import contextlib
import io
import json
import logging
import os
import re
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from pmsync import cli
from pmsync.config.shipped import examples_dir
from pmsync.sandbox.server import Sandbox

SOURCES = Path(cli.__file__).parents[2]
TOKEN = "PMSYNC_SITES__DEMO__TOKEN"  # noqa: S105 - the variable's name
OPERATOR = """\
sites:
  demo:
    jira: {jira}
    confluence: {confluence}
    account: {account}
    timeout: {timeout}
defaults:
  time_zone: Europe/Berlin
  state: pmsync.db
"""
# What pmsync knows and goes by; the other tables hold what its runs tell about themselves.
KNOWLEDGE = re.compile(r'INSERT INTO "?(issues|pull_marks|plans|pages|writes)"? ')
APPROVAL = re.compile(r"pmsync apply ([0-9a-f]{12})")


@dataclass(slots=True)
class StandClock:
    """The sandbox's own time, on which nobody has to wait.

    Attributes:
        later: How far it is ahead of the sandbox.
    """

    sandbox: Sandbox
    later: timedelta = timedelta()

    def now(self) -> datetime:
        """The sandbox's present moment, and what was slept; every look takes a millisecond."""
        self.later += timedelta(milliseconds=1)
        return self.sandbox.site.clock.now() + self.later

    def monotonic(self) -> float:
        """Seconds that go on while one sleeps."""
        return time.monotonic() + self.later.total_seconds()

    def sleep(self, seconds: float) -> None:
        """Let *seconds* pass at once."""
        self.later += timedelta(seconds=seconds)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """How a command ended, and what it printed."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Standard output, read as JSON."""
        return json.loads(self.out)

    @property
    def approval(self) -> str:
        """The hash that the command asks to approve."""
        found = APPROVAL.search(self.out)
        assert found, self.out + self.err
        return found[1]


@dataclass(slots=True, kw_only=True)
class Stand:
    """A sandbox, a folder with a right configuration for it, and commands to run in it.

    Attributes:
        environ: Set for every command, beside the token.
        clock: The time of commands that run in this process.
    """

    sandbox: Sandbox
    folder: Path
    environ: dict[str, str] = field(default_factory=dict)
    clock: StandClock = field(init=False)

    def __post_init__(self) -> None:
        self.clock = StandClock(self.sandbox)
        self.environ = {TOKEN: self.sandbox.address.token, "COLUMNS": "100"}
        self.write_operator()
        (self.folder / "products").mkdir(exist_ok=True)
        self.product_file.write_text(self._example(), "utf-8")

    @property
    def operator_file(self) -> Path:
        """The operator's file."""
        return self.folder / "pmsync.yaml"

    @property
    def product_file(self) -> Path:
        """The product's file."""
        return self.folder / "products" / "checkout.yaml"

    @property
    def store_file(self) -> Path:
        """The store."""
        return self.folder / "pmsync.db"

    def write_operator(self, *, base: str = "", timeout: float = 30) -> None:
        """Write the operator's file; *base* is where the sandbox is to be reached instead."""
        jira = base or self.sandbox.address.jira
        text = OPERATOR.format(
            jira=jira,
            confluence=f"{jira}/wiki",
            account=self.sandbox.address.account,
            timeout=timeout,
        )
        self.operator_file.write_text(text, "utf-8")

    def _example(self) -> str:
        spaces = self.sandbox.snapshot()["spaces"]
        home = next(space["homepageId"] for space in spaces if space["key"] == "PROD")
        text = (examples_dir() / "products" / "checkout.yaml").read_text("utf-8")
        return text.replace("site: acme", "site: demo").replace("under: 123456", f"under: {home}")

    def change(self, old: str, new: str) -> int:
        """Put *new* for *old* in the product's file; return the line it begins on."""
        text = self.product_file.read_text("utf-8")
        assert old in text, old
        self.product_file.write_text(text.replace(old, new, 1), "utf-8")
        return text[: text.index(old)].count("\n") + 1

    def run(self, *words: str, **environ: str) -> Ended:
        """Run one command in this process."""
        out, err = io.StringIO(), io.StringIO()
        with (
            pytest.MonkeyPatch.context() as patch,
            _own_logging(),
            contextlib.redirect_stdout(out),
            contextlib.redirect_stderr(err),
        ):
            for name in _foreign():
                patch.delenv(name)
            for name, value in {**self.environ, **environ}.items():
                patch.setenv(name, value)
            patch.chdir(self.folder)
            patch.setattr("pmsync.app.SystemClock", lambda: self.clock)
            code = cli.run(list(words))
        return Ended(code=code, out=out.getvalue(), err=err.getvalue())

    def start(self, *words: str, **environ: str) -> subprocess.Popen[str]:
        """Start a command as a process of its own."""
        kept = {name: value for name, value in os.environ.items() if name not in _foreign()}  # noqa: TID251 - a child's
        return subprocess.Popen(
            [sys.executable, "-m", "pmsync", *words],
            cwd=self.folder,
            env={**kept, "PYTHONPATH": str(SOURCES), **self.environ, **environ},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )

    def process(self, *words: str, **environ: str) -> Ended:
        """Run one command as a process of its own, to its end."""
        with self.start(*words, **environ) as process:
            out, err = process.communicate(timeout=60)
        return Ended(code=process.returncode, out=out, err=err)

    def adopt(self) -> None:
        """Make the first run and approve it."""
        first = self.run("sync")
        assert first.code == 5, first
        applied = self.run("apply", first.approval)
        assert applied.code == 0, applied

    def writes(self) -> list[dict[str, Any]]:
        """The requests so far that changed anything."""
        return [request for request in self.sandbox.log if request["applied"]]

    def state(self) -> dict[str, Any]:
        """All that stands in the sandbox."""
        return self.sandbox.snapshot()

    def pages(self) -> dict[str, dict[str, Any]]:
        """``{title: page}`` of the pages that pmsync made."""
        return {page["title"]: page for page in self.state()["pages"] if page["properties"]}

    def knowledge(self) -> list[str]:
        """The rows of the store that a later run goes by."""
        if not self.store_file.exists():
            return []
        with contextlib.closing(sqlite3.connect(self.store_file)) as connection:
            return [line for line in connection.iterdump() if KNOWLEDGE.match(line)]

    def human(self, **action: Any) -> Mapping[str, Any]:
        """Let a person do something."""
        return self.sandbox.human(action)


def _foreign() -> list[str]:
    """The settings of whoever runs the tests."""
    return [name for name in os.environ if name.startswith("PMSYNC_")]  # noqa: TID251 - to hide them


@contextlib.contextmanager
def _own_logging() -> Iterator[None]:
    """Take back what a command does to the logging of this process."""
    factory = logging.getLogRecordFactory()
    hook, thread_hook = sys.excepthook, threading.excepthook
    try:
        yield
    finally:
        logging.setLogRecordFactory(factory)
        sys.excepthook, threading.excepthook = hook, thread_hook
