"""
Entries are put together to requests: none is lost, none is too large, the order is kept.
"""

from __future__ import annotations

import json
import typing as t

import pytest
from hypothesis import given
from hypothesis import strategies as st

from globus_core import GlobusSDKUsageError
from globus_core_search.batches import ENVELOPE, Batch, Batches, body

#: entries that can be sent, are too large for small requests, or are no entries at all
ENTRIES = st.lists(
    st.one_of(
        st.fixed_dictionaries(
            {
                "subject": st.text(st.characters(codec="utf-8"), min_size=1, max_size=9),
                "content": st.dictionaries(st.text(st.characters(codec="utf-8")), st.integers()),
            }
        ),
        st.just({"subject": "large", "content": {"text": "x" * 500}}),
        st.sampled_from(["text", None, {}, {"subject": ""}, {"subject": "a", "n": {1}}]),
    ),
    max_size=30,
)
SIZES = st.integers(min_value=ENVELOPE + 40, max_value=ENVELOPE + 600)


def batches(entries: list[t.Any], most_bytes: int) -> list[Batch]:
    """The batches of entries, which are read lazily."""
    return list(Batches(iter(entries), most_bytes))


@given(entries=ENTRIES, most_bytes=SIZES)
def test_each_entry_is_in_one_batch(entries: list[t.Any], most_bytes: int) -> None:
    """Or is faulty, in the batch whose positions include its own."""
    found = batches(entries, most_bytes)
    positions: list[int] = []
    for batch in found:
        here = [each.position for each in batch.entries]
        assert here == sorted(here)
        here += [each.position for each in batch.faulty]
        assert sorted(here) == list(range(len(positions), batch.end))
        positions += here
    assert len(positions) == len(entries)


@given(entries=ENTRIES, most_bytes=SIZES)
def test_no_request_is_too_large(entries: list[t.Any], most_bytes: int) -> None:
    """Its document has the entries as they were."""
    for batch in batches(entries, most_bytes):
        text = body(batch.entries)
        assert len(text) <= most_bytes
        sent = json.loads(text)["ingest_data"]["gmeta"]
        assert sent == [entries[each.position] for each in batch.entries]


@given(entries=ENTRIES, most_bytes=SIZES, data=st.data())
def test_batches_are_the_same_from_the_end_of_another_one_on(
    entries: list[t.Any], most_bytes: int, data: st.DataObject
) -> None:
    """So that the tasks of a run that was interrupted are found again."""
    found = batches(entries, most_bytes)
    at = data.draw(st.integers(min_value=0, max_value=len(found)))
    rest = Batches(iter(entries), most_bytes)
    if at:
        rest.skip(found[at - 1].end, found[at - 1].digest)
    assert list(rest) == found[at:]


@given(entries=ENTRIES.filter(bool), data=st.data())
def test_other_entries_are_noticed(entries: list[t.Any], data: st.DataObject) -> None:
    """Also if there are fewer of them."""
    (whole,) = batches(entries, 10_000_000)
    at = data.draw(st.integers(min_value=0, max_value=len(entries) - 1))
    fewer = entries[:at] + entries[at + 1 :]
    changed = [*entries[:at], {"subject": "another", "content": {"n": "new"}}, *entries[at + 1 :]]
    for other in (fewer, changed):
        with pytest.raises(GlobusSDKUsageError, match="not those that were ingested before"):
            Batches(iter(other), 10_000_000).skip(len(entries), whole.digest)
