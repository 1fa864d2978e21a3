"""
Clients in copies and pickles: settings travel, connections and credentials do not.
"""

from __future__ import annotations

import copy
import pickle
import typing as t

import pytest

from globus_core import (
    AccessTokenAuthorizer,
    BaseClient,
    NullAuthorizer,
    RefreshTokenAuthorizer,
)
from globus_core.exc import NotPicklableError
from globus_core.transport import RequestsTransport, RetryConfig

URL = "https://service.example.org/"


class Client(BaseClient):
    """A client of some service."""

    base_url = URL


def good_check(context: t.Any) -> t.Any:
    """A retry check of a program."""


def test_a_client_is_pickled_as_its_settings() -> None:
    """All that it was made with, but for what belongs to one process."""
    retries = RetryConfig(max_retries=3, max_total=7)
    retries.checks.register_check(good_check)
    transport = RequestsTransport(http_timeout=11, verify_ssl=False)
    client = Client(
        environment="sandbox",
        base_url=f"{URL}v2",
        app_name="my app",
        transport=transport,
        retry_config=retries,
        authorizer=NullAuthorizer(),
    )
    client.allow_credentials_to("https://data.example.org")
    assert transport.session

    again = pickle.loads(pickle.dumps(client))

    assert (type(again), again.environment, again.base_url) == (Client, "sandbox", f"{URL}v2")
    assert again.app_name == "my app"
    assert again.transport.user_agent == transport.user_agent
    assert again.retry_config == retries
    assert (again.transport.http_timeout, again.transport.verify_ssl) == (11, False)
    assert isinstance(again.authorizer, NullAuthorizer)
    assert again._trusted_origins == client._trusted_origins


def test_a_connection_is_not_pickled() -> None:
    """The other process opens one of its own."""
    client = Client()
    client.transport.session.headers["X-Secret"] = "made-up-secret"

    data = pickle.dumps(client)

    assert b"made-up-secret" not in data
    assert "X-Secret" not in pickle.loads(data).transport.session.headers


def test_clients_that_share_a_transport_share_it_afterwards() -> None:
    """Where they are pickled together."""
    transport = RequestsTransport()

    one, other = pickle.loads(
        pickle.dumps([Client(transport=transport), Client(transport=transport)])
    )

    assert one.transport is other.transport


def test_a_client_with_a_token_cannot_be_pickled() -> None:
    """The error names what to make in the other process."""
    client = Client(authorizer=AccessTokenAuthorizer("made-up-secret"))

    with pytest.raises(NotPicklableError, match=r"AccessTokenAuthorizer .* in the other process"):
        pickle.dumps(client)


@pytest.mark.parametrize("make_copy", [copy.copy, copy.deepcopy])
def test_copies_of_a_client_share_its_authorizer(
    make_copy: t.Callable[[BaseClient], BaseClient],
) -> None:
    """And are clients of their own otherwise."""

    class Login:
        def oauth2_refresh_token(self, refresh_token: str) -> t.Any: ...

    authorizer = RefreshTokenAuthorizer(
        "made-up-secret", Login(), access_token="made-up", expires_at=4_000_000_000
    )
    client = Client(authorizer=authorizer, app_name="my app")

    copied = make_copy(client)

    assert type(copied) is Client
    assert copied.authorizer is authorizer
    assert copied.app_name == "my app"
    copied.base_url = "https://other.example.org"
    assert client.base_url == URL


def test_a_deep_copy_has_settings_of_its_own() -> None:
    """What is changed there does not change here."""
    client = Client()

    copied = copy.deepcopy(client)
    copied.retry_config.max_retries = 0
    copied.transport.headers["X-Test"] = "there"

    assert client.retry_config.max_retries == 5
    assert "X-Test" not in client.transport.headers


def test_a_deep_copy_shares_the_app() -> None:
    """As it shares an authorizer: an app is where the tokens are."""

    class App:
        app_name = "my app"

        def __deepcopy__(self, memo: t.Any) -> t.Any:
            raise AssertionError("the app was copied")

    client = Client()
    client._app = t.cast("t.Any", App())

    assert copy.deepcopy(client)._app is client._app
