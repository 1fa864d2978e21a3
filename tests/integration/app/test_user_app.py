"""
The life of a login: once, kept, renewed, widened, ended.
"""

from __future__ import annotations

import logging
import threading
import typing as t

import pytest

from globus_core import AuthClient, IDTokenDecoder, NativeAppAuthClient, Scope, UserApp
from globus_core.exc import GlobusAPIError, IDTokenError, LoginDeniedError, NetworkError
from globus_core.gare import GlobusAuthorizationParameters
from globus_core.globus_app import GlobusAppConfig
from globus_core.locks import Held
from globus_core.scopes import AuthScopes
from globus_core.testing.stored_tokens import make_token
from globus_core.token_storage import JSONTokenStorage, MemoryTokenStorage
from globus_core.token_storage.validating_token_storage import (
    ExpiredTokenError,
    IdentityMismatchError,
    MissingTokenError,
    UnmetScopeRequirementsError,
)
from globus_core_app._login_gate import LoginGate
from globus_core_app.authorizer_factory import ExpiringAuthorizer
from globus_core_storage import DamagedStorageWarning
from tests.integration.app.helpers import (
    AUTH,
    GROUPS,
    GROUPS_ALL,
    GROUPS_MEMBERSHIPS,
    TRANSFER,
    TRANSFER_ALL,
    CountedLogin,
    expire,
    logins,
    stored,
    user_app,
)
from tests.unit.auth.fakes import verifications
from tests.unit.authorizers.fakes import in_threads

if t.TYPE_CHECKING:
    import pathlib

    from globus_core_sandbox import Sandbox


def test_a_login_stores_tokens_for_all_that_is_required(sandbox: Sandbox) -> None:
    """One login brings a token for each resource server, with the person's identity."""
    with user_app(sandbox, scopes={TRANSFER: TRANSFER_ALL}) as app:
        assert app.login_required()
        app.login()
        assert not app.login_required()
        assert stored(app, TRANSFER).identity_id == sandbox.people[0].id
        assert stored(app, AUTH).scope == "openid"
        assert logins(app) == 1


def test_an_id_token_is_verified_once_in_a_login(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the flow has found in it, storage and validators need not find again."""
    signatures = verifications(monkeypatch)
    with user_app(sandbox) as app:
        app.login()
        assert stored(app, AUTH).identity_id == sandbox.people[0].id
    assert len(signatures) == 1


def test_a_second_app_finds_the_tokens_of_the_first(
    sandbox: Sandbox, tmp_path: pathlib.Path
) -> None:
    """An app that starts later on the same file logs nobody in."""
    url = f"sqlite:///{tmp_path}/tokens.db"
    with user_app(sandbox, storage=url) as first:
        first.login()
    with user_app(sandbox, storage=url) as second:
        assert not second.login_required()
        second.login()
        assert second.get_authorizer(AUTH).get_authorization_header()
        assert logins(second) == 0


def test_the_default_storage_is_a_file_of_the_app(sandbox: Sandbox, tmp_path: pathlib.Path) -> None:
    """With nothing configured but the login, tokens go to a file below the home folder."""
    with user_app(sandbox, storage="json") as app:
        app.login()
        location = app.token_storage.describe().location
    assert location.endswith(f"{sandbox.native_client_id}/tests/tokens.json")


def test_a_request_of_an_attached_client_logs_in_by_itself(sandbox: Sandbox) -> None:
    """A client of the app needs no login beforehand, and later requests need none either."""
    with user_app(sandbox) as app, AuthClient(app=app) as auth:
        assert auth.userinfo()["sub"] == auth.userinfo()["sub"] == sandbox.people[0].id
        assert logins(app) == 1


def test_login_does_nothing_while_the_tokens_are_good(sandbox: Sandbox) -> None:
    """Only force and parameters make a login where none is needed."""
    with user_app(sandbox) as app:
        app.login()
        app.login()
        assert logins(app) == 1
        app.login(force=True)
        app.login(auth_params=GlobusAuthorizationParameters())
        assert logins(app) == 3


def test_parameters_of_a_login_are_merged_with_the_requirements(sandbox: Sandbox) -> None:
    """The login asks for both; what was passed in stays as it was."""
    params = GlobusAuthorizationParameters(
        required_scopes=[TRANSFER_ALL], session_message="because", prompt="login"
    )
    with user_app(sandbox) as app:
        app.login(auth_params=params)
        manager = app._login_flow_manager
        assert isinstance(manager, CountedLogin)
        (asked,) = manager.asked
    assert set(asked.required_scopes or ()) == {TRANSFER_ALL, "openid"}
    assert (asked.session_message, asked.prompt) == ("because", "login")
    assert params.required_scopes == [TRANSFER_ALL]


def test_a_scope_added_later_is_asked_for_in_a_new_login(sandbox: Sandbox) -> None:
    """A token that lacks the new scope is not good enough any more."""
    with user_app(sandbox) as app:
        app.login()
        app.add_scope_requirements({AUTH: [AuthScopes.email], TRANSFER: TRANSFER_ALL})
        assert app.login_required()
        app.get_authorizer(TRANSFER)
        assert logins(app) == 2
        assert set(stored(app, AUTH).scope.split()) == {"openid", "email"}


def test_adding_nothing_forgets_nothing(sandbox: Sandbox) -> None:
    """An empty addition leaves the authorizers that were made."""
    with user_app(sandbox) as app:
        before = app.get_authorizer(AUTH)
        app.add_scope_requirements({})
        assert app.get_authorizer(AUTH) is before


def test_the_requirements_shown_are_a_copy(sandbox: Sandbox) -> None:
    """Nobody changes an app's requirements by changing what it shows."""
    with user_app(sandbox, scopes={TRANSFER: [TRANSFER_ALL, TRANSFER_ALL]}) as app:
        app.scope_requirements[TRANSFER].clear()
        app.scope_requirements.clear()
        assert app.scope_requirements[TRANSFER] == [Scope(TRANSFER_ALL)]


def test_dependent_scopes_are_looked_up_among_the_consents(sandbox: Sandbox) -> None:
    """A dependency that was not consented to needs a login; one that was needs none."""
    portal = sandbox.seeds.scopes[0]
    first = Scope(portal.scope_string).with_dependency(Scope(TRANSFER_ALL))
    with user_app(sandbox, scopes={portal.client: [first]}) as app:
        app.login()
        assert not app.login_required()
        assert sandbox.count(path="/v2/api/identities/*/consents") == 1
        more = Scope(portal.scope_string).with_dependency(Scope(GROUPS_MEMBERSHIPS))
        app.add_scope_requirements({portal.client: [more]})
        assert app.login_required()
        app.login()
        assert not app.login_required()
        assert logins(app) == 2


def test_asking_whether_a_login_is_required_logs_nobody_in(sandbox: Sandbox) -> None:
    """Not even where the consents cannot be read because the token for them has expired."""
    portal = sandbox.seeds.scopes[0]
    scope = Scope(portal.scope_string).with_dependency(Scope(TRANSFER_ALL))
    with user_app(sandbox, scopes={portal.client: [scope]}) as app:
        app.login()
        expire(app, AUTH)
        assert app.login_required()
        assert logins(app) == 1
        app.get_authorizer(portal.client)
        assert logins(app) == 2


def test_an_expired_token_without_refresh_token_needs_a_new_login(sandbox: Sandbox) -> None:
    """The running app notices by itself that its token has come to its end."""
    with user_app(sandbox) as app, AuthClient(app=app) as auth:
        auth.userinfo()
        expire(app)
        app._authorizer_factory.clear_cache()
        auth.userinfo()
        assert logins(app) == 2


def test_a_cached_authorizer_does_not_outlive_its_token(sandbox: Sandbox) -> None:
    """Two days later the same app object logs in anew instead of sending a dead token."""
    with user_app(sandbox) as app:
        before = app.get_authorizer(AUTH)
        expire(app)
        assert app.get_authorizer(AUTH) is before
        assert isinstance(before, ExpiringAuthorizer)
        before.expires_at = stored(app).expires_at_seconds
        assert app.get_authorizer(AUTH) is not before
        assert logins(app) == 2


def test_a_refresh_token_renews_without_a_login(sandbox: Sandbox) -> None:
    """The expired token is refreshed, stored, and keeps whose it is."""
    with user_app(sandbox, request_refresh_tokens=True) as app, AuthClient(app=app) as auth:
        auth.userinfo()
        old = stored(app)
        expire(app)
        app._authorizer_factory.clear_cache()
        auth.userinfo()
        assert sandbox.count(grant_type="refresh_token") == logins(app) == 1
        assert stored(app).access_token != old.access_token
        assert stored(app).identity_id == old.identity_id
        assert stored(app).refresh_token is not None


def test_a_refused_token_is_refreshed_once(sandbox: Sandbox) -> None:
    """A 401 by the server's clock, which is ahead, is answered with one refresh."""
    with user_app(sandbox, request_refresh_tokens=True) as app, AuthClient(app=app) as auth:
        auth.userinfo()
        sandbox.advance_clock(sandbox.access_token_lifetime + 1)
        auth.userinfo()
        assert sandbox.count(grant_type="refresh_token") == 1


def test_a_login_that_was_ended_elsewhere_is_required_again(sandbox: Sandbox) -> None:
    """A program that does not log in at once gets the error; then the app knows and logs in."""
    settings: dict[str, t.Any] = {"token_validation_error_handler": None}
    with user_app(sandbox, request_refresh_tokens=True, **settings) as app:
        auth = AuthClient(app=app)
        app.login()
        auth.userinfo()
        app._login_client.oauth2_revoke_token(stored(app).refresh_token)
        app._login_client.oauth2_revoke_token(stored(app).access_token)
        with pytest.raises(GlobusAPIError) as refused:
            auth.userinfo()
        assert refused.value.code == "invalid_grant"
        assert app.login_required()
        app.login()
        auth.userinfo()
        assert logins(app) == 2
        assert sandbox.count(grant_type="refresh_token") == 1
        assert not app.login_required()


def test_tokens_without_refresh_tokens_do_not_serve_an_app_that_wants_them(
    sandbox: Sandbox,
) -> None:
    """Switching refresh tokens on takes one more login."""
    storage = MemoryTokenStorage()
    user_app(sandbox, storage=storage).login()
    with user_app(sandbox, storage=storage, request_refresh_tokens=True) as app:
        assert app.login_required()
        app.login()
        assert not app.login_required()


def test_another_person_is_refused_until_the_logout(sandbox: Sandbox) -> None:
    """Tokens of two people never mix; after a logout the app is free for the other one."""
    other = GlobusAuthorizationParameters(session_required_identities=[sandbox.people[2].id])
    with user_app(sandbox) as app:
        app.login()
        before = stored(app)
        with pytest.raises(IdentityMismatchError) as refused:
            app.login(auth_params=other)
        assert refused.value.stored_id == sandbox.people[0].id
        assert refused.value.new_id == sandbox.people[2].id
        assert stored(app) == before
        assert sandbox.count(path="/v2/oauth2/token/revoke", status=200) == 1
        assert refused.value.revocation_failures == []
        app.logout()
        app.login(auth_params=other)
        assert stored(app).identity_id == sandbox.people[2].id


def test_tokens_of_another_person_that_cannot_be_revoked_are_told_of(sandbox: Sandbox) -> None:
    """They are not stored; that they live on is in the error, without their values."""
    other = GlobusAuthorizationParameters(session_required_identities=[sandbox.people[2].id])
    with user_app(sandbox, request_refresh_tokens=True) as app:
        app.login()
        sandbox.fail("/v2/oauth2/token/revoke", status=400, times=None)
        with pytest.raises(IdentityMismatchError) as refused:
            app.login(auth_params=other)
        kinds = [failure.kind for failure in refused.value.revocation_failures]
        assert kinds == ["access_token", "refresh_token"]


def test_consents_of_one_person_do_not_count_for_the_next(sandbox: Sandbox) -> None:
    """What was looked up before a logout is forgotten with whom it was looked up for."""
    portal = sandbox.seeds.scopes[0]
    scope = Scope(portal.scope_string).with_dependency(Scope(TRANSFER_ALL))
    other = GlobusAuthorizationParameters(session_required_identities=[sandbox.people[2].id])
    with user_app(sandbox, scopes={portal.client: [scope]}) as app:
        for number, params in enumerate((None, other), 1):
            app.login(auth_params=params)
            app.get_authorizer(portal.client)
            assert sandbox.count(path="/v2/api/identities/*/consents") == number
            app.logout()


@pytest.mark.parametrize("needing", [lambda app: app.get_authorizer(AUTH), lambda app: app.login()])
def test_threads_that_need_a_login_share_its_denial(
    sandbox: Sandbox, needing: t.Callable[[t.Any], t.Any]
) -> None:
    """The person is not asked again for each thread that waited; the next request asks anew."""
    with user_app(sandbox) as app:
        manager = app._login_flow_manager
        assert isinstance(manager, CountedLogin)
        lock = app._gate = WatchedLock()
        real = manager.run_login_flow

        def when_all_wait(asked: t.Any) -> t.Any:
            for _ in range(8 + 1):  # the thread that logs in takes the lock twice
                assert lock.wanted.acquire(timeout=60)
            return real(asked)

        manager.run_login_flow = when_all_wait  # type: ignore[method-assign,assignment]
        sandbox.deny_next_login()
        failures = in_threads(8, lambda: needing(app))
        assert [type(failure) for failure in failures] == [LoginDeniedError] * 8
        assert logins(app) == 1
        manager.run_login_flow = real  # type: ignore[method-assign]
        needing(app)
        assert logins(app) == 2


class WatchedLock(LoginGate):
    """An app's lock that tells when somebody is about to wait for it."""

    def __init__(self) -> None:
        super().__init__()
        self.wanted = threading.Semaphore(0)

    def held(self) -> Held:
        self.wanted.release()
        return super().held()


def test_without_a_handler_the_reason_is_raised(sandbox: Sandbox) -> None:
    """None as handler leaves the decision to the program."""
    with user_app(sandbox, token_validation_error_handler=None) as app:
        with pytest.raises(MissingTokenError, match=r"auth\.globus\.org"):
            app.get_authorizer(AUTH)
        app.login()
        expire(app)
        app._authorizer_factory.clear_cache()
        with pytest.raises(ExpiredTokenError):
            app.get_authorizer(AUTH)
        assert logins(app) == 1


def test_the_handler_is_never_called_from_inside_itself(sandbox: Sandbox) -> None:
    """What the handler itself asks of the app fails instead of calling it again."""
    calls: list[str] = []

    def handler(app: t.Any, error: Exception) -> None:
        calls.append(type(error).__name__)
        app.get_authorizer(AUTH)

    with user_app(sandbox, token_validation_error_handler=handler) as app:
        for _ in range(2):
            with pytest.raises(MissingTokenError):
                app.get_authorizer(AUTH)
    assert calls == ["MissingTokenError"] * 2


def test_a_login_flow_that_needs_tokens_itself_starts_no_other(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is told that there are none; logins are never nested."""
    with user_app(sandbox) as app:
        manager = app._login_flow_manager
        monkeypatch.setattr(manager, "run_login_flow", lambda _: app.get_authorizer(AUTH))
        for attempt in (app.login, lambda: app.get_authorizer(AUTH)):
            with pytest.raises(MissingTokenError):
                attempt()


def test_a_handler_that_mends_nothing_ends_in_the_error(sandbox: Sandbox) -> None:
    """After the handler the tokens are looked at one more time, and no more."""
    calls: list[Exception] = []
    with (
        user_app(
            sandbox, token_validation_error_handler=lambda app, error: calls.append(error)
        ) as app,
        pytest.raises(MissingTokenError),
    ):
        app.get_authorizer(AUTH)
    assert len(calls) == 1


def test_a_resource_server_that_nobody_required_is_a_missing_token(sandbox: Sandbox) -> None:
    """The login does not bring it, and the error says for whom there is no token."""
    with user_app(sandbox) as app, pytest.raises(MissingTokenError) as missing:
        app.get_authorizer(GROUPS)
    assert missing.value.resource_server == GROUPS


def test_tokens_with_too_few_scopes_are_not_stored(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A login that brings less than is required leaves the storage as it was."""
    with user_app(sandbox, scopes={TRANSFER: TRANSFER_ALL}) as app:
        narrow = GlobusAuthorizationParameters(required_scopes=["openid"])
        manager = app._login_flow_manager
        response = manager.run_login_flow(narrow)
        app.add_scope_requirements({AUTH: [AuthScopes.email]})
        monkeypatch.setattr(manager, "run_login_flow", lambda _: response)
        with pytest.raises(UnmetScopeRequirementsError):
            app.login()
        assert stored(app) is None


def test_a_logout_revokes_and_removes(sandbox: Sandbox) -> None:
    """Both tokens of each resource server are revoked, and nothing is left in the storage."""
    with (
        user_app(sandbox, scopes={TRANSFER: TRANSFER_ALL}, request_refresh_tokens=True) as app,
        AuthClient(app=app) as auth,
    ):
        auth.userinfo()
        old = stored(app)
        assert app.logout() == []
        assert app.token_storage.token_storage.get_token_data_by_resource_server() == {}
        assert sandbox.count(path="/v2/oauth2/token/revoke", status=200) == 4
        with pytest.raises(GlobusAPIError):
            app._login_client.oauth2_refresh_token(old.refresh_token)
        assert app.login_required()


def test_a_logout_leaves_what_is_not_required_unless_it_sweeps(sandbox: Sandbox) -> None:
    """Tokens that another program has stored in the namespace go only with a sweep."""
    storage = MemoryTokenStorage()
    user_app(sandbox, storage=storage, scopes={GROUPS: GROUPS_ALL}).login()
    with user_app(sandbox, storage=storage) as app:
        app.logout()
        assert set(storage.get_token_data_by_resource_server()) == {GROUPS}
        app.logout(sweep=True)
        assert storage.get_token_data_by_resource_server() == {}


def test_a_logout_removes_a_record_that_cannot_be_used(
    sandbox: Sandbox, tmp_path: pathlib.Path
) -> None:
    """It counts as missing here, but another program could use its tokens."""
    path = tmp_path / "tokens.json"
    with user_app(sandbox, storage=JSONTokenStorage(path)) as app:
        app.login()
        expiry = str(stored(app).expires_at_seconds)
        path.write_text(path.read_text().replace(expiry, f"{expiry}.5"))
        app.token_storage.token_storage.close()
        with pytest.warns(DamagedStorageWarning):
            app.logout()
        assert expiry not in path.read_text()


def test_a_login_is_not_stored_among_the_tokens_of_another_person(sandbox: Sandbox) -> None:
    """Whom another app has logged in since; the namespace would be of nobody after that."""
    storage = MemoryTokenStorage()
    with user_app(sandbox, storage=storage) as app:
        others = {server: make_token(server, identity_id="another") for server in (AUTH, GROUPS)}
        kept = app.token_storage.token_storage
        kept.store_token_data_by_resource_server(others)
        with pytest.raises(IdentityMismatchError):
            app.login(force=True)
        assert kept.get_token_data_by_resource_server() == others
        app.logout(sweep=True)
        app.login()
        kept.store_token_data_by_resource_server(others)  # now this app knows whose it is
        with pytest.raises(IdentityMismatchError):
            app.login(force=True)
        assert kept.get_token_data_by_resource_server() == others


def test_a_logout_says_what_it_could_not_revoke(sandbox: Sandbox) -> None:
    """The token is removed all the same, and the failure names kind, owner and reason."""
    with user_app(sandbox, request_refresh_tokens=True) as app:
        app.login()
        old = stored(app)
        sandbox.fail("/v2/oauth2/token/revoke", status=400, times=1)
        (failure,) = app.logout()
        assert (failure.resource_server, failure.kind) == (AUTH, "access_token")
        assert isinstance(failure.error, GlobusAPIError)
        assert stored(app) is None
        assert old.access_token not in repr(failure)


def test_a_logout_without_a_server_asks_it_once(sandbox: Sandbox) -> None:
    """A server that does not answer is not asked again for each further token."""
    from globus_core.transport import RetryConfig

    client = NativeAppAuthClient(sandbox.native_client_id, retry_config=RetryConfig(max_retries=0))
    config = GlobusAppConfig(
        token_storage=MemoryTokenStorage(),
        login_flow_manager=CountedLogin,
        request_refresh_tokens=True,
    )
    with UserApp("tests", login_client=client, config=config) as app:
        app.login()
        sandbox.fail("/v2/oauth2/token/revoke", drop=True, times=None)
        failures = app.logout()
        assert [failure.kind for failure in failures] == ["access_token", "refresh_token"]
        assert all(isinstance(failure.error, NetworkError) for failure in failures)
        assert sandbox.count(path="/v2/oauth2/token/revoke") == 1
        assert stored(app) is None
    client.close()


def test_closing_leaves_what_was_passed_in_open(
    sandbox: Sandbox, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The app closes what it has made; tokens and login stay."""
    closed: list[object] = []
    monkeypatch.setattr(JSONTokenStorage, "close", lambda storage: closed.append(storage))
    passed_in = JSONTokenStorage(tmp_path / "tokens.json")
    with user_app(sandbox, storage=passed_in) as app:
        app.login()
    assert closed == []
    with user_app(sandbox, storage=f"json:{tmp_path}/tokens.json") as app:
        assert not app.login_required()
    assert len(closed) == 1
    assert sandbox.count(path="/v2/oauth2/token/revoke") == 0


def test_a_login_client_keeps_its_name_and_the_storage_its_decoder(sandbox: Sandbox) -> None:
    """What is passed to an app serves others too, so the app changes neither."""
    client = NativeAppAuthClient(sandbox.native_client_id, app_name="mine")
    storage = MemoryTokenStorage()
    config = GlobusAppConfig(token_storage=storage, login_flow_manager=CountedLogin)
    with UserApp("tests", login_client=client, config=config) as app:
        app.login()
    assert client.app_name == "mine"
    assert client.transport.user_agent.endswith("/mine")
    assert storage.id_token_decoder is None
    client.close()


@pytest.mark.parametrize("bring", ["config", "storage"])
def test_a_decoder_that_the_program_brings_decides_in_the_login_too(
    sandbox: Sandbox, bring: str
) -> None:
    """One with more leeway lets a login pass that the client's own would refuse."""
    sandbox.advance_clock(1000)  # its tokens are of the future
    with user_app(sandbox) as app, pytest.raises(IDTokenError, match="is valid only in"):
        app.login()
    client = NativeAppAuthClient(sandbox.native_client_id)
    patient = IDTokenDecoder(client, jwt_leeway=5000)
    storage = MemoryTokenStorage()
    settings: dict[str, t.Any] = {}
    if bring == "config":
        settings["id_token_decoder"] = patient
    else:
        storage.id_token_decoder = patient
    with user_app(sandbox, storage=storage, **settings) as app:
        app.login()
        assert stored(app).identity_id == sandbox.people[0].id
    client.close()


def test_no_token_reaches_a_log_or_a_repr(
    sandbox: Sandbox, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    """Login, use, refresh and logout, watched at the most talkative level."""
    caplog.set_level(logging.DEBUG)
    with user_app(sandbox, request_refresh_tokens=True) as app, AuthClient(app=app) as auth:
        auth.userinfo()
        first = stored(app)
        sandbox.advance_clock(sandbox.access_token_lifetime + 1)
        auth.userinfo()
        second = stored(app)
        authorizer = app.get_authorizer(AUTH)
        shown = [app, app.config, app.token_storage, authorizer, auth, first, second]
        sandbox.fail("/v2/oauth2/token/revoke", status=400, times=None)
        shown += app.logout()
    told = f"{caplog.text}{capsys.readouterr()}{shown!r}{[str(item) for item in shown]}"
    for secret in (first.access_token, second.access_token, first.refresh_token):
        assert secret not in told
    assert first.access_token != second.access_token


def test_a_confidential_client_logs_a_person_in_as_well(sandbox: Sandbox) -> None:
    """With a secret the app's login is that of a web portal; the flow is the program's own."""
    app = UserApp(
        "tests",
        client_id=sandbox.confidential_client_id,
        client_secret=sandbox.confidential_client_secret,
        config=GlobusAppConfig(token_storage=MemoryTokenStorage(), login_flow_manager=CountedLogin),
    )
    with app:
        app.login()
        assert stored(app).identity_id == sandbox.people[0].id


def test_a_login_takes_no_scopes_away(sandbox: Sandbox) -> None:
    """
    It asks again for what the tokens that it replaces have, and for nothing of others: programs
    that share a login keep what they have.
    """
    storage = MemoryTokenStorage()
    with user_app(sandbox, storage=storage, scopes={AUTH: "openid profile email"}) as first:
        first.login()
    with user_app(sandbox, storage=storage, scopes={GROUPS: GROUPS_MEMBERSHIPS}) as second:
        second.login()
        assert set(stored(second).scope.split()) == {"openid", "profile", "email"}
    with user_app(sandbox, storage=storage) as third:
        third.login(auth_params=GlobusAuthorizationParameters(required_scopes=[GROUPS_ALL]))
        assert set(stored(third, GROUPS).scope.split()) == {GROUPS_ALL, GROUPS_MEMBERSHIPS}
        third.login(auth_params=GlobusAuthorizationParameters(required_scopes=[TRANSFER_ALL]))
        asked = third._login_flow_manager.asked[-1].required_scopes  # type: ignore[attr-defined]
        assert set(asked) == {"openid", "profile", "email", TRANSFER_ALL}


def test_what_a_damaged_record_has_is_not_asked_for(sandbox: Sandbox) -> None:
    """A login mends it."""
    storage = MemoryTokenStorage()
    with user_app(sandbox, storage=storage) as app:
        app.login()
        data = stored(app)
        data.scope = "openid a[b *] \x07"
        storage.store_token_data_by_resource_server({AUTH: data})
        app.login(force=True)
        assert stored(app).scope == "openid"
