"""
Sending batches, several at a time and as fast as the server allows.
"""

from __future__ import annotations

import _thread
import contextvars
import functools
import queue
import threading
import typing as t

from globus_core import waiting
from globus_core.identities import FAILED, Unresolved
from globus_core.rate_limits import StoppedError

from ._auth_source import blocks_further_requests

if t.TYPE_CHECKING:
    from globus_core.rate_limits import RateLimiter

    from ._auth_source import Answered
    from ._batches import Batch

    Todo: t.TypeAlias = queue.SimpleQueue[tuple[contextvars.Context, Batch]]
    Ask: t.TypeAlias = t.Callable[[Batch], Answered]


class Sending:
    """
    The requests of one look-up.

    :param ask: sends a batch
    :param limiter: shared with the other look-ups of the resolver
    :param stopped: set when the answers are no longer wanted
    """

    def __init__(self, ask: Ask, limiter: RateLimiter, stopped: threading.Event) -> None:
        self._ask = ask
        self._limiter = limiter
        self._stopped = stopped

    def answers(self, parts: list[Batch], connections: int) -> t.Iterator[Answered]:
        """
        Send batches, and yield each answer as it arrives.

        :param parts: the batches
        :param connections: how many to send at once
        """
        workers = min(len(parts), connections)
        if workers <= 1:
            return self._one_by_one(parts)
        return self._at_once(parts, workers)

    def _one_by_one(self, parts: list[Batch]) -> t.Iterator[Answered]:
        blocker: Unresolved | None = None
        for part in parts:
            if blocker is not None:
                yield _refused(part, blocker)
                continue
            answered = self._send(part)
            blocker = _blocker(answered)
            yield answered

    def _at_once(self, parts: list[Batch], workers: int) -> t.Iterator[Answered]:
        # Not with a pool of threads: an interrupt inside one can leave its locks held.
        todo: queue.SimpleQueue[tuple[contextvars.Context, Batch]] = queue.SimpleQueue()
        done: queue.SimpleQueue[Answered | BaseException | None] = queue.SimpleQueue()
        for part in parts:
            # In the caller's context, so that tracing can attribute the requests.
            todo.put((contextvars.copy_context(), part))
        started: list[int] = []
        ended: list[bool] = []
        try:
            try:
                started.extend(
                    map(
                        _thread.start_new_thread,
                        [self._work] * workers,
                        [(todo, done, ended)] * workers,
                    )
                )
            except RuntimeError:  # no more threads
                workers = len(started)
            if not started:
                yield from self._one_by_one(parts)
                return
            while len(ended) < workers or not done.empty():
                answered = waiting.blocking(done.get)
                if answered is None:
                    continue
                if isinstance(answered, BaseException):
                    raise answered
                yield answered
        except BaseException:
            self._stopped.set()
            self._limiter.wake()
            raise
        finally:
            for _ in _taken(todo):
                pass
            while len(ended) < len(started):
                waiting.blocking(done.get)

    def _work(self, todo: Todo, done: queue.SimpleQueue[t.Any], ended: list[bool]) -> None:
        """Send batches until none are left, and note the end before waking who waits for it."""
        try:
            for context, part in iter(functools.partial(_next, todo), None):
                answered = context.run(self._send, part)
                done.put(answered)
                blocker = _blocker(answered)
                if blocker is not None:
                    for refused in _taken(todo):
                        done.put(_refused(refused, blocker))
        except BaseException as error:  # raised in the caller's thread
            done.put(error)
        finally:
            ended.append(True)
            done.put(None)

    def _send(self, part: Batch) -> Answered:
        """Send a batch, and repeat it after a pause if the server asks for one."""

        def attempt() -> tuple[Answered, Exception | None]:
            answered = self._ask(part)
            return answered, _error(answered)

        try:
            answered, _ = self._limiter.send(attempt, self._stopped)
        except StoppedError:
            return {key: Unresolved(key, FAILED, detail="cancelled") for key in part.keys}, {}
        return answered


def _blocker(answered: Answered) -> Unresolved | None:
    """The answer that shows that further requests would be useless, if there is one."""
    for answer in answered[0].values():
        if isinstance(answer, Unresolved) and blocks_further_requests(answer.error):
            return answer
    return None


def _error(answered: Answered) -> Exception | None:
    for answer in answered[0].values():
        return answer.error if isinstance(answer, Unresolved) else None
    return None


def _next(todo: Todo) -> tuple[contextvars.Context, Batch] | None:
    try:
        return todo.get_nowait()
    except queue.Empty:
        return None


def _taken(todo: Todo) -> t.Iterator[Batch]:
    """Take the batches that nobody has begun to send."""
    for _, part in iter(functools.partial(_next, todo), None):
        yield part


def _refused(part: Batch, blocker: Unresolved) -> Answered:
    return {key: Unresolved(key, blocker.reason, error=blocker.error) for key in part.keys}, {}
