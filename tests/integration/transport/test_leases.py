"""
The renewal lock is asked before each attempt to send a token request, over a real connection.
"""

from __future__ import annotations

import contextlib
import typing as t

import pytest

from globus_core import (
    GlobusAPIError,
    GlobusTimeoutError,
    NativeAppAuthClient,
    RefreshTokenAuthorizer,
)
from globus_core.exc import RenewalError, StorageError
from globus_core.leases import ATTEMPT_SHARE, LOCKS, RenewalLease
from globus_core.testing import make_token
from globus_core.transport import RetryConfig
from globus_core_storage import MemoryTokenStorage
from tests.integration.transport.scripted import Answer, Drip, ScriptedServer

SERVER = "transfer.example.org"
TOKEN = {
    "access_token": "access-new",
    "refresh_token": "refresh-new",
    "resource_server": SERVER,
    "scope": "all",
    "token_type": "Bearer",
    "expires_in": 172800,
}
BUSY = Answer(429, {"code": "TooManyRequests"})


class Lease(RenewalLease):
    """A lease that is held for some questions, and then lost."""

    def __init__(self, answers: list[bool | Exception], seconds: float | None = None) -> None:
        self.answers = answers
        self.seconds = seconds

    def still_mine(self) -> bool:
        answer = self.answers.pop(0) if self.answers else True
        if isinstance(answer, Exception):
            raise answer
        return answer

    def extend(self) -> bool:
        return True


class LeasedStorage(MemoryTokenStorage):
    """Tokens in memory, whose renewal lock can be lost."""

    def __init__(self, *answers: bool | Exception, seconds: float | None = None) -> None:
        super().__init__()
        self.lease = Lease(list(answers), seconds)
        self.taken = 0

    @contextlib.contextmanager
    def renewal_lock(self, resource_server: str, *, timeout: float = 120.0) -> t.Iterator[Lease]:
        with super().renewal_lock(resource_server, timeout=timeout):
            self.taken += 1
            yield self.lease


def renewing(
    server: ScriptedServer, storage: LeasedStorage, retries: int = 1
) -> RefreshTokenAuthorizer:
    """An authorizer whose stored token has expired."""
    client = NativeAppAuthClient(
        client_id="3f0e7c1d-5a02-4f4b-9b0c-7f1f1a2b3c4d",
        base_url=server.url,
        retry_config=RetryConfig(max_retries=retries, backoff=lambda context: 0.0),
    )
    old = make_token(SERVER, expires_at_seconds=1)
    storage.store_token_data_by_resource_server({SERVER: old})
    return RefreshTokenAuthorizer(
        f"refresh-{SERVER}",
        client,
        access_token=old.access_token,
        expires_at=1,
        token_storage=storage,
        resource_server=SERVER,
    )


def test_it_is_asked_before_each_attempt(server: ScriptedServer) -> None:
    """A retry is an attempt as well: the lease may have ended during the pause."""
    server.answer(BUSY, Answer(200, TOKEN))
    storage = LeasedStorage(True, False, True)
    header = renewing(server, storage).get_authorization_header()
    assert header == "Bearer access-new"
    # lost before the second attempt, so the lock was taken again for the one that was answered
    assert (len(server.seen), storage.taken, storage.lease.answers) == (2, 2, [])


def test_nothing_is_sent_without_it(server: ScriptedServer) -> None:
    """A lock that is lost every time ends in an error, and in no request."""
    storage = LeasedStorage(*[False] * 20)
    with pytest.raises(RenewalError, match=r"lost 4 times before a request"):
        renewing(server, storage).get_authorization_header()
    assert (server.seen, storage.taken) == ([], LOCKS)


def test_it_is_asked_before_a_redirect_is_followed(server: ScriptedServer) -> None:
    """The second request of an attempt would carry the refresh token as well."""
    there = {"Location": f"{server.url}/v2/oauth2/token"}
    server.answer(Answer(307, b"", there), Answer(200, TOKEN))
    storage = LeasedStorage(True, False, True)
    assert renewing(server, storage).get_authorization_header() == "Bearer access-new"
    assert storage.taken == 2


def test_a_storage_that_cannot_be_asked_is_an_error_of_the_storage(
    server: ScriptedServer,
) -> None:
    """It is not taken for an error of the network to Globus Auth, and nothing is sent."""
    storage = LeasedStorage(StorageError("the store does not answer"))
    with pytest.raises(StorageError, match="does not answer"):
        renewing(server, storage, retries=3).get_authorization_header()
    assert server.seen == []


def test_other_requests_do_not_ask(server: ScriptedServer) -> None:
    """Only what is sent inside a renewal concerns its lock."""
    server.answer(Answer(200, TOKEN), Answer(403, {"code": "Forbidden"}))
    storage = LeasedStorage(True, False)
    authorizer = renewing(server, storage)
    assert authorizer.get_authorization_header() == "Bearer access-new"
    with pytest.raises(GlobusAPIError):
        authorizer.auth_client.get("/v2/oauth2/userinfo")
    assert storage.lease.answers == [False]


def test_an_attempt_ends_before_the_lease_does(server: ScriptedServer) -> None:
    """An answer that comes too late is not waited for while somebody else may renew."""
    server.answer(Drip(b"HTTP/1.1 200 OK\r\n", b"X-Slow: yes\r\n"))
    storage = LeasedStorage(seconds=0.3)  # a third of which is left for storing the answer
    with pytest.raises(GlobusTimeoutError, match=r"within 0\.2 seconds, the longest time for one"):
        renewing(server, storage, retries=0).get_authorization_header()


def test_an_answer_that_came_too_late_is_no_error(server: ScriptedServer) -> None:
    """A holder that was stopped, and lost its lease meanwhile, begins again and reads first."""
    server.answer(Drip(b"HTTP/1.1 200 OK\r\n", b"X-Slow: yes\r\n"))
    storage = LeasedStorage()
    newer = make_token(SERVER, access_token="newer", expires_at_seconds=4_000_000_000)

    class Woken(Lease):
        """Somebody else has renewed when it is found to be lost."""

        def still_mine(self) -> bool:
            mine = super().still_mine()
            if not mine:
                storage.store_token_data_by_resource_server({SERVER: newer})
            return mine

    storage.lease = Woken([True, False], 0.2 / ATTEMPT_SHARE)
    assert renewing(server, storage).get_authorization_header() == "Bearer newer"
    assert (len(server.seen), storage.taken) == (1, 2)


def test_a_late_answer_and_a_storage_that_is_away_are_the_error_of_the_network(
    server: ScriptedServer,
) -> None:
    """What was asked first is told, not that the lease could not be asked after it."""
    server.answer(Drip(b"HTTP/1.1 200 OK\r\n", b"X-Slow: yes\r\n"))
    storage = LeasedStorage(True, StorageError("away"), seconds=0.2 / ATTEMPT_SHARE)
    with pytest.raises(GlobusTimeoutError, match=r"within 0\.2 seconds"):
        renewing(server, storage).get_authorization_header()
    assert (len(server.seen), storage.taken) == (1, 1)
