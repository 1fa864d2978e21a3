"""
The deadline of a call: of its attempts, their redirects, and the pauses between them.

A call that is sent during another one, such as the renewal of a token, has a deadline of its own:
if it were cut short, its answer would be lost. Its time counts for the call that waits for it.
"""

from __future__ import annotations

import contextlib
import contextvars
import math
import time

from globus_core.leases import attempt_seconds

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

#: what a deadline comes from that a lease on a renewal sets
LEASE = "the lease of the token storage"

current_deadline: contextvars.ContextVar[Deadline | None] = contextvars.ContextVar(
    "globus_core_deadline", default=None
)


class Deadline:
    """
    The time until which a call must have ended.

    :param seconds: seconds from now; None for no deadline
    :param setting: the setting that these seconds come from, to be named in errors
    :ivar outer: the deadline of the call during which this one is sent, or None
    """

    __slots__ = ("_ends", "_token", "outer", "seconds", "setting")

    def __init__(self, seconds: float | None, setting: str = "total_timeout") -> None:
        self.seconds = seconds
        self.setting = setting
        self.outer = current_deadline.get()
        self._ends = math.inf if seconds is None else time.monotonic() + seconds

    def __enter__(self) -> Deadline:
        self._token = current_deadline.set(self)
        return self

    def __exit__(self, *_: object) -> None:
        current_deadline.reset(self._token)
        del (
            self._token
        )  # it holds all variables of the context, and a connection holds its deadline

    @property
    def expired(self) -> bool:
        """Whether it has passed."""
        return time.monotonic() >= self._ends

    def allows(self, pause: float) -> bool:
        """
        Whether another attempt may start.

        :param pause: seconds to wait before it
        """
        return time.monotonic() + pause < self._ends

    def remaining(self) -> float:
        """
        The seconds that are left.

        :raises TimeoutError: if there are none
        """
        seconds = self._ends - time.monotonic()
        if seconds <= 0:
            raise TimeoutError("the total deadline of the call has passed")
        return seconds

    def restart(self) -> None:
        """Allow all of its seconds again, from now on."""
        self._ends = math.inf if self.seconds is None else time.monotonic() + self.seconds

    def postpone(self, seconds: float) -> None:
        """
        Move it to a later time.

        :param seconds: by how much
        """
        self._ends += seconds


def call_deadline(total_timeout: float | None, max_total: float | None) -> Deadline:
    """
    The deadline of a call that starts now; the call is sent in a ``with`` block of it.

    :param total_timeout: seconds, as set for the transport; None for no deadline
    :param max_total: seconds, as set for the client; None leaves it to the transport
    """
    if max_total is not None and (total_timeout is None or max_total < total_timeout):
        return Deadline(max_total, "max_total of RetryConfig")
    return Deadline(total_timeout)


def attempt_deadline(call: Deadline) -> Deadline:
    """
    The deadline of one attempt: that of its call, or an earlier one under a lease that would end.

    :param call: the deadline of the call
    """
    seconds = attempt_seconds()
    if seconds is None or not call.allows(seconds):
        return call
    return Deadline(seconds, LEASE)


@contextlib.contextmanager
def pause_deadline() -> t.Iterator[None]:
    """
    Do not count the time of this ``with`` block for the calls during which it runs.

    This is for retry checks and authorizers that wait for a person, for example for a login. Calls
    that are sent in the block have deadlines of their own.
    """
    paused = current_deadline.get()
    inside = current_deadline.set(None)
    began = time.monotonic()
    try:
        yield
    finally:
        current_deadline.reset(inside)
        seconds = time.monotonic() - began
        while paused is not None:
            paused.postpone(seconds)
            paused = paused.outer
