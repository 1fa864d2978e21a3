from __future__ import annotations

import _thread
import threading
import typing as t
import uuid

import pytest

from globus_core.exc import GlobusError
from globus_core.identities import Identity, Unresolved
from globus_core_identity import ChainResolver, IdentityMap, MemoryIdentityCache


def test_every_key_is_answered_as_it_was_spelled(auth: t.Any, people: t.Any) -> None:
    """Found, unknown and impossible keys come out once for each spelling."""
    keys = [people.username(1), people.username(1).upper(), uuid.UUID(people.id(2)), "a,b", "No@x"]
    identities = IdentityMap(auth)

    answers = dict(identities.resolve_iter(keys))

    assert set(answers) == {str(key) for key in keys}
    assert answers[people.username(1)] is answers[people.username(1).upper()]
    assert isinstance(answers[people.id(2)], Identity)
    reasons = {k: a.reason for k, a in answers.items() if isinstance(a, Unresolved)}
    assert reasons == {"a,b": "invalid", "No@x": "unknown"}
    assert answers["No@x"].key == "No@x"  # type: ignore[union-attr]
    assert set(identities) == {people.id(1), people.id(2)}
    assert auth.count == 2


def test_results_come_before_the_last_request_has_ended(auth: t.Any, people: t.Any) -> None:
    """The first batch can be used while another one is still under way."""
    gate = threading.Event()
    last = people.username(199)

    def answer(asked: list[str]) -> list[t.Any]:
        if last in asked:
            assert gate.wait(20)
        return [auth.by_name[key] for key in asked]

    auth.answer = answer
    answers = IdentityMap(auth).resolve_iter(map(people.username, range(200)))

    first = [next(answers)[0] for _ in range(100)]
    gate.set()

    assert last not in first
    assert last in [key for key, _ in answers]


def test_keys_are_read_bit_by_bit(auth: t.Any, people: t.Any) -> None:
    """Of endless keys no more are read than can be sent soon."""
    read: list[int] = []

    def endless() -> t.Iterator[str]:
        while True:
            read.append(len(read))
            yield people.username(len(read) % 10_000)

    resolver = ChainResolver(auth, MemoryIdentityCache(max_entries=100), max_connections=2)
    answers = resolver.resolve_iter(endless())

    for _ in range(1000):
        next(answers)
    answers.close()  # type: ignore[attr-defined]

    assert len(read) == 1600  # two times four rounds of two requests


def test_memory_does_not_grow_with_the_number_of_keys(auth: t.Any, people: t.Any) -> None:
    """Behind a bounded cache nothing of a key is kept once it was given."""
    cache = MemoryIdentityCache(max_entries=200)
    resolver = ChainResolver(auth, cache, batch_size=10, max_connections=2)

    found = sum(
        isinstance(answer, Identity)
        for _, answer in resolver.resolve_iter(map(people.username, range(4000)))
    )

    assert found == 4000
    assert cache.describe().entries <= 200
    assert resolver._lookups._by_key == {}
    assert resolver.spellings._names == {}


def test_progress_is_told_while_streaming(auth: t.Any, people: t.Any) -> None:
    """The total is known where the keys have a length, and else grows."""
    keys = list(map(people.username, range(500)))
    for given, totals in ((keys, {500}), (iter(keys), {80, 160, 240, 320, 400, 480, 500})):
        seen: list[tuple[int, int]] = []
        resolver = ChainResolver(auth, MemoryIdentityCache(), batch_size=10, max_connections=2)

        def note(done: int, total: int, into: list[tuple[int, int]] = seen) -> None:
            into.append((done, total))

        for _ in resolver.resolve_iter(given, progress=note):
            pass

        assert sorted(seen) == seen
        assert seen[-1] == (500, 500)
        assert {total for _, total in seen} == totals


def test_a_failing_batch_is_an_answer_of_the_stream(auth: t.Any, people: t.Any) -> None:
    """The other batches come all the same."""
    auth.errors = [GlobusError("the server is ill")]
    identities = IdentityMap(auth, max_connections=2)
    # one that is hopeless would end the rest
    auth.errors = [ValueError("no JSON")]

    answers = dict(identities.resolve_iter(map(people.username, range(300))))

    assert sum(isinstance(answer, Identity) for answer in answers.values()) == 200
    failed = [answer for answer in answers.values() if isinstance(answer, Unresolved)]
    assert {answer.reason for answer in failed} == {"failed"}


def test_a_bug_comes_out_of_the_stream(auth: t.Any, people: t.Any) -> None:
    """What is no answer of a server is raised where the answers are read."""
    auth.errors = [RuntimeError("bug in a client")]

    with pytest.raises(RuntimeError, match="bug in a client"):
        list(IdentityMap(auth).resolve_iter([people.username(1)]))


def test_others_can_look_up_while_a_stream_is_held(auth: t.Any, people: t.Any) -> None:
    """A stream that nobody reads on, or that is read in a loop, holds up no look-up."""
    names = [people.username(number) for number in range(300)]
    identities = IdentityMap(auth, max_connections=2)
    answers = identities.resolve_iter(names)
    next(answers)

    assert len(identities.resolve_many(names).found) == 300
    assert all(identities[key] for key, _ in answers)
    assert auth.count == 3


def test_who_shares_a_broken_off_look_up_asks_for_himself(auth: t.Any, people: t.Any) -> None:
    """Keys that another caller has given up are looked up by those who still want them."""
    auth.gate = threading.Event()
    identities = IdentityMap(auth, id_batch_size=1, max_connections=1)
    names = [people.username(number) for number in range(5)]
    answers = identities.resolve_iter(["", *names])
    assert next(answers)[0] == ""
    assert auth.entered.wait(20)
    found: list[int] = []
    other = threading.Thread(target=lambda: found.append(len(identities.resolve_many(names).found)))
    other.start()
    closing = threading.Thread(target=answers.close)  # type: ignore[attr-defined]
    closing.start()
    auth.gate.set()
    closing.join(20)
    other.join(20)

    assert found == [5]


@pytest.mark.parametrize("startable", [0, 1, 2])
def test_without_more_threads_the_batches_are_sent_one_by_one(
    auth: t.Any, people: t.Any, monkeypatch: pytest.MonkeyPatch, startable: int
) -> None:
    """Where the limit of threads is reached, everybody is found all the same, also in a stream."""
    start, start_in_c = threading.Thread.start, _thread.start_new_thread
    left = startable

    def limited(self: threading.Thread) -> None:
        nonlocal left
        if left == 0:
            raise RuntimeError("can't start new thread")
        left -= 1
        start(self)

    def limited_in_c(work: t.Any, arguments: t.Any) -> int:
        nonlocal left
        if left == 0:
            raise RuntimeError("can't start new thread")
        left -= 1
        return start_in_c(work, arguments)

    monkeypatch.setattr(threading.Thread, "start", limited)
    monkeypatch.setattr(_thread, "start_new_thread", limited_in_c)
    names = list(map(people.username, range(401)))

    answers = dict(IdentityMap(auth).resolve_iter(names))
    left = startable
    found = IdentityMap(auth).resolve_many(names).found

    for key in names:
        assert isinstance(answers[key], Identity)
        assert isinstance(found[key], Identity)


def test_an_extension_is_asked_without_a_thread_if_there_are_no_more(
    auth: t.Any, people: t.Any, monkeypatch: pytest.MonkeyPatch, add_plugin: t.Any
) -> None:
    """Its deadline cannot be kept then, but its answer counts."""

    def refuse(self: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    def normalize(key: str) -> str | None:
        return people.username(1) if key == "n1" else None

    monkeypatch.setattr(threading.Thread, "start", refuse)
    add_plugin("campus", globus_normalize_identity=normalize)

    assert IdentityMap(auth)["n1"].id == people.id(1)
