"""
The canned responses of Globus Transfer: each method of both clients works with its own.
"""

from __future__ import annotations

import copy
import typing as t

import pytest

from globus_core import AccessTokenAuthorizer, BaseClient, TransferAPIError, TransferClient
from globus_core.experimental import TransferClientV2
from globus_core.paging import Paginator
from globus_core.response import IterableResponse
from globus_core.testing import ResponseList, get_last_request, get_response_set, load_response
from globus_core.transport import RetryConfig
from globus_core_transfer.canned import RESPONSE_SETS

if t.TYPE_CHECKING:
    from responses import RequestsMock

CLIENTS: dict[str, type[BaseClient]] = {"": TransferClient, "v2.": TransferClientV2}
#: methods that send nothing, and those that send only what others do
LOCAL = {
    "add_app_data_access_scope",
    "for_collections",
    "forget_submission",
    "glob",
    "grant",
    "plan",
    "revoke",
    "submit_many",
    "submit_once",
    "wait_for_task",
    "walk",
    "watch_many",
    "watch_task",
}
CASES = [(name, case) for name, cases in sorted(RESPONSE_SETS.items()) for case in cases.cases()]


def methods(client_class: type[BaseClient]) -> set[str]:
    """The public methods of a client beside those of every client, as far as they send."""
    names = {name for name in dir(client_class) if name[0] != "_"}
    return {name for name in names if not hasattr(BaseClient, name)} - LOCAL


def client_of(name: str) -> t.Any:
    """
    A client that is nowhere, and does not try again.

    :param name: the name of a set
    """
    client_class = TransferClientV2 if name.startswith("v2.") else TransferClient
    return client_class(
        base_url="https://transfer.example.org/",
        authorizer=AccessTokenAuthorizer("made-up"),
        retry_config=RetryConfig(max_retries=0),
    )


def paginated(name: str) -> bool:
    """Whether the method of a set has pages."""
    return name.removeprefix("v2.") in dir(client_of(name).paginated)


def test_every_method_has_its_responses_and_no_other() -> None:
    """A new method needs a set, and a set a method."""
    named = {prefix + name for prefix, kind in CLIENTS.items() for name in methods(kind)}

    assert named == set(RESPONSE_SETS)


@pytest.mark.parametrize(("name", "case"), CASES)
def test_every_case_works_with_its_method(
    name: str, case: str, globus_responses: RequestsMock
) -> None:
    """Called with the arguments that the metadata name; a refusal is raised as it is described."""
    with client_of(name) as client:
        method = getattr(client, name.removeprefix("v2."))
        told = load_response(method, case=case).metadata
        default = RESPONSE_SETS[name].lookup("default").metadata
        arguments = copy.deepcopy(told.get("args", default["args"]))
        if "http_status" not in told:
            answer = method(**arguments)
            assert answer is True or answer.data is not None
            if isinstance(answer, IterableResponse):
                assert all(isinstance(item, dict) for item in answer)
        else:
            with pytest.raises(TransferAPIError) as caught:
                method(**arguments)
            error = caught.value
            found = (error.http_status, error.code, error.request_id)
            assert found == (told["http_status"], told["code"], told["request_id"])
    assert get_last_request() is not None


@pytest.mark.parametrize("name", [name for name in RESPONSE_SETS if paginated(name)])
def test_the_pages_of_a_list_come_in_turn(name: str, globus_responses: RequestsMock) -> None:
    """Each list with pages has a case with two of them, of one element each."""
    with client_of(name) as client:
        method = getattr(client, name.removeprefix("v2."))
        told = load_response(method, case="paginated")
        assert isinstance(told, ResponseList)
        pages: Paginator[t.Any] = getattr(client.paginated, method.__name__)(
            **told.metadata["args"]
        )
        items = [item for page in pages for item in page]

    assert len(items) == 2


@pytest.mark.parametrize("name", RESPONSE_SETS)
def test_a_method_of_a_class_finds_the_same(name: str) -> None:
    """``load_response(TransferClient.get_task)``, without a client, or by a string."""
    prefix, _, method = name.rpartition(".")
    function = getattr(CLIENTS[f"{prefix}." if prefix else ""], method)
    found = get_response_set(function)

    assert get_response_set(f"transfer.{name}") is RESPONSE_SETS[name]
    assert found.lookup("default").metadata == RESPONSE_SETS[name].lookup("default").metadata


def test_a_missing_consent_says_which_scopes(globus_responses: RequestsMock) -> None:
    """So that programs can test how they ask for it."""
    with client_of("operation_ls") as client:
        told = load_response(client.operation_ls, case="consent_required").metadata
        with pytest.raises(TransferAPIError) as caught:
            client.operation_ls(**told["args"])

    assert caught.value.info.consent_required
    assert "data_access" in str(caught.value.info.consent_required.required_scopes)
