"""Further addresses, reached by TLS, with a certificate made at the start."""

from __future__ import annotations

import datetime
import ipaddress
import json
import os
import pathlib
import ssl
import tempfile
import threading
import typing as t
from urllib.parse import urlsplit

from flask import Flask, Response
from werkzeug.exceptions import HTTPException

from globus_core.testing.sandbox import ApiError, Route

from .middleware import Middleware
from .server import HttpServer, StreamingHandler

if t.TYPE_CHECKING:
    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric import ec

    from ..world import World

_DAYS = 30
_NAME = "localhost"


class SecureAddresses:
    """
    Opens addresses of services, each with a port of its own on loopback.

    The certificates are of an authority made at the first address; nobody else trusts it.

    :param world: the data shared by the services
    """

    def __init__(self, world: World) -> None:
        self._world = world
        #: where the certificate to trust is written; None writes it beside the others
        self.place: str | None = None
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._servers: list[HttpServer] = []
        self._lock = threading.Lock()

    @property
    def authority_file(self) -> str | None:
        """The file with the certificate to trust; None before the first address."""
        if self._folder is None:
            return None
        return self.place or os.path.join(self._folder.name, "ca.pem")

    def open(
        self, routes: t.Iterable[Route], errors: t.Callable[[ApiError], dict[str, t.Any]]
    ) -> str:
        """
        Listen on a new port, and return the URL, which ends with a slash.

        :param routes: what is answered there
        :param errors: makes the body of an error
        """
        with self._lock:
            if self._folder is None:
                self._folder = tempfile.TemporaryDirectory(
                    prefix="globus-core-sandbox-tls-", ignore_cleanup_errors=True
                )
                write_certificates(pathlib.Path(self._folder.name))
                if self.place is not None:
                    _publish(pathlib.Path(self._folder.name, "ca.pem"), pathlib.Path(self.place))
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(os.path.join(self._folder.name, "server.pem"))
            server = HttpServer("127.0.0.1", 0, self._world.clock.now, StreamingHandler, context)
            app = _application(routes, errors)
            server.set_app(Middleware(app, self._world))
            server.start()
            self._servers.append(server)
        return f"https://{_NAME}:{server.server_port}/"

    def close_one(self, url: str) -> None:
        """
        Close an address.

        :param url: the URL, with or without the slash at its end
        """
        port = urlsplit(url).port
        with self._lock:
            found = [server for server in self._servers if server.server_port == port]
            self._servers = [server for server in self._servers if server not in found]
        for server in found:
            server.stop()

    def close(self) -> None:
        """Close all addresses and forget the authority."""
        with self._lock:
            servers, self._servers = self._servers, []
            folder, self._folder = self._folder, None
        for server in servers:
            server.stop()
        if folder is not None:
            folder.cleanup()


def _application(
    routes: t.Iterable[Route], errors: t.Callable[[ApiError], dict[str, t.Any]]
) -> Flask:
    app = Flask("globus_core_sandbox_secure")
    app.url_map.strict_slashes = False
    app.url_map.merge_slashes = False
    for number, route in enumerate(routes):
        app.add_url_rule(
            route.path,
            f"view{number}",
            route.view,
            methods=[route.method],
            provide_automatic_options=False,
        )

    def refuse(error: ApiError) -> Response:
        body = json.dumps(errors(error))
        response = Response(body, error.status, mimetype="application/json")
        if error.status == 401:
            response.headers["WWW-Authenticate"] = 'Bearer realm="globus-core sandbox"'
        return response

    def fail(error: HTTPException) -> Response:
        status = error.code or 500
        if status in (404, 405):
            return refuse(ApiError(501, "the sandbox does not have this operation"))
        return refuse(ApiError(status, error.description or error.name))

    app.register_error_handler(ApiError, refuse)
    app.register_error_handler(HTTPException, fail)
    return app


def write_certificates(folder: pathlib.Path) -> None:
    """
    Make an authority, and a certificate of it for this machine.

    :param folder: gets ``ca.pem``, and ``server.pem`` with the certificate and its key
    """
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    authority_key = ec.generate_private_key(ec.SECP256R1())
    key = ec.generate_private_key(ec.SECP256R1())
    authority = _certificate("Sandbox CA (for development only)", authority_key, None, None)
    certificate = _certificate(_NAME, key, authority, authority_key)
    pem = serialization.Encoding.PEM
    (folder / "ca.pem").write_bytes(authority.public_bytes(pem))
    private = key.private_bytes(
        pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    descriptor = os.open(folder / "server.pem", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with open(descriptor, "wb") as file:
        file.write(certificate.public_bytes(pem) + private)


def _publish(certificate: pathlib.Path, place: pathlib.Path) -> None:
    """Copy the certificate to trust to a place that other programs may be reading."""
    place.parent.mkdir(parents=True, exist_ok=True)
    beside = place.with_name(f"{place.name}.{os.getpid()}")
    beside.write_bytes(certificate.read_bytes())
    beside.replace(place)


def _certificate(
    name: str,
    key: ec.EllipticCurvePrivateKey,
    issuer: x509.Certificate | None,
    issuer_key: ec.EllipticCurvePrivateKey | None,
) -> x509.Certificate:
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes
    from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    signer = issuer_key or key
    now = datetime.datetime.now(datetime.timezone.utc)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject if issuer is None else issuer.subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=_DAYS))
        .add_extension(x509.BasicConstraints(issuer is None, None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), False
        )
    )
    if issuer is None:
        usage = x509.KeyUsage(
            digital_signature=False,
            content_commitment=False,
            key_encipherment=False,
            data_encipherment=False,
            key_agreement=False,
            key_cert_sign=True,
            crl_sign=True,
            encipher_only=False,
            decipher_only=False,
        )
        return builder.add_extension(usage, True).sign(signer, hashes.SHA256())
    addresses = [x509.IPAddress(ipaddress.ip_address(ip)) for ip in ("127.0.0.1", "::1")]
    names = x509.SubjectAlternativeName([x509.DNSName(name), *addresses])
    server_auth = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH])
    return (
        builder.add_extension(names, False)
        .add_extension(server_auth, False)
        .sign(signer, hashes.SHA256())
    )
