"""
Authorizers whose token is in a storage that others use as well.
"""

from __future__ import annotations

import os
import threading
import time
import typing as t

import pytest

from globus_core import (
    ClientCredentialsAuthorizer,
    GlobusAPIError,
    GlobusSDKUsageError,
    RefreshTokenAuthorizer,
)
from globus_core.exc import (
    GlobusError,
    LoginRequiredError,
    NetworkError,
    RenewalError,
    StorageError,
)
from globus_core.token_storage import (
    HasRefreshTokensValidator,
    TokenStorage,
    ValidatingTokenStorage,
)
from globus_core.token_storage.validating_token_storage import IdentityMismatchError
from tests.unit.authorizers.fakes import (
    SERVER,
    AuthClient,
    DictStorage,
    api_error,
    in_threads,
    invalid_grant,
    stored,
)


def sharing(client: AuthClient, storage: t.Any, **options: t.Any) -> RefreshTokenAuthorizer:
    """An authorizer whose token has expired."""
    return RefreshTokenAuthorizer(
        "refresh-0",
        client,
        access_token="access-0",
        expires_at=1,
        token_storage=storage,
        resource_server=SERVER,
        **options,
    )


def test_a_storage_needs_a_resource_server() -> None:
    """Whose token would it be."""
    with pytest.raises(GlobusSDKUsageError, match="needs 'resource_server'"):
        RefreshTokenAuthorizer("refresh-0", AuthClient(), token_storage=DictStorage())


def test_a_new_token_is_stored_before_it_is_used() -> None:
    """With the rotated refresh token."""
    storage = DictStorage({SERVER: stored("access-0", "refresh-0", lifetime=-1)})
    authorizer: t.Any = None
    used: list[str] = []

    class Watching(DictStorage):
        def store_token_data_by_resource_server(self, token_data_by_resource_server: t.Any) -> None:
            used.append(authorizer.access_token)
            super().store_token_data_by_resource_server(token_data_by_resource_server)

    authorizer = sharing(AuthClient(rotate=True), Watching(storage.shared))
    authorizer.get_authorization_header()
    assert used == ["access-0"]
    kept = storage.shared[SERVER]
    assert (kept.access_token, kept.refresh_token) == ("access-1", "refresh-1")


def test_a_response_without_refresh_token_does_not_take_the_stored_one_away() -> None:
    """It is still good."""
    storage = DictStorage({SERVER: stored("access-0", "refresh-0", lifetime=-1)})
    sharing(AuthClient(), storage).get_authorization_header()
    assert storage.shared[SERVER].refresh_token == "refresh-0"
    assert storage.shared[SERVER].access_token == "access-1"


def test_a_renewal_reads_the_stored_token_once() -> None:
    """Under the lock; whose it is, and what else is kept with it, goes into the new record."""
    old = stored("access-0", "refresh-0", lifetime=-1)
    old.identity_id, old.extra = "somebody", {"kept": [1]}
    storage = DictStorage({SERVER: old})
    sharing(AuthClient(), storage).get_authorization_header()

    kept = storage.shared[SERVER]
    assert (kept.access_token, kept.identity_id, kept.extra) == (
        "access-1",
        "somebody",
        {"kept": [1]},
    )
    assert storage.reads == 1


def test_a_login_of_somebody_else_during_a_renewal_is_kept() -> None:
    """The new token is not stored over it, and the authorizer acts as neither of them."""
    storage = DictStorage({SERVER: stored("access-0", "refresh-0", lifetime=-1)})
    storage.shared[SERVER].identity_id = "somebody"
    client = AuthClient()

    def log_in() -> None:
        other = stored("access-9", "refresh-9")
        other.identity_id = "somebody else"
        storage.shared[SERVER] = other

    client.before = log_in
    authorizer = sharing(client, storage)
    for _ in range(2):
        with pytest.raises(IdentityMismatchError) as caught:
            authorizer.get_authorization_header()
        assert (caught.value.stored_id, caught.value.new_id) == ("somebody", "somebody else")
    assert authorizer.access_token is None

    kept = storage.shared[SERVER]
    assert (kept.access_token, kept.identity_id) == ("access-9", "somebody else")
    assert client.asked == ["refresh-0"]


@pytest.mark.parametrize("lifetime", [-1, 7200])
def test_a_record_of_somebody_else_is_not_used(lifetime: int) -> None:
    """Neither its token nor its refresh token, also if no renewal has read a record before."""
    client = AuthClient()
    bobs = stored("access-9", "refresh-9", lifetime=lifetime)
    bobs.identity_id = "bob"
    authorizer = sharing(client, DictStorage({SERVER: bobs}), identity_id="alice")
    with pytest.raises(IdentityMismatchError):
        authorizer.get_authorization_header()
    with pytest.raises(IdentityMismatchError):
        authorizer.ensure_valid_for(hours=1)
    assert client.asked == []


def test_a_logout_during_a_renewal_is_not_undone() -> None:
    """Nothing is stored, the token is not used, and later requests do not ask again."""
    for store_class in (DictStorage, OldStorage, OwnResponses):
        storage = store_class({SERVER: stored("access-0", "refresh-0", lifetime=-1)})
        client = AuthClient(rotate=True)
        client.before = storage.shared.clear
        authorizer = sharing(client, storage)
        for _ in range(2):
            with pytest.raises(LoginRequiredError, match="has ended"):
                authorizer.get_authorization_header()
        assert storage.shared == {}
        assert client.asked == ["refresh-0"]
        assert authorizer.logged_out


def test_a_logout_before_a_renewal_is_not_undone() -> None:
    """Also if the token at hand would be valid for a few more seconds."""
    client = AuthClient()
    storage = DictStorage({SERVER: stored("access-0", "refresh-0")})
    authorizer = RefreshTokenAuthorizer(
        "refresh-0",
        client,
        access_token="access-0",
        expires_at=int(time.time()) + 30,
        token_storage=storage,
        resource_server=SERVER,
    )
    storage.remove_token_data(SERVER)
    with pytest.raises(LoginRequiredError):
        authorizer.get_authorization_header()
    assert (client.asked, storage.shared) == ([], {})


def test_a_logout_ends_a_login_that_was_only_read() -> None:
    """Whoever took a token from the storage, and never stored one, does not log in again."""
    client = AuthClient()
    storage = DictStorage({SERVER: stored("access-0", "refresh-0")})
    authorizer = RefreshTokenAuthorizer(
        "refresh-0", client, token_storage=storage, resource_server=SERVER
    )
    assert authorizer.get_authorization_header() == "Bearer access-0"
    storage.remove_token_data(SERVER)
    authorizer.handle_missing_authorization()
    with pytest.raises(LoginRequiredError):
        authorizer.get_authorization_header()
    assert (client.asked, storage.shared) == ([], {})


@pytest.mark.parametrize("first", [True, False])
def test_a_login_of_the_same_person_during_a_renewal_is_used(first: bool) -> None:
    """Its token is newer than the one that the renewal brought, however their revisions sort."""
    old = stored("access-0", "refresh-0", lifetime=-1)
    logins = [stored(f"access-{number}", f"refresh-{number}") for number in range(10, 20)]
    (login, *_) = [other for other in logins if (other.revision < old.revision) is first]
    for store_class in (DictStorage, OldStorage, OwnResponses):
        storage = store_class({SERVER: old})
        client = AuthClient()
        client.before = lambda shared=storage.shared: shared.update({SERVER: login})
        authorizer = sharing(client, storage)
        assert authorizer.get_authorization_header() == f"Bearer {login.access_token}"
        assert authorizer.refresh_token == login.refresh_token
        assert storage.shared == {SERVER: login}


def test_a_client_that_was_logged_out_does_not_store_its_token_again() -> None:
    """Its first token is stored, and then renewed only while it is there."""
    client, storage = AuthClient(lifetime=-1), DictStorage()
    authorizer = ClientCredentialsAuthorizer(
        client, "scope", token_storage=storage, resource_server=SERVER
    )
    assert list(storage.shared) == [SERVER]
    storage.remove_token_data(SERVER)
    with pytest.raises(LoginRequiredError):
        authorizer.get_authorization_header()
    assert storage.shared == {}


class OldStorage(DictStorage):
    """One that does not know how to replace in one step."""

    replace = TokenStorage.replace


class OwnResponses(DictStorage):
    """One that stores responses in its own way."""

    def store_token_response(self, token_response: t.Any) -> None:
        super().store_token_response(token_response)


def test_a_storage_that_stores_responses_in_its_own_way_is_given_them() -> None:
    """A subclass may override the method, and an object may be patched."""
    responses: list[t.Any] = []

    class Noting(DictStorage):
        def store_token_response(self, token_response: t.Any) -> None:
            responses.append(token_response)
            super().store_token_response(token_response)

    storage = Noting({SERVER: stored("access-0", "refresh-0", lifetime=-1)})
    sharing(AuthClient(), storage).get_authorization_header()

    assert [list(response.by_resource_server) for response in responses] == [[SERVER]]
    assert storage.shared[SERVER].access_token == "access-1"


def test_a_newer_token_of_another_process_is_taken_without_asking() -> None:
    """And its refresh token with it."""
    client = AuthClient(rotate=True)
    storage = DictStorage({SERVER: stored("access-other", "refresh-other")})
    authorizer = sharing(client, storage)
    assert authorizer.get_authorization_header() == "Bearer access-other"
    assert client.asked == []
    authorizer.handle_missing_authorization()
    authorizer.get_authorization_header()
    assert client.asked == ["refresh-other"]


@pytest.mark.parametrize(("lifetime", "asked"), [(50, ["refresh-other"]), (70, [])])
def test_a_token_of_another_process_is_taken_if_it_is_not_to_be_renewed_itself(
    lifetime: int, asked: list[str]
) -> None:
    """Which it is from a minute before its end."""
    client = AuthClient()
    storage = DictStorage({SERVER: stored("access-other", "refresh-other", lifetime=lifetime)})
    sharing(client, storage).get_authorization_header()
    assert client.asked == asked


def test_an_expired_token_of_another_process_lends_its_refresh_token() -> None:
    """Ours was spent by it."""
    client = AuthClient(rotate=True)
    storage = DictStorage({SERVER: stored("access-other", "refresh-other", lifetime=-1)})
    sharing(client, storage).get_authorization_header()
    assert client.asked == ["refresh-other"]


def test_a_refused_token_that_is_still_stored_is_not_taken_again() -> None:
    """It was refused."""
    client = AuthClient()
    storage = DictStorage({SERVER: stored("access-1", "refresh-0")})
    authorizer = sharing(client, storage)
    assert authorizer.get_authorization_header() == "Bearer access-1"
    authorizer.handle_refused_header("Bearer access-1")
    authorizer.get_authorization_header()
    assert client.asked == ["refresh-0"]


def test_a_dead_grant_has_the_storage_read_once_more() -> None:
    """Somebody without our lock may have renewed in the meantime."""
    client = AuthClient(rotate=True)
    client.asked.append("refresh-0")
    storage = DictStorage({SERVER: stored("access-0", "refresh-0", lifetime=-1)})

    def meanwhile() -> None:
        storage.shared[SERVER] = stored("access-other", "refresh-other", lifetime=-1)

    client.before = meanwhile
    authorizer = sharing(client, storage)
    assert authorizer.get_authorization_header() == "Bearer access-3"
    assert client.asked == ["refresh-0", "refresh-0", "refresh-other"]


def test_a_dead_grant_that_is_the_stored_one_is_dead() -> None:
    """It is not tried twice."""
    client = AuthClient(rotate=True)
    client.asked.append("refresh-0")
    storage = DictStorage({SERVER: stored("access-0", "refresh-0", lifetime=-1)})
    with pytest.raises(GlobusAPIError):
        sharing(client, storage).get_authorization_header()
    assert len(client.asked) == 2
    assert storage.reads == 2


def test_a_stored_grant_that_was_refused_is_removed_under_the_lock() -> None:
    """So every program on the storage sees that the login has ended; other tokens stay."""
    held: list[bool] = []

    class Watching(DictStorage):
        def remove_token_data(self, resource_server: str) -> bool:
            held.append(bool(in_threads(1, self.renewal_lock(SERVER, timeout=0.01).__enter__)))
            return super().remove_token_data(resource_server)

    client = AuthClient(rotate=True)
    client.asked.append("refresh-0")
    dead = stored("access-0", "refresh-0", lifetime=-1)
    storage = Watching({SERVER: dead, "groups.example.org": dead})
    with pytest.raises(GlobusAPIError):
        sharing(client, storage).get_authorization_header()
    assert list(storage.shared) == ["groups.example.org"]
    assert held == [True]


def test_a_newer_grant_that_is_refused_too_is_removed() -> None:
    """What was stored in the meantime is tried, and is then the refused one."""
    client = AuthClient(rotate=True)
    client.asked += ["refresh-0", "refresh-other"]
    storage = DictStorage({SERVER: stored("access-0", "refresh-0", lifetime=-1)})

    def meanwhile() -> None:
        storage.shared[SERVER] = stored("access-other", "refresh-other", lifetime=-1)

    client.before = meanwhile
    with pytest.raises(GlobusAPIError):
        sharing(client, storage).get_authorization_header()
    assert storage.shared == {}


@pytest.mark.parametrize("other", ["refresh-spent", None])
def test_another_stored_grant_is_not_removed(other: str | None) -> None:
    """Only the refused one is known to be dead."""
    client = AuthClient(rotate=True)
    storage = DictStorage({SERVER: stored("access-0", "refresh-spent", lifetime=-1)})
    storage.failure = StorageError("the disk is full")
    authorizer = sharing(client, storage)
    with pytest.raises(StorageError):
        authorizer.get_authorization_header()  # the storage has an older grant from now on
    storage.shared[SERVER] = stored("access-0", other, lifetime=-1)
    client.failure = invalid_grant()
    authorizer.handle_missing_authorization()
    with pytest.raises(GlobusAPIError):
        authorizer.get_authorization_header()
    assert storage.shared[SERVER].refresh_token == other


@pytest.mark.parametrize(
    "failure",
    [
        api_error(401, "invalid_client"),
        api_error(400, "invalid_request"),
        api_error(403, "invalid_grant"),
        api_error(500, "invalid_grant"),
        api_error(503, "server_error"),
        NetworkError("no route", OSError("no route")),
    ],
    ids=str,
)
def test_what_is_no_definite_no_removes_nothing(failure: GlobusError) -> None:
    """A wrong secret, a broken server and a broken network say nothing about the grant."""
    client = AuthClient()
    client.failure = failure
    storage = DictStorage({SERVER: stored("access-0", "refresh-0", lifetime=-1)})
    with pytest.raises(type(failure)):
        sharing(client, storage).get_authorization_header()
    assert list(storage.shared) == [SERVER]


def test_a_refused_grant_that_cannot_be_removed_is_still_refused() -> None:
    """The server's answer is the error, not the storage's trouble."""

    class ReadOnly(DictStorage):
        def remove_token_data(self, resource_server: str) -> bool:
            raise StorageError("read-only file system")

    client = AuthClient()
    client.failure = invalid_grant()
    storage = ReadOnly({SERVER: stored("access-0", "refresh-0", lifetime=-1)})
    with pytest.raises(GlobusAPIError):
        sharing(client, storage).get_authorization_header()


def test_a_rotated_token_that_could_not_be_stored_is_not_lost() -> None:
    """The caller hears of it, the token is used, and what is stored is known to be spent."""
    client = AuthClient(rotate=True)
    storage = DictStorage({SERVER: stored("access-0", "refresh-0", lifetime=-1)})
    storage.failure = StorageError("the disk is full")
    authorizer = sharing(client, storage)
    with pytest.raises(StorageError):
        authorizer.get_authorization_header()
    assert authorizer.get_authorization_header() == "Bearer access-1"
    storage.failure = None
    authorizer.handle_missing_authorization()
    assert authorizer.get_authorization_header() == "Bearer access-2"
    assert client.asked == ["refresh-0", "refresh-1"]
    assert storage.shared[SERVER].refresh_token == "refresh-2"


def test_many_authorizers_of_one_storage_renew_once() -> None:
    """As those of an app whose cache was dropped in between."""
    client = AuthClient(rotate=True)
    storage = DictStorage({SERVER: stored("access-0", "refresh-0", lifetime=-1)})
    waiting = [sharing(client, storage) for _ in range(16)]
    headers: list[str] = []
    failures = in_threads(16, lambda: headers.append(waiting.pop().get_authorization_header()))
    assert failures == []
    assert headers == ["Bearer access-1"] * 16
    assert client.asked == ["refresh-0"]


def test_waiting_for_the_storages_lock_has_a_deadline() -> None:
    """Another thread holds it; this thread cannot hold it twice."""
    storage = DictStorage()
    with storage.renewal_lock(SERVER):
        with pytest.raises(RenewalError, match="already inside"):
            storage.renewal_lock(SERVER).__enter__()
        (failure,) = in_threads(1, storage.renewal_lock(SERVER, timeout=0.05).__enter__)
        assert "0.05 seconds" in str(failure)
        with storage.renewal_lock("groups.example.org"):
            pass


def test_a_validating_storage_that_has_nothing_of_use_does_not_stop_a_renewal() -> None:
    """Missing tokens are what a renewal is for."""
    inner = DictStorage()
    storage = ValidatingTokenStorage(inner, validators=[HasRefreshTokensValidator()])
    authorizer = ClientCredentialsAuthorizer(
        AuthClient(), "all", token_storage=storage, resource_server=SERVER
    )
    assert authorizer.get_authorization_header() == "Bearer access-1"
    assert inner.shared[SERVER].access_token == "access-1"


def test_a_stored_token_that_a_validating_storage_refuses_is_not_taken() -> None:
    """However long it is valid; a new one is asked for."""
    inner = DictStorage({SERVER: stored("access-other", None)})
    storage = ValidatingTokenStorage(inner, validators=[HasRefreshTokensValidator()])
    client = AuthClient(rotate=True)
    assert sharing(client, storage).get_authorization_header() == "Bearer access-1"
    assert client.asked == ["refresh-0"]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")
@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_a_fork_during_a_renewal_leaves_no_lock_held() -> None:
    """The child renews for itself."""
    inside, done = threading.Event(), threading.Event()
    client = AuthClient()

    def slow() -> None:
        inside.set()
        done.wait(10)

    client.before = slow
    storage = DictStorage({SERVER: stored("access-0", "refresh-0", lifetime=-1)})
    authorizer = sharing(client, storage)
    renewing = threading.Thread(target=authorizer.get_authorization_header)
    renewing.start()
    assert inside.wait(10)
    child = os.fork()
    if child == 0:
        code = 1
        try:
            client.before = None
            if authorizer.get_authorization_header() == "Bearer access-2":
                code = 0
        finally:
            os._exit(code)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    done.set()
    renewing.join()
    assert status == 0
    assert authorizer.get_authorization_header() == "Bearer access-1"


def test_a_renewal_ahead_looks_at_what_others_have_stored() -> None:
    """One that is newer and lasts is taken; one that does not last either is renewed."""
    for lifetime, asked in ((7200, []), (900, ["refresh-other"])):
        client = AuthClient(lifetime=7200)
        storage = DictStorage({SERVER: stored("access-other", "refresh-other", lifetime=lifetime)})
        authorizer = RefreshTokenAuthorizer(
            "refresh-0",
            client,
            access_token="access-0",
            expires_at=int(time.time()) + 600,
            token_storage=storage,
            resource_server=SERVER,
        )
        authorizer.ensure_valid_for(hours=1)
        assert client.asked == asked
        assert authorizer.access_token == ("access-1" if asked else "access-other")
