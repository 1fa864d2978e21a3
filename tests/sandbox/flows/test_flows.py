"""Flows in the sandbox: made, found, changed, deleted; what is not valid says where."""

from __future__ import annotations

import sys
import typing as t
from pathlib import Path

import pytest

from globus_core.exc import GlobusAPIError
from globus_core.scopes import FlowsScopes, SpecificFlowScopes
from globus_core_sandbox import Sandbox
from tests.sandbox.flows.conftest import Document, Shop, copying, flow_of

ADA = "urn:globus:auth:identity:"
PASS: Document = {"Type": "Pass"}


def refusal(shop: Shop, call: t.Callable[..., object], *arguments: t.Any, **more: t.Any) -> t.Any:
    """
    The error of a call.
    """
    with pytest.raises(shop.sdk.FlowsAPIError) as refused:
        call(*arguments, **more)
    return refused.value


def problems(error: t.Any) -> list[tuple[list[t.Any], str]]:
    """
    The places that an error is about, and what is wrong there.
    """
    return [(part["loc"], part["msg"]) for part in error.raw_json["error"]["detail"]]


def test_a_flow_is_made_shown_changed_and_deleted(shop: Shop) -> None:
    """With all that it can have; its scope comes and goes with it."""
    owner = ADA + shop.sandbox.confidential_client_id
    group = "urn:globus:groups:id:1d6a9f73-e2c5-4b80-b7f4-8e3c0a5d2916"
    made = shop.client.create_flow(
        "Images",
        flow_of(PASS),
        {"type": "object"},
        subtitle="All of them",
        description="Longer",
        flow_viewers=["public"],
        flow_starters=["all_authenticated_users"],
        flow_administrators=[group],
        keywords=["sky"],
    )
    scope = str(SpecificFlowScopes(made["id"]).user)
    assert made["globus_auth_scope"] == scope
    assert (made["flow_owner"], made["user_role"]) == (owner, "flow_owner")
    assert made["visible_to"] == made["flow_viewers"] == ["public"]
    assert shop.token(scope)
    changed = shop.client.update_flow(made["id"], title="Pictures", subscription_id=None)
    assert (changed["title"], changed["subtitle"]) == ("Pictures", "All of them")
    assert shop.client.get_flow(made["id"])["title"] == "Pictures"
    assert shop.client.delete_flow(made["id"])["DELETED"] is True
    assert refusal(shop, shop.client.get_flow, made["id"]).code == "NOT_FOUND"
    with pytest.raises((GlobusAPIError, shop.sdk.GlobusAPIError)):
        shop.token(scope)


def test_flows_are_listed(shop: Shop) -> None:
    """Page by page, by words, roles and order."""
    for title in ("b", "c", "a"):
        shop.client.create_flow(f"Flow {title}", flow_of(PASS), {}, keywords=[f"key-{title}"])
    for number in range(25):
        shop.control(
            "flows/add",
            title=f"Ada's {number}",
            definition=flow_of(PASS),
            input_schema={},
            flow_viewers=["public"],
        )
    assert len(list(shop.client.paginated.list_flows().items())) == 28
    assert len(shop.client.list_flows()["flows"]) == 20
    own = shop.client.list_flows(filter_roles="flow_owner", orderby="title DESC")
    assert [flow["title"] for flow in own] == ["Flow c", "Flow b", "Flow a"]
    found = shop.client.list_flows(filter_fulltext="KEY-b")
    assert [flow["title"] for flow in found] == ["Flow b"]
    for wrong in ({"orderby": "size"}, {"filter_roles": "king"}, {"marker": "x"}):
        assert refusal(shop, shop.client.list_flows, **wrong).http_status == 422


@pytest.mark.parametrize(
    ("definition", "place"),
    [
        ([], []),
        ({}, ["States"]),
        ({"StartAt": "A", "States": {"B": {"Type": "Pass", "End": True}}}, ["StartAt"]),
        ({"StartAt": ["A"], "States": {"A": {"Type": "Pass", "End": True}}}, ["StartAt"]),
        (flow_of({"Type": "Map"}), ["States", "S0", "Type"]),
        (flow_of({"Type": "Pass", "Next": "S0"}), ["States", "S0"]),
        (flow_of({"Type": "Pass", "OutputPath": "$"}), ["States", "S0", "OutputPath"]),
        (flow_of({"Type": "Pass", "ResultPath": "a"}), ["States", "S0", "ResultPath"]),
        (flow_of({"Type": "Wait"}), ["States", "S0"]),
        (flow_of({"Type": "Wait", "Seconds": -1}), ["States", "S0", "Seconds"]),
        (flow_of({"Type": "Choice", "Choices": []}), ["States", "S0", "Choices"]),
        (
            flow_of({"Type": "Choice", "Choices": [{"Variable": "$.a", "IsNull": True}]}),
            ["States", "S0", "Choices", 0, "Next"],
        ),
        (
            flow_of({"Type": "Choice", "Choices": [{"And": [{"Variable": "a"}], "Next": "S0"}]}),
            ["States", "S0", "Choices", 0, "And", 0, "Variable"],
        ),
        (flow_of({"Type": "Fail", "Error": "a", "ErrorPath": "$.a"}), ["States", "S0"]),
        (copying(ActionUrl="transfer"), ["States", "Copy", "ActionUrl"]),
        (
            copying(Parameters={"a": [{"b.$": "c"}]}),
            ["States", "Copy", "Parameters", "a", 0, "b.$"],
        ),
        (copying(Catch=[{"Next": "Copy"}]), ["States", "Copy", "Catch", 0]),
        (copying(WaitTime=0), ["States", "Copy", "WaitTime"]),
    ],
    ids=str,
)
def test_an_invalid_definition_says_where(
    shop: Shop, definition: t.Any, place: list[t.Any]
) -> None:
    """When it is checked, and when a flow is made or changed."""
    error = refusal(shop, shop.client.validate_flow, definition)
    assert (error.http_status, error.code) == (422, "UNPROCESSABLE_ENTITY")
    assert [where for where, _ in problems(error)] == [["definition", *place]]
    made = refusal(shop, shop.client.create_flow, "A", definition, {})
    assert problems(made) == problems(error)
    flow = shop.make(flow_of(PASS))
    assert problems(refusal(shop, shop.client.update_flow, flow, definition=definition))


def test_our_error_has_the_places(ours: Shop) -> None:
    """As objects."""
    error = refusal(ours, ours.client.validate_flow, flow_of({"Type": "Wait"}))
    (problem,) = error.problems
    assert problem.place == ("definition", "States", "S0")
    assert problem.message in error.message


def test_other_invalid_fields_say_where(shop: Shop) -> None:
    """Schemas, people and texts; several at once."""
    error = refusal(
        shop,
        shop.client.create_flow,
        3,
        flow_of(PASS),
        {"type": "object", "properties": {"a": {"type": "texts"}}},
        flow_starters=["ada@example.org"],
    )
    places = [where for where, _ in problems(error)]
    assert places == [
        ["input_schema", "properties", "a", "type"],
        ["flow_starters", 0],
        ["title"],
    ]
    missing = refusal(shop, shop.client.post, "/flows", data={})
    assert [where for where, _ in problems(missing)] == [
        ["title"],
        ["definition"],
        ["input_schema"],
    ]


def test_a_valid_definition_tells_its_scopes(shop: Shop) -> None:
    """Those that its actions need."""
    assert shop.client.validate_flow(flow_of(PASS))["scopes"] == {}
    scopes = shop.client.validate_flow(copying())["scopes"]
    assert scopes == {"User": ["urn:globus:auth:scope:transfer.api.globus.org:all"]}


@pytest.mark.parametrize(
    "definition",
    [
        flow_of({"Type": "ExpressionEval"}),
        flow_of({"Type": "Pass", "Parameters": {"a.=": "1 + 1"}}),
        flow_of({"Type": "Pass", "Result": 1}),
        copying(ActionUrl="https://actions.globus.org/hello_world"),
        copying(RunAs="Curator"),
    ],
    ids=["expression state", "expression", "result", "other action", "other user"],
)
def test_what_the_sandbox_cannot_run_is_not_implemented(shop: Shop, definition: Document) -> None:
    """It says so, and pretends nothing."""
    error = refusal(shop, shop.client.create_flow, "A", definition, {})
    assert (error.http_status, error.code) == (501, "NOT_IMPLEMENTED")


def test_others_need_a_role(shop: Shop) -> None:
    """A flow that is not visible is unknown; one that is may be neither changed nor started."""
    new: Document = {"title": "A", "definition": flow_of(PASS), "input_schema": {}}
    hidden = shop.control("flows/add", **new)["id"]
    public = shop.control("flows/add", **new, flow_viewers=["public"])["id"]
    assert refusal(shop, shop.client.get_flow, hidden).code == "NOT_FOUND"
    assert shop.client.get_flow(public)["user_role"] == "flow_viewer"
    for call in (shop.client.update_flow, shop.client.delete_flow):
        assert refusal(shop, call, public).code == "FORBIDDEN"
    error = refusal(shop, shop.starter(public).run_flow, {})
    assert (error.http_status, error.code) == (403, "FORBIDDEN")
    assert "RUN" in str(error)


def test_a_token_needs_the_right_scope(shop: Shop) -> None:
    """One for seeing flows does not change them."""
    client = shop.sdk.FlowsClient(authorizer=shop.authorizer(str(FlowsScopes.view_flows)))
    shop.opened.append(client)
    assert list(client.list_flows()) == []
    error = refusal(shop, client.create_flow, "A", flow_of(PASS), {})
    assert (error.http_status, error.code) == (403, "MISSING_SCOPE")
    nobody = shop.sdk.FlowsClient()
    shop.opened.append(nobody)
    assert refusal(shop, nobody.list_flows).code == "AUTHENTICATION_ERROR"


def test_schemas_need_a_package(ours: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """The error says how to install it; a flow that takes any input needs none."""
    monkeypatch.setitem(sys.modules, "jsonschema", None)
    assert ours.make(flow_of(PASS))
    error = refusal(ours, ours.client.create_flow, "A", flow_of(PASS), {"type": "object"})
    assert error.http_status == 501
    assert 'pip install "globus-core[sandbox]"' in str(error)


def test_a_state_file_keeps_flows_with_their_scopes(tmp_path: Path) -> None:
    """Runs are forgotten; a file that does not fit is an error."""
    file = tmp_path / "state.json"
    new: Document = {"title": "A", "definition": flow_of(PASS), "input_schema": {}}
    with Sandbox(state_file=file) as sandbox:
        flow = sandbox.control("flows", "flows/add", **new)["id"]
    with Sandbox(state_file=file) as sandbox:
        kept = sandbox.services["flows"]
        assert kept.describe() == {"flows": {flow: "A"}, "runs": {}}
        assert kept.world.scopes.find(str(SpecificFlowScopes(flow).user)) is not None
        with pytest.raises(ValueError, match="size"):
            kept.load({"flows": [{"size": 1}]})


def test_flows_can_be_there_from_the_beginning() -> None:
    """With an id and an owner of one's own, also after a reset."""
    flow = "a54f2c7e-08c1-4a7b-9d5c-6a1d3f7be204"
    seed = {"id": flow, "title": "A", "definition": flow_of(PASS), "input_schema": {}}
    with Sandbox(options={"flows": {"flows": [seed]}}) as sandbox:
        sandbox.control("flows", "flows/add", **{**seed, "id": None})
        assert len(sandbox.state()["services"]["flows"]["flows"]) == 2
        sandbox.reset()
        assert sandbox.state()["services"]["flows"]["flows"] == {flow: "A"}
