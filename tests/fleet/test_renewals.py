"""
Many hosts renew one token once, and what is left of a login when its holder is lost.
"""

from __future__ import annotations

import typing as t

import pytest

from tests.fleet.fleet import Fleet, Outcome, WorkerProcess
from tests.fleet.points import ALL, ANSWERED, ASKED, LOCKED, SENDING, SENT, STORED

pytestmark = [pytest.mark.full, pytest.mark.xdist_group("fleet")]

ROTATION = pytest.mark.parametrize("rotation", [False, True], ids=["same", "rotating"])
POINTS = pytest.mark.parametrize("point", ALL)


def headers(outcomes: t.Iterable[Outcome]) -> set[str | None]:
    """The headers that workers got, all without an error."""
    outcomes = list(outcomes)
    assert [outcome.text for outcome in outcomes if outcome.error] == []
    return {outcome.result for outcome in outcomes}


def others(fleet: Fleet) -> list[WorkerProcess]:
    """All workers but the first."""
    return fleet.workers[1:]


@ROTATION
def test_one_refresh_for_all_hosts(fleet: Fleet, rotation: bool) -> None:
    """Each time that the token expires, and nobody is logged out."""
    fleet.sandbox.configure(rotate_refresh_tokens=rotation)
    space = fleet.login()
    seen = set()
    for refreshes in range(1, 4):
        (header,) = headers(fleet.renew(space))
        seen.add(header)
        assert fleet.refreshes() == refreshes
        fleet.workers[0].do("expire", space)
    assert len(seen) == 3
    assert fleet.is_alive(space)


@POINTS
@ROTATION
def test_a_holder_that_is_killed(fleet: Fleet, rotation: bool, point: str) -> None:
    """A login ends only if Globus Auth has rotated the token, and the holder has not stored it."""
    fleet.sandbox.configure(rotate_refresh_tokens=rotation)
    space = fleet.login()
    fleet.pause(fleet.workers[0], space, point)
    fleet.workers[0].kill()
    outcomes = fleet.renew(space, others(fleet))
    fleet.restore()
    if rotation and point in (SENT, ANSWERED):
        assert not fleet.is_alive(space)
        return
    assert len(headers(outcomes)) == 1
    assert fleet.refreshes() == (2 if point in (SENT, ANSWERED) else 1)
    assert fleet.is_alive(space)


@POINTS
@ROTATION
def test_a_holder_that_is_stopped_for_longer_than_its_lease(
    fleet: Fleet, rotation: bool, point: str
) -> None:
    """A login ends only if it slept between asking its lease and storing."""
    fleet.sandbox.configure(rotate_refresh_tokens=rotation)
    space = fleet.login()
    holder = fleet.workers[0]
    fleet.pause(holder, space, point)
    holder.stop()
    outcomes = fleet.renew(space, others(fleet))  # they wait until the lease has ended
    holder.wake()
    holder.go_on()
    woken = holder.outcome()
    if rotation and point in (SENDING, SENT, ANSWERED):
        assert not fleet.is_alive(space)
        return
    assert len(headers([*outcomes, woken])) == 1
    assert fleet.refreshes() == (1 if point in (LOCKED, ASKED, STORED) else 2)
    assert fleet.is_alive(space)
