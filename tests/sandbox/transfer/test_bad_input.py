"""What goes wrong most often: each is one error, or one outcome, that says what it was."""

from __future__ import annotations

import typing as t
from pathlib import Path

import pytest

from globus_core import DeleteData, TransferAPIError, TransferClient, TransferData
from globus_core.exc import NetworkError
from globus_core.services.transfer import TaskFaultError, TaskOutcome
from tests.sandbox.transfer.conftest import Moving, Site

NOBODY = "d0a5d3a0-3b9c-4b0e-9a7e-6f6a1f6a3f10"


def transfer(site: Site, path: str, **options: t.Any) -> TransferData:
    """
    A transfer of one file to the same path.
    """
    data = TransferData(site.source, site.target, **options)
    data.add_item(path, path)
    return data


def delete(site: Site, path: str) -> DeleteData:
    """
    A deletion of one file.
    """
    data = DeleteData(site.source)
    data.add_item(path)
    return data


def code_of(action: t.Callable[[], object]) -> tuple[int, str | None]:
    """
    Status and code of the error that an action ends with; its message has the code, and no more
    than one line.
    """
    with pytest.raises(TransferAPIError) as caught:
        action()
    error = caught.value
    assert str(error.code) in str(error)
    assert "\n" not in str(error)
    return error.http_status, error.code


def test_a_file_that_is_not_there(site: Site, client: TransferClient) -> None:
    """For what is done at once; a task has a fault, which is below."""
    missing = (404, "ClientError.NotFound")
    assert code_of(lambda: client.operation_stat(site.source, "/none")) == missing
    assert code_of(lambda: client.operation_ls(site.source, "/none/")) == missing
    assert code_of(lambda: client.operation_rename(site.source, "/none", "/a")) == missing


def test_a_collection_that_is_not_there(site: Site, client: TransferClient) -> None:
    """For requests of all kinds, a submission too."""
    missing = (404, "EndpointNotFound")
    data = TransferData(NOBODY, site.target)
    data.add_item("/a", "/a")
    assert code_of(lambda: client.operation_ls(NOBODY, "/")) == missing
    assert code_of(lambda: client.get_endpoint(NOBODY)) == missing
    assert code_of(lambda: client.submit_transfer(data)) == missing


def test_a_folder_that_one_must_not_read(
    site: Site, client: TransferClient, tmp_path: Path
) -> None:
    """A guest collection of somebody else, without a rule; for a task it is a fault."""
    owner = site.sandbox.people[0].id
    guest = site.collection("guest", tmp_path / "guest", kind="guest", owner=owner)
    refused = (403, "PermissionDenied")
    assert code_of(lambda: client.operation_ls(guest, "/")) == refused
    assert code_of(lambda: client.operation_mkdir(guest, "/new")) == refused


@pytest.mark.parametrize("path", ["/../secret", "/a/../../secret", "/out/secret"])
def test_a_path_outside_the_collection(
    site: Site, client: TransferClient, tmp_path: Path, path: str
) -> None:
    """By two dots or by a link."""
    (site.source_root / "out").symlink_to(tmp_path)
    refused = (403, "PermissionDenied")
    assert code_of(lambda: client.operation_ls(site.source, path)) == refused
    assert code_of(lambda: client.operation_mkdir(site.source, path)) == refused


def test_a_collection_that_is_not_connected(site: Site, client: TransferClient) -> None:
    """The error is that of the collection, and is not tried again."""
    site.control("disconnect", collection_id=site.source)
    code = "ExternalError.DirListingFailed.GCDisconnected"
    assert code_of(lambda: client.operation_ls(site.source, "/")) == (502, code)


@pytest.mark.parametrize("wrong", ["name", "nosuch:a", {"nosuch": "a"}])
def test_a_filter_that_is_none(site: Site, client: TransferClient, wrong: t.Any) -> None:
    """Of files and of tasks."""
    refused = (400, "BadRequest")
    assert code_of(lambda: client.operation_ls(site.source, "/", filter=wrong)) == refused
    assert code_of(lambda: client.task_list(filter=wrong)) == refused


def test_a_deadline_in_the_past(site: Site, client: TransferClient) -> None:
    """No task is made."""
    data = transfer(site, "/a", deadline="2001-01-01T00:00:00Z")
    assert code_of(lambda: client.submit_transfer(data)) == (400, "BadRequest")
    assert list(client.task_list()) == []


def test_a_submission_id_that_was_used(site: Site, client: TransferClient) -> None:
    """The same document gives the same task; another one is refused."""
    first = transfer(site, "/a", submission_id=client.get_submission_id()["value"])
    done = client.submit_transfer(first)
    again = client.submit_transfer(first)
    assert (again["code"], again["task_id"]) == ("Duplicate", done["task_id"])
    other = transfer(site, "/b", submission_id=first["submission_id"])
    status, _ = code_of(lambda: client.submit_transfer(other))
    assert status == 400


def test_a_consent_that_is_missing(site: Site, client: TransferClient, tmp_path: Path) -> None:
    """The error has the scopes to ask for, and says what to do."""
    mapped = site.collection("mapped", tmp_path / "mapped", kind="mapped")
    with pytest.raises(TransferAPIError, match="ConsentRequired") as caught:
        client.operation_ls(mapped, "/")
    (scope,) = caught.value.info.consent_required.required_scopes
    assert f"{mapped}/data_access" in scope
    assert "log in again" in str(caught.value.advice)


def test_a_task_that_is_paused_by_a_rule(
    site: Site, client: TransferClient, moving: Moving
) -> None:
    """Its own outcome, and the reason can be asked for."""
    site.control("slow-down", seconds_per_block=60)
    (site.source_root / "a").write_text("a")
    task_id = client.submit_transfer(transfer(site, "/a"))["task_id"]
    site.control("pause", task_id=task_id, message="at night only")
    assert client.wait_for_task(task_id).outcome is TaskOutcome.PAUSED
    assert client.task_pause_info(task_id)["source_pause_message"] == "at night only"


def test_a_network_that_is_lost_while_waiting(
    site: Site, client: TransferClient, moving: Moving
) -> None:
    """The wait goes on; if it never comes back, that is the error at the timeout."""
    (site.source_root / "a").write_text("a")
    task_id = client.submit_transfer(transfer(site, "/a"))["task_id"]
    site.sandbox.fail("/transfer/v0.10/task/*", drop=True, times=3)
    assert client.wait_for_task(task_id).outcome is TaskOutcome.SUCCEEDED
    site.sandbox.fail("/transfer/v0.10/task/*", drop=True, times=None)
    with pytest.raises(NetworkError):
        client.wait_for_task(task_id, 10)


@pytest.mark.parametrize("kind", ["transfer", "delete"])
def test_a_task_for_a_file_that_is_not_there(
    site: Site, client: TransferClient, moving: Moving, kind: str
) -> None:
    """It would be tried for a day; asked to, the wait ends within seconds, with path and reason."""
    if kind == "transfer":
        task_id = client.submit_transfer(transfer(site, "/none"))["task_id"]
    else:
        task_id = client.submit_delete(delete(site, "/none"))["task_id"]
    with pytest.raises(TaskFaultError, match="FILE_NOT_FOUND at /none"):
        client.wait_for_task(task_id, fail_on="FILE_NOT_FOUND")
    assert moving.passed() <= 15
