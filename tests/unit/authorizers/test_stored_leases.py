"""
How a lease that a server keeps is waited for, and when it is given back.
"""

from __future__ import annotations

import pytest

from globus_core import waiting
from globus_core.exc import RenewalLockTimeoutError, StorageError
from globus_core.leases import StoredLease


class Lease(StoredLease):
    """
    A lease on a pretended server.

    :param left: how long others have it, at each question; it is free after these
    """

    def __init__(self, *left: float, timeout: float = 120.0, away: bool = False) -> None:
        super().__init__(30.0, timeout, "a renewal", "redis.example.org")
        self.left = list(left)
        self.away = away
        self.holder = ""
        self.asked = 0
        self.given_back = 0
        self.failure: StorageError | None = None

    def take(self) -> float | None:
        self.asked += 1
        if self.failure is not None:
            raise self.failure
        if self.left:
            return self.left.pop(0)
        self.holder = self.owner
        return None

    def is_stored(self) -> bool:
        return self.holder == self.owner

    def prolong(self) -> bool:
        return self.holder == self.owner

    def give_back(self) -> None:
        if self.failure is not None:
            raise self.failure
        self.given_back += 1

    def is_away(self, error: StorageError) -> bool:
        return self.away


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """
    The pauses of whoever waits, which move the clock and take no time.
    """
    taken: list[float] = []
    monkeypatch.setattr("time.monotonic", lambda: 1000.0 + sum(taken))
    monkeypatch.setattr(waiting, "sleep", taken.append)
    return taken


def test_a_free_lease_is_taken_without_a_pause(pauses: list[float]) -> None:
    """It is the caller's inside the block, and nobody's after it."""
    with Lease() as lease:
        assert lease.still_mine()
        assert lease.extend()
        assert lease.given_back == 0
    assert (lease.asked, lease.given_back, pauses) == (1, 1, [])


def test_a_lease_that_was_given_back_is_not_held_whatever_is_stored() -> None:
    """Its holder neither uses nor prolongs it any more."""
    with Lease() as lease:
        pass
    assert not lease.still_mine()
    assert not lease.extend()


def test_the_pauses_between_questions_grow_to_a_quarter_of_a_second(pauses: list[float]) -> None:
    """A short renewal of somebody else is seen soon, and a long one is not asked about often."""
    with Lease(*[60.0] * 12):
        pass
    assert pauses[:3] == pytest.approx([0.01, 0.015, 0.0225])
    assert pauses[-1] == 0.25
    assert pauses == sorted(pauses)


def test_a_pause_ends_when_the_other_lease_does(pauses: list[float]) -> None:
    """Its holder may have died; but the server is not asked without any pause."""
    with Lease(0.004, 0.0):
        pass
    assert pauses == [0.004, 0.001]


def test_waiting_for_a_lease_ends_in_time(pauses: list[float]) -> None:
    """The error says where the lease is and how long it was waited for; it is others' anyway."""
    lease = Lease(*[60.0] * 100, timeout=0.3)
    with pytest.raises(RenewalLockTimeoutError, match=r"a renewal .* 0\.3 .* redis\.example\.org"):
        lease.__enter__()
    assert sum(pauses) == pytest.approx(0.3, abs=0.002)
    assert lease.given_back == 0


def test_a_server_that_fails_is_asked_nothing_more() -> None:
    """Giving back would wait for the same server again."""
    lease = Lease()
    lease.failure = StorageError("no answer")
    with pytest.raises(StorageError, match="no answer"):
        lease.__enter__()
    assert (lease.asked, lease.given_back) == (1, 0)


@pytest.mark.parametrize(
    ("away", "error", "given_back"),
    [
        (True, StorageError("no answer"), 0),
        (False, StorageError("a bad record"), 1),
        (True, ValueError("of somebody else"), 1),
    ],
)
def test_a_lease_is_left_to_end_by_itself_only_where_its_server_is_away(
    away: bool, error: Exception, given_back: int
) -> None:
    """After any other error the next one need not wait for it."""
    lease = Lease(away=away)
    with pytest.raises(type(error)), lease:
        raise error
    assert lease.given_back == given_back
    assert not lease.still_mine()


def test_a_lease_that_cannot_be_given_back_is_told_in_the_log(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """What was done under it is done; others wait for its end at most."""
    with Lease() as lease:
        lease.failure = StorageError("no answer")
    assert "stays for up to 30 seconds: no answer" in caplog.text
