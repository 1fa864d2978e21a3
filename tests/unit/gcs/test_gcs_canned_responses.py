"""
The canned responses of Globus Connect Server: each method of the client works with its own.
"""

from __future__ import annotations

import copy
import typing as t

import pytest

from globus_core import AccessTokenAuthorizer, BaseClient, GCSAPIError, GCSClient
from globus_core.paging import Paginator
from globus_core.testing import ResponseList, get_last_request, get_response_set, load_response
from globus_core.transport import RetryConfig
from globus_core_gcs.canned import RESPONSE_SETS

if t.TYPE_CHECKING:
    from responses import RequestsMock

CASES = [
    (name, case)
    for name, cases in sorted(RESPONSE_SETS.items())
    for case in cases.cases()
    if case != "paginated"
]
LISTS = [name for name in RESPONSE_SETS if name.endswith("_list")]
#: what sends no request, or only that of another method
LOCAL = {
    "create_guest_collection",
    "endpoint_client_id",
    "get_gcs_collection_scopes",
    "get_gcs_endpoint_scopes",
}


@pytest.fixture
def client(globus_responses: RequestsMock) -> t.Iterator[GCSClient]:
    """A client that is nowhere, and does not try again."""
    with GCSClient(
        "gcs.example.org",
        authorizer=AccessTokenAuthorizer("made-up"),
        retry_config=RetryConfig(max_retries=0),
    ) as client:
        yield client


def test_every_method_has_its_responses_and_no_other() -> None:
    """A new method needs a set, and a set a method."""
    names = {name for name in dir(GCSClient) if name[0] != "_"}

    assert {name for name in names if not hasattr(BaseClient, name)} - LOCAL == set(RESPONSE_SETS)


@pytest.mark.parametrize(("name", "case"), CASES)
def test_every_case_works_with_its_method(name: str, case: str, client: GCSClient) -> None:
    """Called with the arguments that the metadata name; a refusal is raised as it is described."""
    method = getattr(client, name)
    told = load_response(method, case=case).metadata
    arguments = copy.deepcopy(told["args"])
    if "http_status" not in told:
        assert method(**arguments).data
    else:
        with pytest.raises(GCSAPIError) as caught:
            method(**arguments)
        error = caught.value
        found = (error.http_status, error.code, error.message, error.detail)
        assert found == tuple(told[key] for key in ("http_status", "code", "message", "detail"))
    assert get_last_request() is not None


@pytest.mark.parametrize("name", LISTS)
def test_the_pages_of_a_list_come_in_turn(name: str, client: GCSClient) -> None:
    """Two pages of one document each."""
    told = load_response(getattr(client, name), case="paginated")
    assert isinstance(told, ResponseList)
    pages: Paginator[t.Any] = getattr(client.paginated, name)()
    whole = RESPONSE_SETS[name].lookup("default")

    assert list(pages.items()) == t.cast("t.Any", whole).json["data"]
    assert "marker=marker-1" in str(getattr(get_last_request(), "url", ""))


@pytest.mark.parametrize("name", RESPONSE_SETS)
def test_a_method_of_the_class_finds_the_same(name: str) -> None:
    """``load_response(GCSClient.get_endpoint)``, without a client, or by a string."""
    found = get_response_set(getattr(GCSClient, name))

    assert get_response_set(f"globus_connect_server.{name}") is RESPONSE_SETS[name]
    assert found is RESPONSE_SETS[name]


def test_a_response_without_a_client_is_at_globus_sdk_s_example(
    globus_responses: RequestsMock,
) -> None:
    """So that its tests, which have that address, find it."""
    load_response(GCSClient.get_gcs_info)

    assert GCSClient("abc.xyz.data.globus.org").get_gcs_info()["DATA_TYPE"] == "info#1.0.0"
