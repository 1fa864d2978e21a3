"""
Logging in again because the server says that the login has ended.
"""

from __future__ import annotations

import threading
import traceback
import types
import typing as t

import pytest

from globus_core import AuthClient
from globus_core.exc import GlobusAPIError, LoginDeniedError, LoginRequiredError
from globus_core.globus_app import TokenApp
from globus_core.transport import deadline
from tests.integration.app.helpers import AUTH, CountedLogin, logins, stored, user_app
from tests.unit.authorizers.fakes import in_threads

if t.TYPE_CHECKING:
    from globus_core import UserApp
    from globus_core_sandbox import Sandbox

USERINFO = "/v2/oauth2/userinfo"
UNKNOWN = {"error": "invalid_token", "error_description": "the body"}
both_kinds = pytest.mark.parametrize("refreshing", [False, True])


def end_login(app: UserApp) -> None:
    """Have the server forget the stored tokens, as one that was restarted has."""
    data = stored(app)
    for token in filter(None, (data.refresh_token, data.access_token)):
        app._login_client.oauth2_revoke_token(token)


@both_kinds
def test_a_call_after_the_end_of_the_login_logs_in_and_succeeds(
    sandbox: Sandbox, refreshing: bool
) -> None:
    """Once; later calls use the new login."""
    with user_app(sandbox, request_refresh_tokens=refreshing) as app, AuthClient(app=app) as auth:
        auth.userinfo()
        end_login(app)
        assert auth.userinfo()["sub"] == auth.userinfo()["sub"] == sandbox.people[0].id
        assert logins(app) == 2
        assert not app.login_required()


@both_kinds
def test_the_login_does_not_count_for_the_time_of_the_call(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch, refreshing: bool
) -> None:
    """A person may take longer than a call may."""
    clock = types.SimpleNamespace(now=1000.0)
    clock.monotonic = lambda: clock.now
    monkeypatch.setattr(deadline, "time", clock)
    with user_app(sandbox, request_refresh_tokens=refreshing) as app, AuthClient(app=app) as auth:
        auth.userinfo()
        end_login(app)
        manager = app._login_flow_manager
        log_in = manager.run_login_flow

        def slow(auth_parameters: t.Any) -> t.Any:
            clock.now += 10_000
            return log_in(auth_parameters)

        manager.run_login_flow = slow  # type: ignore[method-assign]
        assert auth.userinfo()["sub"] == sandbox.people[0].id


@both_kinds
def test_a_service_that_refuses_every_token_makes_one_login(
    sandbox: Sandbox, refreshing: bool
) -> None:
    """Not one for each call, and its refusal is raised."""
    with user_app(sandbox, request_refresh_tokens=refreshing) as app, AuthClient(app=app) as auth:
        app.login()
        sandbox.fail(USERINFO, status=401, body=UNKNOWN, times=None)
        for _ in range(2):
            with pytest.raises(GlobusAPIError):
                auth.userinfo()
        assert logins(app) == (1 if refreshing else 2)


def test_a_call_makes_one_login_though_renewals_fail_too(sandbox: Sandbox) -> None:
    """The server forgets each login at once."""
    with user_app(sandbox, request_refresh_tokens=True) as app, AuthClient(app=app) as auth:
        auth.userinfo()
        app.get_authorizer(AUTH).handle_missing_authorization()
        end_login(app)
        manager = app._login_flow_manager
        log_in = manager.run_login_flow

        def in_vain(auth_parameters: t.Any) -> t.Any:
            response = log_in(auth_parameters)
            for token in (response["refresh_token"], response["access_token"]):
                app._login_client.oauth2_revoke_token(token)
            return response

        manager.run_login_flow = in_vain  # type: ignore[method-assign]
        with pytest.raises(GlobusAPIError):
            auth.userinfo()
        assert logins(app) == 2


@both_kinds
@pytest.mark.parametrize("denied", [False, True])
def test_threads_share_the_login(sandbox: Sandbox, refreshing: bool, denied: bool) -> None:
    """Four threads learn at the same time that it has ended; a no is a no to all of them."""
    with user_app(sandbox, request_refresh_tokens=refreshing) as app, AuthClient(app=app) as auth:
        auth.userinfo()
        end_login(app)
        all_there = threading.Barrier(4)
        checks = app.get_client_retry_checks

        def together() -> t.Any:
            all_there.wait(60)
            return checks()

        app.get_client_retry_checks = together  # type: ignore[method-assign]
        if denied:
            sandbox.deny_next_login()
        failures = in_threads(4, auth.userinfo)
        assert logins(app) == 2
        assert [type(failure) for failure in failures] == [LoginDeniedError] * 4 * denied
        assert all(isinstance(failure.__cause__, GlobusAPIError) for failure in failures)


@both_kinds
def test_without_a_person_there_is_one_clear_error(sandbox: Sandbox, refreshing: bool) -> None:
    """With the command, and without the body of the response, in the whole traceback."""
    with user_app(sandbox, request_refresh_tokens=refreshing) as app, AuthClient(app=app) as auth:
        auth.userinfo()
        end_login(app)
        manager = app._login_flow_manager

        def nobody(auth_parameters: t.Any) -> t.Any:
            raise LoginRequiredError("nobody is here; run this: log in", command="log in")

        manager.run_login_flow = nobody  # type: ignore[method-assign]
        with pytest.raises(LoginRequiredError) as required:
            auth.userinfo()
        assert str(required.value) == (
            "the server no longer accepts the login of 'tests'; nobody is here; run this: log in"
        )
        assert required.value.command == "log in"
        shown = "".join(traceback.format_exception(required.value))
        assert "{" not in shown.replace("{context", "")
        assert "GlobusAPIError" not in shown
        assert app.login_required()


@both_kinds
def test_a_program_that_wants_no_login_gets_the_refusal(sandbox: Sandbox, refreshing: bool) -> None:
    """And the app knows that a login is required."""
    settings: dict[str, t.Any] = {"request_refresh_tokens": refreshing}
    with user_app(sandbox, token_validation_error_handler=None, **settings) as app:
        auth = AuthClient(app=app)
        app.login()
        auth.userinfo()
        end_login(app)
        with pytest.raises(GlobusAPIError):
            auth.userinfo()
        assert app.login_required()
        assert logins(app) == 1


def test_a_held_authorizer_does_not_log_in_after_a_logout(sandbox: Sandbox) -> None:
    """Who has logged out is not asked to log in by something that was left over."""
    with user_app(sandbox, request_refresh_tokens=True) as app:
        app.login()
        held = app.get_authorizer(AUTH)
        app.logout()
        held.handle_missing_authorization()
        with pytest.raises(Exception):  # noqa: B017 (which one is another test's matter)
            held.get_authorization_header()
        assert logins(app) == 1
        assert app.login_required()


@pytest.mark.parametrize("status", [403, 500])
def test_other_errors_are_no_reason_for_a_login(sandbox: Sandbox, status: int) -> None:
    """Only a 401 says that the token is not known."""
    with user_app(sandbox) as app, AuthClient(app=app) as auth:
        app.login()
        sandbox.fail(USERINFO, status=status, body=UNKNOWN, times=None)
        auth.retry_config.max_retries = 1
        with pytest.raises(GlobusAPIError):
            auth.userinfo()
        assert logins(app) == 1
        assert isinstance(app._login_flow_manager, CountedLogin)


def test_an_app_with_given_tokens_raises_the_refusal(sandbox: Sandbox) -> None:
    """It cannot log in."""
    with TokenApp("job", tokens={AUTH: "unknown"}) as app, AuthClient(app=app) as auth:
        with pytest.raises(GlobusAPIError) as refused:
            auth.userinfo()
        assert refused.value.http_status == 401
