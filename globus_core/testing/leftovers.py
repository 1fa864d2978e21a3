"""
Detecting threads and listening sockets that code leaves behind.
"""

from __future__ import annotations

import contextlib
import socket
import threading
import typing as t
from unittest import mock

if t.TYPE_CHECKING:
    from collections.abc import Iterator


@contextlib.contextmanager
def nothing_left_running(patience: float) -> Iterator[None]:
    """
    Fail if the code in the block leaves a thread running or a socket listening.

    Only threads and sockets that this thread starts count, and those that such threads start in
    turn; servers of the test environment do not. Not for two blocks at once.

    :param patience: seconds that threads have to end after the block
    :raises AssertionError: if something is left; names it
    """
    threads = [threading.current_thread()]
    listening: list[socket.socket] = []
    start, listen = threading.Thread.start, socket.socket.listen

    def noting_start(thread: threading.Thread) -> None:
        if threading.current_thread() in threads:
            threads.append(thread)
        start(thread)

    def noting_listen(sock: socket.socket, *backlog: int) -> None:
        if threading.current_thread() in threads:
            listening.append(sock)
        listen(sock, *backlog)

    try:
        with (
            mock.patch.object(threading.Thread, "start", noting_start),
            mock.patch.object(socket.socket, "listen", noting_listen),
        ):
            yield
    finally:  # also after an error, when something is most easily forgotten
        _check(threads[1:], listening, patience)


def _check(
    threads: list[threading.Thread], listening: list[socket.socket], patience: float
) -> None:
    for thread in threads:
        thread.join(patience)
    alive = [thread.name for thread in threads if thread.is_alive()]
    assert not alive, f"threads were left running: {', '.join(alive)}"
    open_still = [repr(sock) for sock in listening if sock.fileno() != -1]
    assert not open_still, f"sockets were left listening: {', '.join(open_still)}"
