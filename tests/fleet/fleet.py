"""
Workers on several hosts that share tokens in a store, as a test gives them orders.
"""

from __future__ import annotations

import contextlib
import json
import os
import pathlib
import signal
import subprocess
import sys
import time
import typing as t
import uuid

from tests.fleet.network import Host, Network
from tests.fleet.points import SENT

if t.TYPE_CHECKING:
    from globus_core_sandbox import Sandbox

_PROGRAM = str(pathlib.Path(__file__).with_name("worker.py"))
_ROOT = pathlib.Path(__file__).parents[2]


class Outcome(t.NamedTuple):
    """
    What came of an order.

    :param result: for a renewal, a digest of the header
    :param error: the name of the error's class; None if there was none
    :param seconds: how long it took, since the last pause
    :param text: the error's text
    """

    result: str | None
    error: str | None
    seconds: float
    text: str = ""


class WorkerProcess:
    """
    A worker on a host. It carries out one order at a time.

    :param host: the host
    :param arguments: the client's id, the URL of Globus Auth, the URL of the store
    """

    def __init__(self, host: Host, arguments: t.Sequence[str]) -> None:
        self.host = host
        self._process = subprocess.Popen(
            [*host.prefix, sys.executable, _PROGRAM, *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": str(_ROOT)},
        )

    def order(self, do: str, space: str, pause: str | None = None) -> None:
        """
        Have it do something, without waiting for what comes of it.

        :param do: ``log_in``, ``renew``, ``expire``
        :param space: the namespace in the store
        :param pause: the point at which it is to wait for :meth:`go_on`
        """
        self._write(json.dumps({"do": do, "space": space, "pause": pause}))

    def outcome(self) -> Outcome:
        """Wait for what comes of an order."""
        return Outcome(**self._told())

    def do(self, do: str, space: str) -> Outcome:
        """Have it do something, and wait for what comes of it."""
        self.order(do, space)
        return self.outcome()

    def wait_at(self, point: str) -> None:
        """Wait until it pauses at a point."""
        assert self._told() == {"at": point}

    def go_on(self) -> None:
        """Let it go on from the point at which it pauses."""
        self._write("")

    def stop(self) -> None:
        """Stop it, as a container is frozen."""
        self._process.send_signal(signal.SIGSTOP)

    def wake(self) -> None:
        """Let it run again."""
        self._process.send_signal(signal.SIGCONT)

    def kill(self) -> None:
        """End it at once."""
        self._process.kill()
        self._process.communicate()

    @property
    def runs(self) -> bool:
        """Whether it has not ended."""
        return self._process.poll() is None

    def _write(self, line: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()

    def _told(self) -> dict[str, t.Any]:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line, f"a worker on {self.host.name} has ended with code {self._process.wait()}"
        told: dict[str, t.Any] = json.loads(line)
        return told


class Fleet:
    """
    Workers on all hosts of a network.

    :param network: the hosts
    :param sandbox: Globus Auth, which the hosts can reach
    :param store: the URL of the store, which they can reach as well
    :param per_host: how many workers each host has
    """

    def __init__(self, network: Network, sandbox: Sandbox, store: str, per_host: int) -> None:
        self.network = network
        self.sandbox = sandbox
        self._arguments = (sandbox.native_client_id, sandbox.url, store)
        hosts = [host for host in network.hosts for _ in range(per_host)]
        self.workers = [WorkerProcess(host, self._arguments) for host in hosts]
        try:
            for worker in self.workers:
                worker.wait_at("ready")
        except BaseException:
            self.end()
            raise

    def __enter__(self) -> Fleet:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.end()

    def end(self) -> None:
        """End all workers."""
        for worker in self.workers:
            worker.kill()

    def restore(self) -> None:
        """Start again the workers that have ended, each on its host."""
        started = []
        for index, worker in enumerate(self.workers):
            if not worker.runs:
                self.workers[index] = WorkerProcess(worker.host, self._arguments)
                started.append(self.workers[index])
        for worker in started:
            worker.wait_at("ready")

    def login(self) -> str:
        """Log in, and give the namespace of the store in which an expired token is."""
        space = f"login-{uuid.uuid4().hex}"
        outcome = self.workers[0].do("log_in", space)
        assert outcome.error is None, outcome
        return space

    def refreshes(self) -> int:
        """How many refreshes Globus Auth was asked for, by all."""
        return self.sandbox.count(grant_type="refresh_token")

    def renew(self, space: str, workers: t.Sequence[WorkerProcess] | None = None) -> list[Outcome]:
        """Have workers get a header at the same time, by default all of them."""
        workers = self.workers if workers is None else workers
        for worker in workers:
            worker.order("renew", space)
        return [worker.outcome() for worker in workers]

    def is_alive(self, space: str) -> bool:
        """Whether a login can still be renewed, by all workers."""
        outcome = self.workers[-1].do("expire", space)
        assert outcome.error is None, outcome
        return all(outcome.error is None for outcome in self.renew(space))

    def pause(self, worker: WorkerProcess, space: str, point: str) -> None:
        """Have a worker renew, and wait until it is at a point on the way."""
        before = self.refreshes()
        worker.order("renew", space, point)
        worker.wait_at(point)
        if point == SENT:  # the request has left the worker, and is on the way
            while self.refreshes() == before:
                time.sleep(0.005)


@contextlib.contextmanager
def fleet_sandbox(network: Network) -> t.Iterator[Sandbox]:
    """A sandbox at the address at which the hosts reach Globus Auth, for a ``with`` block."""
    from globus_core_sandbox import Sandbox

    with Sandbox(network.auth_address, allow_remote=True) as sandbox:
        yield sandbox
