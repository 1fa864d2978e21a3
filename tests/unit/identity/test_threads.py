from __future__ import annotations

import threading
import typing as t
from concurrent.futures import ThreadPoolExecutor

import pytest

from globus_core import waiting
from globus_core.exc import GlobusError
from globus_core_identity import IdentityMap

if t.TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from concurrent.futures import Future

    Question = Callable[[IdentityMap], t.Sized | int]

THREADS = 8
SECONDS = 20.0
QUESTIONS: list[Question] = [
    len,
    list,
    IdentityMap.copy,
    IdentityMap.to_dict,
    lambda identities: list(identities.items()),
    lambda identities: list(identities.values()),
    lambda identities: identities.prefetch().found,
]
questions = pytest.mark.parametrize(
    "question", QUESTIONS, ids=["len", "list", "copy", "to_dict", "items", "values", "prefetch"]
)


class Waits(waiting.Waiter):
    """Notes that somebody has begun to wait for another thread's look-up."""

    def __init__(self) -> None:
        self.begun = threading.Event()

    def wait(self, waitable: waiting.Waitable, seconds: float | None) -> bool:
        self.begun.set()
        return super().wait(waitable, seconds)


@pytest.fixture
def waits() -> Iterator[Waits]:
    with waiting.use(Waits()) as waits:
        yield waits


def asked_meanwhile(
    pool: ThreadPoolExecutor, waits: Waits, question: Question, identities: IdentityMap
) -> Future[t.Any]:
    """Ask in another thread, which waits for the one that is at work already."""
    asked = pool.submit(question, identities)
    asked.add_done_callback(lambda done: waits.begun.set())
    assert waits.begun.wait(SECONDS)
    assert not asked.done()
    return asked


def size(answer: t.Sized | int) -> int:
    return answer if isinstance(answer, int) else len(answer)


def test_threads_with_the_same_keys_share_the_requests(auth: t.Any, people: t.Any) -> None:
    """Eight threads that work through 2000 announced names need 20 requests between them."""
    names = [people.username(number) for number in range(2000)]
    identities = IdentityMap(auth, names)
    barrier = threading.Barrier(THREADS)

    def work(_: int) -> list[str]:
        barrier.wait(20)
        return [identities[name].id for name in names]

    with ThreadPoolExecutor(THREADS) as pool:
        results = list(pool.map(work, range(THREADS)))

    assert [[people.id(number) for number in range(2000)]] * THREADS == results
    assert auth.count == 20


def test_threads_that_resolve_the_same_keys_share_the_requests(auth: t.Any, people: t.Any) -> None:
    """While one thread asks, the others wait for its answers."""
    auth.gate = threading.Event()
    identities = IdentityMap(auth)
    keys = [people.username(number) for number in range(500)]

    with ThreadPoolExecutor(THREADS) as pool:
        first = pool.submit(identities.resolve_many, keys)
        assert auth.entered.wait(20)
        others = [pool.submit(identities.resolve_many, keys) for _ in range(THREADS - 1)]
        auth.gate.set()
        found = [len(future.result(20).found) for future in [first, *others]]

    assert found == [500] * THREADS
    assert auth.count == 5


def test_one_map_takes_keys_and_questions_at_once(auth: t.Any, people: t.Any) -> None:
    """Adding, asking and iterating from many threads loses nothing."""
    identities = IdentityMap(auth)

    def work(offset: int) -> bool:
        mine = range(offset, 800, THREADS)
        for number in mine:
            identities.add(people.username(number))
            if number % 7 == 0:
                assert identities[people.id(number)]
        assert len(list(identities)) >= len(mine)
        return all(identities[people.username(number)].id == people.id(number) for number in mine)

    with ThreadPoolExecutor(THREADS) as pool:
        assert all(pool.map(work, range(THREADS)))
    assert len(identities) == 800


@questions
def test_whoever_asks_for_everything_waits_for_what_others_look_up(
    auth: t.Any, people: t.Any, waits: Waits, question: Question
) -> None:
    """While one thread's request is under way, another one does not see a map without its keys."""
    auth.gate = threading.Event()
    identities = IdentityMap(auth, [people.username(1), people.username(2)])

    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(identities.prefetch)
        assert auth.entered.wait(SECONDS)
        second = asked_meanwhile(pool, waits, question, identities)
        auth.gate.set()
        assert len(first.result(SECONDS).found) == 2
        assert size(second.result(SECONDS)) == 2

    assert auth.count == 1


@pytest.mark.parametrize("question", QUESTIONS[:-1])
def test_whoever_waits_for_what_others_look_up_sees_their_failure(
    auth: t.Any, people: t.Any, waits: Waits, question: Question
) -> None:
    """A failed request is not taken for an empty map; the keys can be asked for again."""
    auth.gate = threading.Event()
    auth.errors = [GlobusError("the server is ill")]
    identities = IdentityMap(auth, [people.username(1), people.username(2)])

    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(identities.prefetch)
        assert auth.entered.wait(SECONDS)
        second = asked_meanwhile(pool, waits, question, identities)
        auth.gate.set()
        assert len(first.result(SECONDS).failed) == 2
        with pytest.raises(GlobusError, match="ill"):
            second.result(SECONDS)

    assert auth.count == 1
    assert size(question(identities)) == 2


@questions
def test_keys_taken_along_with_another_are_waited_for(
    auth: t.Any, people: t.Any, waits: Waits, question: Question
) -> None:
    """One key is looked up, and the request has announced ones along with it."""
    auth.gate = threading.Event()
    identities = IdentityMap(auth, [people.username(number) for number in range(5)])

    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(identities.get, people.username(1))
        assert auth.entered.wait(SECONDS)
        second = asked_meanwhile(pool, waits, question, identities)
        auth.gate.set()
        assert first.result(SECONDS).id == people.id(1)
        assert size(second.result(SECONDS)) == 5

    assert auth.count == 1


def test_what_another_thread_has_broken_off_is_asked_for(
    auth: t.Any, people: t.Any, waits: Waits
) -> None:
    """A bug in one thread's request leaves the keys to the one that waits."""
    auth.gate = threading.Event()
    auth.errors = [RuntimeError("bug in a client")]
    identities = IdentityMap(auth, [people.username(1), people.username(2)])

    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(identities.prefetch)
        assert auth.entered.wait(SECONDS)
        second = asked_meanwhile(pool, waits, len, identities)
        auth.gate.set()
        with pytest.raises(RuntimeError):
            first.result(SECONDS)
        assert second.result(SECONDS) == 2


def test_bare_names_that_a_plugin_is_asked_for_are_not_missed(
    auth: t.Any, people: t.Any, add_plugin: t.Any
) -> None:
    """While an institution's plugin thinks about names for one thread, another asks as well."""
    asked, enough = threading.Event(), threading.Event()

    def slow_at_first(key: str) -> str:
        if not asked.is_set():
            asked.set()
            assert enough.wait(SECONDS)
        return f"{key}@example.org"

    add_plugin("campus", globus_normalize_identity=slow_at_first)
    identities = IdentityMap(auth, ["user00001", "user00002", people.id(3)])

    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(identities.get, people.id(3))
        assert asked.wait(SECONDS)
        assert pool.submit(len, identities).result(SECONDS) == 3
        enough.set()
        assert first.result(SECONDS).id == people.id(3)

    assert sorted(identities) == [people.id(1), people.id(2), people.id(3)]


def test_a_key_stays_announced_until_it_is_answered(auth: t.Any, people: t.Any) -> None:
    """Also the one that was looked up by itself; announcing it again does nothing."""
    auth.errors = [GlobusError("the server is ill")]
    identities = IdentityMap(auth, [people.username(1)])

    with pytest.raises(GlobusError, match="ill"):
        identities[people.username(1)]

    assert "1 announced" in repr(identities)
    assert not identities.add(people.username(1))
    assert list(identities) == [people.id(1)]
    assert "0 announced" in repr(identities)


def test_batches_fly_at_the_same_time(auth: t.Any, people: t.Any) -> None:
    """Four requests are under way at once, and never more than allowed."""
    together = threading.Barrier(4)
    flying: list[int] = []
    lock = threading.Lock()
    now = 0

    def answer(asked: list[str]) -> list[t.Any]:
        nonlocal now
        with lock:
            now += 1
            flying.append(now)
        together.wait(20)
        with lock:
            now -= 1
        return [auth.by_name[key] for key in asked]

    auth.answer = answer
    identities = IdentityMap(auth, max_connections=4)

    assert identities.resolve_many(map(people.username, range(800))).complete
    assert max(flying) == 4


def test_a_failure_reaches_all_who_wait(
    auth: t.Any, people: t.Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever shares a look-up shares its error."""
    auth.gate = threading.Event()
    auth.errors = [GlobusError("the server is ill")]
    identities = IdentityMap(auth)
    waits = threading.Event()
    real_wait = waiting.wait

    def wait(what: t.Any, seconds: float | None = None) -> bool:
        waits.set()
        return real_wait(what, seconds)

    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(identities.get, people.username(1))
        assert auth.entered.wait(60)
        monkeypatch.setattr(waiting, "wait", wait)
        second = pool.submit(identities._resolver.resolve_many, [people.username(1)])
        assert waits.wait(60)
        auth.gate.set()
        with pytest.raises(GlobusError, match="ill"):
            first.result(60)
        assert second.result(60).failed == [people.username(1)]
    assert auth.count == 1


def test_a_look_up_that_breaks_leaves_nobody_waiting(auth: t.Any, people: t.Any) -> None:
    """An unexpected exception passes through; the keys can be asked for again."""
    identities = IdentityMap(auth, [people.username(2)])
    auth.errors = [RuntimeError("bug in a client")]

    with pytest.raises(RuntimeError):
        identities[people.username(1)]

    assert identities[people.username(1)]
    assert identities[people.username(2)]
    assert auth.count == 2


def test_a_broken_off_iteration_can_be_repeated(auth: t.Any, people: t.Any) -> None:
    """A progress callback may end a look-up; what was announced stays announced."""
    identities = IdentityMap(auth, map(people.username, range(300)))

    def stop(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        identities.prefetch(progress=stop)

    assert len(identities) == 300


def test_waiting_for_another_thread_ends(
    auth: t.Any, people: t.Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A look-up that hangs in one thread is an error in the other that names the time."""
    monkeypatch.setattr("globus_core_identity.resolver.WAIT_SECONDS", 0.01)
    monkeypatch.setattr("globus_core_identity._single_flight.WAIT_SECONDS", 0.01)
    auth.gate = threading.Event()
    identities = IdentityMap(auth)

    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(identities.get, people.username(1))
        assert auth.entered.wait(20)
        try:
            with pytest.raises(GlobusError, match=r"did not finish within 0\.01 seconds"):
                identities[people.username(1)]
        finally:
            auth.gate.set()
        assert first.result(20).id == people.id(1)
