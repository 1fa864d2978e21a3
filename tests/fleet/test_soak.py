"""
The same with 32 workers, at every point, as a table: ``make soak``.
"""

from __future__ import annotations

import itertools
import sys
import typing as t

import pytest

from tests.fleet.fleet import Fleet
from tests.fleet.network import Network
from tests.fleet.points import ALL
from tests.fleet.scenarios import FAULTS, dies, run
from tests.fleet.stores import Store

if t.TYPE_CHECKING:
    from globus_core_sandbox import Sandbox

PER_HOST = 8
EXPIRIES = 20

pytestmark = [pytest.mark.soak, pytest.mark.timeout(1800)]


@pytest.fixture(scope="module")
def large_fleet(hosts: Network, fleet_auth: Sandbox, store: Store) -> t.Iterator[Fleet]:
    """Four hosts with eight workers each."""
    with Fleet(hosts, fleet_auth, store.url, PER_HOST) as fleet:
        yield fleet


def test_a_token_that_expires_again_and_again(large_fleet: Fleet, hosts: Network) -> None:
    """One refresh each time, for 32 workers, and no login ends."""
    fleet = large_fleet
    fleet.sandbox.reset()
    fleet.sandbox.configure(rotate_refresh_tokens=True)
    space = fleet.login()
    longest = 0.0
    for refreshes in range(1, EXPIRIES + 1):
        outcomes = fleet.renew(space)
        assert [outcome.text for outcome in outcomes if outcome.error] == []
        assert len({outcome.result for outcome in outcomes}) == 1
        assert fleet.refreshes() == refreshes
        longest = max(longest, *(outcome.seconds for outcome in outcomes))
        fleet.workers[0].do("expire", space)
    assert fleet.is_alive(space)
    where = hosts.lacks or f"{len(hosts.hosts)} network namespaces"
    sys.stdout.write(
        f"\n{len(fleet.workers)} workers on {where}: {EXPIRIES} expiries, {EXPIRIES} refreshes, "
        f"0 logins ended, longest wait {longest:.1f} s\n"
    )


def test_a_holder_in_trouble_at_each_point(
    large_fleet: Fleet, hosts: Network, store: Store
) -> None:
    """Logins end only where no client can save them; each row is printed."""
    faults = [fault for fault in FAULTS if fault != "cut" or not hosts.lacks]
    write = sys.stdout.write
    write("\nfault      point     rotation  refreshes  login  longest wait  errors\n")
    ended = expected = 0
    for fault, point, rotation in itertools.product(faults, ALL, (False, True)):
        came = run(large_fleet, store, fault, point, rotation)
        login = "alive" if came.alive else "ended"
        write(
            f"{fault:<9}  {point:<8}  {'yes' if rotation else 'no':<8}  {came.refreshes:>9}  "
            f"{login}  {came.seconds:>10.1f} s  {came.errors or ''}\n"
        )
        assert came.alive is not dies(fault, point, rotation)
        ended += not came.alive
        expected += dies(fault, point, rotation)
    write(f"{ended} logins ended in the windows that no client can close, {expected} expected\n")
