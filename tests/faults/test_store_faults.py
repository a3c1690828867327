"""What the store says and keeps when its file, its folder, its disk or its process fails."""

import os
import signal
import sqlite3
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event
from store_records import issue, run, write

from pmsync.adapters.store.sql import SqlStore, open_store
from pmsync.core.errors import StoreBusyError, StoreError
from pmsync.core.journal import Outcome

APPLIED = Outcome(state="applied")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the store is."""
    return tmp_path / "pmsync.db"


@pytest.fixture
def filled(path: Path) -> Path:
    """A closed store with a write and some issues in it."""
    with opened(path) as store:
        store.intend(write())
        store.put_issues("shop", [issue(str(number)) for number in range(200)], [])
    return path


def opened(path: Path, busy_timeout_s: float = 0.05) -> SqlStore:
    return open_store(f"sqlite:///{path}", busy_timeout_s=busy_timeout_s)


def refusal(path: Path) -> StoreError:
    with pytest.raises(StoreError) as caught:
        opened(path)
    assert str(path) in caught.value.where
    assert caught.value.cure
    assert "\n" not in caught.value.what
    return caught.value


# files


def test_a_new_store_is_private(tmp_path: Path) -> None:
    """Folder, database and side files can be read by nobody else."""
    path = tmp_path / "state" / "pmsync.db"
    with opened(path) as store:
        store.intend(write())
        modes = {each.name: each.stat().st_mode & 0o777 for each in path.parent.iterdir()}
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert modes == {"pmsync.db": 0o600, "pmsync.db-wal": 0o600, "pmsync.db-shm": 0o600}


def test_an_open_store_becomes_private(filled: Path) -> None:
    """A store that others could read is closed to them."""
    filled.chmod(0o644)
    opened(filled).close()
    assert filled.stat().st_mode & 0o777 == 0o600


def test_an_existing_folder_keeps_its_mode(tmp_path: Path) -> None:
    """Only folders that pmsync makes are made private."""
    tmp_path.chmod(0o755)
    opened(tmp_path / "pmsync.db").close()
    assert tmp_path.stat().st_mode & 0o777 == 0o755


def test_an_empty_file_becomes_a_store(path: Path) -> None:
    """A file without content, as mktemp makes it, is fine."""
    path.touch()
    with opened(path) as store:
        assert store.runs(None, 1) == ()


def test_a_folder_is_not_a_store(tmp_path: Path) -> None:
    """A folder's path is refused."""
    assert "folder" in refusal(tmp_path).what


def test_a_pipe_is_not_a_store(path: Path) -> None:
    """Neither is anything else that is no regular file; nothing waits for it."""
    os.mkfifo(path)
    assert "regular file" in refusal(path).what


def test_a_file_in_place_of_the_folder(tmp_path: Path) -> None:
    """The store's folder cannot be made where a file lies."""
    (tmp_path / "state").touch()
    refusal(tmp_path / "state" / "pmsync.db")


@pytest.mark.parametrize("content", [b"issues: 300\n" * 100, b"\x00" * 4096, b"S"])
def test_something_else_is_not_a_store(path: Path, content: bytes) -> None:
    """A file that is no database is named as such and left as it is."""
    path.write_bytes(content)
    assert refusal(path).what in ("the file is not a pmsync store", "the store is damaged")
    assert path.read_bytes() == content


def test_another_programs_database_is_left_alone(path: Path) -> None:
    """Tables that are not ours are never added to."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE alembic_version (version_num TEXT)")
    before = path.read_bytes()
    assert "another program" in refusal(path).what
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    "url",
    [
        "pmsync.db",
        "sqlite://",
        "sqlite:///:memory:",
        "sqlite:///file:pmsync.db?uri=true",
        "sqlite:///pmsync.db?mode=ro",
        "mysql://pm:Hunter2@db/pmsync",
        "://Hunter2@",
        "",
    ],
)
def test_an_address_that_is_no_file_is_refused(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The message says what to write and repeats no password; nothing is made."""
    monkeypatch.chdir(tmp_path)
    with pytest.raises(StoreError) as caught:
        open_store(url)
    assert "sqlite:///" in caught.value.cure
    assert "Hunter2" not in str(caught.value)
    assert not list(tmp_path.iterdir())


def test_a_relative_address_means_the_working_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As the example configuration has it."""
    monkeypatch.chdir(tmp_path)
    open_store("sqlite:///pmsync.db").close()
    assert (tmp_path / "pmsync.db").is_file()


# damage


def pages_of(path: Path) -> range:
    with closing(sqlite3.connect(path)) as connection:
        return range(connection.execute("PRAGMA page_count").fetchone()[0])


def everything(store: SqlStore) -> tuple[object, ...]:
    return store.unsettled("shop"), store.issues("shop"), store.runs(None, 9), store.plans("shop")


def test_damage_anywhere_is_told_or_does_no_harm(filled: Path) -> None:
    """With any one page overwritten, reading gives the truth or a StoreError, and nothing else."""
    whole = filled.read_bytes()
    with opened(filled) as store:
        truth = everything(store)
    size = len(whole) // len(pages_of(filled))
    told: list[StoreError] = []
    for number in pages_of(filled):
        damaged = bytearray(whole)
        damaged[number * size : (number + 1) * size] = b"\xff" * size
        filled.write_bytes(damaged)
        try:
            with opened(filled) as store:
                assert everything(store) == truth
                with pytest.raises(StoreError):
                    store.verify()
        except StoreError as error:
            told.append(error)
    assert len(told) > 2
    assert all(error.cure for error in told)


def test_a_truncated_store_is_told(filled: Path) -> None:
    """Half a file is not taken for a whole one."""
    filled.write_bytes(filled.read_bytes()[: filled.stat().st_size // 2])
    assert "damaged" in refusal(filled).what


def test_a_sound_store_passes_verification(filled: Path) -> None:
    """No false alarm."""
    with opened(filled) as store:
        store.verify()


def test_a_damaged_blob_is_not_returned(filled: Path) -> None:
    """Bytes that do not have the hash they are kept under are an error."""
    with opened(filled) as store:
        sha256 = store.put_blob(b"snapshot")
        with closing(sqlite3.connect(filled)) as connection:
            connection.execute("UPDATE blobs SET content = x'00'")
            connection.commit()
        with pytest.raises(StoreError, match="damaged"):
            store.blob(sha256)


def test_a_row_of_the_wrong_shape_is_told(filled: Path) -> None:
    """What an issue's row holds is checked before it becomes an issue."""
    with closing(sqlite3.connect(filled)) as connection:
        connection.execute("UPDATE issues SET payload = x'81a26964' WHERE id = '7'")
        connection.execute("UPDATE writes SET detail = '[1]'")
        connection.commit()
    with opened(filled) as store:
        with pytest.raises(StoreError, match="cannot be read"):
            store.issues("shop")
        with pytest.raises(StoreError, match="cannot be read"):
            store.unsettled("shop")


def test_a_text_that_cannot_be_stored_is_told(filled: Path) -> None:
    """Half a surrogate pair is a StoreError, and what was there stays."""
    with opened(filled) as store:
        with pytest.raises(StoreError):
            store.put_issues("shop", [issue("1", summary="\ud800")], [])
        assert store.issues("shop")["1"] == issue("1")


# locks


@pytest.fixture
def locked(filled: Path) -> Iterator[Path]:
    """A store in which another process is writing."""
    with closing(sqlite3.connect(filled, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield filled


def test_a_locked_store_is_read_but_not_written(locked: Path) -> None:
    """Readers go on; a writer is told to try again later, exit code 75."""
    with opened(locked) as store:
        assert store.unsettled("shop") == (write(),)
        with pytest.raises(StoreBusyError, match="another process") as caught:
            store.intend(write("later"))
        assert caught.value.exit_code == 75
        assert store.writes("r1") == (write(),)


def test_a_store_locked_as_a_whole_is_busy(path: Path) -> None:
    """One that another process is just making cannot even be opened."""
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("CREATE TABLE t (a)")
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(StoreBusyError) as caught:
            opened(path)
        assert caught.value.where == str(path)


def test_a_lock_that_ends_in_time_is_waited_for(filled: Path) -> None:
    """The store waits as long as it was told before it gives up."""
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(filled)], stdout=subprocess.PIPE, text=True
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    with opened(filled, busy_timeout_s=30) as store:
        store.intend(write("later"))
        assert [each.id for each in store.writes("r1")] == [write().id, "later"]
    assert holder.wait(timeout=30) == 0
    holder.stdout.close()


HOLDER = """
import sqlite3, sys, time
held = sqlite3.connect(sys.argv[1], isolation_level=None)
held.execute("BEGIN IMMEDIATE")
print("held", flush=True)
time.sleep(0.3)
held.execute("COMMIT")
held.close()
"""


# disks


def limit_pages(store: SqlStore, count: int) -> None:
    """Let the database grow to *count* pages only, as a full disk would."""

    def limited(connection: sqlite3.Connection, _record: object) -> None:
        connection.execute(f"PRAGMA max_page_count = {count}")

    engine = store._database.engine
    engine.dispose()
    event.listen(engine, "connect", limited)


def test_a_full_database_keeps_what_it_has(filled: Path) -> None:
    """No room is one clear error; what was durable stays and reading goes on."""
    with opened(filled) as store:
        limit_pages(store, len(pages_of(filled)))
        with pytest.raises(StoreError, match="disk is full") as caught:
            store.put_blob(os.urandom(100_000))
        assert "space" in caught.value.cure
        assert store.unsettled("shop") == (write(),)
        limit_pages(store, 100_000)
        store.intend(write("after"))
        assert [each.id for each in store.writes("r1")] == [write().id, "after"]
        store.verify()


def as_root(*command: str) -> None:
    subprocess.run(command, check=True, capture_output=True)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[tuple[Path, Callable[[str], Any]]]:
    """A disk of 1 MB of its own, and how to mount it again with other options."""
    if os.geteuid() != 0:
        pytest.skip("only root can mount a small disk")
    folder = tmp_path / "disk"
    folder.mkdir()

    def mount(options: str) -> None:
        as_root("mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder))

    try:
        mount("size=1m")
    except (subprocess.CalledProcessError, FileNotFoundError):
        pytest.skip("this machine does not let root mount a small disk")
    yield folder, mount
    as_root("umount", "--lazy", str(folder))


def test_a_full_disk_keeps_what_it_has(
    small_disk: tuple[Path, Callable[[str], Any]],
) -> None:
    """The same on a disk that is really full."""
    folder, mount = small_disk
    with opened(folder / "pmsync.db") as store:
        store.intend(write())
        with pytest.raises(StoreError, match="full"):
            store.put_blob(os.urandom(2_000_000))
        assert store.unsettled("shop") == (write(),)
        mount("remount,size=8m")
        store.put_blob(os.urandom(2_000_000))
        store.verify()


def test_a_new_store_on_a_full_disk(small_disk: tuple[Path, Callable[[str], Any]]) -> None:
    """Where not even the tables find room, the next opening with room makes them."""
    folder, mount = small_disk
    (folder / "filler").write_bytes(b"x" * (1024 * 1024 - 8 * 4096))
    assert "full" in refusal(folder / "pmsync.db").what
    mount("remount,size=8m")
    with opened(folder / "pmsync.db") as store:
        store.intend(write())


@pytest.fixture
def read_only(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Path]:
    """A folder that holds a store and cannot be written."""
    if os.geteuid() == 0:
        folder, mount = request.getfixturevalue("small_disk")
        opened(folder / "pmsync.db").close()
        mount("remount,ro")
        yield folder
        return
    opened(tmp_path / "pmsync.db").close()
    tmp_path.chmod(0o500)
    yield tmp_path
    tmp_path.chmod(0o700)


@pytest.mark.parametrize("name", ["pmsync.db", "new.db", "new/pmsync.db"])
def test_a_folder_that_cannot_be_written(read_only: Path, name: str) -> None:
    """Neither an old nor a new store can be used there."""
    assert "folder" in refusal(read_only / name).cure


def test_a_failure_while_issues_arrive_keeps_whole_ones(filled: Path) -> None:
    """An error of the pull goes through as it is; the store holds whole issues only."""

    def arriving() -> Iterator[Any]:
        yield issue("1", summary="new")
        message = "the connection was reset"
        raise ConnectionResetError(message)

    with opened(filled) as store:
        with pytest.raises(ConnectionResetError):
            store.put_issues("shop", arriving(), [])
        assert len(store.issues("shop")) == 200
        store.start_run(run())


# kill -9

WRITER = textwrap.dedent("""
    import os, sys
    from datetime import UTC, datetime
    from threading import Thread
    from pmsync.adapters.store.sql import open_store
    from pmsync.core.journal import Outcome, Write

    path, effects, name = sys.argv[1:]
    store = open_store(f"sqlite:///{path}")
    log = os.open(effects, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    now = datetime(2026, 11, 20, tzinfo=UTC)

    def work(thread):
        number = 0
        while True:
            number += 1
            key = f"{name}/{thread}/{number}"
            store.intend(Write(id=key, run=name, product="shop", change="c", step="s",
                               target="t", desired="d", intended_at=now))
            os.write(log, f"{key}\\n".encode())
            store.settle(key, Outcome(state="applied"), now)

    for thread in range(3):
        Thread(target=work, args=(thread,)).start()
""")


def kill_while_writing(path: Path, effects: Path, name: str, at_least: int) -> None:
    """Start a process that writes with three threads and kill it once it has written enough."""
    command = [sys.executable, "-c", WRITER, str(path), str(effects), name]
    with subprocess.Popen(command) as writer:
        while not effects.exists() or effects.read_text().count(f"{name}/") < at_least:
            assert writer.poll() is None
            time.sleep(0.005)
        writer.send_signal(signal.SIGKILL)


def test_a_killed_process_leaves_no_outcome_without_intent(path: Path, tmp_path: Path) -> None:
    """Every effect has its intent, every outcome its effect; the rest is left as unsettled."""
    effects = tmp_path / "effects"
    for name, at_least in (("a", 1), ("b", 20), ("c", 61)):
        kill_while_writing(path, effects, name, at_least)
        with opened(path, busy_timeout_s=5) as store:
            store.verify()
            written = {each.id: each.outcome for each in store.writes(name)}
            done = {line for line in effects.read_text().split() if line.startswith(name)}
            assert done <= set(written)
            assert {each for each, outcome in written.items() if outcome == APPLIED} <= done
            left = [each.id for each in store.unsettled("shop")]
            assert sorted(left) == sorted(each for each in written if written[each] is None)
            assert len(left) <= 3
            for each in left:
                store.settle(each, Outcome(state="unknown"), write().intended_at)
                store.settle(each, APPLIED, write().intended_at)
