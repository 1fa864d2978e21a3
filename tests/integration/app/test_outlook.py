"""
Whether tokens outlive a job, asked when the job is submitted.
"""

from __future__ import annotations

import time
import typing as t

import pytest

from globus_core import ClientApp
from globus_core.exc import LoginRequiredError, NetworkError
from globus_core.globus_app import GlobusAppConfig, TokenApp
from globus_core.scopes import AuthScopes
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
    from globus_core_sandbox import Sandbox


def refreshes(sandbox: Sandbox) -> int:
    """How many refreshes the server was asked for."""
    return sandbox.count(grant_type="refresh_token")


def test_an_access_token_that_lives_long_enough_lasts(sandbox: Sandbox) -> None:
    """Until it expires; the server is not asked."""
    with user_app(sandbox, request_refresh_tokens=True) as app:
        app.login()
        outlook = app.ensure_valid_for(hours=1)
        assert outlook
        (token,) = outlook.tokens
        assert (token.by, token.until) == ("access token", stored(app).expires_at_seconds)
        assert refreshes(sandbox) == 0
        assert "auth.globus.org: lasts, by access token, until 20" in outlook.explain()


def test_a_refresh_token_that_was_tried_lasts(sandbox: Sandbox) -> None:
    """The job is longer than an access token lives, so the refresh token is put to the test."""
    with user_app(sandbox, request_refresh_tokens=True, scopes={TRANSFER: TRANSFER_ALL}) as app:
        app.login()
        outlook = app.ensure_valid_for(hours=24 * 7)
        assert outlook
        assert [token.by for token in outlook.tokens] == ["refresh token"] * 2
        assert refreshes(sandbox) == 2
        assert not app.ensure_valid_for(hours=24 * 200)


def test_a_refresh_token_that_was_revoked_does_not_last(sandbox: Sandbox) -> None:
    """That is found out now, and not in the middle of the job; a login can mend it."""
    with user_app(sandbox, request_refresh_tokens=True) as app:
        app.login()
        app._login_client.oauth2_revoke_token(stored(app).refresh_token)
        assert app.ensure_valid_for(hours=24 * 7, refresh=False)
        outlook = app.ensure_valid_for(hours=24 * 7)
        assert not outlook
        assert outlook.tokens[0].by == "nothing"
        assert logins(app) == 1
        assert app.ensure_valid_for(hours=24 * 7, login=True)
        assert logins(app) == 2


def test_an_access_token_alone_is_too_short_for_a_long_job(sandbox: Sandbox) -> None:
    """The advice depends on whether a new one would do."""
    with user_app(sandbox) as app:
        app.login()
        long = app.ensure_valid_for(hours=24 * 7)
        assert not long
        assert "request_refresh_tokens=True" in str(long.tokens[0].advice)
        expire(app)
        short = app.ensure_valid_for(hours=1, refresh=False)
        assert "right before" in str(short.tokens[0].advice)
        assert app.ensure_valid_for(hours=1, login=True)
        assert logins(app) == 2


def test_without_a_login_nothing_lasts(sandbox: Sandbox) -> None:
    """And nobody is logged in by the question."""
    with user_app(sandbox) as app:
        for refresh in (True, False):
            outlook = app.ensure_valid_for(hours=1, refresh=refresh)
            assert not outlook
            assert "log in" in outlook.explain()
        assert logins(app) == 0


def test_without_a_server_a_stored_token_lasts_until_it_expires(sandbox: Sandbox) -> None:
    """A laptop without a network does not need a new login; one without a token has nothing."""
    with user_app(sandbox, request_refresh_tokens=True) as app:
        app.login()
        sandbox.fail("/v2/oauth2/token", drop=True, times=None)
        (token,) = app.ensure_valid_for(hours=24 * 7).tokens
        assert (token.lasts, token.by) == (False, "access token")
        assert token.until == stored(app).expires_at_seconds
        assert isinstance(token.error, NetworkError)
        expire(app)
        assert app.ensure_valid_for(hours=24 * 7).tokens[0].by == "nothing"


def test_a_secret_lasts_without_an_end(sandbox: Sandbox) -> None:
    """It is tried out now; a wrong one is found out before the job is queued."""
    config = GlobusAppConfig(token_storage="memory")
    for secret in (sandbox.confidential_client_secret, "not-the-secret"):
        with ClientApp(
            "tests", client_id=sandbox.confidential_client_id, client_secret=secret, config=config
        ) as app:
            outlook = app.ensure_valid_for(hours=24 * 400, session_hours=1)
            assert bool(outlook) == (secret != "not-the-secret")
            assert outlook.tokens[0].until is None or not outlook
            assert secret not in f"{outlook!r} {outlook.tokens!r} {outlook.explain()}"


def test_a_sign_in_gets_too_old_whatever_is_renewed(sandbox: Sandbox) -> None:
    """Where the job's services look at its age; signing in anew is the only remedy."""
    with user_app(sandbox, request_refresh_tokens=True) as app:
        app.login()
        assert app.ensure_valid_for(hours=10, session_hours=12)
        outlook = app.ensure_valid_for(hours=14, session_hours=12)
        assert not outlook
        (token,) = outlook.tokens
        assert token.by == "session"
        assert token.until is not None
        assert abs(token.until - time.time() - 12 * 3600) < 600
        assert "prompt='login'" in str(token.advice)
        app.ensure_valid_for(hours=14, session_hours=12, login=True)
        manager = app._login_flow_manager
        assert isinstance(manager, CountedLogin)
        assert manager.asked[-1].prompt == "login"


def test_when_somebody_signed_in_outlives_renewals(sandbox: Sandbox) -> None:
    """And the process, beside the tokens; where it is not known that is said."""
    with user_app(sandbox, request_refresh_tokens=True) as app:
        app.login()
        before = stored(app).extra
        assert before["last_authentication"] <= time.time() + 60
        app.ensure_valid_for(hours=24 * 7)
        assert refreshes(sandbox) == 1
        assert stored(app).extra == before
        data = stored(app)
        data.extra = {}
        app.token_storage.token_storage.store_token_data_by_resource_server({AUTH: data})
        outlook = app.ensure_valid_for(hours=1, session_hours=12)
        assert not outlook
        assert "is unknown" in outlook.explain()


def test_given_tokens_last_as_long_as_was_told() -> None:
    """Without an end nothing can be said."""
    end = int(time.time()) + 7200
    tokens = {AUTH: {"access_token": "x", "expires_at_seconds": end, "scope": "openid"}}
    scopes = {AUTH: [AuthScopes.openid]}
    with TokenApp("tests", tokens=tokens, scope_requirements=scopes) as app:
        assert app.ensure_valid_for(hours=1)
        assert not app.ensure_valid_for(hours=3)
        with pytest.raises(LoginRequiredError):
            app.ensure_valid_for(hours=3, login=True)
    with TokenApp("tests", tokens={AUTH: "x"}) as app:
        (token,) = app.ensure_valid_for(hours=1).tokens
        assert (token.resource_server, token.lasts, token.until) == (AUTH, False, None)
