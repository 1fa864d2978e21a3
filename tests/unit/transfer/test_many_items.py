"""
Many items are split into tasks.
"""

from __future__ import annotations

import itertools
import typing as t
import uuid

from hypothesis import given
from hypothesis import strategies as st

from globus_core import TransferClient, TransferData
from globus_core.services.transfer import TransferItem
from globus_core_transfer.many_items import Split, document, read_items
from globus_core_transfer.planning import expanded
from globus_core_transfer.submissions import fingerprint
from tests.unit.transfer.answering import answered

sizes = st.lists(st.none() | st.integers(0, 30), max_size=50)


def items_of(sizes: list[int | None]) -> list[TransferItem]:
    """Items with sizes."""
    return [TransferItem(f"/{n}", f"/{n}", size) for n, size in enumerate(sizes)]


@given(sizes, st.integers(1, 10), st.integers(1, 40))
def test_tasks_keep_their_limits(sizes: list[int | None], count: int, size: int) -> None:
    """All items are in them, in their order; only a single item may be too large."""
    batches = list(Split(count, size).batches(items_of(sizes)))

    assert [item for batch in batches for item in batch] == items_of(sizes)
    for batch in batches:
        assert 1 <= len(batch) <= count
        assert len(batch) == 1 or sum(item.size or 0 for item in batch) <= size


@given(sizes, st.integers(1, 10), st.integers(1, 40))
def test_tasks_are_as_large_as_they_may_be(sizes: list[int | None], count: int, size: int) -> None:
    """The first item of the next one had no room."""
    batches = list(Split(count, size).batches(items_of(sizes)))
    for batch, following in itertools.pairwise(batches):
        more = [*batch, following[0]]
        assert len(more) > count or sum(item.size or 0 for item in more) > size


def test_items_of_one_task_are_held_at_once() -> None:
    """Also of 200,000 items, which a generator gives."""
    read = 0

    def many() -> t.Iterator[tuple[str, str]]:
        nonlocal read
        for read in range(1, 200_001):
            yield f"/{read}", f"/{read}"

    done = 0
    for batch in Split(10_000, 10**12).batches(read_items(many())):
        done += len(batch)
        assert read - done <= 1
        assert len(document({"source_endpoint": "a"}, batch)["DATA"]) == len(batch)
    assert done == 200_000


def test_documents_are_told_apart_by_what_is_sent() -> None:
    """A UUID and its text are the same, and so are MISSING and nothing."""
    endpoint = uuid.UUID("d0a5d3a0-3b9c-4b0e-9a7e-6f6a1f6a3f10")
    one, two = TransferData(endpoint, "b"), TransferData(str(endpoint), "b", submission_id="x")
    for data in (one, two):
        data.add_item("/a", "/b")
    plain = {name: one[name] for name in ("DATA_TYPE", "source_endpoint", "destination_endpoint")}
    plain["DATA"] = [{"DATA_TYPE": "transfer_item", "source_path": "/a", "destination_path": "/b"}]
    assert fingerprint(one) == fingerprint(two) == fingerprint(plain)
    assert fingerprint(one) != fingerprint({**one, "label": "other"})
    assert fingerprint(one) != fingerprint({**one, "DATA": []})


def test_directories_have_one_order() -> None:
    """Whatever the order in which they are listed, so that a second run makes the same tasks."""
    listed = [
        {"name": "b", "type": "file", "size": 2},
        {"name": "sub", "type": "dir", "size": 0},
        {"name": "link", "type": "file", "size": 1, "link_target": "/a"},
        {"name": "a", "type": "file", "size": 1},
        {"name": "null", "type": "chr", "size": 0},
    ]
    below = [{"name": "c", "type": "file", "size": 3}]
    found = []
    for entries in (listed, listed[::-1]):
        client = answered(TransferClient, {"DATA": entries}, {"DATA": below})
        found.append(list(expanded(client, "a", [TransferItem("/x/", "/y/")], 0.0)))
    assert found[0] == found[1]
    assert [(item.source_path, item.destination_path, item.size) for item in found[0]] == [
        ("/x/a", "/y/a", 1),
        ("/x/b", "/y/b", 2),
        ("/x/sub/c", "/y/sub/c", 3),
    ]
