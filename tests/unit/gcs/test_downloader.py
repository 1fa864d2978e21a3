"""
Files that are read by their address, whichever collection they are on.
"""

from __future__ import annotations

import json
import typing as t
from unittest import mock

import pytest
import requests
from requests.adapters import BaseAdapter

from globus_core import (
    AccessTokenAuthorizer,
    GlobusAPIError,
    GlobusAppConfig,
    GlobusError,
    GlobusSDKUsageError,
)
from globus_core.experimental.gcs_collection_client import GCSCollectionClient
from globus_core.experimental.gcs_downloader import GCSDownloader
from globus_core.scopes import GCSCollectionScopes
from globus_core.services.gcs import UnknownCollectionError
from globus_core.transport import RequestsTransport

ONE = "5a9c3e71-b8d0-4216-8f4e-e1d7026b9a35"
TWO = "e4b7f619-2a5d-4830-9c16-0f8d3b7e5a92"
HOSTS = {"one.example.org": ONE, "two.example.org": TWO}
LOGIN = "https://auth.example.org/authorize?client_id="
MAPPED = {"entity_type": "GCSv5_mapped_collection", "high_assurance": False}


class Hosts(BaseAdapter):
    """
    Two collections, one for each host, beside a host that serves none; and Transfer.
    """

    def __init__(self) -> None:
        super().__init__()
        self.document: dict[str, t.Any] = dict(MAPPED)
        self.location = LOGIN
        #: host and token of each request
        self.seen: list[tuple[str, str | None]] = []

    def close(self) -> None:
        """There is nothing to close."""

    def send(self, request: requests.PreparedRequest, **options: t.Any) -> requests.Response:  # type: ignore[override]
        host = (request.url or "").split("/")[2]
        token = (request.headers.get("Authorization") or "").removeprefix("Bearer ")
        self.seen.append((host, token or None))
        response = requests.Response()
        response.request, response.url = request, request.url or ""
        response.status_code, response._content = self._answer(response, host, token)
        return response

    def _answer(self, response: requests.Response, host: str, token: str) -> tuple[int, bytes]:
        if host == "transfer.api.globus.org":
            response.headers["Content-Type"] = "application/json"
            return 200, json.dumps(self.document).encode()
        path = response.url.split("/", 3)[3]
        if path == "public" or token:
            return (404, b"") if path == "missing" else (200, f"{host}: {path}: é".encode())
        response.headers["Location"] = self.location + HOSTS.get(host, "")
        return 302, b""


class App:
    """
    An app with a token for each resource server, which is the token as well.
    """

    def __init__(self) -> None:
        self.config = GlobusAppConfig()
        self.app_name = "tests"
        self.asked: dict[str, list[t.Any]] = {}

    def add_scope_requirements(self, needed: dict[str, list[t.Any]]) -> None:
        for server, scopes in needed.items():
            self.asked.setdefault(server, []).extend(scopes)

    def get_authorizer(self, server: str) -> AccessTokenAuthorizer:
        return AccessTokenAuthorizer(f"token-for-{server}")

    def get_client_retry_checks(self) -> list[t.Any]:
        return []


@pytest.fixture
def hosts() -> Hosts:
    """Where all requests go."""
    return Hosts()


@pytest.fixture
def app() -> t.Any:
    """An app that remembers what it was asked for."""
    return App()


@pytest.fixture
def downloader(app: t.Any, hosts: Hosts) -> t.Iterator[GCSDownloader]:
    """One that looks everything up."""
    transport = RequestsTransport()
    transport.session.mount("https://", hosts)
    with GCSDownloader(app, transport=transport) as downloader:
        yield downloader


def test_a_file_is_read_as_text_or_as_bytes(downloader: GCSDownloader) -> None:
    """The path is percent-encoded, and a query stays."""
    url = "https://one.example.org/a%20b.txt"

    assert downloader.read_file(url) == "one.example.org: a%20b.txt: é"
    assert downloader.read_file(f"{url}?download#x", as_text=False).decode().split(": ")[1] == (
        "a%20b.txt?download"
    )


def test_a_collection_is_looked_up_once(
    downloader: GCSDownloader, hosts: Hosts, app: t.Any
) -> None:
    """At the host without a token, then at Transfer; its scopes are asked for."""
    for name in "abc":
        downloader.read_file(f"https://one.example.org/{name}")

    token = f"token-for-{ONE}"
    transfer = ("transfer.api.globus.org", "token-for-transfer.api.globus.org")
    files = [("one.example.org", token)] * 3
    assert hosts.seen == [("one.example.org", None), transfer, *files]
    assert app.asked[ONE] == [GCSCollectionScopes(ONE).https, GCSCollectionScopes(ONE).data_access]


def test_a_token_goes_to_its_own_host(downloader: GCSDownloader, hosts: Hosts) -> None:
    """Each host has a client of its own."""
    for host in ("one", "two", "one"):
        downloader.read_file(f"https://{host}.example.org/a")

    sent = {(host, token) for host, token in hosts.seen if token and "transfer" not in host}
    assert sent == {(host, f"token-for-{HOSTS[host]}") for host in HOSTS}


@pytest.mark.parametrize(
    "document", [{**MAPPED, "high_assurance": True}, {"entity_type": "GCSv5_guest_collection"}]
)
def test_only_mapped_collections_without_high_assurance_need_data_access(
    document: dict[str, t.Any], downloader: GCSDownloader, hosts: Hosts, app: t.Any
) -> None:
    """For others a login would end with an unknown scope."""
    hosts.document = document
    downloader.read_file("https://one.example.org/a")

    assert app.asked[ONE] == [GCSCollectionScopes(ONE).https]


def test_a_file_for_everybody_needs_no_token(
    downloader: GCSDownloader, hosts: Hosts, app: t.Any
) -> None:
    """The first request reads it already."""
    assert downloader.read_file("https://one.example.org/public").startswith("one.example.org")
    assert (hosts.seen, app.asked) == ([("one.example.org", None)], {})


@pytest.mark.parametrize(
    "location",
    [
        "",
        "https://auth.example.org/",
        f"{LOGIN}x&client_id=",
        "https://x.example.org/?client_id=..",
    ],
)
def test_a_host_that_names_no_collection_is_an_error(
    location: str, downloader: GCSDownloader, hosts: Hosts, app: t.Any
) -> None:
    """Which is a RuntimeError too; nothing is asked for."""
    hosts.location = location

    with pytest.raises(UnknownCollectionError, match=r"https://three\.example\.org does not") as c:
        downloader.read_file("https://three.example.org/secret?a=b")
    assert isinstance(c.value, RuntimeError)
    assert isinstance(c.value, GlobusError)
    assert app.asked == {}


@pytest.mark.parametrize("url", ["http://one.example.org/a", "ftp://one.example.org/a", "", None])
def test_what_is_no_https_url_is_refused(url: t.Any, downloader: GCSDownloader) -> None:
    """Before anything is sent."""
    with pytest.raises(GlobusSDKUsageError, match="file_uri"):
        downloader.read_file(url)


def test_a_missing_file_is_the_error_of_the_response(downloader: GCSDownloader) -> None:
    """With its status."""
    with pytest.raises(GlobusAPIError) as caught:
        downloader.read_file("https://one.example.org/missing")
    assert caught.value.http_status == 404


def test_a_given_client_serves_its_host_only(app: t.Any, hosts: Hosts) -> None:
    """Its collection is not looked up, others are; it stays open."""
    transport = RequestsTransport()
    transport.session.mount("https://", hosts)
    mine = GCSCollectionClient(ONE, "one.example.org", app=app, transport=transport)
    transfer = mock.Mock()
    transfer.get_endpoint.return_value = MAPPED
    with (
        mock.patch.object(mine, "close") as close,
        GCSDownloader(
            app, gcs_client=mine, transfer_client=transfer, transport=transport
        ) as downloader,
    ):
        downloader.read_file("https://one.example.org/a")
        transfer.get_endpoint.assert_not_called()
        downloader.read_file("https://two.example.org/a")

    transfer.get_endpoint.assert_called_once_with(TWO)
    transfer.close.assert_not_called()
    close.assert_not_called()


@pytest.mark.parametrize("name", ["app", "gcs_client", "transfer_client", "transport"])
def test_an_argument_of_the_wrong_kind_is_refused(name: str, app: t.Any) -> None:
    """When the downloader is made."""
    arguments: dict[str, t.Any] = {"app": app, name: object()}

    with pytest.raises(GlobusSDKUsageError, match=name):
        GCSDownloader(**arguments)
