"""
What public constructors refuse at once, and that stand-ins of tests pass.
"""

from __future__ import annotations

import typing as t
from unittest import mock

import pytest

from globus_core import (
    AuthClient,
    AuthLoginClient,
    BaseClient,
    ClientApp,
    ClientCredentialsAuthorizer,
    GlobusAppConfig,
    IdentityMap,
    NativeAppAuthClient,
    NullAuthorizer,
    UserApp,
)
from globus_core.exc import GlobusSDKUsageError
from globus_core.globus_app import TokenApp

CLIENT_ID = "5a2d8c14-7e39-4b16-a2f8-1c9e0d6b3f01"
IN_MEMORY = GlobusAppConfig(token_storage="memory")


def user_app(**arguments: t.Any) -> UserApp:
    """An app with its tokens in memory."""
    return UserApp("x", **{"client_id": CLIENT_ID, "config": IN_MEMORY, **arguments})


def given(value: object) -> t.Any:
    """A value that a type checker would refuse."""
    return value


@pytest.mark.parametrize(
    ("make", "wanted"),
    [
        (lambda: user_app(config={}), "'config' must be a GlobusAppConfig"),
        (lambda: ClientApp("x", config=given({})), "'config' must be a GlobusAppConfig"),
        (lambda: user_app(scope_requirements="openid"), "scopes by resource server"),
        (lambda: user_app(scope_requirements=["openid"]), "scopes by resource server"),
        (lambda: user_app(scope_requirements={"a": 5}), "a scope, or several"),
        (lambda: user_app().add_scope_requirements(given("openid")), "scopes by resource server"),
        (lambda: user_app(client_id=None, login_client="x"), "NativeAppAuthClient"),
        (lambda: TokenApp("x", tokens=given("a-secret")), "tokens by resource server"),
        (
            lambda: user_app(
                config=GlobusAppConfig(
                    token_storage="memory", token_validation_error_handler=given(5)
                )
            ),
            "must be a function",
        ),
        (lambda: IdentityMap(given(user_app())), "'auth_client' must be an AuthClient"),
        (lambda: AuthClient(authorizer=given("a-secret")), "'authorizer' must be an authorizer"),
        (lambda: AuthLoginClient(authorizer=given("a-secret")), "AccessTokenAuthorizer"),
        (lambda: AuthClient(app=given("x")), "'app' must be a GlobusApp"),
        (lambda: AuthClient(app=given(AuthClient())), "'app' must be a GlobusApp"),
        (lambda: AuthClient(app=user_app(), app_scopes=given(5)), "a scope, or several"),
        (lambda: AuthClient(transport=given("x")), "'transport' must be a RequestsTransport"),
        (lambda: NativeAppAuthClient(CLIENT_ID, retry_config=given({})), "a RetryConfig"),
        (lambda: ClientCredentialsAuthorizer("x", "openid"), "ConfidentialAppAuthClient"),
    ],
)
def test_what_cannot_be_used_is_refused_at_once(make: t.Callable[[], object], wanted: str) -> None:
    """The error names what is wanted, and shows no value, which may be a secret."""
    with pytest.raises(GlobusSDKUsageError) as caught:
        make()
    assert wanted in str(caught.value)
    assert "a-secret" not in str(caught.value)


def test_an_app_without_a_client_says_how_to_get_one() -> None:
    """As the command line does."""
    for app in (UserApp, ClientApp):
        with pytest.raises(GlobusSDKUsageError) as caught:
            app("x")
        assert "https://app.globus.org/settings/developers" in str(caught.value)
        assert "globus-core sandbox" in str(caught.value)


def test_a_client_without_an_authorizer_has_nobody_to_ask_about() -> None:
    """No request is sent."""
    with pytest.raises(GlobusSDKUsageError, match="the client has no authorizer"):
        AuthClient().userinfo()


def test_stand_ins_pass() -> None:
    """Mocks, and objects that have just the methods that are needed."""

    class Authorizer:
        def get_authorization_header(self) -> str | None:
            return None

        def handle_missing_authorization(self) -> bool:
            return False

    class Identities:
        def get_identities(self, **_: t.Any) -> list[t.Any]:
            return []

    AuthClient(authorizer=given(Authorizer()))
    AuthClient(authorizer=mock.Mock(spec=NullAuthorizer()))
    AuthClient(transport=mock.Mock(), retry_config=mock.Mock())
    IdentityMap(given(Identities()))
    IdentityMap(mock.Mock(spec=AuthClient))
    ClientCredentialsAuthorizer(mock.Mock(), "openid", access_token="t", expires_at=2**31)
    app = mock.Mock()
    app.config.environment = "production"
    assert isinstance(AuthClient(app=app), BaseClient)
