"""
The canned responses of Globus Groups: each method of the client works with its own.
"""

from __future__ import annotations

import copy
import typing as t

import pytest

from globus_core import AccessTokenAuthorizer, BaseClient, GroupsAPIError, GroupsClient
from globus_core.testing import get_last_request, get_response_set, load_response
from globus_core.transport import RetryConfig
from globus_core_groups.canned import RESPONSE_SETS

if t.TYPE_CHECKING:
    from responses import RequestsMock

CASES = [(name, case) for name, cases in sorted(RESPONSE_SETS.items()) for case in cases.cases()]
#: methods that send only what others do
LOCAL = {"members", "sync_members"}


@pytest.fixture
def client(globus_responses: RequestsMock) -> t.Iterator[GroupsClient]:
    """A client that is nowhere, and does not try again."""
    with GroupsClient(
        base_url="https://groups.example.org/",
        authorizer=AccessTokenAuthorizer("made-up"),
        retry_config=RetryConfig(max_retries=0),
    ) as client:
        yield client


def test_every_method_has_its_responses_and_no_other() -> None:
    """A new method needs a set, and a set a method."""
    names = {name for name in dir(GroupsClient) if name[0] != "_"}

    assert {name for name in names if not hasattr(BaseClient, name)} - LOCAL == set(RESPONSE_SETS)


@pytest.mark.parametrize(("name", "case"), CASES)
def test_every_case_works_with_its_method(name: str, case: str, client: GroupsClient) -> None:
    """Called with the arguments that the metadata name; a refusal is raised as it is described."""
    method = getattr(client, name)
    told = load_response(method, case=case).metadata
    arguments = copy.deepcopy(told["args"])
    if "http_status" not in told:
        assert method(**arguments).data
    else:
        with pytest.raises(GroupsAPIError) as caught:
            method(**arguments)
        error = caught.value
        assert (error.http_status, error.code) == (told["http_status"], told["code"])
        assert "you have no role" in str(error) or case != "forbidden"
    assert get_last_request() is not None


@pytest.mark.parametrize("name", RESPONSE_SETS)
def test_a_method_of_the_class_finds_the_same(name: str) -> None:
    """``load_response(GroupsClient.get_group)``, without a client, or by a string."""
    found = get_response_set(getattr(GroupsClient, name))

    assert get_response_set(f"groups.{name}") is RESPONSE_SETS[name]
    assert found.lookup("default").metadata == RESPONSE_SETS[name].lookup("default").metadata


def test_a_partial_failure_is_a_success(client: GroupsClient) -> None:
    """With what was done, and what was not."""
    told = load_response(client.batch_membership_action, case="partial").metadata
    answer = client.batch_membership_action(**told["args"])

    assert answer.http_status == 200
    assert [each["username"] for each in answer["add"]] == ["grace@example.org"]
    assert [each["code"] for each in answer["errors"]["remove"]] == ["NO_MEMBERSHIP"]
