"""
The contract of token storages, as tests that authors of storages inherit.
"""

from __future__ import annotations

import contextlib
import threading
import typing as t

from globus_core.exc import GlobusSDKUsageError, RenewalError
from globus_core.token_storage import TokenStorage

from ._namespaces import NamespacesContract
from ._processes import PATIENCE_SECONDS, in_threads
from ._replacements import ReplacementContract
from .stored_tokens import CANARY, NEWER, Factory, make_token

if t.TYPE_CHECKING:
    import pytest


class TokenStorageContract(ReplacementContract, NamespacesContract):
    """
    Tests for any token storage. Subclass it in a test module and define the fixture
    ``storage_factory``: a function that is called as ``storage_factory(namespace="DEFAULT")`` and
    creates a new storage object, within one test always on the same medium.

    For a storage that processes share, use :class:`SharedTokenStorageContract` instead, for one in
    files :class:`FileTokenStorageContract`; each includes the previous one.
    """

    # one thread

    def test_what_was_never_stored_is_not_there(self, storage_factory: Factory) -> None:
        """A new storage has no tokens, and none to remove."""
        with storage_factory() as storage:
            assert storage.get_token_data("a.example.org") is None
            assert storage.get_token_data_by_resource_server() == {}
            assert storage.remove_token_data("a.example.org") is False

    def test_what_is_stored_is_read_back(self, storage_factory: Factory) -> None:
        """A record comes back field by field, also with nulls and unknown keys."""
        full = make_token("a.example.org", extra={"note": {"of": ["a", "later", "version"]}})
        sparse = make_token("b.example.org", identity_id=None, refresh_token=None, token_type=None)
        with storage_factory() as storage:
            storage.store_token_data_by_resource_server({"a.example.org": full})
            storage.store_token_data_by_resource_server({"b.example.org": sparse})
            assert storage.get_token_data("a.example.org") == full
            assert storage.get_token_data("b.example.org") == sparse

    def test_a_store_replaces_what_it_names_and_nothing_else(
        self, storage_factory: Factory
    ) -> None:
        """Tokens of other resource servers stay as they are."""
        names = ("a.example.org", "b.example.org")
        with storage_factory() as storage:
            storage.store_token_data_by_resource_server({name: make_token(name) for name in names})
            newer = make_token("b.example.org", access_token=NEWER)
            storage.store_token_data_by_resource_server({"b.example.org": newer})
            stored = storage.get_token_data_by_resource_server()
        assert stored == {"a.example.org": make_token("a.example.org"), "b.example.org": newer}

    def test_storing_nothing_changes_nothing(self, storage_factory: Factory) -> None:
        """Storing an empty mapping has no effect."""
        with storage_factory() as storage:
            storage.store_token_data_by_resource_server(
                {"a.example.org": make_token("a.example.org")}
            )
            storage.store_token_data_by_resource_server({})
            assert list(storage.get_token_data_by_resource_server()) == ["a.example.org"]

    def test_a_removal_removes_one_token_once(self, storage_factory: Factory) -> None:
        """The first removal returns that there was a token, the second that there was none."""
        names = ("a.example.org", "b.example.org")
        with storage_factory() as storage:
            storage.store_token_data_by_resource_server({name: make_token(name) for name in names})
            assert storage.remove_token_data("a.example.org") is True
            assert storage.remove_token_data("a.example.org") is False
            assert list(storage.get_token_data_by_resource_server()) == ["b.example.org"]

    def test_namespaces_do_not_see_each_other(self, storage_factory: Factory) -> None:
        """A resource server has a different token in each namespace."""
        with storage_factory() as storage, storage_factory(namespace="other") as other:
            storage.store_token_data_by_resource_server(
                {"a.example.org": make_token("a.example.org")}
            )
            assert other.namespace == "other"
            newer = make_token("a.example.org", access_token=NEWER)
            assert other.get_token_data_by_resource_server() == {}
            other.store_token_data_by_resource_server({"a.example.org": newer})
            assert other.remove_token_data("a.example.org") is True
            assert storage.get_token_data("a.example.org") == make_token("a.example.org")

    def test_one_storage_can_be_used_for_two_servers(self, storage_factory: Factory) -> None:
        """
        Apps at two servers that are given one object do not see each other's tokens, whatever it
        has read before; a namespace that was chosen stays.
        """
        one, other = "DEFAULT@http://127.0.0.1:8999", "DEFAULT@https://auth.example.org"
        with storage_factory() as storage:
            storage.store_token_data_by_resource_server(
                {"a.example.org": make_token("a.example.org")}
            )
            for _ in range(3):
                assert storage.get_token_data("a.example.org") == make_token("a.example.org")
            assert storage.for_server(one) is storage.for_server(one) is storage
            assert storage.get_token_data("a.example.org") is None
            newer = make_token("a.example.org", access_token=NEWER)
            storage.store_token_data_by_resource_server({"a.example.org": newer})
            with storage.for_server(other) as second, storage.for_server("DEFAULT") as first:
                assert [s.namespace for s in (storage, second, first)] == [one, other, "DEFAULT"]
                assert second.get_token_data_by_resource_server() == {}
                assert second.remove_token_data("a.example.org") is False
                assert first.get_token_data("a.example.org") == make_token("a.example.org")
            assert storage.get_token_data("a.example.org") == newer
        with storage_factory(namespace="chosen") as storage:
            assert storage.for_server(one) is storage
            assert storage.namespace == "chosen"

    def test_names_may_hold_any_text(self, storage_factory: Factory) -> None:
        """Names with quotes, slashes, control characters and other alphabets are distinguished."""
        names = ["", "a/../b", "it's", 'say "hi"', "line\nbreak", "zürich.example.org", "a%b?c#d"]
        with storage_factory(namespace="it's; a:test") as storage:
            storage.store_token_data_by_resource_server({name: make_token(name) for name in names})
            assert set(storage.get_token_data_by_resource_server()) == set(names)
            for name in names:
                with storage.renewal_lock(name, timeout=PATIENCE_SECONDS):
                    assert storage.get_token_data(name) == make_token(name)

    def test_a_namespace_is_a_name(self, storage_factory: Factory) -> None:
        """A storage may make a path of it, so that it cannot lead upwards and is not too long."""
        import pytest

        with storage_factory(namespace="x" * 200) as storage:
            assert storage.namespace == "x" * 200
            slashes = storage.namespaces_have_slashes
        for namespace in (
            *(() if slashes else ("a/b",)),
            "a/../b",
            "/a",
            "a//b",
            "a\\b",
            "..",
            ".",
            "a\0b",
            "a\ud800",
            "x" * 201,
            "é" * 101,
        ):
            with pytest.raises(GlobusSDKUsageError, match="namespace"):
                storage_factory(namespace=namespace)
        if slashes:  # for programs of globus-sdk that have them
            with storage_factory(namespace="user/production") as storage:
                assert storage.namespace == "user/production"

    def test_records_are_copies(self, storage_factory: Factory) -> None:
        """Changing a record after storing or reading it does not change the stored one."""
        with storage_factory() as storage:
            given = make_token("a.example.org", extra={"list": [1]})
            storage.store_token_data_by_resource_server({"a.example.org": given})
            given.access_token = NEWER
            given.extra["list"].append(2)
            read = storage.get_token_data("a.example.org")
            assert read is not None
            read.access_token = NEWER
            read.extra["list"].append(3)
            storage.get_token_data_by_resource_server().clear()
            again = storage.get_token_data("a.example.org")
            assert again == make_token("a.example.org", extra={"list": [1]})

    def test_a_token_response_is_stored(self, storage_factory: Factory) -> None:
        """Every token of a response is stored, with the identity that the decoder finds."""
        with storage_factory() as storage:
            storage.id_token_decoder = _Decoder()
            storage.store_token_response(_Response("a.example.org", "b.example.org"))
            stored = storage.get_token_data_by_resource_server()
        assert set(stored) == {"a.example.org", "b.example.org"}
        assert {data.identity_id for data in stored.values()} == {_Decoder.identity}

    def test_what_is_stored_outlives_a_close(self, storage_factory: Factory) -> None:
        """Closing twice is allowed, and a closed storage can be used again."""
        storage = storage_factory()
        storage.store_token_data_by_resource_server({"a.example.org": make_token("a.example.org")})
        storage.close()
        storage.close()
        with storage:
            assert storage.get_token_data("a.example.org") == make_token("a.example.org")

    def test_a_storage_describes_itself_without_secrets(self, storage_factory: Factory) -> None:
        """Neither the description nor a ``repr`` contains a token."""
        with storage_factory() as storage:
            token = make_token("a.example.org", access_token=CANARY, refresh_token=CANARY)
            storage.store_token_data_by_resource_server({"a.example.org": token})
            description = storage.describe()
            read = storage.get_token_data_by_resource_server()
            shown = f"{storage!r} {description!r} {description.location} {description.protection}"
        assert description.location
        assert description.protection
        assert CANARY not in shown + repr(read)

    def test_no_token_is_logged(
        self, storage_factory: Factory, caplog: pytest.LogCaptureFixture
    ) -> None:
        """Not even if a program logs everything."""
        caplog.set_level("DEBUG")
        token = make_token("a.example.org", access_token=CANARY, refresh_token=CANARY)
        with storage_factory() as storage:
            storage.store_token_data_by_resource_server({"a.example.org": token})
            with storage.renewal_lock("a.example.org", timeout=PATIENCE_SECONDS):
                storage.get_token_data("a.example.org")
            storage.remove_token_data("a.example.org")
        assert CANARY not in caplog.text

    def test_a_store_is_done_wholly_or_not_at_all(self, storage_factory: Factory) -> None:
        """If one of several records cannot be written, none of them is."""
        import pytest

        names = ("a.example.org", "b.example.org", "c.example.org")
        old = {name: make_token(name) for name in names}
        new = {name: make_token(name, access_token=NEWER) for name in names}
        broken: t.Any = {**new, "b.example.org": object()}
        with storage_factory() as storage:
            storage.store_token_data_by_resource_server(old)
            with pytest.raises(Exception):  # noqa: B017
                storage.store_token_data_by_resource_server(broken)
            assert storage.get_token_data_by_resource_server() == old
            storage.store_token_data_by_resource_server(new)
            assert storage.get_token_data_by_resource_server() == new

    # threads

    def test_threads_lose_nothing(self, storage_factory: Factory) -> None:
        """Eight threads store through one object, and every token is there."""
        with storage_factory() as storage:

            def store(thread: int) -> None:
                for number in range(10):
                    name = f"{thread}-{number}.example.org"
                    storage.store_token_data_by_resource_server({name: make_token(name)})
                    assert storage.get_token_data(name) is not None

            in_threads(store, 8)
            assert len(storage.get_token_data_by_resource_server()) == 80

    def test_a_renewal_lock_is_given_to_one_thread(self, storage_factory: Factory) -> None:
        """Threads that hold the lock of one token never overlap."""
        inside: list[int] = []
        overlaps: list[int] = []
        with storage_factory() as storage:

            def renew(thread: int) -> None:
                for _ in range(5):
                    with storage.renewal_lock("a.example.org", timeout=PATIENCE_SECONDS):
                        inside.append(thread)
                        overlaps.append(len(inside))
                        inside.remove(thread)

            in_threads(renew, 4)
        assert overlaps == [1] * 20

    def test_a_renewal_inside_a_renewal_is_an_error(self, storage_factory: Factory) -> None:
        """A thread does not wait for itself, and can renew again afterwards."""
        import pytest

        with storage_factory() as storage:
            with storage.renewal_lock("a.example.org"), pytest.raises(RenewalError):
                storage.renewal_lock("a.example.org").__enter__()
            with storage.renewal_lock("a.example.org"):
                pass

    def test_a_renewal_lock_has_a_deadline(self, storage_factory: Factory) -> None:
        """A lock that is not free in time is an error that names the time."""
        import pytest

        with (
            storage_factory() as storage,
            _held_elsewhere(storage, "a.example.org"),
            pytest.raises(RenewalError, match=r"0\.05"),
        ):
            storage.renewal_lock("a.example.org", timeout=0.05).__enter__()

    def test_a_renewal_holds_up_nothing_else(self, storage_factory: Factory) -> None:
        """While a token is renewed, tokens are stored and read, and another is renewed."""
        with storage_factory() as storage, _held_elsewhere(storage, "a.example.org"):
            token = make_token("a.example.org")
            storage.store_token_data_by_resource_server({"a.example.org": token})
            assert storage.get_token_data("a.example.org") == token
            with storage.renewal_lock("b.example.org", timeout=PATIENCE_SECONDS):
                assert storage.remove_token_data("a.example.org") is True

    def test_a_failed_renewal_frees_its_lock(self, storage_factory: Factory) -> None:
        """An error inside the block is raised unchanged, and the lock is free again."""
        import pytest

        with storage_factory() as storage:
            with pytest.raises(KeyError), storage.renewal_lock("a.example.org"):
                raise KeyError("a.example.org")
            with storage.renewal_lock("a.example.org", timeout=0):
                pass


class _Decoder:
    identity = "5c1f7a52-93a6-4a55-b0c4-2d6f0a9c1e11"

    def decode(self, id_token: str) -> dict[str, str]:
        return {"sub": self.identity}


class _Response(dict[str, str]):
    """The part of a token response that a storage uses."""

    def __init__(self, *resource_servers: str) -> None:
        super().__init__({"id_token": "made-up"})
        self.by_resource_server = {name: make_token(name).to_dict() for name in resource_servers}


@contextlib.contextmanager
def _held_elsewhere(storage: TokenStorage, resource_server: str) -> t.Iterator[None]:
    """A renewal lock held by another thread."""
    held, enough = threading.Event(), threading.Event()
    in_time: list[bool] = []

    def hold() -> None:
        with storage.renewal_lock(resource_server, timeout=PATIENCE_SECONDS):
            held.set()
            in_time.append(enough.wait(PATIENCE_SECONDS))

    thread = threading.Thread(target=hold)
    thread.start()
    try:
        assert held.wait(PATIENCE_SECONDS)
        yield
    finally:
        enough.set()
        thread.join(PATIENCE_SECONDS)
    assert in_time == [True], "something waited until the lock was free again"
