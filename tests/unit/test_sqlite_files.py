"""Connections to SQLite files are kept and closed over a fork; private databases are private."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import stat
import threading
import typing as t
from concurrent.futures import ThreadPoolExecutor

import pytest

from globus_core import sqlite_connections, waiting
from globus_core.exc import GlobusError, StorageLockTimeoutError
from globus_core.sqlite_connections import is_another_format
from globus_core.sqlite_files import KeptConnection, PrivateDatabase, is_damage

if t.TYPE_CHECKING:
    from pathlib import Path

SECONDS = 20.0
LOST_ITS_BEGINNING = bytes(16) + b"lost " * 300


def nothing(connection: sqlite3.Connection, path: str) -> None:
    """Take any database as it is."""


def make(path: Path, value: int) -> None:
    """A database with one value in it."""
    with contextlib.closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE numbers (number)")
        connection.execute("INSERT INTO numbers VALUES (?)", (value,))


def numbers(connection: sqlite3.Connection) -> list[int]:
    return [row[0] for row in connection.execute("SELECT number FROM numbers")]


def create(connection: sqlite3.Connection) -> None:
    connection.execute("CREATE TABLE IF NOT EXISTS numbers (number)")


def add(connection: sqlite3.Connection) -> None:
    connection.execute("INSERT INTO numbers VALUES (1)")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "folder" / "numbers.db"


@pytest.fixture
def database(path: Path) -> t.Iterator[PrivateDatabase]:
    database = PrivateDatabase(str(path), "book of numbers", create)
    yield database
    database.close()


# kept connections


def test_a_connection_is_kept_until_another_file_is_in_the_place(tmp_path: Path) -> None:
    """It is prepared once for each file."""
    path = tmp_path / "numbers.db"
    prepared: list[str] = []
    kept = KeptConnection(lambda connection, path: prepared.append(path), {})
    for value in (1, 1, 2):
        if not path.exists() or value not in kept.run(str(path), path.lstat(), 1, numbers):
            make(tmp_path / "new.db", value)
            (tmp_path / "new.db").replace(path)
        assert kept.run(str(path), path.lstat(), 1, numbers) == [value]
    kept.close(1)

    assert prepared == [str(path)] * 2


def test_a_file_that_is_not_there_is_never_created(tmp_path: Path) -> None:
    """The umask would say who can read it."""
    kept = KeptConnection(nothing, {})
    with pytest.raises(sqlite3.OperationalError):
        kept.run(str(tmp_path / "a%b?c#d.db"), tmp_path.lstat(), 1, numbers)

    assert list(tmp_path.iterdir()) == []


def test_a_file_is_checked_before_it_is_opened(tmp_path: Path) -> None:
    """What refuses it is raised, and each new connection is checked for again."""

    def refuse(path: str) -> None:
        raise GlobusError(f"{path} is refused")

    kept = KeptConnection(nothing, {}, refuse)
    for _ in range(2):
        with pytest.raises(GlobusError, match="is refused"):
            kept.run(str(tmp_path / "numbers.db"), tmp_path.lstat(), 1, numbers)


def test_a_connection_that_cannot_be_prepared_is_not_kept(tmp_path: Path) -> None:
    """The next use opens another one."""
    path = tmp_path / "numbers.db"
    make(path, 1)
    problems = [ValueError("not yet")]

    def prepare(connection: sqlite3.Connection, path: str) -> None:
        if problems:
            raise problems.pop()

    kept = KeptConnection(prepare, {})
    with pytest.raises(ValueError, match="not yet"):
        kept.run(str(path), path.lstat(), 1, numbers)
    assert kept.run(str(path), path.lstat(), 1, numbers) == [1]
    kept.close(1)


def test_what_an_interrupt_left_undone_is_rolled_back(tmp_path: Path) -> None:
    """The next use begins without a transaction."""
    path = tmp_path / "numbers.db"
    make(path, 1)
    kept = KeptConnection(nothing, {})

    def interrupted(connection: sqlite3.Connection) -> None:
        add(connection)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        kept.run(str(path), path.lstat(), 1, interrupted)
    assert kept.run(str(path), path.lstat(), 1, numbers) == [1]
    kept.close(1)


def test_other_threads_are_waited_for_until_the_deadline(tmp_path: Path) -> None:
    """The error names what is used; without a deadline the wait ends with the other's work."""
    path = tmp_path / "numbers.db"
    make(path, 1)
    kept = KeptConnection(nothing, {})
    begun, enough = threading.Event(), threading.Event()

    def slowly(connection: sqlite3.Connection) -> list[int]:
        begun.set()
        assert enough.wait(SECONDS)
        return numbers(connection)

    with ThreadPoolExecutor(2) as pool:
        slow = pool.submit(kept.run, str(path), path.lstat(), 1, slowly)
        assert begun.wait(SECONDS)
        with pytest.raises(StorageLockTimeoutError, match=r"numbers\.db' did not end within 0\.01"):
            kept.run(str(path), path.lstat(), 0.01, numbers)
        with pytest.raises(StorageLockTimeoutError, match="the database"):
            kept.close(0.01)
        patient = pool.submit(kept.run, str(path), path.lstat(), None, numbers)
        enough.set()
        assert slow.result(SECONDS) == patient.result(SECONDS) == [1]
    kept.close(None)


def test_the_wait_for_another_thread_can_be_replaced(tmp_path: Path) -> None:
    """A plugin that runs tasks is asked to wait for the connection."""
    path = tmp_path / "numbers.db"
    make(path, 1)
    kept = KeptConnection(nothing, {})

    class Noted(waiting.Waiter):
        asked: t.ClassVar[list[float | None]] = []

        def acquire(self, lock: waiting.Lock, seconds: float | None) -> bool:
            self.asked.append(seconds)
            return False

    def nested(connection: sqlite3.Connection) -> None:
        with pytest.raises(StorageLockTimeoutError):
            kept.run(str(path), path.lstat(), 7.0, numbers)

    with waiting.use(Noted()) as waiter:
        kept.run(str(path), path.lstat(), 1, nested)
    kept.close(1)

    assert waiter.asked == [7.0]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")
@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_a_connection_is_closed_over_a_fork(tmp_path: Path) -> None:
    """Both sides open their own afterwards; the child has no open file of the database before."""
    path = tmp_path / "numbers.db"
    make(path, 1)
    opened: list[int] = []
    kept = KeptConnection(lambda connection, path: opened.append(os.getpid()), {})
    kept.run(str(path), path.lstat(), 1, numbers)
    child = os.fork()
    if not child:
        ok = kept._connection is None and kept.run(str(path), path.lstat(), 1, numbers) == [1]
        os._exit(0 if ok and len(opened) == 2 else 1)
    _, status = os.waitpid(child, 0)
    assert kept._connection is None
    assert kept.run(str(path), path.lstat(), 1, numbers) == [1]
    kept.close(1)

    assert status == 0
    assert opened == [os.getpid()] * 2


def test_the_file_system_is_that_of_the_longest_mount() -> None:
    """Of the mounts on the way to a path the longest counts, and of equal ones the last."""
    mounts = [
        "21 1 254:0 / / rw,relatime - ext4 /dev/a rw",
        "30 21 0:40 / /home rw shared:1 - nfs4 host:/home rw",
        "31 30 0:41 / /home/my\\040disk rw - xfs /dev/b rw",
        "32 31 0:42 / /tmp rw - ext4 /dev/c rw",
        "33 32 0:43 / /tmp rw - tmpfs tmpfs rw",
        "nonsense",
    ]
    assert sqlite_connections._type_of("/etc/x", mounts) == "ext4"
    assert sqlite_connections._type_of("/homeless", mounts) == "ext4"
    assert sqlite_connections._type_of("/home/ada", mounts) == "nfs4"
    assert sqlite_connections._type_of("/home/my disk/x", mounts) == "xfs"
    assert sqlite_connections._type_of("/tmp/x", mounts) == "tmpfs"
    assert sqlite_connections._type_of("/tmp/x", []) is None


# private databases


@pytest.mark.skipif(os.name == "nt", reason="POSIX permissions")
def test_a_private_database_is_made_for_its_owner(path: Path, database: PrivateDatabase) -> None:
    """Others can read neither folder nor file, and a file that they could read is closed."""
    database.run(add)
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    path.chmod(0o644)
    database.run(add)

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert database.run(numbers) == [1, 1]


def test_work_that_fails_changes_nothing(database: PrivateDatabase) -> None:
    """Each run is one transaction, and its error passes through."""

    def fail(connection: sqlite3.Connection) -> None:
        add(connection)
        raise ValueError("halfway")

    database.run(add)
    with pytest.raises(ValueError, match="halfway"):
        database.run(fail)

    assert database.run(numbers) == [1]


def test_a_database_that_cannot_be_used_is_named(path: Path) -> None:
    """The error says what the file is, where it is, and why it cannot be used."""
    path.mkdir(parents=True)
    database = PrivateDatabase(str(path), "book of numbers", create)

    with pytest.raises(GlobusError, match=r"book of numbers '.*numbers\.db' cannot be used: it is"):
        database.run(add)


def test_a_damaged_database_is_renamed_once_by_all_threads(
    path: Path, database: PrivateDatabase, caplog: pytest.LogCaptureFixture
) -> None:
    """Who sees the damage second finds the new database, and does not rename that."""
    path.parent.mkdir()
    path.write_bytes(LOST_ITS_BEGINNING)
    both = threading.Barrier(2)
    rename = database._begun_anew

    def together(info: os.stat_result, error: sqlite3.DatabaseError) -> bool:
        both.wait(SECONDS)  # both have seen the damage before either renames the file
        return rename(info, error)

    database._begun_anew = together  # type: ignore[method-assign]
    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(database.run, add) for _ in range(2)]:
            done.result(SECONDS)

    assert database.run(numbers) == [1, 1]
    assert path.with_name("numbers.db.damaged").read_bytes() == LOST_ITS_BEGINNING
    assert len([message for message in caplog.messages if "book of numbers" in message]) == 1


def test_a_database_that_another_program_renames_is_made_anew(
    path: Path, database: PrivateDatabase
) -> None:
    """Work that fails while the file is gone is done again in the new one."""
    database.run(add)

    def renamed(connection: sqlite3.Connection) -> list[int]:
        if not path.with_name("old").exists():
            path.rename(path.with_name("old"))
            raise sqlite3.OperationalError("disk I/O error")
        return numbers(connection)

    assert database.run(renamed) == []


def test_damage_is_told_from_other_errors() -> None:
    """Only the file's content counts as damage."""
    assert is_damage(sqlite3.DatabaseError("file is not a database"))
    assert is_damage(sqlite3.DatabaseError("database disk image is malformed"))
    assert not is_damage(sqlite3.OperationalError("database is locked"))


def test_a_file_that_cannot_be_read_is_not_said_to_be_of_another_format(tmp_path: Path) -> None:
    """What is wrong with it is told when it is opened."""
    assert not is_another_format(str(tmp_path / "missing"))


def test_where_mounts_cannot_be_listed_no_path_is_known_to_be_local(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A database that several hosts could share is opened with more care."""
    monkeypatch.setattr(sqlite_connections, "_MOUNTS", str(tmp_path / "missing"))
    assert not sqlite_connections.is_local(str(tmp_path))


def test_a_private_database_is_a_regular_file(tmp_path: Path) -> None:
    """Not a folder or a pipe that somebody has put in its place."""
    os.mkfifo(tmp_path / "cache.sqlite")
    with pytest.raises(GlobusError, match="not a regular file"):
        PrivateDatabase(str(tmp_path / "cache.sqlite"), "cache", numbers).run(numbers)
