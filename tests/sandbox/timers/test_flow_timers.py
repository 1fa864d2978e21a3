"""Timers that start flows in the sandbox's Flows, with the consents of their owner."""

from __future__ import annotations

import typing as t

from globus_core.scopes import FlowsScopes, SpecificFlowScopes
from tests.sandbox.timers.conftest import TIMER, Site
from tests.sandbox.timers.test_timers import HOUR, NONE, refused

SCHEMA = {
    "type": "object",
    "properties": {"name": {"type": "string"}},
    "required": ["name"],
    "additionalProperties": False,
}
PASS = {"StartAt": "Done", "States": {"Done": {"Type": "Pass", "End": True}}}


def add_flow(site: Site, **more: t.Any) -> str:
    """A flow of the confidential client that only passes."""
    owner = site.sandbox.confidential_client_id
    flow = {"title": "A flow", "definition": PASS, "input_schema": SCHEMA, **more}
    return str(site.sandbox.control("flows", "flows/add", owner=owner, **flow)["id"])


def timer_of(site: Site, flow: str, schedule: t.Any, **more: t.Any) -> str:
    """Create a timer that starts a flow."""
    body = {"body": {"name": "ada"}, "label": "from a timer", **more}
    timer = site.sdk.FlowTimer(flow_id=flow, name="flows", schedule=schedule, body=body)
    return str(site.client.create_timer(timer)["timer"]["job_id"])


def runs(site: Site) -> list[dict[str, t.Any]]:
    """The runs of the confidential client."""
    client = site.sdk.FlowsClient(
        authorizer=site.sdk.AccessTokenAuthorizer(site.token(str(FlowsScopes.all))),
        base_url=site.sandbox.service_url("flows"),
    )
    site.clients.append(client)
    return list(client.list_runs())


def user(flow: str) -> str:
    """The scope of a timer that may start the flow."""
    return f"{TIMER}[{SpecificFlowScopes(flow).user}]"


def test_a_timer_starts_a_flow_each_time(site: Site) -> None:
    """With its input and label; the answers are those of Flows."""
    flow = add_flow(site)
    site.client = site.client_for(user(flow))
    schedule = site.sdk.RecurringTimerSchedule(HOUR, end={"condition": "iterations", "count": 3})
    timer = timer_of(site, flow, schedule)
    site.pass_time(2 * HOUR)
    shown = site.client.get_job(timer)
    assert (shown["n_runs"], shown["n_errors"], shown["status"]) == (3, 0, "ended")
    assert shown["callback_url"].endswith(f"/flows/{flow}/run")
    started = [result["data"]["run_id"] for result in shown["results"]["data"]]
    found = runs(site)
    assert sorted(run["run_id"] for run in found) == sorted(started)
    assert {run["label"] for run in found} == {"from a timer"}


def test_a_new_flow_timer_has_names_of_the_old_form(site: Site) -> None:
    """As those of the service."""
    flow = add_flow(site)
    schedule = site.sdk.OnceTimerSchedule(site.soon(HOUR))
    document = site.sdk.FlowTimer(flow_id=flow, schedule=schedule, body={"body": {}})
    made = site.client.create_timer(document)["timer"]
    assert (made["timer_type"], made["n_runs"], made["scope"]) == (
        *("flow", 0),
        str(SpecificFlowScopes(flow).user),
    )
    assert made["stop_after"] == {"date": None, "n_runs": 1}


def test_a_timer_without_the_consent_for_a_flow_waits(site: Site) -> None:
    """It says what it lacks; with that it goes on."""
    flow = add_flow(site)
    timer = timer_of(site, flow, site.sdk.OnceTimerSchedule())
    site.settle()
    reason = site.client.get_job(timer)["inactive_reason"]
    assert reason["detail"]["authorization_parameters"]["required_scopes"] == [user(flow)]
    site.client_for(user(flow)).resume_job(timer, update_credentials=True)
    site.settle()
    assert site.client.get_job(timer)["status"] == "ended"
    assert len(runs(site)) == 1


def test_an_input_that_the_flow_refuses_is_an_error_of_the_run(site: Site) -> None:
    """The timer has run all the same."""
    flow = add_flow(site)
    site.client = site.client_for(user(flow))
    timer = timer_of(site, flow, site.sdk.OnceTimerSchedule(), body={"name": 5})
    site.settle()
    shown = site.client.get_job(timer)
    assert (shown["n_runs"], shown["n_errors"], shown["status"]) == (1, 1, "ended")
    assert runs(site) == []


def test_a_flow_that_is_not_there_is_an_error_of_the_run(site: Site) -> None:
    """What is no id is refused at once."""
    timer = timer_of(site, NONE, site.sdk.OnceTimerSchedule())
    site.settle()
    assert site.client.get_job(timer)["n_errors"] == 1
    refused(422, timer_of, site, "a-flow", site.sdk.OnceTimerSchedule())


def test_a_timer_in_the_old_form_starts_a_flow_as_well(site: Site) -> None:
    """By the URL of the flow."""
    flow = add_flow(site)
    site.client = site.client_for(user(flow))
    url = f"https://flows.automate.globus.org/flows/{flow}/run"
    job = site.sdk.TimerJob(url, {"body": {"name": "ada"}}, site.soon(HOUR), None)
    timer = site.client.create_job(job)["job_id"]
    site.pass_time(HOUR)
    assert len(runs(site)) == 1
    refused(501, site.client.update_job, timer, {"start": "2040-01-01T00:00:00Z"})
