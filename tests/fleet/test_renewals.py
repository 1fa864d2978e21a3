"""
Many hosts renew one token once, and a login ends only where no client can save it.
"""

from __future__ import annotations

import pytest

from tests.fleet.conftest import WORKERS
from tests.fleet.fleet import Fleet
from tests.fleet.network import Network
from tests.fleet.points import ALL, ANSWERED, ASKED, LOCKED, SENT, STORED
from tests.fleet.scenarios import dies, run
from tests.fleet.stores import Store

pytestmark = [pytest.mark.full, pytest.mark.xdist_group("fleet")]

ROTATION = pytest.mark.parametrize("rotation", [False, True], ids=["same", "rotating"])
POINTS = pytest.mark.parametrize("point", ALL)
# in between, what happens is the same as before the answer is stored
AROUND = pytest.mark.parametrize("point", [LOCKED, ANSWERED, STORED])


@ROTATION
def test_one_refresh_for_all_hosts(fleet: Fleet, rotation: bool) -> None:
    """Each time that the token expires, and nobody is logged out."""
    fleet.sandbox.configure(rotate_refresh_tokens=rotation)
    space = fleet.login()
    seen = set()
    for refreshes in range(1, 4):
        outcomes = fleet.renew(space)
        assert [outcome.text for outcome in outcomes if outcome.error] == []
        (header,) = {outcome.result for outcome in outcomes}
        seen.add(header)
        assert fleet.refreshes() == refreshes
        fleet.workers[0].do("expire", space)
    assert len(seen) == 3
    assert fleet.is_alive(space)


@POINTS
@ROTATION
def test_a_holder_that_is_killed(fleet: Fleet, store: Store, rotation: bool, point: str) -> None:
    """A login ends only if its refresh token is rotated and the new one not stored."""
    came = run(fleet, store, "killed", point, rotation)
    assert came.alive is not dies("killed", point, rotation)
    if came.alive:
        twice = point in (SENT, ANSWERED)
        assert (came.errors, came.headers, came.refreshes) == ({}, 1, 2 if twice else 1)


@POINTS
@ROTATION
def test_a_holder_that_is_stopped_for_longer_than_its_lease(
    fleet: Fleet, store: Store, rotation: bool, point: str
) -> None:
    """A login ends only if the holder slept while it sent, or before it stored the answer."""
    came = run(fleet, store, "stopped", point, rotation)
    assert came.alive is not dies("stopped", point, rotation)
    if came.alive:
        once = point in (LOCKED, ASKED, STORED)
        assert (came.errors, came.headers, came.refreshes) == ({}, 1, 1 if once else 2)


@AROUND
@ROTATION
def test_a_store_that_is_restarted(fleet: Fleet, store: Store, rotation: bool, point: str) -> None:
    """Nobody notices more than a pause."""
    came = run(fleet, store, "restarted", point, rotation)
    assert (came.errors, came.headers, came.refreshes, came.alive) == ({}, 1, 1, True)


@AROUND
@ROTATION
def test_a_network_that_is_cut_between_the_holder_and_the_store(
    fleet: Fleet, hosts: Network, store: Store, rotation: bool, point: str
) -> None:
    """The workers of that host get an error of the store, and those of the others a token."""
    if hosts.lacks:
        pytest.skip(hosts.lacks)
    came = run(fleet, store, "cut", point, rotation)
    assert came.alive is not dies("cut", point, rotation)
    if came.alive:
        cut_off = WORKERS - 1 if point == STORED else WORKERS
        assert (came.errors, came.headers) == ({"StorageError": cut_off}, 1)
        assert came.refreshes == (2 if point == ANSWERED else 1)


def test_the_hosts_have_networks_of_their_own(hosts: Network) -> None:
    """Where they do not, all else was tried with processes of one host."""
    if hosts.lacks:
        pytest.skip(hosts.lacks)
    assert len({host.prefix for host in hosts.hosts}) == len(hosts.hosts)
