"""
What one attempt may take: until when it must end, and how large a body it may read.

Whoever sends sets :data:`watching`; the connection and the reader of the body look at it.
"""

from __future__ import annotations

import contextvars
import math
import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    Timeout = float | tuple[float | None, float | None] | None


class Watch:
    """
    The limits of one attempt, its redirects included.

    :param seconds: until when it must have ended, from now; None for no deadline
    :param most_bytes: the largest body that is read; None for no limit
    :param stream: the body is left to the caller
    """

    __slots__ = ("ends", "most_bytes", "seconds", "stream")

    def __init__(self, seconds: float | None, most_bytes: int | None, stream: bool) -> None:
        self.seconds = seconds
        self.ends = math.inf if seconds is None else time.monotonic() + seconds
        self.most_bytes = most_bytes
        self.stream = stream

    @property
    def over(self) -> bool:
        """Whether the deadline has passed."""
        return time.monotonic() >= self.ends

    def left(self) -> float:
        """
        The seconds until the deadline.

        :raises TimeoutError: if there are none
        """
        seconds = self.ends - time.monotonic()
        if seconds <= 0:
            raise TimeoutError("the total deadline of the request has passed")
        return seconds

    def lift(self) -> None:
        """Let the rest take as long as it likes."""
        self.ends = math.inf

    def shorten(self, timeout: Timeout) -> Timeout:
        """
        Times for connecting and reading that do not reach beyond the deadline.

        :param timeout: the times as they are set
        :raises TimeoutError: if the deadline has passed
        """
        left = self.left()
        connect, read = timeout if isinstance(timeout, tuple) else (timeout, timeout)
        connect, read = _number(connect), _number(read)
        if connect <= left and read <= left:
            return timeout
        return min(connect, left), min(read, left)


def _number(seconds: float | None) -> float:
    return math.inf if seconds is None else seconds


watching: contextvars.ContextVar[Watch | None] = contextvars.ContextVar(
    "globus_core_watch", default=None
)
