"""
What a timer of the sandbox does at a run: it calls another service over HTTP.
"""

from __future__ import annotations

import typing as t
import uuid

import pytest

from globus_core.scopes import SpecificFlowScopes, TimersScopes
from globus_core.testing.sandbox import ApiError, Caller
from globus_core_timers.sandbox.jobs import Job
from globus_core_timers.sandbox.runs import Busy, Requirements, run
from globus_core_timers.sandbox.schedules import Schedule
from tests.integration.transport.scripted import Answer, Reset, Seen, running

FLOW = str(uuid.UUID(int=3))
USER = str(SpecificFlowScopes(FLOW).user)
TIMER = str(TimersScopes.timer)
CALLER = Caller("ada", "ada@example.org", ("ada",), "a-client", "timers", *(frozenset(),) * 2, "t")
BODY = {"body": {"path": "/a"}, "label": "nightly"}
GARE = {"code": "AuthorizationRequired", "authorization_parameters": {"session_required_mfa": True}}


class World:
    """
    Knows where Flows is, and gives a token or refuses it.
    """

    def __init__(self, url: str = "", refusal: ApiError | None = None) -> None:
        self._url = url
        self._refusal = refusal

    def url(self, service: str) -> str:
        """Only Flows is called here."""
        assert service == "flows"
        return f"{self._url.rstrip('/')}/flows-service/"

    def token(self, server: str, scopes: list[str], on_behalf_of: Caller) -> str:
        """For the scope of the flow, with the consents of the timer's owner."""
        assert (server, scopes, on_behalf_of) == (TimersScopes.resource_server, [USER], CALLER)
        if self._refusal is not None:
            raise self._refusal
        return "a-token-for-the-flow"


def job() -> Job:
    """A timer that starts the flow."""
    return Job(
        id="a-timer",
        caller=CALLER,
        kind="flow",
        body=BODY,
        schedule=Schedule(0.0),
        submitted_at=0.0,
        callback_url="",
        callback_body=BODY,
        flow_id=FLOW,
    )


def answered(behaviour: t.Any) -> tuple[tuple[int, t.Any], list[Seen]]:
    """The result of a run, and what Flows was asked."""
    with running() as server:
        server.answer(behaviour)
        world: t.Any = World(server.url)
        return run(world, job()), server.seen


def test_a_flow_is_started_as_its_client_starts_it() -> None:
    """With the body of the timer and a token for the flow."""
    result, (seen,) = answered(Answer(201, {"run_id": "a-run"}))

    assert result == (201, {"run_id": "a-run"})
    assert (seen.method, seen.target) == ("POST", f"/flows-service/flows/{FLOW}/run")
    assert seen.headers["authorization"] == "Bearer a-token-for-the-flow"
    assert seen.json == BODY


def test_a_token_that_is_not_given_is_a_missing_consent() -> None:
    """For the scope of the flow below that of Timers."""
    world: t.Any = World(refusal=ApiError(403, "not approved"))
    with pytest.raises(Requirements) as caught:
        run(world, job())

    parameters = caught.value.document["authorization_parameters"]
    assert parameters["required_scopes"] == [f"{TIMER}[{USER}]"]


def test_an_unknown_flow_is_an_error_of_the_run() -> None:
    """Nobody can consent to it."""
    world: t.Any = World(refusal=ApiError(400, "unknown scope"))
    with pytest.raises(ApiError, match="unknown scope"):
        run(world, job())


@pytest.mark.parametrize(
    ("body", "document"),
    [
        (GARE, GARE),
        (
            {"code": "ConsentRequired", "required_scopes": [f"{USER}[a]"]},
            {
                "code": "ConsentRequired",
                "authorization_parameters": {
                    "session_message": "A consent is missing.",
                    "required_scopes": [f"{TIMER}[{USER}[a]]"],
                },
            },
        ),
    ],
)
def test_what_a_service_wants_first_is_a_requirement(
    body: dict[str, t.Any], document: dict[str, t.Any]
) -> None:
    """Of the timer; a consent is asked for below its own scope."""
    with pytest.raises(Requirements) as caught:
        answered(Answer(403, body))

    assert caught.value.document == document


def test_files_that_are_in_use_can_be_waited_for() -> None:
    """By trying again."""
    with pytest.raises(Busy, match="in use"):
        answered(Answer(409, {"code": "Conflict", "message": "in use"}))


@pytest.mark.parametrize(
    ("behaviour", "status"),
    [(Answer(404, {"code": "NOT_FOUND", "message": "no such flow"}), 404), (Reset(), 502)],
)
def test_anything_else_is_an_error_of_the_run(behaviour: t.Any, status: int) -> None:
    """A refusal with its status, and a network error as a bad gateway."""
    with pytest.raises(ApiError) as caught:
        answered(behaviour)

    assert caught.value.status == status
