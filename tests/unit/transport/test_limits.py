"""
How long an attempt may take, and each wait in it.
"""

from __future__ import annotations

import socket
import types

import pytest

from globus_core.transport import deadline
from globus_core.transport.deadline import Deadline
from globus_core.transport.deadline_response import DeadlineResponse
from globus_core.transport.limits import AttemptLimits, current_limits


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> types.SimpleNamespace:
    """
    The clock of deadlines; set ``now``.
    """
    made = types.SimpleNamespace(now=1000.0)
    made.monotonic = lambda: made.now
    monkeypatch.setattr(deadline, "time", made)
    return made


def test_waits_do_not_reach_beyond_the_deadline(clock: types.SimpleNamespace) -> None:
    """Those that are shorter stay as they are."""
    limit = AttemptLimits((5.0, 60.0), Deadline(10.0), None, False)
    assert limit.timeouts() == (5.0, 10.0)
    clock.now += 8
    assert limit.timeouts() == (2.0, 2.0)
    assert (limit.read_timeout(60.0), limit.read_timeout(1.0)) == (2.0, 1.0)
    clock.now += 2
    assert limit.expired
    with pytest.raises(TimeoutError):
        limit.read_timeout(1.0)
    assert AttemptLimits(5.0, Deadline(10.0), None, False).timeouts() == 5.0
    assert AttemptLimits(None, Deadline(10.0), None, False).timeouts() == (10.0, 10.0)


def test_each_address_of_a_host_has_its_share_of_the_time(clock: types.SimpleNamespace) -> None:
    """One that does not answer leaves some of it to the others."""
    limit = AttemptLimits(60.0, Deadline(120.0), None, False)
    assert [limit.connect_timeout(60.0, left) for left in (8, 2, 1)] == [15.0, 60.0, 60.0]
    assert limit.connect_timeout(None, 1) == 120.0
    assert AttemptLimits(None, Deadline(None), None, False).connect_timeout(None, 3) is None


def test_a_stream_has_the_whole_read_timeout_for_each_wait(clock: types.SimpleNamespace) -> None:
    """Even where the deadline had shortened that of the connection."""
    limit = AttemptLimits((5.0, 60.0), Deadline(10.0), None, True)
    limit.disable_deadline()
    clock.now += 1000
    assert not limit.expired
    assert limit.read_timeout(10.0) == 60.0
    assert AttemptLimits(None, Deadline(None), None, True).read_timeout(None) is None


def test_a_deadline_begins_anew_after_a_stream(clock: types.SimpleNamespace) -> None:
    """And only then."""
    limit = AttemptLimits(60.0, Deadline(10.0), None, False)
    limit.disable_deadline()
    clock.now += 1000
    limit.restart_deadline()
    assert limit.deadline.remaining() == 10.0
    clock.now += 4
    limit.restart_deadline()
    assert limit.deadline.remaining() == 6.0


def test_the_answer_to_a_stream_may_take_the_whole_deadline(clock: types.SimpleNamespace) -> None:
    """Whatever the deadline had left to the connection before the stream began."""
    here, there = socket.socketpair()
    with here, there:
        limit = AttemptLimits(60.0, Deadline(10.0), None, False)
        clock.now += 7
        here.settimeout(3.0)  # as urllib3 is told by the timeouts of the attempt
        limit.disable_deadline()
        limit.restart_deadline()
        there.send(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        outer = current_limits.set(limit)
        try:
            with DeadlineResponse(here) as response:
                response.begin()
        finally:
            current_limits.reset(outer)
        assert here.gettimeout() == 10.0
