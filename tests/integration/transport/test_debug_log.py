"""
What the debug log says of a request, and that nothing is done for it while nobody reads it.
"""

from __future__ import annotations

import io
import logging
import re
import sys
import typing as t

import pytest

from globus_core import AccessTokenAuthorizer, BasicAuthorizer, GlobusConnectionError
from globus_core.transport import debug_lines, instrumentation
from globus_core.transport.debug_lines import shown_url
from tests.integration.transport.fixtures import MakeClient
from tests.integration.transport.scripted import Answer, ScriptedServer


def said(caplog: pytest.LogCaptureFixture, below: str = "globus_core.transport") -> list[str]:
    """The lines of a logger and of those below it."""
    return [each.getMessage() for each in caplog.records if each.name.startswith(below)]


def test_three_lines_tell_of_a_request(
    server: ScriptedServer, make_client: MakeClient, caplog: pytest.LogCaptureFixture
) -> None:
    """Which attempt it is; what is sent; what came of it."""
    server.answer(Answer(200, {}, {"X-Request-Id": "id-of-the-request"}))
    client = make_client(server.url, authorizer=AccessTokenAuthorizer("secret-1"))
    client.transport.session  # noqa: B018 - it may log by itself
    caplog.set_level(logging.DEBUG)
    client.post("x", data={"a": "b"}, query_params={"q": "secret-2", "r": ["secret-3", ""]})
    attempt, request, answer = said(caplog)
    assert attempt == "attempt 1 of 6"
    start = f"POST {server.url}/x?q=***&r=***&r=***; headers: "
    assert request.startswith(start)
    names, body, authorizer = request.removeprefix(start).split("; ")
    assert {"Accept", "Authorization", "Content-Type"} <= set(names.split(", "))
    assert body == f"body: {len(server.seen[0].body)} bytes"
    assert authorizer == "authorizer: AccessTokenAuthorizer"
    assert re.fullmatch(r"status 200 after \d+\.\d{3} s; request id: id-of-the-request", answer)
    assert any('"POST /x?... HTTP/1.1" 200' in line for line in said(caplog, "urllib3"))
    assert "secret" not in caplog.text


@pytest.mark.parametrize(
    ("data", "size"),
    [
        (None, "no body"),
        (b"12345", "body: 5 bytes"),
        ("\u20ac", "body: 3 bytes"),
        (io.BytesIO(b"123"), "body: 3 bytes"),
        (iter([b"1"]), "body: a stream"),
    ],
    ids=["none", "bytes", "text", "file", "iterator"],
)
def test_the_size_of_a_body_is_told(
    server: ScriptedServer,
    make_client: MakeClient,
    caplog: pytest.LogCaptureFixture,
    data: t.Any,
    size: str,
) -> None:
    """In bytes, where it is known before."""
    caplog.set_level(logging.DEBUG)
    if isinstance(data, io.BytesIO):
        data.seek(0)
    make_client(server.url).put("x", data=data)
    (line,) = (each for each in said(caplog) if each.startswith("PUT "))
    assert line.endswith(f"; {size}; authorizer: none")


def test_each_further_attempt_says_why(
    server: ScriptedServer,
    make_client: MakeClient,
    caplog: pytest.LogCaptureFixture,
    pauses: list[float],
) -> None:
    """And which of how many it is."""
    server.answer(Answer(503), Answer(200, {}))
    caplog.set_level(logging.DEBUG)
    make_client(server.url).get("x")
    attempts = [line for line in said(caplog) if "attempt" in line]
    assert attempts[0] == "attempt 1 of 6"
    assert re.fullmatch(
        rf"{server.url} answered 503; trying again in .* s \(attempt 2 of 6\)", attempts[1]
    )
    assert len(attempts) == 2
    assert [line[:10] for line in said(caplog) if line.startswith("status")] == [
        "status 503",
        "status 200",
    ]


def test_a_failure_is_told_by_the_name_of_its_class(
    closed_port: int, make_client: MakeClient, caplog: pytest.LogCaptureFixture
) -> None:
    """With the time that it took."""
    client = make_client(f"http://127.0.0.1:{closed_port}", transport_params={"max_retries": 0})
    caplog.set_level(logging.DEBUG)
    with pytest.raises(GlobusConnectionError):
        client.get("x")
    assert said(caplog)[-3] == "attempt 1 of 1"
    assert re.fullmatch(r"ConnectionError after \d+\.\d{3} s", said(caplog)[-1])


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://u:secret@h/a?b=secret#secret", "https://h/a?b=***"),
        ("https://h/a;token=secret?secret", "https://h/a?***"),
        ("https://h/?a%3Dsecret=1&b[c]=secret=secret&", "https://h/?***&b[c]=***&***"),
        (f"https://h/?{'secret' * 20}=1", "https://h/?***"),
        ("https://h/a", "https://h/a"),
    ],
)
def test_a_query_is_shown_by_its_names(url: str, shown: str) -> None:
    """What does not look like a name may be a value."""
    assert shown_url(url) == shown


def test_what_a_server_says_back_is_hidden_and_on_one_line(
    server: ScriptedServer, make_client: MakeClient, caplog: pytest.LogCaptureFixture
) -> None:
    """The id of a request is the server's text."""
    server.answer(
        Answer(
            200, {}, {"X-Request-Id": "id-1 Bearer secret-1 secret-2 secret-3 \x1b[2J" + "x" * 999}
        )
    )
    caplog.set_level(logging.DEBUG)
    client = make_client(server.url, authorizer=BasicAuthorizer("user", "secret-1"))
    client.post("x", data={"password": "secret-2"}, query_params={"token": "secret-3"})
    line = said(caplog)[-1]
    assert "request id: id-1" in line
    assert len(line) < 400
    assert line.isprintable()
    assert "secret" not in caplog.text


@pytest.mark.parametrize("level", [logging.INFO, logging.DEBUG])
def test_lines_that_nobody_reads_cost_nothing(
    server: ScriptedServer, make_client: MakeClient, caplog: pytest.LogCaptureFixture, level: int
) -> None:
    """Counted in calls: none to what makes lines and hides secrets, a few to what decides that."""
    caplog.set_level(logging.INFO)
    caplog.set_level(level, logger="globus_core.transport")
    client = make_client(server.url, authorizer=AccessTokenAuthorizer("secret-1"))
    client.get("x")
    calls: dict[str, int] = {}

    def count(frame: t.Any, event: str, arg: object) -> None:
        if event == "call":
            place = frame.f_code.co_filename
            calls[place] = calls.get(place, 0) + 1

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        client.get("x", query_params={"q": "r"})
    finally:
        sys.setprofile(before)
    lines = calls.get(debug_lines.__file__, 0)
    assert bool(lines) is (level == logging.DEBUG)
    if level == logging.INFO:
        hidden = [place for place in calls if place.endswith(("_redact.py", "printable.py"))]
        assert hidden == []
        assert calls[instrumentation.__file__] <= 3
