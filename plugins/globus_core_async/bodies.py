"""
Bodies: of responses, read by synchronous code, and of requests, read while they are sent.
"""

from __future__ import annotations

import asyncio
import contextlib
import io
import math
import time

import aiohttp
import urllib3

from globus_core.transport.streamed_bodies import StreamedBody

from .bridge import run, wait_for
from .failures import while_reading

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from globus_core.transport.limits import AttemptLimits

_END = object()


class BodyFile(io.RawIOBase):
    """
    The body of a response as a file, for urllib3, which decompresses it.

    :param answer: the response of aiohttp, whose head has been read
    :param limits: the limits of the attempt, or None
    """

    def __init__(self, answer: aiohttp.ClientResponse, limits: AttemptLimits | None) -> None:
        self._answer: aiohttp.ClientResponse | None = answer
        self._limits = limits
        self._failure: Exception | None = None
        self._loop = asyncio.get_running_loop()

    def readable(self) -> bool:
        return True

    def read(self, size: int | None = -1, /) -> bytes:
        answer = self._answer
        if self._failure is not None:  # as of a socket, which does not forget it
            raise self._failure
        if answer is None or size == 0:
            return b""
        try:
            if self._limits is not None and not self._limits.lifted:
                self._limits.deadline.remaining()  # raises if there are none
            return wait_for(answer.content.read(-1 if size is None else size))
        except (aiohttp.ClientError, asyncio.TimeoutError, OSError) as error:
            self.close()
            self._failure = while_reading(error)
            raise self._failure from error

    def isclosed(self) -> bool:
        """Whether there is nothing more to read, which urllib3 asks."""
        return self._failure is None and self.closed

    def close(self) -> None:
        answer, self._answer = getattr(self, "_answer", None), None
        super().close()
        if answer is None or self._loop.is_closed():
            return
        if _is_running(self._loop):
            answer.close()
        else:  # such as the collector of garbage in another thread
            with contextlib.suppress(RuntimeError):  # closed just now
                self._loop.call_soon_threadsafe(answer.close)


def _is_running(loop: asyncio.AbstractEventLoop) -> bool:
    return asyncio._get_running_loop() is loop


def raw_response(
    answer: aiohttp.ClientResponse,
    limits: AttemptLimits | None,
    headers: t.Mapping[str, str],
    method: str | None,
) -> urllib3.HTTPResponse:
    """
    A response of urllib3 that reads its body from a response of aiohttp.

    :param answer: the response of aiohttp
    :param limits: the limits of the attempt, or None
    :param headers: its headers
    :param method: the method of the request
    """
    return urllib3.HTTPResponse(
        body=BodyFile(answer, limits),
        headers=headers,
        status=answer.status,
        reason=answer.reason,
        preload_content=False,
        request_method=method,
    )


class Upload:
    """
    A streamed body of a request, and the time that it takes.

    Each piece must be accepted within the read timeout. The deadline is off meanwhile.

    :param body: the body
    :param limits: the limits of the attempt
    """

    def __init__(self, body: StreamedBody, limits: AttemptLimits) -> None:
        self._body = body
        self._limits = limits
        self._given = math.inf  # when the last piece was handed over; inf while there is none
        self._error: BaseException | None = None  # of the source

    async def pieces(self) -> t.AsyncIterator[bytes]:
        """
        The pieces of the body.
        """
        source = iter(self._body)
        while (piece := await self._next(source)) is not _END:
            self._given = time.monotonic()
            yield piece
            self._given = math.inf
        self._limits.restart_deadline()

    async def _next(self, source: t.Iterator[bytes]) -> t.Any:
        try:
            return await run(next, source, _END)
        except Exception as error:
            self._error = error
            raise

    async def sent(self, request: t.Awaitable[aiohttp.ClientResponse]) -> aiohttp.ClientResponse:
        """
        The response, unless it takes too long.

        :param request: the request, which sends the pieces
        :raises asyncio.TimeoutError: if a piece is not accepted, or the response does not come
        """
        task = asyncio.ensure_future(request)
        try:
            while not task.done():
                await asyncio.wait((task,), timeout=self._time_left())
            if self._error is not None and task.exception() is not None:
                raise self._error
            return task.result()
        finally:
            if not task.done():
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)

    def _time_left(self) -> float | None:
        limits = self._limits
        left = _STEP
        if not limits.lifted:
            left = min(left, limits.deadline.remaining())
        if limits.read is not None and self._given != math.inf:
            stalled = time.monotonic() - self._given
            if stalled >= limits.read:
                raise asyncio.TimeoutError
            left = min(left, limits.read - stalled)
        return left


#: seconds after which an upload is looked at again
_STEP = 1.0
