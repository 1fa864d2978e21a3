"""Many entries are ingested and all results found; each pause moves the sandbox's clock instead."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import typing as t
import uuid
from collections.abc import Iterator

import pytest

from globus_core import (
    AccessTokenAuthorizer,
    GlobusSDKUsageError,
    RetryConfig,
    SearchAPIError,
    SearchClient,
    SearchQueryV1,
    waiting,
)
from globus_core.services.search import IngestStoppedError

from .conftest import STARS, Document, Library, entry

if t.TYPE_CHECKING:
    from pathlib import Path


class Moving(waiting.Waiter):
    """
    Moves the sandbox's clock for each pause of this thread.

    :param library: the index
    """

    def __init__(self, library: Library) -> None:
        self._library = library
        self._thread = threading.get_ident()
        self.passed = 0.0

    def sleep(self, seconds: float) -> None:
        """Move the clock."""
        if threading.get_ident() != self._thread:
            self.previous.sleep(seconds)
            return
        self.passed += seconds
        self._library.sandbox.advance_clock(seconds)


@pytest.fixture(autouse=True)
def moving(library: Library, monkeypatch: pytest.MonkeyPatch) -> Iterator[Moving]:
    """The pauses, which also count as real time."""
    with waiting.use(Moving(library)) as moving:
        monkeypatch.setattr("globus_core.polling.monotonic", lambda: moving.passed)
        yield moving


@pytest.fixture
def client(library: Library) -> Iterator[SearchClient]:
    """Our client, which does not send a request again by itself."""
    with SearchClient(
        authorizer=AccessTokenAuthorizer(library.token()),
        base_url=library.sandbox.service_url("search"),
        retry_config=RetryConfig(max_retries=0),
    ) as client:
        yield client


def entries(count: int, **others: Document) -> list[Document]:
    """
    Entries whose subjects are ``s0``, ``s1`` and so on; others in the place of some.
    """
    return [others.get(f"s{n}", entry(f"s{n}", {"n": n})) for n in range(count)]


def posts(library: Library) -> int:
    """How many ingest requests there were."""
    return library.sandbox.count(method="POST", path="/search/v1/index/*/ingest")


def held(library: Library) -> int:
    """How many subjects are in the index."""
    return int(library.client.get_index(library.index)["num_subjects"])


# waiting


def test_a_task_is_waited_for(library: Library, client: SearchClient, moving: Moving) -> None:
    """Until it has ended, whatever comes of it."""
    document = {"ingest_type": "GMetaEntry", "ingest_data": entry("a")}
    library.control("slow-down", seconds=60)
    task = client.wait_for_task(client.ingest(library.index, document)["task_id"])
    assert (task["state"], moving.passed >= 60) == ("SUCCESS", True)
    library.control("fail-tasks", index_id=library.index, message="no")
    task = client.wait_for_task(client.ingest(library.index, document)["task_id"])
    assert (task["state"], task["message"]) == ("FAILED", "no")


def test_waiting_ends_in_time(library: Library, client: SearchClient, moving: Moving) -> None:
    """The last document says that the task has not ended."""
    library.control("slow-down", seconds=1000)
    document = {"ingest_type": "GMetaEntry", "ingest_data": entry("a")}
    task_id = client.ingest(library.index, document)["task_id"]
    assert client.wait_for_task(task_id, 0)["state"] == "PENDING"
    assert client.wait_for_task(task_id, 10)["state"] == "PENDING"
    assert moving.passed == 10
    with pytest.raises(GlobusSDKUsageError, match="timeout"):
        client.wait_for_task(task_id, -1)
    with pytest.raises(SearchAPIError):
        client.wait_for_task(uuid.uuid4())


def test_waiting_outlasts_a_service_that_is_down(library: Library, client: SearchClient) -> None:
    """For a while."""
    document = {"ingest_type": "GMetaEntry", "ingest_data": entry("a")}
    task_id = client.ingest(library.index, document)["task_id"]
    library.sandbox.fail(path="/search/v1/task/*", status=503, times=3)
    assert client.wait_for_task(task_id)["state"] == "SUCCESS"


# all results


def test_all_results_are_found(library: Library, client: SearchClient) -> None:
    """Beyond 10,000, page by page."""
    library.add(*entries(12_000))
    found = client.search_all(library.index, "*")
    assert library.sandbox.count(path="/search/v1/index/*/scroll") == 0
    assert next(found)["subject"] == "s0"
    assert library.sandbox.count(path="/search/v1/index/*/scroll") == 1
    assert {each["subject"] for each in found} == {f"s{n}" for n in range(1, 12_000)}
    assert library.sandbox.count(path="/search/v1/index/*/scroll") == 12


def test_all_results_of_a_document_are_found(library: Library, client: SearchClient) -> None:
    """Its limit is the size of a page; what is MISSING is left out."""
    library.add(*entries(5))
    filters = [{"type": "range", "field_name": "n", "values": [{"from": 1, "to": "*"}]}]
    query = SearchQueryV1(filters=filters, limit=2)
    assert len(list(client.search_all(library.index, query))) == 4
    assert library.sandbox.count(path="/search/v1/index/*/scroll") == 2
    assert [each["entries"][0]["content"] for each in client.search_all(STARS, "vega")] == [
        {"name": "Vega", "kind": "star", "magnitude": 0.03}
    ]


@pytest.mark.parametrize(
    "query",
    [
        SearchQueryV1(q="a", sort=[{"field_name": "n", "order": "asc"}]),
        {"q": "a", "offset": 5},
        {"q": "a", "facets": []},
        ["a"],
        7,
    ],
)
def test_what_needs_an_order_is_refused(
    library: Library, client: SearchClient, query: t.Any
) -> None:
    """At once, and before anything is sent."""
    with pytest.raises(GlobusSDKUsageError, match="'query'"):
        client.search_all(library.index, query)


# many entries


def test_entries_are_ingested_in_several_tasks(library: Library, client: SearchClient) -> None:
    """As few as the size of a request allows; the result counts them."""
    result = client.ingest_many(library.index, iter(entries(1000)), most_bytes=20_000)
    assert (result.ingested, result.faulty) == (1000, [])
    assert held(library) == 1000
    tasks = library.client.get_task_list(library.index)["tasks"]
    assert {task["state"] for task in tasks} == {"SUCCESS"}
    size = sum(len(json.dumps(each, separators=(",", ":"))) + 1 for each in entries(1000))
    assert size / 20_000 <= len(tasks) <= size / 20_000 + 2


def test_no_more_tasks_are_open_than_allowed(library: Library, client: SearchClient) -> None:
    """And no more entries are read than these need."""
    library.control("slow-down", seconds=1000)
    seen: list[int] = []

    def read() -> Iterator[Document]:
        for n, each in enumerate(entries(400)):
            if n % 40 == 0:
                states = library.sandbox.state()["services"]["search"]["tasks"].values()
                seen.append(sum(state in {"PENDING", "PROGRESS"} for state in states))
            yield each

    client.ingest_many(library.index, read(), most_bytes=2000, tasks_at_once=3)
    assert max(seen) == 2  # the third is read for
    assert held(library) == 400


def test_nothing_is_sent_if_there_is_nothing(library: Library, client: SearchClient) -> None:
    """Or if no entry can be sent."""
    assert client.ingest_many(library.index, []).ingested == 0
    assert [each.position for each in client.ingest_many(library.index, [{}]).faulty] == [0]
    assert posts(library) == 0


FAULTY: dict[str, tuple[t.Any, str]] = {
    "refused": (entry("s77", visible_to=["ada"]), "'ada' is no principal"),
    "too deep": (entry("s77", {"a": [[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]}), "20 levels"),
    "no subject": ({"visible_to": ["public"], "content": {}}, "it has no subject"),
    "no dict": ("s77", "it is no dict, but str"),
    "no JSON": (entry("s77", {"n": {1, 2}}), "cannot be written as JSON: a value is of type set"),
    "no number": (entry("s77", {"n": float("nan")}), "cannot be written as JSON"),
    "too large": (entry("s77", {"n": "x" * 30_000}), "more than the"),
}


@pytest.mark.parametrize(("other", "reason"), FAULTY.values(), ids=FAULTY)
def test_one_faulty_entry_is_found_by_name(
    library: Library, client: SearchClient, other: t.Any, reason: str
) -> None:
    """With the reason; all others are ingested."""
    given = entries(500)
    given[77] = other
    result = client.ingest_many(library.index, given, most_bytes=20_000)
    (faulty,) = result.faulty
    assert (faulty.position, reason in faulty.reason) == (77, True)
    assert faulty.subject in {"s77", None}
    assert (result.ingested, held(library)) == (499, 499)


def test_an_entry_whose_task_fails_is_found(library: Library, client: SearchClient) -> None:
    """Tasks tell of what a request does not show: a subject with eleven entries."""
    library.add(*(entry("s123", id=f"i{n}") for n in range(10)))
    result = client.ingest_many(library.index, entries(300), most_bytes=10_000)
    (faulty,) = result.faulty
    assert (faulty.position, faulty.subject, faulty.entry_id) == (123, "s123", None)
    assert "10 entries at most" in faulty.reason
    assert (result.ingested, held(library)) == (299, 300)
    assert posts(library) < 30


def test_too_many_faulty_entries_end_it(library: Library, client: SearchClient) -> None:
    """The error has what was done until then."""
    wrong = {f"s{n}": entry(f"s{n}", visible_to=["ada"]) for n in (10, 60, 110)}
    with pytest.raises(IngestStoppedError, match=r"more than 2 .*'s110'.*no principal") as caught:
        client.ingest_many(library.index, entries(200, **wrong), most_bytes=2000, most_faulty=2)
    result = caught.value.result
    assert [each.subject for each in result.faulty] == ["s10", "s60", "s110"]
    assert 90 <= result.ingested < 200


def test_a_full_index_ends_it(library: Library, client: SearchClient) -> None:
    """Its entries fail one by one, until they are too many."""
    small = library.client.create_index("Small", "1 MB")["id"]
    given = [entry(f"s{n}", {"text": "x" * 50_000}) for n in range(30)]
    with pytest.raises(IngestStoppedError, match="exceed its limit of 1 MB") as caught:
        client.ingest_many(small, given, most_bytes=200_000, most_faulty=3)
    assert caught.value.result.ingested >= 16


def test_a_task_that_takes_too_long_ends_it(library: Library, client: SearchClient) -> None:
    """By real time."""
    library.control("slow-down", seconds=5000)
    with pytest.raises(IngestStoppedError, match="not ended after 60 seconds"):
        client.ingest_many(library.index, entries(3), timeout=60)


def test_who_may_not_write_is_told_at_once(library: Library, client: SearchClient) -> None:
    """It is no fault of the entries."""
    for index, code in ((STARS, "Forbidden.Generic"), (str(uuid.uuid4()), "NotFound.NoSuchIndex")):
        with pytest.raises(SearchAPIError) as caught:
            client.ingest_many(index, entries(10))
        assert caught.value.code == code
    assert posts(library) == 2


@pytest.mark.parametrize(
    "options",
    [
        {"tasks_at_once": 0},
        {"tasks_at_once": "2"},
        {"most_bytes": 10},
        {"most_bytes": 20_000_000},
        {"most_faulty": -1},
        {"progress_file": 7},
        {"timeout": -1},
        {"entries": 7},
    ],
)
def test_wrong_arguments_are_refused(
    library: Library, client: SearchClient, options: dict[str, t.Any]
) -> None:
    """Nothing is sent."""
    with pytest.raises(GlobusSDKUsageError):
        client.ingest_many(library.index, **{"entries": entries(1), **options})
    assert posts(library) == 0


# interrupted


class Killed(BaseException):
    """The program is ended."""


def interrupted(given: list[Document], at: int) -> Iterator[Document]:
    """Entries, after some of which the program is ended."""
    for n, each in enumerate(given):
        if n == at:
            raise Killed
        yield each


@pytest.mark.parametrize("at", [1, 150, 299])
def test_it_goes_on_after_a_kill(
    library: Library, client: SearchClient, tmp_path: Path, at: int
) -> None:
    """No entry is left out; what was sent is waited for, and not sent again."""
    file = tmp_path / "progress.json"
    given = entries(300, s20=entry("s20", visible_to=["ada"]))
    options: dict[str, t.Any] = {"most_bytes": 2000, "progress_file": file}
    with pytest.raises(Killed):
        client.ingest_many(library.index, interrupted(given, at), **options)
    before = posts(library)
    result = client.ingest_many(library.index, given, **options)
    assert [each.subject for each in result.faulty] == ["s20"]
    assert (result.ingested, held(library)) == (299, 299)
    again = posts(library)
    assert before <= again
    bodies = [record.status for record in library.sandbox.journal() if record.status == 202]
    assert len(bodies) < 40
    assert client.ingest_many(library.index, given, **options) == result
    assert posts(library) == again


PROGRAM = """
import os, sys
from globus_core import AccessTokenAuthorizer, SearchClient

def entries():
    for n in range(300):
        if n == 150:
            print("half", flush=True)
            sys.stdin.read()
        yield {"subject": f"s{n}", "visible_to": ["public"], "content": {"n": n}}

client = SearchClient(
    base_url=os.environ["URL"], authorizer=AccessTokenAuthorizer(os.environ["TOKEN"])
)
client.ingest_many(os.environ["INDEX"], entries(), most_bytes=2000, progress_file=sys.argv[1])
"""


def test_a_program_that_was_killed_goes_on(
    library: Library, client: SearchClient, tmp_path: Path
) -> None:
    """With what it had sent, and with what it had not."""
    file = tmp_path / "progress.json"
    library.control("slow-down", seconds=0)
    environment = {
        **os.environ,
        "URL": library.sandbox.service_url("search"),
        "TOKEN": library.token(),
        "INDEX": library.index,
    }
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(file)],
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as program:
        assert program.stdout is not None
        assert program.stdout.readline() == "half\n"
        program.kill()
    assert 0 < held(library) <= 150
    before = posts(library)
    result = client.ingest_many(
        library.index, iter(entries(300)), most_bytes=2000, progress_file=file
    )
    assert (result.ingested, result.faulty, held(library)) == (300, [], 300)
    # as many requests as without the kill
    fresh = str(library.control("indices/add", display_name="b", owner=STARS)["id"])
    library.control(
        "roles/add",
        index_id=fresh,
        role_name="writer",
        identity=library.sandbox.confidential_client_id,
    )
    both = posts(library)
    client.ingest_many(fresh, entries(300), most_bytes=2000)
    assert both == posts(library) - both
    assert before < both


def test_a_task_that_the_service_has_forgotten_is_submitted_again(
    library: Library, client: SearchClient, tmp_path: Path
) -> None:
    """After a long time, for example."""
    file = tmp_path / "progress.json"
    given = entries(100)
    options: dict[str, t.Any] = {"most_bytes": 2000, "progress_file": file}
    with pytest.raises(Killed):
        client.ingest_many(library.index, interrupted(given, 90), **options)
    kept = json.loads(file.read_text())
    assert kept["tasks"]
    kept["tasks"] = dict.fromkeys(kept["tasks"], str(uuid.uuid4()))
    file.write_text(json.dumps(kept))
    before = posts(library)
    assert client.ingest_many(library.index, given, **options).ingested == 100
    assert posts(library) - before > len(kept["tasks"])


WRONG = '{"version": 1, "faulty": [], "index_id": "a", "done": "many"}'


def test_other_entries_do_not_go_on(library: Library, client: SearchClient, tmp_path: Path) -> None:
    """Nor another index, nor another file."""
    file = tmp_path / "progress.json"
    client.ingest_many(library.index, entries(20), progress_file=file)
    before = posts(library)
    for other in (entries(19), entries(20, s3=entry("s3"))):
        with pytest.raises(GlobusSDKUsageError, match="not those that were ingested before"):
            client.ingest_many(library.index, other, progress_file=file)
    with pytest.raises(GlobusSDKUsageError, match="progress of another index"):
        client.ingest_many(STARS, entries(20), progress_file=file)
    for text in ("", "[]", '{"version": 2}', '{"version": 1, "faulty": []}', WRONG):
        file.write_text(text)
        with pytest.raises(GlobusSDKUsageError, match="does not have the progress"):
            client.ingest_many(library.index, entries(20), progress_file=file)
    assert posts(library) == before
