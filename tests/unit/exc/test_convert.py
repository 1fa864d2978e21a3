from __future__ import annotations

import http.client
import pickle
import socket
import threading
import traceback
import typing as t

import pytest
import requests
import urllib3

from globus_core.exc import (
    GlobusConnectionError,
    GlobusConnectionTimeoutError,
    GlobusTimeoutError,
    NetworkError,
    convert_request_exception,
)

TOKEN = "opaque-token-1"


@pytest.fixture
def silent_port() -> t.Iterator[int]:
    """A port that accepts connections and never says a word."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(8)
        yield listener.getsockname()[1]


@pytest.fixture
def closed_port() -> int:
    """A port at which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def failure(url: str, **options: t.Any) -> NetworkError:
    """What a GET of the URL becomes."""
    with requests.Session() as session:
        session.trust_env = False
        try:
            session.get(
                url,
                params={"token": TOKEN},
                headers={"Authorization": f"Bearer {TOKEN}"},
                **options,
            )
        except requests.RequestException as exc:
            return convert_request_exception(exc)
    raise AssertionError("the request succeeded")


def test_a_refused_connection_is_said_to_be_one(closed_port: int) -> None:
    """Host and port are named, and what to look at."""
    error = failure(f"http://127.0.0.1:{closed_port}/")

    assert type(error) is GlobusConnectionError
    assert str(error) == f"127.0.0.1:{closed_port} refused the connection"
    assert "whether the server is running" in error.explain()
    assert error.retryable


def test_an_unknown_host_is_said_to_be_one() -> None:
    """A typing error in a host name is easily made."""
    request = requests.Request("GET", "http://no-such-host.example.org/").prepare()
    exc = requests.ConnectionError(socket.gaierror(-2, "unknown"), request=request)
    error = convert_request_exception(exc)

    assert type(error) is GlobusConnectionError
    assert "typos" in error.explain()
    assert str(error) == "the name of no-such-host.example.org cannot be resolved"


def test_a_read_timeout_names_its_seconds(silent_port: int) -> None:
    """Whoever waited wants to know for how long."""
    error = failure(f"http://127.0.0.1:{silent_port}/", timeout=0.2)

    assert type(error) is GlobusTimeoutError
    assert str(error) == f"127.0.0.1:{silent_port} sent nothing for 0.2 seconds"


def test_a_refusing_proxy_is_said_to_be_one(closed_port: int) -> None:
    """The proxy is at fault, not the host behind it."""
    proxies = {"http": f"http://127.0.0.1:{closed_port}"}
    error = failure("http://example.org/", proxies=proxies)

    assert type(error) is GlobusConnectionError
    assert str(error) == "the proxy on the way to example.org failed"
    assert "HTTPS_PROXY" in error.explain()


def test_plain_http_behind_https_is_said_to_be_no_tls() -> None:
    """A wrong port is a frequent cause; trying again does not help."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(1)

        def answer() -> None:
            connection, _ = listener.accept()
            with connection:
                connection.recv(4096)
                connection.sendall(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")

        thread = threading.Thread(target=answer)
        thread.start()
        error = failure(f"https://127.0.0.1:{listener.getsockname()[1]}/", timeout=20)
        thread.join(20)

    assert type(error) is GlobusConnectionError
    assert "no secure connection" in str(error)
    assert not error.retryable


@pytest.mark.parametrize("url", ["foo://example.org", "example.org", "http://"])
def test_bad_urls_are_no_connection_errors(url: str) -> None:
    """What never left this machine is not retryable."""
    error = failure(url)

    assert type(error) is NetworkError
    assert "URL" in str(error)
    assert not error.retryable


class CertificateError(requests.exceptions.SSLError):
    verify_message = "self-signed {certificate}"


@pytest.mark.parametrize(
    ("exc", "error_class", "text"),
    [
        (requests.ConnectTimeout(), GlobusConnectionTimeoutError, "within the time allowed"),
        (requests.ConnectTimeout("timeout=1.0)"), GlobusConnectionTimeoutError, "1 second"),
        (requests.ReadTimeout(), GlobusTimeoutError, "sent nothing"),
        (requests.ConnectionError("x"), GlobusConnectionError, "the connection to the server"),
        (requests.exceptions.ChunkedEncodingError(), NetworkError, "in the middle of the response"),
        (requests.exceptions.ContentDecodingError(), NetworkError, "decompressed"),
        (requests.TooManyRedirects(), NetworkError, "too many times"),
        (requests.RequestException(), NetworkError, "failed with RequestException"),
        (CertificateError(), GlobusConnectionError, "trusted (self-signed {certificate})"),
        (
            urllib3.exceptions.ReadTimeoutError(t.cast("t.Any", None), "u", "(read timeout=2)"),
            GlobusTimeoutError,
            "2 seconds",
        ),
        (
            urllib3.exceptions.ProtocolError("x", ConnectionResetError(104, "reset")),
            GlobusConnectionError,
            "cut the connection",
        ),
        (http.client.RemoteDisconnected(""), GlobusConnectionError, "without a response"),
        (http.client.IncompleteRead(b""), GlobusConnectionError, "in the middle"),
        (http.client.BadStatusLine("x"), GlobusConnectionError, "connection to the server failed"),
        (TimeoutError(), GlobusTimeoutError, "sent nothing"),
        (OSError(101, "unreachable"), GlobusConnectionError, "connection to the server failed"),
        (RuntimeError(), NetworkError, "failed with RuntimeError"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else None,
)
def test_foreign_exceptions_become_ours(
    exc: Exception, error_class: type[NetworkError], text: str
) -> None:
    """Those of requests, urllib3 and the standard library alike."""
    error = convert_request_exception(exc)

    assert type(error) is error_class
    assert text in str(error)
    assert error.underlying_exception is exc
    assert str(pickle.loads(pickle.dumps(error))) == str(error)


def test_an_earlier_attempt_does_not_colour_the_judgement() -> None:
    """In a retry loop the context of an exception is the attempt before."""
    try:
        try:
            raise requests.ReadTimeout
        except requests.ReadTimeout:
            raise requests.ConnectionError(ConnectionRefusedError()) from None
    except requests.ConnectionError as exc:
        error = convert_request_exception(exc)

    assert type(error) is GlobusConnectionError


def test_our_own_errors_pass_unchanged() -> None:
    """Converting twice is converting once."""
    error = NetworkError("it broke", OSError())

    assert convert_request_exception(error) is error


def test_a_traceback_shows_no_credentials(closed_port: int) -> None:
    """The libraries put whole URLs into their texts, and ours stands next to theirs."""
    error = failure(f"http://127.0.0.1:{closed_port}/")
    error.__cause__ = error.underlying_exception
    shown = "".join(traceback.format_exception(type(error), error, error.__traceback__))

    assert "token=***" in shown
    assert TOKEN not in shown


def test_a_pickled_error_holds_no_request(closed_port: int) -> None:
    """The request has the credentials in its headers."""
    error = failure(f"http://127.0.0.1:{closed_port}/")
    vars(error)["add_info"] = 1
    pickled = pickle.dumps(error)
    twin = pickle.loads(pickled)

    assert TOKEN.encode() not in pickled
    assert type(twin) is type(error)
    assert type(twin.underlying_exception) is type(error.underlying_exception)
    assert vars(twin)["add_info"] == 1
    assert (twin.advice, twin.retryable) == (error.advice, error.retryable)


@pytest.mark.parametrize(
    "inner",
    [
        http.client.BadStatusLine("token-of-mine is no good"),
        http.client.IncompleteRead(b"token-of-mine is no good", 9),
        ValueError(["token-of-mine"], {"a": "token-of-mine"}),
    ],
    ids=lambda inner: type(inner).__name__,
)
def test_what_a_server_says_back_in_place_of_an_answer_is_hidden(inner: Exception) -> None:
    """What the request carried is known, and taken out of all exceptions that hang together."""
    headers = {"Authorization": "Bearer token-of-mine"}
    request = requests.Request("GET", "https://example.org/", headers=headers).prepare()
    outer = requests.ConnectionError(urllib3.exceptions.ProtocolError("broken", inner))
    outer.request = request
    error = convert_request_exception(outer)
    shown = f"{inner!r} {inner.args} {vars(inner)} {outer!r} {error.underlying_exception!r}"

    assert "token-of-mine" not in shown
    assert b"token-of-mine" not in pickle.dumps(error)
