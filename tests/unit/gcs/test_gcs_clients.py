"""
The clients for endpoints and collections: their addresses, resource servers and scopes.
"""

from __future__ import annotations

import copy
import typing as t
import uuid

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from globus_core import (
    BaseClient,
    ClientApp,
    GCSAPIError,
    GCSClient,
    GlobusAppConfig,
    GlobusError,
    GlobusSDKUsageError,
    client_class,
    hookimpl,
)
from globus_core.experimental.gcs_collection_client import GCSCollectionClient
from globus_core.scopes import GCSCollectionScopes, GCSEndpointScopes
from globus_core.transport import RequestsTransport
from tests.unit.gcs.managers import manager
from tests.unit.transfer.answering import Answering

if t.TYPE_CHECKING:
    from globus_core.events import RequestEvent
    from globus_core.plugins import PluginManager

ID = "c7d41e08-92ab-4f65-8e03-5b6f2a9d1c74"
INFO = {"DATA_TYPE": "result#1.0.0", "data": [{"DATA_TYPE": "info#1.0.0", "client_id": ID}]}


def app() -> ClientApp:
    """An app that is never asked for a token."""
    config = GlobusAppConfig(token_storage="memory")
    return ClientApp("tests", client_id=ID, client_secret="made-up", config=config)


# addresses

ADDRESSES = {
    "abc.example.org": "https://abc.example.org/api/",
    "abc.example.org:8443": "https://abc.example.org:8443/api/",
    "abc.example.org/": "https://abc.example.org/api/",
    "abc.example.org/api": "https://abc.example.org/api/",
    "https://abc.example.org": "https://abc.example.org/api/",
    "https://abc.example.org/api": "https://abc.example.org/api/",
    "https://abc.example.org/api/": "https://abc.example.org/api/",
    "HTTPS://abc.example.org": "https://abc.example.org/api/",
    "https://abc.example.org/behind": "https://abc.example.org/behind/api/",
    "http://localhost:8080": "http://localhost:8080/api/",
    "http://127.0.0.1:8080/api/": "http://127.0.0.1:8080/api/",
    "http://[::1]:8080": "http://[::1]:8080/api/",
}


@pytest.mark.parametrize(("address", "url"), ADDRESSES.items())
def test_the_api_is_below_an_endpoint_s_address(address: str, url: str) -> None:
    """A host name, or a URL with or without ``/api``; plain http on this machine only."""
    assert GCSClient(address).base_url == url


@pytest.mark.parametrize(
    "address",
    ["http://abc.example.org", "http://localhost.example.org", "ftp://localhost", "", "https://"],
)
@pytest.mark.parametrize("make", [GCSClient, lambda address: GCSCollectionClient(ID, address)])
def test_credentials_never_go_over_plain_http(
    make: t.Callable[[str], BaseClient], address: str
) -> None:
    """It is refused when the client is made, as an address without a host is."""
    with pytest.raises(GlobusSDKUsageError, match="_address' "):
        make(address)


@pytest.mark.parametrize(
    "address", ["a b.example.org", "a.example.org?x=1", "https://a/#b", "a\\b"]
)
@pytest.mark.parametrize("make", [GCSClient, lambda address: GCSCollectionClient(ID, address)])
def test_an_address_is_nothing_else(make: t.Callable[[str], BaseClient], address: str) -> None:
    """A query would swallow the paths of requests; the error does not repeat it."""
    with pytest.raises(GlobusSDKUsageError, match="must be a host name") as caught:
        make(address)
    assert address not in str(caught.value)


@given(host=st.from_regex(r"[a-z]([a-z0-9.-]{0,20}[a-z0-9])?", fullmatch=True))
def test_an_address_may_be_given_as_it_came_out(host: str) -> None:
    """So that a client can be made again from another's base URL."""
    url = GCSClient(host).base_url

    assert url == f"https://{host}/api/"
    assert GCSClient(url).base_url == url


# the endpoint's id


def test_the_resource_server_is_fetched_once_and_without_a_token() -> None:
    """Then it is known, also for scopes and copies."""
    client = manager(INFO)

    assert client.endpoint_client_id == client.resource_server == ID
    assert client.default_scope_requirements == [GCSEndpointScopes(ID).manage_collections]
    assert copy.deepcopy(client).resource_server == ID
    (request,) = client.answering.sent
    assert (request.path_url, request.headers.get("Authorization")) == ("/api/info", None)


def test_the_class_has_no_resource_server() -> None:
    """Each endpoint has its own; the same service has the same name."""
    assert GCSClient.resource_server is None
    assert GCSClient.scopes is None
    assert client_class("gcs") is GCSClient


def test_attaching_an_app_asks_the_endpoint_and_then_the_app() -> None:
    """For ``manage_collections``, under the endpoint's own id."""
    mine = app()
    client = manager(INFO, app=mine)

    assert mine.scope_requirements[ID] == [GCSEndpointScopes(ID).manage_collections]
    assert client.answering.paths == ["/api/info"]


def test_scopes_of_the_caller_s_are_asked_for_instead() -> None:
    """Those of a collection, for example."""
    mine, scope = (
        app(),
        GCSEndpointScopes(ID).manage_collections.with_dependency(
            GCSCollectionScopes(ID).data_access
        ),
    )
    manager(INFO, app=mine, app_scopes=[scope])

    assert mine.scope_requirements[ID] == [scope]


@pytest.mark.parametrize("body", [{"data": []}, {"client_id": None}, {"client_id": 5}, [], "text"])
def test_what_is_no_endpoint_is_one_clear_error(body: t.Any) -> None:
    """Named by its address."""
    with pytest.raises(GlobusError, match=r"gcs\.example\.org/api/info has no client_id"):
        manager(body).resource_server  # noqa: B018


def test_a_refusal_is_an_error_of_the_endpoint_and_asked_again_the_next_time() -> None:
    """Nothing wrong is kept."""
    client = manager((503, {"code": "down"}), INFO)

    with pytest.raises(GCSAPIError):
        client.resource_server  # noqa: B018
    assert client.resource_server == ID


class Observer:
    """
    Remembers which resource servers it was told.
    """

    def __init__(self) -> None:
        self.servers: list[str | None] = []

    @hookimpl
    def globus_before_request(self, event: RequestEvent) -> None:
        self.servers.append(event.resource_server)


def test_whoever_observes_requests_causes_none(globus_plugins: PluginManager) -> None:
    """The resource server is told as soon as it is known."""
    observer = Observer()
    globus_plugins.register(observer, "observer")
    client = manager(INFO)
    client.get_endpoint()
    client.resource_server  # noqa: B018
    client.get_endpoint()

    assert observer.servers == [None, None, ID]
    assert client.answering.paths == ["/api/endpoint", "/api/info", "/api/endpoint"]


# ids


METHODS = (
    "get_collection",
    "delete_collection",
    "get_storage_gateway",
    "delete_storage_gateway",
    "get_role",
    "delete_role",
    "get_user_credential",
    "delete_user_credential",
)


@pytest.mark.parametrize("name", METHODS)
@settings(max_examples=30)
@given(identifier=st.text(min_size=1, max_size=8).filter(lambda text: text not in (".", "..")))
def test_an_id_is_one_segment_of_the_path(name: str, identifier: str) -> None:
    """Whatever is in it, it leads to no other object."""
    client = manager({})
    try:
        getattr(client, name)(identifier)
    except GlobusSDKUsageError:
        assert any("\ud800" <= sign <= "\udfff" for sign in identifier)
        return

    (path,) = client.answering.paths
    assert path.count("/") == 3
    assert "?" not in path


@pytest.mark.parametrize("name", METHODS)
@pytest.mark.parametrize("identifier", ["", ".", "..", None])
def test_what_is_no_id_is_refused(name: str, identifier: t.Any) -> None:
    """Before anything is sent."""
    client = manager({})

    with pytest.raises(GlobusSDKUsageError):
        getattr(client, name)(identifier)
    assert client.answering.paths == []


def test_scopes_are_built_for_any_id() -> None:
    """Of an endpoint, and of a collection."""
    endpoint, collection = uuid.uuid4(), uuid.uuid4()

    assert GCSClient.get_gcs_endpoint_scopes(endpoint).resource_server == str(endpoint)
    scopes = GCSClient.get_gcs_collection_scopes(collection)
    assert str(scopes.https) == f"https://auth.globus.org/scopes/{collection}/https"


# collections


def test_a_collection_s_client_has_its_scope_and_server() -> None:
    """Both by its id, which needs no request."""
    mine = app()
    client = GCSCollectionClient(uuid.UUID(ID), "abc.example.org", app=mine)

    assert client.base_url == "https://abc.example.org"
    assert client.collection_id == client.resource_server == ID
    assert mine.scope_requirements[ID] == [GCSCollectionScopes(ID).https]


@pytest.mark.parametrize("name", ["https", "data_access", "resource_server"])
def test_the_class_of_collections_has_no_scopes(name: str) -> None:
    """Each collection has its own."""
    with pytest.raises(AttributeError, match="make a client"):
        getattr(GCSCollectionClient.scopes, name)


def test_files_of_a_collection_are_fetched_by_their_path() -> None:
    """With the collection's token."""
    transport = RequestsTransport()
    answering = Answering({"a": 1})
    transport.session.mount("https://", answering)
    client = GCSCollectionClient(ID, "https://abc.example.org/", transport=transport)

    assert client.get("/a b/c.json")["a"] == 1
    assert answering.paths == ["/a%20b/c.json"]
