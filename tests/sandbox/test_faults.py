"""Faults on order, as they go over the wire."""

from __future__ import annotations

import contextlib
import json
import math
import socket
import threading
import time
import typing as t
import zlib
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

import pytest
import requests
from hypothesis import given, settings
from hypothesis import strategies as st

from globus_core_sandbox import Sandbox, SandboxControl, SandboxError
from tests.sandbox.plain_client import PlainClient, good

PATH = "/jwk.json"
LONG = 60
LAST_REQUEST = b"GET /jwk.json HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"


@contextlib.contextmanager
def asked(sandbox: Sandbox, path: str = PATH, method: str = "GET") -> t.Iterator[socket.socket]:
    """
    A connection of its own, over which a request has been sent.
    """
    parts = urlsplit(sandbox.url)
    address = str(parts.hostname), parts.port or 0
    with socket.create_connection(address, timeout=LONG) as connection:
        connection.sendall(f"{method} {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        yield connection


def read_on(connection: socket.socket) -> tuple[bytes, str]:
    """
    What comes until the connection ends, and how it ends.
    """
    received = b""
    try:
        while data := connection.recv(65536):
            received += data
    except ConnectionResetError:
        return received, "reset"
    return received, "close"


def read_bytes(connection: socket.socket, count: int) -> bytes:
    """
    So many bytes.
    """
    received = b""
    while len(received) < count:
        data = connection.recv(count - len(received))
        assert data, f"only {received!r}"
        received += data
    return received


def read_head(connection: socket.socket) -> bytes:
    """
    Status line and headers, and the empty line after them.
    """
    received = b""
    while not received.endswith(b"\r\n\r\n"):
        received += read_bytes(connection, 1)
    return received


def length_of(head: bytes) -> int:
    """
    What ``Content-Length`` says.
    """
    return int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])


def wait_until_hit(sandbox: Sandbox) -> None:
    """
    Wait until no fault is waiting any more.
    """
    deadline = time.monotonic() + LONG
    while sandbox.state()["faults"]:
        assert time.monotonic() < deadline
        threading.Event().wait(0.005)


def assert_ended(threads: set[threading.Thread]) -> None:
    """
    All of these threads come to an end.
    """
    for thread in threads:
        thread.join(LONG)
        assert not thread.is_alive()


@pytest.fixture
def whole(client: PlainClient) -> bytes:
    """
    The body that an undisturbed request gets.
    """
    return client.get(PATH[1:]).content


def test_the_ready_made_faults_are_listed(globus_sandbox: Sandbox) -> None:
    """With one line each, from Python and over HTTP; each can be ordered both ways."""
    control = SandboxControl(globus_sandbox.url)
    kinds = globus_sandbox.fault_kinds()
    assert kinds == control.fault_kinds()
    for name, description in kinds.items():
        assert description
        assert "\n" not in description
        globus_sandbox.fail(kind=name)
        control.fail(kind=name)
    answer = requests.get(f"{globus_sandbox.url}_sandbox/faults", timeout=LONG).json()
    assert answer == {"waiting": 2 * len(kinds), "kinds": kinds}


def test_a_ready_made_fault_can_be_changed(client: PlainClient) -> None:
    """What is given wins, headers are added."""
    control = SandboxControl(client.sandbox.url)
    for target in (client.sandbox, control):
        target.fail(path=PATH, kind="empty-body", status=203, times=2, headers={"X-A": "b"})
        for _ in range(2):
            answer = client.get("jwk.json")
            assert (answer.status_code, answer.content) == (203, b"")
            assert answer.headers["Content-Type"] == "application/json"
            assert answer.headers["X-A"] == "b"
        good(client.get("jwk.json"))
    answer = requests.post(
        f"{control.url}_sandbox/faults", json={"kind": "502-page", "times": 1}, timeout=LONG
    )
    assert answer.json() == {"waiting": 1}


@pytest.mark.parametrize(("kind", "end"), [("dropped", "close"), ("reset", "reset")])
def test_a_connection_ends_without_an_answer(globus_sandbox: Sandbox, kind: str, end: str) -> None:
    """In order or by a reset; the journal notes status 0."""
    globus_sandbox.fail(kind=kind)
    with asked(globus_sandbox) as connection:
        assert read_on(connection) == (b"", end)
    assert globus_sandbox.count(path=PATH, status=0) == 1


@pytest.mark.parametrize(("kind", "tokens"), [("lost-answer", 1), ("dropped", 0)])
def test_an_answer_is_lost_after_the_work_was_done(
    client: PlainClient, kind: str, tokens: int
) -> None:
    """The token was issued, which is not so when the connection is just dropped."""
    client.sandbox.fail(kind=kind)
    with pytest.raises(requests.ConnectionError):
        client.grant("client_credentials", scope="openid")
    assert client.sandbox.state()["tokens"] == tokens
    assert client.sandbox.count(grant_type="client_credentials", status=0) == 1


@pytest.mark.parametrize(
    ("kind", "end"), [("closed-in-headers", "close"), ("reset-in-headers", "reset")]
)
def test_an_answer_ends_in_the_headers(globus_sandbox: Sandbox, kind: str, end: str) -> None:
    """After the status line and before the empty line."""
    globus_sandbox.fail(kind=kind)
    with asked(globus_sandbox) as connection:
        received, how = read_on(connection)
    assert received.startswith(b"HTTP/1.1 200 OK\r\n")
    assert b"\r\n\r\n" not in received
    assert how == end
    assert globus_sandbox.count(path=PATH, status=0) == 1


@pytest.mark.parametrize("how", ["close", "reset"])
@pytest.mark.parametrize(("cut", "share"), [("body", 0.5), (0, 0.0), (7, None), (10**6, 1.0)])
def test_an_answer_ends_in_the_body(
    globus_sandbox: Sandbox, whole: bytes, how: str, cut: int | str, share: float | None
) -> None:
    """``Content-Length`` says more than comes; at least one byte is missing."""
    globus_sandbox.fail(path=PATH, cut=cut, cut_by=how)
    with asked(globus_sandbox) as connection:
        received, end = read_on(connection)
    head, _, body = received.partition(b"\r\n\r\n")
    sent = 7 if share is None else min(int(len(whole) * share), len(whole) - 1)
    assert length_of(head + b"\r\n") == len(whole)
    assert body == whole[:sent]
    assert end == how
    assert globus_sandbox.count(path=PATH, status=200) == 2


@pytest.mark.parametrize("kind", ["truncated-body", "reset-in-body"])
def test_clients_notice_a_body_that_is_too_short(client: PlainClient, kind: str) -> None:
    """A broken connection in the midst of reading; the next request is well."""
    client.sandbox.fail(kind=kind)
    with pytest.raises((requests.ConnectionError, requests.exceptions.ChunkedEncodingError)):
        client.get("jwk.json")
    good(client.get("jwk.json"))


def test_a_body_can_be_cut_where_the_headers_agree(client: PlainClient, whole: bytes) -> None:
    """Half a JSON document in sound HTTP."""
    client.sandbox.fail(kind="truncated-json")
    answer = client.get("jwk.json")
    assert answer.content == whole[: len(whole) // 2]
    assert answer.headers["Content-Length"] == str(len(answer.content))
    with pytest.raises(requests.JSONDecodeError):
        answer.json()


def test_an_answer_without_a_body_ends_all_the_same(globus_sandbox: Sandbox) -> None:
    """For HEAD a cut in the body only ends the connection."""
    globus_sandbox.fail(kind="truncated-body")
    with asked(globus_sandbox, method="HEAD") as connection:
        received, end = read_on(connection)
    assert (received.count(b"\r\n\r\n"), received[-4:], end) == (1, b"\r\n\r\n", "close")


def test_a_body_can_come_in_chunks(client: PlainClient, whole: bytes) -> None:
    """Whole; or it ends before the last chunk."""
    client.sandbox.fail(chunked=True)
    answer = client.get("jwk.json")
    assert (answer.content, answer.headers["Transfer-Encoding"]) == (whole, "chunked")
    assert "Content-Length" not in answer.headers
    client.sandbox.fail(kind="truncated-chunks")
    with asked(client.sandbox) as connection:
        received, end = read_on(connection)
    half = whole[: len(whole) // 2]
    assert received.endswith(b"\r\n\r\n%x\r\n%b\r\n" % (len(half), half))
    assert end == "close"


def test_a_body_can_be_dripped(client: PlainClient, whole: bytes) -> None:
    """Byte by byte at the pace that was asked for; then the connection goes on."""
    client.sandbox.fail(kind="dripped-body", status=200, body="0123456789", pace=0.02)
    start = time.monotonic()
    assert client.get("jwk.json").text == "0123456789"
    assert time.monotonic() - start >= 9 * 0.02
    client.sandbox.fail(kind="dripped-body", pace=0)
    assert client.get("jwk.json").content == whole


def test_dripped_bytes_come_one_at_a_time(globus_sandbox: Sandbox) -> None:
    """Each is a chunk of its own where chunks are asked for."""
    globus_sandbox.fail(drip="body", pace=0, chunked=True, status=200, body="abc")
    with asked(globus_sandbox) as connection:
        read_head(connection)
        assert read_bytes(connection, 23) == b"1\r\na\r\n1\r\nb\r\n1\r\nc\r\n0\r\n\r\n"


def test_headers_can_be_dripped(client: PlainClient, whole: bytes) -> None:
    """The body comes in one go after them, in chunks as well."""
    client.sandbox.fail(kind="dripped-headers", pace=0.001)
    start = time.monotonic()
    assert client.get("jwk.json").content == whole
    assert time.monotonic() - start >= 0.1
    client.sandbox.fail(kind="dripped-headers", pace=0, chunked=True)
    assert client.get("jwk.json").content == whole


def test_headers_can_go_on_for_ever(globus_sandbox: Sandbox) -> None:
    """A header line without an end."""
    globus_sandbox.fail(kind="endless-headers", pace=0)
    with asked(globus_sandbox) as connection:
        received = read_bytes(connection, 2000)
    assert b"\r\n\r\n" not in received
    assert received.endswith(b"xxxxx")


@pytest.mark.parametrize("chunked", [True, False])
def test_a_body_can_go_on_for_ever(globus_sandbox: Sandbox, whole: bytes, chunked: bool) -> None:
    """In chunks, or with a length that is never reached."""
    globus_sandbox.fail(drip="body", endless=True, pace=0, chunked=chunked)
    with asked(globus_sandbox) as connection:
        head = read_head(connection)
        received = read_bytes(connection, len(whole) * (6 if chunked else 1) + 60)
    assert (b"chunked" in head) is chunked
    assert chunked or length_of(head) >= 10**15
    assert received.endswith(b"1\r\n \r\n" * 10 if chunked else b" " * 60)


PAGES = [
    ("502-page", 502, "text/html; charset=utf-8", "<!DOCTYPE html>"),
    ("portal-page", 200, "text/html; charset=utf-8", "<!DOCTYPE html>"),
    ("empty-body", 200, "application/json", ""),
    ("wrong-content-type", 200, "text/plain", '{"keys"'),
]


@pytest.mark.parametrize(("kind", "status", "content_type", "start"), PAGES)
def test_an_answer_can_be_something_else(
    client: PlainClient, kind: str, status: int, content_type: str, start: str
) -> None:
    """Pages, nothing, and JSON by another name."""
    client.sandbox.fail(kind=kind)
    answer = client.get("jwk.json")
    assert (answer.status_code, answer.headers["Content-Type"]) == (status, content_type)
    assert answer.text.startswith(start)
    assert bool(answer.text) is bool(start)


def test_there_may_be_no_content(globus_sandbox: Sandbox) -> None:
    """A 204 has neither a body nor a length, and the connection goes on."""
    globus_sandbox.fail(kind="no-content")
    with asked(globus_sandbox) as connection:
        head = read_head(connection)
        connection.sendall(LAST_REQUEST)
        assert read_on(connection)[0].startswith(b"HTTP/1.1 200 ")
    assert head.startswith(b"HTTP/1.1 204 ")
    assert b"content-length" not in head.lower()


@pytest.mark.parametrize("remote", [False, True])
def test_a_body_can_be_bytes(client: PlainClient, remote: bool) -> None:
    """Also over HTTP; one that is not UTF-8 stands ready."""
    control = SandboxControl(client.sandbox.url) if remote else client.sandbox
    control.fail(status=200, body=b"\x00\xff")
    assert client.get("jwk.json").content == b"\x00\xff"
    control.fail(kind="not-utf-8")
    answer = client.get("jwk.json")
    assert answer.headers["Content-Type"] == "application/json"
    with pytest.raises(UnicodeDecodeError):
        answer.content.decode()


def test_a_body_can_claim_to_be_compressed(client: PlainClient) -> None:
    """Clients cannot decode it."""
    client.sandbox.fail(kind="not-gzip")
    with pytest.raises(requests.exceptions.ContentDecodingError):
        client.get("jwk.json")


@pytest.mark.parametrize("size", [2, 3, 1_000_001, 1_000_002, 3_456_789])
def test_a_small_body_can_inflate(client: PlainClient, size: int) -> None:
    """To JSON of just the size that was asked for."""
    client.sandbox.fail(inflates_to=size)
    answer = client.get("jwk.json")
    assert answer.headers["Content-Encoding"] == "gzip"
    assert int(answer.headers["Content-Length"]) < 100 + size / 500
    assert (len(answer.content), answer.json()) == (size, {})


def test_the_gzip_bomb_is_worth_its_name(client: PlainClient) -> None:
    """100 MB out of a few hundred kB."""
    client.sandbox.fail(kind="gzip-bomb")
    url = client.sandbox.url + "jwk.json"
    with client.session.get(url, stream=True, timeout=LONG) as answer:
        packed = answer.raw.read(decode_content=False)
    inflater = zlib.decompressobj(31)
    size = 0
    while packed:
        size += len(inflater.decompress(packed, 1_000_000))
        packed = inflater.unconsumed_tail
    assert size == 100_000_000
    assert inflater.eof


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("retry-after-seconds", "2"),
        ("retry-after-fraction", "0.5"),
        ("retry-after-zero", "0"),
        ("retry-after-negative", "-5"),
        ("retry-after-huge", "999999999999"),
        ("retry-after-nonsense", "soon"),
    ],
)
def test_clients_can_be_told_to_wait(client: PlainClient, kind: str, value: str) -> None:
    """In good and bad forms."""
    client.sandbox.fail(kind=kind)
    answer = client.get("jwk.json")
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, value)


@pytest.mark.parametrize(
    ("kind", "seconds"), [("retry-after-date", 2), ("retry-after-past-date", -3600)]
)
def test_clients_can_be_told_to_wait_until_a_date(
    client: PlainClient, kind: str, seconds: int
) -> None:
    """It is a date by the sandbox's clock, and can be any other."""
    client.sandbox.set_clock(2_000_000_000)
    client.sandbox.fail(kind=kind)
    client.sandbox.fail(status=503, retry_after_date=90)
    for expected in (seconds, 90):
        headers = client.get("jwk.json").headers
        told, now = (parsedate_to_datetime(headers[name]) for name in ("Retry-After", "Date"))
        assert (told - now).total_seconds() == pytest.approx(expected, abs=1)
        assert now.timestamp() == pytest.approx(2_000_000_000, abs=30)


def test_requests_can_be_redirected(client: PlainClient) -> None:
    """To a path or a URL, with any status of that kind."""
    client.sandbox.fail(redirect_to="/elsewhere")
    client.sandbox.fail(status=307, redirect_to="https://auth.example.org{path}")
    first, second = (client.get("jwk.json", None, a="b c") for _ in range(2))
    assert (first.status_code, first.headers["Location"]) == (302, "/elsewhere")
    location = "https://auth.example.org/jwk.json?a=b+c"
    assert (second.status_code, second.headers["Location"]) == (307, location)


def test_headers_go_out_as_they_were_ordered(globus_sandbox: Sandbox) -> None:
    """Nonsense as well; they win over the answer's own."""
    globus_sandbox.fail(status=301, redirect_to="http://[", headers={"X-Name": "Ren\xe9"})
    globus_sandbox.fail(status=None, headers={"Content-Type": "a b", "Location": "http://["})
    for expected in (b"X-Name: Ren\xe9\r\n", b"Content-Type: a b\r\n"):
        with asked(globus_sandbox) as connection:
            head = read_head(connection)
        assert b"Location: http://[\r\n" in head
        assert expected in head
        assert head.count(b"Content-Type: ") == 1


def test_a_redirect_can_lead_to_itself(client: PlainClient) -> None:
    """Until the client gives up, or the fault is taken back."""
    client.sandbox.fail(kind="redirect-loop")
    url = client.sandbox.url + "jwk.json"
    with pytest.raises(requests.TooManyRedirects):
        client.session.get(url, timeout=LONG)
    client.sandbox.clear_faults()
    good(client.session.get(url, timeout=LONG))


def test_a_redirect_can_lead_to_another_host(client: PlainClient) -> None:
    """Which is the sandbox as well, under another name."""
    client.sandbox.fail(kind="redirect-to-other-host")
    location = client.get("jwk.json", None, a="b").headers["Location"]
    port = urlsplit(client.sandbox.url).port
    assert location == f"http://localhost:{port}/jwk.json?a=b"


SLOW: list[dict[str, t.Any]] = [
    {"kind": "no-answer"},
    {"kind": "stalled-in-headers"},
    {"kind": "stalled-in-body"},
    {"kind": "dripped-headers", "pace": 3600},
    {"kind": "endless-headers", "pace": 0},
    {"kind": "endless-body", "pace": 0},
    {"latency": 3600},
]


@pytest.mark.parametrize("fault", SLOW, ids=str)
def test_a_fault_ends_when_the_client_goes_away(
    globus_sandbox: Sandbox, fault: dict[str, t.Any]
) -> None:
    """No thread waits for anybody who is gone."""
    before = set(threading.enumerate())
    globus_sandbox.fail(**fault)
    with asked(globus_sandbox):
        wait_until_hit(globus_sandbox)
        threads = set(threading.enumerate()) - before
        assert threads
    assert_ended(threads)


@pytest.mark.parametrize(
    ("kind", "share"), [("no-answer", 0), ("stalled-in-headers", 0.2), ("stalled-in-body", 0.5)]
)
def test_a_sandbox_can_fall_silent(
    globus_sandbox: Sandbox, whole: bytes, kind: str, share: float
) -> None:
    """Something comes or nothing, then no more, and the connection stays open."""
    globus_sandbox.fail(kind=kind)
    with asked(globus_sandbox) as connection:
        if kind == "stalled-in-headers":
            read_bytes(connection, 17)
            connection.settimeout(0.1)
            with pytest.raises(TimeoutError):
                read_head(connection)
        elif kind == "stalled-in-body":
            read_head(connection)
            read_bytes(connection, len(whole) // 2)
        connection.settimeout(0.1)
        with pytest.raises(TimeoutError):
            connection.recv(1)


def test_a_late_answer_waits_for_a_client_that_sends_on(globus_sandbox: Sandbox) -> None:
    """A second request on the same connection is no reason to hurry, and is answered too."""
    globus_sandbox.fail(status=None, latency=0.1)
    start = time.monotonic()
    with asked(globus_sandbox) as connection:
        connection.sendall(LAST_REQUEST)
        received, _ = read_on(connection)
    assert received.count(b"HTTP/1.1 200 OK") == 2
    assert time.monotonic() - start >= 0.1


def test_stopping_ends_all_faults_at_once() -> None:
    """Whatever is under way: no thread and no connection is left, in little time."""
    before = set(threading.enumerate())
    with contextlib.ExitStack() as stack:
        sandbox = stack.enter_context(Sandbox())
        # The last answer is more than the system holds for a client that does not read.
        faults = [*SLOW, {"status": 200, "body": "x" * 20_000_000}]
        for fault in faults:
            sandbox.fail(**fault)
        connections = [stack.enter_context(asked(sandbox)) for _ in faults]
        wait_until_hit(sandbox)
        threads = set(threading.enumerate()) - before
        # one for each connection, and one for each port: two of them by TLS
        assert len(threads) == len(faults) + 3
        sandbox.stop()  # the slow faults would go on for an hour
        assert_ended(threads)
        for connection in connections:
            read_on(connection)


CONTRADICTIONS: list[tuple[dict[str, t.Any], str]] = [
    ({"kind": "no-such"}, "there is no kind 'no-such'; known kinds: dropped, "),
    ({"drop": True, "cut": "body"}, "drop sends no response"),
    ({"drop": True, "body": "x"}, "drop sends no response"),
    ({"kind": "dropped", "drip": "body"}, "drop sends no response"),
    ({"cut_by": "reset"}, "pass one of them"),
    ({"cut": "headers", "cut_by": "end"}, "needs a cut in the body"),
    ({"drop": True, "cut_by": "end"}, "needs a cut in the body"),
    ({"pace": 1}, "pace and endless need drip"),
    ({"endless": True}, "pace and endless need drip"),
    ({"drip": "body", "endless": True, "cut": 0}, "cannot be cut"),
    ({"body": "x", "inflates_to": 5}, "exclude each other"),
    ({"retry_after": 0, "retry_after_date": 0}, "exclude each other"),
    ({"status": None, "body": "x"}, "takes no body"),
    ({"status": 404, "redirect_to": "/"}, "from 300 to 399"),
    ({"status": 100}, "status is 100, but must be from 200 to 999, or None"),
    ({"cut": "tail"}, "cut is 'tail', but must be 'start', 'headers', 'body'"),
    ({"cut": True}, "cut is True"),
    ({"cut": -1}, "cut is -1"),
    ({"times": 0}, "times is 0"),
    ({"latency": -1}, "latency is -1"),
    ({"latency": math.inf}, "latency is inf"),
    ({"headers": {"X": "a\r\nB: c"}}, "without line breaks"),
    ({"headers": {"X\r\n": "a"}}, "without line breaks"),
    ({"retry_after": "a\nb"}, "a line of text"),
    ({"status": 10**400}, "status is 1000"),
    ({"body": "\ud800"}, "body is "),
    ({"inflates_to": 10**12}, "inflates_to is 1000000000000, but must be"),
]


@pytest.mark.parametrize(("fault", "reason"), CONTRADICTIONS, ids=str)
def test_a_fault_that_cannot_be_is_refused(
    globus_sandbox: Sandbox, fault: dict[str, t.Any], reason: str
) -> None:
    """With the reason, from Python and over HTTP, and nothing is ordered."""
    for control in (globus_sandbox, SandboxControl(globus_sandbox.url)):
        with pytest.raises(SandboxError, match=reason):
            control.fail(**fault)
    assert globus_sandbox.state()["faults"] == 0


def test_what_is_no_json_is_refused_as_a_body(globus_sandbox: Sandbox) -> None:
    """When it is ordered, not when it applies."""
    for control in (globus_sandbox, SandboxControl(globus_sandbox.url)):
        with pytest.raises(SandboxError, match="serialisable as JSON"):
            control.fail(body={1, 2})
    url = f"{globus_sandbox.url}_sandbox/faults"
    answer = requests.post(url, json={"body_base64": "?"}, timeout=LONG)
    assert (answer.status_code, "not base64" in answer.text) == (400, True)


VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-2, 10**10),
    st.floats(),
    st.sampled_from(["start", "headers", "body", "close", "reset", "end", "silence", "/x", ""]),
    st.text(max_size=4),
    st.dictionaries(st.text(max_size=3), st.text(max_size=3), max_size=2),
)
PARTS = [
    *("path", "method", "status", "body", "headers", "times", "latency", "drop", "kind"),
    *("redirect_to", "retry_after", "retry_after_date", "inflates_to", "chunked", "cut"),
    *("cut_by", "drip", "pace", "endless", "body_base64", "no_such"),
]


def test_every_order_is_taken_or_refused(globus_sandbox: Sandbox) -> None:
    """Never anything but 200 or 400 from the control API."""
    url = f"{globus_sandbox.url}_sandbox/faults"
    as_json = {"Content-Type": "application/json"}

    @given(st.dictionaries(st.sampled_from(PARTS), VALUES, max_size=5))
    @settings(max_examples=60)
    def order(fault: dict[str, t.Any]) -> None:
        answer = session.post(url, data=json.dumps(fault), headers=as_json, timeout=LONG)
        assert answer.status_code in (200, 400), answer.text

    with requests.Session() as session:
        order()
