"""
Logging in because a service says what is missing.
"""

from __future__ import annotations

import threading
import types
import typing as t

import pytest

from globus_core import AuthClient
from globus_core.exc import GlobusAPIError, LoginDeniedError
from globus_core.transport import deadline
from tests.integration.app.helpers import (
    AUTH,
    TRANSFER,
    TRANSFER_ALL,
    CountedLogin,
    logins,
    stored,
    user_app,
)
from tests.unit.authorizers.fakes import in_threads

if t.TYPE_CHECKING:
    from globus_core_sandbox import Sandbox

USERINFO = "/v2/oauth2/userinfo"
CONSENT = {
    "code": "ConsentRequired",
    "authorization_parameters": {"required_scopes": [TRANSFER_ALL], "session_message": "for that"},
}


def test_a_refusal_is_followed_by_one_login_and_one_repeat(sandbox: Sandbox) -> None:
    """The login asks for what the refusal names, and the request then succeeds."""
    with user_app(sandbox, auto_redrive_gares=True) as app, AuthClient(app=app) as auth:
        app.login()
        sandbox.fail(USERINFO, status=403, body=CONSENT)
        assert auth.userinfo()["sub"] == sandbox.people[0].id
        assert logins(app) == 2
        assert sandbox.count(path=USERINFO) == 2
        assert stored(app, TRANSFER) is not None
        manager = app._login_flow_manager
        assert isinstance(manager, CountedLogin)
        assert manager.asked[-1].session_message == "for that"


def test_a_person_may_take_longer_to_log_in_than_a_call_may_take(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The time of the login does not count for the call that needed it."""
    clock = types.SimpleNamespace(now=1000.0)
    clock.monotonic = lambda: clock.now
    monkeypatch.setattr(deadline, "time", clock)
    with user_app(sandbox, auto_redrive_gares=True) as app, AuthClient(app=app) as auth:
        app.login()
        manager = app._login_flow_manager
        assert isinstance(manager, CountedLogin)
        log_in = manager.run_login_flow

        def slow(asked: t.Any) -> t.Any:
            clock.now += 10_000
            return log_in(asked)

        manager.run_login_flow = slow  # type: ignore[method-assign,assignment]
        sandbox.fail(USERINFO, status=403, body=CONSENT)
        assert auth.userinfo()["sub"] == sandbox.people[0].id
        assert logins(app) == 2


def test_a_refusal_that_stays_is_raised_after_one_login(sandbox: Sandbox) -> None:
    """A service that is never content does not send the person round in circles."""
    with user_app(sandbox, auto_redrive_gares=True) as app, AuthClient(app=app) as auth:
        app.login()
        sandbox.fail(USERINFO, status=403, body=CONSENT, times=None)
        with pytest.raises(GlobusAPIError) as refused:
            auth.userinfo()
        assert refused.value.code == "ConsentRequired"
        assert logins(app) == 2
        assert sandbox.count(path=USERINFO) == 2


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (400, CONSENT),
        (403, {"errors": [CONSENT]}),
        (403, [CONSENT]),
        (403, "a page"),
        (403, {"code": "Forbidden"}),
    ],
)
def test_other_refusals_are_raised_at_once(sandbox: Sandbox, status: int, body: t.Any) -> None:
    """Only a 403 whose document is such an error itself makes a login."""
    with user_app(sandbox, auto_redrive_gares=True) as app, AuthClient(app=app) as auth:
        app.login()
        sandbox.fail(USERINFO, status=status, body=body, times=None)
        with pytest.raises(GlobusAPIError):
            auth.userinfo()
        assert (logins(app), sandbox.count(path=USERINFO)) == (1, 1)


def test_without_the_setting_the_refusal_is_raised(sandbox: Sandbox) -> None:
    """Logging in by itself is something that a program asks for."""
    with user_app(sandbox) as app, AuthClient(app=app) as auth:
        app.login()
        sandbox.fail(USERINFO, status=403, body=CONSENT)
        with pytest.raises(GlobusAPIError):
            auth.userinfo()
        assert logins(app) == 1


@pytest.mark.parametrize("denied", [False, True])
def test_threads_that_are_told_the_same_share_one_login(sandbox: Sandbox, denied: bool) -> None:
    """The person is asked once, not once for each thread; a no is a no to all of them."""
    with user_app(sandbox, auto_redrive_gares=True) as app, AuthClient(app=app) as auth:
        app.login()
        under_way = threading.Semaphore(0)
        checks, manager = app.get_client_retry_checks, app._login_flow_manager
        assert isinstance(manager, CountedLogin)
        log_in = manager.run_login_flow

        def noted() -> t.Any:
            made = checks()
            under_way.release()
            return made

        def when_all_are_under_way(asked: t.Any) -> t.Any:
            for _ in range(4):
                assert under_way.acquire(timeout=60)
            return log_in(asked)

        app.get_client_retry_checks = noted  # type: ignore[method-assign]
        manager.run_login_flow = when_all_are_under_way  # type: ignore[method-assign,assignment]
        sandbox.fail(USERINFO, status=403, body=CONSENT, times=4)
        if denied:
            sandbox.deny_next_login()
        failures = in_threads(4, auth.userinfo)
        assert logins(app) == 2
        assert [type(failure) for failure in failures] == [LoginDeniedError] * 4 * denied
        assert {type(failure.__cause__) for failure in failures} <= {GlobusAPIError}


def test_a_refusal_inside_of_such_a_login_starts_no_other(sandbox: Sandbox) -> None:
    """What the login itself is refused is raised, so that logins are never nested."""
    with user_app(sandbox, auto_redrive_gares=True) as app, AuthClient(app=app) as auth:
        app.login()
        manager = app._login_flow_manager
        assert isinstance(manager, CountedLogin)
        inner = manager.run_login_flow

        def nested(asked: t.Any) -> t.Any:
            auth.userinfo()
            return inner(asked)

        manager.run_login_flow = nested  # type: ignore[method-assign,assignment]
        sandbox.fail(USERINFO, status=403, body=CONSENT, times=None)
        with pytest.raises(GlobusAPIError):
            auth.userinfo()
        assert logins(app) == 1
        assert stored(app, AUTH) is not None


def test_a_login_that_is_denied_says_which_refusal_it_was_for(sandbox: Sandbox) -> None:
    """The service's 403 is the cause of the error, and not lost."""
    with user_app(sandbox, auto_redrive_gares=True) as app, AuthClient(app=app) as auth:
        app.login()
        sandbox.fail(USERINFO, status=403, body=CONSENT)
        sandbox.deny_next_login()
        with pytest.raises(LoginDeniedError) as denied:
            auth.userinfo()
        cause = denied.value.__cause__
        assert isinstance(cause, GlobusAPIError)
        assert (cause.http_status, cause.code) == (403, "ConsentRequired")
        assert sandbox.count(path=USERINFO) == 1
