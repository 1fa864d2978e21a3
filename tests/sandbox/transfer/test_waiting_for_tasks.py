"""Tasks of the sandbox are waited for and watched; each pause moves its clock instead."""

from __future__ import annotations

import typing as t

import pytest

from globus_core import (
    DeleteData,
    GlobusSDKUsageError,
    TransferAPIError,
    TransferClient,
    TransferData,
)
from globus_core.exc import NetworkError
from globus_core.services.transfer import TaskFaultError, TaskOutcome
from tests.sandbox.transfer.conftest import Moving, Site

#: the requests that fail
TASKS = "/transfer/v0.10/task/*"


def submit(site: Site, client: TransferClient, *paths: str, **options: t.Any) -> str:
    """
    Submit a transfer of files to the same paths, and let its task begin.
    """
    data = TransferData(site.source, site.target, **options)
    for path in paths:
        data.add_item(path, path)
    task_id = str(client.submit_transfer(data)["task_id"])
    site.control("settle")
    return task_id


def slow(site: Site, *names: str) -> None:
    """
    Make files, each of which takes a minute.
    """
    site.control("slow-down", seconds_per_block=60)
    for name in names:
        (site.source_root / name).write_text(name)


def test_a_task_that_ends_is_waited_for(site: Site, client: TransferClient, moving: Moving) -> None:
    """The pauses grow to half a minute; the result has the document of the end."""
    slow(site, "a", "b")
    outcome, task = client.wait_for_task(submit(site, client, "/a", "/b"))

    assert outcome is TaskOutcome.SUCCEEDED
    assert outcome.is_final
    assert (task["status"], task["files_transferred"]) == ("SUCCEEDED", 2)
    assert moving.slept[:6] == [1, 2, 4, 8, 16, 30]
    assert set(moving.slept[5:]) == {30}


def test_a_task_that_has_ended_is_asked_for_once(
    site: Site, client: TransferClient, moving: Moving
) -> None:
    """Without a pause, for a deletion too; a task that was canceled has failed."""
    data = DeleteData(site.source)
    data.add_item("/none")
    task_id = client.submit_delete(data)["task_id"]
    client.cancel_task(task_id)

    assert client.wait_for_task(task_id).outcome is TaskOutcome.FAILED
    assert moving.slept == []


def test_a_lost_network_does_not_end_the_wait(
    site: Site, client: TransferClient, moving: Moving
) -> None:
    """Neither does a service that is down for a while."""
    slow(site, "a")
    task_id = submit(site, client, "/a")
    moving.acts = {
        1: lambda: site.sandbox.fail(TASKS, drop=True),
        2: lambda: site.sandbox.fail(TASKS, status=503),
    }

    assert client.wait_for_task(task_id).outcome is TaskOutcome.SUCCEEDED
    assert site.sandbox.state()["faults"] == 0  # both have happened


def test_a_service_that_is_asked_too_often_is_left_alone(
    site: Site, client: TransferClient, moving: Moving
) -> None:
    """All requests of the client pause as long as it says; that is not counted as a pause here."""
    slow(site, "a")
    task_id = submit(site, client, "/a")
    site.sandbox.fail(TASKS, status=429, retry_after=0.01, times=3)

    assert client.wait_for_task(task_id).outcome is TaskOutcome.SUCCEEDED
    asked = [request for request in site.sandbox.journal() if task_id in request.path]
    assert [request.status for request in asked][:4] == [429, 429, 429, 200]
    assert moving.slept == [1, 2, 4, 8, 16, 30]


def test_a_network_that_stays_lost_is_an_error_at_the_timeout(
    site: Site, client: TransferClient, moving: Moving
) -> None:
    """As there is no document to return; without a timeout it would be waited for."""
    site.sandbox.fail(TASKS, drop=True, times=20)

    with pytest.raises(NetworkError):
        client.wait_for_task(site.source, 10)
    with pytest.raises(NetworkError):
        next(client.watch_task(site.source, 10))
    assert moving.slept == [1, 2, 4, 3] * 2


def test_time_runs_out_while_a_task_goes_on(
    site: Site, client: TransferClient, moving: Moving
) -> None:
    """It is asked for once more at the end, and with no time just once."""
    task_id = submit(site, client, "/none")

    outcome, task = client.wait_for_task(task_id, 10)
    assert (outcome, task["status"]) == (TaskOutcome.TIMEOUT, "ACTIVE")
    assert not outcome.is_final
    assert moving.slept == [1, 2, 4, 3]
    assert client.wait_for_task(task_id, 0).outcome is TaskOutcome.TIMEOUT
    assert len(moving.slept) == 4


def test_the_deadline_of_a_task_is_an_outcome(
    site: Site, client: TransferClient, moving: Moving
) -> None:
    """It differs from other failures."""
    task_id = submit(site, client, "/none")
    moving.acts = {2: lambda: site.sandbox.advance_clock(24 * 3600)}

    outcome, task = client.wait_for_task(task_id)
    assert (outcome, task["status"]) == (TaskOutcome.DEADLINE, "FAILED")
    assert moving.passed() < 60


def test_a_paused_task_ends_the_wait(site: Site, client: TransferClient, moving: Moving) -> None:
    """Or is waited for until a manager resumes it."""
    slow(site, "a")
    task_id = submit(site, client, "/a")
    moving.acts = {1: lambda: site.control("pause", task_id=task_id)}

    assert client.wait_for_task(task_id).outcome is TaskOutcome.PAUSED
    moving.acts = {4: lambda: site.control("resume", task_id=task_id)}
    again = client.wait_for_task(task_id, stop_when_paused=False)
    assert again.outcome is TaskOutcome.SUCCEEDED


@pytest.mark.parametrize("fail_on", ["FILE_NOT_FOUND", {"FILE_NOT_FOUND", "TIMEOUT"}])
def test_a_missing_file_need_not_take_a_day(
    site: Site, client: TransferClient, moving: Moving, fail_on: t.Any
) -> None:
    """The task is canceled within seconds, and the error says what was missing."""
    slow(site, "a")
    task_id = submit(site, client, "/a", "/none")

    with pytest.raises(TaskFaultError, match=r"FILE_NOT_FOUND at /none") as caught:
        client.wait_for_task(task_id, fail_on=fail_on)

    error = caught.value
    assert (error.task_id, error.code, error.path) == (task_id, "FILE_NOT_FOUND", "/none")
    assert "No such file" in error.reason
    assert client.get_task(task_id)["status"] == "FAILED"
    assert moving.passed() < 120


def test_other_errors_are_tried_again(site: Site, client: TransferClient, moving: Moving) -> None:
    """Only the codes of the caller end the task."""
    (site.source_root / "a").write_text("a")
    site.control("fail-file", collection_id=site.source, path="/a", times=2, code="TIMEOUT")
    task_id = submit(site, client, "/a")

    found = client.wait_for_task(task_id, fail_on={"FILE_NOT_FOUND"})
    assert (found.outcome, found.task["faults"]) == (TaskOutcome.SUCCEEDED, 2)


def test_a_task_is_canceled_when_the_network_is_back(
    site: Site, client: TransferClient, moving: Moving, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The loss of the network at that moment is no way around it."""
    task_id = submit(site, client, "/none")
    cancel, lost = client.cancel_task, [NetworkError("lost", OSError())]

    def cancel_later(task_id: t.Any) -> t.Any:
        if lost:
            raise lost.pop()
        return cancel(task_id)

    monkeypatch.setattr(client, "cancel_task", cancel_later)
    with pytest.raises(TaskFaultError):
        client.wait_for_task(task_id, fail_on="FILE_NOT_FOUND")
    assert moving.slept == [1]


def test_a_task_is_watched(site: Site, client: TransferClient, moving: Moving) -> None:
    """Each state has what was done until then, and the events since the one before."""
    slow(site, "a", "b")
    site.control("fail-file", collection_id=site.source, path="/b", times=1, code="TIMEOUT")
    task_id = submit(site, client, "/a", "/b")
    moving.acts = {1: lambda: site.sandbox.fail(TASKS, drop=True)}
    states = list(client.watch_task(task_id))

    assert [state.outcome for state in states if state.outcome] == [TaskOutcome.SUCCEEDED]
    assert len(states) == len(moving.slept)  # none for the lost request
    first, last = states[0], states[-1]
    assert (first.status, last.status) == ("ACTIVE", "SUCCEEDED")
    assert first.bytes_transferred < last.bytes_transferred == 2
    assert (last.files, last.files_transferred, last.faults) == (2, 2, 1)
    assert last.bytes_per_second == last.task["effective_bytes_per_second"]
    told = [event for state in states for event in state.events]
    assert told == list(client.task_event_list(task_id))[::-1]


def test_watching_ends_at_its_timeout(site: Site, client: TransferClient, moving: Moving) -> None:
    """The last state is that of a task that goes on."""
    states = list(client.watch_task(submit(site, client, "/none"), 7))

    assert [state.outcome for state in states] == [None] * 4
    assert moving.passed() == 7


def test_what_cannot_be_waited_for_is_refused(client: TransferClient, moving: Moving) -> None:
    """Times are checked at once; a task that is not there is an error as ever."""
    for timeout in (-1, float("nan"), "soon"):
        for method in (client.wait_for_task, client.watch_task):
            with pytest.raises(GlobusSDKUsageError, match="'timeout'"):
                method("a-task", t.cast("t.Any", timeout))
    wrong: tuple[t.Any, ...] = (None, 5, ["FILE_NOT_FOUND", 5], [[]])
    for fail_on in wrong:
        with pytest.raises(GlobusSDKUsageError, match="'fail_on'"):
            client.wait_for_task("a-task", fail_on=fail_on)
    with pytest.raises(TransferAPIError, match="404"):
        client.wait_for_task("d0a5d3a0-3b9c-4b0e-9a7e-6f6a1f6a3f10")
    assert moving.slept == []
