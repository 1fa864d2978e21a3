"""
Tasks are submitted once, and waited for.
"""

from __future__ import annotations

import typing as t

import pytest

from globus_core import (
    DeleteData,
    GlobusSDKUsageError,
    TransferAPIError,
    TransferClient,
    TransferData,
    waiting,
)
from globus_core.experimental import TransferClientV2, TunnelCreateDocument
from globus_core.services.transfer import CreateTunnelData, TaskOutcome
from tests.unit.transfer.answering import answered

ACCEPTED = {"code": "Accepted", "task_id": "a-task"}
SUBMISSIONS: dict[str, t.Callable[[], dict[str, t.Any]]] = {
    "submit_transfer": lambda: TransferData("a", "b"),
    "submit_delete": lambda: DeleteData("a"),
}


@pytest.fixture
def sleeps(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """How long was slept, without sleeping."""
    slept: list[float] = []
    monkeypatch.setattr(waiting, "sleep", slept.append)
    return slept


@pytest.mark.parametrize("method", SUBMISSIONS)
def test_a_document_gets_its_submission_id_once(method: str) -> None:
    """The second call repeats the first submission."""
    client = answered(TransferClient, {"value": "an-id"}, ACCEPTED, ACCEPTED)
    document = SUBMISSIONS[method]()

    getattr(client, method)(document)
    getattr(client, method)(document)

    assert document["submission_id"] == "an-id"
    assert [body["submission_id"] for body in client.answering.bodies] == ["an-id", "an-id"]
    assert client.answering.paths[0] == "/v0.10/submission_id"
    assert len(client.answering.sent) == 3


@pytest.mark.parametrize("method", SUBMISSIONS)
def test_a_submission_id_of_the_caller_stays(method: str) -> None:
    """None is one too, and is sent as null."""
    for given in ("mine", None):
        client = answered(TransferClient, ACCEPTED)
        getattr(client, method)({"submission_id": given})
        assert client.answering.bodies == [{"submission_id": given}]


def test_an_id_stays_when_the_submission_fails() -> None:
    """So that another attempt cannot start a second task."""
    client = answered(TransferClient, {"value": "an-id"}, (400, {"code": "BadRequest"}))
    document = TransferData("a", "b")

    with pytest.raises(TransferAPIError):
        client.submit_transfer(document)
    assert document["submission_id"] == "an-id"


@pytest.mark.parametrize("status", ["SUCCEEDED", "FAILED", "INACTIVE"])
def test_a_task_that_is_not_active_is_waited_for_no_longer(
    status: str, sleeps: list[float]
) -> None:
    """After the first request that says so."""
    client = answered(TransferClient, {"status": "ACTIVE"}, {"status": status})

    assert client.task_wait("a-task", timeout=60, polling_interval=7) is True
    assert sleeps == [7]
    assert client.answering.paths == ["/v0.10/task/a-task"] * 2


@pytest.mark.parametrize(
    ("times", "slept"),
    [
        ({}, [10]),
        ({"timeout": 5}, [5]),
        ({"timeout": 25, "polling_interval": 10}, [10, 10]),
        ({"timeout": 1, "polling_interval": 1}, [1]),
    ],
)
def test_waiting_ends_after_the_timeout(
    times: dict[str, int], slept: list[float], sleeps: list[float]
) -> None:
    """There is one request more than pauses."""
    client = answered(TransferClient, {"status": "ACTIVE"})

    assert client.task_wait("a-task", **times) is False
    assert sleeps == slept
    assert len(client.answering.sent) == len(slept) + 1


@pytest.mark.parametrize("times", [{"timeout": 0}, {"polling_interval": 0}, {"timeout": 0.5}])
def test_waiting_for_less_than_a_second_is_refused(times: dict[str, t.Any]) -> None:
    """Before anything is sent."""
    client = answered(TransferClient, {"status": "ACTIVE"})

    with pytest.raises(GlobusSDKUsageError, match="at least 1 second"):
        client.task_wait("a-task", **times)
    assert client.answering.sent == []


def test_a_tunnel_gets_its_submission_id_once() -> None:
    """In the document of the caller, also where there were no attributes."""
    client = answered(TransferClient, {"data": {}})
    plain: dict[str, t.Any] = {"data": {"type": "Tunnel"}}

    for document in (CreateTunnelData("a", "b"), plain):
        client.create_tunnel(document)
        client.create_tunnel(document)
        kept = document["data"]["attributes"]["submission_id"]
        sent = [body["data"]["attributes"]["submission_id"] for body in client.answering.bodies]
        assert sent[-2:] == [kept, kept]


def test_a_tunnel_without_data_is_refused() -> None:
    """Before anything is sent."""
    client = answered(TransferClient, {"data": {}})

    with pytest.raises(GlobusSDKUsageError, match="must have 'data'"):
        client.create_tunnel({})
    assert client.answering.sent == []


def test_a_tunnel_of_the_second_version_is_sent_as_it_is() -> None:
    """Its document has a submission id from the beginning."""
    client = answered(TransferClientV2, {"data": {}})
    document = TunnelCreateDocument("a", "b", label="c")

    client.create_tunnel(document)
    client.create_tunnel({"data": {}})

    first, second = client.answering.bodies
    attributes = {
        "label": "c",
        "submission_id": str(document["data"]["attributes"]["submission_id"]),
    }
    assert first["data"]["attributes"] == attributes
    assert second == {"data": {}}


def test_nobody_filters_by_the_use_of_no_endpoint() -> None:
    """Transfer would not know whose use."""
    client = answered(TransferClient, {"DATA": []})

    with pytest.raises(GlobusSDKUsageError, match="filter_endpoint"):
        client.endpoint_manager_task_list(filter_endpoint_use="source")
    assert client.answering.sent == []


def test_one_task_id_is_not_taken_apart() -> None:
    """A string is one id, not its letters."""
    client = answered(TransferClient, {})

    client.endpoint_manager_resume_tasks("a-task")

    assert client.answering.bodies == [{"task_id_list": ["a-task"]}]


def test_a_task_without_consent_ends_the_wait(sleeps: list[float]) -> None:
    """It cannot go on by itself, so it is not waited for until its deadline."""
    client = answered(TransferClient, {"status": "ACTIVE"}, {"status": "INACTIVE", "faults": 1})

    outcome, task = client.wait_for_task("a-task")
    assert outcome is TaskOutcome.NEEDS_CONSENT
    assert not outcome.is_final
    assert task == {"status": "INACTIVE", "faults": 1}
    assert sleeps == [1]


def test_a_task_without_consent_is_watched_on(sleeps: list[float]) -> None:
    """It goes on after a login, perhaps in another program."""
    nothing: dict[str, t.Any] = {"DATA": []}
    documents = [{"status": status} for status in ("INACTIVE", "ACTIVE", "SUCCEEDED")]
    client = answered(TransferClient, *(each for task in documents for each in (task, nothing)))

    outcomes = [state.outcome for state in client.watch_task("a-task")]
    assert outcomes == [TaskOutcome.NEEDS_CONSENT, None, TaskOutcome.SUCCEEDED]
    assert sleeps == [1, 2]
