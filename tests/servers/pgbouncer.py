"""
A pooler in front of a PostgreSQL server, in transaction mode: each transaction may be given to
another session of the server.
"""

from __future__ import annotations

import contextlib
import shutil
import signal
import socket
import subprocess
import time
import typing as t

import pytest

from tests.servers.postgres_server import PostgresProcess, as_user, hand_over
from tests.servers.redis_server import free_port

_START_SECONDS = 30.0


@contextlib.contextmanager
def running_pgbouncer(server: PostgresProcess, *, sessions: int = 2) -> t.Iterator[str]:
    """
    Run a pooler for a ``with`` block, and give the URL of the server's database through it.

    :param server: the server
    :param sessions: how many sessions of the server all clients share
    """
    program = shutil.which("pgbouncer") or shutil.which("/usr/sbin/pgbouncer")
    if program is None:
        pytest.skip("pgbouncer is not installed")
    port = free_port()
    folder = server.folder
    users, settings = folder / "users.txt", folder / f"pgbouncer-{port}.ini"
    users.write_text('"portal" ""\n')
    settings.write_text(
        "[databases]\n"
        f"postgres = host=127.0.0.1 port={server.port} dbname=postgres user=portal\n"
        "[pgbouncer]\n"
        f"listen_addr = 127.0.0.1\nlisten_port = {port}\nunix_socket_dir =\n"
        f"auth_type = trust\nauth_file = {users}\n"
        f"pool_mode = transaction\ndefault_pool_size = {sessions}\nserver_login_retry = 0\n"
    )
    for file in (users, settings):
        hand_over(file)
    with (folder / "pgbouncer.log").open("ab") as log:
        process = subprocess.Popen(
            [program, str(settings)],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            **as_user(),
        )
    try:
        _wait(process, port)
        yield f"postgresql://portal@127.0.0.1:{port}/postgres"
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(10)


def _wait(process: subprocess.Popen[bytes], port: int) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while True:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port)):
            return
        if process.poll() is not None or time.monotonic() > deadline:
            pytest.fail("pgbouncer did not start", pytrace=False)
        time.sleep(0.02)
