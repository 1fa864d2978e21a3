"""
Apps that act for themselves, by their secret.
"""

from __future__ import annotations

import typing as t

import pytest

from globus_core import AuthClient, ClientApp
from globus_core.exc import GlobusAPIError, GlobusSDKUsageError
from globus_core.globus_app import GlobusAppConfig, default_app, find_credentials
from globus_core.scopes import AuthScopes
from globus_core.token_storage import MemoryTokenStorage, TokenStorage
from globus_core.token_storage.validating_token_storage import IdentityMismatchError
from tests.integration.app.helpers import AUTH, TRANSFER, TRANSFER_ALL, expire, stored, user_app

if t.TYPE_CHECKING:
    import pathlib

    from globus_core_sandbox import Sandbox


def client_app(sandbox: Sandbox, storage: TokenStorage | None = None, **given: t.Any) -> ClientApp:
    """An app of the sandbox's confidential client, its tokens in memory."""
    given.setdefault("client_secret", sandbox.confidential_client_secret)
    config = GlobusAppConfig(token_storage=storage or MemoryTokenStorage())
    return ClientApp("tests", client_id=sandbox.confidential_client_id, config=config, **given)


def grants(sandbox: Sandbox) -> int:
    """How often a token was fetched by client credentials."""
    return sandbox.count(grant_type="client_credentials", status=200)


def test_a_token_is_fetched_when_it_is_first_needed(sandbox: Sandbox) -> None:
    """A request of an attached client works at once, and the token is kept and stored."""
    with client_app(sandbox) as app, AuthClient(app=app) as auth:
        assert grants(sandbox) == 0
        subs = {auth.userinfo()["sub"] for _ in range(2)}
        assert grants(sandbox) == 1
        assert {stored(app).identity_id} == subs


def test_a_stored_token_is_used_by_the_next_app(sandbox: Sandbox) -> None:
    """A program that starts anew fetches nothing while the stored token lives."""
    storage = MemoryTokenStorage()
    client_app(sandbox, storage).login()
    before = grants(sandbox)
    with client_app(sandbox, storage) as app:
        assert not app.login_required()
        assert app.get_authorizer(AUTH).get_authorization_header()
        assert grants(sandbox) == before == 1


def test_an_expired_token_is_renewed_and_stored(sandbox: Sandbox) -> None:
    """Renewal needs no login, and others see the new token."""
    with client_app(sandbox) as app, AuthClient(app=app) as auth:
        app.login()
        old = stored(app).access_token
        expire(app)
        app._authorizer_factory.clear_cache()
        auth.userinfo()
        assert grants(sandbox) == 2
        assert stored(app).access_token != old


def test_a_scope_added_later_is_fetched(sandbox: Sandbox) -> None:
    """A stored token that lacks a scope is replaced by one that has it."""
    with client_app(sandbox) as app:
        app.login()
        app.add_scope_requirements({AUTH: AuthScopes.view_identities, TRANSFER: TRANSFER_ALL})
        app.get_authorizer(TRANSFER)
        app.get_authorizer(AUTH)
        assert set(stored(app).scope.split()) == {"openid", str(AuthScopes.view_identities)}
        assert stored(app, TRANSFER).scope == TRANSFER_ALL


def test_asking_whether_a_login_is_required_fetches_what_is_missing(sandbox: Sandbox) -> None:
    """Nobody has to be asked, so the answer is that no login is required."""
    with client_app(sandbox, scope_requirements={TRANSFER: TRANSFER_ALL}) as app:
        assert not app.login_required()
        assert stored(app, TRANSFER) is not None


def test_a_resource_server_without_requirements_is_a_usage_error(sandbox: Sandbox) -> None:
    """The error names the resource server and what to call."""
    with (
        client_app(sandbox) as app,
        pytest.raises(GlobusSDKUsageError, match=r"'transfer\.api.*add_scope_requirements"),
    ):
        app.get_authorizer(TRANSFER)


def test_a_wrong_secret_is_one_clear_error(sandbox: Sandbox) -> None:
    """The server's refusal comes as a typed error with advice, and without the secret."""
    with (
        client_app(sandbox, client_secret="not-the-secret") as app,
        pytest.raises(GlobusAPIError) as refused,
    ):
        app.login()
    assert (refused.value.http_status, refused.value.code) == (401, "invalid_client")
    assert refused.value.advice
    assert "not-the-secret" not in f"{refused.value} {refused.value!r} {refused.value.explain()}"


def test_a_logout_revokes_the_clients_tokens(sandbox: Sandbox) -> None:
    """Afterwards the token is gone, and the next request fetches a new one."""
    with client_app(sandbox) as app, AuthClient(app=app) as auth:
        auth.userinfo()
        assert app.logout() == []
        assert stored(app) is None
        auth.userinfo()
        assert grants(sandbox) == 2


def test_a_person_and_a_service_share_a_file_and_no_token(
    sandbox: Sandbox, tmp_path: pathlib.Path
) -> None:
    """Whoever logs in, fetches or logs out leaves the tokens of the other as they are."""
    url = f"sqlite:///{tmp_path}/tokens.db"
    config = GlobusAppConfig(token_storage=url)
    with (
        user_app(sandbox, storage=url) as person,
        ClientApp(
            "tests",
            client_id=sandbox.confidential_client_id,
            client_secret=sandbox.confidential_client_secret,
            config=config,
        ) as service,
    ):
        person.login()
        before = stored(person)
        service.login()
        assert stored(service).identity_id == sandbox.confidential_client_id
        assert stored(person) == before
        service.logout(sweep=True)
        assert stored(person) == before
        assert stored(service) is None


def test_a_storage_with_a_persons_tokens_is_refused(sandbox: Sandbox) -> None:
    """It was passed as an object, whose namespace is not the app's to choose."""
    storage = MemoryTokenStorage()
    with user_app(sandbox, storage=storage) as person:
        with client_app(sandbox, storage) as service:
            person.login()
            before = stored(person)
            for attempt in (service.login, lambda: service.get_authorizer(AUTH)):
                with pytest.raises(IdentityMismatchError):
                    attempt()
        with pytest.raises(IdentityMismatchError, match="not to this client") as refused:
            client_app(sandbox, storage)
        assert "namespace" in str(refused.value.advice)
        assert stored(person) == before


@pytest.mark.parametrize("fresh", [True, False])
def test_a_secret_that_was_replaced_at_its_source_is_read_again(
    sandbox: Sandbox, tmp_path: pathlib.Path, fresh: bool
) -> None:
    """When the server refuses the one that is known; a single error if there is no other one."""
    path = tmp_path / "secret"
    path.touch(mode=0o600)
    path.write_text("a-secret-of-the-past")
    search = find_credentials(
        environ={
            "GLOBUS_CLIENT_ID": sandbox.confidential_client_id,
            "GLOBUS_CLIENT_SECRET_FILE": str(path),
        }
    )
    config = GlobusAppConfig(token_storage="memory")
    with default_app("tests", config=config, search=search) as app:
        if fresh:
            path.write_text(sandbox.confidential_client_secret)
            app.login()
            assert grants(sandbox) == 1
        else:
            with pytest.raises(GlobusAPIError) as caught:
                app.login()
            assert caught.value.http_status == 401
    assert sandbox.count(grant_type="client_credentials", status=401) == 1
