"""
Redirects, absolute URLs, plain http, netrc: who gets the credentials.
"""

from __future__ import annotations

import pathlib
import typing as t

import pytest

from globus_core import (
    AccessTokenAuthorizer,
    GlobusConnectionError,
    GlobusSDKUsageError,
    NetworkError,
    NullAuthorizer,
)
from tests.integration.transport.fixtures import MakeClient
from tests.integration.transport.scripted import Answer, ScriptedServer

TOKEN = AccessTokenAuthorizer("token-1")


def to(location: str, status: int = 302) -> Answer:
    """A redirect."""
    return Answer(status, headers={"Location": location})


def test_a_redirect_within_the_origin_keeps_the_credentials(
    server: ScriptedServer, make_client: MakeClient
) -> None:
    """Relative or absolute, with its own query."""
    server.answer(to("/b?x=1"), to(server.url + "/c d"), Answer(200, {}))
    make_client(server.url, authorizer=TOKEN).get("a", headers={"Cookie": "c=1"})
    assert [seen.target for seen in server.seen] == ["/a", "/b?x=1", "/c%20d"]
    assert {seen.headers["authorization"] for seen in server.seen} == {"Bearer token-1"}
    assert {seen.headers["cookie"] for seen in server.seen} == {"c=1"}


def test_a_redirect_to_another_origin_goes_on_without_credentials(
    server: ScriptedServer, other_server: ScriptedServer, make_client: MakeClient
) -> None:
    """Neither Authorization nor Cookie, and they do not come back on the way home."""
    server.answer(to(other_server.url + "/b"), Answer(200, {"home": True}))
    other_server.answer(to(server.url + "/c"))
    client = make_client(server.url, authorizer=TOKEN)
    assert client.get("a", headers={"Cookie": "c=1"})["home"]
    for seen in (*other_server.seen, server.seen[1]):
        assert "authorization" not in seen.headers
        assert "cookie" not in seen.headers


def test_cookies_that_a_server_sets_are_not_kept(
    server: ScriptedServer, make_client: MakeClient
) -> None:
    """An API client has no browser session."""
    server.answer(Answer(200, {}, {"Set-Cookie": "session=1"}))
    client = make_client(server.url)
    client.get("a")
    client.get("b")
    assert "cookie" not in server.seen[1].headers


@pytest.mark.parametrize("status", [307, 308])
def test_a_body_is_not_sent_to_another_origin(
    server: ScriptedServer,
    other_server: ScriptedServer,
    make_client: MakeClient,
    pauses: list[float],
    status: int,
) -> None:
    """That is one clear error, which is not tried again."""
    server.answer(to(other_server.url + "/b", status))
    with pytest.raises(NetworkError, match=r"redirected a POST to .* body is not sent") as caught:
        make_client(server.url).post("a", data={"code": "secret"})
    assert not caught.value.retryable
    assert caught.value.advice
    assert (len(server.seen), other_server.seen) == (1, [])


@pytest.mark.parametrize(
    ("status", "method", "after"),
    [
        (303, "POST", "GET"),
        (302, "POST", "GET"),
        (301, "POST", "GET"),
        (303, "PUT", "GET"),
        (307, "POST", "POST"),
        (308, "PUT", "PUT"),
        (307, "GET", "GET"),
    ],
)
def test_a_redirect_changes_or_keeps_the_method(
    server: ScriptedServer, make_client: MakeClient, status: int, method: str, after: str
) -> None:
    """The body stays with the method (RFC 9110 section 15.4)."""
    server.answer(to("/b", status), Answer(200, {}))
    make_client(server.url).request(method, "a", data={"x": 1})
    second = server.seen[1]
    assert second.method == after
    if after == method:
        assert second.json == {"x": 1}
    else:
        assert second.body == b""
        assert "content-type" not in second.headers


def test_a_redirect_loop_ends(
    server: ScriptedServer, make_client: MakeClient, pauses: list[float]
) -> None:
    """With a clear error, and it is not walked again."""
    server.answer(to("/b"))
    with pytest.raises(NetworkError, match="redirected too many times"):
        make_client(server.url).get("a")
    assert (len(server.seen), pauses) == (11, [])


@pytest.mark.parametrize("location", ["ftp://files.example.org/", "http://[::1", "http://"])
def test_a_redirect_to_nowhere_is_an_error_of_ours(
    server: ScriptedServer, make_client: MakeClient, pauses: list[float], location: str
) -> None:
    """No foreign exception gets through."""
    server.answer(to(location))
    with pytest.raises(NetworkError):
        make_client(server.url).get("a")
    assert pauses == []


def test_an_absolute_url_of_the_own_origin_is_used_as_it_is(
    server: ScriptedServer, make_client: MakeClient
) -> None:
    """With the credentials; its query stands as written."""
    client = make_client(server.url + "/api/", authorizer=TOKEN)
    client.get(server.url.replace("http", "http") + "/next?marker=a%20b")
    assert server.seen[0].target == "/next?marker=a%20b"
    assert server.seen[0].headers["authorization"] == "Bearer token-1"


def test_an_absolute_url_elsewhere_is_refused_with_credentials(
    server: ScriptedServer, other_server: ScriptedServer, make_client: MakeClient
) -> None:
    """The error names both origins and the way out."""
    client = make_client(server.url, authorizer=TOKEN)
    with pytest.raises(GlobusSDKUsageError, match="automatic_authorization=False") as caught:
        client.get(other_server.url + "/keys?x=1")
    assert other_server.url in str(caught.value)
    assert server.url in str(caught.value)
    assert other_server.seen == []


def test_an_absolute_url_elsewhere_is_asked_without_credentials(
    server: ScriptedServer, other_server: ScriptedServer, make_client: MakeClient
) -> None:
    """If the caller says so, or if there are none."""
    keys = other_server.url + "/keys"
    make_client(server.url, authorizer=TOKEN).get(keys, automatic_authorization=False)
    make_client(server.url, authorizer=NullAuthorizer()).get(keys)
    make_client(server.url).get(keys)
    assert len(other_server.seen) == 3
    assert not any("authorization" in seen.headers for seen in other_server.seen)


@pytest.mark.parametrize(
    "url",
    [
        "{other}\\@{home}/",
        "{other}/\\@{home}/",
        "{other}?@{home}/",
        "{other}#@{home}/",
        "http://{home}@{other_host}/",
        "http://{home}:1@{other_host}/",
    ],
)
def test_no_way_of_writing_a_url_leads_credentials_elsewhere(
    server: ScriptedServer, other_server: ScriptedServer, make_client: MakeClient, url: str
) -> None:
    """A host hidden from us but not from urllib3 is another origin, in a redirect too."""
    home, there = (each.url.partition("://")[2] for each in (server, other_server))
    target = url.format(other=other_server.url, home=home, other_host=there)
    client = make_client(server.url, authorizer=TOKEN)
    with pytest.raises(GlobusSDKUsageError):
        client.get(target)
    server.answer(to(target), Answer(200, {}))
    client.get("a")
    assert len(other_server.seen) == 1
    assert "authorization" not in other_server.seen[0].headers


@pytest.mark.parametrize(
    "options",
    [
        {"authorizer": TOKEN},
        {"headers": {"Authorization": "Bearer by-hand"}},
        {"single_use": True},
        {"user": "somebody:secret@"},
    ],
)
def test_credentials_are_not_sent_over_plain_http(
    make_client: MakeClient, options: dict[str, t.Any]
) -> None:
    """Not in a header, not in the URL, nor what works once in a body; nothing is sent."""
    options = dict(options)  # each test runs twice
    url = f"http://{options.pop('user', '')}auth.example.org"
    client = make_client(url, authorizer=options.pop("authorizer", None))
    with pytest.raises(GlobusSDKUsageError, match="plain http") as caught:
        client.request("POST", "a", **options)
    assert "secret" not in str(caught.value)


def test_netrc_is_not_read(
    server: ScriptedServer,
    make_client: MakeClient,
    tmp_path: pathlib.Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It would replace the token, and reach another host by a redirect."""
    netrc = tmp_path / ".netrc"
    netrc.write_text("machine 127.0.0.1 login somebody password secret\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("NETRC", str(netrc))
    server.answer(to("/b"), Answer(200, {}))
    make_client(server.url).get("a")
    server.answer(Answer(200, {}))
    make_client(server.url, authorizer=TOKEN).get("a")
    sent = [seen.headers.get("authorization") for seen in server.seen]
    assert sent == [None, None, "Bearer token-1"]


def test_a_proxy_does_not_see_what_is_for_this_machine(
    server: ScriptedServer,
    other_server: ScriptedServer,
    make_client: MakeClient,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Over plain http it would read the token."""
    monkeypatch.setenv("http_proxy", other_server.url)
    make_client(server.url, authorizer=TOKEN).get("a")
    assert (len(server.seen), other_server.seen) == (1, [])


def test_a_proxy_is_used_for_other_hosts(
    server: ScriptedServer, make_client: MakeClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As the environment says at the time of the request."""
    client = make_client("http://auth.example.org/")
    monkeypatch.setenv("http_proxy", server.url)
    client.get("a")
    assert server.seen[0].target == "http://auth.example.org/a"


def test_a_proxy_that_refuses_is_named_as_the_trouble(
    closed_port: int,
    make_client: MakeClient,
    pauses: list[float],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It is a connection error, with the variables to look at."""
    monkeypatch.setenv("https_proxy", f"http://127.0.0.1:{closed_port}")
    with pytest.raises(GlobusConnectionError, match="proxy") as caught:
        make_client("https://auth.example.org/", authorizer=TOKEN).get("a")
    assert "HTTPS_PROXY" in caught.value.explain()
    assert len(pauses) == 5


@pytest.mark.parametrize("bad", ["token-1\n", "tok\ren", "tökén", "tok€n"])
def test_a_token_that_no_header_can_carry_is_not_shown(
    server: ScriptedServer, make_client: MakeClient, bad: str
) -> None:
    """The error says what is wrong, and not what it is wrong with."""
    with pytest.raises(GlobusSDKUsageError, match="strip") as caught:
        make_client(server.url, authorizer=AccessTokenAuthorizer(bad)).get("a")
    assert bad.strip() not in str(caught.value)
    assert caught.value.__cause__ is caught.value.__context__ is None


def test_a_header_that_cannot_be_sent_is_not_shown(
    server: ScriptedServer, make_client: MakeClient
) -> None:
    """It may be a secret, and so the foreign message is not passed on."""
    with pytest.raises(GlobusSDKUsageError, match="header"):
        make_client(server.url).get("a", headers={"Authorization": "Bearer by-hand\n"})


def test_credentials_go_to_an_origin_that_the_caller_allows(
    server: ScriptedServer, other_server: ScriptedServer, make_client: MakeClient
) -> None:
    """By an absolute URL and by a redirect, body and all; for this client and origin alone."""
    client = make_client(server.url, authorizer=TOKEN)
    client.allow_credentials_to(other_server.url + "/anything?x=1")
    client.get(other_server.url + "/a")
    server.answer(to(other_server.url + "/b", 307), Answer(200, {}))
    client.post("b", data={"a": 1})
    assert [seen.headers["authorization"] for seen in other_server.seen] == ["Bearer token-1"] * 2
    assert other_server.seen[1].json == {"a": 1}
    with pytest.raises(GlobusSDKUsageError, match="allow_credentials_to"):
        client.get("https://elsewhere.example.org/")
    with pytest.raises(GlobusSDKUsageError):
        make_client(server.url, authorizer=TOKEN).get(other_server.url + "/a")


@pytest.mark.parametrize(
    "url", ["http://data.example.org", "data.example.org", "ftp://data.example.org", "https://", ""]
)
def test_credentials_can_only_be_allowed_to_https(make_client: MakeClient, url: str) -> None:
    """And to something that is a URL at all."""
    with pytest.raises(GlobusSDKUsageError, match="https"):
        make_client("https://things.example.org").allow_credentials_to(url)
