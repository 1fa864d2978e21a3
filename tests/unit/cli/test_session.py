"""
``globus-core session``, and ``login --policy``.
"""

from __future__ import annotations

import json
import typing as t

import pytest
from click.testing import Result

from globus_core import hookimpl
from globus_core.plugins import PluginManager, get_plugin_manager, set_plugin_manager
from globus_core_cli._session_status import described
from globus_core_cli.group import cli
from tests.commands import separate_runner
from tests.integration.app.helpers import CountedLogin

if t.TYPE_CHECKING:
    from collections.abc import Iterator

    from globus_core_sandbox import Sandbox

ADA = "7a11c9d2-40be-4f1a-9c35-2b8e6d70f413"
ADA_AT_SCHOOL = "e5c07b34-8f21-4d96-a3be-50d91f7c62a8"
TRANSFER_ALL = "urn:globus:auth:scope:transfer.api.globus.org:all"
POLICY = "3b58d7f9-6e12-4c04-b9a5-7f81e2c6d034"


class NotedLogin(CountedLogin):
    """Notes what all apps ask for."""

    all_asked: list[dict[str, t.Any]] = []

    def run_login_flow(self, auth_parameters: t.Any) -> t.Any:
        self.all_asked.append(auth_parameters.to_dict())
        return super().run_login_flow(auth_parameters)


class Desk:
    """A plugin with a login that needs nobody."""

    @hookimpl
    def globus_login_flows(self) -> dict[str, t.Any]:
        """Offer the login."""
        return {"by-itself": NotedLogin}


@pytest.fixture(autouse=True)
def asked(
    globus_sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> Iterator[list[dict[str, t.Any]]]:
    """What logins at the sandbox were asked to satisfy."""
    monkeypatch.setenv("GLOBUS_SDK_SERVICE_URL_AUTH", globus_sandbox.url)
    monkeypatch.setenv("GLOBUS_CLIENT_ID", globus_sandbox.native_client_id)
    monkeypatch.setenv("GLOBUS_CORE_LOGIN_FLOW", "by-itself")
    monkeypatch.setattr(NotedLogin, "all_asked", [])
    previous = set_plugin_manager(PluginManager())
    get_plugin_manager().register(Desk(), "desk")
    yield NotedLogin.all_asked
    set_plugin_manager(previous)


def invoke(*arguments: str, **variables: str) -> Result:
    """Run a command in this process."""
    return separate_runner().invoke(cli, list(arguments), prog_name="globus-core", env=variables)


def shown(*arguments: str) -> t.Any:
    """What a command prints as JSON."""
    result = invoke(*arguments, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def signed_in(document: dict[str, t.Any]) -> list[str]:
    """Who has signed in."""
    return [done["username"] for done in document["authentications"]]


# show


def test_without_a_login_there_is_no_session() -> None:
    """Which has the exit code of all commands that need a login."""
    result = invoke("session", "show", "--json")
    assert result.exit_code == 4
    assert json.loads(result.stdout) == {
        "logged_in": False,
        "identity_id": None,
        "authentications": [],
    }
    assert "globus-core login" in invoke("session", "show").stdout


def test_the_session_shows_who_has_signed_in_and_when(globus_sandbox: Sandbox) -> None:
    """By username; offline by id, and no request is sent."""
    invoke("login")
    document = shown("session", "show")
    (done,) = document["authentications"]
    assert (document["identity_id"], done["identity_id"]) == (ADA, ADA)
    assert done["username"] == "ada@example.org"
    assert abs(done["signed_in_at_seconds"] - globus_sandbox.now()) < 60
    text = invoke("session", "show").stdout
    assert text.startswith(f"session of {ADA}\n  ada@example.org: signed in 2")
    before = len(globus_sandbox.journal())
    assert shown("session", "show", "--offline")["authentications"][0]["username"] is None
    assert f"  {ADA}: signed in" in invoke("session", "show", "--offline").stdout
    assert len(globus_sandbox.journal()) == before


def test_usernames_that_cannot_be_looked_up_hide_nothing_else(globus_sandbox: Sandbox) -> None:
    """The session is known here."""
    invoke("login")
    globus_sandbox.fail(path="/v2/api/identities", status=403)
    document = shown("session", "show")
    assert signed_in(document) == [None]
    assert "403" in document["trouble"] or "Forbidden" in document["trouble"]


def test_a_login_of_an_older_program_has_no_time() -> None:
    """Nor does one whose record is damaged; the remedy is said."""
    document = {"logged_in": True, "identity_id": None, "authentications": list[t.Any]()}
    assert "time of the sign-in is unknown" in described(document)


@pytest.mark.parametrize(
    ("age", "text"),
    [(5, "just now"), (60, "1 minute ago"), (7300, "2 hours ago"), (86400 * 9, "9 days ago")],
)
def test_the_age_of_a_sign_in_is_in_words(
    age: float, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the largest unit that fits."""
    monkeypatch.setattr("globus_core_cli._session_status.time.time", lambda: 1_000_000.0)
    done = {
        "identity_id": ADA,
        "username": None,
        "signed_in_at": "then",
        "signed_in_at_seconds": 1_000_000 - age,
    }
    document = {"logged_in": True, "identity_id": ADA, "authentications": [done]}
    assert described(document).endswith(f"signed in then, {text}")


# update


@pytest.mark.parametrize(
    "option",
    ["--identity=akestrel@example.edu", f"--identity={ADA_AT_SCHOOL}", "--domain=example.edu"],
)
def test_a_linked_identity_signs_in_too(option: str) -> None:
    """By name, id or domain; the tokens stay those of the same person."""
    invoke("login")
    document = shown("session", "update", option)
    assert document["identity_id"] == ADA
    assert sorted(signed_in(document)) == ["ada@example.org", "akestrel@example.edu"]
    assert shown("session", "show") == document


def test_an_update_asks_for_what_is_demanded_and_for_all_stored_scopes(
    asked: list[dict[str, t.Any]],
) -> None:
    """So that each stored token belongs to the new session."""
    invoke("login", "--scope", TRANSFER_ALL)
    invoke("session", "update", "--policy", f"{POLICY}, {ADA}", "--domain", "a.example,b.example")
    assert asked[-1] == {
        "session_required_policies": [POLICY, ADA],
        "session_required_single_domain": ["a.example", "b.example"],
        "prompt": "login",
        "required_scopes": asked[-1]["required_scopes"],
    }
    assert sorted(asked[-1]["required_scopes"]) == ["email", "openid", "profile", TRANSFER_ALL]


def test_a_second_factor_is_demanded_of_the_identity_that_is_logged_in(
    asked: list[dict[str, t.Any]],
) -> None:
    """Since Globus Auth looks at it only together with identities or domains."""
    assert invoke("session", "update", "--mfa").exit_code == 2
    invoke("login")
    assert invoke("session", "update", "--mfa").exit_code == 0
    assert asked[-1]["session_required_mfa"] is True
    assert asked[-1]["session_required_identities"] == [ADA]
    invoke("session", "update", "--mfa", "--domain", "example.edu")
    assert "session_required_identities" not in asked[-1]


def test_an_update_without_options_signs_in_again(asked: list[dict[str, t.Any]]) -> None:
    """Which makes the sign-in young."""
    invoke("login")
    assert invoke("session", "update").exit_code == 0
    assert asked[-1].keys() == {"prompt", "required_scopes"}


def test_what_nobody_meets_is_a_failed_login() -> None:
    """And the stored login stays."""
    invoke("login")
    before = shown("session", "show")
    result = invoke("session", "update", "--policy", POLICY)
    assert result.exit_code == 1
    assert "access_denied" in result.stderr
    assert shown("session", "show") == before


def test_another_person_is_refused() -> None:
    """With what to do."""
    invoke("login")
    result = invoke("session", "update", "--identity", "bo@example.org")
    assert result.exit_code == 1
    assert "log out first" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--identity", "nobody@example.org"], "no identity has the username nobody@example.org"),
        (["--identity", ""], "a value is empty"),
        (["--policy", f"{POLICY},,"], "a value is empty"),
    ],
)
def test_wrong_values_are_wrong_usage(arguments: list[str], said: str) -> None:
    """Before anybody is asked to log in."""
    invoke("login")
    result = invoke("session", "update", *arguments)
    assert result.exit_code == 2
    assert said in result.stderr


# consent


def test_a_consent_adds_tokens_and_keeps_the_others() -> None:
    """The output has the scopes of each."""
    invoke("login")
    found = shown("session", "consent", TRANSFER_ALL)
    assert found == [
        {"resource_server": "auth.globus.org", "scope": "openid profile email"},
        {"resource_server": "transfer.api.globus.org", "scope": TRANSFER_ALL},
    ]
    assert TRANSFER_ALL in invoke("session", "consent", "openid").stdout


def test_a_consent_to_a_dependency_replaces_the_plain_scope(
    globus_sandbox: Sandbox, asked: list[dict[str, t.Any]]
) -> None:
    """It is asked for in one form, and the consents form a tree."""
    invoke("login", "--scope", TRANSFER_ALL)
    collection = "e90b4d37-85a2-4c1f-b6d8-2f7a3c5e1b94"
    scope = f"{TRANSFER_ALL}[*https://auth.globus.org/scopes/{collection}/data_access]"
    assert invoke("session", "consent", scope).exit_code == 0
    assert scope in asked[-1]["required_scopes"]
    assert TRANSFER_ALL not in asked[-1]["required_scopes"]
    assert "data_access" in invoke("consents").stdout


def test_a_consent_to_no_scope_is_wrong_usage(asked: list[dict[str, t.Any]]) -> None:
    """And nobody is asked to log in."""
    assert invoke("session", "consent").exit_code == 2
    result = invoke("session", "consent", "a[b")
    assert result.exit_code == 2
    assert "not a scope" in result.stderr
    assert asked == []


# login --policy


def test_a_login_can_be_asked_to_meet_policies(asked: list[dict[str, t.Any]]) -> None:
    """Also if the tokens are good."""
    invoke("login")
    assert invoke("login", "--policy", POLICY, "--scope", TRANSFER_ALL).exit_code == 1
    assert asked[-1]["session_required_policies"] == [POLICY]
    assert TRANSFER_ALL in asked[-1]["required_scopes"]


def test_a_service_account_has_no_session_to_update(globus_sandbox: Sandbox) -> None:
    """Which is said, instead of a login that changes nothing."""
    account = {
        "GLOBUS_CLIENT_ID": globus_sandbox.confidential_client_id,
        "GLOBUS_CLIENT_SECRET": globus_sandbox.confidential_client_secret,
    }
    for line in (["session", "update"], ["login", "--policy", POLICY]):
        result = invoke(*line, **account)
        assert result.exit_code == 2
        assert "a service account" in result.stderr


# whoami --linked-identities

VIEW = "urn:globus:auth:scope:auth.globus.org:view_identity_set"


def test_linked_identities_are_shown_with_the_scope_for_it() -> None:
    """The person's own first; without the option they are not shown as text."""
    invoke("login", "--scope", VIEW)
    found = shown("whoami", "--linked-identities")["linked_identities"]
    assert [one["identity_id"] for one in found] == [ADA, ADA_AT_SCHOOL]
    assert found[1] == {
        "identity_id": ADA_AT_SCHOOL,
        "username": "akestrel@example.edu",
        "name": "Ada Kestrel",
        "email": "akestrel@example.edu",
        "organization": "Example University",
    }
    assert ADA_AT_SCHOOL in invoke("whoami", "--linked-identities").stdout
    assert ADA_AT_SCHOOL not in invoke("whoami").stdout


def test_without_the_scope_the_command_that_consents_is_named() -> None:
    """And it is enough."""
    assert invoke("whoami", "--linked-identities").exit_code == 4
    invoke("login")
    result = invoke("whoami", "--linked-identities")
    assert result.exit_code == 4
    assert f"globus-core session consent {VIEW}" in result.stderr
    assert invoke("session", "consent", VIEW).exit_code == 0
    assert invoke("whoami", "--linked-identities").exit_code == 0


def test_linked_identities_that_cannot_be_had_are_a_failure(globus_sandbox: Sandbox) -> None:
    """Also offline, where nobody knows them."""
    invoke("login", "--scope", VIEW)
    assert invoke("whoami", "--linked-identities", "--offline").exit_code == 2
    globus_sandbox.fail(path="/v2/oauth2/userinfo", status=403, times=None)
    result = invoke("whoami", "--linked-identities")
    assert result.exit_code == 1
    assert "could not be had" in result.stderr


# what a service demands


def demand(sandbox: Sandbox, **parameters: t.Any) -> str:
    """What a command says whose request is refused with requirements on the session."""
    document = {"code": "AuthorizationRequired", "authorization_parameters": parameters}
    sandbox.fail(path="/v2/api/identities/*", status=403, body=document, times=None)
    result = invoke("consents")
    assert result.exit_code == 1
    return result.stderr


@pytest.mark.parametrize(
    ("parameters", "line"),
    [
        ({"session_required_policies": [POLICY]}, f"session update --policy={POLICY}"),
        (
            {"session_required_single_domain": ["a.example", "b.example"]},
            "session update --domain=a.example --domain=b.example",
        ),
        (
            {"session_required_identities": [ADA], "session_required_mfa": True},
            f"session update --identity={ADA} --mfa",
        ),
        ({"prompt": "login"}, "session update"),
        ({"required_scopes": [f"{TRANSFER_ALL}[*x]"]}, f"session consent '{TRANSFER_ALL}[*x]'"),
    ],
    ids=lambda value: "",
)
def test_an_error_names_the_command_that_meets_what_a_service_demands(
    globus_sandbox: Sandbox, parameters: dict[str, t.Any], line: str
) -> None:
    """As one line that can be pasted into a shell."""
    invoke("login")
    said = demand(globus_sandbox, **parameters)
    assert said.endswith(f"With the same options: globus-core {line}\n")


@pytest.mark.parametrize(
    "parameters",
    [
        {"session_message": "hello"},
        {"session_required_policies": ["a\x1b[31m"]},
        {"session_required_policies": ["p" * 5000]},
    ],
    ids=lambda value: "",
)
def test_no_command_is_made_of_what_makes_none(
    globus_sandbox: Sandbox, parameters: dict[str, t.Any]
) -> None:
    """A service may say anything; a terminal gets no control characters."""
    invoke("login")
    said = demand(globus_sandbox, **parameters)
    assert "With the same options" not in said
    assert "\x1b" not in said
