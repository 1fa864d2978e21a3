"""
Scenarios: every request that carries a secret, answered in every bad way.
"""

from __future__ import annotations

import contextlib
import socket
import typing as t
import uuid

import pytest

from globus_core import (
    AccessTokenAuthorizer,
    AuthClient,
    AuthLoginClient,
    BaseClient,
    BasicAuthorizer,
    ConfidentialAppAuthClient,
    GlobusError,
    NativeAppAuthClient,
    NullAuthorizer,
    OAuthDependentTokenResponse,
)
from globus_core.transport import RetryConfig
from tests.canary.echo_server import STYLES, EchoServer, echoing
from tests.integration.transport.scripted import Answer, Behaviour, Reset, Silence

if t.TYPE_CHECKING:
    from collections.abc import Callable

    from tests.canary.watch import Watch

    Actions = dict[str, Callable[[], t.Any]]

CLIENT_ID = "5f0c7a31-82d4-4b6e-9c15-d3e8a7f4b209"
SAMPLE = ("get", "post", "by hand", "userinfo", "native code", "code", "refresh", "credentials")
ONCE = RetryConfig(max_retries=0)
AGAIN = RetryConfig(max_retries=1, backoff=lambda _: 0.0)


class Clients:
    """
    Clients of one server, each with a secret of its own.

    :param watch: makes the secrets
    :param url: the server
    :param retry: how they try again
    :param options: what all of them are given beside
    """

    #: what stands for all actions where the answer does not depend on what was asked
    sample: tuple[str, ...] = SAMPLE

    def __init__(self, watch: Watch, url: str, retry: RetryConfig = ONCE, **options: t.Any) -> None:
        make = watch.secrets.make
        self.watch = watch
        common = {"base_url": url, "retry_config": retry, **options}
        self.auth = AuthClient(authorizer=AccessTokenAuthorizer(make("an access token")), **common)
        self.login = AuthLoginClient(
            CLIENT_ID, authorizer=BasicAuthorizer("u", make("a password", difficult=True)), **common
        )
        self.native = NativeAppAuthClient(CLIENT_ID, **common)
        self.confidential = ConfidentialAppAuthClient(
            CLIENT_ID, make("a client secret", difficult=True), **common
        )
        self.plain = BaseClient(
            authorizer=AccessTokenAuthorizer(make("another access token")), **common
        )
        self.all = (self.auth, self.login, self.native, self.confidential, self.plain)

    def close(self) -> None:
        """Close their connections."""
        for client in self.all:
            client.close()

    def actions(self) -> Actions:
        """Each thing that the clients can ask for, by name."""
        make = self.watch.secrets.make
        secret = {"password": make("a password in a body", difficult=True)}
        return {
            "get": lambda: self.plain.get("a/b", query_params={"token": make("a query token")}),
            "head": lambda: self.plain.head("a", query_params={"token": make("a token to head")}),
            "stream": lambda: self.plain.post(
                "a", data=iter([f"token={make('a streamed token')}".encode()])
            ),
            "delete": lambda: self.plain.delete("a"),
            "post": lambda: self.plain.post("a", data=secret),
            "put": lambda: self.plain.put("a", data=secret, encoding="form"),
            "patch": lambda: self.plain.patch("a", data=f"token={make('a token in a text')}"),
            "by hand": lambda: self.plain.get(
                "a",
                headers={"Authorization": f"Bearer {make('a token by hand')}"},
                automatic_authorization=False,
            ),
            "configuration": self.auth.get_openid_configuration,
            "jwk": self.auth.get_jwk,
            "userinfo": self.auth.userinfo,
            "identities": lambda: self.auth.get_identities(usernames="ada@example.org"),
            "providers": lambda: self.auth.get_identity_providers(domains="example.org"),
            "consents": lambda: self.auth.get_consents(str(uuid.UUID(int=1))),
            **self._grants(),
        }

    def _grants(self) -> Actions:
        make = self.watch.secrets.make
        code, verifier = make("a code"), make("a verifier")
        token = make("a token to revoke", difficult=True)
        self.native.oauth2_start_flow(verifier=verifier)
        self.confidential.oauth2_start_flow("https://app.example.org/back", pkce=True)
        client = self.confidential
        for flow in (self.native, client):
            self.watch.show(flow.current_oauth2_flow_manager)
            if "@" not in flow.base_url:  # a person's browser needs what stands in there
                self.watch.text("authorize URL", flow.oauth2_get_authorize_url(prompt="login"))
        return {
            "native code": lambda: self.native.oauth2_exchange_code_for_tokens(code),
            "code": lambda: client.oauth2_exchange_code_for_tokens(make("a code", difficult=True)),
            "refresh": lambda: client.oauth2_refresh_token(make("a refresh token")),
            "native refresh": lambda: self.native.oauth2_refresh_token(make("a refresh token")),
            "credentials": client.oauth2_client_credentials_tokens,
            "dependent": lambda: client.oauth2_get_dependent_tokens(make("a received token")),
            "any grant": lambda: self.login.oauth2_token(
                {"grant_type": "other"}, body_params={"assertion": make("an assertion")}
            ),
            "revoke": lambda: client.oauth2_revoke_token(token),
            "native revoke": lambda: self.native.oauth2_revoke_token(token),
            "introspect": lambda: client.oauth2_token_introspect(token, include="session_info"),
            "validate": lambda: client.oauth2_validate_token(token),
            "new client": lambda: self.native.create_native_app_instance(CLIENT_ID, "an app"),
        }


def refused_in_every_style(watch: Watch) -> None:
    """Each request, refused by a server that says back all that it was told."""
    with echoing() as server:
        clients = Clients(watch, server.url)
        for client in clients.all:
            watch.show(client)
            watch.show(client.authorizer)
        for name, action in clients.actions().items():
            styles = list(STYLES) if name in SAMPLE else ["type zero", "text", "reason"]
            for number, style in enumerate(styles):
                watch.scenario = f"{name} refused, {style}"
                server.style = style
                server.status = (400, 401, 403, 404, 409, 429, 500, 502, 503)[number % 9]
                watch.failing(action)
        clients.close()


def refused_after_trying_again(watch: Watch) -> None:
    """What is logged between attempts, and a token that is renewed in between."""
    with echoing() as server:
        clients = Clients(watch, server.url, AGAIN)
        for name, action in clients.actions().items():
            watch.scenario = f"{name} tried again"
            server.style, server.status = "text", 503
            watch.failing(action)
        clients.close()


def answered_with_nonsense(watch: Watch) -> None:
    """Token requests whose answer is a success and of no use, with tokens in it."""
    token = watch.secrets.make("a token in an answer")
    entry = {"access_token": token, "refresh_token": token, "id_token": token, "scope": "s"}
    whole = {**entry, "resource_server": "r", "expires_in": 1, "token_type": "Bearer"}
    headers = {"Content-Type": "application/json"}
    bodies: list[t.Any] = [
        entry,
        [entry],
        [whole, token],
        {"error": "x", **entry},
        {**whole, "other_tokens": [entry]},
        {**whole, "other_tokens": token},
        {**whole, "expires_in": token},
        {**whole, "scope": [token]},
        {**whole, "token_type": token},
        {**whole, "access_token": f"{token}\n"},
        {**whole, "refresh_token": [token]},
        token,
        f'{{"access_token": "{token}"'.encode(),
        f"<html>{token}</html>".encode(),
        b"",
    ]
    with echoing() as server:
        clients = Clients(watch, server.url)
        grants = clients._grants()
        for name in ("native code", "code", "refresh", "credentials", "dependent", "any grant"):
            for number, body in enumerate(bodies):
                watch.scenario = f"{name} answered with nonsense {number}"
                server.fixed = Answer(200, body, headers)
                watch.show(watch.attempt(grants[name]), holds_tokens=True)
        server.fixed = Answer(200, [whole], headers)
        got: OAuthDependentTokenResponse = grants["dependent"]()
        watch.text("str of a token response", str(got))
        watch.text("str of tokens by scope", f"{got.by_scopes} {got.by_scopes!r}")
        watch.failing(got.by_scopes.__getitem__, "other")
        watch.failing(got.decode_id_token)
        server.fixed = Answer(200, whole, headers)  # with another scope than was asked for
        watch.show(grants["credentials"](), holds_tokens=True)
        clients.close()


def network_in_trouble(watch: Watch, kind: type[Clients] = Clients) -> None:
    """Each request, while the network fails in its ways."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        closed = f"127.0.0.1:{probe.getsockname()[1]}"
    with pytest.MonkeyPatch.context() as patch, echoing() as server, echoing() as other:
        password = watch.secrets.make("a password in a URL")
        patch.setenv("HTTPS_PROXY", f"http://proxy-user:{password}@{closed}")
        secret = watch.secrets.make("a secret in a redirect")
        _for_all(kind, watch, "refused", f"http://{closed}")
        _for_all(kind, watch, "bad proxy", "https://auth.example.org")
        _for_all(kind, watch, "TLS to a plain server", server.url.replace("http:", "https:"))
        _for_all(kind, watch, "password in URL", f"http://user:{password}@{closed}")
        _for_all(kind, watch, "plain http", f"http://user:{password}@auth.example.org")
        _for_all(kind, watch, "no such scheme", f"ftp://user:{password}@{closed}")
        _for_all(kind, watch, "bad URL", f"http://user:{password}@[bad")
        answers: dict[str, Behaviour] = {
            "reset": Reset(),
            "cut in the body": Reset(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{"),
            "redirected in circles": Answer(302, b"", {"Location": f"/x?code={secret}"}),
            "redirected elsewhere": Answer(302, b"", {"Location": f"{other.url}/?code={secret}"}),
            "redirected with its body": Answer(
                307, b"", {"Location": f"{other.url}/?code={secret}"}
            ),
            "redirected nowhere": Answer(302, b"", {"Location": f"http://[bad?code={secret}"}),
            "redirected to a refusal": Answer(
                302, b"", {"Location": f"http://u:{secret}@{closed}/?token={secret}"}
            ),
        }
        other.style = "text"
        for name, server.fixed in answers.items():
            _for_all(kind, watch, name, server.url)


def time_over(watch: Watch) -> None:
    """Requests that nobody answers, with each of the two deadlines."""
    with echoing() as server:
        server.fixed = Silence()
        _some(watch, "no answer", server.url, {"http_timeout": 0.03})


def _some(watch: Watch, name: str, url: str, transport: dict[str, t.Any]) -> None:
    clients = Clients(watch, url, transport_params=transport)
    actions = clients.actions()
    for action in SAMPLE[2:6]:
        watch.scenario = f"{action}, {name}"
        watch.failing(actions[action])
    clients.close()


def _for_all(kind: type[Clients], watch: Watch, name: str, url: str) -> None:
    clients = kind(watch, url)
    for client in clients.all:
        watch.show(client)
    actions = clients.actions()
    for action in clients.sample:
        watch.scenario = f"{action}, {name}"
        watch.attempt(actions[action])
    clients.close()


def misused(watch: Watch) -> None:
    """Secrets in the wrong place or of the wrong form."""
    make = watch.secrets.make
    with echoing() as server:
        server.fixed = Answer(200, {})
        clients = Clients(watch, server.url)
        for ending in ("\n", "\u20ac", "\0"):
            token = make("a token with a line break") + ending
            watch.failing(AccessTokenAuthorizer, token)
            client = BaseClient(base_url=server.url, authorizer=BasicAuthorizer("u", token))
            watch.attempt(client.get, "a")
            client.close()
            watch.attempt(clients.plain.get, "a", headers={"Authorization": f"Bearer {token}"})
            watch.attempt(clients.native.oauth2_refresh_token, token)
        watch.failing(clients.native.oauth2_start_flow, verifier=make("a verifier"), pkce=False)
        watch.failing(clients.native.oauth2_start_flow, verifier=make("a bad verifier") + "!")
        watch.failing(clients.auth.get, f"https://elsewhere.example.org/{make('a path')}"[:34])
        watch.failing(clients.auth.get, "https://elsewhere.example.org/")
        client = BaseClient(base_url=server.url, authorizer=NullAuthorizer())
        watch.show(client.authorizer)
        watch.text("a query", client.get("a", query_params={"access_token": make("a query token")}))
        watch.show(client.get("a", query_params={"access_token": make("a query token")}))
        with client.request("GET", "a", stream=True) as answer:
            watch.show(answer)
            assert list(answer.iter_bytes()) == [b"{}"]
        answer.close()
        body = iter([make("a piece of a body").encode(), make("a piece as text")])
        watch.failing(client.post, "a", data=body)
        watch.attempt(client.post, "a", data=body)  # nothing is left of it
        client.allow_credentials_to("https://data.example.org")
        watch.failing(client.allow_credentials_to, f"http://u:{make('a password')}@example.org/")
        watch.failing(client.request, "GET", "a", encoding="none", data={"token": make("a token")})
        watch.failing(client.post, "a", data={"token": make("a token"), "more": object()})
        client.close()
        clients.close()


def told_line_by_line(watch: Watch) -> None:
    """
    What the debug log says of requests with secrets in URL, headers and body, and of answers.

    It shows less than errors do, which show what is no secret by its name.
    """
    make = watch.secrets.make
    with echoing() as server:
        server.style = "headers"
        retry = RetryConfig(max_retries=1, backoff=lambda _: 0.0)
        client = BaseClient(
            base_url=server.url.replace("://", f"://user:{make('a password in a base URL')}@"),
            authorizer=AccessTokenAuthorizer(make("a token in a header")),
            retry_config=retry,
        )
        paths = [
            f"a?token={make('a token in a path')}&{make('a name in a query')}",
            f"a;session={make('a parameter in a path')}/b#{make('a fragment')}",
            f"a?token%3D{make('an encoded pair')}=1",
        ]
        queries = {"q": make("a value in a query", difficult=True), make("a name"): "x"}
        key = {"X-Api-Key": make("a key in a header")}
        bodies: list[t.Any] = [
            {"password": make("a password in JSON", difficult=True)},
            f"secret={make('a secret in a text')}",
        ]
        for server.status in (200, 400, 503):
            for path in (*paths, server.url + paths[0]):
                _logged(client.get, path, query_params=queries, headers=key)
            for data in bodies:
                _logged(client.post, "a", data=data, headers=key)
            _logged(client.post, "a", data=bodies[0], encoding="form", headers=key)
        client.close()


def _logged(call: Callable[..., t.Any], *args: t.Any, **options: t.Any) -> None:
    with contextlib.suppress(GlobusError):
        call(*args, **options)


SCENARIOS = (
    refused_in_every_style,
    told_line_by_line,
    refused_after_trying_again,
    answered_with_nonsense,
    network_in_trouble,
    time_over,
    misused,
)

__all__ = ["SCENARIOS", "EchoServer"]
