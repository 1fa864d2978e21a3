"""
What the clients of Transfer are, and what they ask an app for.
"""

from __future__ import annotations

import typing as t
import uuid

import pytest

from globus_core import (
    GlobusSDKUsageError,
    MemoryTokenStorage,
    TransferAPIError,
    TransferClient,
    UserApp,
    ValidationError,
    client_class,
)
from globus_core.experimental import TransferClientV2
from globus_core.globus_app import GlobusAppConfig
from globus_core.scopes import TransferScopes
from tests.unit.transfer.answering import answered

A, B = str(uuid.UUID(int=1)), str(uuid.UUID(int=2))
ALL = "urn:globus:auth:scope:transfer.api.globus.org:all"


@pytest.fixture
def app() -> t.Iterator[UserApp]:
    """An app that nobody has logged in to."""
    config = GlobusAppConfig(token_storage=MemoryTokenStorage())
    with UserApp("tests", client_id=A, config=config) as app:
        yield app


def data_access(collection: str) -> str:
    """The scope of a collection, optional."""
    return f"*https://auth.globus.org/scopes/{collection}/data_access"


@pytest.mark.parametrize("kind", [TransferClient, TransferClientV2])
def test_the_class_knows_its_server_and_scopes(kind: t.Any) -> None:
    """As an instance does."""
    for one in (kind, kind()):
        assert one.resource_server == "transfer.api.globus.org"
        assert one.default_scope_requirements == [TransferScopes.all]
        assert one.scopes is TransferScopes
        assert one.error_class is TransferAPIError


def test_the_service_s_client_is_the_first_version() -> None:
    """The second one is experimental."""
    assert client_class("transfer") is TransferClient


def test_an_app_is_asked_for_all(app: UserApp) -> None:
    """Without a change of what other clients ask for."""
    client = TransferClient(app=app)

    assert client.app_scopes is not TransferClient.default_scope_requirements
    assert [str(each) for each in app.scope_requirements["transfer.api.globus.org"]] == [ALL]


@pytest.mark.parametrize(
    ("ids", "scopes"),
    [
        (A, [data_access(A)]),
        (uuid.UUID(A), [data_access(A)]),
        ([A, uuid.UUID(B)], [data_access(A), data_access(B)]),
        ((each for each in (A, B)), [data_access(A), data_access(B)]),
    ],
)
def test_access_to_collections_is_asked_for(app: UserApp, ids: t.Any, scopes: list[str]) -> None:
    """One or several; the client is returned."""
    client = TransferClient(app=app)

    assert client.add_app_data_access_scope(ids) is client
    (scope,) = app.scope_requirements["transfer.api.globus.org"]
    assert sorted(map(str, scope.dependencies)) == sorted(scopes)


@pytest.mark.parametrize(
    ("ids", "named"),
    [("x", "'collection_ids'"), ([A, "x"], r"'collection_ids\[1\]'"), ("", "'collection_ids'")],
)
def test_what_is_no_uuid_is_refused(app: UserApp, ids: t.Any, named: str) -> None:
    """Nothing is asked for then."""
    with pytest.raises(ValidationError, match=named):
        TransferClient(app=app).add_app_data_access_scope(ids)
    assert [str(each) for each in app.scope_requirements["transfer.api.globus.org"]] == [ALL]


def test_there_is_no_access_without_an_app() -> None:
    """Only an app can ask for it."""
    with pytest.raises(GlobusSDKUsageError, match="no app"):
        TransferClient().add_app_data_access_scope(A)


@pytest.mark.parametrize("identifier", ["", ".", "..", None])
def test_an_id_stays_in_its_place(identifier: t.Any) -> None:
    """It cannot lead to another path."""
    client = answered(TransferClient, {})

    with pytest.raises(GlobusSDKUsageError):
        client.delete_endpoint(identifier)
    assert client.answering.sent == []


def test_a_slash_in_an_id_is_a_part_of_it() -> None:
    """It is encoded."""
    client = answered(TransferClient, {})

    client.delete_bookmark("../endpoint/x")

    assert client.answering.paths == ["/v0.10/bookmark/..%2Fendpoint%2Fx"]


def test_lists_are_iterated() -> None:
    """Over ``DATA``, or what stands in its place."""
    client = answered(TransferClient, {"DATA": [{"id": 1}], "shared_endpoints": [{"id": 2}]})

    assert list(client.task_list()) == [{"id": 1}]
    assert list(client.get_shared_endpoint_list(A)) == [{"id": 2}]


def test_markers_are_sent_back_as_they_came() -> None:
    """Numbers too."""
    pages = [{"DATA": [1], "next_marker": 93979}, {"DATA": [2], "next_marker": None}]
    client = answered(TransferClient, *pages)

    found = client.paginated.task_successful_transfers(A).items()

    assert list(found) == [1, 2]
    assert client.answering.paths[1].endswith("?marker=93979")


def test_a_page_of_a_search_has_the_caller_s_size() -> None:
    """100 unless the caller asks for fewer."""
    last = {"DATA": [], "has_next_page": False}
    client = answered(TransferClient, last)

    for options in ({}, {"limit": 7}, {"limit": 5000}):
        list(client.paginated.endpoint_search("sky", **options))

    limits = [path.partition("limit=")[2] for path in client.answering.paths]
    assert limits == ["100", "7", "100"]
