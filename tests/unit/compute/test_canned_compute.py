"""
The canned responses of Compute: each method of both clients works with its own.
"""

from __future__ import annotations

import copy
import typing as t

import pytest

from globus_core import AccessTokenAuthorizer, BaseClient, ComputeClientV2, ComputeClientV3
from globus_core.testing import get_last_request, get_response_set, load_response
from globus_core_compute.canned import RESPONSE_SETS

if t.TYPE_CHECKING:
    from responses import RequestsMock

CLIENTS: dict[str, type[BaseClient]] = {"v2": ComputeClientV2, "v3": ComputeClientV3}
CASES = [(name, case) for name, cases in sorted(RESPONSE_SETS.items()) for case in cases.cases()]


def test_every_method_has_its_responses_and_no_other() -> None:
    """A new method needs a set, and a set a method."""
    named = {
        f"{version}.{name}"
        for version, kind in CLIENTS.items()
        for name in dir(kind)
        if name[0] != "_" and not hasattr(BaseClient, name)
    }

    assert named == set(RESPONSE_SETS)


@pytest.mark.parametrize(("name", "case"), CASES)
def test_every_case_works_with_its_method(
    name: str, case: str, globus_responses: RequestsMock
) -> None:
    """Called with the arguments that the metadata name, for a client and for its class."""
    version, _, method = name.partition(".")
    kind = CLIENTS[version]
    with kind(authorizer=AccessTokenAuthorizer("made-up")) as client:
        bound = getattr(client, method)
        arguments = copy.deepcopy(load_response(bound, case=case).metadata["args"])
        assert bound(**arguments).data is not None
    assert get_last_request() is not None
    assert get_response_set(getattr(kind, method)) is RESPONSE_SETS[name]
