"""The time for which a connection waits for an answer."""

from __future__ import annotations

import asyncio

import pytest

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


def test_an_interim_answer_does_not_limit_the_time_of_an_upload() -> None:
    """A source may be slow; the time for the answer begins when all has been sent."""

    async def main() -> None:
        connection = uploading(1000.0)
        connection.data_received(CONTINUE)
        assert connection._alarm is None
        connection.start_timeout()
        assert connection._alarm is not None

    asyncio.run(main())


def test_an_answer_that_comes_during_an_upload_must_go_on_in_time() -> None:
    """A server that refuses a body does not wait for the rest of it."""

    async def main() -> None:
        connection = uploading(1000.0)
        now = asyncio.get_running_loop().time()
        connection.data_received(TOO_LARGE)
        assert connection._alarm is not None
        assert connection._alarm.when() - now == pytest.approx(1000.0, abs=500.0)

    asyncio.run(main())
