"""
The total deadline of a call, with its retries: nothing goes on for ever.
"""

from __future__ import annotations

import logging
import math
import socket
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
from globus_core.authorizers.base import StaticGlobusAuthorizer
from globus_core.transport import (
    RequestsTransport,
    RetryCheckCollection,
    RetryCheckResult,
    RetryConfig,
    RetryContext,
    deadline,
    pause_deadline,
)
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
    The clock of deadlines.
    """
    made = Clock()
    monkeypatch.setattr(deadline, "time", made.module)
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
    with pytest.raises(GlobusTimeoutError, match=WITHIN) as caught:
        client.get("x?secret")  # which would not end otherwise
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
        clock.now += 121
        real(*args)

    monkeypatch.setattr(session, "rebuild_method", slow)
    with pytest.raises(GlobusTimeoutError, match="within 120 seconds"):
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
    with pytest.raises(GlobusTimeoutError, match=WITHIN):
        client.get("x")  # which would not end otherwise


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
    with client.transport.tune(total_timeout=50):
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
    """120 seconds, or more where a single read may take more; by variable, code or for a block."""
    assert RequestsTransport().total_timeout == 120
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


@pytest.mark.parametrize("setting", ["total_timeout", "max_total"])
def test_retries_end_at_the_deadline(
    server: ScriptedServer,
    make_client: MakeClient,
    clock: Clock,
    caplog: pytest.LogCaptureFixture,
    setting: str,
) -> None:
    """The last answer is the error, and a pause beyond the deadline is not made."""
    caplog.set_level(logging.DEBUG, logger="globus_core")
    server.answer(Answer(500, {"code": "Broken"}))
    config = RetryConfig(max_retries=100, backoff=lambda ctx: 1.0)
    client = make_client(server.url, retry_config=config)
    changed: t.Any = config if setting == "max_total" else client.transport
    with changed.tune(**{setting: 5}), pytest.raises(GlobusAPIError) as caught:
        client.get("x")
    assert caught.value.code == "Broken"
    assert len(server.seen) == 5
    assert clock.now == 1004
    assert f"the deadline of the call is 5 s ({setting}" in caplog.text


@pytest.mark.parametrize("setting", ["total_timeout", "max_total"])
def test_the_deadline_shortens_the_last_attempt(
    server: ScriptedServer, make_client: MakeClient, setting: str
) -> None:
    """One that begins late does not get the time of the first; the error names the setting."""
    server.answer(Answer(500), Answer(302, headers={"Location": "/b"}), Silence())
    config = RetryConfig(backoff=lambda ctx: 0.1)
    transport = RequestsTransport(http_timeout=20)
    client = make_client(server.url, transport=transport, retry_config=config)
    changed: t.Any = config if setting == "max_total" else transport
    with changed.tune(**{setting: 0.3}), pytest.raises(GlobusTimeoutError, match=WITHIN) as caught:
        client.get("x")
    assert setting in caught.value.explain()
    assert len(server.seen) == 3


def test_the_shorter_of_both_settings_counts(
    server: ScriptedServer, make_client: MakeClient, clock: Clock
) -> None:
    """A client cannot have more time than its transport allows."""
    server.answer(Answer(500))
    config = RetryConfig(max_retries=100, max_total=5, backoff=lambda ctx: 1.0)
    client = make_client(server.url, retry_config=config)
    with client.transport.tune(total_timeout=2), pytest.raises(GlobusAPIError):
        client.get("x")
    assert len(server.seen) == 2
    with client.transport.tune(total_timeout=-1), pytest.raises(GlobusAPIError):
        client.get("x")
    assert len(server.seen) == 2 + 5


def test_the_time_of_a_login_does_not_count(
    server: ScriptedServer, make_client: MakeClient, clock: Clock
) -> None:
    """Not for the calls around it either; calls that it sends have deadlines of their own."""
    client = make_client(server.url, retry_config=RetryConfig(max_retries=0))

    def log_in(context: RetryContext) -> RetryCheckResult:
        with pause_deadline(), pause_deadline():
            clock.now += 1000
            client.get("login")
        clock.now += 50
        return RetryCheckResult.do_retry

    checks = RetryCheckCollection()
    checks.register_check(log_in)
    config = RetryConfig(checks=checks, backoff=lambda ctx: 0, max_retries=5)
    server.answer(Answer(500), Answer(200), Answer(500), Answer(200), Answer(500), Answer(200))
    outer = make_client(server.url, retry_config=config)
    with pytest.raises(GlobusAPIError):
        outer.get("x")
    assert clock.now == 1000 + 3 * 1050
    assert len(server.seen) == 3 * 2


def test_the_time_of_other_calls_counts(
    server: ScriptedServer, make_client: MakeClient, clock: Clock
) -> None:
    """A renewal has a deadline of its own, and the call that waited for it has what is left."""
    inner = make_client(server.url, retry_config=NO_RETRIES)

    class Slow(StaticGlobusAuthorizer):
        def get_authorization_header(self) -> str:
            clock.now += 119
            inner.get("renew")
            clock.now += 2
            return "Bearer t"

    client = make_client(server.url, authorizer=Slow(), retry_config=NO_RETRIES)
    with pytest.raises(GlobusTimeoutError, match="within 120 seconds"):
        client.request("GET", "x")
    assert [request.target for request in server.seen] == ["/renew"]


def test_a_host_whose_first_address_is_closed_is_reached_by_the_next(
    server: ScriptedServer, make_client: MakeClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As with urllib3 alone."""
    real = socket.getaddrinfo

    def two(host: str, *args: t.Any, **options: t.Any) -> t.Any:
        if host != "two.localhost":
            return real(host, *args, **options)
        return [found for one in ("127.0.0.2", "127.0.0.1") for found in real(one, *args)]

    monkeypatch.setattr(socket, "getaddrinfo", two)
    client = make_client(server.url.replace("127.0.0.1", "two.localhost"))
    assert client.get("x").http_status == 200
    (request,) = server.seen
    assert request.headers["host"].startswith("two.localhost:")


def test_addresses_that_do_not_answer_share_the_time(
    make_client: MakeClient, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A network that drops packets does not cost a minute for each address of a host."""
    waited = []

    def dropped(address: tuple[str, int], timeout: float, **options: t.Any) -> t.NoReturn:
        waited.append((address[0], timeout))
        clock.now += timeout
        raise TimeoutError

    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (f"10.0.0.{n}", 1)) for n in range(4)]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **options: found)
    monkeypatch.setattr("urllib3.util.connection.create_connection", dropped)
    with pytest.raises(GlobusTimeoutError, match=r"a\.example\.org.* within 120 seconds"):
        make_client("https://a.example.org/").get("x")
    assert waited == [(f"10.0.0.{n}", 30) for n in range(4)]


def test_a_wish_to_wait_beyond_the_deadline_is_not_followed(
    server: ScriptedServer, make_client: MakeClient, clock: Clock
) -> None:
    """The error comes at once, with the seconds that the server wants."""
    server.answer(Answer(429, {}, {"Retry-After": "3600"}))
    config = RetryConfig(max_sleep=math.inf)
    with pytest.raises(GlobusAPIError):
        make_client(server.url, retry_config=config).get("x")
    assert (len(server.seen), clock.now) == (1, 1000)


def test_a_client_can_have_a_shorter_deadline_than_its_transport() -> None:
    """None leaves it to the transport, and what is no time is refused."""
    assert RetryConfig().max_total is None
    config = RetryConfig()
    with config.tune(max_total=1):
        assert config.max_total == 1
    assert RetryConfig(max_total=7).max_total == 7
    for wrong in (0, -1, math.nan):
        with pytest.raises(GlobusSDKUsageError, match="max_total"):
            RetryConfig(max_total=wrong)
        with pytest.raises(GlobusSDKUsageError, match="max_total"):
            config.tune(max_total=wrong)
