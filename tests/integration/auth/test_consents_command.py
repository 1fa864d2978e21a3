"""
``globus-core consents``, over the sandbox.
"""

from __future__ import annotations

import json
import typing as t

import pytest
from click.testing import CliRunner, Result

from globus_core import hookimpl
from globus_core.plugins import PluginManager, get_plugin_manager, set_plugin_manager
from globus_core_cli.group import cli
from tests.integration.app.helpers import CountedLogin

if t.TYPE_CHECKING:
    from collections.abc import Iterator

    from globus_core_sandbox import Sandbox

TRANSFER_ALL = "urn:globus:auth:scope:transfer.api.globus.org:all"


class Logins:
    """A login that needs nobody."""

    @hookimpl
    def globus_login_flows(self) -> dict[str, t.Any]:
        """Offer the login."""
        return {"by-itself": CountedLogin}


@pytest.fixture(autouse=True)
def _sandbox(globus_sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The sandbox as Globus Auth, and a person who logs in at once."""
    monkeypatch.setenv("GLOBUS_SDK_SERVICE_URL_AUTH", globus_sandbox.url)
    monkeypatch.setenv("GLOBUS_CLIENT_ID", globus_sandbox.native_client_id)
    monkeypatch.setenv("GLOBUS_CORE_LOGIN_FLOW", "by-itself")
    previous = set_plugin_manager(PluginManager())
    get_plugin_manager().register(Logins(), "logins")
    yield
    set_plugin_manager(previous)


def invoke(*arguments: str) -> Result:
    """Run a command in this process."""
    return CliRunner().invoke(cli, list(arguments), prog_name="globus-core")


def test_consents_are_drawn_as_trees(globus_sandbox: Sandbox) -> None:
    """One tree for each scope that was consented to, with what it depends on below."""
    collection = "https://auth.globus.org/scopes/d00d71c3-b84e-4029-a6f7-e95c3d2810ba/data_access"
    nested = f"{TRANSFER_ALL}[*{collection}]"
    assert invoke("login", "--scope", nested).exit_code == 0
    result = invoke("consents")
    assert result.exit_code == 0, result.output
    assert f"{TRANSFER_ALL} (consent " in result.output
    assert f"└── *{collection} (consent " in result.output
    assert f"client {globus_sandbox.native_client_id}" in result.output


def test_consents_as_json_are_the_documents_of_the_api() -> None:
    """With the keys of the API, so that another program can make a forest of them."""
    from globus_core.scopes.consents import ConsentForest

    assert invoke("login").exit_code == 0
    result = invoke("consents", "--json")
    assert result.exit_code == 0, result.output
    documents = json.loads(result.stdout)
    assert {document["scope_name"] for document in documents} == {"openid", "profile", "email"}
    assert ConsentForest(documents).meets_scope_requirements("openid email")


def test_all_consents_need_one_more_scope_which_is_asked_for() -> None:
    """The login that it takes brings the consent to look at all consents."""
    assert invoke("login").exit_code == 0
    result = invoke("consents", "--all")
    assert result.exit_code == 0, result.output
    assert "view_consents (consent " in result.output


def test_consents_log_in_where_nobody_is() -> None:
    """As any command with an app does."""
    result = invoke("consents")
    assert result.exit_code == 0, result.output
    assert "openid (consent " in result.output


def test_a_server_that_refuses_is_an_error_with_advice(globus_sandbox: Sandbox) -> None:
    """Exit code 1, one text, no traceback."""
    assert invoke("login").exit_code == 0
    path = "/v2/api/identities/*/consents"
    globus_sandbox.fail(path=path, status=403, body={"code": "FORBIDDEN", "message": "no"})
    result = invoke("consents")
    assert result.exit_code == 1
    assert "What to do" in result.output
    assert "Traceback" not in result.output
