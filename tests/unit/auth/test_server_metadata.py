"""
What a server says of itself: believed only from that server, and over a way that nobody can change.
"""

from __future__ import annotations

import typing as t

import pytest

from globus_core import AuthClient, IDTokenDecoder, NativeAppAuthClient
from globus_core.config import EnvConfig
from globus_core.exc import GlobusError, ValidationError
from globus_core.transport import RetryConfig
from tests.unit.auth import fakes

HERE = "http://127.0.0.1:8999/"
ELSEWHERE = "https://evil.example"


def client_at(base_url: str, server: fakes.FakeAuth) -> NativeAppAuthClient:
    """
    A client of a server at any address.
    """
    client = NativeAppAuthClient(
        fakes.CLIENT_ID, base_url=base_url, retry_config=RetryConfig(max_retries=0)
    )
    return fakes.joined(client, server)


def serving(base_url: str = fakes.BASE_URL, **configuration: t.Any) -> NativeAppAuthClient:
    """
    A client of a server with this configuration.
    """
    server = fakes.FakeAuth()
    server.answer(fakes.KEYS_PATH, fakes.key_set(fakes.published(fakes.rsa_key(1), "one")))
    server.answer("/oidc" + fakes.KEYS_PATH, {})
    for path in (fakes.CONFIGURATION_PATH, "/oidc" + fakes.CONFIGURATION_PATH):
        server.answer(path, fakes.configuration(**configuration))
    return client_at(base_url, server)


def redirect(server: fakes.FakeAuth, path: str, target: str) -> None:
    """
    Redirect a path.
    """
    server.answer(path, "", status=302, Location=target)


@pytest.mark.parametrize(
    ("base_url", "issuer"),
    [
        ("https://auth.example.org/", "https://auth.example.org"),
        ("https://auth.example.org", "https://auth.example.org/"),
        ("https://Auth.Example.org:443/", "https://auth.example.org"),
        ("https://auth.example.org/oidc/", "https://auth.example.org/oidc"),
        (HERE, "http://127.0.0.1:8999"),
        ("http://localhost:8999", "http://127.0.0.1:8999"),
        ("http://[::1]:8999", "http://localhost:8999"),
    ],
)
def test_a_server_is_who_its_address_says(base_url: str, issuer: str) -> None:
    """OpenID Connect Discovery section 4.3; this machine has more than one name."""
    client = serving(base_url, issuer=issuer)
    assert client.key_store.setting("issuer") == issuer


@pytest.mark.parametrize(
    ("base_url", "issuer"),
    [
        (fakes.BASE_URL, "https://auth.globus.org"),
        (fakes.BASE_URL, "https://auth.example.org.evil.example"),
        (fakes.BASE_URL, "https://auth.example.org:8443"),
        (fakes.BASE_URL, "http://auth.example.org"),
        (fakes.BASE_URL, "https://auth.example.org/oidc"),
        (fakes.BASE_URL, "https://auth.example.org?"),
        (fakes.BASE_URL, "https://auth.example.org#x"),
        (fakes.BASE_URL, "https://auth.example.org@evil.example"),
        (fakes.BASE_URL, "https://evil@auth.example.org"),
        (fakes.BASE_URL, "https://auth.example.org\\@evil.example"),
        (fakes.BASE_URL, "auth.example.org"),
        (fakes.BASE_URL, "https://[::1"),
        (fakes.BASE_URL, "x" * 100_000),
        ("https://auth.example.org/oidc/", "https://auth.example.org"),
        ("https://auth.example.org/oidc/", "https://auth.example.org/OIDC"),
        (HERE, "http://127.0.0.1:9000"),
        (HERE, "https://auth.globus.org"),
        (HERE, "http://127.0.0.1.evil.example:8999"),
        (HERE, "http://127.evil.example:8999"),
    ],
)
def test_a_server_that_says_it_is_another_is_refused(base_url: str, issuer: str) -> None:
    """Else a callback of that other one, and its keys, would be taken for those of this one."""
    client = serving(base_url, issuer=issuer)
    with pytest.raises(ValidationError, match="its issuer must be its own address") as caught:
        _ = client.key_store.configuration
    assert len(str(caught.value)) < 500
    assert "check that the URL" in caught.value.explain()


@pytest.mark.parametrize("nonce", [None, "given"])
def test_a_server_that_says_it_is_another_gets_no_code(
    nonce: str | None, server: fakes.FakeAuth
) -> None:
    """Neither with the whole callback nor with a code that was typed."""
    server.answer(fakes.CONFIGURATION_PATH, fakes.configuration(issuer=ELSEWHERE))
    server.answer(fakes.TOKEN_PATH, fakes.token())
    for client in (fakes.native(server), fakes.confidential(server)):
        options: dict[str, t.Any] = {"requested_scopes": "openid", "state": None, "nonce": nonce}
        flow = client.oauth2_start_flow(redirect_uri="http://127.0.0.1:7777", **options)
        for iss in ({}, {"iss": ELSEWHERE}, {"iss": fakes.ISSUER}):
            with pytest.raises(GlobusError):
                flow.exchange_callback({"code": "a-code", "state": flow.state, **iss})
        with pytest.raises(ValidationError):
            flow.exchange_code_for_tokens("a-code")
    assert {sent.path for sent in server.sent} == {fakes.CONFIGURATION_PATH}
    assert {sent.authorization for sent in server.sent} == {None}


@pytest.mark.parametrize(
    "target",
    [
        f"{ELSEWHERE}/configuration",
        "https://auth.example.org:8443/configuration",
        "http://auth.example.org/configuration",
        "http://127.0.0.1:1/configuration",
    ],
)
def test_a_configuration_of_another_server_is_refused(server: fakes.FakeAuth, target: str) -> None:
    """Whatever stands in it."""
    redirect(server, fakes.CONFIGURATION_PATH, target)
    server.answer("/configuration", fakes.configuration())
    client = fakes.native(server)
    with pytest.raises(ValidationError, match="was redirected to"):
        client.get_jwk()
    with pytest.raises(ValidationError, match="was redirected to"):
        IDTokenDecoder(client).decode(fakes.id_token())
    assert server.count(fakes.KEYS_PATH) == 0


def test_a_way_back_does_not_make_a_redirect_good(server: fakes.FakeAuth) -> None:
    """Whoever stood in the middle chose where it led."""
    redirect(server, fakes.CONFIGURATION_PATH, "http://auth.example.org/middle")
    redirect(server, "/middle", f"{fakes.ISSUER}/configuration")
    server.answer("/configuration", fakes.configuration())
    with pytest.raises(ValidationError, match=r"was redirected to http://auth\.example"):
        fakes.native(server).get_jwk()


def test_a_server_may_redirect_within_itself(server: fakes.FakeAuth) -> None:
    """Its configuration and its keys."""
    redirect(server, fakes.CONFIGURATION_PATH, "/configuration")
    server.answer("/configuration", fakes.configuration(jwks_uri=f"{fakes.ISSUER}/moved"))
    redirect(server, "/moved", fakes.KEYS_PATH)
    assert IDTokenDecoder(fakes.native(server)).decode(fakes.id_token())


@pytest.mark.parametrize(
    "jwks_uri",
    [
        "http://auth.example.org/jwk.json",
        "http://evil.example/jwk.json",
        "http://127.0.0.1:8999/jwk.json",
        "HTTP://auth.example.org/jwk.json",
        "ftp://auth.example.org/jwk.json",
        "file:///jwk.json",
        "/jwk.json",
        "jwk.json",
        "//auth.example.org/jwk.json",
        "http://127.0.0.1@evil.example/jwk.json",
    ],
)
def test_keys_that_anybody_could_change_are_not_fetched(
    server: fakes.FakeAuth, jwks_uri: str
) -> None:
    """Nor are those of whoever listens on this machine for a server that is not here."""
    server.answer(fakes.CONFIGURATION_PATH, fakes.configuration(jwks_uri=jwks_uri))
    client = fakes.native(server)
    with pytest.raises(ValidationError, match="must come over https"):
        IDTokenDecoder(client).decode(fakes.id_token())
    for as_pem in (True, False):
        with pytest.raises(ValidationError, match="must come over https"):
            client.get_jwk(as_pem=as_pem)
    server.answer(fakes.TOKEN_PATH, fakes.token())
    flow = client.oauth2_start_flow("openid", state=None, nonce=None)
    with pytest.raises(ValidationError, match="must come over https"):
        flow.exchange_code_for_tokens("a-code")
    assert {sent.path for sent in server.sent} == {fakes.CONFIGURATION_PATH}


@pytest.mark.parametrize("way", [["http://auth.example.org/2"], ["http://evil.example/1", "/2"]])
def test_keys_that_came_over_plain_http_are_not_believed(
    server: fakes.FakeAuth, way: list[str]
) -> None:
    """Not even for a part of the way."""
    keys = fakes.key_set(fakes.published(fakes.rsa_key(1), "one"))
    server.answer("/2", keys)
    redirect(server, fakes.KEYS_PATH, way[0])
    redirect(server, "/1", f"{fakes.ISSUER}/2")
    with pytest.raises(ValidationError, match="must come over https"):
        IDTokenDecoder(fakes.native(server)).decode(fakes.id_token())


def test_keys_may_be_elsewhere_over_https(server: fakes.FakeAuth) -> None:
    """The server itself says where."""
    server.answer(
        fakes.CONFIGURATION_PATH, fakes.configuration(jwks_uri=f"{ELSEWHERE}{fakes.KEYS_PATH}")
    )
    assert IDTokenDecoder(fakes.native(server)).decode(fakes.id_token())


def test_a_server_on_this_machine_needs_no_https() -> None:
    """Nor do its keys."""
    issuer = HERE.rstrip("/")
    client = serving(HERE, issuer=issuer, jwks_uri=f"{issuer}{fakes.KEYS_PATH}")
    assert IDTokenDecoder(client).decode(fakes.id_token(iss=issuer))


def test_a_server_elsewhere_needs_https() -> None:
    """Its configuration could be anybody's."""
    client = serving("http://auth.example.org/", issuer="http://auth.example.org")
    with pytest.raises(ValidationError, match="must come over https"):
        _ = client.key_store.configuration


def test_a_response_is_checked_wherever_it_is_used(server: fakes.FakeAuth) -> None:
    """Programs fetch the configuration themselves and pass it on."""
    server.answer(fakes.CONFIGURATION_PATH, fakes.configuration(issuer=ELSEWHERE))
    server.answer(fakes.TOKEN_PATH, fakes.token(id_token=fakes.id_token(iss=ELSEWHERE)))
    client = fakes.native(server)
    fetched = client.get_openid_configuration()
    tokens = client.oauth2_token({"grant_type": "x"})
    for use in (
        lambda: tokens.decode_id_token(fetched),
        lambda: tokens.decode_id_token(fetched, fakes.rsa_key(1).public_key()),
        lambda: IDTokenDecoder(client).store_openid_configuration(fetched),
        lambda: IDTokenDecoder(client, openid_configuration=fetched),
        lambda: client.get_jwk(fetched),
    ):
        with pytest.raises(ValidationError, match="issuer"):
            use()


def test_a_program_may_bring_a_configuration_of_its_own(server: fakes.FakeAuth) -> None:
    """It knows why the server has another name, behind a proxy for example."""
    brought = fakes.configuration(issuer=ELSEWHERE)
    client = fakes.native(server)
    client.key_store.set_configuration(brought)
    assert IDTokenDecoder(client).decode(fakes.id_token(iss=ELSEWHERE))
    flow = client.oauth2_start_flow("openid", state=None, nonce=None)
    server.answer(
        fakes.TOKEN_PATH,
        fakes.token(id_token=fakes.id_token(iss=ELSEWHERE, nonce=str(flow.nonce))),
    )
    assert flow.exchange_callback({"code": "c", "state": flow.state, "iss": ELSEWHERE})


def test_an_environment_s_server_may_have_further_names(
    server: fakes.FakeAuth, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Those that the environment declares, and for its own server only."""
    monkeypatch.setattr(EnvConfig, "_registry", dict(EnvConfig._registry))

    class Campus(EnvConfig):
        envname = "campus"
        domain = "example.org"
        server_aliases = ("https://login.example.edu",)

    for base_url, issuer, accepted in (
        ("https://login.example.edu/", "https://auth.example.org", True),
        ("https://auth.example.org/", "https://login.example.edu", True),
        ("https://auth.example.org/", "https://login.example.edu.evil.example", False),
        ("https://elsewhere.example.org/", "https://login.example.edu", False),
    ):
        server.answer(fakes.CONFIGURATION_PATH, fakes.configuration(issuer=issuer))
        client = AuthClient(environment=Campus.envname, base_url=base_url)
        store = fakes.joined(client, server).key_store
        if accepted:
            assert store.setting("issuer") == issuer
        else:
            with pytest.raises(ValidationError, match="issuer"):
                store.setting("issuer")


def test_a_refused_configuration_is_not_kept(server: fakes.FakeAuth) -> None:
    """The next login asks again."""
    server.answer(fakes.CONFIGURATION_PATH, fakes.configuration(issuer=ELSEWHERE))
    client = fakes.native(server)
    with pytest.raises(ValidationError):
        client.get_jwk()
    server.answer(fakes.CONFIGURATION_PATH, fakes.configuration())
    assert client.get_jwk()


def test_a_response_says_which_way_it_came(server: fakes.FakeAuth) -> None:
    """The first URL was asked for, the last one answered."""
    redirect(server, fakes.CONFIGURATION_PATH, "/configuration")
    server.answer("/configuration", {})
    client = fakes.joined(AuthClient(base_url=fakes.BASE_URL), server)
    assert client.get_openid_configuration().urls == (
        f"{fakes.ISSUER}{fakes.CONFIGURATION_PATH}",
        f"{fakes.ISSUER}/configuration",
    )
