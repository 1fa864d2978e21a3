"""
The part of the contract of token storages for programs that many people use.
"""

from __future__ import annotations

import gc
import os
import threading
import time
import typing as t

from globus_core.exc import RenewalError
from globus_core.token_storage import TokenStorage

from .stored_tokens import NEWER, Factory, make_token

_SERVER = "a.example.org"
_PEOPLE = 50


class NamespacesContract:
    """
    Tests of :meth:`TokenStorage.for_namespace`, ``namespaces`` and ``sweep``. The last two are
    skipped for a storage that does not list its namespaces.
    """

    def test_each_person_has_tokens_of_their_own(self, storage_factory: Factory) -> None:
        """However the objects are made, one for a person sees that person's tokens."""
        with storage_factory() as storage:
            for person in ("ada", "bob"):
                token = make_token(_SERVER, access_token=f"access-{person}")
                with storage.for_namespace(person) as mine:
                    assert mine.namespace == person
                    assert mine.get_token_data(_SERVER) is None
                    mine.store_token_data_by_resource_server({_SERVER: token})
            with storage.for_namespace("ada") as one, storage.for_namespace("bob") as other:
                for mine, person in ((one, "ada"), (other, "bob"), (one, "ada")):
                    found = mine.get_token_data(_SERVER)
                    assert found is not None
                    assert found.access_token == f"access-{person}"
                assert one.remove_token_data(_SERVER) is True
                assert one.get_token_data_by_resource_server() == {}
                assert list(other.get_token_data_by_resource_server()) == [_SERVER]
            assert storage.get_token_data_by_resource_server() == {}
            with storage.in_namespace("bob") as again:
                assert again.get_token_data(_SERVER) is not None

    def test_a_person_stays_the_same_at_any_server(self, storage_factory: Factory) -> None:
        """An app that is given the object of a person does not take it for another purpose."""
        with storage_factory() as storage:
            assert storage.for_server("DEFAULT@http://127.0.0.1:8999") is storage
            with storage.for_namespace("ada") as ada, storage.in_namespace("bob") as bob:
                assert ada.for_server("DEFAULT@http://127.0.0.1:8999") is ada
                assert bob.for_server("DEFAULT@http://127.0.0.1:8999") is bob
                assert (ada.namespace, bob.namespace) == ("ada", "bob")

    def test_closing_one_persons_storage_closes_no_others(self, storage_factory: Factory) -> None:
        """Requests of a portal end while others run."""
        token = make_token(_SERVER)
        with storage_factory() as storage:
            one, other = storage.for_namespace("ada"), storage.for_namespace("bob")
            one.store_token_data_by_resource_server({_SERVER: token})
            one.close()
            other.store_token_data_by_resource_server({_SERVER: token})
            assert other.get_token_data(_SERVER) == token
            assert one.get_token_data(_SERVER) == token

    def test_two_requests_of_one_person_renew_once(self, storage_factory: Factory) -> None:
        """Objects for the same person have one renewal lock, and for another one another."""
        import pytest

        with storage_factory() as storage:
            one, same = storage.for_namespace("ada"), storage.for_namespace("ada")
            failed: list[BaseException] = []

            def renew() -> None:
                try:
                    with storage.for_namespace("bob").renewal_lock(_SERVER, timeout=0.0):
                        pass
                    with pytest.raises(RenewalError), same.renewal_lock(_SERVER, timeout=0.0):
                        pass
                except BaseException as error:
                    failed.append(error)

            with one.renewal_lock(_SERVER):
                thread = threading.Thread(target=renew)
                thread.start()
                thread.join()
            with same.renewal_lock(_SERVER):
                pass
        assert not failed

    def test_many_people_open_no_more_than_one(self, storage_factory: Factory) -> None:
        """A worker that has served many keeps no file and no connection for each."""
        import pytest

        if not os.path.isdir("/proc/self/fd"):
            pytest.skip("this system does not list open files")
        with storage_factory() as storage:
            _serve(storage, "ada")
            gc.collect()
            before = len(os.listdir("/proc/self/fd"))
            kept = [_serve(storage, f"person-{number}") for number in range(_PEOPLE)]
            opened = len(os.listdir("/proc/self/fd")) - before
            assert len(kept) == _PEOPLE
        assert opened < 10

    def test_namespaces_are_listed_once(self, storage_factory: Factory) -> None:
        """Those that have tokens, whatever is in their names."""
        names = {"ada", "it's; a:test", "100%", "{a}*?[b]", "zürich@example.org"}
        with storage_factory() as storage:
            _skip_unless_listed(storage)
            assert list(storage.namespaces()) == []
            for name in (*names, "gone"):
                with storage.for_namespace(name) as mine:
                    tokens = {server: make_token(server) for server in (_SERVER, "b.example.org")}
                    mine.store_token_data_by_resource_server(tokens)
            with storage.for_namespace("gone") as mine:
                for server in (_SERVER, "b.example.org"):
                    mine.remove_token_data(server)
            assert sorted(storage.namespaces()) == sorted(names)

    def test_a_sweep_removes_only_what_nobody_can_use(self, storage_factory: Factory) -> None:
        """In all namespaces, and the second one finds nothing."""
        now = int(time.time())
        week = 7 * 86400
        tokens = {
            "expired": make_token("expired", expires_at_seconds=now - 60, refresh_token=None),
            "valid": make_token("valid", expires_at_seconds=now + week, refresh_token=None),
            "renewable": make_token("renewable", expires_at_seconds=now - week),
            "unused": make_token("unused", expires_at_seconds=now - 400 * 86400),
        }
        with storage_factory() as storage:
            _skip_unless_listed(storage)
            assert storage.sweep() == 0
            for person in ("ada", "bob"):
                with storage.for_namespace(person) as mine:
                    mine.store_token_data_by_resource_server(tokens)
                    with mine.renewal_lock("valid"):
                        assert storage.sweep() == 2
                    assert set(mine.get_token_data_by_resource_server()) == {"renewable", "valid"}
            assert storage.sweep() == 0
            assert storage.sweep(unused_seconds=week - 60) == 2
            newer = make_token("valid", access_token=NEWER)
            for person in ("ada", "bob"):
                with storage.for_namespace(person) as mine, mine.renewal_lock("valid"):
                    assert list(mine.get_token_data_by_resource_server()) == ["valid"]
                    stored = mine.get_token_data("valid")
                    assert stored is not None
                    assert mine.replace("valid", stored.revision, newer) is True


def _serve(storage: TokenStorage, person: str) -> TokenStorage:
    """What a request of a person does."""
    mine = storage.for_namespace(person)
    mine.store_token_data_by_resource_server({_SERVER: make_token(_SERVER)})
    for _ in range(3):
        assert mine.get_token_data(_SERVER) is not None
    with mine.renewal_lock(_SERVER):
        pass
    return mine


def _skip_unless_listed(storage: t.Any) -> None:
    import pytest

    if type(storage).namespaces is TokenStorage.namespaces:
        pytest.skip("this storage does not list its namespaces")
