"""Many files become several tasks, which are submitted and watched together."""

from __future__ import annotations

import subprocess
import sys
import typing as t
from pathlib import Path

import pytest

from globus_core import (
    DeleteData,
    GlobusSDKUsageError,
    TransferAPIError,
    TransferClient,
    TransferData,
)
from globus_core.exc import NetworkError
from globus_core.services.transfer import (
    ManyState,
    SubmissionKeyError,
    SubmissionStore,
    TaskConflictError,
    TaskOutcome,
    TransferItem,
)
from tests.sandbox.transfer.conftest import Moving, Site

API = "/transfer/v0.10"


#: a program that is killed before it notes its third task
KILLED = """
import os, signal, sys
from globus_core import AccessTokenAuthorizer, TransferClient, TransferData
from globus_core.services.transfer import SubmissionStore

url, token, path, source, target = sys.argv[1:]
real = SubmissionStore.note

def note(store, place, *ids):
    if place.part == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    real(store, place, *ids)

SubmissionStore.note = note
client = TransferClient(base_url=url, authorizer=AccessTokenAuthorizer(token))
items = [(f"/{number}", f"/{number}", 10) for number in range(5)]
client.submit_many(
    TransferData(source, target), items, items_per_task=1, key="k", store=SubmissionStore(path)
)
"""


@pytest.fixture
def store(tmp_path: Path) -> t.Iterator[SubmissionStore]:
    """A store in a file."""
    store = SubmissionStore(tmp_path / "submissions.db")
    yield store
    store.close()


def data(site: Site, **options: t.Any) -> TransferData:
    """
    A transfer without items.
    """
    return TransferData(site.source, site.target, **options)


def files(site: Site, count: int, *, made: bool = True) -> list[tuple[str, str, int]]:
    """
    Items, each a file of 10 bytes.
    """
    for number in range(count if made else 0):
        (site.source_root / str(number)).write_text("0123456789")
    return [(f"/{number}", f"/{number}", 10) for number in range(count)]


def requests(site: Site, method: str, path: str) -> int:
    """
    How many requests there were to a path of Transfer.
    """
    return sum(
        record.method == method and record.path.partition("?")[0] == f"{API}{path}"
        for record in site.sandbox.journal()
    )


def all_requests(site: Site) -> int:
    """How many requests Transfer has had."""
    return sum(record.path.startswith(API) for record in site.sandbox.journal())


def outcomes(state: ManyState) -> list[TaskOutcome | None]:
    """What has become of the tasks."""
    return [task.outcome for task in state.tasks]


def test_many_files_are_transferred(site: Site, client: TransferClient, moving: Moving) -> None:
    """By as few tasks as the number of items allows."""
    end = client.submit_many(data(site, label="many"), iter(files(site, 25)), items_per_task=10)

    assert end.is_success
    assert end.is_ended
    assert [task.items for task in end.tasks] == [10, 10, 5]
    assert (end.files_transferred, end.bytes_transferred, end.faults) == (25, 250, 0)
    assert len(list(site.target_root.iterdir())) == 25
    assert {client.get_task(task.task_id)["label"] for task in end.tasks} == {"many"}


def test_fifty_tasks_take_one_request_a_look(
    site: Site, client: TransferClient, moving: Moving
) -> None:
    """Beside the two for each submission."""
    site.control("slow-down", seconds_per_block=10)
    states = list(client.watch_many(data(site), files(site, 50), items_per_task=1))

    assert outcomes(states[-1]) == [TaskOutcome.SUCCEEDED] * 50
    assert len(states) > 3
    assert requests(site, "GET", "/task_list") == len(states) == len(moving.slept) + 1
    assert all_requests(site) == 2 * 50 + len(states)
    done = [state.files_transferred for state in states]
    assert done == sorted(done)


def test_items_are_read_as_tasks_are_submitted(
    site: Site, client: TransferClient, moving: Moving
) -> None:
    """Never more than those of a task, and the one after it."""
    read = 0

    def lazy() -> t.Iterator[tuple[str, str, int]]:
        nonlocal read
        for item in files(site, 100):
            read += 1
            yield item

    site.control("slow-down", seconds_per_block=1)
    states = client.watch_many(data(site), lazy(), items_per_task=5, most_unfinished=2)
    assert read == 0
    for state in states:
        assert len(state.unfinished) <= 2
        assert read <= sum(task.items for task in state.tasks) + 5 + 1
    assert (read, state.files_transferred, len(state.tasks)) == (100, 100, 20)


def test_sizes_split_tasks_too(site: Site, client: TransferClient, moving: Moving) -> None:
    """What is too large for a task is one of its own."""
    files(site, 5)
    items = [(f"/{n}", f"/{n}", size) for n, size in enumerate((10, 20, 31, 5, None))]
    end = client.submit_many(data(site), items, bytes_per_task=30)
    assert [task.items for task in end.tasks] == [2, 1, 2]
    assert end.is_success


def test_nothing_is_no_task(site: Site, client: TransferClient, moving: Moving) -> None:
    """It ends at once."""
    end = client.submit_many(data(site), [])
    assert end.is_success
    assert end.tasks == []
    assert all_requests(site) == 0


@pytest.mark.parametrize("with_key", [False, True])
def test_errors_that_pass_make_no_second_task(
    site: Site, client: TransferClient, moving: Moving, store: SubmissionStore, with_key: bool
) -> None:
    """A request is lost, a response is lost, the service is down."""
    site.sandbox.fail(f"{API}/transfer", drop=True)
    site.sandbox.fail(f"{API}/transfer", status=None, cut="start")
    site.sandbox.fail(f"{API}/submission_id", status=503, times=2)
    site.sandbox.fail(f"{API}/task_list", status=502)
    key = "nightly" if with_key else None
    end = client.submit_many(data(site), files(site, 4), items_per_task=2, key=key, store=store)

    assert end.is_success
    assert [task.task_id for task in end.tasks] == transfers(site)
    assert site.sandbox.state()["faults"] == 0  # all have happened


def transfers(site: Site) -> list[str]:
    """The ids of all tasks, the first one first."""
    return list(site.sandbox.state()["services"]["transfer"]["tasks"])


def test_a_program_that_was_stopped_goes_on(
    site: Site, client: TransferClient, moving: Moving, store: SubmissionStore
) -> None:
    """It submits what was not submitted, and finds the others, those that have ended too."""
    site.control("slow-down", seconds_per_block=1)
    items = files(site, 12)
    stopped = client.watch_many(
        data(site), items, items_per_task=1, most_unfinished=4, key="nightly", store=store
    )
    for state in stopped:
        if len(state.tasks) > 6:
            break
    known = [task.task_id for task in state.tasks]

    end = client.submit_many(
        data(site), items, items_per_task=1, most_unfinished=4, key="nightly", store=store
    )
    assert end.is_success
    assert transfers(site) == [task.task_id for task in end.tasks]
    assert [task.task_id for task in end.tasks][: len(known)] == known
    assert requests(site, "POST", "/transfer") == 12
    again = len(moving.slept)
    assert client.submit_many(
        data(site), items, items_per_task=1, most_unfinished=4, key="nightly", store=store
    ).is_success
    assert len(moving.slept) == again  # without a pause


def test_a_program_that_was_killed_goes_on(
    site: Site, client: TransferClient, moving: Moving, store: SubmissionStore
) -> None:
    """Also if its third task was submitted, and not yet noted."""
    files(site, 5)
    arguments = [site.sandbox.service_url("transfer"), site.token(), store.path]
    program = [sys.executable, "-c", KILLED, *arguments, site.source, site.target]
    assert subprocess.run(program, check=False).returncode < 0
    known = transfers(site)
    assert len(known) == 3

    end = client.submit_many(data(site), files(site, 5), items_per_task=1, key="k", store=store)
    assert end.is_success
    assert transfers(site) == [task.task_id for task in end.tasks]
    assert (len(end.tasks), end.files_transferred) == (5, 5)


def test_two_programs_at_once_share_their_tasks(
    site: Site, client: TransferClient, moving: Moving, store: SubmissionStore
) -> None:
    """Whichever submits one, the other finds it."""
    site.control("slow-down", seconds_per_block=1)
    options: dict[str, t.Any] = {"items_per_task": 1, "most_unfinished": 2, "key": "nightly"}
    runs = [client.watch_many(data(site), files(site, 6), store=store, **options) for _ in "ab"]
    ends: dict[int, ManyState] = {}
    while len(ends) < 2:
        for number, run in enumerate(runs):
            for state in run:
                ends.update({number: state} if state.is_ended else {})
                break
    assert ends[0].is_success
    assert transfers(site) == [task.task_id for task in ends[0].tasks]
    assert transfers(site) == [task.task_id for task in ends[1].tasks]


def test_a_key_stands_for_its_items(
    site: Site, client: TransferClient, moving: Moving, store: SubmissionStore
) -> None:
    """Others are refused, before any of them is sent."""
    items = files(site, 4)
    client.submit_many(data(site), items, items_per_task=2, key="nightly", store=store)
    with pytest.raises(SubmissionKeyError):
        client.submit_many(data(site), items[1:], items_per_task=2, key="nightly", store=store)
    assert len(transfers(site)) == 2
    client.forget_submission("nightly", store=store)
    client.submit_many(data(site), items[1:], items_per_task=2, key="nightly", store=store)
    assert len(transfers(site)) == 4


def test_a_fault_ends_its_task_only(site: Site, client: TransferClient, moving: Moving) -> None:
    """The others go on; their results are told together."""
    items = [*files(site, 4), ("/none", "/none", 10)]
    end = client.submit_many(data(site), items, items_per_task=2, fail_on="FILE_NOT_FOUND")

    assert outcomes(end) == [TaskOutcome.SUCCEEDED] * 2 + [TaskOutcome.FAILED]
    assert not end.is_success
    assert end.is_ended
    fault = end.tasks[-1].fault
    assert fault is not None
    assert (fault.code, fault.path) == ("FILE_NOT_FOUND", "/none")
    assert [task.fault for task in end.tasks[:2]] == [None, None]
    assert moving.passed() < 120


def test_events_are_listed_for_new_faults_only(
    site: Site, client: TransferClient, moving: Moving
) -> None:
    """A task that is tried again after other errors is not asked about at each look."""
    items = files(site, 3)
    site.control("slow-down", seconds_per_block=40)
    site.control("fail-file", collection_id=site.source, path="/1", times=1, code="TIMEOUT")
    end = client.submit_many(data(site), items, fail_on={"FILE_NOT_FOUND"})

    assert end.is_success
    assert end.faults == 1
    assert requests(site, "GET", f"/task/{end.tasks[0].task_id}/event_list") == 1


def test_the_room_that_others_take_is_waited_for(
    site: Site, client: TransferClient, moving: Moving
) -> None:
    """Transfer allows each user a hundred unfinished tasks."""
    others = []
    for number in range(99):
        one = data(site)
        one.add_item(f"/none {number}", "/none")
        others.append(client.submit_transfer(one)["task_id"])
    moving.acts = {2: lambda: [client.cancel_task(each) for each in others]}
    states = list(client.watch_many(data(site), files(site, 3), items_per_task=1))

    assert [len(state.tasks) for state in states[:4]] == [1, 1, 1, 3]
    assert states[-1].is_success


def test_a_pause_stops_further_submissions(
    site: Site, client: TransferClient, moving: Moving
) -> None:
    """And the wait, when nothing goes on; or it is waited for."""
    site.control("slow-down", seconds_per_block=60)

    def pause() -> None:
        for task_id in transfers(site):
            site.control("pause", task_id=task_id)

    def resume() -> None:
        for task_id in transfers(site):
            site.control("resume", task_id=task_id)

    moving.acts = {0: pause}
    items = files(site, 4)
    end = client.submit_many(data(site), items, items_per_task=1, most_unfinished=2)
    assert outcomes(end) == [TaskOutcome.PAUSED] * 2
    assert not end.is_all_submitted
    assert not end.is_success
    resume()

    moving.acts = {len(moving.slept): pause, len(moving.slept) + 3: resume}
    site.control("slow-down", seconds_per_block=0)
    more = [(source, f"/new{target}", size) for source, target, size in items]
    end = client.submit_many(
        data(site), more, items_per_task=1, most_unfinished=2, stop_when_paused=False
    )
    assert end.is_success


def test_time_runs_out(site: Site, client: TransferClient, moving: Moving) -> None:
    """The tasks go on, and others were not submitted."""
    site.control("slow-down", seconds_per_block=60)
    items = files(site, 3)
    options: dict[str, t.Any] = {"items_per_task": 1, "most_unfinished": 2}
    end = client.submit_many(data(site), items, timeout=0, **options)
    assert outcomes(end) == [TaskOutcome.TIMEOUT] * 2
    assert (end.is_ended, end.is_all_submitted, moving.slept) == (False, False, [])


def test_a_conflict_is_an_error(site: Site, client: TransferClient, moving: Moving) -> None:
    """It names the task that blocks."""
    one = data(site)
    one.add_item("/none", "/none", recursive=False)
    blocking = client.submit_transfer(one)["task_id"]
    with pytest.raises(TaskConflictError, match=blocking):
        client.submit_many(data(site), [TransferItem("/none", "/none", recursive=False)])


def test_a_network_that_stays_lost_is_an_error_at_the_timeout(
    site: Site, client: TransferClient, moving: Moving
) -> None:
    """As there is nothing to tell."""
    site.sandbox.fail(f"{API}/*", drop=True, times=20)
    with pytest.raises(NetworkError):
        client.submit_many(data(site), files(site, 1), timeout=10)


def test_an_error_of_the_items_is_not_their_end(
    site: Site, client: TransferClient, moving: Moving
) -> None:
    """Also if it is one that may pass, as a generator cannot go on after it."""

    def lost() -> t.Iterator[tuple[str, str, int]]:
        yield from files(site, 3)
        raise NetworkError("the list is lost", OSError())

    with pytest.raises(NetworkError, match="the list is lost"):
        client.submit_many(data(site), lost(), items_per_task=2)
    assert len(transfers(site)) == 1
    assert moving.slept == []


def test_directories_are_listed_again_after_errors_that_pass(
    site: Site, client: TransferClient, moving: Moving
) -> None:
    """A plan is told of them."""
    files(site, 3)
    site.sandbox.fail(f"{API}/operation/*", drop=True, times=3)
    with pytest.raises(NetworkError):
        client.plan(data(site), [("/", "/")])
    end = client.submit_many(data(site), [("/", "/")], expand=True)
    assert (end.is_success, end.files_transferred) == (True, 3)


def test_a_task_that_is_not_listed_is_fetched(
    site: Site, client: TransferClient, moving: Moving
) -> None:
    """Lists may leave tasks out; the error of one that is not there is told."""
    site.sandbox.fail(f"{API}/task_list*", status=200, body={"DATA": []}, times=2)
    assert client.submit_many(data(site), files(site, 1)).is_success


def test_a_task_that_needs_a_consent_ends_the_wait(
    site: Site, client: TransferClient, moving: Moving, store: SubmissionStore
) -> None:
    """No further one is submitted; after a login the same call goes on."""
    items = files(site, 4)
    site.control("slow-down", seconds_per_block=60)
    options: dict[str, t.Any] = {"items_per_task": 2, "key": "consents", "store": store}
    begun = client.submit_many(data(site), items, most_unfinished=1, timeout=0, **options)
    (task_id,) = [task.task_id for task in begun.tasks]
    waits = {"task_id": task_id, "status": "INACTIVE"}
    site.sandbox.fail(f"{API}/task_list*", status=200, body={"DATA": [waits]}, times=2)
    held = client.submit_many(data(site), items, most_unfinished=1, **options)
    assert (outcomes(held), held.is_all_submitted) == ([TaskOutcome.NEEDS_CONSENT], False)
    assert len(transfers(site)) == 1
    end = client.submit_many(data(site), items, **options)
    assert (outcomes(end), end.is_success) == ([TaskOutcome.SUCCEEDED] * 2, True)


def test_directories_of_any_size_become_files(
    site: Site, client: TransferClient, moving: Moving, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A list has a limit, so there are several."""
    monkeypatch.setattr("globus_core_transfer.planning._MOST_LISTED", 2)
    files(site, 5)
    assert client.plan(data(site), [("/", "/")]).files == 5
    end = client.submit_many(data(site), [("/", "/")], expand=True)
    assert (end.is_success, end.files_transferred) == (True, 5)


def test_directories_may_become_files(site: Site, client: TransferClient, moving: Moving) -> None:
    """So that a large one is several tasks; what is not there is left to Transfer."""
    (site.source_root / "deep" / "er").mkdir(parents=True)
    for number in range(6):
        (site.source_root / "deep" / str(number)).write_text("0123456789")
        (site.source_root / "deep" / "er" / str(number)).write_text("0123456789")
    files(site, 1)
    items = [("/deep", "/copy"), ("/0", "/0"), ("/none", "/none")]
    end = client.submit_many(
        data(site), items, expand=True, items_per_task=5, fail_on="FILE_NOT_FOUND"
    )
    assert [task.items for task in end.tasks] == [5, 5, 4]
    assert outcomes(end) == [TaskOutcome.SUCCEEDED] * 2 + [TaskOutcome.FAILED]
    assert len(list((site.target_root / "copy" / "er").iterdir())) == 6


def test_a_plan_says_what_would_be_moved(site: Site, client: TransferClient) -> None:
    """By task, without a submission."""
    (site.source_root / "deep" / "er").mkdir(parents=True)
    for number in range(6):
        (site.source_root / "deep" / "er" / str(number)).write_text("0123456789")
    files(site, 4)
    items: list[t.Any] = [("/deep/", "/copy/"), ("/0", "/0"), ("/1", "/1"), ("/none", "/none")]
    items += [("/nowhere/", "/nowhere/"), ("/3", "/3", 1000)]
    plan = client.plan(data(site), iter(items), items_per_task=2)

    shown = [(task.items, task.files, task.directories, task.bytes) for task in plan.tasks]
    assert shown == [(2, 7, 2, 70), (2, 1, 0, 10), (2, 1, 0, 1000)]
    assert (plan.files, plan.directories, plan.bytes) == (9, 2, 1080)
    assert plan.missing == ["/none", "/nowhere/"]
    assert transfers(site) == []
    assert requests(site, "POST", "/transfer") == 0


def test_a_plan_has_the_tasks_that_are_submitted(
    site: Site, client: TransferClient, moving: Moving
) -> None:
    """Split in the same way, also if directories are taken apart."""
    (site.source_root / "deep").mkdir()
    for number in range(7):
        (site.source_root / "deep" / str(number)).write_text("0123456789")
    items: list[t.Any] = [("/deep/", "/copy/"), *files(site, 3)]
    for expand in (False, True):
        options: dict[str, t.Any] = {"expand": expand, "items_per_task": 3, "bytes_per_task": 40}
        plan = client.plan(data(site), items, **options)
        end = client.submit_many(data(site), items, **options)
        assert [task.items for task in plan.tasks] == [task.items for task in end.tasks]
        assert (plan.files, plan.bytes) == (end.files_transferred, end.bytes_transferred)


def test_files_are_looked_up_by_their_directories(site: Site, client: TransferClient) -> None:
    """One request for a file alone, and one for several in the same directory."""
    files(site, 5)
    (site.source_root / "sub").mkdir()
    (site.source_root / "sub" / "alone").write_text("alone")
    items = [(f"/{number}", "/x") for number in range(5)] + [("/sub/alone", "/x")]
    assert client.plan(data(site), items).bytes == 55
    assert all_requests(site) == 2


def test_a_directory_that_cannot_be_listed_is_an_error(site: Site, client: TransferClient) -> None:
    """A plan without it would say too little."""
    site.sandbox.fail(f"{API}/operation/*", status=403)
    with pytest.raises(TransferAPIError, match="403"):
        client.plan(data(site), [("/deep/", "/copy/")])


@pytest.mark.parametrize(
    ("message", "wrong"),
    [
        ("items_per_task", {"items_per_task": 0}),
        ("bytes_per_task", {"bytes_per_task": "many"}),
        ("most_unfinished", {"most_unfinished": 101}),
        ("most_unfinished", {"most_unfinished": 0}),
        ("timeout", {"timeout": -1}),
        ("fail_on", {"fail_on": 1}),
        ("key", {"key": ""}),
    ],
)
def test_what_cannot_be_used_is_refused_at_once(
    client: TransferClient, message: str, wrong: dict[str, t.Any]
) -> None:
    """Before the iterator is asked for a state."""
    with pytest.raises(GlobusSDKUsageError, match=f"'{message}'"):
        client.watch_many(TransferData("a", "b"), [], **wrong)


@pytest.mark.parametrize("item", ["/a", ("/a",), ("/a", "/b", 1, True, None), None])
def test_an_item_is_a_pair_of_paths(client: TransferClient, item: t.Any) -> None:
    """The error says which one is not."""
    with pytest.raises(GlobusSDKUsageError, match="item 0 must be"):
        client.plan(TransferData("a", "b"), [item])


def test_a_document_has_no_items_yet(client: TransferClient) -> None:
    """It is a transfer, and has nothing about whole directories if they are taken apart."""
    filled = TransferData("a", "b")
    filled.add_item("/a", "/b")
    with pytest.raises(GlobusSDKUsageError, match="'items'"):
        client.submit_many(filled, [])
    others: list[t.Any] = [{}, DeleteData("a"), None]
    for other in others:
        with pytest.raises(GlobusSDKUsageError, match="must be a TransferData"):
            client.submit_many(other, [])
    ruled = TransferData("a", "b")
    ruled.add_filter_rule("*.tmp")
    for directories in (ruled, TransferData("a", "b", delete_destination_extra=True)):
        with pytest.raises(GlobusSDKUsageError, match="'expand'"):
            client.plan(directories, [], expand=True)
