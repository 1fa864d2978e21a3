"""
Any number of entries is ingested, and any number of results found, in the same memory.
"""

from __future__ import annotations

import json
import tracemalloc
import typing as t
import uuid

import pytest
import requests
from requests.adapters import BaseAdapter

from globus_core import AccessTokenAuthorizer, SearchClient

if t.TYPE_CHECKING:
    from collections.abc import Callable, Iterator

INDEX = str(uuid.UUID(int=1))
MIB = 1024 * 1024


class Service(BaseAdapter):
    """
    A Search that accepts everything, and keeps nothing; its index has many results.

    :param pages: how many pages of results there are
    """

    def __init__(self, pages: int = 0) -> None:
        super().__init__()
        self._pages = pages
        self.ingested = 0
        self.received = 0

    def send(self, request: requests.PreparedRequest, **options: t.Any) -> requests.Response:  # type: ignore[override]
        body = t.cast("bytes", request.body or b"")
        self.received += len(body)
        if request.path_url.endswith("/ingest"):
            self.ingested += body.count(b'"subject"')
            answer: t.Any = {"acknowledged": True, "task_id": INDEX}
        elif request.path_url.endswith("/scroll"):
            answer = self._page(json.loads(body))
        else:
            answer = {"task_id": INDEX, "state": "SUCCESS"}
        response = requests.Response()
        response.status_code = 200
        response.request = request
        response.url = request.url or ""
        response._content = json.dumps(answer).encode()
        response.headers["Content-Type"] = "application/json"
        return response

    def _page(self, query: dict[str, t.Any]) -> dict[str, t.Any]:
        number = int(query.get("marker", "0")) + 1
        found = [{"subject": "x" * 400, "entries": [{"content": {"n": n}}]} for n in range(100)]
        return {"gmeta": found, "has_next_page": number < self._pages, "marker": str(number)}

    def close(self) -> None:
        """There is nothing to close."""


@pytest.fixture
def service() -> Service:
    """100 pages of 100 results."""
    return Service(pages=100)


@pytest.fixture
def client(service: Service) -> Iterator[SearchClient]:
    """A client of that service."""
    with SearchClient(
        base_url="https://search.example.org/", authorizer=AccessTokenAuthorizer("made-up")
    ) as client:
        client.transport.session.mount("https://", service)
        yield client


def peak(work: Callable[[], object]) -> int:
    """The memory that something takes beside what was there before, in bytes."""
    work()  # so that modules are loaded
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def entries(count: int) -> Iterator[dict[str, t.Any]]:
    """Entries of some 500 bytes."""
    for n in range(count):
        yield {"subject": f"s{n}", "visible_to": ["public"], "content": {"text": f"{n:>450}"}}


def test_many_entries_take_the_memory_of_a_few_requests(
    client: SearchClient, service: Service
) -> None:
    """As many as there are tasks at once; here 10 MB in requests of 0.1 MB, four at once."""

    def work() -> None:
        result = client.ingest_many(INDEX, entries(20_000), most_bytes=MIB // 10)
        assert (result.ingested, result.faulty) == (20_000, [])

    assert peak(work) < 2 * MIB
    assert service.ingested == 40_000
    assert service.received > 19 * MIB


def test_all_results_take_the_memory_of_a_page(client: SearchClient) -> None:
    """Here some 5 MB in pages of 50 kB."""

    def work() -> None:
        assert sum(1 for _ in client.search_all(INDEX, "*", page_size=100)) == 10_000

    assert peak(work) < MIB
