"""
The lock of an app.
"""

from __future__ import annotations

import threading

from globus_core.exc import LoginTimeoutError
from globus_core.locks import PerProcess

#: seconds that a thread waits for what another one does, which may be a person's login
WAIT_SECONDS = 1200.0


class AppLock:
    """
    A lock that its thread may take again, with a deadline, and free in a forked child.

    :param seconds: how long to wait for it at the most
    """

    def __init__(self, seconds: float = WAIT_SECONDS) -> None:
        self._seconds = seconds
        self._mutex = PerProcess(threading.RLock)

    def __enter__(self) -> None:
        if not self._mutex.get().acquire(timeout=self._seconds):
            raise LoginTimeoutError(
                f"another thread's login did not end within {self._seconds:g} seconds"
            )

    def __exit__(self, *exc_info: object) -> None:
        self._mutex.get().release()
