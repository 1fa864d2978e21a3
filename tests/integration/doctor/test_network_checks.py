"""
What the doctor says of the network: a proxy on loopback stands for one that inspects TLS, one that
wants a password, one that does not answer, and a page of a hotel.
"""

from __future__ import annotations

import pathlib
import socket
import sys
import typing as t

import pytest

from globus_core_doctor.checks import certificates
from globus_core_doctor.checks.connection import check_network
from tests.integration.doctor.inspecting_proxy import AUTHORITY, Authority, InspectingProxy
from tests.integration.transport.fixtures import certificate, closed_port, secure_server
from tests.integration.transport.scripted import Answer, ScriptedServer
from tests.unit.doctor.reports import findings, problems, states, texts

if t.TYPE_CHECKING:
    from collections.abc import Iterator

    from globus_core_doctor.report import Finding

__all__ = ["certificate", "closed_port", "secure_server"]

INSPECTS = "this network inspects TLS"
KEEP_ON = "do not turn verification off"
PASSWORD = "pass-word-of-proxy"
_VARIABLES = (
    *("HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY", "NO_PROXY"),
    *("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE", "SSL_CERT_DIR"),
)


@pytest.fixture(autouse=True)
def _own_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hide the proxies and authorities of the person who runs the tests."""
    for name in _VARIABLES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """An authority that nobody knows."""
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture
def proxy(authority: Authority, monkeypatch: pytest.MonkeyPatch) -> Iterator[InspectingProxy]:
    """A proxy in force that inspects TLS."""
    with InspectingProxy().running() as started:
        started.tls = authority.issue()
        monkeypatch.setenv("HTTPS_PROXY", started.url)
        yield started


def look() -> list[Finding]:
    """What the check finds."""
    return findings(check_network)


def test_a_network_that_inspects_tls_is_told_as_that(proxy: InspectingProxy) -> None:
    """With the authority's name, what to get, and the advice to keep verification on."""
    found = look()
    (problem,) = problems(found)

    assert INSPECTS in problem
    assert AUTHORITY in problem
    assert "REQUESTS_CA_BUNDLE" in problem
    assert KEEP_ON in problem
    assert f"through the proxy {proxy.url}" in texts(found)


def test_nothing_is_sent_over_a_connection_that_is_not_trusted(proxy: InspectingProxy) -> None:
    """The certificate is looked at, and no request follows."""
    look()

    assert {head.partition(b" ")[0] for head in proxy.heads} == {b"CONNECT"}


def test_an_authority_that_is_named_makes_the_network_work(
    proxy: InspectingProxy, authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    """That the network inspects TLS is then a note, and the clock can be compared."""
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(authority.file))
    found = look()

    assert problems(found) == []
    (note,) = (each.text for each in found if each.state == "note")
    assert INSPECTS in note
    assert AUTHORITY in note
    assert str(authority.file) in note
    assert "https://auth.globus.org answers" in texts(found)
    assert "the clock differs" in texts(found)


def test_what_the_system_trusts_already_is_only_to_be_named(
    proxy: InspectingProxy, authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where administrators have installed the authority, requests has its own list all the same."""
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.file))
    (problem,) = problems(look())

    assert INSPECTS in problem
    assert f"set REQUESTS_CA_BUNDLE={authority.file}" in problem


@pytest.mark.parametrize(("days", "word"), [(30, "to"), (-30, "from")])
def test_a_certificate_that_is_not_valid_today_points_to_the_clock(
    proxy: InspectingProxy,
    authority: Authority,
    monkeypatch: pytest.MonkeyPatch,
    days: int,
    word: str,
) -> None:
    """It names both times; either may be wrong."""
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(authority.file))
    proxy.tls = authority.issue(days_ago=days)
    (problem,) = problems(look())

    assert "and here it is" in problem
    assert word in problem
    assert "set the clock" in problem


def test_a_certificate_for_another_host_is_told(
    proxy: InspectingProxy, authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As of a network that wants a person to log in first."""
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(authority.file))
    proxy.tls = authority.issue("portal.example.org")
    (problem,) = problems(look())

    assert "for another host" in problem
    assert KEEP_ON in problem


@pytest.mark.skipif(sys.version_info < (3, 13), reason="earlier releases are not strict")
def test_an_authority_that_breaks_a_rule_is_told_from_one_that_is_not_trusted(
    proxy: InspectingProxy, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Python keeps more rules from 3.13 on; the rule is named."""
    lax = Authority(tmp_path, strict=False)
    proxy.tls = lax.issue()
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(lax.file))
    (problem,) = problems(look())

    assert "which is trusted, but its certificates break a rule" in problem
    assert "Missing Authority Key Identifier" in problem


def test_verification_that_is_off_is_a_problem(
    proxy: InspectingProxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where everything works, or seems to."""
    monkeypatch.setenv("GLOBUS_SDK_VERIFY_SSL", "false")
    with pytest.warns(Warning, match="Unverified HTTPS request"):
        (problem,) = problems(look())

    assert "certificates are not verified" in problem
    assert "unset GLOBUS_SDK_VERIFY_SSL" in problem


@pytest.mark.parametrize("seconds", [3600, -3600])
def test_a_wrong_clock_is_told_in_seconds(
    proxy: InspectingProxy, authority: Authority, monkeypatch: pytest.MonkeyPatch, seconds: int
) -> None:
    """Which of the two is ahead, and how to set it."""
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(authority.file))
    proxy.seconds_behind = seconds
    (problem,) = problems(look())

    assert ("ahead of" if seconds > 0 else "behind") in problem
    assert any(f" {number} s " in problem for number in range(3595, 3606))
    assert "timedatectl" in problem


@pytest.mark.parametrize(
    ("kind", "body"),
    [("text/html", b"<h1>Welcome to the Grand Hotel</h1>"), ("application/json", b"[]")],
)
def test_a_page_in_place_of_globus_auth_is_told(
    proxy: InspectingProxy,
    authority: Authority,
    monkeypatch: pytest.MonkeyPatch,
    kind: str,
    body: bytes,
) -> None:
    """It is no answer of Globus Auth, whatever its status."""
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(authority.file))
    proxy.kind, proxy.body = kind, body
    (problem,) = problems(look())

    assert "something else answers in place of https://auth.globus.org" in problem
    assert kind in problem


def test_a_proxy_that_wants_a_password_is_told(
    proxy: InspectingProxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The password that it refuses is not shown."""
    proxy.status = "407 Proxy Authentication Required"
    monkeypatch.setenv("HTTPS_PROXY", f"http://ada:{PASSWORD}@127.0.0.1:{proxy.port}")
    found = look()

    assert "wants a user and a password" in problems(found)[0]
    assert PASSWORD not in texts(found)
    assert b"Proxy-Authorization: Basic" in proxy.heads[0]


def test_the_certificate_is_looked_at_through_a_proxy_with_a_password(
    proxy: InspectingProxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The proxy gets the password each time, and the report never."""
    monkeypatch.setenv("HTTPS_PROXY", f"http://ada:{PASSWORD}@127.0.0.1:{proxy.port}")
    found = look()

    assert INSPECTS in problems(found)[0]
    assert PASSWORD not in texts(found)
    assert all(b"Proxy-Authorization: Basic" in head for head in proxy.heads)


def test_a_proxy_that_is_not_there_is_told(
    closed_port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the variables that name proxies."""
    monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{closed_port}")
    (problem,) = problems(look())

    assert "the proxy" in problem
    assert "HTTPS_PROXY" in problem


def test_a_proxy_that_never_answers_is_told(
    proxy: InspectingProxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The request has a time limit of its own, which is shorter than the deadline of a check."""
    monkeypatch.setattr("globus_core_doctor.checks.connection._TIMEOUT", 0.2)
    proxy.silent = True

    assert len(problems(look())) == 1


def test_a_server_on_this_machine_is_not_said_to_be_inspected(
    secure_server: ScriptedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """There is no network in between; its authority is to be named all the same."""
    url = secure_server.url.replace("http:", "https:")
    monkeypatch.setenv("GLOBUS_SDK_SERVICE_URL_AUTH", url)
    (problem,) = problems(look())

    assert INSPECTS not in problem
    assert "issued by 'test.example.org', which is not trusted here" in problem
    assert KEEP_ON in problem


def test_a_server_whose_authority_is_named_is_trusted(
    secure_server: ScriptedServer, certificate: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As that of the sandbox is."""
    secure_server.answer(Answer(body=b'{"issuer": "https://auth.globus.org"}'))
    monkeypatch.setenv("GLOBUS_SDK_VERIFY_SSL", str(certificate))
    monkeypatch.setenv("GLOBUS_SDK_SERVICE_URL_AUTH", secure_server.url.replace("http:", "https:"))
    found = look()

    assert problems(found) == []
    assert f"which {certificate} makes trusted" in texts(found)


def test_a_proxy_for_plain_http_is_told_not_to_count(
    monkeypatch: pytest.MonkeyPatch, closed_port: int
) -> None:
    """Many set only one of the two variables."""
    monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{closed_port}")
    monkeypatch.setattr(socket, "getaddrinfo", _unknown)
    notes = [each for each in look() if each.state == "note"]

    assert "HTTPS_PROXY" in str(notes[0].advice)


def _unknown(*_: object, **__: object) -> t.NoReturn:
    raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")


def test_a_name_that_cannot_be_found_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a name server there is no network, or none that is set up."""
    monkeypatch.setattr(socket, "getaddrinfo", _unknown)
    (problem,) = problems(look())

    assert "the name of auth.globus.org cannot be resolved" in problem


def test_offline_nothing_is_looked_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not even a name."""
    monkeypatch.setattr(socket, "getaddrinfo", None)

    assert states(findings(check_network, offline=True)) == {"skipped"}


def test_what_is_read_of_a_certificate_cannot_be_anything() -> None:
    """An authority's name with escape sequences is shown escaped, and something else as nothing."""
    target = certificates.Target("https://auth.globus.org/", "socks5://127.0.0.1:1", True)

    assert certificates._shown(target) is None
