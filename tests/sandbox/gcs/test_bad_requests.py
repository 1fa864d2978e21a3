"""What the addresses by TLS answer to requests that no good client sends."""

from __future__ import annotations

import contextlib
import http.client
import os
import socket
import ssl
from urllib.parse import urlsplit

import pytest

from tests.sandbox.gcs.conftest import Site

LONG = "9" * 5000


class Wire:
    """
    Connections to the files of the collection, with a token that may use them.

    :param site: the endpoint
    """

    def __init__(self, site: Site) -> None:
        with site.files() as files:
            files.exists("/x")  # logs in for what it needs
        token = site.app.get_authorizer(site.collection_id).get_authorization_header()
        assert token is not None
        self.token = token
        address = urlsplit(site.address)
        self._host, self._port = str(address.hostname), int(address.port or 0)
        self._context = ssl.create_default_context(cafile=site.authority)

    def plain(self) -> socket.socket:
        """A connection without TLS."""
        return socket.create_connection((self._host, self._port), timeout=30)

    def ask(self, method: str, path: str, **headers: str) -> tuple[int, bytes]:
        """
        Send a request as it is written here, and return the status and the body.

        :param method: its method
        :param path: its path, quoted
        :param headers: more headers
        """
        connection = http.client.HTTPSConnection(
            self._host, self._port, context=self._context, timeout=30
        )
        with contextlib.closing(connection):
            connection.putrequest(method, path)
            for name, value in {"Authorization": self.token, **headers}.items():
                connection.putheader(name.replace("_", "-"), value)
            connection.endheaders()
            response = connection.getresponse()
            return response.status, response.read()


@pytest.fixture
def wire(site: Site) -> Wire:
    """Connections to the files of the collection."""
    return Wire(site)


@pytest.mark.parametrize(
    ("asked", "status", "body"),
    [
        ("bytes=2-", 206, b"23456789"),
        ("bytes=-3", 206, b"789"),
        (f"bytes=-{LONG}", 200, b"0123456789"),
        (f"bytes=0-{LONG}", 200, b"0123456789"),
        (f"bytes={'0' * 5000}2-3", 206, b"23"),
        (f"bytes={LONG}-", 416, None),
        ("bytes=10-", 416, None),
        ("bytes=9-3", 416, None),
        ("bytes=0-1,4-5", 200, b"0123456789"),
        ("lines=0-1", 200, b"0123456789"),
    ],
)
def test_ranges(site: Site, wire: Wire, asked: str, status: int, body: bytes | None) -> None:
    """Those that are none are ignored, those beyond the end refused, however long they are."""
    (site.root / "a").write_bytes(b"0123456789")
    got = wire.ask("GET", "/a", Range=asked)
    assert got[0] == status
    assert body in (None, got[1])


@pytest.mark.parametrize("path", ["/../out", "/%2e%2e/out", "/..%2fout", "/link", "/dir/out"])
@pytest.mark.parametrize("method", ["GET", "PUT"])
def test_no_path_leads_out(site: Site, wire: Wire, method: str, path: str) -> None:
    """Neither dots nor links; what is outside stays as it is."""
    outside = site.root.parent / "out"
    outside.write_text("outside")
    (site.root / "link").symlink_to(outside)
    (site.root / "dir").symlink_to(outside.parent, target_is_directory=True)
    assert wire.ask(method, path)[0] == 403
    assert outside.read_text() == "outside"


def test_names_that_the_disk_cannot_have_are_refused(site: Site, wire: Wire) -> None:
    """Too long ones, and links in a circle; the longest that can be is stored."""
    (site.root / "loop").symlink_to("loop")
    for path in ("/" + "x" * 300, "/" + "x/" * 3000, "/loop"):
        assert wire.ask("GET", path)[0] == 400
    assert wire.ask("PUT", "/" + "x" * 255, Content_Length="0")[0] == 201


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_pipes_are_no_files(site: Site, wire: Wire) -> None:
    """The sandbox does not wait for a writer."""
    os.mkfifo(site.root / "pipe")
    assert wire.ask("GET", "/pipe")[0] == 404


def test_a_file_that_gets_shorter_ends_the_response(site: Site, wire: Wire) -> None:
    """The client sees that bytes are missing, and does not wait for them."""
    big = site.root / "big"
    with big.open("wb") as file:
        file.truncate(64 * 1024 * 1024)
    connection = http.client.HTTPSConnection(
        wire._host, wire._port, context=wire._context, timeout=30
    )
    with contextlib.closing(connection):
        connection.request("GET", "/big", headers={"Authorization": wire.token})
        response = connection.getresponse()
        response.read(1)
        os.truncate(big, 1)
        with pytest.raises(http.client.IncompleteRead):
            response.read()


@pytest.mark.parametrize("length", [LONG, "-5", "x"])
def test_lengths_that_cannot_be_are_refused(wire: Wire, length: str) -> None:
    """At once, without reading on."""
    assert wire.ask("PUT", "/a", Content_Length=length)[0] == 413


def test_half_an_upload_stores_nothing(site: Site, wire: Wire) -> None:
    """The file of before stays, and nothing is left beside it."""
    (site.root / "a").write_text("before")
    with wire._context.wrap_socket(wire.plain(), server_hostname="localhost") as half:
        head = f"PUT /a HTTP/1.1\r\nHost: localhost\r\nAuthorization: {wire.token}\r\n"
        half.sendall(f"{head}Content-Length: 100\r\n\r\nabc".encode())
        half.shutdown(socket.SHUT_WR)
        with contextlib.suppress(ConnectionError):
            while half.recv(4096):  # until the sandbox has closed the connection
                pass
    assert [path.name for path in site.root.iterdir()] == ["a"]
    assert (site.root / "a").read_text() == "before"


def test_a_reset_closes_the_addresses_of_collections_that_are_gone(site: Site) -> None:
    """Those of the endpoint, and of its own collection, stay."""
    before = site.facts["addresses"]
    made = site.sandbox.control(
        "transfer", "collections/add", name="More", root=str(site.root), kind="mapped"
    )
    site.sandbox.control("gcs", "serve", collection_id=made["id"])
    port = int(urlsplit(site.address_of(made["id"])).port or 0)
    site.sandbox.reset()
    assert site.facts["addresses"] == before
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port), timeout=30)


def test_clients_that_say_nothing_do_not_hold_up_the_end(site: Site, wire: Wire) -> None:
    """Neither one without TLS, nor one that has sent no request."""
    servers = [*site.sandbox._world.secure._servers]
    with (
        wire.plain(),
        wire._context.wrap_socket(wire.plain(), server_hostname="localhost"),
    ):
        site.sandbox.stop()
        assert not any(server.connections for server in servers)
