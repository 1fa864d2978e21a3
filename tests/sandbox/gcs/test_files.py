"""The files of a collection in the sandbox, over HTTPS with TLS."""

from __future__ import annotations

import contextlib
import os
import socket
import ssl
import tracemalloc
from pathlib import Path

import pytest
import requests

from globus_core import AccessTokenAuthorizer, NetworkError, TransferClient
from globus_core.services.gcs import GCSAPIError, GCSCollectionClient, MissingFileError
from globus_core_sandbox import Sandbox, SandboxStartError
from globus_core_sandbox.cli import _authority_file
from tests.integration.app.helpers import logins
from tests.sandbox.gcs.conftest import Site


def test_files_are_those_of_the_folder(site: Site) -> None:
    """Read, written, asked for and deleted; the first request logs in for what it needs."""
    (site.root / "a.txt").write_text("hello")
    with site.files() as files:
        with files.open("/a.txt") as file:
            assert file.read() == "hello"
        with files.open("/b.txt", "w") as file:
            file.write("new")
        assert (site.root / "b.txt").read_text() == "new"
        assert files.file_info("/a.txt").size == 5
        assert files.read("/a.txt", 1, 3) == b"el"
        files.delete("/a.txt")
        assert not files.exists("/a.txt")
        with pytest.raises(MissingFileError):
            files.upload(site.root / "b.txt", "/no/folder/b.txt")
    # one for the scope https, one for the consent that the collection wants
    assert logins(site.app) <= 2
    assert sorted(path.name for path in site.root.iterdir()) == ["b.txt"]


def test_one_login_asks_for_all_that_files_need(site: Site) -> None:
    """A client that is made from Transfer's document knows the consent ahead."""
    with TransferClient(app=site.app) as transfer:
        document = transfer.get_endpoint(site.collection_id)
    before = logins(site.app)
    with GCSCollectionClient.of_collection(
        document, app=site.app, transport=site.transport()
    ) as files:
        assert not files.exists("/f")
    assert logins(site.app) - before == 1


def test_a_download_goes_on_after_cuts(site: Site, tmp_path: Path) -> None:
    """The sandbox cuts connections as for any other service."""
    body = os.urandom(3_000_000)
    (site.root / "f").write_bytes(body)
    with site.files() as files:
        assert files.exists("/f")
        for cut in (1_000_000, 500_000, 10):
            site.sandbox.fail(path="/f", cut=cut)
        files.download("/f", tmp_path / "f")
    assert (tmp_path / "f").read_bytes() == body


def test_64_megabytes_take_little_memory(site: Site, tmp_path: Path) -> None:
    """Up and down, cut five times: what Python allocates stays below 8 MB, server included."""
    size = 64 * 1024 * 1024
    block = os.urandom(1024 * 1024)
    with (tmp_path / "big").open("wb") as file:
        for _ in range(64):
            file.write(block)
    with site.files() as files:
        assert not files.exists("/big")  # logs in and loads what it needs
        tracemalloc.start()
        try:
            assert files.upload(tmp_path / "big", "/big") == size
            assert files.download("/big", tmp_path / "copy") == size
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    assert peak < 8 * 1024 * 1024
    assert (tmp_path / "copy").read_bytes() == (tmp_path / "big").read_bytes()


def test_folders_go_through_transfer(site: Site, tmp_path: Path) -> None:
    """Real folders both ways, listed and made by Transfer's client of the same app."""
    (tmp_path / "from" / "in").mkdir(parents=True)
    for number in range(20):
        (tmp_path / "from" / "in" / f"{number}").write_bytes(os.urandom(1000 * number))
    with site.files() as files:
        assert files.upload(tmp_path / "from", "/data", recursive=True) == 190_000
        assert files.download("/data", tmp_path / "to", recursive=True) == 190_000
    for number in range(20):
        name = f"in/{number}"
        there = site.root / "data" / name
        assert (tmp_path / "to" / name).read_bytes() == there.read_bytes()


def test_a_certificate_that_is_not_trusted_is_one_error(site: Site) -> None:
    """Nothing is sent."""
    with (
        GCSCollectionClient(
            site.collection_id, site.address, authorizer=AccessTokenAuthorizer("a-token")
        ) as files,
        pytest.raises(NetworkError, match=r"(?i)certificate"),
    ):
        files.exists("/f")
    assert site.sandbox.count(path="/f") == 0


@pytest.mark.parametrize("token", ["", "no-token", "another"])
def test_the_token_must_be_one_for_the_collection(site: Site, token: str) -> None:
    """One for another service is refused, too."""
    (site.root / "f").write_text("x")
    if token == "another":
        token = site.token("auth.globus.org")
    with site.files(authorizer=AccessTokenAuthorizer(token or "x")) as files:
        with pytest.raises(GCSAPIError) as caught:
            files.exists("/f")
        with pytest.raises(GCSAPIError):
            files.upload(site.root / "f", "/g")
    assert caught.value.http_status == 401
    assert not (site.root / "g").exists()


def test_a_browser_without_a_token_is_sent_to_the_login(site: Site) -> None:
    """From which the collection's id is known."""
    answer = requests.get(
        f"{site.address}/f", verify=site.authority, allow_redirects=False, timeout=30
    )
    assert answer.status_code == 302
    assert f"client_id={site.collection_id}" in answer.headers["Location"]


def test_no_path_leads_out_of_the_folder(site: Site, tmp_path: Path) -> None:
    """Neither by dots nor by links."""
    (tmp_path / "secret").write_text("x")
    (site.root / "link").symlink_to(tmp_path / "secret")
    (site.root / "out").symlink_to(tmp_path)
    with site.files() as files:
        for path in ("/link", "/out/secret"):
            with pytest.raises(GCSAPIError) as caught:
                files.exists(path)
            assert caught.value.http_status == 403
            with pytest.raises(GCSAPIError):
                files.upload(tmp_path / "secret", path)
        header = files.authorizer.get_authorization_header() if files.authorizer else ""
    host, port = site.address.removeprefix("https://").split(":")
    context = ssl.create_default_context(cafile=site.authority)
    for raw in ("/../secret", "/%2e%2e/secret", "/a/..%2f..%2fsecret", "/%00"):
        with (
            socket.create_connection((host, int(port)), 30) as plain,
            context.wrap_socket(plain, server_hostname=host) as connection,
        ):
            head = f"GET {raw} HTTP/1.1\r\nHost: {host}\r\nAuthorization: {header}\r\n"
            connection.sendall(f"{head}Connection: close\r\n\r\n".encode())
            assert b" 200 " not in connection.recv(100)


def ranges(site: Site, header: str, asked: str, **more: str) -> requests.Response:
    """Ask for a range by hand."""
    headers = {"Authorization": header, "Range": asked, **more}
    return requests.get(f"{site.address}/f", headers=headers, verify=site.authority, timeout=30)


def test_ranges_are_those_of_http(site: Site) -> None:
    """From the start, the end, beyond it, wrong ones, and with If-Range."""
    (site.root / "f").write_bytes(b"0123456789")
    with site.files() as files:
        assert files.exists("/f")
        header = f"Bearer {site.token(site.collection_id)}"
        etag = files.file_info("/f").etag
    assert etag is not None
    expected = {
        "bytes=2-4": (206, b"234"),
        "bytes=7-": (206, b"789"),
        "bytes=-3": (206, b"789"),
        "bytes=5-500": (206, b"56789"),
        "bytes=0-": (200, b"0123456789"),
        "bytes=4-2": (416, None),
        "bytes=10-": (416, None),
        "bytes=a-b": (200, b"0123456789"),
        "lines=1-2": (200, b"0123456789"),
    }
    for asked, (status, body) in expected.items():
        answer = ranges(site, header, asked)
        assert answer.status_code == status, asked
        if body is not None:
            assert answer.content == body, asked
    assert ranges(site, header, "bytes=2-4", **{"If-Range": etag}).content == b"234"
    assert ranges(site, header, "bytes=2-4", **{"If-Range": '"x"'}).status_code == 200


def test_half_an_upload_is_no_file(site: Site) -> None:
    """What a client began to send does not appear, and the server goes on."""
    with site.files() as files:
        assert not files.exists("/f")
        header = f"Bearer {site.token(site.collection_id)}"
        host, port = site.address.removeprefix("https://").split(":")
        context = ssl.create_default_context(cafile=site.authority)
        with (
            socket.create_connection((host, int(port)), 30) as plain,
            context.wrap_socket(plain, server_hostname=host) as connection,
        ):
            head = f"PUT /f HTTP/1.1\r\nHost: {host}\r\nAuthorization: {header}\r\n"
            connection.sendall(f"{head}Content-Length: 1000\r\n\r\nhalf".encode())
            connection.shutdown(socket.SHUT_WR)
            with contextlib.suppress(ConnectionError):
                while connection.recv(4096):  # until the sandbox has closed the connection
                    pass
        assert not files.exists("/f")
    assert list(site.root.iterdir()) == []


def test_who_speaks_no_tls_disturbs_nobody(site: Site) -> None:
    """A client that sends plain HTTP is cut off, and others are served."""
    host, port = site.address.removeprefix("https://").split(":")
    with (
        socket.create_connection((host, int(port)), 30) as plain,
        contextlib.suppress(ConnectionResetError),
    ):
        plain.sendall(b"GET / HTTP/1.1\r\n\r\n")
        assert b"200" not in plain.recv(100)
    with site.files() as files:
        assert not files.exists("/f")


def test_transfer_knows_where_the_files_are(site: Site) -> None:
    """So a program needs no more than the collection's id."""
    with TransferClient(app=site.app) as transfer:
        document = transfer.get_endpoint(site.collection_id)
        (site.root / "here").write_text("x")
        transfer.for_collections(site.collection_id)
        assert [each["name"] for each in transfer.operation_ls(site.collection_id)] == ["here"]
    assert document["https_server"] == site.address
    assert document["gcs_manager_url"] == site.facts["manager_url"]
    assert document["entity_type"] == "GCSv5_mapped_collection"


def test_a_reset_empties_the_collection_and_keeps_the_address(site: Site) -> None:
    """As for the other services; tokens have gone, too."""
    before = site.address
    with site.files() as files:
        assert not files.exists("/f")
        site.sandbox.reset()
        assert site.address == before
        with pytest.raises(GCSAPIError) as caught:
            site.files(authorizer=AccessTokenAuthorizer("x")).exists("/f")
    assert caught.value.http_status == 401


def test_a_stopped_sandbox_closes_its_ports(site: Site) -> None:
    """And removes the certificates."""
    address, authority = site.address, site.authority
    host, port = address.removeprefix("https://").split(":")
    site.sandbox.stop()
    assert not Path(authority).exists()
    with pytest.raises(OSError, match="refused"):
        socket.create_connection((host, int(port)), 5)


def test_the_variables_of_yesterday_are_still_right(tmp_path: Path) -> None:
    """A sandbox that starts again puts its new certificate where the last one was."""
    place = tmp_path / "folder" / "ca.pem"
    for _ in range(2):
        with Sandbox(authority_file=place) as sandbox:
            assert sandbox.environment()["GLOBUS_SDK_VERIFY_SSL"] == str(place)
            manager = sandbox.state()["services"]["gcs"]["manager_url"]
            assert (
                requests.get(f"{manager}api/info", verify=str(place), timeout=30).status_code == 200
            )
        assert place.exists()
    assert [path.name for path in place.parent.iterdir()] == ["ca.pem"]


def test_a_place_that_cannot_be_written_is_one_error(tmp_path: Path) -> None:
    """And nothing goes on listening."""
    (tmp_path / "file").write_text("")
    sandbox = Sandbox(authority_file=tmp_path / "file" / "ca.pem")
    with pytest.raises(SandboxStartError, match="cannot write"):
        sandbox.start()


def test_the_command_has_one_place_for_each_port(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A temporary one with a port that differs each time, or without a home folder to write to."""
    monkeypatch.setenv("HOME", str(tmp_path))
    assert _authority_file(8999) == str(tmp_path / ".globus" / "cache" / "sandbox-8999.pem")
    assert _authority_file(0) is None
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("HOME", str(tmp_path / "file"))
    assert _authority_file(8999) is None
