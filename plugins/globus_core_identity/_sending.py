"""
Sending batches, several at a time and as fast as the server allows.
"""

from __future__ import annotations

import contextvars
import threading
import typing as t

from globus_core import waiting
from globus_core.exc import GlobusAPIError, retry_after_seconds
from globus_core.identities import FAILED, Unresolved

from ._auth_source import blocks_further_requests
from ._rate_limiter import FIRST_PAUSE, LONGEST_PAUSE, MOST_ATTEMPTS, RateLimiter

if t.TYPE_CHECKING:
    from concurrent.futures import Future

    from ._auth_source import Answered
    from ._batches import Batch

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
        import queue
        from concurrent.futures import ThreadPoolExecutor

        done: queue.SimpleQueue[Future[Answered]] = queue.SimpleQueue()
        pool = ThreadPoolExecutor(workers, thread_name_prefix="globus-identities")
        running: dict[Future[Answered], Batch] = {}
        try:
            for part in parts:
                # In the caller's context, so that tracing can attribute the requests.
                future = pool.submit(contextvars.copy_context().run, self._send, part)
                running[future] = part
                future.add_done_callback(done.put)
            blocker: Unresolved | None = None
            for _ in parts:
                future = waiting.blocking(done.get)
                if future.cancelled() and blocker is not None:
                    yield _refused(running[future], blocker)
                    continue
                answered = future.result()
                yield answered
                blocker = blocker or _blocker(answered)
                if blocker is not None:
                    _cancel(running)
        except BaseException:
            self._stopped.set()
            self._limiter.wake()
            raise
        finally:
            _cancel(running)
            waiting.blocking(pool.shutdown)

    def _send(self, part: Batch) -> Answered:
        """Send a batch, and repeat it after a pause if the server asks for one."""
        for attempt in range(MOST_ATTEMPTS):
            request = object()
            try:
                if not self._limiter.acquire(request, self._stopped):
                    break
                answered = self._ask(part)
                pause = _pause(answered, attempt)
                self._limiter.release(request, pause)
            except BaseException:
                self._limiter.release(request)
                raise
            if pause is None or attempt == MOST_ATTEMPTS - 1:
                return answered
        return {key: Unresolved(key, FAILED, detail="cancelled") for key in part.keys}, []


def _pause(answered: Answered, attempt: int) -> float | None:
    """The pause that the server asks for, in seconds, unless it is too long; else None."""
    error = _error(answered)
    if not isinstance(error, GlobusAPIError) or error.http_status != 429:
        return None
    wanted = retry_after_seconds(error.headers)
    if wanted is None:
        return min(LONGEST_PAUSE, FIRST_PAUSE * 2.0**attempt)
    return wanted if wanted <= LONGEST_PAUSE else None


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


def _cancel(futures: t.Iterable[Future[t.Any]]) -> None:
    for future in futures:
        future.cancel()


def _refused(part: Batch, blocker: Unresolved) -> Answered:
    return {key: Unresolved(key, blocker.reason, error=blocker.error) for key in part.keys}, []
