"""
The canned responses of Globus Search: each method of the client works with its own.
"""

from __future__ import annotations

import copy
import typing as t

import pytest

from globus_core import AccessTokenAuthorizer, BaseClient, SearchAPIError, SearchClient
from globus_core.paging import Paginator
from globus_core.testing import ResponseList, get_last_request, get_response_set, load_response
from globus_core.transport import RetryConfig
from globus_core_search.canned import RESPONSE_SETS

if t.TYPE_CHECKING:
    from responses import RequestsMock

CASES = [(name, case) for name, cases in sorted(RESPONSE_SETS.items()) for case in cases.cases()]
#: methods that send only what others do
LOCAL = {"ingest_many", "search_all", "wait_for_task"}


@pytest.fixture
def client(globus_responses: RequestsMock) -> t.Iterator[SearchClient]:
    """A client that is nowhere, and does not try again."""
    with SearchClient(
        base_url="https://search.example.org/",
        authorizer=AccessTokenAuthorizer("made-up"),
        retry_config=RetryConfig(max_retries=0),
    ) as client:
        yield client


def test_every_method_has_its_responses_and_no_other() -> None:
    """A new method needs a set, and a set a method."""
    names = {name for name in dir(SearchClient) if name[0] != "_"}

    assert {name for name in names if not hasattr(BaseClient, name)} - LOCAL == set(RESPONSE_SETS)


@pytest.mark.parametrize(("name", "case"), CASES)
def test_every_case_works_with_its_method(name: str, case: str, client: SearchClient) -> None:
    """Called with the arguments that the metadata name; a refusal is raised as it is described."""
    method = getattr(client, name)
    told = load_response(method, case=case).metadata
    arguments = copy.deepcopy(told["args"])
    if "http_status" not in told:
        assert method(**arguments).data
    else:
        with pytest.raises(SearchAPIError) as caught:
            method(**arguments)
        error = caught.value
        found = (error.http_status, error.code, error.request_id, error.error_data)
        expected = ("http_status", "code", "request_id", "error_data")
        assert found == tuple(told[key] for key in expected)
    assert get_last_request() is not None


@pytest.mark.parametrize("name", ["search", "post_search", "scroll"])
def test_the_pages_of_results_come_in_turn(name: str, client: SearchClient) -> None:
    """Each has a case with two pages, of one result each."""
    told = load_response(getattr(client, name), case="paginated")
    assert isinstance(told, ResponseList)
    pages: Paginator[t.Any] = getattr(client.paginated, name)(**told.metadata["args"])

    assert [found["entries"][0]["content"]["name"] for found in pages.items()] == ["Vega", "Altair"]


@pytest.mark.parametrize("name", RESPONSE_SETS)
def test_a_method_of_the_class_finds_the_same(name: str) -> None:
    """``load_response(SearchClient.get_index)``, without a client, or by a string."""
    found = get_response_set(getattr(SearchClient, name))

    assert get_response_set(f"search.{name}") is RESPONSE_SETS[name]
    assert found.lookup("default").metadata == RESPONSE_SETS[name].lookup("default").metadata
