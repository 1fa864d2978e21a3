"""
Apps in other processes: they are pickled as settings, and their tokens stay in one storage.
"""

from __future__ import annotations

import copy
import multiprocessing
import pickle
import typing as t

import pytest

from globus_core import AuthClient, ClientApp, NativeAppAuthClient, UserApp
from globus_core.exc import NotPicklableError
from globus_core.globus_app import GlobusAppConfig, TokenApp, default_app, find_credentials
from globus_core.scopes import AuthScopes
from globus_core.token_storage import (
    JSONTokenStorage,
    MemoryTokenStorage,
    SQLiteTokenStorage,
    TokenStorage,
)
from tests.integration.app.helpers import (
    AUTH,
    TRANSFER,
    TRANSFER_ALL,
    CountedLogin,
    expire,
    logins,
    stored,
    user_app,
)

if t.TYPE_CHECKING:
    import pathlib

    from globus_core.authorizers import GlobusAuthorizer
    from globus_core_sandbox import Sandbox

_WORKERS = 4


@pytest.fixture(params=["json", "sqlite"])
def storage(request: pytest.FixtureRequest, tmp_path: pathlib.Path) -> str:
    """The URL of a storage that processes share."""
    return f"{request.param}:{tmp_path}/tokens"


def who_is_logged_in(app: UserApp) -> tuple[str, int]:
    """What a worker does with an app: a request; and how often it has logged in for that."""
    with app, AuthClient(app=app, app_scopes=[AuthScopes.openid]) as auth:
        return auth.userinfo()["sub"], logins(app)


def header_of(authorizer: GlobusAuthorizer) -> str | None:
    """What a worker does with an authorizer."""
    return authorizer.get_authorization_header()


def in_workers(function: t.Callable[[t.Any], t.Any], argument: object) -> list[t.Any]:
    """What each of several processes, made anew, returns for an argument."""
    with multiprocessing.get_context("spawn").Pool(_WORKERS) as pool:
        return pool.map(function, [argument] * _WORKERS, chunksize=1)


def test_workers_use_the_login_of_the_program(sandbox: Sandbox, storage: str) -> None:
    """Each makes an app of its own, which finds the tokens and asks nobody."""
    with user_app(sandbox, storage=storage) as app:
        app.login()
        assert in_workers(who_is_logged_in, app) == [(sandbox.people[0].id, 0)] * _WORKERS


def test_workers_renew_once_for_all(sandbox: Sandbox, storage: str) -> None:
    """Refresh tokens rotate, so that a second renewal would end the login."""
    sandbox.configure(rotate_refresh_tokens=True)
    with user_app(sandbox, storage=storage, request_refresh_tokens=True) as app:
        app.login()
        authorizer = app.get_authorizer(AUTH)
        expire(app)
        before = sandbox.count(path="/v2/oauth2/token")
        headers = in_workers(header_of, authorizer)
        assert len(headers) == _WORKERS
        assert set(headers) == {f"Bearer {stored(app).access_token}"}
        assert sandbox.count(path="/v2/oauth2/token") == before + 1


def test_an_app_is_the_same_elsewhere(sandbox: Sandbox, storage: str) -> None:
    """Its name, client, settings and requirements, those of its clients included."""
    with user_app(sandbox, storage=storage, scopes={TRANSFER: TRANSFER_ALL}) as app:
        app.add_scope_requirements({"x": ["b", "a[*c]"]})
        with pickle.loads(pickle.dumps(app)) as other:
            assert type(other) is UserApp
            assert (other.app_name, other.client_id) == (app.app_name, app.client_id)
            assert other.config == app.config
            assert other.scope_requirements == app.scope_requirements
            assert other.token_storage.describe().location == app.token_storage.describe().location


@pytest.mark.parametrize("make", [JSONTokenStorage, SQLiteTokenStorage])
def test_a_login_client_and_a_storage_of_ones_own_go_along(
    sandbox: Sandbox, tmp_path: pathlib.Path, make: t.Callable[..., TokenStorage]
) -> None:
    """A native client has no secret, and a storage of files is where it is."""
    config = GlobusAppConfig(
        token_storage=make(tmp_path / "tokens", namespace="mine"), login_flow_manager=CountedLogin
    )
    with (
        NativeAppAuthClient(sandbox.native_client_id, app_name="mine") as client,
        UserApp("tests", login_client=client, config=config) as app,
    ):
        app.login()
        assert in_workers(who_is_logged_in, app) == [(sandbox.people[0].id, 0)] * _WORKERS


@pytest.mark.parametrize("refresh", [True, False], ids=["refresh tokens", "access tokens"])
def test_no_token_is_pickled(sandbox: Sandbox, storage: str, refresh: bool) -> None:
    """Neither in an app nor in an authorizer of its own, with all protocols."""
    with user_app(sandbox, storage=storage, request_refresh_tokens=refresh) as app:
        app.login()
        authorizer = app.get_authorizer(AUTH)
        data = stored(app)
        for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
            written = pickle.dumps([app, authorizer], protocol)
            for token in filter(None, (data.access_token, data.refresh_token)):
                assert token.encode() not in written


def test_an_authorizer_elsewhere_reacts_to_a_refusal(sandbox: Sandbox, storage: str) -> None:
    """A token that is refused there is renewed there, and a copy of the copy does the same."""
    with user_app(sandbox, storage=storage, request_refresh_tokens=True) as app:
        app.login()
        once = pickle.loads(pickle.dumps(app.get_authorizer(AUTH)))
        other = pickle.loads(pickle.dumps(once))
        with AuthClient(authorizer=other) as auth:
            assert auth.userinfo()["sub"] == sandbox.people[0].id
            sandbox.advance_clock(sandbox.access_token_lifetime + 1)
            assert auth.userinfo()["sub"] == sandbox.people[0].id
        assert other.handle_missing_authorization()


def test_an_access_token_elsewhere_cannot_be_repaired(sandbox: Sandbox, storage: str) -> None:
    """Without refresh tokens a 401 is final there as well."""
    with user_app(sandbox, storage=storage) as app:
        app.login()
        other = pickle.loads(pickle.dumps(app.get_authorizer(AUTH)))
        assert other.get_authorization_header() == f"Bearer {stored(app).access_token}"
        assert not other.handle_refused_header(other.get_authorization_header())


def test_copies_share_the_app_and_its_authorizers(sandbox: Sandbox, storage: str) -> None:
    """In one process there is one login, and one lock for it."""
    with user_app(sandbox, storage=storage) as app:
        app.login()
        authorizer = app.get_authorizer(AUTH)
        other = pickle.loads(pickle.dumps(authorizer))
        for thing in (app, authorizer, other):
            assert copy.copy(thing) is thing
            assert copy.deepcopy([thing])[0] is thing


@pytest.mark.parametrize("kind", ["name", "object"])
def test_tokens_in_memory_are_no_reason_to_log_in_twice(sandbox: Sandbox, kind: str) -> None:
    """An app elsewhere would have no tokens; the error says which storage to choose."""
    storage = "memory" if kind == "name" else MemoryTokenStorage()
    with user_app(sandbox, storage=storage) as app:
        app.login()
        for thing in (app, app.get_authorizer(AUTH)):
            with pytest.raises(NotPicklableError, match="token_storage='json'"):
                pickle.dumps(thing)


def test_an_app_with_a_secret_is_made_where_it_is_used(sandbox: Sandbox, storage: str) -> None:
    """A secret would travel with it otherwise, also one of a person's app."""
    secret: dict[str, t.Any] = {
        "client_id": sandbox.confidential_client_id,
        "client_secret": sandbox.confidential_client_secret,
    }
    config = GlobusAppConfig(token_storage=storage)
    portal = GlobusAppConfig(token_storage=storage, login_flow_manager=CountedLogin)
    with (
        ClientApp("tests", config=config, **secret) as client_app,
        UserApp("tests", config=portal, **secret) as portal_app,
    ):
        for app in (client_app, portal_app):
            with pytest.raises(NotPicklableError, match=r"client secret.*default_app") as refused:
                pickle.dumps(app)
            assert sandbox.confidential_client_secret not in str(refused.value)
            assert copy.deepcopy(app) is app


def test_an_app_of_given_tokens_is_made_where_it_is_used(sandbox: Sandbox) -> None:
    """The tokens themselves are all that it has."""
    with TokenApp("tests", tokens={AUTH: "not-a-token"}) as app:
        for thing in (app, app.get_authorizer(AUTH)):
            with pytest.raises(NotPicklableError, match=r"(?s)TokenApp.*worker"):
                pickle.dumps(thing)


def test_a_setting_that_cannot_be_pickled_is_named(sandbox: Sandbox, storage: str) -> None:
    """The errors of pickle name its type only."""
    with (
        user_app(sandbox, storage=storage, token_validation_error_handler=lambda *_: None) as app,
        pytest.raises(NotPicklableError, match="token_validation_error_handler") as refused,
    ):
        pickle.dumps(app)
    assert refused.value.__cause__ is not None


def test_a_worker_finds_the_credentials_of_a_job_itself(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the error advises: no app is sent, each process makes one."""
    monkeypatch.setenv("GLOBUS_CLIENT_ID", sandbox.confidential_client_id)
    monkeypatch.setenv("GLOBUS_CLIENT_SECRET", sandbox.confidential_client_secret)
    assert find_credentials().used is not None
    assert in_workers(client_id_of_the_job, None) == [sandbox.confidential_client_id] * _WORKERS


def client_id_of_the_job(_: None) -> str:
    """What a worker does without an app."""
    config = GlobusAppConfig(token_storage=MemoryTokenStorage())
    with default_app("tests", config=config) as app:
        app.login()
        return app.client_id
