"""Timers of the sandbox start flows."""

from __future__ import annotations

from globus_core import FlowTimer, OnceTimerSchedule, TimersClient
from globus_core.scopes import SpecificFlowScopes, TimersScopes
from tests.sandbox.flows.conftest import Shop, flow_of
from tests.sandbox.flows.test_flows import PASS


def test_a_timer_starts_a_flow(ours: Shop) -> None:
    """With its body as the request, for the person who made the timer."""
    flow = ours.make(flow_of(PASS))
    scope = TimersScopes.timer.with_dependency(SpecificFlowScopes(flow).user)
    with TimersClient(authorizer=ours.authorizer(str(scope))) as timers:
        body = {"body": {"n": 1}, "label": "by a timer"}
        timer = FlowTimer(flow_id=flow, name="t", schedule=OnceTimerSchedule(), body=body)
        made = timers.create_timer(timer)["timer"]
        for service in ("timers", "flows", "timers"):
            ours.control("settle", service)
        (run,) = ours.client.list_runs()
        assert (run["status"], run["label"], run["flow_id"]) == ("SUCCEEDED", "by a timer", flow)
        assert run["details"]["output"] == {"n": 1}
        assert timers.get_job(made["job_id"])["n_runs"] == 1
