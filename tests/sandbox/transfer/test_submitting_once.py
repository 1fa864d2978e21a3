"""A submission with a key makes one task, however often and wherever it is repeated."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import typing as t
from pathlib import Path

import pytest

from globus_core import MISSING, DeleteData, GlobusSDKUsageError, TransferAPIError, TransferClient
from globus_core import TransferData as Transfer
from globus_core.exc import GlobusError, NetworkError
from globus_core.services.transfer import (
    SubmissionKeyError,
    SubmissionStore,
    TaskConflictError,
)
from tests.sandbox.transfer.conftest import Site

SUBMIT = "/transfer/v0.10/transfer"
DAY = 24 * 3600

#: a program that submits a file under a key; what it does on its way is put in its place
PROGRAM = """
import os, signal, sys
from globus_core import AccessTokenAuthorizer, TransferClient, TransferData
from globus_core.services.transfer import SubmissionStore

url, token, path, source, target, step = sys.argv[1:]
client = TransferClient(base_url=url, authorizer=AccessTokenAuthorizer(token))

def die(*args):
    os.kill(os.getpid(), signal.SIGKILL)

def meet(*args):
    made = real(*args)
    print("ready", flush=True)
    sys.stdin.readline()
    return made

if step == "die before it is sent":
    TransferClient.submit_transfer = die
if step == "die before the task is noted":
    SubmissionStore.note = die
if step == "meet":
    real, TransferClient.get_submission_id = TransferClient.get_submission_id, meet
data = TransferData(source, target)
data.add_item("/a", "/a")
print(client.submit_once(data, "nightly", store=SubmissionStore(path)), flush=True)
"""


@pytest.fixture
def store(tmp_path: Path) -> t.Iterator[SubmissionStore]:
    """A store in a file."""
    store = SubmissionStore(tmp_path / "kept" / "submissions.db")
    yield store
    store.close()


def transfer(site: Site, *paths: str, **options: t.Any) -> Transfer:
    """
    A transfer of files to the same paths.
    """
    data = Transfer(site.source, site.target, **options)
    for path in paths or ("/a",):
        data.add_item(path, path)
    return data


def tasks(site: Site) -> list[str]:
    """The ids of all tasks."""
    return list(site.sandbox.state()["services"]["transfer"]["tasks"])


def sent(site: Site, path: str = "*") -> int:
    """How many requests Transfer has had."""
    return sum(
        record.path.startswith("/transfer/v0.10/" if path == "*" else path)
        for record in site.sandbox.journal()
    )


def started(site: Site, store: SubmissionStore, step: str) -> subprocess.Popen[str]:
    """
    The program in a process of its own.
    """
    url = site.sandbox.service_url("transfer")
    arguments = [url, site.token(), store.path, site.source, site.target, step]
    pipe = subprocess.PIPE
    return subprocess.Popen(
        [sys.executable, "-c", PROGRAM, *arguments], stdin=pipe, stdout=pipe, text=True
    )


@pytest.mark.parametrize("step", ["die before it is sent", "die before the task is noted"])
def test_a_program_that_was_killed_may_run_again(
    site: Site, client: TransferClient, store: SubmissionStore, step: str
) -> None:
    """Wherever it was killed, there is one task; the third run sends nothing."""
    with started(site, store, step) as killed:
        assert killed.communicate()[0] == ""
    assert killed.returncode < 0
    with started(site, store, "") as again:
        told = again.communicate()[0]

    (task_id,) = tasks(site)
    assert task_id in told
    assert f"is_new={step == 'die before it is sent'}" in told
    before = sent(site)
    found = client.submit_once(transfer(site), "nightly", store=store)
    assert (found.task_id, found.is_new) == (task_id, False)
    assert sent(site) == before


def test_two_processes_at_once_make_one_task(site: Site, store: SubmissionStore) -> None:
    """Both have looked for the key before one of them could keep it."""
    with started(site, store, "meet") as one, started(site, store, "meet") as two:
        for process in (one, two):
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
        for process in (one, two):
            assert process.stdin is not None
            process.stdin.write("go\n")
            process.stdin.flush()
        told = [process.communicate()[0] for process in (one, two)]

    (task_id,) = tasks(site)
    assert all(task_id in each for each in told)
    assert len({each.partition(", is_new")[0] for each in told}) == 1


def test_a_lost_response_makes_no_second_task(
    site: Site, client: TransferClient, store: SubmissionStore
) -> None:
    """The task is there already when the program tries again."""
    site.sandbox.fail(SUBMIT, status=None, cut="start")
    with pytest.raises(NetworkError):
        client.submit_once(transfer(site), "nightly", store=store)

    again = client.submit_once(transfer(site), "nightly", store=store)
    assert [again.task_id] == tasks(site)
    assert not again.is_new


def test_a_key_stands_for_one_document(
    site: Site, client: TransferClient, store: SubmissionStore
) -> None:
    """Another one is refused before anything is sent; a submission id does not count."""
    data = transfer(site)
    first = client.submit_once(data, "nightly", store=store)
    before = sent(site)

    with pytest.raises(SubmissionKeyError, match=first.task_id) as caught:
        client.submit_once(transfer(site, "/a", "/b"), "nightly", store=store)
    assert (caught.value.key, caught.value.task_id) == ("nightly", first.task_id)
    assert isinstance(caught.value, GlobusSDKUsageError)
    assert client.submit_once({**data, "submission_id": "x"}, "nightly", store=store).task_id
    assert sent(site) == before
    assert data["submission_id"] is MISSING


def test_another_key_is_another_task(
    site: Site, client: TransferClient, store: SubmissionStore
) -> None:
    """Deletions have keys too; a key that is forgotten is a new one."""

    def delete(key: str) -> str:
        data = DeleteData(site.source)
        data.add_item(f"/no {key}")
        return client.submit_once(data, key, store=store).task_id

    ids = [delete(key) for key in "abba"]
    assert (ids[0], ids[1]) == (ids[3], ids[2])
    assert len(set(ids)) == 2
    client.cancel_task(ids[0])
    client.forget_submission("a", store=store)
    client.forget_submission("never used", store=store)
    assert delete("a") not in ids


def test_a_conflict_names_the_task_that_blocks(
    site: Site, client: TransferClient, store: SubmissionStore
) -> None:
    """If there is one that it can be; the key is free for later."""
    first = client.submit_transfer(transfer(site, "/none"))["task_id"]
    with pytest.raises(TaskConflictError, match=first) as caught:
        client.submit_once(transfer(site, "/none"), "nightly", store=store)
    assert caught.value.task_id == first
    assert isinstance(caught.value.__cause__, TransferAPIError)

    second = client.submit_transfer(transfer(site, "/nor this"))["task_id"]
    with pytest.raises(TaskConflictError) as caught:
        client.submit_once(transfer(site, "/none"), "nightly", store=store)
    assert caught.value.task_id is None
    assert caught.value.task_ids == [second, first]

    client.cancel_task(first)
    assert client.submit_once(transfer(site, "/none"), "nightly", store=store).is_new


def test_a_conflict_is_told_without_the_task(
    site: Site, client: TransferClient, store: SubmissionStore
) -> None:
    """When the tasks cannot be listed."""
    client.submit_transfer(transfer(site, "/none"))
    site.sandbox.fail("/transfer/v0.10/task_list", status=403)
    with pytest.raises(TaskConflictError, match="an unfinished task has the same paths") as caught:
        client.submit_once(transfer(site, "/none"), "nightly", store=store)
    assert caught.value.task_id is None


def test_a_refused_document_can_be_put_right(
    site: Site, client: TransferClient, store: SubmissionStore
) -> None:
    """The key is free, since there was no task; after an error that may pass it is not."""
    wrong = transfer(site, deadline="2001-01-01T00:00:00+00:00")
    with pytest.raises(TransferAPIError, match="400"):
        client.submit_once(wrong, "nightly", store=store)
    site.sandbox.fail(SUBMIT, status=503)
    with pytest.raises(TransferAPIError, match="503"):
        client.submit_once(transfer(site), "nightly", store=store)
    with pytest.raises(SubmissionKeyError):
        client.submit_once(wrong, "nightly", store=store)
    assert client.submit_once(transfer(site), "nightly", store=store).is_new


def test_a_later_refusal_does_not_free_the_key(
    site: Site, client: TransferClient, store: SubmissionStore
) -> None:
    """The first attempt may have made a task, as here."""
    site.sandbox.fail(SUBMIT, status=None, cut="start")
    with pytest.raises(NetworkError):
        client.submit_once(transfer(site), "nightly", store=store)
    site.sandbox.fail(SUBMIT, status=403)
    with pytest.raises(TransferAPIError, match="403"):
        client.submit_once(transfer(site), "nightly", store=store)

    assert [client.submit_once(transfer(site), "nightly", store=store).task_id] == tasks(site)


def test_a_key_is_forgotten_after_its_days(
    site: Site, client: TransferClient, tmp_path: Path
) -> None:
    """Then it is a new task."""
    now = [1e9]
    store = SubmissionStore(tmp_path / "kept.db", days=2, clock=lambda: now[0])
    first = client.submit_once(transfer(site), "nightly", store=store)
    now[0] += 2 * DAY - 1
    assert client.submit_once(transfer(site), "nightly", store=store).task_id == first.task_id
    now[0] += 1
    client.cancel_task(first.task_id)
    assert client.submit_once(transfer(site), "nightly", store=store).is_new
    store.close()


@pytest.mark.skipif(os.name != "posix", reason="modes of files")
def test_only_the_owner_can_read_the_file(
    site: Site, client: TransferClient, store: SubmissionStore
) -> None:
    """It has neither tokens nor paths."""
    client.submit_once(transfer(site, "/secret plans"), "nightly", store=store)
    assert stat.S_IMODE(os.stat(store.path).st_mode) == 0o600
    assert b"secret plans" not in Path(store.path).read_bytes()


def test_nothing_is_sent_without_a_store(
    site: Site, client: TransferClient, tmp_path: Path
) -> None:
    """A file that cannot be used is an error, not a submission that is not safe."""
    with pytest.raises(GlobusError, match="submission store"):
        client.submit_once(transfer(site), "nightly", store=SubmissionStore(tmp_path))
    assert sent(site) == 0


@pytest.mark.parametrize("key", ["", None, 1])
def test_a_key_is_text(client: TransferClient, store: SubmissionStore, key: t.Any) -> None:
    """And not empty."""
    with pytest.raises(GlobusSDKUsageError, match="'key'"):
        client.submit_once({}, key, store=store)


def test_a_store_is_checked(client: TransferClient) -> None:
    """So is the time for which it keeps keys."""
    with pytest.raises(GlobusSDKUsageError, match="'store'"):
        client.submit_once({}, "nightly", store=t.cast("t.Any", "a.db"))
    with pytest.raises(GlobusSDKUsageError, match="'days'"):
        SubmissionStore(days=0)
