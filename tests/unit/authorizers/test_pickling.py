"""
Authorizers in copies and pickles: no token travels, and copies share theirs.
"""

from __future__ import annotations

import copy
import pickle
import typing as t

import pytest

from globus_core import (
    AccessTokenAuthorizer,
    BasicAuthorizer,
    ClientCredentialsAuthorizer,
    NullAuthorizer,
    RefreshTokenAuthorizer,
)
from globus_core.exc import NotPicklableError, RenewalError
from globus_core.token_storage import TokenStorage
from tests.unit.authorizers.fakes import SERVER, TokenResponse, stored, token

if t.TYPE_CHECKING:
    from globus_core.token_storage import TokenStorageData

NEVER = 4_000_000_000
SECRETS = (b"access-", b"refresh-", b"made-up")


class Client:
    """A client without credentials, which counts what it is asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def oauth2_refresh_token(self, refresh_token: str) -> TokenResponse:
        """The next token."""
        self.asked.append(refresh_token)
        return TokenResponse(token("access-new", "refresh-new"))

    def oauth2_client_credentials_tokens(self, requested_scopes: str) -> TokenResponse:
        """A token."""
        return TokenResponse(token("access-new"))


class Shared(TokenStorage):
    """A storage that is found again by its name, in the same process."""

    by_name: t.ClassVar[dict[str, dict[str, TokenStorageData]]] = {}

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name

    def get_token_data_by_resource_server(self) -> dict[str, TokenStorageData]:
        """All of them."""
        return dict(self.by_name.setdefault(self.name, {}))

    def store_token_data_by_resource_server(self, token_data_by_resource_server: t.Any) -> None:
        """Store."""
        self.by_name.setdefault(self.name, {}).update(token_data_by_resource_server)


def refreshing(**options: t.Any) -> RefreshTokenAuthorizer:
    """An authorizer with a token that is good for long."""
    options = {"access_token": "access-0", "expires_at": NEVER, **options}
    return RefreshTokenAuthorizer("refresh-0", Client(), **options)


def with_storage(name: str, **kept: TokenStorageData) -> RefreshTokenAuthorizer:
    """One whose token is in a storage."""
    Shared.by_name[name] = dict(kept)
    return refreshing(token_storage=Shared(name), resource_server=SERVER)


HOLDERS: dict[str, t.Callable[[], t.Any]] = {
    "access token": lambda: AccessTokenAuthorizer("access-0"),
    "basic": lambda: BasicAuthorizer("name", "made-up"),
    "refresh token": refreshing,
    "client credentials": lambda: ClientCredentialsAuthorizer(
        Client(), "all", access_token="access-0", expires_at=NEVER
    ),
}


@pytest.mark.parametrize("protocol", [0, 2, pickle.HIGHEST_PROTOCOL])
@pytest.mark.parametrize("make", HOLDERS.values(), ids=HOLDERS)
def test_an_authorizer_that_holds_a_secret_cannot_be_pickled(
    make: t.Callable[[], t.Any], protocol: int
) -> None:
    """The error says what to do instead, and is one that users of pickle expect."""
    with pytest.raises(NotPicklableError, match="in the other process") as caught:
        pickle.dumps(make(), protocol)
    assert isinstance(caught.value, TypeError)
    assert not any(secret.decode() in str(caught.value) for secret in SECRETS)


@pytest.mark.parametrize("make", [*HOLDERS.values(), NullAuthorizer])
def test_copies_of_an_authorizer_are_the_authorizer(make: t.Callable[[], t.Any]) -> None:
    """So that a token is renewed once for all of them."""
    authorizer = make()

    assert copy.copy(authorizer) is authorizer
    assert copy.deepcopy([authorizer])[0] is authorizer


def test_no_authorization_can_be_pickled() -> None:
    """There is nothing to hide."""
    assert pickle.loads(pickle.dumps(NullAuthorizer())).get_authorization_header() is None


def test_an_authorizer_with_a_storage_finds_its_token_there() -> None:
    """What is pickled is the way to the storage, and the client."""
    kept = {SERVER: stored("access-1", "refresh-1")}
    data = pickle.dumps(with_storage("finds", **kept))

    again = pickle.loads(data)

    assert not any(secret in data for secret in SECRETS)
    assert again.access_token is None
    assert again.get_authorization_header() == "Bearer access-1"
    assert again.refresh_token == "refresh-1"
    assert again.auth_client.asked == []


def test_an_unpickled_authorizer_renews_what_has_expired() -> None:
    """By the refresh token of the storage, and stores the new ones."""
    kept = {SERVER: stored("access-1", "refresh-1", lifetime=-1)}

    again = pickle.loads(pickle.dumps(with_storage("renews", **kept)))

    assert again.get_authorization_header() == "Bearer access-new"
    assert again.auth_client.asked == ["refresh-1"]
    assert Shared.by_name["renews"][SERVER].refresh_token == "refresh-new"


def test_an_unpickled_authorizer_without_a_stored_token_says_so() -> None:
    """Rather than asking with an empty refresh token."""
    again = pickle.loads(pickle.dumps(with_storage("nothing")))

    with pytest.raises(RenewalError, match="log in again"):
        again.get_authorization_header()
    assert again.auth_client.asked == []
