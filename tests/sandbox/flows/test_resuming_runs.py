"""Runs that need a consent are resumed after one login; others are waited for and followed."""

from __future__ import annotations

import dataclasses
import threading
import typing as t
from pathlib import Path

import pytest

from globus_core import (
    FlowsClient,
    GlobusSDKUsageError,
    RetryConfig,
    SpecificFlowClient,
    UserApp,
    waiting,
)
from globus_core.exc import NetworkError
from globus_core.services.flows import RunOutcome, run_requirements
from tests.integration.app.helpers import CountedLogin, logins, user_app
from tests.sandbox.flows.conftest import Shop, copying, flow_of
from tests.sandbox.flows.test_flows import PASS, refusal
from tests.sandbox.flows.test_runs import WAIT

if t.TYPE_CHECKING:
    Act = t.Callable[[], object]


class Moving(waiting.Waiter):
    """
    Moves the sandbox's clock for each pause of this thread, and lets runs and tasks work.

    :param shop: the sandbox
    """

    def __init__(self, shop: Shop) -> None:
        self.shop = shop
        self.slept: list[float] = []
        #: what to do before so many pauses
        self.acts: dict[int, Act] = {}
        self._thread = threading.get_ident()

    def sleep(self, seconds: float) -> None:
        """Move the clock."""
        if threading.get_ident() != self._thread:
            self.previous.sleep(seconds)
            return
        self.acts.get(len(self.slept), lambda: None)()
        self.slept.append(seconds)
        self.shop.sandbox.advance_clock(seconds)
        self.shop.settle()

    def passed(self) -> float:
        """How long it has slept."""
        return sum(self.slept)


@pytest.fixture
def moving(ours: Shop, monkeypatch: pytest.MonkeyPatch) -> t.Iterator[Moving]:
    """The pauses, which also count as real time."""
    ours.client.retry_config = RetryConfig(max_retries=0)
    with waiting.use(Moving(ours)) as moving:
        monkeypatch.setattr("globus_core.polling.monotonic", moving.passed)
        yield moving


@dataclasses.dataclass
class Person:
    """
    A person with an app, and a flow of theirs that reads a mapped collection.
    """

    app: UserApp
    flows: FlowsClient
    flow: SpecificFlowClient
    collection: str

    @property
    def asked(self) -> list[str]:
        """What the last login asked for."""
        manager = self.app._login_flow_manager
        assert isinstance(manager, CountedLogin)
        return sorted(map(str, manager.asked[-1].required_scopes or ()))


@pytest.fixture
def person(ours: Shop, tmp_path: Path) -> t.Iterator[Person]:
    """Logged in for Flows and the flow, without a consent for the collection."""
    collection = ours.collection("mapped", tmp_path / "mapped", kind="mapped")
    (tmp_path / "mapped/one.txt").write_text("one")
    with user_app(ours.sandbox) as app, FlowsClient(app=app) as flows:
        app.login()
        flow_id = flows.create_flow("Copy", copying(), {})["id"]
        with SpecificFlowClient(flow_id, app=app) as flow:
            app.login()
            yield Person(app, flows, flow, collection)


def test_a_run_without_a_consent_is_resumed_after_one_login(
    ours: Shop, person: Person, moving: Moving
) -> None:
    """It is inactive meanwhile, and then the file is there."""
    body = {**ours.input(), "source": person.collection}
    run_id = person.flow.run_flow(body)["run_id"]
    ours.settle()
    outcome, run = person.flows.wait_for_run(run_id)
    assert (outcome, run["status"]) == (RunOutcome.NEEDS_LOGIN, "INACTIVE")
    assert list(ours.target_root.iterdir()) == []
    before = logins(person.app)

    resumed = person.flow.login_and_resume(run)

    assert resumed["status"] == "ACTIVE"
    assert logins(person.app) == before + 1
    access = f"*https://auth.globus.org/scopes/{person.collection}/data_access"
    (asked,) = [scope for scope in person.asked if "data_access" in scope]
    assert asked.startswith(str(person.flow.default_scope_requirements[0]))
    assert access in asked
    outcome, run = person.flows.wait_for_run(run_id)
    assert outcome is RunOutcome.SUCCEEDED
    assert (ours.target_root / "copy.txt").read_text() == "one"


def test_the_next_run_needs_no_login(ours: Shop, person: Person, moving: Moving) -> None:
    """The consent stays."""
    body = {**ours.input(), "source": person.collection}
    first = person.flow.run_flow(body)["run_id"]
    ours.settle()
    person.flow.login_and_resume(person.flows.get_run(first).data)
    second = person.flow.run_flow(body)["run_id"]
    ours.settle()
    assert person.flows.wait_for_run(second).outcome is RunOutcome.SUCCEEDED


def test_a_consent_that_is_asked_for_ahead_needs_no_resuming(ours: Shop, person: Person) -> None:
    """By ``add_app_transfer_data_access_scope``."""
    person.flow.add_app_transfer_data_access_scope(person.collection)
    run_id = person.flow.run_flow({**ours.input(), "source": person.collection})["run_id"]
    ours.settle()
    assert person.flows.get_run(run_id)["status"] == "SUCCEEDED"


def test_resuming_without_a_login_leaves_it_inactive(ours: Shop, person: Person) -> None:
    """It needs the same; it can be canceled then, and not resumed any more."""
    run_id = person.flow.run_flow({**ours.input(), "source": person.collection})["run_id"]
    ours.settle()
    person.flow.resume_run(run_id)
    ours.settle()
    run = person.flows.get_run(run_id).data
    assert run_requirements(run) is not None
    assert person.flows.cancel_run(run_id)["details"]["code"] == "FlowCanceled"
    error = refusal(ours, person.flow.resume_run, run_id)
    assert (error.http_status, error.code) == (409, "STATE_CONFLICT")


def test_only_an_app_can_log_in(ours: Shop, person: Person) -> None:
    """A client with an authorizer says so."""
    run_id = person.flow.run_flow({**ours.input(), "source": person.collection})["run_id"]
    ours.settle()
    run = person.flows.get_run(run_id).data
    with pytest.raises(GlobusSDKUsageError, match="no app"):
        ours.starter(run["flow_id"]).login_and_resume(run)


@pytest.mark.parametrize("run", [None, "an-id", 5, {}, {"run_id": "an-id"}, {"status": "INACTIVE"}])
def test_only_a_run_can_be_resumed_after_a_login(person: Person, run: t.Any) -> None:
    """An id does not tell what the run requires."""
    with pytest.raises(GlobusSDKUsageError, match="document of a run"):
        person.flow.login_and_resume(run)


# waiting


def test_a_run_is_waited_for(ours: Shop, moving: Moving) -> None:
    """After 1, 2, 4 ... 30 seconds."""
    run = ours.run(flow_of({**WAIT, "Seconds": 60}))
    outcome, document = ours.client.wait_for_run(run)
    assert (outcome, document["run_id"]) == (RunOutcome.SUCCEEDED, run)
    assert outcome.is_final
    assert moving.slept == [1, 2, 4, 8, 16, 30]


@pytest.mark.parametrize(
    ("act", "outcome"),
    [
        (lambda shop, run: shop.client.cancel_run(run), RunOutcome.CANCELED),
        (lambda shop, run: shop.control("fail-run", run_id=run), RunOutcome.FAILED),
        (lambda shop, run: None, RunOutcome.TIMEOUT),
    ],
)
def test_the_outcome_says_how_it_ended(
    ours: Shop, moving: Moving, act: t.Any, outcome: RunOutcome
) -> None:
    """Canceled, failed, or not yet."""
    run = ours.run(flow_of(WAIT))
    act(ours, run)
    assert ours.client.wait_for_run(run, 10).outcome is outcome


def test_a_lost_network_does_not_end_the_wait(ours: Shop, moving: Moving) -> None:
    """Unless there is nothing else until the timeout."""
    run = ours.run(flow_of(PASS))
    ours.sandbox.fail("/flows/runs/*", drop=True, times=3)
    assert ours.client.wait_for_run(run).outcome is RunOutcome.SUCCEEDED
    ours.sandbox.fail("/flows/runs/*", drop=True, times=9)
    with pytest.raises(NetworkError):
        ours.client.wait_for_run(run, 10)


def test_wrong_waiting_is_refused_at_once(ours: Shop) -> None:
    """A negative time, and a run that is not there."""
    for call in (ours.client.wait_for_run, ours.client.watch_run, ours.client.follow_logs):
        with pytest.raises(GlobusSDKUsageError, match="negative"):
            call("0c7f3a58-4f6e-4a0d-b6c5-98e3d1a2f741", -1)
    error = refusal(ours, ours.client.wait_for_run, "0c7f3a58-4f6e-4a0d-b6c5-98e3d1a2f741")
    assert error.code == "NOT_FOUND"


def test_a_run_is_watched(ours: Shop, moving: Moving) -> None:
    """Each state has what is new in the log."""
    run = ours.run(flow_of(PASS, {**WAIT, "Seconds": 2}))
    states = list(ours.client.watch_run(run))
    assert [state.status for state in states] == ["ACTIVE", "ACTIVE", "SUCCEEDED"]
    assert [state.outcome for state in states] == [None, None, RunOutcome.SUCCEEDED]
    assert [[entry["code"] for entry in state.entries] for state in states] == [
        ["FlowStarted", "PassStarted", "PassCompleted", "WaitStarted"],
        [],
        ["WaitCompleted", "FlowSucceeded"],
    ]


def test_a_log_of_many_pages_is_followed(ours: Shop, moving: Moving) -> None:
    """Each entry comes once, in order, also those after a lost connection."""
    run = ours.run(flow_of(*[PASS] * 120, {**WAIT, "Seconds": 2}, *[PASS] * 30))
    moving.acts[0] = lambda: ours.sandbox.fail("/flows/runs/*/log", drop=True, times=1)
    codes = [entry["code"] for entry in ours.client.follow_logs(run)]
    assert codes == ours.codes(run)
    assert len(codes) == 2 + 2 * 151
