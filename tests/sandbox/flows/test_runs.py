"""Runs in the sandbox: what flows do, and how runs are seen, ended and changed."""

from __future__ import annotations

import typing as t

import pytest

from globus_core.scopes import FlowsScopes
from tests.sandbox.flows.conftest import TRANSFER_URL, Document, Shop, copying, flow_of
from tests.sandbox.flows.test_flows import PASS, refusal

WAIT: Document = {"Type": "Wait", "Seconds": 3600}
CHOICE: Document = {
    "Type": "Choice",
    "Choices": [
        {
            "And": [
                {"Variable": "$.size", "IsPresent": True},
                {"Variable": "$.size", "NumericGreaterThan": 100},
            ],
            "Next": "S1",
        },
        {
            "And": [
                {"Variable": "$.name", "StringMatches": "*.fits"},
                {"Not": {"Variable": "$.size", "IsPresent": True}},
            ],
            "Next": "S2",
        },
    ],
}


def output(shop: Shop, run_id: str) -> t.Any:
    """
    What a run that has succeeded leaves.
    """
    run = shop.client.get_run(run_id)
    assert (run["status"], run["details"]["code"]) == ("SUCCEEDED", "FlowSucceeded"), run["details"]
    return run["details"]["output"]


def failure(shop: Shop, run_id: str) -> t.Any:
    """
    Why a run has failed.
    """
    run = shop.client.get_run(run_id)
    assert (run["status"], run["details"]["code"]) == ("FAILED", "FlowFailed"), run["details"]
    return run["details"]["details"]


def test_states_pass_data_on(shop: Shop) -> None:
    """Parameters refer to data; results are put where they belong; each state is in the log."""
    first = {
        "Type": "Pass",
        "Parameters": {"a.$": "$.list[1]", "b": [{"c.$": "$.x"}]},
        "ResultPath": "$.new.place",
    }
    second = {"Type": "Pass", "InputPath": "$.new.place.a", "ResultPath": "$.copy"}
    run = shop.run(flow_of(first, second, {**PASS, "ResultPath": None}), {"list": [1, 2], "x": "y"})
    assert output(shop, run) == {
        "list": [1, 2],
        "x": "y",
        "new": {"place": {"a": 2, "b": [{"c": "y"}]}},
        "copy": 2,
    }
    states = ["PassStarted", "PassCompleted"] * 3
    assert shop.codes(run) == ["FlowStarted", *states, "FlowSucceeded"]


@pytest.mark.parametrize(
    ("body", "reached"),
    [
        ({"size": 101, "name": "x"}, "big"),
        ({"name": "m31.fits"}, "image"),
        ({"size": 3, "name": ""}, None),
    ],
)
def test_a_choice_leads_to_the_first_rule_that_is_true(
    shop: Shop, body: Document, reached: str | None
) -> None:
    """Or nowhere, which fails the run."""
    ends = [{"Type": "Pass", "Parameters": {"is": name}, "End": True} for name in ("big", "image")]
    flow = flow_of(CHOICE, *ends)
    flow["States"]["S1"].pop("Next")
    run = shop.run(flow, {"size": 0, **body} if reached is None else body)
    if reached is None:
        assert failure(shop, run)["error"] == "NoChoiceMatched"
    else:
        assert output(shop, run)["is"] == reached


def test_waiting_goes_by_the_sandbox_s_clock(shop: Shop) -> None:
    """Meanwhile the run is active."""
    run = shop.run(flow_of(WAIT))
    assert shop.client.get_run(run)["status"] == "ACTIVE"
    shop.sandbox.advance_clock(3599)
    shop.settle()
    assert shop.client.get_run(run)["status"] == "ACTIVE"
    shop.sandbox.advance_clock(2)
    shop.settle()
    assert output(shop, run) == {}


def test_a_flow_fails_as_it_says(shop: Shop) -> None:
    """With its error and cause, from data too; and if its data lack something."""
    fail = {"Type": "Fail", "Error": "Bad", "CausePath": "$.why"}
    assert failure(shop, shop.run(flow_of(fail), {"why": "clouds"})) == {
        "error": "Bad",
        "cause": "clouds",
    }
    assert "$.why" in failure(shop, shop.run(flow_of(fail)))["cause"]


def test_a_flow_that_goes_round_in_circles_ends(ours: Shop) -> None:
    """It would fill the memory."""
    run = ours.run({"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "A"}}})
    assert failure(ours, run)["error"] == "TooManyStates"


def test_an_action_transfers_a_file(shop: Shop) -> None:
    """By the sandbox's Transfer; the result is its task."""
    run = shop.run(copying(), shop.input())
    copied = output(shop, run)["copied"]
    assert (shop.target_root / "copy.txt").read_text() == "one"
    assert (copied["status"], copied["state_name"]) == ("SUCCEEDED", "Copy")
    assert copied["details"]["files_transferred"] == 1
    codes = ["FlowStarted", "ActionStarted", "ActionCompleted", "FlowSucceeded"]
    assert shop.codes(run) == codes


def test_actions_of_files_are_done_at_once(shop: Shop) -> None:
    """Directories are made and listed, a file is described and deleted."""
    place = {"endpoint_id": shop.source}
    states = [
        {
            "Type": "Action",
            "ActionUrl": f"{TRANSFER_URL}{name}",
            "Parameters": given,
            "ResultPath": f"$.{name}",
        }
        for name, given in {
            "mkdir": {**place, "path": "/new"},
            "ls": {**place, "path": "/"},
            "stat": {**place, "path": "/one.txt"},
            "delete": {"endpoint": shop.source, "DATA": [{"path": "/one.txt"}]},
        }.items()
    ]
    found = output(shop, shop.run(flow_of(*states)))
    assert [file["name"] for file in found["ls"]["details"]["DATA"]] == ["new", "one.txt"]
    assert found["stat"]["details"]["size"] == 3
    assert [path.name for path in shop.source_root.iterdir()] == ["new"]


def test_an_action_that_cannot_be_done_fails_or_is_caught(shop: Shop) -> None:
    """With the error of Transfer."""
    ls = {
        "Type": "Action",
        "ActionUrl": f"{TRANSFER_URL}ls",
        "Parameters": {"endpoint_id": shop.source, "path": "/no"},
    }
    failed = failure(shop, shop.run(flow_of(ls)))
    assert (failed["error"], failed["cause"]["code"]) == (
        "ActionUnableToRun",
        "ClientError.NotFound",
    )
    catch = {"ErrorEquals": ["ActionUnableToRun"], "ResultPath": "$.error", "Next": "S1"}
    caught = output(shop, shop.run(flow_of({**ls, "Catch": [catch]}, PASS), {"a": 1}))
    assert (caught["a"], caught["error"]["Error"]) == (1, "ActionUnableToRun")


@pytest.mark.parametrize(
    ("more", "hours", "error"),
    [
        ({}, 25, None),
        ({"ExceptionOnActionFailure": True}, 25, "ActionFailedException"),
        ({"WaitTime": 60}, 1, "ActionTimeout"),
    ],
)
def test_a_task_that_fails_or_takes_too_long_may_be_an_exception(
    shop: Shop, more: Document, hours: int, error: str | None
) -> None:
    """A failure only if the flow wants it."""
    run = shop.run(copying(**more), shop.input("/missing.txt"))
    assert shop.client.get_run(run)["status"] == "ACTIVE"
    shop.sandbox.advance_clock(3600 * hours)
    shop.settle()
    if error is None:
        assert output(shop, run)["copied"]["status"] == "FAILED"
    else:
        assert failure(shop, run)["error"] == error


def test_a_run_is_canceled_with_its_task(shop: Shop) -> None:
    """No file comes; it cannot be canceled again, and is deleted then."""
    shop.control("disconnect", "transfer", collection_id=shop.source)
    run = shop.run(copying(), shop.input())
    assert refusal(shop, shop.client.delete_run, run).code == "STATE_CONFLICT"
    canceled = shop.client.cancel_run(run)
    assert (canceled["status"], canceled["details"]["code"]) == ("FAILED", "FlowCanceled")
    shop.settle()
    shop.control("connect", "transfer", collection_id=shop.source)
    shop.sandbox.advance_clock(3000)
    shop.settle()
    assert list(shop.target_root.iterdir()) == []
    assert shop.codes(run)[-1] == "FlowCanceled"
    assert refusal(shop, shop.client.cancel_run, run).http_status == 409
    assert shop.client.delete_run(run)["run_id"] == run
    assert refusal(shop, shop.client.get_run, run).code == "NOT_FOUND"


def test_runs_are_listed_and_changed(shop: Shop) -> None:
    """The newest first, by flow and role, with label and tags."""
    first, second = shop.make(flow_of(PASS)), shop.make(flow_of(PASS), run_monitors=[])
    runs = [
        str(shop.starter(flow).run_flow({}, label=flow)["run_id"])
        for flow in (first, second, first)
    ]
    assert [run["run_id"] for run in shop.client.list_runs()] == runs[::-1]
    only = shop.client.list_runs(filter_flow_id=[second], filter_roles="run_owner")
    assert [run["run_id"] for run in only] == [runs[1]]
    assert list(shop.client.list_runs(filter_roles="run_monitor")) == []
    shop.client.update_run(runs[0], label="new", tags=["a"])
    shown = shop.client.get_run(runs[0], include_flow_description=True)
    assert (shown["label"], shown["tags"], shown["flow_description"]["title"]) == (
        "new",
        ["a"],
        "A flow",
    )
    assert refusal(shop, shop.client.update_run, runs[0], run_managers=["ada"]).http_status == 422


def test_a_run_keeps_its_definition(shop: Shop) -> None:
    """Also if the flow has another one now."""
    flow = shop.make(flow_of(WAIT))
    run = str(shop.starter(flow).run_flow({})["run_id"])
    shop.client.update_flow(flow, definition=flow_of(PASS))
    assert shop.client.get_run_definition(run)["definition"] == flow_of(WAIT)


def test_logs_have_pages_and_an_order(shop: Shop) -> None:
    """Ten entries at once, the earliest first unless asked otherwise."""
    run = shop.run(flow_of(*[PASS] * 6))
    assert len(list(shop.client.get_run_logs(run))) == 10
    codes = shop.codes(run)
    assert len(codes) == 14
    latest = shop.client.get_run_logs(run, limit=1, reverse_order=True)
    assert [entry["code"] for entry in latest] == ["FlowSucceeded"]


def test_input_must_fit_the_schema(shop: Shop) -> None:
    """The error says where it does not; ``validate_run`` starts nothing."""
    schema = {
        "type": "object",
        "required": ["n"],
        "properties": {"n": {"type": "integer"}, "m": {}},
    }
    flow = shop.make(flow_of(PASS), schema)
    starter = shop.starter(flow)
    for call in (starter.run_flow, starter.validate_run):
        error = refusal(shop, call, {"n": "three"})
        assert (error.http_status, error.code) == (400, "FLOW_INPUT_ERROR")
        assert error.raw_json["error"]["detail"][0]["loc"] == ["$.n"]
        assert "integer" in error.messages[0]
    assert starter.validate_run({"n": 3})["message"]
    assert list(shop.client.list_runs()) == []


def test_a_flow_needs_its_own_token(shop: Shop) -> None:
    """That of another flow or of all flows is not enough; for one without actions ``run`` is."""
    flow, other, plain = shop.make(copying()), shop.make(copying()), shop.make(flow_of(PASS))
    starter = shop.starter(flow)
    starter.authorizer = shop.starter(other).authorizer
    assert refusal(shop, starter.run_flow, {}).http_status == 401
    for scope in (FlowsScopes.all, FlowsScopes.run):
        starter.authorizer = shop.authorizer(str(scope))
        assert refusal(shop, starter.run_flow, {}).code == "MISSING_SCOPE"
    anybody = shop.starter(plain)
    anybody.authorizer = shop.authorizer(str(FlowsScopes.run))
    assert anybody.run_flow({})["status"] == "ACTIVE"


def test_unknown_flows_and_runs_are_refused(shop: Shop) -> None:
    """By each method."""
    unknown = "0c7f3a58-4f6e-4a0d-b6c5-98e3d1a2f741"
    client = shop.client
    starter = shop.sdk.SpecificFlowClient(unknown, authorizer=shop.authorizer(str(FlowsScopes.all)))
    shop.opened.append(starter)
    calls = [
        client.get_flow,
        client.delete_flow,
        client.update_flow,
        client.get_run,
        client.cancel_run,
    ]
    calls += [client.get_run_definition, client.get_run_logs, client.update_run, client.delete_run]
    calls += [client.get_web_input, client.get_registered_api, starter.resume_run]
    for call in calls:
        assert refusal(shop, call, unknown).code == "NOT_FOUND"
    assert refusal(shop, starter.run_flow, {}).code == "NOT_FOUND"


def test_people_are_asked_and_answer(shop: Shop) -> None:
    """By web inputs, which a control verb makes."""
    run = shop.run(flow_of(WAIT))
    made = shop.control("web-inputs/add", run_id=run, title="Go on?", options=["Yes", "No"])
    (listed,) = shop.client.paginated.list_web_inputs(
        filter_states="open", filter_run_ids=run
    ).items()
    assert (listed["title"], listed["user_roles"]) == ("Go on?", ["viewer", "respondent"])
    shown = shop.client.get_web_input(made["id"])
    option = shown["options"][0]["option_id"]
    assert refusal(shop, shop.client.respond_to_web_input, made["id"], "maybe").http_status == 422
    shop.client.respond_to_web_input(made["id"], option)
    assert shop.client.get_web_input(made["id"])["status"] == "closed"
    assert refusal(shop, shop.client.respond_to_web_input, made["id"], option).http_status == 409


def test_registered_apis_are_seen(shop: Shop) -> None:
    """Those of the caller, in order."""
    owner = shop.sandbox.confidential_client_id
    for name in ("b", "a"):
        shop.control("registered-apis/add", name=name, owner=owner)
    shop.control("registered-apis/add", name="of Ada")
    listed = list(shop.client.list_registered_apis(orderby="name ASC", per_page=5))
    assert [api["name"] for api in listed] == ["a", "b"]
    assert shop.client.get_registered_api(listed[0]["id"])["status"] == "ACTIVE"


def test_a_transfer_that_is_not_to_be_reached_for_a_while_is_waited_for(shop: Shop) -> None:
    """The task goes on meanwhile."""
    shop.sandbox.fail("/transfer/v0.10/task/*", status=503, times=2)
    shop.sandbox.fail("/transfer/v0.10/task/*", drop=True, times=1)
    run = shop.run(copying(), shop.input())
    shop.settle()
    shop.settle()
    assert output(shop, run)["copied"]["status"] == "SUCCEEDED"


def test_schemas_fetch_nothing(shop: Shop) -> None:
    """References lead to other parts of the schema, and to the drafts of JSON schema."""
    own = {"$ref": "#/definitions/text", "definitions": {"text": {"type": "object"}}}
    assert shop.starter(shop.make(flow_of(PASS), own)).validate_run({})["message"]
    other = shop.starter(shop.make(flow_of(PASS), {"$ref": "http://127.0.0.1:9/schema.json"}))
    assert refusal(shop, other.validate_run, {}).http_status == 501


def test_a_run_fails_when_a_test_orders_it(shop: Shop) -> None:
    """By a control verb."""
    run = shop.run(flow_of(WAIT))
    shop.control("fail-run", run_id=run, error="Storm", cause="wind")
    assert failure(shop, run) == {"error": "Storm", "cause": "wind"}


@pytest.mark.parametrize(
    ("seconds", "status"),
    [(10**30, "ACTIVE"), (10**400, "FAILED"), ("nan", "FAILED"), ("inf", "FAILED")],
)
def test_a_long_wait_keeps_no_other_run_waiting(ours: Shop, seconds: t.Any, status: str) -> None:
    """What is no number of seconds fails the run."""
    wait = {"Type": "Wait", "SecondsPath": "$.seconds"}
    long = ours.run(flow_of(wait), {"seconds": seconds})
    short = ours.run(flow_of(PASS))
    found = [ours.client.get_run(run)["status"] for run in (long, short)]
    assert found == [status, "SUCCEEDED"]
