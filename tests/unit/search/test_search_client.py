"""
What the client of Search is, and how its pages and errors are read.
"""

from __future__ import annotations

import typing as t
import uuid

import pytest

from globus_core import (
    MISSING,
    GlobusSDKUsageError,
    MemoryTokenStorage,
    SearchAPIError,
    SearchClient,
    SearchQueryV1,
    SearchScrollQuery,
    UserApp,
    client_class,
)
from globus_core.globus_app import GlobusAppConfig
from globus_core.scopes import SearchScopes
from globus_core.services.search import IndexListResponse
from tests.unit.transfer.answering import answered

INDEX = str(uuid.UUID(int=1))


def page(*subjects: str, more: bool = False, **fields: t.Any) -> dict[str, t.Any]:
    """A page of results."""
    found = [{"subject": subject} for subject in subjects]
    return {"gmeta": found, "count": len(found), "has_next_page": more, **fields}


def test_the_class_knows_its_server_and_scopes() -> None:
    """As an instance does."""
    for one in (SearchClient, SearchClient()):
        assert one.resource_server == "search.api.globus.org"
        assert one.default_scope_requirements == [SearchScopes.search]
        assert one.scopes is SearchScopes
        assert one.error_class is SearchAPIError
    assert client_class("search") is SearchClient


def test_an_app_is_asked_for_search() -> None:
    """Only for queries; a program asks for more itself."""
    config = GlobusAppConfig(token_storage=MemoryTokenStorage())
    with UserApp("tests", client_id=INDEX, config=config) as app:
        SearchClient(app=app)
        (scope,) = app.scope_requirements["search.api.globus.org"]

    assert str(scope) == "urn:globus:auth:scope:search.api.globus.org:search"


def test_indices_are_iterated() -> None:
    """Over ``index_list``."""
    client = answered(SearchClient, {"index_list": [{"id": INDEX}]})
    found = client.index_list(["owner", "admin"])

    assert isinstance(found, IndexListResponse)
    assert list(found) == [{"id": INDEX}]
    assert client.answering.paths == ["/v1/index_list?filter_roles=owner%2Cadmin"]


@pytest.mark.parametrize("identifier", ["", ".", "..", None])
def test_an_id_stays_in_its_place(identifier: t.Any) -> None:
    """It cannot lead to another path."""
    client = answered(SearchClient, {})

    with pytest.raises(GlobusSDKUsageError):
        client.delete_index(identifier)
    with pytest.raises(GlobusSDKUsageError):
        client.delete_role(INDEX, identifier)
    assert client.answering.sent == []


@pytest.mark.parametrize("data", ["words", 7, ["q"]])
def test_a_query_is_a_document(data: t.Any) -> None:
    """Nothing is sent if it is not."""
    client = answered(SearchClient, page())

    for method in (client.post_search, client.scroll, client.paginated.post_search):
        with pytest.raises(GlobusSDKUsageError, match="'data' must be a dict"):
            method(INDEX, data)
    assert client.answering.sent == []


@pytest.mark.parametrize(
    ("own", "given", "sent"),
    [
        ({}, {}, {}),
        ({"limit": 3, "offset": 5}, {}, {"limit": 3, "offset": 5}),
        ({"limit": 3, "offset": 5}, {"limit": 7}, {"limit": 7, "offset": 5}),
        ({"limit": 3}, {"limit": MISSING}, {"limit": 3}),
    ],
)
def test_an_argument_wins_over_the_query(
    own: dict[str, int], given: dict[str, t.Any], sent: dict[str, int]
) -> None:
    """What is MISSING leaves it as it is. The query is not changed."""
    client = answered(SearchClient, page())
    query = SearchQueryV1(q="a", additional_fields=own)

    client.post_search(INDEX, query, **given)

    assert client.answering.bodies == [{"@version": "query#1.0.0", "q": "a", **sent}]
    assert query == SearchQueryV1(q="a", additional_fields=own)


@pytest.mark.parametrize("as_argument", [False, True])
@pytest.mark.parametrize("by_keyword", [False, True])
def test_pages_begin_and_end_where_a_query_says(as_argument: bool, by_keyword: bool) -> None:
    """Its limit is the size of a page, its offset that of the first one."""
    client = answered(SearchClient, page("a", "b", more=True), page("c"))
    own = {"limit": 2, "offset": 5}
    data = {"q": "a"} if as_argument else {"q": "a", **own}
    arguments = own if as_argument else {}
    start = client.paginated.post_search
    pages = start(INDEX, data=data, **arguments) if by_keyword else start(INDEX, data, **arguments)

    assert [found["subject"] for found in pages.items()] == ["a", "b", "c"]
    assert [body["offset"] for body in client.answering.bodies] == [5, 7]
    assert [body["limit"] for body in client.answering.bodies] == [2, 2]


def test_a_page_has_a_hundred_results_at_most() -> None:
    """As long as the query asks for no fewer."""
    client = answered(SearchClient, page())

    list(client.paginated.post_search(INDEX, SearchQueryV1(q="a")))
    list(client.paginated.search(INDEX, "a", limit=500))

    assert client.answering.bodies[0]["limit"] == 100
    assert client.answering.paths[1].endswith("limit=100")


def test_pages_end_at_ten_thousand_results() -> None:
    """Search refuses larger offsets."""
    client = answered(SearchClient, page(*(["a"] * 100), more=True))

    assert len(list(client.paginated.search(INDEX, "a", offset=9950).items())) == 100
    assert [path.split("limit=")[1] for path in client.answering.paths] == ["50"]


def test_scrolling_sends_the_marker_of_the_page_before() -> None:
    """In the body."""
    client = answered(SearchClient, page("a", more=True, marker="m"), page("b"))

    found = list(client.paginated.scroll(INDEX, SearchScrollQuery("*", limit=1)).items())

    assert found == [{"subject": "a"}, {"subject": "b"}]
    assert client.answering.bodies == [
        {"q": "*", "limit": 1},
        {"q": "*", "limit": 1, "marker": "m"},
    ]


@pytest.mark.parametrize("data", [None, "text", [1], 3])
def test_error_data_is_an_object_or_none(data: t.Any) -> None:
    """Whatever else the body has there is in ``raw_json`` only."""
    body = {"@datatype": "GError", "code": "BadRequest.Generic", "message": "no"}
    client = answered(SearchClient, (400, {**body, "error_data": data}), (400, body))

    for _ in range(2):
        with pytest.raises(SearchAPIError) as caught:
            client.get_index(INDEX)
        assert caught.value.error_data is None
        assert caught.value.code == "BadRequest.Generic"


def test_error_data_says_more() -> None:
    """Which field is wrong, for example."""
    data = {"filters": ["no such type"]}
    body = {"code": "BadRequest.ValidationError", "message": "no", "error_data": data}
    client = answered(SearchClient, (400, body))

    with pytest.raises(SearchAPIError, match=r"BadRequest\.ValidationError: no") as caught:
        client.post_search(INDEX, {})
    assert caught.value.error_data == data
