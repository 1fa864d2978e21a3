"""
The canned responses of Timers: each method works with its own.
"""

from __future__ import annotations

import copy
import typing as t

import pytest

from globus_core import AccessTokenAuthorizer, BaseClient, TimersAPIError, TimersClient
from globus_core.testing import get_last_request, get_response_set, load_response
from globus_core.transport import RetryConfig
from globus_core_timers.canned import RESPONSE_SETS

if t.TYPE_CHECKING:
    from responses import RequestsMock

CASES = [(name, case) for name, cases in sorted(RESPONSE_SETS.items()) for case in cases.cases()]
#: methods that send nothing
LOCAL = {"add_app_flow_user_scope", "add_app_transfer_data_access_scope"}


def test_every_method_has_its_responses_and_no_other() -> None:
    """A new method needs a set, and a set a method."""
    named = {n for n in dir(TimersClient) if n[0] != "_" and not hasattr(BaseClient, n)}

    assert named - LOCAL == set(RESPONSE_SETS)


@pytest.mark.parametrize(("name", "case"), CASES)
def test_every_case_works_with_its_method(
    name: str, case: str, globus_responses: RequestsMock
) -> None:
    """Called with the arguments that the metadata name; a refusal is raised as it is described."""
    authorizer = AccessTokenAuthorizer("made-up")
    with TimersClient(authorizer=authorizer, retry_config=RetryConfig(max_retries=0)) as client:
        method = getattr(client, name)
        told = load_response(method, case=case).metadata
        default = RESPONSE_SETS[name].lookup("default").metadata
        arguments = copy.deepcopy(told.get("args", default["args"]))
        if "http_status" not in told:
            assert method(**arguments).data is not None
        else:
            with pytest.raises(TimersAPIError) as caught:
                method(**arguments)
            found = (caught.value.http_status, caught.value.code)
            assert found == (told["http_status"], told["code"])
            assert caught.value.messages == told.get("expect_messages", caught.value.messages)
    assert get_last_request() is not None
    assert get_response_set(getattr(TimersClient, name)) is RESPONSE_SETS[name]
