"""
What callers who may not are told, by real servers in front of each adapter, with Globus Auth being
the sandbox.
"""

from __future__ import annotations

import contextlib
import typing as t

import pytest

from globus_core import ConfidentialAppAuthClient, TokenChecker
from globus_core.gare import to_gare
from globus_core.testing import Sandbox
from globus_core_auth.sandbox.seeds import ScopeSeed, Seeds
from tests.integration.resource_server import http_services
from tests.integration.resource_server.http_services import RECENT, Answer, request
from tests.sandbox.plain_client import TRANSFER, PlainClient

if t.TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.integration.resource_server.http_services import Address, Running

TTL = 60
PORTAL, ADMIN = (
    f"https://auth.globus.org/scopes/{client}/{name}"
    for client in [Seeds().scopes[0].client]
    for name in ("portal", "admin")
)
SEEDS = Seeds(
    scopes=(
        *Seeds().scopes,
        ScopeSeed(
            id="7d0c61f4-2b9e-4a83-95d7-e1f8a3c05b62",
            scope_string=ADMIN,
            client=Seeds().scopes[0].client,
            name="Administrate the portal",
        ),
    )
)
MALFORMED = (
    b"Bearer",
    b"Bearer ",
    b"Bearer =",
    b"Bearer a b",
    b"Bearer a, Bearer b",
    b'Bearer "a"',
    b"Bearer k\xc3\xa4se",
    b"Bearer a\xff",
    b"Bearer a\tb",
    b"Bearer a;b",
    b"Bearer " + b"a" * 9000,
)
SMUGGLED = (
    b"Bearer a\x00b",
    b"Bearer a\x1bb",
    b"Bearer a\rSet-Cookie: b=c",
    b"Bearer a\nSet-Cookie: b=c",
    b"Bearer a\r\n\tb",
    b"Bearer a\r\nSet-Cookie: b=c",
    b"Bearer " + b"a" * 1_000_000,
)


class Desk:
    """
    A running service, its Globus Auth, and somebody with a token.
    """

    def __init__(self, sandbox: Sandbox, address: Address) -> None:
        self.sandbox = sandbox
        self.plain = PlainClient(sandbox)
        self._address = address

    def token(self, scope: str = PORTAL, **login: str) -> str:
        """
        A token of a new login.
        """
        return str(self.plain.log_in(scope=scope, **login)["access_token"])

    def call(self, token: str, path: str = "/") -> Answer:
        """
        The answer to a request with a token.
        """
        return self.send(f"Authorization: Bearer {token}".encode(), path=path)

    def send(self, *lines: bytes, path: str = "/") -> Answer:
        """
        The answer to a request with these lines among its headers.
        """
        return request(self._address, *lines, path=path)

    def lets_in(self, token: str, path: str = "/") -> bool:
        """
        Whether it answers with the name of the caller.
        """
        answer = self.call(token, path)
        return answer.status == 200 and b"ada@example.org" in answer.body


@contextlib.contextmanager
def running(start: Callable[[TokenChecker], Running]) -> Iterator[Desk]:
    """
    The service behind an adapter.
    """
    with (
        Sandbox(seeds=SEEDS) as sandbox,
        ConfidentialAppAuthClient(
            sandbox.confidential_client_id, sandbox.confidential_client_secret, base_url=sandbox.url
        ) as auth,
    ):
        checker = TokenChecker(auth, scopes=PORTAL, ttl=TTL, timeout=5, clock=sandbox.now)
        with start(checker) as address:
            desk = Desk(sandbox, address)
            with desk.plain.session:
                yield desk


@pytest.fixture(
    params=[
        "wsgi",
        "flask",
        *(pytest.param(name, marks=pytest.mark.full) for name in ("asgi", "fastapi", "mcp")),
    ]
)
def desk(request: pytest.FixtureRequest) -> Iterator[Desk]:
    """
    The service behind each adapter.
    """
    name = request.param
    if name not in ("wsgi", "flask"):
        pytest.importorskip("uvicorn", reason="the full tests install it")
        pytest.importorskip(name if name != "asgi" else "uvicorn", reason="the same")
    with running(getattr(http_services, name)) as made:
        yield made


def check_refused(answer: Answer, error: str | None = "invalid_token", status: int = 401) -> None:
    """
    Check that a response is a whole refusal: status, challenge and body.
    """
    assert answer.status == status
    challenge = answer.headers["www-authenticate"]
    assert challenge.startswith('Bearer realm="Globus"')
    assert challenge.isprintable()
    if error is None:
        assert "error=" not in challenge
    else:
        assert f'error="{error}"' in challenge
    if status == 401 or error == "insufficient_scope":
        assert f'scope="{PORTAL}"' in challenge
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["cache-control"] == "no-store"
    assert int(answer.headers["content-length"]) == len(answer.body)
    assert answer.document["code"]
    assert answer.document["message"]


def test_a_request_without_a_token_is_asked_for_one(desk: Desk) -> None:
    """And for no error, since there was none (RFC 6750 section 3.1)."""
    check_refused(desk.send(), error=None)
    check_refused(desk.send(b"Authorization: Basic YTpi"), error=None)


def test_a_malformed_header_is_refused_unasked(desk: Desk) -> None:
    """Globus Auth never hears of it."""
    for value in MALFORMED:
        check_refused(desk.send(b"Authorization: " + value))

    assert desk.sandbox.count() == 0


def test_no_header_is_smuggled_through(desk: Desk) -> None:
    """Some of it the servers themselves refuse; nothing of it is in a response, and they go on."""
    token = desk.token()

    for value in SMUGGLED:
        answer = desk.send(b"Authorization: " + value)
        assert answer.status in (400, 401, 431), value[:40]
        assert "set-cookie" not in answer.headers
        assert b"b=c" not in answer.body
    assert desk.lets_in(token)


def test_two_headers_are_no_token(desk: Desk) -> None:
    """Even if one of them, or both, are good: a proxy may have looked at the other one."""
    good = f"Authorization: Bearer {desk.token()}".encode()

    for lines in ([good, good], [good, b"Authorization: Bearer a"], [good, b"Authorization: "]):
        check_refused(desk.send(*lines))
    check_refused(desk.send(b"Authorization: Basic YTpi", good), error=None)


def test_the_name_of_the_scheme_is_written_in_any_case(desk: Desk) -> None:
    """RFC 7235 section 2.1."""
    token = desk.token().encode()

    for line in (b"authorization: bearer " + token, b"AUTHORIZATION: BEARER  " + token):
        assert desk.send(line).status == 200


def test_tokens_that_are_not_valid_here_are_refused(desk: Desk) -> None:
    """Forged, cut, for another service, of another environment, or made to renew others."""
    token = desk.token()
    with Sandbox() as another:
        foreign = PlainClient(another).log_in(scope=PORTAL)["access_token"]
    renews = desk.plain.log_in(scope=PORTAL, access_type="offline")["refresh_token"]

    others = {
        "forged": token[:-1] + ("a" if token[-1] != "a" else "b"),
        "cut": token[:40],
        "for another service": desk.token(TRANSFER),
        "of another environment": foreign,
        "a refresh token": renews,
    }
    for name, other in others.items():
        assert other, name
        check_refused(desk.call(other))
    assert desk.lets_in(token)


def test_a_token_without_the_scope_is_told_which_one(desk: Desk) -> None:
    """Of this service or not; 403, with the consent that a client can ask for."""
    own = desk.plain.grant("client_credentials", scope=TRANSFER).json()["access_token"]
    for token in (desk.token(ADMIN), own):
        answer = desk.call(token)

        check_refused(answer, "insufficient_scope", 403)
        gare = to_gare(answer.document)
        assert gare is not None
        assert gare.code == "ConsentRequired"
        assert gare.authorization_parameters.required_scopes == [PORTAL]


def test_an_old_session_is_told_which_login_would_do(desk: Desk) -> None:
    """403, where it is required; elsewhere the token is still good."""
    token = desk.token()
    assert desk.lets_in(token, "/recent")
    desk.sandbox.advance_clock(RECENT + 1)

    answer = desk.call(token, "/recent")

    check_refused(answer, "insufficient_user_authentication", 403)
    gare = to_gare(answer.document)
    assert gare is not None
    assert gare.authorization_parameters.prompt == "login"
    assert desk.lets_in(token)


def test_an_expired_token_is_refused_at_once(desk: Desk) -> None:
    """Although the answer about it would have counted for longer."""
    token = desk.token()
    desk.sandbox.advance_clock(desk.sandbox.access_token_lifetime - 3600)
    assert desk.lets_in(token)

    desk.sandbox.advance_clock(3601)

    check_refused(desk.call(token))


def test_a_revoked_token_is_refused_within_the_ttl(desk: Desk) -> None:
    """Of two that were good until then, only that one."""
    revoked, stays = desk.token(), desk.token(login_hint="ada@example.org")
    assert desk.lets_in(revoked)
    assert desk.lets_in(stays)
    native = desk.sandbox.native_client_id
    assert desk.plain.post("v2/oauth2/token/revoke", token=revoked, client_id=native).ok

    desk.sandbox.advance_clock(TTL)

    check_refused(desk.call(revoked))
    assert desk.lets_in(stays)


def test_an_outage_of_auth_is_no_refusal(desk: Desk) -> None:
    """Known callers go on; others are told to come back."""
    known, new = desk.token(), desk.token()
    assert desk.lets_in(known)
    desk.sandbox.fail(kind="502-page", times=None)
    desk.sandbox.advance_clock(TTL)

    assert desk.lets_in(known)
    answer = desk.call(new)

    assert (answer.status, answer.headers["retry-after"]) == (503, "5")
    assert answer.document["code"] == "ServiceUnavailable"
    assert "www-authenticate" not in answer.headers
    desk.sandbox.clear_faults()
    desk.sandbox.advance_clock(5)
    assert desk.lets_in(new)


@pytest.mark.full
def test_a_verifier_alone_refuses_in_the_way_of_its_package() -> None:
    """401 for every refusal, and never in; without the documents of Globus."""
    pytest.importorskip("mcp", reason="the full tests install it")
    with running(http_services.mcp_alone) as desk:
        token = desk.token()
        assert desk.lets_in(token)
        for answer in (desk.send(), desk.call("unknown"), desk.call(desk.token(ADMIN))):
            assert answer.status == 401
            assert 'error="invalid_token"' in answer.headers["www-authenticate"]
        desk.sandbox.fail(kind="502-page", times=None)
        desk.sandbox.advance_clock(TTL)
        assert desk.lets_in(token)
        assert desk.call("another").status == 500
