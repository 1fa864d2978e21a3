"""
``globus-core outlook``, before a job is submitted.
"""

from __future__ import annotations

import json
import typing as t

import pytest

from globus_core_cli.group import cli
from tests.commands import separate_runner
from tests.integration.app.helpers import GROUPS, TRANSFER, TRANSFER_ALL, stored, user_app

if t.TYPE_CHECKING:
    from click.testing import Result

    from globus_core import UserApp
    from globus_core_sandbox import Sandbox


def outlook(*arguments: str, hours: str = "72") -> Result:
    """Run the command in this process."""
    line = ["outlook", "--hours", hours, *arguments]
    return separate_runner().invoke(cli, line, prog_name="globus-core")


@pytest.mark.usefixtures("app")
def test_a_login_that_is_renewed_lasts(sandbox: Sandbox) -> None:
    """What is too short is renewed, which shows that it can be; only on request it is not."""
    assert outlook("--offline").exit_code == 0
    assert outlook(hours="1").exit_code == 0
    assert sandbox.count(grant_type="refresh_token") == 0
    result = outlook()
    assert (result.exit_code, result.stderr) == (0, "")
    first, *lines = result.stdout.splitlines()
    assert first.startswith("needed until 20")
    assert [line.split(": lasts, by refresh token, until 20")[0] for line in lines] == [
        "auth.globus.org",
        GROUPS,
        TRANSFER,
    ]
    assert sandbox.count(grant_type="refresh_token") == 3


@pytest.mark.usefixtures("app")
def test_only_what_the_job_needs_matters(sandbox: Sandbox) -> None:
    """Named by scope or by service."""
    for needs in (["--service", "transfer"], ["--scope", TRANSFER_ALL]):
        document = json.loads(outlook("--json", *needs).stdout)
        (token,) = document["tokens"]
        assert document["lasts"]
        assert (token["resource_server"], token["lasts"], token["by"], token["advice"]) == (
            TRANSFER,
            True,
            "refresh token",
            None,
        )
    missing = outlook("--scope", "urn:globus:auth:scope:search.api.globus.org:all")
    assert missing.exit_code == 4
    assert "search.api.globus.org" in missing.stderr
    assert outlook("--service", "search").exit_code == 4
    assert sandbox.count(path="/v2/oauth2/authorize") == 1


def test_a_login_that_does_not_last_has_the_exit_code_of_a_missing_one(
    app: UserApp, sandbox: Sandbox
) -> None:
    """Unlike a server that cannot be asked."""
    old = outlook("--session-hours", "1", "--service", "transfer")
    assert old.exit_code == 4
    assert f"{TRANSFER}: too short, by session, until 20" in old.stdout

    sandbox.fail(path="/v2/oauth2/token", status=503, times=100)
    broken = outlook("--json")
    assert broken.exit_code == 1
    assert json.loads(broken.stdout)["lasts"] is False
    sandbox.clear_faults()

    app._login_client.oauth2_revoke_token(stored(app, TRANSFER).refresh_token)
    assert outlook("--service", "transfer").exit_code == 4


def test_a_login_without_refresh_tokens_lasts_as_long_as_its_tokens(sandbox: Sandbox) -> None:
    """And says what to do for a longer job."""
    with user_app(sandbox, storage="json", scopes={TRANSFER: TRANSFER_ALL}) as app:
        app.login()
    assert outlook("--app-name", "tests", hours="2").exit_code == 0
    long = outlook("--app-name", "tests")
    assert long.exit_code == 4
    assert "too short, by access token" in long.stdout


@pytest.mark.usefixtures("app")
@pytest.mark.parametrize("hours", ["-1", "nan", "inf", "1e300", "soon", ""])
def test_a_number_of_hours_that_is_none_is_wrong_usage(hours: str) -> None:
    """Also for the age of a sign-in."""
    assert outlook(hours=hours).exit_code == 2
    assert outlook("--session-hours", hours).exit_code == 2


@pytest.mark.usefixtures("app")
@pytest.mark.parametrize("scope", ["", " ", "a[b", "a b[", "\n"])
def test_a_scope_that_is_none_is_wrong_usage(scope: str) -> None:
    """An empty one may come from a variable that is not set; it does not mean all tokens."""
    result = outlook("--scope", scope)
    assert result.exit_code == 2
    assert "--scope" in result.stderr
