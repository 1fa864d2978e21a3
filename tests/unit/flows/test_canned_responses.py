"""
The canned responses of Globus Flows: each method of both clients works with its own.
"""

from __future__ import annotations

import copy
import typing as t

import pytest

from globus_core import (
    AccessTokenAuthorizer,
    BaseClient,
    FlowsAPIError,
    FlowsClient,
    SpecificFlowClient,
)
from globus_core.gare import to_gare
from globus_core.paging import Paginator
from globus_core.response import IterableResponse
from globus_core.testing import ResponseList, get_last_request, get_response_set, load_response
from globus_core.transport import RetryConfig
from globus_core_flows.canned import RESPONSE_SETS

if t.TYPE_CHECKING:
    from responses import RequestsMock

FLOW = RESPONSE_SETS["get_flow"].lookup("default").metadata["flow_id"]
#: methods that send nothing, and those that send only what others do
LOCAL = {
    "add_app_transfer_data_access_scope",
    "follow_logs",
    "login_and_resume",
    "wait_for_run",
    "watch_run",
}
CASES = [(name, case) for name, cases in sorted(RESPONSE_SETS.items()) for case in cases.cases()]


def methods(client_class: type[BaseClient]) -> set[str]:
    """The public methods of a client beside those of every client, as far as they send."""
    names = {name for name in dir(client_class) if name[0] != "_"}
    return {name for name in names if not hasattr(BaseClient, name)} - LOCAL


def client_of(name: str) -> t.Any:
    """
    A client that has a method, is nowhere, and does not try again.

    :param name: the name of the method
    """
    kind: t.Any = FlowsClient
    options: dict[str, t.Any] = {
        "base_url": "https://flows.example.org/",
        "authorizer": AccessTokenAuthorizer("made-up"),
        "retry_config": RetryConfig(max_retries=0),
    }
    if not hasattr(kind, name):
        kind, options["flow_id"] = SpecificFlowClient, FLOW
    return kind(**options)


def test_every_method_has_its_responses_and_no_other() -> None:
    """A new method needs a set, and a set a method."""
    assert methods(FlowsClient) | methods(SpecificFlowClient) == set(RESPONSE_SETS)


@pytest.mark.parametrize(("name", "case"), CASES)
def test_every_case_works_with_its_method(
    name: str, case: str, globus_responses: RequestsMock
) -> None:
    """Called with the arguments that the metadata name; a refusal is raised as it is described."""
    with client_of(name) as client:
        method = getattr(client, name)
        told = load_response(method, case=case).metadata
        arguments = copy.deepcopy(told["args"])
        if "http_status" not in told:
            answer = method(**arguments)
            assert answer.data is not None
            if isinstance(answer, IterableResponse):
                assert all(isinstance(item, dict) for item in answer)
        else:
            with pytest.raises(FlowsAPIError) as caught:
                method(**arguments)
            error = caught.value
            found = (error.http_status, error.code, error.request_id)
            assert found == (told["http_status"], told["code"], told["request_id"])
            assert error.message
    assert get_last_request() is not None


@pytest.mark.parametrize(
    "name", [name for name in RESPONSE_SETS if name in dir(client_of(name).paginated)]
)
def test_the_pages_of_a_list_come_in_turn(name: str, globus_responses: RequestsMock) -> None:
    """Each list with pages has a case with two of them, of one element each."""
    with client_of(name) as client:
        told = load_response(getattr(client, name), case="paginated")
        assert isinstance(told, ResponseList)
        pages: Paginator[t.Any] = getattr(client.paginated, name)(**told.metadata["args"])
        items = [item for page in pages for item in page]

    assert len(items) == told.metadata["num_pages"] == 2


@pytest.mark.parametrize("name", RESPONSE_SETS)
def test_a_method_of_a_class_finds_the_same(name: str) -> None:
    """``load_response(FlowsClient.get_run)``, without a client, or by a string."""
    owner: t.Any = FlowsClient if hasattr(FlowsClient, name) else SpecificFlowClient

    assert get_response_set(getattr(owner, name)) is RESPONSE_SETS[name]
    assert get_response_set(f"flows.{name}") is RESPONSE_SETS[name]


def test_a_description_is_there_if_it_is_asked_for(globus_responses: RequestsMock) -> None:
    """By ``include_flow_description``."""
    with client_of("get_run") as client:
        told = load_response(client.get_run).metadata
        runs = [client.get_run(told["run_id"], include_flow_description=w) for w in (True, False)]

    assert ["flow_description" in run for run in runs] == [True, False]


def test_a_policy_that_requires_a_login_says_so(globus_responses: RequestsMock) -> None:
    """The requirement is beside the error in the body."""
    with client_of("get_web_input") as client:
        told = load_response(client.get_web_input, case="auth_policy_required").metadata
        with pytest.raises(FlowsAPIError) as caught:
            client.get_web_input(**told["args"])

    gare = to_gare(caught.value)
    assert gare is not None
    assert gare.authorization_parameters.session_required_policies
    assert caught.value.code == "AUTHENTICATION_POLICY_REQUIRED"
