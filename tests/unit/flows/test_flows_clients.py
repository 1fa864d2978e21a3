"""
What the clients of Flows are, and what they ask an app for.
"""

from __future__ import annotations

import copy
import pickle
import typing as t
import uuid

import pytest

from globus_core import (
    FlowsAPIError,
    FlowsClient,
    GlobusSDKUsageError,
    MemoryTokenStorage,
    SpecificFlowClient,
    UserApp,
    ValidationError,
    client_class,
)
from globus_core.globus_app import GlobusAppConfig
from globus_core.scopes import FlowsScopes

A, B, FLOW = (str(uuid.UUID(int=number)) for number in (1, 2, 3))
USER = f"https://auth.globus.org/scopes/{FLOW}/flow_{FLOW.replace('-', '_')}_user"
TRANSFER = "urn:globus:auth:scope:transfer.api.globus.org:all"


@pytest.fixture
def app() -> t.Iterator[UserApp]:
    """An app that nobody has logged in to."""
    config = GlobusAppConfig(token_storage=MemoryTokenStorage())
    with UserApp("tests", client_id=A, config=config) as app:
        yield app


def test_the_class_knows_its_server_and_scopes() -> None:
    """As an instance does."""
    for one in (FlowsClient, FlowsClient()):
        assert one.resource_server == "flows.globus.org"
        assert one.default_scope_requirements == [FlowsScopes.all]
        assert one.scopes is FlowsScopes
        assert one.error_class is FlowsAPIError
    assert client_class("flows") is FlowsClient


def test_a_flow_s_client_has_the_flow_s_server_and_scope() -> None:
    """The id is text or a UUID, and need not be a UUID."""
    for flow_id in (FLOW, uuid.UUID(FLOW)):
        client = SpecificFlowClient(flow_id)
        assert client.resource_server == FLOW
        assert [str(scope) for scope in client.default_scope_requirements] == [USER]
        assert client.scopes is not None
        assert client.scopes.resource_server == FLOW
        assert [str(scope) for scope in client.scopes] == [USER]
    assert SpecificFlowClient("a-flow").resource_server == "a-flow"


@pytest.mark.parametrize(
    "copied", [copy.copy, copy.deepcopy, lambda c: pickle.loads(pickle.dumps(c))]
)
def test_a_copy_is_of_the_same_flow(copied: t.Callable[[t.Any], t.Any]) -> None:
    """With its scopes."""
    client = copied(SpecificFlowClient(FLOW))

    assert client.resource_server == FLOW
    assert str(client.scopes.user) == USER


def test_the_class_of_a_flow_s_client_has_no_server() -> None:
    """Since it is not known which flow is meant."""
    scopes: t.Any = SpecificFlowClient.scopes
    for wrong in (
        lambda: SpecificFlowClient.resource_server,
        lambda: scopes.resource_server,
        lambda: scopes.user,
        lambda: list(scopes),
    ):
        with pytest.raises(AttributeError, match="make a SpecificFlowClient"):
            wrong()
    with pytest.raises(AttributeError, match="other"):
        _ = scopes.other
    assert "flow" in repr(scopes)


@pytest.mark.parametrize("wrong", [None, 3, b"id", SpecificFlowClient])
def test_an_id_of_another_kind_is_refused(wrong: t.Any) -> None:
    """At once, by the name of the argument."""
    with pytest.raises(GlobusSDKUsageError, match="flow_id"):
        SpecificFlowClient(wrong)


def test_an_app_is_asked_for_the_flow_s_scope(app: UserApp) -> None:
    """Beside that of Flows."""
    FlowsClient(app=app)
    SpecificFlowClient(FLOW, app=app)

    asked = {rs: [str(one) for one in scopes] for rs, scopes in app.scope_requirements.items()}
    assert asked[FLOW] == [USER]
    assert asked["flows.globus.org"] == [str(FlowsScopes.all)]


@pytest.mark.parametrize("ids", [A, uuid.UUID(A), [A, uuid.UUID(B)]])
def test_a_flow_s_access_to_collections_is_asked_for(app: UserApp, ids: t.Any) -> None:
    """One or several, for Transfer as the flow uses it; the client is returned."""
    client = SpecificFlowClient(FLOW, app=app)

    assert client.add_app_transfer_data_access_scope(ids) is client
    (scope,) = app.scope_requirements[FLOW]
    collections = [A, B] if isinstance(ids, list) else [A]
    access = [f"*https://auth.globus.org/scopes/{each}/data_access" for each in collections]
    (transfer,) = scope.dependencies
    assert scope.scope_string == USER
    assert (transfer.scope_string, transfer.optional) == (TRANSFER, True)
    assert sorted(str(each) for each in transfer.dependencies) == access


@pytest.mark.parametrize(
    ("ids", "place"), [("x", "'collection_ids'"), ([A, "x"], r"'collection_ids\[1\]'")]
)
def test_an_id_of_a_collection_must_be_a_uuid(app: UserApp, ids: t.Any, place: str) -> None:
    """The error says which."""
    client = SpecificFlowClient(FLOW, app=app)

    with pytest.raises(ValidationError, match=f"{place} must be a UUID, not 'x'"):
        client.add_app_transfer_data_access_scope(ids)


def test_access_to_collections_needs_an_app() -> None:
    """There is nobody else to ask."""
    with pytest.raises(GlobusSDKUsageError, match="no app"):
        SpecificFlowClient(FLOW).add_app_transfer_data_access_scope(A)


@pytest.mark.parametrize("wrong", ["", ".", ".."])
def test_an_id_that_is_no_segment_of_a_path_is_refused(wrong: str) -> None:
    """Before anything is sent."""
    with pytest.raises(GlobusSDKUsageError):
        FlowsClient().get_flow(wrong)
    with pytest.raises(GlobusSDKUsageError):
        SpecificFlowClient(wrong).run_flow({})
