"""
When a token is renewed, by whom, and what becomes of failures.
"""

from __future__ import annotations

import threading
import time
import types
import typing as t
import uuid

import pytest

from globus_core import (
    ClientCredentialsAuthorizer,
    GlobusAPIError,
    GlobusError,
    GlobusSDKUsageError,
    NetworkError,
    RefreshTokenAuthorizer,
    Scope,
)
from globus_core.authorizers import RenewingAuthorizer, held_token, renewing
from globus_core.authorizers._answers import is_invalid_grant
from globus_core.exc import RenewalError
from globus_core.locks import OwnedLock
from tests.unit.authorizers.fakes import AuthClient, TokenResponse, api_error, in_threads, token


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = time.time()

    def time(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """
    The clock that authorizers look at.
    """
    stopped = Clock()
    for module in (renewing, held_token):
        monkeypatch.setattr(module, "time", types.SimpleNamespace(time=stopped.time))
    return stopped


def refreshing(client: AuthClient, *, expires_in: float = 3600, **options: t.Any) -> t.Any:
    """An authorizer with the token ``access-0``."""
    return RefreshTokenAuthorizer(
        "refresh-0",
        client,
        access_token="access-0",
        expires_at=int(time.time() + expires_in),
        **options,
    )


def test_a_valid_token_is_used_without_lock_or_request() -> None:
    """Even while somebody holds the lock."""
    client = AuthClient()
    authorizer = refreshing(client)
    with authorizer._lock.held(1):
        assert authorizer.get_authorization_header() == "Bearer access-0"
        authorizer.ensure_valid_token()
    assert client.asked == []


def test_a_token_is_renewed_from_a_minute_before_its_end(clock: Clock) -> None:
    """Not a second earlier."""
    client = AuthClient()
    authorizer = refreshing(client, expires_in=1000)
    clock.now = authorizer.expires_at - 60.5
    assert authorizer.get_authorization_header() == "Bearer access-0"
    clock.now = authorizer.expires_at - 60
    assert authorizer.get_authorization_header() == "Bearer access-1"
    assert authorizer.access_token == "access-1"
    assert authorizer.expires_at > clock.now + 2000


def test_without_a_token_one_is_fetched_at_once() -> None:
    """Before the first request."""
    client = AuthClient()
    authorizer = RefreshTokenAuthorizer("refresh-0", client)
    assert client.asked == ["refresh-0"]
    assert authorizer.access_token == "access-1"


@pytest.mark.parametrize("options", [{"access_token": "x"}, {"expires_at": 1}])
def test_a_token_and_its_expiry_go_together(options: dict[str, t.Any]) -> None:
    """One without the other is a mistake."""
    with pytest.raises(GlobusSDKUsageError, match="go together"):
        RefreshTokenAuthorizer("refresh-0", AuthClient(), **options)


def test_a_client_that_cannot_refresh_is_refused() -> None:
    """The error names the class and says what to pass."""
    with pytest.raises(GlobusSDKUsageError, match="object cannot refresh tokens; pass"):
        RefreshTokenAuthorizer("refresh-0", object())


def test_an_early_renewal_that_fails_keeps_the_valid_token(
    clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    """It is tried again a bit later, and fails for good when the token has expired."""
    client = AuthClient()
    client.failure = NetworkError("no way to Auth", OSError())
    authorizer = refreshing(client, expires_in=1000)
    clock.now = authorizer.expires_at - 59
    assert authorizer.get_authorization_header() == "Bearer access-0"
    assert authorizer.get_authorization_header() == "Bearer access-0"
    assert len(client.asked) == 1
    assert "no way to Auth" in caplog.text
    # the pause doubles: 10 seconds, 20, 40
    for passed, asked in [(9.5, 1), (1, 2), (19.5, 2), (1, 3), (21, 3)]:
        clock.now += passed
        assert authorizer.get_authorization_header() == "Bearer access-0"
        assert len(client.asked) == asked
    clock.now = authorizer.expires_at
    with pytest.raises(NetworkError):
        authorizer.get_authorization_header()
    client.failure = None
    assert authorizer.get_authorization_header() == "Bearer access-5"


def test_a_token_that_is_valid_yet_does_not_wait_for_its_renewal(clock: Clock) -> None:
    """Other threads go on with it while one renews."""
    client = AuthClient()
    authorizer = refreshing(client, expires_in=1000)
    clock.now = authorizer.expires_at - 30
    seen: list[str] = []

    def from_another_thread() -> None:
        other = threading.Thread(target=lambda: seen.append(authorizer.get_authorization_header()))
        other.start()
        other.join(60)

    client.before = from_another_thread
    assert authorizer.get_authorization_header() == "Bearer access-1"
    assert seen == ["Bearer access-0"]


def test_many_threads_with_an_expired_token_renew_once() -> None:
    """The others wait for the one."""
    client = AuthClient()
    authorizer = refreshing(client, expires_in=-1)
    headers: list[str] = []
    failures = in_threads(32, lambda: headers.append(authorizer.get_authorization_header()))
    assert failures == []
    assert headers == ["Bearer access-1"] * 32
    assert len(client.asked) == 1


def test_many_threads_with_a_refused_header_renew_once() -> None:
    """All were refused with the same one."""
    client = AuthClient()
    authorizer = refreshing(client)

    def refused() -> None:
        assert authorizer.handle_refused_header("Bearer access-0")
        assert authorizer.get_authorization_header() == "Bearer access-1"

    assert in_threads(32, refused) == []
    assert len(client.asked) == 1


def test_an_old_header_that_is_refused_says_nothing_of_the_new_token() -> None:
    """A slow request may come back with it late."""
    client = AuthClient()
    authorizer = refreshing(client, expires_in=-1)
    authorizer.get_authorization_header()
    assert authorizer.handle_refused_header("Bearer access-0")
    assert authorizer.get_authorization_header() == "Bearer access-1"
    assert authorizer.handle_missing_authorization()
    assert authorizer.get_authorization_header() == "Bearer access-2"


def test_a_refused_token_is_not_kept_when_its_renewal_fails() -> None:
    """It is not valid, whatever its expiry says."""
    client = AuthClient()
    authorizer = refreshing(client)
    authorizer.handle_refused_header("Bearer access-0")
    client.failure = NetworkError("no way to Auth", OSError())
    with pytest.raises(NetworkError):
        authorizer.get_authorization_header()


def test_threads_that_wait_for_a_renewal_share_its_failure(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """One request for all of them; who comes later tries anew."""
    client = AuthClient()
    authorizer = refreshing(client, expires_in=-1)
    client.failure = NetworkError("no way to Auth", OSError())
    waiting = threading.Semaphore(0)
    failures: list[BaseException] = []
    real = OwnedLock.held

    def held(self: OwnedLock, timeout: float) -> t.Any:
        waiting.release()
        return real(self, timeout)

    def wait() -> None:
        try:
            authorizer.get_authorization_header()
        except NetworkError as error:
            failures.append(error)

    threads = [threading.Thread(target=wait) for _ in range(8)]

    def before() -> None:
        monkeypatch.setattr(OwnedLock, "held", held)
        for thread in threads:
            thread.start()
        for _ in threads:
            assert waiting.acquire(timeout=10)

    client.before = before
    with pytest.raises(NetworkError):
        authorizer.get_authorization_header()
    for thread in threads:
        thread.join()
    assert failures == [client.failure] * 8
    assert len(client.asked) == 1
    client.before = client.failure = None
    assert authorizer.get_authorization_header() == "Bearer access-2"


def test_a_renewal_from_inside_a_renewal_is_an_error() -> None:
    """It would wait for itself for ever."""
    client = AuthClient()
    authorizer = refreshing(client, expires_in=-1)
    client.before = authorizer.get_authorization_header
    with pytest.raises(RenewalError, match="already inside a renewal"):
        authorizer.get_authorization_header()
    client.before = None
    assert authorizer.get_authorization_header() == "Bearer access-2"


def test_waiting_for_another_thread_has_a_deadline(monkeypatch: pytest.MonkeyPatch) -> None:
    """Which the error names."""
    monkeypatch.setattr(renewing, "RENEWAL_WAIT_SECONDS", 0.05)
    authorizer = refreshing(AuthClient(), expires_in=-1)
    failures: list[BaseException] = []
    with authorizer._lock.held(1):
        failures = in_threads(1, authorizer.get_authorization_header)
    assert isinstance(failures[0], RenewalError)
    assert "0.05 seconds" in str(failures[0])


@pytest.mark.parametrize(
    "tokens",
    [(), (token("a"), token("b", server="groups.example.org"))],
)
def test_a_renewal_gives_exactly_one_token(tokens: tuple[dict[str, t.Any], ...]) -> None:
    """Whose would the header be otherwise; the error names the resource servers."""

    class Odd(RenewingAuthorizer):
        def _get_token_response(self) -> TokenResponse:
            return TokenResponse(*tokens)

    with pytest.raises(RenewalError, match=f"returned {len(tokens)}") as caught:
        Odd()
    assert isinstance(caught.value, ValueError)


def test_a_subclass_may_say_how_to_renew() -> None:
    """As in 4.9: by the response, and by the token in it; its class may be named in brackets."""

    class Own(RenewingAuthorizer[dict[str, t.Any]]):  # type: ignore[type-arg]
        def _get_token_response(self) -> dict[str, t.Any]:
            return {"mine": token("access-mine")}

        def _extract_token_data(self, res: dict[str, t.Any]) -> dict[str, t.Any]:
            mine: dict[str, t.Any] = res["mine"]
            return mine

    assert Own().get_authorization_header() == "Bearer access-mine"
    with pytest.raises(TypeError, match="_get_token_response"):
        RenewingAuthorizer()  # type: ignore[abstract]


def test_on_refresh_is_told_of_each_response() -> None:
    """After the new token is in use."""
    told: list[tuple[t.Any, str]] = []
    authorizer: t.Any = None

    def on_refresh(response: TokenResponse) -> None:
        told.append((response, authorizer.access_token))

    authorizer = refreshing(AuthClient(), expires_in=-1, on_refresh=on_refresh)
    authorizer.get_authorization_header()
    ((response, current),) = told
    assert current == "access-1"
    assert list(response.by_resource_server) == ["transfer.example.org"]


def test_an_error_of_on_refresh_is_heard_of_and_the_token_is_used(clock: Clock) -> None:
    """Even early: a refresh token that could not be kept must not be lost in silence."""

    def on_refresh(response: TokenResponse) -> None:
        raise GlobusError("the disk is full")

    authorizer = refreshing(AuthClient(), expires_in=1000, on_refresh=on_refresh)
    clock.now = authorizer.expires_at - 30
    with pytest.raises(GlobusError, match="disk is full"):
        authorizer.get_authorization_header()
    assert authorizer.get_authorization_header() == "Bearer access-1"


def test_a_rotated_refresh_token_is_used_next() -> None:
    """The one before is spent."""
    client = AuthClient(rotate=True, lifetime=30)
    authorizer = refreshing(client, expires_in=-1)
    for _ in range(3):
        authorizer.handle_missing_authorization()
        authorizer.get_authorization_header()
    assert client.asked == ["refresh-0", "refresh-1", "refresh-2"]


def test_a_response_without_refresh_token_keeps_the_old_one() -> None:
    """Unlike in 4.9, where the authorizer could renew no more."""
    client = AuthClient()
    authorizer = refreshing(client, expires_in=-1)
    authorizer.get_authorization_header()
    authorizer.handle_missing_authorization()
    authorizer.get_authorization_header()
    assert client.asked == ["refresh-0", "refresh-0"]


def test_a_dead_grant_without_storage_is_the_error_itself() -> None:
    """There is nowhere to look for a newer one."""
    client = AuthClient(rotate=True)
    client.asked.append("refresh-0")
    with pytest.raises(GlobusAPIError):
        refreshing(client, expires_in=-1).get_authorization_header()
    assert len(client.asked) == 2


@pytest.mark.parametrize(
    ("scopes", "asked"),
    [
        ("a b", "a b"),
        (["a", Scope("b")], "a b"),
        (Scope("a").with_dependency(Scope("c")), "a[c]"),
    ],
)
def test_client_credentials_ask_for_their_scopes(scopes: t.Any, asked: str) -> None:
    """However they are given."""
    client = AuthClient()
    authorizer = ClientCredentialsAuthorizer(client, scopes)
    assert client.asked == [asked]
    assert authorizer.get_authorization_header() == "Bearer access-1"


def test_renewing_authorizers_show_no_secret() -> None:
    """Neither token."""
    secret = f"secret-{uuid.uuid4()}"
    authorizer = RefreshTokenAuthorizer(
        secret, AuthClient(), access_token=secret, expires_at=int(time.time()) + 500
    )
    assert secret not in repr(authorizer) + str(authorizer)


def test_a_token_that_lives_for_less_than_a_minute_is_of_use() -> None:
    """It is not renewed at each request, nor by each thread that waited for it."""
    client = AuthClient(lifetime=40)
    authorizer = refreshing(client, expires_in=-1)
    failures = in_threads(8, authorizer.get_authorization_header)
    assert failures == []
    assert authorizer.get_authorization_header() == "Bearer access-1"
    assert len(client.asked) == 1


@pytest.mark.parametrize(("status", "dead"), [(400, True), (401, True), (403, False)])
def test_a_grant_is_dead_where_the_server_says_so(status: int, dead: bool) -> None:
    """With the statuses of RFC 6749, section 5.2, for which no plugin is needed."""
    assert is_invalid_grant(api_error(status, "invalid_grant")) is dead
    assert not is_invalid_grant(api_error(status, "invalid_request"))


def test_a_short_token_is_renewed_when_a_quarter_of_its_life_is_left(clock: Clock) -> None:
    """A minute before its end would be too early, and at its end too late."""
    client = AuthClient(lifetime=6)
    authorizer = refreshing(client, expires_in=-1)
    authorizer.ensure_valid_token()
    left = authorizer.expires_at - clock.now
    clock.now = authorizer.expires_at - left / 4 - 0.01
    assert authorizer.get_authorization_header() == "Bearer access-1"
    clock.now += 0.02
    assert authorizer.get_authorization_header() == "Bearer access-2"


def test_a_token_is_renewed_ahead_if_it_would_not_last(clock: Clock) -> None:
    """One that lasts is left alone; when it expires is told either way."""
    client = AuthClient(lifetime=7200)
    authorizer = refreshing(client, expires_in=3600)
    assert authorizer.ensure_valid_for(hours=0.5) == authorizer.expires_at
    assert client.asked == []
    assert authorizer.ensure_valid_for(hours=1.5) > clock.now + 7000
    assert client.asked == ["refresh-0"]
    authorizer.ensure_valid_for(hours=5)  # which the server does not give
    assert len(client.asked) == 2


@pytest.mark.parametrize(("spare", "asked"), [(0, 1), (1, 0)])
def test_a_token_that_ends_with_the_time_asked_for_is_renewed(
    clock: Clock, spare: int, asked: int
) -> None:
    """It has to be valid at the end of it; a second more is enough, whatever the fraction."""
    client = AuthClient(lifetime=7200)
    authorizer = refreshing(client)
    clock.now = authorizer.expires_at - spare - 1.5 * 3600
    authorizer.ensure_valid_for(hours=1.5)
    assert len(client.asked) == asked


def test_a_renewal_ahead_that_fails_is_an_error() -> None:
    """Who asks wants to know; the valid token is not given up."""
    client = AuthClient()
    client.failure = NetworkError("no way to Auth", OSError())
    authorizer = refreshing(client)
    with pytest.raises(NetworkError):
        authorizer.ensure_valid_for(hours=48)
    assert authorizer.get_authorization_header() == "Bearer access-0"


def test_a_subclass_that_handles_a_missing_authorization_is_asked() -> None:
    """With the signature of 4.x, also where it is told which header was refused."""
    told: list[str | None] = []

    class Own(RefreshTokenAuthorizer):
        def handle_missing_authorization(self) -> bool:
            told.append(self.access_token)
            return super().handle_missing_authorization()

    client = AuthClient()
    authorizer = Own(
        "refresh-0", client, access_token="access-0", expires_at=int(time.time()) + 3600
    )
    assert authorizer.handle_refused_header("Bearer access-0")
    assert authorizer.get_authorization_header() == "Bearer access-1"
    assert authorizer.handle_refused_header("Bearer access-0")
    assert authorizer.get_authorization_header() == "Bearer access-1"
    assert authorizer.handle_missing_authorization()
    assert authorizer.get_authorization_header() == "Bearer access-2"
    assert told == ["access-0", "access-1", "access-1"]
