"""
The same service in each framework, behind a real server: it answers with the name of its caller,
and under ``/recent`` requires a fresh sign-in.
"""

from __future__ import annotations

import contextlib
import http.client
import io
import json
import socket
import threading
import typing as t

if t.TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from globus_core import TokenChecker

    Address = tuple[str, int]
    Running = contextlib.AbstractContextManager[Address]

#: how recent the sign-in for ``/recent`` has to be, in seconds
RECENT = 600


class Answer(t.NamedTuple):
    """
    A response, with the names of its headers in lower case.
    """

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def document(self) -> t.Any:
        """The body, decoded."""
        return json.loads(self.body)


def wsgi(checker: TokenChecker) -> Running:
    """
    A whole WSGI application, behind werkzeug.
    """
    from globus_core.resource_server import WSGIProtection

    recent = checker.requiring(session_max_age=RECENT)

    def application(environ: dict[str, t.Any], start: t.Any) -> list[bytes]:
        if environ["PATH_INFO"] == "/recent":
            recent.check(environ.get("HTTP_AUTHORIZATION"))
        start("200 OK", [("Content-Type", "text/plain")])
        return [environ["globus.caller"].username.encode()]

    return _by_werkzeug(WSGIProtection(application, checker))


def flask(checker: TokenChecker) -> Running:
    """
    Views of Flask, behind werkzeug.
    """
    import flask

    from globus_core.resource_server import flask_protection

    app = flask.Flask("service")

    @app.post("/")
    @flask_protection(checker)
    def greet() -> str:
        return t.cast("str", flask.g.caller.username)

    @app.post("/recent")
    @flask_protection(checker.requiring(session_max_age=RECENT))
    def greet_recent() -> str:
        return t.cast("str", flask.g.caller.username)

    return _by_werkzeug(app)


def asgi(checker: TokenChecker) -> Running:
    """
    A whole ASGI application, behind uvicorn.
    """
    from globus_core.resource_server import ASGIProtection

    recent = checker.requiring(session_max_age=RECENT)

    async def application(scope: t.Any, receive: t.Any, send: t.Any) -> None:
        if scope["path"] == "/recent":
            recent.remembered(dict(scope["headers"])[b"authorization"].decode())
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": scope["globus.caller"].username.encode()})

    return _by_uvicorn(ASGIProtection(application, checker))


def fastapi(checker: TokenChecker) -> Running:
    """
    Path operations of FastAPI, behind uvicorn.
    """
    import fastapi

    from globus_core.resource_server import FastAPIProtection

    app = fastapi.FastAPI()
    anyone = fastapi.Depends(FastAPIProtection(app, checker))
    recent = fastapi.Depends(FastAPIProtection(app, checker.requiring(session_max_age=RECENT)))

    def greet(caller: t.Any = anyone) -> str:
        return t.cast("str", caller.username)

    def greet_recent(caller: t.Any = recent) -> str:
        return t.cast("str", caller.username)

    app.post("/")(greet)
    app.post("/recent")(greet_recent)
    return _by_uvicorn(app)


def mcp(checker: TokenChecker) -> Running:
    """
    An MCP server, behind the ASGI protection and uvicorn.
    """
    from globus_core.resource_server import ASGIProtection

    server = mcp_application(checker)
    usual = ASGIProtection(server, checker)
    strict = ASGIProtection(server, checker.requiring(session_max_age=RECENT))

    async def application(scope: t.Any, receive: t.Any, send: t.Any) -> None:
        inner = strict if scope.get("path") == "/recent" else usual
        await inner({**scope, "path": "/mcp"} if "path" in scope else scope, receive, send)

    return _by_uvicorn(application)


def mcp_alone(checker: TokenChecker) -> Running:
    """
    An MCP server with the verifier and nothing else.
    """
    application = mcp_application(checker)

    async def at_root(scope: t.Any, receive: t.Any, send: t.Any) -> None:
        await application({**scope, "path": "/mcp"} if "path" in scope else scope, receive, send)

    return _by_uvicorn(at_root)


def mcp_application(checker: TokenChecker) -> t.Any:
    """
    The ASGI application of an MCP server with a tool that says who calls.
    """
    from mcp.server import MCPServer
    from mcp.server.auth.middleware.auth_context import get_access_token
    from mcp.server.auth.settings import AuthSettings

    from globus_core.resource_server import MCPTokenVerifier

    resource = "http://127.0.0.1/mcp"
    settings = AuthSettings(
        issuer_url=t.cast("t.Any", "https://auth.globus.org"),
        resource_server_url=t.cast("t.Any", resource),
        validate_token_resource=True,
    )
    verifier = MCPTokenVerifier(checker, resource=resource)
    server = MCPServer("names", token_verifier=verifier, auth=settings)

    def name() -> str:
        """Who calls."""
        token = get_access_token()
        assert token is not None
        assert token.claims is not None
        return str(token.claims["username"])

    server.add_tool(name)
    return server.streamable_http_app(json_response=True, stateless_http=True)


#: what an MCP server is asked; the others do not read it
CALL = json.dumps(
    {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "name", "arguments": {}}}
).encode()


def request(address: Address, *lines: bytes, path: str = "/") -> Answer:
    """
    Send a request with header lines exactly as they are, on a connection of its own.
    """
    head = [
        f"POST {path} HTTP/1.1".encode(),
        b"Host: 127.0.0.1:%d" % address[1],
        b"Content-Type: application/json",
        b"Accept: application/json, text/event-stream",
        b"Content-Length: %d" % len(CALL),
        b"Connection: close",
        *lines,
    ]
    with socket.create_connection(address, timeout=60) as connection:
        with contextlib.suppress(ConnectionError):  # it may answer before it has read everything
            connection.sendall(b"\r\n".join(head) + b"\r\n\r\n" + CALL)
        return _read(connection)


def _read(connection: socket.socket) -> Answer:
    received = b""
    with contextlib.suppress(ConnectionError):
        while piece := connection.recv(65536):
            received += piece
    response = http.client.HTTPResponse(t.cast("t.Any", _Received(received)))
    response.begin()
    headers = {name.lower(): value for name, value in response.getheaders()}
    return Answer(response.status, headers, response.read())


class _Received:
    def __init__(self, received: bytes) -> None:
        self._received = received

    def makefile(self, mode: str) -> io.BytesIO:
        """What http.client reads from."""
        return io.BytesIO(self._received)


@contextlib.contextmanager
def _by_werkzeug(application: t.Any) -> Iterator[Address]:
    from werkzeug.serving import WSGIRequestHandler, make_server

    class Quiet(WSGIRequestHandler):
        def log(self, type: str, message: str, *args: t.Any) -> None:
            """Nobody reads it."""

    server = make_server("127.0.0.1", 0, application, threaded=True, request_handler=Quiet)
    with _in_thread(server.serve_forever):
        yield ("127.0.0.1", server.server_port)
        server.shutdown()
    server.server_close()


@contextlib.contextmanager
def _by_uvicorn(application: t.Any) -> Iterator[Address]:
    import uvicorn

    config = uvicorn.Config(application, log_level="critical", timeout_graceful_shutdown=5)
    server = uvicorn.Server(config)
    # it listens before the server runs, so that nobody has to wait for that
    with socket.create_server(("127.0.0.1", 0)) as listener:
        address = listener.getsockname()
        with _in_thread(lambda: server.run([listener])):
            yield address
            server.should_exit = True


@contextlib.contextmanager
def _in_thread(work: Callable[[], object]) -> Iterator[None]:
    thread = threading.Thread(target=work)
    thread.start()
    try:
        yield
    finally:
        thread.join()
