"""
A fleet of four hosts with two workers each, for each kind of store.
"""

from __future__ import annotations

import typing as t

import pytest

from tests.fleet.fleet import Fleet, fleet_sandbox
from tests.fleet.network import Network, network
from tests.fleet.stores import STORES, Store, running_store

if t.TYPE_CHECKING:
    from globus_core_sandbox import Sandbox

HOSTS = 4
WORKERS = 2


@pytest.fixture(scope="package")
def hosts() -> t.Iterator[Network]:
    """The hosts."""
    with network(HOSTS) as made:
        yield made


@pytest.fixture(scope="package")
def fleet_auth(hosts: Network) -> t.Iterator[Sandbox]:
    """Globus Auth, where the hosts can reach it."""
    with fleet_sandbox(hosts) as sandbox:
        yield sandbox


@pytest.fixture(scope="package", params=sorted(STORES))
def store(
    request: pytest.FixtureRequest, hosts: Network, tmp_path_factory: pytest.TempPathFactory
) -> t.Iterator[Store]:
    """A store, where the hosts can reach it."""
    folder = tmp_path_factory.mktemp("store")
    with running_store(request.param, folder, hosts.store_address) as running:
        yield running


@pytest.fixture(scope="package")
def whole_fleet(hosts: Network, fleet_auth: Sandbox, store: Store) -> t.Iterator[Fleet]:
    """Workers that all tests use, one after the other."""
    with Fleet(hosts, fleet_auth, store.url, WORKERS) as fleet:
        yield fleet


@pytest.fixture
def fleet(whole_fleet: Fleet) -> Fleet:
    """The fleet, with all of its workers and a Globus Auth in its first state."""
    whole_fleet.sandbox.reset()
    whole_fleet.restore()
    return whole_fleet
