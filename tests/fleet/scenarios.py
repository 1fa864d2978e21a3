"""
What happens to the holder of a renewal's lock on its way, and what becomes of the login.
"""

from __future__ import annotations

import collections
import typing as t

from tests.fleet.points import ANSWERED, ASKED, SENDING, SENT

if t.TYPE_CHECKING:
    from tests.fleet.fleet import Fleet, Outcome
    from tests.fleet.stores import Store

Fault = t.Callable[["Fleet", "Store", str], "list[Outcome]"]


class Figures(t.NamedTuple):
    """
    What came of one renewal by all workers.

    :param refreshes: how many refreshes Globus Auth was asked for
    :param headers: how many different headers the workers got
    :param alive: whether the login can still be renewed afterwards
    :param errors: how many workers got an error, by the name of its class
    :param seconds: the longest that a worker waited for a header or an error
    """

    refreshes: int
    headers: int
    alive: bool
    errors: dict[str, int]
    seconds: float


def run(fleet: Fleet, store: Store, fault: str, point: str, rotation: bool) -> Figures:
    """
    Have a fleet renew an expired token, whose first holder meets a fault at a point on its way.

    :param fleet: all of its workers run, and its first one becomes the holder
    :param store: the store of the fleet
    :param fault: one of :data:`FAULTS`
    :param point: the point
    :param rotation: whether Globus Auth rotates refresh tokens
    """
    fleet.sandbox.reset()
    fleet.sandbox.configure(rotate_refresh_tokens=rotation)
    space = fleet.login()
    fleet.pause(fleet.workers[0], space, point)
    outcomes = FAULTS[fault](fleet, store, space)
    refreshes = fleet.refreshes()
    fleet.restore()
    headers = {outcome.result for outcome in outcomes if outcome.error is None}
    errors = collections.Counter(outcome.error for outcome in outcomes if outcome.error)
    longest = max(outcome.seconds for outcome in outcomes)
    return Figures(refreshes, len(headers), fleet.is_alive(space), dict(errors), longest)


def dies(fault: str, point: str, rotation: bool) -> bool:
    """
    Whether a login cannot survive: Globus Auth has been or will be sent a refresh token that it
    has rotated, because the new one was not stored in time.

    :param fault: the fault
    :param point: the point at which the holder meets it
    :param rotation: whether Globus Auth rotates refresh tokens
    """
    lost_answer = rotation and point in (SENT, ANSWERED)
    sent_late = rotation and point == SENDING and fault == "stopped"
    not_stored = rotation and point in (ASKED, SENDING) and fault == "cut"
    return (lost_answer and fault != "restarted") or sent_late or not_stored


def _killed(fleet: Fleet, store: Store, space: str) -> list[Outcome]:
    holder, *others = fleet.workers
    holder.kill()
    return fleet.renew(space, others)


def _stopped(fleet: Fleet, store: Store, space: str) -> list[Outcome]:
    """For longer than its lease: the others wait until it has ended."""
    holder, *others = fleet.workers
    holder.stop()
    outcomes = fleet.renew(space, others)
    holder.wake()
    holder.go_on()
    return [*outcomes, holder.outcome()]


def _restarted(fleet: Fleet, store: Store, space: str) -> list[Outcome]:
    """The store is, while the holder is on its way and the others wait."""
    holder, *others = fleet.workers
    for worker in others:
        worker.order("renew", space)
    store.kill()
    store.start()
    holder.go_on()
    return [worker.outcome() for worker in fleet.workers]


def _cut(fleet: Fleet, store: Store, space: str) -> list[Outcome]:
    """The network between the holder's host and the store, until all have an answer."""
    holder, *others = fleet.workers
    with holder.host.cut():
        holder.go_on()
        for worker in others:
            worker.order("renew", space)
        return [worker.outcome() for worker in fleet.workers]


FAULTS: dict[str, Fault] = {
    "killed": _killed,
    "stopped": _stopped,
    "restarted": _restarted,
    "cut": _cut,
}
