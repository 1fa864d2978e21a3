"""The authorize endpoint, for scripts and for people."""

from __future__ import annotations

import typing as t
from html.parser import HTMLParser

import pytest

from tests.sandbox.plain_client import PlainClient, good, redirect_query

SCOPES = "https://auth.globus.org/scopes"
TRANSFER = "urn:globus:auth:scope:transfer.api.globus.org:all"
SCRIPT = "<script>alert(1)</script>"


def test_a_login_is_approved_at_once_by_default(client: PlainClient) -> None:
    """A script gets its code by one request, with the state and the issuer beside it."""
    response = client.authorize()
    answer = redirect_query(response)
    assert response.headers["Location"].startswith(client.redirect_uri + "?")
    assert answer["state"] == "a-state"
    assert answer["iss"] == client.sandbox.url.rstrip("/")
    assert answer["code"]


def test_a_native_client_must_use_pkce(client: PlainClient) -> None:
    """Without a code challenge a native client is sent back with an error."""
    answer = redirect_query(client.authorize(code_challenge=None, code_challenge_method=None))
    assert answer["error"] == "invalid_request"
    assert answer["state"] == "a-state"
    assert answer["iss"] == client.sandbox.url.rstrip("/")


@pytest.mark.parametrize("method", ["plain", None, "S512"])
def test_only_s256_challenges_are_taken(client: PlainClient, method: str | None) -> None:
    """Every other challenge method is an error, the default of RFC 7636 as well."""
    answer = redirect_query(client.authorize(code_challenge_method=method))
    assert answer["error"] == "invalid_request"


@pytest.mark.parametrize(
    "changes",
    [
        {"client_id": "8f3b9c1e-0000-4000-8000-000000000000"},
        {"client_id": None},
        {"redirect_uri": "https://evil.example.org/callback"},
        {"redirect_uri": "http://127.0.0.1:80@evil.example.org/"},
        {"redirect_uri": "http://127.0.0.1:7777/#fragment"},
        {"redirect_uri": 'http://evil.example.org/"\u00e9\\'},
        {"redirect_uri": "http://[::1"},
        {"redirect_uri": None},
    ],
)
def test_a_doubtful_client_or_address_is_not_redirected_to(
    client: PlainClient, changes: dict[str, t.Any]
) -> None:
    """Unknown clients and unregistered addresses get a page instead of a redirect."""
    response = client.authorize(**changes)
    assert response.status_code == 400
    assert response.headers["Content-Type"].startswith("text/html")
    assert "Location" not in response.headers


@pytest.mark.parametrize(
    "address",
    ["http://localhost:1/x", "http://127.0.0.1:65000", "http://[::1]:9/a/b", "http://127.8.8.8/"],
)
def test_native_clients_may_use_every_loopback_address(client: PlainClient, address: str) -> None:
    """The port of a loopback redirect does not matter, RFC 8252, section 7.3."""
    assert client.authorize(redirect_uri=address).headers["Location"].startswith(address)


@pytest.mark.parametrize(
    "scope",
    [
        "no-such-scope",
        "urn:globus:auth:scope:transfer.api.globus.org:nothing",
        "openid[",
        f"{SCOPES}/8f3b9c1e-0000-4000-8000-000000000000/made_up",
        f"{SCOPES}/8f3b9c1e-0000-4000-8000-000000000000/data_access",
        f"{SCOPES}/8f3b9c1e-0000-4000-8000-000000000000/https",
        f"{SCOPES}/8f3b9c1e-0000-4000-8000-000000000000/flow_8f3b9c1e_0000_4000_8000_000000000000_user",
        "urn:globus:auth:scope:8f3b9c1e-0000-4000-8000-000000000000:manage_collections",
        f"{TRANSFER}[*{SCOPES}/8f3b9c1e-0000-4000-8000-000000000000/data_access]",
        f"{TRANSFER}[no-such-scope]",
        None,
    ],
)
def test_unknown_scopes_are_refused(client: PlainClient, scope: str | None) -> None:
    """A scope that does not exist, or none at all, is invalid_scope."""
    assert redirect_query(client.authorize(scope=scope))["error"] == "invalid_scope"


def test_other_response_types_are_refused(client: PlainClient) -> None:
    """Only the code flow is there."""
    assert redirect_query(client.authorize(response_type="token"))["error"] == (
        "unsupported_response_type"
    )


def test_garbage_in_the_response_type_is_no_crash(client: PlainClient) -> None:
    """Characters that Authlib cannot put into an error give a page."""
    assert client.authorize(response_type='co"d\u00e9').status_code == 400


def test_the_next_logins_can_be_denied(client: PlainClient) -> None:
    """Denials on order run out."""
    client.sandbox.deny_next_login(2)
    errors = [redirect_query(client.authorize()).get("error") for _ in range(3)]
    assert errors == ["access_denied", "access_denied", None]


def test_the_login_hint_chooses_the_person(client: PlainClient) -> None:
    """A hint by user name decides who signs in, also for synthetic people."""
    for name in ("dana@example.edu", "user00042@example.org"):
        token = client.log_in(login_hint=name)
        assert client.verify(token["id_token"])["preferred_username"] == name


def test_session_requirements_choose_the_person(client: PlainClient) -> None:
    """Required identities and domains are met, or the login is denied."""
    dana = next(p for p in client.sandbox.people if p.username == "dana@example.edu")
    token = client.log_in(session_required_identities=dana.id)
    assert client.verify(token["id_token"])["sub"] == dana.id
    token = client.log_in(session_required_single_domain="nowhere.example,physics.example.edu")
    assert client.verify(token["id_token"])["preferred_username"] == "grace@physics.example.edu"
    answer = redirect_query(client.authorize(session_required_single_domain="nowhere.example"))
    assert answer["error"] == "access_denied"


class _Form(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.people: list[str] = []
        self.tags: set[str] = set()
        self.outside: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        self.tags.add(tag)
        self.outside += [v for n, v in attrs if n in ("src", "href") and v]
        if tag == "input" and values.get("name") == "person":
            self.people.append(values.get("value") or "")


def test_a_person_can_choose_and_approve_in_a_browser(client: PlainClient) -> None:
    """The page lists the people and the scopes; its form leads to a code."""
    client.sandbox.configure(auto_approve=False)
    page = client.authorize(access_type="offline", prefill_named_grant="my laptop")
    form = _Form(page.text)
    assert page.status_code == 200
    assert form.people == [person.id for person in client.sandbox.people]
    assert "my laptop" in page.text
    assert "for development only" in page.text
    chosen = client.sandbox.people[3]
    answer = client.session.post(
        page.url, data={"person": chosen.id, "decision": "allow"}, allow_redirects=False, timeout=10
    )
    token = good(client.exchange(redirect_query(answer)["code"]))
    assert client.verify(token["id_token"])["sub"] == chosen.id


def test_a_person_can_deny_in_a_browser(client: PlainClient) -> None:
    """Denying sends back access_denied with the state."""
    client.sandbox.configure(auto_approve=False)
    page = client.authorize()
    answer = client.session.post(
        page.url, data={"decision": "deny"}, allow_redirects=False, timeout=10
    )
    assert redirect_query(answer)["error"] == "access_denied"
    assert redirect_query(answer)["state"] == "a-state"


def test_nobody_in_particular_gets_the_page_again(client: PlainClient) -> None:
    """Approving for a person who is not on the list shows the page once more."""
    client.sandbox.configure(auto_approve=False)
    page = client.authorize()
    answer = client.session.post(page.url, data={"person": "x", "decision": "allow"}, timeout=10)
    assert answer.status_code == 200
    assert _Form(answer.text).people


@pytest.mark.parametrize("scope", ["openid", "urn:globus:auth:scope:transfer.api.globus.org:all"])
def test_prompt_none_without_approval_is_login_required(client: PlainClient, scope: str) -> None:
    """Where a page would be needed, prompt=none is an error."""
    client.sandbox.configure(auto_approve=False)
    assert redirect_query(client.authorize(prompt="none", scope=scope))["error"] == "login_required"


def test_pages_are_closed_and_escape_what_they_show(client: PlainClient) -> None:
    """Pages load nothing, run nothing, and show foreign text as text."""
    client.sandbox.configure(auto_approve=False)
    for page in (
        client.authorize(session_message=SCRIPT, prefill_named_grant=SCRIPT),
        client.get("v2/web/auth-code", code=SCRIPT),
        client.get("v2/web/auth-code", error=SCRIPT, error_description=SCRIPT),
        client.get("v2/web/logout", redirect_name=SCRIPT),
        client.get(""),
    ):
        form = _Form(page.text)
        policy = page.headers["Content-Security-Policy"]
        assert "script" not in form.tags
        assert form.outside == []
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe-inline" not in policy


def test_the_code_page_shows_the_code(client: PlainClient) -> None:
    """The redirect of a command line login shows a code that works."""
    address = client.sandbox.url + "v2/web/auth-code"
    response = client.authorize(redirect_uri=address)
    page = client.session.get(response.headers["Location"], timeout=10)
    code = redirect_query(response)["code"]
    assert f'id="authorization-code">{code}<' in page.text
    good(client.exchange(code, redirect_uri=address))


def test_the_logout_page_links_to_registered_addresses_only(client: PlainClient) -> None:
    """A link back is shown only where the client may be redirected to."""
    native = client.sandbox.native_client_id
    page = client.get("v2/web/logout", client=native, redirect_uri="http://localhost:5/home")
    assert "http://localhost:5/home" in page.text
    page = client.get("v2/web/logout", client=native, redirect_uri="https://evil.example.org/")
    assert "evil" not in page.text
