"""What is logged, and what is not."""

from __future__ import annotations

import pytest
import responses
from globus_core_example_observer.hooks import globus_after_response
from globus_core_example_observer.slow import VARIABLE

from globus_core import BaseClient
from globus_core.events import RequestEvent, ResponseEvent


def event(seconds: float) -> ResponseEvent:
    """The end of a request."""
    request = RequestEvent("GET", "https://service.example.org/things", 0, None)
    return ResponseEvent(request, status=200, error=None, seconds=seconds)


def test_a_slow_request_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    """With what it asked for, and how it ended."""
    globus_after_response(event(7.25))
    assert caplog.messages == ["GET https://service.example.org/things took 7.2 s: 200"]


def test_a_quick_request_is_not_logged(caplog: pytest.LogCaptureFixture) -> None:
    """The limit can be set."""
    globus_after_response(event(0.1))
    assert caplog.messages == []


@responses.activate
def test_requests_of_clients_are_observed(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the installed plugin; with a limit of nothing, each one is slow."""
    monkeypatch.setenv(VARIABLE, "-1")
    responses.get("https://service.example.org/things", json={})
    with BaseClient(base_url="https://service.example.org") as client:
        client.get("things", query_params={"secret": "x"})
    (line,) = [text for text in caplog.messages if " took " in text]
    assert line.startswith("GET https://service.example.org/things took ")
