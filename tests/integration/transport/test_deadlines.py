"""
The total deadline of an attempt and the budget of all attempts: nothing goes on for ever.
"""

from __future__ import annotations

import logging
import math
import time
import types
import typing as t

import pytest

from globus_core import (
    GlobusAPIError,
    GlobusConnectionTimeoutError,
    GlobusSDKUsageError,
    GlobusTimeoutError,
    waiting,
)
from globus_core.transport import RequestsTransport, RetryConfig, limits, retry
from tests.integration.transport.fixtures import MakeClient
from tests.integration.transport.scripted import Answer, Drip, ScriptedServer, Silence

NO_RETRIES = RetryConfig(max_retries=0)
WITHIN = r"within 0\.3 seconds, the total deadline"


class Clock:
    """A clock that a test sets, and that sleeping sets forward."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.module = types.SimpleNamespace(monotonic=lambda: self.now)

    def sleep(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """
    The clock of deadlines and budgets.
    """
    made = Clock()
    for module in (limits, retry):
        monkeypatch.setattr(module, "time", made.module)
    monkeypatch.setattr(waiting, "sleep", made.sleep)
    return made


@pytest.mark.parametrize(
    "slow",
    [
        Drip(b""),
        Drip(b"HTTP/1.1 200 OK\r\nX-Slow: "),
        Drip(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n"),
        Drip(b"HTTP/1.1 200 OK\r\n\r\n"),
        Drip(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n"),
        Drip(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n\x1f\x8b\x08\x10", b"x"),
        Drip(b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
        Silence(),
    ],
)
def test_what_only_drips_ends_at_the_total_deadline(
    server: ScriptedServer, make_client: MakeClient, slow: Drip | Silence
) -> None:
    """Status line, headers and body in every framing; each read alone would be in time."""
    server.answer(slow)
    transport = RequestsTransport(http_timeout=20, total_timeout=0.3)
    client = make_client(server.url, transport=transport, retry_config=NO_RETRIES)
    before = time.monotonic()
    with pytest.raises(GlobusTimeoutError, match=WITHIN) as caught:
        client.get("x?secret")
    assert 0.2 < time.monotonic() - before < 10
    assert "GLOBUS_CORE_TOTAL_TIMEOUT" in caught.value.explain()
    assert server.url in str(caught.value)
    assert not isinstance(caught.value, GlobusConnectionTimeoutError)


def test_the_deadline_holds_for_redirects_together(
    server: ScriptedServer, make_client: MakeClient
) -> None:
    """Not anew for each."""
    server.answer(
        Answer(302, headers={"Location": "/b"}),
        Answer(302, headers={"Location": "/c"}),
        Drip(b"HTTP/1.1 200 OK\r\n"),
    )
    transport = RequestsTransport(total_timeout=0.3)
    client = make_client(server.url, transport=transport, retry_config=NO_RETRIES)
    with pytest.raises(GlobusTimeoutError, match=WITHIN):
        client.get("x")


def test_a_redirect_is_not_followed_after_the_deadline(
    server: ScriptedServer,
    make_client: MakeClient,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Nothing more is sent then."""
    server.answer(Answer(302, headers={"Location": "/b"}))
    client = make_client(server.url, retry_config=NO_RETRIES)
    session = client.transport.session
    real = session.rebuild_method

    def slow(*args: t.Any) -> None:
        clock.now += 301
        real(*args)

    monkeypatch.setattr(session, "rebuild_method", slow)
    with pytest.raises(GlobusTimeoutError, match="within 300 seconds"):
        client.get("x")
    assert len(server.seen) == 1


def test_a_proxy_that_drips_ends_at_the_total_deadline(
    server: ScriptedServer, make_client: MakeClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the middle of opening the tunnel."""
    monkeypatch.setenv("https_proxy", server.url)
    server.answer(Drip(b"HTTP/1.1 200 OK\r\n", b"X-A: b\r\n"))
    transport = RequestsTransport(total_timeout=0.3)
    client = make_client("https://auth.example.org/", transport=transport, retry_config=NO_RETRIES)
    before = time.monotonic()
    with pytest.raises(GlobusTimeoutError, match=WITHIN):
        client.get("x")
    assert time.monotonic() - before < 10


def test_a_stream_has_a_deadline_until_its_headers_are_there(
    server: ScriptedServer, make_client: MakeClient, clock: Clock
) -> None:
    """After that the caller takes the time that it needs."""
    server.answer(Answer(200, b"x" * 100_000))
    streamed = make_client(server.url).request("GET", "x", stream=True)
    clock.now += 10_000
    assert len(streamed.binary_content) == 100_000


def test_a_stream_whose_headers_drip_ends_at_the_total_deadline(
    server: ScriptedServer, make_client: MakeClient
) -> None:
    """As without streaming."""
    server.answer(Drip(b"HTTP/1.1 200 OK\r\nX-Slow: "))
    transport = RequestsTransport(total_timeout=0.3)
    client = make_client(server.url, transport=transport, retry_config=NO_RETRIES)
    with pytest.raises(GlobusTimeoutError, match=WITHIN):
        client.request("GET", "x", stream=True)


def test_a_connection_lives_on_after_a_short_deadline(
    server: ScriptedServer, make_client: MakeClient
) -> None:
    """Times that were shortened for one request do not stay with the connection."""
    client = make_client(server.url)
    with client.transport.tune(total_timeout=5):
        client.get("x")
    manager = client.transport.session.get_adapter(server.url).poolmanager  # type: ignore[attr-defined]
    (pool,) = map(manager.pools.get, manager.pools.keys())
    client.get("x")
    assert server.connections == 1
    connection = pool.pool.get()
    pool.pool.put(connection)
    assert connection.sock.gettimeout() == 60


def test_the_total_deadline_has_a_default_and_can_be_set(
    monkeypatch: pytest.MonkeyPatch, make_client: MakeClient
) -> None:
    """300 seconds, or more where a single read may take more; by variable, code or for a block."""
    assert RequestsTransport().total_timeout == 300
    assert RequestsTransport(http_timeout=(5, 900)).total_timeout == 905
    assert RequestsTransport(http_timeout=-1).total_timeout is None
    assert RequestsTransport(http_timeout=-1, total_timeout=4).total_timeout == 4
    assert RequestsTransport(total_timeout=-1).total_timeout is None
    monkeypatch.setenv("GLOBUS_CORE_TOTAL_TIMEOUT", "7.5")
    transport = RequestsTransport()
    before = transport.total_timeout
    with transport.tune(total_timeout=2):
        assert transport.total_timeout == 2
    assert before == transport.total_timeout == 7.5
    for seconds in (3.0, None):
        transport.total_timeout = seconds
        assert transport.total_timeout == seconds
    params = {"total_timeout": 9, "max_total": 2, "max_body_bytes": 10}
    client = make_client("https://a.example.org/", transport_params=params)
    assert (client.transport.total_timeout, client.retry_config.max_total) == (9, 2)
    assert client.transport.max_body_bytes == 10


@pytest.mark.parametrize("value", ["soon", "0", "-2", "nan", "inf"])
def test_a_total_deadline_that_is_none_is_refused(
    monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    """With the value."""
    monkeypatch.setenv("GLOBUS_CORE_TOTAL_TIMEOUT", value)
    with pytest.raises(GlobusSDKUsageError, match=value):
        RequestsTransport()


def test_retries_end_when_their_budget_is_spent(
    server: ScriptedServer,
    make_client: MakeClient,
    clock: Clock,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The last answer is the error, and a pause that would reach beyond the budget is not made."""
    caplog.set_level(logging.DEBUG, logger="globus_core")
    server.answer(Answer(500, {"code": "Broken"}))
    config = RetryConfig(max_retries=100, max_total=5, backoff=lambda ctx: 1.0)
    with pytest.raises(GlobusAPIError) as caught:
        make_client(server.url, retry_config=config).get("x")
    assert caught.value.code == "Broken"
    assert len(server.seen) == 5
    assert clock.now == 1004
    assert "the retry budget (max_total) is 5 s" in caplog.text


def test_a_wish_to_wait_beyond_the_budget_is_not_followed(
    server: ScriptedServer, make_client: MakeClient, clock: Clock
) -> None:
    """The error comes at once, with the seconds that the server wants."""
    server.answer(Answer(429, {}, {"Retry-After": "3600"}))
    config = RetryConfig(max_sleep=math.inf)
    with pytest.raises(GlobusAPIError):
        make_client(server.url, retry_config=config).get("x")
    assert (len(server.seen), clock.now) == (1, 1000)


def test_the_retry_budget_has_a_default_and_can_be_set() -> None:
    """300 seconds; None for none."""
    config = RetryConfig()
    assert config.max_total == 300
    with config.tune(max_total=1):
        assert config.max_total == 1
    assert RetryConfig(max_total=None).max_total is None
