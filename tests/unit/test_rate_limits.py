"""The requests of one caller to one service share a limit, whoever sends them."""

from __future__ import annotations

import gc
import os
import threading
import time
import typing as t

import pytest
import requests

from globus_core import (
    AccessTokenAuthorizer,
    BaseClient,
    GlobusAPIError,
    GlobusSDKUsageError,
    RetryConfig,
)
from globus_core.rate_limits import MOST_AT_ONCE, RequestBudget, StoppedError, _shared

SERVICE = "https://service.example.org/api/"


def client_of(authorizer: t.Any, base_url: str = SERVICE) -> BaseClient:
    """
    A client for a service that is never asked.
    """
    return BaseClient(base_url=base_url, authorizer=authorizer)


def error_of(status: int, retry_after: str | None = None) -> GlobusAPIError:
    """
    The error of a response.
    """
    response = requests.Response()
    response.status_code = status
    response._content = b"{}"
    response.headers["Content-Type"] = "application/json"
    if retry_after is not None:
        response.headers["Retry-After"] = retry_after
    response.request = requests.Request("GET", SERVICE).prepare()
    response.url = SERVICE
    return GlobusAPIError(response)


class Service:
    """
    Counts the requests that run at once, and refuses the first ones.

    :param errors: raised by the first requests, one each
    """

    def __init__(self, *errors: Exception) -> None:
        self.errors = list(errors)
        self.began: list[float] = []
        self.running = self.most = 0
        self._lock = threading.Lock()
        self.pause: t.Callable[[], object] = lambda: None

    def __call__(self, client: BaseClient) -> str:
        """A request."""
        with self._lock:
            self.began.append(time.monotonic())
            self.running += 1
            self.most = max(self.most, self.running)
            error = self.errors.pop(0) if self.errors else None
        try:
            self.pause()
            if error is not None:
                raise error
            return "answer"
        finally:
            with self._lock:
                self.running -= 1


def in_threads(*calls: t.Callable[[], object]) -> None:
    """
    Make calls at the same time, and wait until all have ended.
    """
    threads = [threading.Thread(target=call) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)


def test_clients_of_one_caller_share_the_limit() -> None:
    """Not more requests run at once than one budget allows, from whichever client."""
    caller = AccessTokenAuthorizer("made-up")
    budgets = [RequestBudget(client_of(caller, f"{SERVICE}v{number}")) for number in range(2)]
    full = threading.Barrier(MOST_AT_ONCE)
    service = Service()
    service.pause = lambda: full.wait(20)  # breaks unless exactly so many run at once

    in_threads(*[lambda budget=budget: budget.send(service) for budget in budgets * MOST_AT_ONCE])

    assert len(service.began) == 2 * MOST_AT_ONCE
    assert service.most == MOST_AT_ONCE


@pytest.mark.parametrize(
    "other",
    [
        lambda caller: client_of(AccessTokenAuthorizer("made-up")),
        lambda caller: client_of(caller, "https://other.example.org"),
        lambda caller: client_of(None),
    ],
    ids=["another caller", "another service", "nobody"],
)
def test_others_are_not_slowed(other: t.Callable[[t.Any], BaseClient]) -> None:
    """A pause is that of one caller at one service."""
    caller = AccessTokenAuthorizer("made-up")
    with pytest.raises(GlobusAPIError):
        RequestBudget(client_of(caller)).send(Service(*[error_of(429, "0.001")] * 6))
    stopped = threading.Event()
    mine, theirs = RequestBudget(client_of(caller)), RequestBudget(other(caller))
    refusing = Service(error_of(429, "60"))
    refusing.pause = lambda: mine.stop(stopped)
    with pytest.raises(StoppedError):
        mine.send(refusing, stopped)

    assert theirs.send(Service()) == "answer"
    with pytest.raises(StoppedError):
        RequestBudget(client_of(caller)).send(Service(), stopped)


def test_a_refusal_pauses_all_budgets_of_the_caller() -> None:
    """As long as Retry-After says; then the request is sent again."""
    caller = AccessTokenAuthorizer("made-up")
    service = Service(error_of(429, "0.2"))
    first, second = (RequestBudget(client_of(caller)) for _ in range(2))
    refused = threading.Event()
    service.pause = refused.set

    def later() -> None:
        refused.wait(20)
        second.send(service)

    in_threads(lambda: first.send(service), later)

    assert len(service.began) in (3, 4)  # the second may have been on its way
    assert service.began[-1] - service.began[0] >= 0.2


def test_a_request_that_is_always_refused_is_given_up() -> None:
    """After six attempts, and at once if the pause would be longer than a minute."""
    budget = RequestBudget(client_of(AccessTokenAuthorizer("made-up")))
    service = Service(*[error_of(429, "0.001")] * 9)
    with pytest.raises(GlobusAPIError, match="429"):
        budget.send(service)
    assert len(service.began) == 6
    service = Service(error_of(429, "61"))
    with pytest.raises(GlobusAPIError, match="429"):
        budget.send(service)
    assert len(service.began) == 1


@pytest.mark.parametrize("error", [error_of(500), error_of(403), KeyError("bug")])
def test_other_errors_are_raised_and_leave_the_budget_free(error: Exception) -> None:
    """They are not tried again here, and do not count as running."""
    budget = RequestBudget(client_of(AccessTokenAuthorizer("made-up")))
    for _ in range(2 * MOST_AT_ONCE):
        with pytest.raises(type(error)):
            budget.send(Service(error))
    assert budget.send(Service()) == "answer"


def test_the_client_leaves_refusals_to_the_budget() -> None:
    """A copy with the same transport does not retry after a 429; the client itself still does."""
    client = BaseClient(base_url=SERVICE, retry_config=RetryConfig(max_retries=3))
    ours = RequestBudget(client).send(lambda client: client)

    assert ours.transport is client.transport
    assert 429 not in ours.retry_config.retry_after_status_codes
    assert 429 not in ours.retry_config.transient_error_status_codes
    assert ours.retry_config.max_retries == 3
    assert 429 in client.retry_config.retry_after_status_codes


def test_limits_go_with_their_callers() -> None:
    """A program with many users does not keep what it knows of those who have gone."""
    limiters = _shared.get()
    known = len(limiters._by_caller)
    for _ in range(20):
        RequestBudget(client_of(AccessTokenAuthorizer("made-up"))).send(Service())
    gc.collect()
    assert len(limiters._by_caller) <= known + 1


def test_only_a_client_has_a_budget() -> None:
    """Its address is rather a mistake."""
    with pytest.raises(GlobusSDKUsageError, match="'client'"):
        RequestBudget(t.cast("t.Any", SERVICE))


class Unhashable(AccessTokenAuthorizer):
    """An authorizer that cannot be a key."""

    __hash__ = None  # type: ignore[assignment]


def test_any_authorizer_can_have_a_budget() -> None:
    """Also one that is not hashable."""
    assert RequestBudget(client_of(Unhashable("made-up"))).send(Service()) == "answer"


def test_a_child_process_does_not_wait_for_requests_of_its_parent(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It begins with a limit of its own."""
    client = client_of(AccessTokenAuthorizer("made-up"))
    parent = RequestBudget(client)
    monkeypatch.setattr(os, "getpid", lambda: -1)

    assert RequestBudget(client)._limiter is not parent._limiter
