"""The time for which a connection waits for an answer."""

from __future__ import annotations

import asyncio
import typing as t

from globus_core.transport.deadline import Deadline
from globus_core.transport.limits import AttemptLimits, current_limits
from globus_core_async.connections import OneAnswerEach

CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
TOO_LARGE = b"HTTP/1.1 413 Too Large\r\nContent-Length: 9\r\n\r\n"


def uploading(seconds: float) -> OneAnswerEach:
    """A connection on which a streamed body is being sent."""
    limits = AttemptLimits(seconds, Deadline(None), None, stream=False)
    limits.slow_to_send = True
    limits.disable_deadline()
    made = OneAnswerEach(asyncio.get_running_loop())
    outer = current_limits.set(limits)
    made.set_response_params(read_timeout=seconds)
    current_limits.reset(outer)
    return made


def passes(connection: OneAnswerEach, seconds: float) -> None:
    """Let time pass, until the alarm goes off."""
    loop: t.Any = connection._loop
    later = loop.time() + seconds
    loop.time = lambda: later
    connection._ring()


def test_an_interim_answer_does_not_limit_the_time_of_an_upload() -> None:
    """A source may be slow; the time for the answer begins when all has been sent."""

    async def main() -> None:
        connection = uploading(10.0)
        connection.data_received(CONTINUE)
        passes(connection, 11.0)
        assert connection.exception() is None
        connection.start_timeout()
        passes(connection, 11.0)
        assert isinstance(connection.exception(), asyncio.TimeoutError)

    asyncio.run(main())


def test_an_answer_that_comes_during_an_upload_must_go_on_in_time() -> None:
    """A server that refuses a body does not wait for the rest of it."""

    async def main() -> None:
        connection = uploading(10.0)
        connection.data_received(CONTINUE)
        connection.data_received(TOO_LARGE)
        passes(connection, 11.0)
        assert isinstance(connection.exception(), asyncio.TimeoutError)

    asyncio.run(main())
