"""
A proxy on loopback that puts itself in between: it answers for the servers to which it is asked to
connect, with certificates that an authority of its own has issued.
"""

from __future__ import annotations

import contextlib
import datetime
import socketserver
import ssl
import threading
import typing as t
from email.utils import format_datetime

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

if t.TYPE_CHECKING:
    import pathlib
    from collections.abc import Iterator

UTC = datetime.timezone.utc
AUTHORITY = "Example Lab Inspection Authority"
_USES = (
    *("digital_signature", "content_commitment", "key_encipherment", "data_encipherment"),
    *("key_agreement", "key_cert_sign", "crl_sign", "encipher_only", "decipher_only"),
)
_ONLY_SIGNS = x509.KeyUsage(**{use: use == "key_cert_sign" for use in _USES})
DOCUMENT = b'{"issuer": "https://auth.globus.org"}'


class Authority:
    """
    Issues certificates.

    :param folder: where its files are
    :param strict: whether its certificates name its key, as Python wants it from 3.13 on
    """

    def __init__(self, folder: pathlib.Path, *, strict: bool = True) -> None:
        self._folder = folder
        self._strict = strict
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, AUTHORITY)])
        own = self._built(self._name, self._key.public_key(), 0)
        own = own.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        own = own.add_extension(_ONLY_SIGNS, critical=True)
        public = self._key.public_key()
        own = own.add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
        self.file = folder / "authority.pem"
        self.file.write_bytes(_pem(own.sign(self._key, hashes.SHA256())))

    def issue(self, host: str = "auth.globus.org", *, days_ago: int = 0) -> ssl.SSLContext:
        """
        The context of a server with a fresh certificate, which is valid for two days.

        :param host: the host for which it is
        :param days_ago: how many days ago, more than a day, its middle was
        """
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, host)])
        made = self._built(subject, key.public_key(), days_ago).add_extension(
            x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False
        )
        if self._strict:
            names_key = x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key())
            made = made.add_extension(names_key, critical=False)
        private = key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        path = self._folder / f"{host}-{days_ago}-{self._strict}.pem"
        path.write_bytes(private + _pem(made.sign(self._key, hashes.SHA256())))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(path)
        return context

    def _built(self, subject: x509.Name, key: t.Any, days_ago: int) -> x509.CertificateBuilder:
        middle = datetime.datetime.now(UTC) - datetime.timedelta(days=days_ago)
        day = datetime.timedelta(days=1)
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self._name)
            .public_key(key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(middle - day)
            .not_valid_after(middle + day)
        )


def _pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    proxy: InspectingProxy

    def handle_error(self, request: t.Any, client_address: t.Any) -> None:
        """Say nothing: clients refuse the certificate, as they should."""


class _Handler(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        server = self.server
        assert isinstance(server, _Server)
        with contextlib.suppress(OSError):
            server.proxy.answer(self.request, self._head())

    def _head(self) -> bytes:
        head = b""
        while (line := self.rfile.readline()) not in (b"\r\n", b""):
            head += line
        return head


class InspectingProxy:
    """
    The proxy.

    :ivar tls: the context for the servers that it stands for; None connects to none
    :ivar status: the status line of its answer to CONNECT
    :ivar body: what it sends in place of Globus Auth
    :ivar kind: the media type of that
    :ivar seconds_behind: how far its clock is behind
    :ivar heads: the heads of the requests that it got
    """

    def __init__(self) -> None:
        self.tls: ssl.SSLContext | None = None
        self.status = "200 OK"
        self.body = DOCUMENT
        self.kind = "application/json"
        self.seconds_behind = 0
        self.heads: list[bytes] = []
        self.ended = threading.Event()
        self.silent = False
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.proxy = self
        self.port = self._server.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}"

    def answer(self, connection: t.Any, head: bytes) -> None:
        """
        Answer one connection.

        :param connection: the socket
        :param head: the head of its request
        """
        self.heads.append(head)
        if self.silent:
            self.ended.wait(60)
            return
        connection.sendall(f"HTTP/1.1 {self.status}\r\n\r\n".encode())
        if self.tls is None or not self.status.startswith("200"):
            return
        with self.tls.wrap_socket(connection, server_side=True) as secure:
            asked = b""
            while b"\r\n\r\n" not in asked:
                part = secure.recv(4096)
                if not part:
                    return
                asked += part
            self.heads.append(asked)
            secure.sendall(self._response())

    def _response(self) -> bytes:
        now = datetime.datetime.now(UTC) - datetime.timedelta(seconds=self.seconds_behind)
        head = (
            f"HTTP/1.1 200 OK\r\nDate: {format_datetime(now, usegmt=True)}\r\n"
            f"Content-Type: {self.kind}\r\nContent-Length: {len(self.body)}\r\n"
            "Connection: close\r\n\r\n"
        )
        return head.encode() + self.body

    @contextlib.contextmanager
    def running(self) -> Iterator[InspectingProxy]:
        """Serve until the ``with`` block ends."""
        thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        try:
            yield self
        finally:
            self.ended.set()
            self._server.shutdown()
            thread.join()
            self._server.server_close()
