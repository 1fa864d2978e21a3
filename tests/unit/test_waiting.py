"""Waiting goes through one module, and a plugin can replace how it is done."""

from __future__ import annotations

import os
import threading
import time
import typing as t

import pytest

from globus_core import waiting
from globus_core.authorizers.renewing import RenewingAuthorizer
from globus_core.exc import RenewalError
from globus_core.locks import DeadlineRLock, ForkSafeLock, OwnedLock


class Tasks(waiting.Waiter):
    """
    Many tasks in one thread: while one waits, the steps of others that are left to do run.
    """

    def __init__(self) -> None:
        self.task = "first"
        self.steps: list[tuple[str, t.Callable[[], object]]] = []

    def owner(self) -> t.Hashable:
        return self.task

    def acquire(self, lock: waiting.Lock, seconds: float | None) -> bool:
        while not lock.acquire(False):
            if not self.steps:
                return False
            self._step()
        return True

    def sleep(self, seconds: float) -> None:
        self._step()

    def _step(self) -> None:
        waiter, (self.task, step) = self.task, self.steps.pop(0)
        step()
        self.task = waiter


class Noted(waiting.Waiter):
    """Leaves all waiting to the waiter before it, and notes that it was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def owner(self) -> t.Hashable:
        self.asked.append("owner")
        return super().owner()

    def sleep(self, seconds: float) -> None:
        self.asked.append(f"sleep {seconds:g}")
        super().sleep(seconds)


def test_a_thread_owns_what_it_holds_by_default() -> None:
    """Without a plugin the owner is the running thread."""
    owners: list[object] = []
    thread = threading.Thread(target=lambda: owners.append(waiting.owner()))
    thread.start()
    thread.join()

    assert waiting.owner() == threading.get_ident()
    assert owners != [waiting.owner()]


def test_a_free_lock_is_taken_at_once_and_a_held_one_not_in_time() -> None:
    """The answer says whether the lock is held now; a negative time is no time."""
    lock = threading.Lock()

    assert waiting.acquire(lock)
    assert not waiting.acquire(lock, 0)
    assert not waiting.acquire(lock, -5.0)
    assert not waiting.acquire(lock, 0.001)


def test_a_held_lock_is_waited_for_without_limit_or_for_longer_than_a_lock_can_wait() -> None:
    """None sets no limit, and no number of seconds is too large."""
    for seconds in (None, 1e300):
        lock = threading.Lock()
        lock.acquire()
        thread = threading.Thread(target=lock.release)
        thread.start()
        assert waiting.acquire(lock, seconds)
        thread.join()


def test_events_and_conditions_are_waited_for() -> None:
    """True if it came, False if the time was up."""
    event, condition = threading.Event(), threading.Condition()
    with condition:
        assert not waiting.wait(condition, 0)
    assert not waiting.wait(event, 0)
    event.set()
    assert waiting.wait(event)


@pytest.mark.parametrize("seconds", [1e30, float("inf")])
def test_an_event_is_waited_for_longer_than_a_thread_can_wait(seconds: float) -> None:
    """A time beyond the longest one of the system is no error."""
    asked: list[float | None] = []

    class Event:
        def wait(self, timeout: float | None = None) -> bool:
            asked.append(timeout)
            return True

    assert waiting.wait(Event(), seconds)
    assert asked == [threading.TIMEOUT_MAX]


def test_a_blocking_call_gives_its_result_and_its_error() -> None:
    """Arguments go to the function, and what comes of it comes back."""
    assert waiting.blocking(max, 1, 2) == 2
    with pytest.raises(ZeroDivisionError):
        waiting.blocking(divmod, 1, 0)


def test_a_waiter_leaves_what_it_does_not_do_to_the_one_before() -> None:
    """A plugin that changes one way of waiting need not know the others."""
    before = waiting.owner()
    with waiting.use(Noted()) as outer, waiting.use(waiting.Waiter()):
        waiting.sleep(0)
        assert waiting.owner() == before
        assert waiting.blocking(str, 5) == "5"
        assert not waiting.wait(threading.Event(), 0)
        assert not waiting.acquire(_held(), 0)

    assert outer.asked == ["sleep 0", "owner"]


def test_waiters_are_taken_out_of_use_in_any_order() -> None:
    """The rest stays in use, and taking one out twice does nothing."""
    first, second = waiting.use(Noted()), waiting.use(Noted())
    waiting.stop_using(first)
    waiting.stop_using(first)
    waiting.owner()
    waiting.stop_using(second)
    waiting.owner()

    assert (first.asked, second.asked) == ([], ["owner"])


def test_a_task_waits_for_the_lock_of_another_task_of_its_thread() -> None:
    """The lock knows its task: waiting lets the holder go on, in the same thread."""
    lock = OwnedLock("a renewal")
    done: list[str] = []
    with waiting.use(Tasks()) as tasks:
        held = lock.held(5)
        tasks.task = "holder"
        held.__enter__()

        def leave() -> None:
            done.append("holder")
            held.__exit__(None, None, None)

        tasks.steps = [("holder", leave)]
        tasks.task = "waiting"
        with lock.held(5):
            done.append("waiting")
            with pytest.raises(RenewalError), lock.held(5):
                pass

    assert done == ["holder", "waiting"]
    assert not lock.busy


@pytest.mark.parametrize("make", [ForkSafeLock, lambda: DeadlineRLock(5, TimeoutError)])
def test_other_locks_let_the_tasks_of_a_thread_go_on_too(make: t.Callable[[], t.Any]) -> None:
    """Entering waits through the seam, so the task that holds the lock can release it."""
    lock = make()
    held = lock.held()
    with waiting.use(Tasks()) as tasks:
        tasks.task = "holder"
        held.__enter__()
        tasks.steps = [("holder", lambda: held.__exit__(None, None, None))]
        tasks.task = "waiting"
        with lock.held():
            assert not tasks.steps


def test_a_lock_that_may_be_taken_again_is_its_owners_alone() -> None:
    """It is free again when its owner has left as often as entered; others wait in vain."""
    lock = DeadlineRLock(0.001, lambda: TimeoutError("too late"))
    with waiting.use(Tasks()) as tasks:
        with lock.held():
            with lock.held():
                pass
            tasks.task = "second"
            with pytest.raises(TimeoutError, match="too late"), lock.held():
                pass
            tasks.task = "first"
        tasks.task = "second"
        with lock.held():
            pass


def test_the_header_that_was_refused_is_kept_apart_for_each_task() -> None:
    """A 401 that a second task handles meanwhile does not change which token is given up."""

    class Authorizer(RenewingAuthorizer):
        def _get_token_response(self) -> t.NoReturn:
            raise AssertionError("nothing is to be renewed")

        def handle_missing_authorization(self) -> bool:
            if tasks.steps:
                waiting.sleep(0)
            return super().handle_missing_authorization()

    authorizer = Authorizer("made-up", int(time.time()) + 3600)
    with waiting.use(Tasks()) as tasks:
        tasks.steps = [("second", lambda: authorizer.handle_refused_header("Bearer older"))]
        authorizer.handle_refused_header("Bearer older-still")

    assert not tasks.steps
    assert authorizer.get_authorization_header() == "Bearer made-up"


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")
@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_a_child_leaves_a_section_that_it_was_forked_in() -> None:
    """The lock is the parent's: leaving is no error, and the child's own lock is free."""
    lock = DeadlineRLock(0.001, TimeoutError)
    with lock.held():
        child = os.fork()
    if child == 0:
        with lock.held():
            os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def _held() -> threading.Lock:
    lock = threading.Lock()
    lock.acquire()
    return lock
