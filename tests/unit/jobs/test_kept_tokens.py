"""
When the token of a running command is renewed.
"""

from __future__ import annotations

import types
import typing as t

import pytest

from globus_core import AuthAPIError
from globus_core.authorizers import AccessTokenAuthorizer
from globus_core.exc import GlobusError
from globus_core.testing import construct_error
from globus_core.token_storage import MemoryTokenStorage, TokenStorageData
from globus_core_jobs import kept_tokens
from globus_core_jobs.kept_tokens import KeptToken
from globus_core_jobs.renewal import Renewal

HOUR = 3600.0


class Clocks:
    """Both clocks of a machine."""

    def __init__(self) -> None:
        self.wall, self.uptime = 2_000_000_000.0, 5_000.0

    def time(self) -> float:
        return self.wall

    def monotonic(self) -> float:
        return self.uptime

    def advance(self, seconds: float) -> None:
        """Let time pass."""
        self.wall += seconds
        self.uptime += seconds


class App:
    """An app with one token, which is replaced in its storage by others."""

    def __init__(self) -> None:
        self.storage = MemoryTokenStorage()
        self.token_storage = types.SimpleNamespace(token_storage=self.storage)
        self.error: Exception | None = None

    def store(self, access_token: str, expires_at: float, identity_id: str = "ada") -> None:
        """Replace the token."""
        data = TokenStorageData(
            resource_server="rs",
            identity_id=identity_id,
            scope="a",
            access_token=access_token,
            refresh_token=None,
            expires_at_seconds=int(expires_at),
            token_type="Bearer",
        )
        self.storage.store_token_data_by_resource_server({"rs": data})

    def get_authorizer_without_login(self, resource_server: str) -> AccessTokenAuthorizer:
        """The authorizer, or the error."""
        if self.error is not None:
            raise self.error
        return AccessTokenAuthorizer("token")


def is_due(token: KeptToken) -> bool:
    """Asked anew each time, which type checkers do not expect of a property."""
    return token.due


def is_usable(token: KeptToken) -> bool:
    """The same of another property."""
    return token.usable is not None


@pytest.fixture
def clocks(monkeypatch: pytest.MonkeyPatch) -> Clocks:
    """The clocks that are looked at."""
    clocks = Clocks()
    monkeypatch.setattr(kept_tokens, "time", clocks)
    return clocks


@pytest.fixture
def app(clocks: Clocks) -> App:
    """An app with a new token."""
    app = App()
    app.store("first", clocks.wall + 48 * HOUR)
    return app


@pytest.fixture
def said() -> list[str]:
    """What a person was told."""
    return []


@pytest.fixture
def token(app: App, said: list[str]) -> KeptToken:
    """The token, in use."""
    token = KeptToken(t.cast("t.Any", app), "rs", said.append)
    assert is_due(token)
    token.renew()
    assert token.usable is not None
    return token


def test_a_token_is_renewed_halfway_to_its_expiry(token: KeptToken, clocks: Clocks) -> None:
    """Then there is time for servers that do not answer."""
    clocks.advance(23 * HOUR)
    assert not is_due(token)
    clocks.advance(HOUR)
    assert is_due(token)
    token.renew()
    clocks.advance(11 * HOUR)
    assert not is_due(token)


def test_neither_a_sleep_nor_a_clock_that_is_set_back_delays_it(
    token: KeptToken, clocks: Clocks
) -> None:
    """The uptime stops in a sleep; the clock may be set at any time."""
    clocks.wall += 25 * HOUR
    assert is_due(token)
    clocks.wall -= 75 * HOUR
    assert not is_due(token)
    clocks.uptime += 25 * HOUR
    assert is_due(token)


def test_the_storage_is_looked_at_every_minute(token: KeptToken, app: App, clocks: Clocks) -> None:
    """Another program may have stored a new token, or removed it."""
    assert not is_due(token)
    app.store("second", clocks.wall + 48 * HOUR)
    assert not is_due(token)
    clocks.advance(61)
    assert is_due(token)
    token.renew()
    assert token.usable is not None
    assert token.usable.access_token == "second"
    clocks.advance(61)
    assert not is_due(token)
    app.storage.remove_token_data("rs")
    clocks.advance(61)
    assert is_due(token)


def test_a_failure_is_told_once_an_hour_and_what_follows_it(
    token: KeptToken, app: App, clocks: Clocks, said: list[str]
) -> None:
    """Attempts become rarer, up to a quarter of an hour."""
    clocks.advance(24 * HOUR)
    app.error = GlobusError("no answer")
    attempts = 0
    until = clocks.wall + 2 * HOUR
    while clocks.wall < until:
        if is_due(token):
            token.renew()
            attempts += 1
        clocks.advance(1)
    assert attempts < 20
    assert len(said) == 2
    assert "(valid until 2033-05-20T03:33:20Z) cannot be renewed: no answer" in said[0]
    app.error = GlobusError("something else")
    clocks.advance(HOUR / 4)
    token.renew()
    assert "something else" in said[2]
    app.error = None
    token.renew()
    assert said[3:] == ["the token for rs has been renewed"]


def test_a_refusal_with_the_id_of_each_request_is_told_once(
    token: KeptToken, app: App, clocks: Clocks, said: list[str]
) -> None:
    """And once more when the token has expired, and for another refusal."""

    def refuse(number: int, code: str = "FORBIDDEN") -> None:
        body = {"errors": [{"id": f"request-{number}", "code": code, "status": "403"}]}
        app.error = construct_error(body=body, http_status=403, error_class=AuthAPIError)
        token.renew()

    clocks.advance(47 * HOUR)
    for number in range(20):
        refuse(number)
    assert len(said) == 1
    assert "(valid until" in said[0]
    clocks.advance(HOUR)
    for number in range(20, 40):
        refuse(number)
    assert len(said) == 2
    assert "(expired)" in said[1]
    refuse(40, "SUSPENDED")
    assert len(said) == 3


def test_what_a_jump_of_the_clock_makes_due_is_renewed_before_tokens_are_written() -> None:
    """The machine may wake up at any line; a token that has expired is not written."""

    class Kept:
        """A token that is due or not, and may make another one due while it is renewed."""

        def __init__(self, due: bool, wakes: t.Any = None) -> None:
            self.due, self.wakes, self.renewals = due, wakes, 0

        def renew(self) -> None:
            self.due, self.renewals = False, self.renewals + 1
            if self.wakes is not None:
                self.wakes.due = True

    first = Kept(due=False)
    second = Kept(due=True, wakes=first)
    renewal = Renewal(t.cast("t.Any", None), (), print)
    renewal._tokens = [t.cast("t.Any", first), t.cast("t.Any", second)]
    assert renewal._renew_due()
    assert (first.renewals, second.renewals) == (1, 1)
    assert not renewal._renew_due()
    assert (first.renewals, second.renewals) == (1, 1)


def test_an_expired_token_is_of_no_use_from_then_on(
    token: KeptToken, app: App, clocks: Clocks, said: list[str]
) -> None:
    """Something is due at that moment, so that it is taken away."""
    clocks.advance(47 * HOUR)
    app.error = RuntimeError("with a secret in it")
    token.renew()
    assert token.usable is not None
    for _ in range(100):
        token.renew()
    clocks.advance(HOUR)
    assert is_due(token)
    assert not is_usable(token)
    token.renew()
    assert "(expired) cannot be renewed: RuntimeError" in said[-1]
    assert "secret" not in "".join(said)


def test_another_person_s_token_is_not_used(
    token: KeptToken, app: App, clocks: Clocks, said: list[str]
) -> None:
    """A command goes on as the one who has started it."""
    app.store("of bo", clocks.wall + 48 * HOUR, "bo")
    clocks.advance(61)
    assert is_due(token)
    token.renew()
    assert token.usable is not None
    assert token.usable.access_token == "first"
    assert "somebody else has logged in" in said[0]
