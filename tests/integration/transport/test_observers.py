"""
What plugins see of requests.
"""

from __future__ import annotations

import logging
import pickle
import traceback
import typing as t
from urllib.parse import unquote

import pytest

from globus_core import AccessTokenAuthorizer, GlobusAPIError, GlobusConnectionError, hookimpl
from globus_core.events import RequestEvent, ResponseEvent
from globus_core.plugins import PluginManager
from tests.integration.transport.fixtures import MakeClient
from tests.integration.transport.scripted import Answer, ScriptedServer


class Observer:
    """Notes what it is told."""

    def __init__(self) -> None:
        self.events: list[RequestEvent | ResponseEvent] = []

    @hookimpl
    def globus_before_request(self, event: RequestEvent) -> None:
        self.events.append(event)

    @hookimpl
    def globus_after_response(self, event: ResponseEvent) -> None:
        self.events.append(event)


class Failing:
    """Raises at everything."""

    @hookimpl
    def globus_before_request(self, event: RequestEvent) -> None:
        raise RuntimeError("a bug")

    @hookimpl
    def globus_after_response(self, event: ResponseEvent) -> None:
        raise RuntimeError("a bug")


@pytest.fixture
def observer(plugins: PluginManager) -> Observer:
    """
    An observer that is registered.
    """
    noting = Observer()
    plugins.register(noting, "noting")
    return noting


def test_each_attempt_is_seen(
    server: ScriptedServer, make_client: MakeClient, pauses: list[float], observer: Observer
) -> None:
    """Before it is sent, and how it ended."""
    server.answer(Answer(500), Answer(200, {}))
    make_client(server.url).get("x")
    before_1, after_1, before_2, after_2 = observer.events
    assert isinstance(before_1, RequestEvent)
    assert isinstance(after_1, ResponseEvent)
    assert isinstance(after_2, ResponseEvent)
    assert (before_1.method, before_1.url, before_1.attempt) == ("GET", server.url + "/x", 0)
    assert (after_1.status, after_1.error, after_1.request) == (500, None, before_1)
    assert (after_2.status, after_2.request) == (200, before_2)
    assert after_2.request.attempt == 1
    assert 0 < after_2.seconds < 60


def test_a_network_error_is_seen(
    closed_port: int, make_client: MakeClient, pauses: list[float], observer: Observer
) -> None:
    """By the name of its class."""
    client = make_client(f"http://127.0.0.1:{closed_port}", transport_params={"max_retries": 0})
    with pytest.raises(GlobusConnectionError):
        client.get("x")
    ended = observer.events[-1]
    assert isinstance(ended, ResponseEvent)
    assert (ended.status, ended.error) == (None, "ConnectionError")


def test_no_secret_is_handed_to_observers(
    server: ScriptedServer, make_client: MakeClient, observer: Observer
) -> None:
    """Neither query nor password of the URL nor a token is in an event."""
    url = server.url.replace("://", "://user:secret-password@")
    client = make_client(url, authorizer=AccessTokenAuthorizer("secret-token"))
    client.post("x", data={"code": "secret-code"}, query_params={"q": "secret-query"})
    assert len(observer.events) == 2
    assert "secret" not in repr(observer.events)
    assert "user" not in repr(observer.events)


def test_a_failing_observer_does_not_fail_the_request(
    server: ScriptedServer,
    make_client: MakeClient,
    plugins: PluginManager,
    observer: Observer,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """It is reported, and the others are told all the same."""
    plugins.register(Failing(), "failing")
    make_client(server.url).get("x")
    assert len(observer.events) == 2
    assert caplog.text.count("RuntimeError: a bug") >= 2
    assert "failing" in caplog.text


def test_an_observer_that_comes_later_is_told(
    server: ScriptedServer, make_client: MakeClient, plugins: PluginManager
) -> None:
    """And one that is taken out no more."""
    client = make_client(server.url)
    client.get("x")
    noting: t.Any = Observer()
    plugins.register(noting, "noting")
    client.get("x")
    plugins.unregister("noting")
    client.get("x")
    assert len(noting.events) == 2


@pytest.mark.parametrize(
    "path", ["x?token=secret-1", "x#token=secret-1", "x;token=secret-1/y", "x%3Ftoken%3Dsecret-1"]
)
def test_parameters_in_a_path_are_shown_as_a_query_is(
    server: ScriptedServer,
    make_client: MakeClient,
    observer: Observer,
    caplog: pytest.LogCaptureFixture,
    path: str,
) -> None:
    """In log lines and events not at all, in errors by their names; they are sent all the same."""
    caplog.set_level(logging.DEBUG)
    server.answer(Answer(404, {"message": f"nothing at {path} of secret-1"}))
    client = make_client(server.url)
    with pytest.raises(GlobusAPIError) as caught:
        client.get(path)
    assert unquote(unquote(server.seen[0].target)) == f"/{unquote(path)}"
    error = caught.value
    shown = "".join(traceback.format_exception(error)) + error.explain() + repr(pickle.dumps(error))
    assert "secret-1" not in shown + str(error) + repr(error.args)
    assert "token" in str(error)
    assert "secret-1" not in caplog.text
    (event,) = (event for event in observer.events if isinstance(event, RequestEvent))
    assert event.url == f"{server.url}/x"
