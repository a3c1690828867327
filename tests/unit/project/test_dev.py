"""The one file a newcomer starts with."""

import importlib.util
import sys
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[3]


@pytest.fixture
def dev(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> ModuleType:
    """``dev`` as a module whose environment is in a folder of the test's."""
    loader = SourceFileLoader("pmsync_dev", str(ROOT / "dev"))
    spec = importlib.util.spec_from_loader("pmsync_dev", loader)
    assert spec
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    loader.exec_module(module)
    monkeypatch.setattr(module, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(module, "PYTHON", tmp_path / ".venv" / "bin" / "python")
    return module


class Ran:
    """Records what would be run, and lets it succeed or fail."""

    def __init__(self, code: int = 0) -> None:
        self.commands: list[list[str]] = []
        self.code = code

    def __call__(self, command: list[str | Path]) -> int:
        self.commands.append([str(word) for word in command])
        return self.code


def test_without_a_command_it_says_what_there_is(
    dev: ModuleType, capsys: pytest.CaptureFixture[str]
) -> None:
    """A newcomer who types ``./dev`` sees every command and exit code 2."""
    code = dev.main([])

    said = capsys.readouterr().err
    assert code == 2
    assert all(f"  {command} " in said for command in ("demo", "test", "check", "bench"))


def test_where_ensurepip_is_missing_it_says_the_one_line_that_cures_it(
    dev: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Debian packs ensurepip apart; nothing is tried before it is there."""
    ran = Ran()
    monkeypatch.setattr(dev.shutil, "which", lambda _name: None)
    monkeypatch.setattr(dev, "has_ensurepip", lambda: False)
    monkeypatch.setattr(dev, "run", ran)

    code = dev.set_up(dev.RUNTIME)

    assert code == 1
    assert "apt-get install python3-venv" in capsys.readouterr().err
    assert ran.commands == []


@pytest.mark.parametrize("uv", [None, "/usr/bin/uv"], ids=["venv and pip", "uv"])
def test_it_installs_what_is_locked_with_hashes(
    dev: ModuleType, monkeypatch: pytest.MonkeyPatch, uv: str | None
) -> None:
    """Either way the environment is made first and filled from the lock file, hashes required."""
    ran = Ran()
    monkeypatch.setattr(dev.shutil, "which", lambda _name: uv)
    monkeypatch.setattr(dev, "has_ensurepip", lambda: True)
    monkeypatch.setattr(dev, "run", ran)

    code = dev.install(dev.RUNTIME)

    assert code == 0
    assert "venv" in ran.commands[0]
    assert ran.commands[1][-3:] == ["--require-hashes", "-r", str(dev.RUNTIME)]


def test_a_failed_set_up_is_tried_again_next_time(
    dev: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A broken download must not leave a stamp that says all is well."""
    monkeypatch.setattr(dev, "install", lambda _requirements: 1)
    dev.VENV.mkdir()

    code = dev.set_up(dev.RUNTIME)

    assert code == 1
    assert not (dev.VENV / "pmsync-set-up").exists()


def test_what_is_set_up_is_not_set_up_again(
    dev: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The development set covers the runtime set; a changed lock file is noticed by its stamp."""
    installed: list[Path] = []

    def install(requirements: Path) -> int:
        installed.append(requirements)
        return 0

    monkeypatch.setattr(dev, "install", install)
    dev.PYTHON.parent.mkdir(parents=True)
    dev.PYTHON.touch()

    codes = [dev.set_up(one) for one in (dev.DEVELOPMENT, dev.RUNTIME, dev.DEVELOPMENT)]

    assert codes == [0, 0, 0]
    assert installed == [dev.DEVELOPMENT]


def test_check_runs_every_step_and_fails_if_one_does(
    dev: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All four checks report, even when the first finds something."""
    ran = Ran(code=1)
    monkeypatch.setattr(dev, "set_up", lambda _requirements: 0)
    monkeypatch.setattr(dev, "run", ran)

    code = dev.check([])

    assert code == 1
    assert len(ran.commands) == 4


@pytest.mark.parametrize(("given", "marked"), [([], True), (["--all"], False)])
def test_long_tests_run_only_when_all_are_asked_for(
    dev: ModuleType, monkeypatch: pytest.MonkeyPatch, given: list[str], *, marked: bool
) -> None:
    """``--all`` is ours and never reaches pytest."""
    ran = Ran()
    monkeypatch.setattr(dev, "set_up", lambda _requirements: 0)
    monkeypatch.setattr(dev, "run", ran)

    dev.test(given)

    assert ("not slow" in ran.commands[0]) is marked
    assert "--all" not in ran.commands[0]
