"""
Fixtures of all tests that send requests.
"""

from __future__ import annotations

import datetime
import ipaddress
import pathlib
import socket
import ssl
import typing as t

import pytest

from globus_core import BaseClient, waiting
from globus_core.plugins import PluginManager, set_plugin_manager
from tests.integration.transport.scripted import ScriptedServer, running

_VARIABLES = (
    "GLOBUS_CORE_PLAIN_TRANSPORT",
    "REQUESTS_CA_BUNDLE",
    "CURL_CA_BUNDLE",
    "GLOBUS_SDK_VERIFY_SSL",
    "GLOBUS_SDK_HTTP_TIMEOUT",
    "GLOBUS_SDK_ENVIRONMENT",
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "ALL_PROXY",
    "NO_PROXY",
)


class MakeClient(t.Protocol):
    """Makes a client that is closed after the test."""

    def __call__(
        self, base_url: str, *, cls: type[BaseClient] = ..., **options: t.Any
    ) -> BaseClient: ...


@pytest.fixture(autouse=True)
def quiet_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """
    No setting of this machine reaches a test.
    """
    for name in _VARIABLES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


@pytest.fixture(autouse=True, params=["fast", "plain", "aio"])
def transport_mode(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, quiet_environment: None
) -> t.Iterator[str]:
    """
    Each test runs three times: with the shortcuts of the transport, without them, and by aiohttp.
    """
    mode: str = request.param
    if mode == "plain":
        monkeypatch.setenv("GLOBUS_CORE_PLAIN_TRANSPORT", "1")
    if mode != "aio":
        yield mode
        return
    from tests.integration.transport.in_a_loop import sending_in_a_loop

    with sending_in_a_loop(monkeypatch):
        yield mode


@pytest.fixture(autouse=True)
def plugins() -> t.Iterator[PluginManager]:
    """
    A plugin manager that has no plugin but those that a test registers.
    """
    manager = PluginManager()
    before = set_plugin_manager(manager)
    yield manager
    set_plugin_manager(before)


@pytest.fixture
def server() -> t.Iterator[ScriptedServer]:
    """
    A server that a test tells what to answer.
    """
    with running() as scripted:
        yield scripted


@pytest.fixture
def other_server() -> t.Iterator[ScriptedServer]:
    """
    A second server, which is another origin.
    """
    with running() as scripted:
        yield scripted


@pytest.fixture
def make_client() -> t.Iterator[MakeClient]:
    """
    Makes clients, and closes them.
    """
    made: list[BaseClient] = []

    def make(base_url: str, *, cls: type[BaseClient] = BaseClient, **options: t.Any) -> BaseClient:
        client = cls(base_url=base_url, **options)
        made.append(client)
        return client

    yield make
    for client in made:
        client.transport.close()


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """
    The pauses between attempts, which are noted and not made.
    """
    noted: list[float] = []
    monkeypatch.setattr(waiting, "sleep", noted.append)
    return noted


@pytest.fixture
def closed_port() -> int:
    """
    A port at which nobody listens.
    """
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> pathlib.Path:
    """
    A certificate for 127.0.0.1 that signed itself, with its key, in one file.
    """
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "test.example.org")])
    now = datetime.datetime.now(datetime.timezone.utc)
    loopback = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([loopback]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    path = tmp_path_factory.mktemp("tls") / "certificate.pem"
    path.write_bytes(pem + made.public_bytes(serialization.Encoding.PEM))
    return path


@pytest.fixture
def secure_server(certificate: pathlib.Path) -> t.Iterator[ScriptedServer]:
    """
    A server that speaks TLS with the certificate that nobody knows.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with running(context) as scripted:
        yield scripted
