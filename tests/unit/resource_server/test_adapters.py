"""
WSGI and ASGI applications and Flask views, which only those may call who may.
"""

from __future__ import annotations

import asyncio
import inspect
import json
import threading
import typing as t
from wsgiref.util import setup_testing_defaults
from wsgiref.validate import validator

import flask
import pytest

from globus_core import TokenChecker
from globus_core.exc import GlobusSDKUsageError
from globus_core.resource_server import (
    ASGIProtection,
    ForbiddenError,
    WSGIProtection,
    flask_protection,
)
from tests.unit.resource_server.services import HEADER, OTHER_SCOPE, Service

Answer = tuple[int, dict[str, str], bytes]
Call = t.Callable[[TokenChecker, "str | None"], Answer]


def by_wsgi(checker: TokenChecker, header: str | None) -> Answer:
    """
    The answer of a WSGI application.
    """
    strict = checker.requiring(scopes=OTHER_SCOPE)

    def application(environ: dict[str, t.Any], start: t.Any) -> list[bytes]:
        if environ["PATH_INFO"] == "/strict":
            strict.check(environ.get("HTTP_AUTHORIZATION"))
        start("200 OK", [("Content-Type", "text/plain")])
        return [environ["globus.caller"].username.encode()]

    path, header = _path(header)
    environ: dict[str, t.Any] = {"PATH_INFO": path, "QUERY_STRING": "", "SCRIPT_NAME": ""}
    if header is not None:
        environ["HTTP_AUTHORIZATION"] = header
    setup_testing_defaults(environ)
    begun: list[t.Any] = []

    def start(status: str, headers: list[tuple[str, str]], exc_info: t.Any = None) -> t.Any:
        begun.extend((int(status[:3]), dict(headers)))

    body = validator(WSGIProtection(application, checker))(environ, start)
    content = b"".join(body)
    body.close()  # type: ignore[attr-defined]
    return begun[0], begun[1], content


def by_asgi(checker: TokenChecker, header: str | None) -> Answer:
    """
    The answer of an ASGI application.
    """
    strict = checker.requiring(scopes=OTHER_SCOPE)

    async def application(scope: t.Any, receive: t.Any, send: t.Any) -> None:
        if scope["path"] == "/strict":
            strict.check(dict(scope["headers"])[b"authorization"].decode())
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": scope["globus.caller"].username.encode()})

    path, header = _path(header)
    headers = [] if header is None else [(b"authorization", header.encode("latin-1"))]
    scope = {"type": "http", "path": path, "headers": headers}
    begun, body = call_asgi(ASGIProtection(application, checker), scope)
    named = {name.decode().title(): value.decode() for name, value in begun["headers"]}
    return begun["status"], named, body["body"]


def call_asgi(application: t.Any, scope: t.Any, received: t.Any = None) -> list[t.Any]:
    """
    The messages that an ASGI application sends, to which one was sent.
    """
    sent: list[t.Any] = []

    async def send(message: t.Any) -> None:
        sent.append(message)

    async def receive() -> t.Any:
        return received or {"type": "http.request"}

    asyncio.run(application(scope, receive, send))
    return sent


def by_flask(checker: TokenChecker, header: str | None) -> Answer:
    """
    The answer of a Flask view.
    """
    app = flask.Flask("service")
    strict = checker.requiring(scopes=OTHER_SCOPE)

    @app.get("/")
    @flask_protection(checker)
    def view() -> str:
        return t.cast("str", flask.g.caller.username)

    @app.get("/strict")
    @flask_protection(checker)
    def strict_view() -> str:
        strict.check(flask.request.headers["Authorization"])
        return "not reached"

    path, header = _path(header)
    headers = {} if header is None else {"Authorization": header}
    response = app.test_client().get(path, headers=headers)
    return response.status_code, dict(response.headers), response.data


def _path(header: str | None) -> tuple[str, str | None]:
    """A header that ends with a word in brackets is for another path."""
    if header is not None and header.endswith(" [strict]"):
        return "/strict", header.removesuffix(" [strict]")
    return "/", header


each_way = pytest.mark.parametrize("call", [by_wsgi, by_asgi, by_flask])


@each_way
def test_a_caller_who_may_gets_in(service: Service, call: Call) -> None:
    """And the application knows who it is."""
    service.issue()

    status, _, body = call(service.checker(), HEADER)

    assert (status, body) == (200, b"ada@example.org")


@each_way
@pytest.mark.parametrize("header", [None, "Bearer two words", "Bearer unknown", "Basic x"])
def test_others_get_the_answer_of_the_refusal(
    service: Service, call: Call, header: str | None
) -> None:
    """Status, challenge and document."""
    status, headers, body = call(service.checker(), header)

    assert status == 401
    assert headers.get("WWW-Authenticate", headers.get("Www-Authenticate", "")).startswith("Bearer")
    assert int(headers["Content-Length"]) == len(body)
    assert json.loads(body)["code"] == "Unauthorized"


@each_way
def test_what_an_application_requires_further_is_answered_too(service: Service, call: Call) -> None:
    """With the requirement for the client to act upon."""
    service.issue()

    status, _, body = call(service.checker(), f"{HEADER} [strict]")

    assert status == 403
    document = json.loads(body)
    assert OTHER_SCOPE in document["required_scopes"]


@each_way
def test_an_outage_is_answered_as_one(service: Service, call: Call) -> None:
    """503 with Retry-After."""
    service.go_down()

    status, headers, _ = call(service.checker(), HEADER)

    assert (status, headers["Retry-After"]) == (503, "5")


def test_two_tokens_are_none(service: Service) -> None:
    """A proxy and the service could otherwise read different ones."""
    header = service.issue().encode()
    scope = {"type": "http", "path": "/", "headers": [(b"authorization", header)] * 2}

    begun, _ = call_asgi(ASGIProtection(_never, service.checker()), scope)

    assert begun["status"] == 401


def test_a_refused_websocket_is_closed(service: Service) -> None:
    """Before it is accepted, which servers answer with 403."""
    scope = {"type": "websocket", "path": "/", "headers": []}

    (closed,) = call_asgi(ASGIProtection(_never, service.checker()), scope)

    assert (closed["type"], closed["code"]) == ("websocket.close", 1008)


def test_the_reason_to_close_a_websocket_is_never_too_long(service: Service) -> None:
    """A frame that closes has 125 bytes at most, or the server would fail."""
    service.issue()

    async def application(scope: t.Any, receive: t.Any, send: t.Any) -> None:
        raise ForbiddenError("ü" * 100, code="NotYet")

    scope = {"type": "websocket", "path": "/", "headers": [(b"authorization", HEADER.encode())]}
    (closed,) = call_asgi(ASGIProtection(application, service.checker()), scope)

    assert closed["reason"] == "ü" * 61


def test_a_wsgi_response_that_was_not_sent_yet_becomes_a_refusal(service: Service) -> None:
    """PEP 3333 lets an error replace it."""
    service.issue()
    checker = service.checker()
    begun: list[str] = []

    def application(environ: dict[str, t.Any], start: t.Any) -> list[bytes]:
        start("200 OK", [])
        checker.check(None)
        return [b"not reached"]

    def start(status: str, headers: list[tuple[str, str]], exc_info: t.Any = None) -> None:
        assert not begun or exc_info is not None
        begun.append(status)

    environ: dict[str, t.Any] = {"HTTP_AUTHORIZATION": HEADER}
    body = b"".join(WSGIProtection(application, checker)(environ, start))

    assert begun == ["200 OK", "401 Unauthorized"]
    assert json.loads(body)["code"] == "Unauthorized"


def test_a_flask_view_may_be_a_coroutine(service: Service) -> None:
    """Flask runs those in a loop; the decorator leaves that to it."""
    service.issue()

    class Flask(flask.Flask):
        def ensure_sync(self, func: t.Any) -> t.Any:  # Flask's own needs a package more
            is_async = inspect.iscoroutinefunction(func)
            return (lambda: asyncio.run(func())) if is_async else func

    app = Flask("service")

    @app.get("/")
    @flask_protection(service.checker())
    async def view() -> str:
        return t.cast("str", flask.g.caller.username)

    assert app.test_client().get("/", headers={"Authorization": HEADER}).text == "ada@example.org"


def test_the_start_of_a_server_needs_no_token(service: Service) -> None:
    """It is passed on as it is."""
    seen: list[str] = []

    async def application(scope: t.Any, receive: t.Any, send: t.Any) -> None:
        seen.append(scope["type"])

    call_asgi(ASGIProtection(application, service.checker()), {"type": "lifespan"})

    assert seen == ["lifespan"]


def test_an_event_loop_asks_in_a_thread_and_remembers_without_one(service: Service) -> None:
    """So it never waits for Globus Auth."""
    service.issue()
    checker = service.checker()
    threads: list[threading.Thread] = []
    find = checker._introspection.find

    def noted(*arguments: t.Any, **options: t.Any) -> t.Any:
        threads.append(threading.current_thread())
        return find(*arguments, **options)

    checker._introspection.find = noted  # type: ignore[method-assign]
    by_asgi(checker, HEADER)
    by_asgi(checker, HEADER)

    (thread,) = threads
    assert thread is not threading.main_thread()


def test_a_refusal_after_the_beginning_of_a_response_is_an_error(service: Service) -> None:
    """There cannot be a second response."""
    service.issue()
    checker = service.checker()

    async def application(scope: t.Any, receive: t.Any, send: t.Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        checker.check(None)

    scope = {"type": "http", "path": "/", "headers": [(b"Authorization", HEADER.encode())]}
    with pytest.raises(Exception, match="requires a token"):
        call_asgi(ASGIProtection(application, checker), scope)


@pytest.mark.parametrize("kind", [WSGIProtection, ASGIProtection])
def test_wrong_arguments_are_refused_at_once(service: Service, kind: t.Any) -> None:
    """Such as in the wrong order."""
    with pytest.raises(GlobusSDKUsageError):
        kind(service.checker(), _never)
    with pytest.raises(GlobusSDKUsageError):
        flask_protection(_never)  # type: ignore[arg-type]


async def _never(scope: t.Any, receive: t.Any, send: t.Any) -> None:
    raise AssertionError("the application was called")
