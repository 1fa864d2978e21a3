"""
The contract of renewal locks that can be lost while they are held.
"""

from __future__ import annotations

import contextlib
import typing as t

from globus_core.authorizers import RefreshTokenAuthorizer
from globus_core.exc import RenewalError
from globus_core.leases import confirm_lease

from ._processes import PATIENCE_SECONDS, workers
from .shared_token_storage import hold_renewal_lock
from .stored_tokens import NEWER, Factory, make_token

Lose = t.Callable[..., None]

_SERVER = "a.example.org"


class RenewalLeaseContract:
    """
    Tests for the ``renewal_lock`` of a storage that processes or hosts share.

    It needs two fixtures: ``storage_factory`` as for :class:`TokenStorageContract`, and
    ``lose_lock``: a function that is called with a storage and a resource server, and ends the
    renewal lock in the storage as if its time were over, or as if its file had been removed.
    """

    def test_the_holder_knows_that_the_lock_is_its_own(self, storage_factory: Factory) -> None:
        """It is as long as the block lasts, however often it is asked or extended."""
        with storage_factory() as storage:
            with storage.renewal_lock(_SERVER) as lease:
                assert [lease.still_mine(), lease.extend(), lease.still_mine()] == [True] * 3
            assert not lease.still_mine()
            assert not lease.extend()

    def test_a_lock_of_another_token_is_another_lock(
        self, storage_factory: Factory, lose_lock: Lose
    ) -> None:
        """Losing one leaves the others, of other resource servers and other namespaces."""
        with (
            storage_factory() as storage,
            storage_factory(namespace="another") as other,
            storage.renewal_lock(_SERVER) as lost,
            storage.renewal_lock("b.example.org") as kept,
            other.renewal_lock(_SERVER) as also_kept,
        ):
            lose_lock(storage, _SERVER)
            assert not lost.still_mine()
            assert kept.still_mine()
            assert also_kept.still_mine()

    def test_a_lost_lock_does_not_come_back(
        self, storage_factory: Factory, lose_lock: Lose
    ) -> None:
        """Extending it does not take it again: somebody else may have renewed the token since."""
        with storage_factory() as storage, storage.renewal_lock(_SERVER) as lease:
            lose_lock(storage, _SERVER)
            assert not lease.extend()
            assert not lease.still_mine()

    def test_the_next_holder_keeps_a_lock_that_the_last_one_lost(
        self, storage_factory: Factory, lose_lock: Lose
    ) -> None:
        """Another process takes it, and it does not end with the block of the last holder."""
        import pytest

        with storage_factory() as storage, contextlib.ExitStack() as held:
            lost = held.enter_context(storage.renewal_lock(_SERVER))
            lose_lock(storage, _SERVER)
            with workers(1, hold_renewal_lock, storage_factory) as told:
                assert told.get(timeout=PATIENCE_SECONDS) == "held"
                assert not lost.still_mine()
                assert not lost.extend()
                held.close()
                with pytest.raises(RenewalError):
                    storage.renewal_lock(_SERVER, timeout=0.05).__enter__()

    def test_a_renewal_that_lost_its_lock_reads_and_does_not_send(
        self, storage_factory: Factory, lose_lock: Lose
    ) -> None:
        """It uses the token that somebody else has stored meanwhile."""
        newer = make_token(_SERVER, access_token=NEWER, expires_at_seconds=4_000_000_000)
        with storage_factory() as storage:
            client = _Client(lambda: _lose_to(storage, lose_lock, newer))
            authorizer = _expired(storage, client)
            assert authorizer.get_authorization_header() == f"Bearer {NEWER}"
            assert storage.get_token_data(_SERVER) == newer
        assert client.sent == []

    def test_a_renewal_that_lost_its_lock_takes_it_again(
        self, storage_factory: Factory, lose_lock: Lose
    ) -> None:
        """If nobody has renewed the token meanwhile, one request is sent under the new lock."""
        with storage_factory() as storage:
            client = _Client(lambda: lose_lock(storage, _SERVER))
            authorizer = _expired(storage, client)
            assert authorizer.get_authorization_header() == "Bearer access-1"
            stored = storage.get_token_data(_SERVER)
        assert client.sent == [f"refresh-{_SERVER}"]
        assert stored is not None
        assert (stored.access_token, stored.refresh_token) == ("access-1", "refresh-1")

    def test_a_lock_that_is_lost_after_the_answer_loses_no_token(
        self, storage_factory: Factory, lose_lock: Lose
    ) -> None:
        """The new token replaces the record that it was renewed from, unless somebody else did."""
        with storage_factory() as storage:
            client = _Client(None, lambda: lose_lock(storage, _SERVER))
            authorizer = _expired(storage, client)
            assert authorizer.get_authorization_header() == "Bearer access-1"
            stored = storage.get_token_data(_SERVER)
        assert stored is not None
        assert stored.refresh_token == "refresh-1"  # noqa: S105


class _Client:
    """
    Sends nothing, but asks the lease before it would.

    :param before: called before the first request
    :param after: called after each answer
    """

    def __init__(
        self,
        before: t.Callable[[], object] | None,
        after: t.Callable[[], object] = lambda: None,
    ) -> None:
        self.sent: list[str] = []
        self._before = before
        self._after = after

    def oauth2_refresh_token(self, refresh_token: str) -> t.Any:
        before, self._before = self._before, None
        if before is not None:
            before()
        confirm_lease()
        self.sent.append(refresh_token)
        number = len(self.sent)
        self._after()
        return _Response(
            make_token(
                _SERVER,
                access_token=f"access-{number}",
                refresh_token=f"refresh-{number}",
                expires_at_seconds=4_000_000_000,
            ).to_dict()
        )


class _Response:
    keeps_identity = True

    def __init__(self, token: dict[str, t.Any]) -> None:
        self.by_resource_server = {_SERVER: token}


def _expired(storage: t.Any, client: _Client) -> RefreshTokenAuthorizer:
    """An authorizer whose stored token has expired."""
    old = make_token(_SERVER, expires_at_seconds=1)
    storage.store_token_data_by_resource_server({_SERVER: old})
    assert old.refresh_token is not None
    return RefreshTokenAuthorizer(
        old.refresh_token,
        client,
        access_token=old.access_token,
        expires_at=old.expires_at_seconds,
        token_storage=storage,
        resource_server=_SERVER,
    )


def _lose_to(storage: t.Any, lose_lock: Lose, newer: t.Any) -> None:
    """Lose the lock to somebody who then renews the token."""
    lose_lock(storage, _SERVER)
    storage.store_token_data_by_resource_server({_SERVER: newer})
