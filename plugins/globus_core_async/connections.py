"""
Connections that keep to the limits of an attempt, as those of the synchronous transport do.

aiohttp puts a connection aside once an answer is complete. Bytes that come after it would be the
answer to the next request. So a connection is not used again if there are any, or if it is doubtful
where its last answer ended.

aiohttp has a timer for each request, and another one from each piece of an answer to the next. Here
a connection has one alarm for both. It stays when it is no longer needed, and only when it goes off
is it seen what it was for: requests that follow each other hardly ever set a new one.
"""

from __future__ import annotations

import asyncio
import contextvars
import errno
import functools
import math
import select
import sys

import aiohttp
from aiohttp.client_proto import ResponseHandler

from globus_core.transport.limits import current_limits

if sys.version_info >= (3, 11):
    timeout_after = asyncio.timeout  # wait_for() can swallow a cancellation in some versions
else:
    import async_timeout  # pyright: ignore[reportMissingImports]

    timeout_after = async_timeout.timeout

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from globus_core.transport.limits import AttemptLimits

_SWITCHING_PROTOCOLS = 101
_WITHOUT_BODY = (204, 304)


class OneAnswerEach(ResponseHandler):
    """
    A connection on which each request gets its own answer.
    """

    _is_interim = False
    _limits: AttemptLimits | None = None
    _is_sending = False
    _since: float | None = None  # from when on bytes are waited for, by the clock of the loop
    _alarm: asyncio.TimerHandle | None = None
    _poll: select.poll | None = None

    def set_response_params(self, **params: t.Any) -> None:
        """
        Get ready for a request.

        :param params: as aiohttp has them
        """
        self._limits = limits = current_limits.get()
        super().set_response_params(**params)
        self._is_sending = False
        if limits is None or limits.slow_to_send:
            self._set_alarm(None)  # which may be too late for this request
        else:
            self._since = now = self._loop.time()
            self._see_to_alarm(now)  # as if the answer could come now, which is early enough
        self._is_sending = True

    def feed_data(self, data: t.Any, size: int = 0) -> None:
        """
        Take the head of an answer.

        :param data: the head, and the body
        :param size: not used
        """
        head = data[0]
        self._is_interim = 100 <= head.code < 200 and head.code != _SWITCHING_PROTOCOLS
        if not (self._is_interim or self._skip_payload or _is_framed_clearly(head)):
            self.force_close()
        super().feed_data(data, size)

    def data_received(self, data: bytes) -> None:
        """
        Take what the server has sent; after an interim answer it must send more in time, once all
        of the request has been sent.

        :param data: the bytes
        """
        was_sending = self._is_sending
        super().data_received(data)
        if self._is_interim:
            self._reschedule_timeout()
            self._is_sending = was_sending

    def close(self) -> None:
        """
        End the connection; what the server has not taken does not delay it.
        """
        if self.transport is not None and self.transport.get_write_buffer_size():
            self.abort()
        else:
            super().close()

    def connection_lost(self, exc: BaseException | None) -> None:
        """
        Take note of the end.

        :param exc: why it ended
        """
        super().connection_lost(exc)
        self._since = self._limits = None
        self._set_alarm(None)

    # timeouts

    def _reschedule_timeout(self) -> None:
        """Called when all of a request is sent, and when bytes have come."""
        self._is_sending = False
        self._since = now = self._loop.time()
        limits = self._limits
        if self._alarm is None or limits is None or limits.slow_to_send:
            self._see_to_alarm(now)

    def _drop_timeout(self) -> None:
        self._since = None

    def _see_to_alarm(self, now: float) -> None:
        due = now + self._seconds_left(now)
        if due != math.inf and (self._alarm is None or due < self._alarm.when()):
            self._set_alarm(due)

    def _seconds_left(self, now: float) -> float:
        """The seconds within which bytes must come, or all of a request must be sent."""
        limits, seconds = self._limits, self._read_timeout
        if limits is not None and limits.lifted:
            seconds = limits.read
        if seconds is None or self._is_sending or self._since is None:
            left = math.inf
        else:
            left = self._since + seconds - now
        try:
            return left if limits is None else min(left, _seconds_left(limits))
        except TimeoutError:  # the deadline has passed
            return 0.0

    def _set_alarm(self, when: float | None) -> None:
        if self._alarm is not None:
            self._alarm.cancel()
        self._alarm = None
        if when is not None:
            context = contextvars.Context()  # that of the request would keep its client alive
            self._alarm = self._loop.call_at(when, self._ring, context=context)

    def _ring(self) -> None:
        self._alarm = None
        if self._since is None:
            return
        now = self._loop.time()
        if self._seconds_left(now) > 0:
            self._see_to_alarm(now)
        else:
            self._on_read_timeout()

    # use by one request after another

    def is_connected(self) -> bool:
        """
        Whether the connection can be used; if it was put aside, nothing may be left on it.
        """
        transport = self.transport
        if transport is None or transport.is_closing():
            return False
        at_rest = self._payload is None or self._payload.is_eof()
        return not (at_rest and (self.should_close or self._has_more()))

    def _has_more(self) -> bool:
        """Whether there are bytes that the loop has not yet read."""
        poll = self._poll
        if poll is None:
            sock = None if self.transport is None else self.transport.get_extra_info("socket")
            if sock is None or not hasattr(select, "poll"):
                return False
            poll = self._poll = select.poll()
            poll.register(sock.fileno(), select.POLLIN)
        return bool(poll.poll(0))


def _is_framed_clearly(head: t.Any) -> bool:
    """Whether all readers of the head agree on where the answer ends (RFC 9112 section 6.3)."""
    lengths = head.headers.getall("Content-Length", [])
    codings = head.headers.getall("Transfer-Encoding", [])
    if head.code in _WITHOUT_BODY:  # some servers send the body that they announce
        return not codings and lengths in ([], ["0"])
    if codings:
        return not lengths and len(codings) == 1
    return len(lengths) == 1 and lengths[0].isascii() and lengths[0].strip().isdigit()


class _Connector(aiohttp.TCPConnector):
    """
    Makes connections that do not keep alive the client whose request was the first on them.

    What a loop keeps for later has a copy of the context variables of the task, and there the SDK
    notes what is sending.
    """

    def __init__(self, **options: t.Any) -> None:
        super().__init__(**options)
        self._empty_context = contextvars.Context()

    async def _create_connection(self, req: t.Any, traces: t.Any, timeout: t.Any) -> t.Any:
        limits = current_limits.get()
        seconds = math.inf if limits is None else _seconds_left(limits)

        async def connect() -> t.Any:
            async with timeout_after(None if seconds == math.inf else seconds):
                return await super_connect(req, traces, timeout)

        super_connect = super()._create_connection
        context = contextvars.Context()
        context.run(current_limits.set, limits)
        task = context.run(asyncio.ensure_future, connect())
        try:
            return await task
        except BaseException:
            if task.done() and not task.cancelled() and task.exception() is None:
                task.result().close()  # it was made just when the caller was cancelled
            raise

    async def _wait_for_available_connection(self, key: t.Any, traces: t.Any) -> None:
        limits = current_limits.get()
        seconds = math.inf if limits is None else _seconds_left(limits)
        try:
            async with timeout_after(None if seconds == math.inf else seconds):
                await super()._wait_for_available_connection(key, traces)
        except BaseException as error:
            self._release_waiter()  # it may have got its turn just now, and others wait
            if isinstance(error, asyncio.CancelledError) and self.closed and not _is_cancelled():
                closed = ConnectionAbortedError(errno.ECONNABORTED, "the client was closed")
                raise aiohttp.ClientConnectorError(key, closed) from None
            raise

    def _release(self, *args: t.Any, **options: t.Any) -> None:
        self._empty_context.run(super()._release, *args, **options)


def _seconds_left(limits: AttemptLimits) -> float:
    return math.inf if limits.lifted else limits.deadline.remaining()


def _is_cancelled() -> bool:
    """Whether the running task is to end; before Python 3.11 a task does not say so."""
    return bool(getattr(asyncio.current_task(), "cancelling", int)())


def _most() -> int:
    """
    How many connections of one session may be in use; 0 for any number.

    They are a quarter of the files that this process may open, so that there is room for others.
    """
    try:
        import resource
    except ImportError:  # Windows, where sockets are no files
        return 0
    files, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return 0 if files == resource.RLIM_INFINITY else max(1, files // 4)


def connector(kept_seconds: float) -> aiohttp.TCPConnector:
    """
    Makes the connections of one session; a request waits for one if too many are in use.

    :param kept_seconds: for how long one is kept that nobody uses
    """
    made = _Connector(limit=_most(), keepalive_timeout=kept_seconds)
    factory: t.Any = functools.partial(OneAnswerEach, loop=asyncio.get_running_loop())
    made._factory = factory
    return made
