"""
The three usage examples of the SDK's documentation, word for word but for the import name.

The examples are aimed at a sandbox by the variables for the services' addresses; their made-up ids
and names exist there.
"""

from __future__ import annotations

import typing as t
from urllib.parse import parse_qs, urlsplit

import pytest

from globus_core import AccessTokenAuthorizer, ConfidentialAppAuthClient
from globus_core.scopes import AuthScopes
from globus_core.testing import HeadlessBrowser, Sandbox
from globus_core_sandbox import ClientSeed, Person, Seeds

NATIVE_LOGIN = """\
from globus_core import NativeAppAuthClient, AccessTokenAuthorizer, TransferClient
# Initialize native app client
auth_client = NativeAppAuthClient("your_client_id")
# Start OAuth flow
auth_client.oauth2_start_flow(refresh_tokens=True)
# Get authorization URL
authorize_url = auth_client.oauth2_get_authorize_url()
print(f"Visit: {authorize_url}")
# Exchange code for tokens
auth_code = input("Enter code: ")
tokens = auth_client.oauth2_exchange_code_for_tokens(auth_code)
# Create service clients with tokens
transfer_token = tokens.by_resource_server["transfer.api.globus.org"]
transfer_client = TransferClient(
authorizer=AccessTokenAuthorizer(transfer_token["access_token"])
)
"""

CLIENT_CREDENTIALS = """\
from globus_core import ConfidentialAppAuthClient, AccessTokenAuthorizer
# Service-to-service authentication
auth_client = ConfidentialAppAuthClient("client_id", "client_secret")
# Get tokens for your application
tokens = auth_client.oauth2_client_credentials_tokens(
requested_scopes=["urn:globus:auth:scope:transfer.api.globus.org:all"]
)
# Use tokens for API access
transfer_token = tokens.by_resource_server["transfer.api.globus.org"]
authorizer = AccessTokenAuthorizer(transfer_token["access_token"])
"""

IDENTITIES = """\
from globus_core import AuthClient, IdentityMap
auth_client = AuthClient(authorizer=authorizer)
# Look up identities by username
identities = auth_client.get_identities(usernames=["user@example.org"])
for identity in identities:
    print(f"Username: {identity['username']}, ID: {identity['id']}")
# Use identity map for efficient lookups
identity_map = IdentityMap(auth_client, ["user1@example.org", "user2@example.org"])
user_info = identity_map["user1@example.org"]
"""

_PROJECT = Seeds().projects[0].id
_PROVIDER = Seeds().identity_providers[0].id


def _person(number: int, username: str) -> Person:
    return Person(
        id=f"6b0e4d1a-8c52-4f37-9a60-00000000000{number}",
        username=username,
        name=None,
        email=None,
        organization=None,
        identity_provider=_PROVIDER,
    )


SEEDS = Seeds(
    people=(
        _person(0, "user@example.org"),
        _person(1, "user1@example.org"),
        _person(2, "user2@example.org"),
    ),
    clients=(
        ClientSeed(id="your_client_id", name="Native", project=_PROJECT),
        ClientSeed(id="client_id", name="Portal", project=_PROJECT, secret="client_secret"),
    ),
    scopes=(),
)


@pytest.fixture(scope="module")
def server() -> t.Iterator[Sandbox]:
    """A sandbox that knows what the examples name."""
    with Sandbox(seeds=SEEDS) as running:
        yield running


@pytest.fixture
def run(server: Sandbox, monkeypatch: pytest.MonkeyPatch) -> t.Iterator[t.Any]:
    """Runs an example and gives its variables; its client is closed at the end."""
    server.reset()
    for name, address in server.environment().items():
        monkeypatch.setenv(name, address)
    done: list[dict[str, t.Any]] = []

    def run(example: str, **names: t.Any) -> dict[str, t.Any]:
        done.append(names)
        exec(compile(example, "example", "exec"), names)
        return names

    yield run
    for names in done:
        names["auth_client"].close()
        if "transfer_client" in names:
            names["transfer_client"].close()


def bring_code(url: str) -> str:
    """Do what the person does: open the URL, approve, copy the code from the page."""
    browser = HeadlessBrowser()
    browser.open(url)
    browser.wait()
    assert browser.visited is not None, browser.error
    assert urlsplit(browser.visited).path == "/v2/web/auth-code"
    return parse_qs(urlsplit(browser.visited).query)["code"][0]


def test_the_example_of_a_native_login(run: t.Any, capsys: pytest.CaptureFixture[str]) -> None:
    """A person logs in; the program has a token that can be renewed, and a client that works."""

    def typed(question: str) -> str:
        assert question == "Enter code: "
        shown = capsys.readouterr().out
        assert shown.startswith("Visit: http")
        return bring_code(shown.removeprefix("Visit: ").strip())

    names = run(NATIVE_LOGIN, input=typed)
    token = names["transfer_token"]
    assert token["scope"] == "urn:globus:auth:scope:transfer.api.globus.org:all"
    assert token["refresh_token"]
    header = names["AccessTokenAuthorizer"](token["access_token"]).get_authorization_header()
    assert header == f"Bearer {token['access_token']}"
    assert list(names["transfer_client"].task_list()) == []
    assert set(names["tokens"].by_resource_server) == {"auth.globus.org", "transfer.api.globus.org"}


def test_the_example_of_client_credentials(run: t.Any) -> None:
    """A service has a token of its own, without anybody being asked."""
    names = run(CLIENT_CREDENTIALS)
    token = names["transfer_token"]
    assert token["scope"] == "urn:globus:auth:scope:transfer.api.globus.org:all"
    assert names["authorizer"].get_authorization_header() == f"Bearer {token['access_token']}"


def test_the_example_of_identities(
    run: t.Any, server: Sandbox, capsys: pytest.CaptureFixture[str]
) -> None:
    """People are looked up by name; the map asks once for all of them."""
    with ConfidentialAppAuthClient("client_id", "client_secret", base_url=server.url) as portal:
        response = portal.oauth2_client_credentials_tokens(AuthScopes.view_identities)
    token = response.by_resource_server["auth.globus.org"]["access_token"]
    names = run(IDENTITIES, authorizer=AccessTokenAuthorizer(token))
    assert capsys.readouterr().out == f"Username: user@example.org, ID: {SEEDS.people[0].id}\n"
    assert names["user_info"]["id"] == SEEDS.people[1].id
    assert server.count(path="/v2/api/identities") == 2
    assert names["identity_map"]["user2@example.org"]["id"] == SEEDS.people[2].id
    assert server.count(path="/v2/api/identities") == 2
