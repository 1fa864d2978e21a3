"""
How many requests run at once, and when all of them pause after a 429.

A :class:`RateLimiter` is for whoever sends many requests. Those of one caller to one service share
a limiter through a :class:`RequestBudget`, however many clients and threads send them.
"""

from __future__ import annotations

import copy
import threading
import time
import typing as t
import weakref

from globus_core import waiting
from globus_core.arguments import check_has
from globus_core.exc import GlobusAPIError, GlobusError, retry_after_seconds
from globus_core.locks import PerProcess
from globus_core.origins import origin

if t.TYPE_CHECKING:
    from globus_core import BaseClient

C = t.TypeVar("C", bound="BaseClient")
R = t.TypeVar("R")
AnyClient = t.TypeVar("AnyClient")

#: how many requests of a budget run at once
MOST_AT_ONCE = 8
#: seconds to wait after a 429 without Retry-After; doubled with each further one
FIRST_PAUSE = 1.0
#: the longest pause in seconds; if a server asks for a longer one, the request fails
LONGEST_PAUSE = 60.0
#: how often one request is sent at most
MOST_ATTEMPTS = 6

_TOO_MANY = 429


class StoppedError(GlobusError):
    """
    A request was not sent, since its response was no longer wanted.
    """


class RateLimiter:
    """
    Limits how many requests run at once, and pauses all of them after a 429.

    A 429 halves the number of requests that may run at once; each other answer adds one.

    :param most: the largest number of requests at once
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._allowed = most
        self._active: set[object] = set()
        self._resume = 0.0
        self._lock = threading.Lock()  # taken itself: an interrupt can come inside a condition
        self._changed = threading.Condition(self._lock)

    def acquire(self, request: object, stopped: threading.Event | None = None) -> bool:
        """
        Wait until a request may be sent; False if its answer is no longer wanted.

        :param request: stands for the request until :meth:`release`
        :param stopped: set, before calling :meth:`wake`, when the answer is no longer wanted; None
            if it always is
        """
        with self._lock:
            while stopped is None or not stopped.is_set():
                pause = self._resume - time.monotonic()
                if pause <= 0 and len(self._active) < self._allowed:
                    self._active.add(request)
                    return True
                waiting.wait(self._changed, pause if pause > 0 else None)
        return False

    def release(self, request: object, pause: float | None = None) -> None:
        """
        End a request, unless it has ended or was not allowed.

        :param request: the argument of :meth:`acquire`
        :param pause: how long the server wants no further requests, in seconds; None if it did
            not ask for a pause
        """
        with self._lock:
            if request not in self._active:
                return
            if pause is None:
                self._allowed = min(self._most, self._allowed + 1)
            else:
                now = time.monotonic()
                if now >= self._resume:  # several refusals at the same time count once
                    self._allowed = max(1, self._allowed // 2)
                self._resume = max(self._resume, now + pause)
            self._active.remove(request)  # last, so that it can be done again after an interrupt
            self._changed.notify_all()

    def wake(self) -> None:
        """
        Wake all waiting threads, so that they check whether to stop.
        """
        with self._lock:
            self._changed.notify_all()

    def send(
        self,
        attempt: t.Callable[[], tuple[R, Exception | None]],
        stopped: threading.Event | None = None,
    ) -> tuple[R, Exception | None]:
        """
        Make a request when it may be sent, and again after each pause that the server asks for.

        :param attempt: sends it once, and returns the result, and the error if there was one; it
            must leave a 429 to the limiter
        :param stopped: see :meth:`acquire`
        :return: what the last attempt returned
        :raises StoppedError: if ``stopped`` was set before the request could be sent
        """
        for number in range(MOST_ATTEMPTS):
            request = object()
            try:
                if not self.acquire(request, stopped):
                    break
                result, error = attempt()
                pause = _pause(error, number)
                self.release(request, pause)
            except BaseException:
                self.release(request)
                raise
            if pause is None or number == MOST_ATTEMPTS - 1:
                return result, error
        raise StoppedError("the request was not sent, since its response is no longer wanted")


class RequestBudget(t.Generic[C]):
    """
    A client that shares a limit of requests with all budgets of the same caller and service.

    The caller is the client's app, or else its authorizer: Globus counts the requests of each user.
    After a 429 all requests of these budgets pause, as long as ``Retry-After`` says, or for 1, 2, 4
    ... seconds without it; they are then sent again. Other methods of the client are not affected.

    :param client: the client, which is not changed
    :raises GlobusSDKUsageError: if it is no client
    """

    def __init__(self, client: C) -> None:
        check_has(client, "client", ("request", "base_url", "authorizer"), "a client of a service")
        self._client = without_429_retries(client)
        self._limiter: RateLimiter = _shared.get().limiter(client)

    def send(self, request: t.Callable[[C], R], stopped: threading.Event | None = None) -> R:
        """
        Send a request when the budget allows it.

        :param request: sends it with the client that it gets: ``lambda client: client.get(...)``
        :param stopped: stops the wait for the budget, see :meth:`stop`; None waits for as long as
            it takes
        :return: what ``request`` returns
        :raises StoppedError: if ``stopped`` was set before the request could be sent
        :raises GlobusError: the error of the request, also that of a 429 if the server asks for a
            pause of more than a minute, or has refused the request six times
        """

        def attempt() -> tuple[R | None, Exception | None]:
            try:
                return request(self._client), None
            except GlobusAPIError as error:
                return None, error

        result, error = self._limiter.send(attempt, stopped)
        if error is not None:
            raise error
        return t.cast("R", result)

    def stop(self, stopped: threading.Event) -> None:
        """
        Stop the waits of :meth:`send` that have this event.

        :param stopped: the event, which is set here
        """
        stopped.set()
        self._limiter.wake()


class _Limiters:
    """
    The limiters of one process, which are kept as long as their callers.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._by_caller: weakref.WeakKeyDictionary[t.Any, dict[str, RateLimiter]] = (
            weakref.WeakKeyDictionary()
        )

    def limiter(self, client: BaseClient) -> RateLimiter:
        """
        The limiter of a client's caller and service.

        :param client: the client
        """
        caller = client.authorizer if client._app is None else client._app
        service = origin(client.base_url)
        with self._lock:
            try:
                limiters = self._by_caller.setdefault(caller, {})
            except TypeError:  # nobody, or an authorizer that cannot be a key
                limiters = self._by_caller.setdefault(type(caller), {})
            return limiters.setdefault(service, RateLimiter(MOST_AT_ONCE))


_shared = PerProcess(_Limiters)


def without_429_retries(client: AnyClient) -> AnyClient:
    """
    A client with the same connections and tokens that does not retry after a 429.

    Otherwise each request would wait on its own, while the others keep asking.

    :param client: the caller's client, which is not changed; one without a RetryConfig is returned
        itself
    """
    from globus_core.transport import RetryConfig

    config = getattr(client, "retry_config", None)
    if not isinstance(config, RetryConfig):
        return client
    ours, retries = copy.copy(client), copy.copy(config)
    for name in ("retry_after_status_codes", "transient_error_status_codes"):
        codes: tuple[int, ...] = getattr(config, name)
        setattr(retries, name, tuple(code for code in codes if code != _TOO_MANY))
    t.cast("t.Any", ours).retry_config = retries
    return ours


def _pause(error: Exception | None, attempt: int) -> float | None:
    """The pause that the server asks for, in seconds, unless it is too long; else None."""
    if not isinstance(error, GlobusAPIError) or error.http_status != _TOO_MANY:
        return None
    wanted = retry_after_seconds(error.headers)
    if wanted is None:
        return min(LONGEST_PAUSE, FIRST_PAUSE * 2.0**attempt)
    return wanted if wanted <= LONGEST_PAUSE else None
