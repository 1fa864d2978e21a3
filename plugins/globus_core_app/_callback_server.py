"""
The loopback server that a login flow's browser returns to (RFC 8252 section 7.3).

Only the callback of the current login counts: the right path with the right state. Anything else,
such as a favicon or an old tab, gets a 404 and changes nothing.
"""

from __future__ import annotations

import contextlib
import hmac
import html
import os
import socket
import socketserver
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

from globus_core import waiting
from globus_core.exc import GlobusError, LoginFlowError
from globus_core.printable import sentence

TYPE_CHECKING = False
if TYPE_CHECKING:
    import string
    import typing as t

#: seconds in which a connection must send its request
CONNECTION_SECONDS = 10
#: longest time, in seconds, until the server notices that it should stop
_TICK = 0.05
#: seconds between two checks of the waiting thread; on Windows, Ctrl-C has no effect before
_SLICE = 0.5

_HEADERS = {
    "Content-Type": "text/html; charset=utf-8",
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cache-Control": "no-store",
}

_GO_BACK = "You can close this window and go back to the program."
_NO_REASON = "No reason was given."
_NOT_THEIRS = "It does not come from the server that you log in to. The login is still open."
_NOT_HERE = "This address is only used while a login is in progress."


class CallbackServer(ThreadingHTTPServer):
    """
    Waits for one callback.

    :param server_address: host and port to listen on; port 0 takes a free one
    :param template: the page shown in the browser
    :ivar state: the state that the callback must have; set before the browser is opened
    :ivar check: raises LoginFlowError for the query of a callback from another server; None
        accepts each
    :ivar bell: a socket that becomes readable when the callback has arrived
    """

    daemon_threads = True
    block_on_close = False
    #: on Windows the option would let another program listen on the same port
    allow_reuse_address = os.name == "posix"

    def __init__(self, server_address: tuple[str, int], template: string.Template) -> None:
        self.state = ""
        self.check: t.Callable[[str], t.Any] | None = None
        self.template = template
        self.address_family = socket.AF_INET6 if ":" in server_address[0] else socket.AF_INET
        self.bell, self._ringer = socket.socketpair()
        self._callbacks: list[dict[str, str]] = []
        self._answered = threading.Event()
        self._connections: set[t.Any] = set()
        try:
            super().__init__(server_address, _Handler)
        except BaseException:
            self._close_bell()
            raise

    def server_bind(self) -> None:
        """Bind without looking up the host's full name, which can be slow."""
        socketserver.TCPServer.server_bind(self)

    @property
    def redirect_uri(self) -> str:
        """Where the browser is sent back to; Globus lets native clients choose the port."""
        host, port = str(self.server_address[0]), self.server_address[1]
        return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"

    @property
    def callback(self) -> dict[str, str] | None:
        """The parameters of the callback, once it was answered; else None."""
        return self._callbacks[0] if self._answered.is_set() else None

    def wait_for_callback(self, seconds: float) -> dict[str, str] | None:
        """
        Serve until the callback arrives, and return its parameters.

        :param seconds: the longest time to wait; after it, the result is None
        """
        with self.serving():
            end = time.monotonic() + seconds
            while (left := end - time.monotonic()) > 0 and not self._answered.is_set():
                waiting.wait(self._answered, min(_SLICE, left))
        return self._callbacks[0] if self._callbacks else None

    @contextlib.contextmanager
    def serving(self) -> t.Iterator[None]:
        """
        Answer browsers for a ``with`` block.
        """
        thread = threading.Thread(target=self.serve_forever, args=(_TICK,), daemon=True)
        try:
            thread.start()
        except RuntimeError as error:  # the limit of threads or memory is reached
            from .local_server_login_flow import LocalServerLoginError

            raise LocalServerLoginError(
                f"no thread can be started to wait for the browser: {error}"
            ) from error
        try:
            yield
        finally:
            self.shutdown()
            waiting.blocking(thread.join)

    def expect(self, flow: t.Any) -> None:
        """
        Wait for the callback of a login; call this before the browser is opened.

        :param flow: the flow of the login
        """
        self.state = flow.state
        self.check = getattr(flow, "check_callback", None)

    def is_expected(self, callback: dict[str, str]) -> bool:
        """
        Whether a callback has the state of the current login.

        :param callback: its parameters
        """
        state = callback.get("state", "")
        return bool(self.state) and hmac.compare_digest(state.encode(), self.state.encode())

    def is_from_server(self, query: str) -> bool:
        """
        Whether an expected callback comes from the server to which the login went.

        :param query: its whole query, in which a parameter may be repeated
        """
        try:
            if self.check is not None:
                self.check(query)
        except LoginFlowError:
            return False
        except GlobusError:
            pass  # it cannot be known; whoever exchanges the callback gets the same error
        return True

    def accepts(self, callback: dict[str, str]) -> bool:
        """
        Accept a callback if it is the first that belongs to the current login.

        :param callback: its parameters
        """
        if not self.is_expected(callback):
            return False
        self._callbacks.append(callback)  # if two arrive at once, one of them is first
        return self._callbacks[0] is callback

    def finish(self) -> None:
        """
        End the waiting.
        """
        self._answered.set()
        self._ringer.send(b"!")

    def process_request(self, request: t.Any, client_address: t.Any) -> None:
        """Answer in a separate thread, because browsers open connections in advance."""
        self._connections.add(request)
        super().process_request(request, client_address)

    def close_request(self, request: t.Any) -> None:
        """Close a connection."""
        self._connections.discard(request)
        super().close_request(request)

    def server_close(self) -> None:
        """Close the socket, idle connections and the bell."""
        super().server_close()
        for connection in tuple(self._connections):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        self._close_bell()

    def _close_bell(self) -> None:
        self.bell.close()
        self._ringer.close()

    def handle_error(self, request: t.Any, client_address: t.Any) -> None:
        """Report nothing: the browser may try again after a broken connection."""


class _Handler(BaseHTTPRequestHandler):
    server: CallbackServer  # pyright: ignore[reportIncompatibleVariableOverride]
    timeout = CONNECTION_SECONDS
    server_version = "globus-core"
    sys_version = ""

    def do_GET(self) -> None:
        params = _parameters(self.path)
        if params is None or not self.server.is_expected(params):
            self.send_error(404)
            return
        if not self.server.is_from_server(self.path):
            self.close_connection = True
            self._answer(400, "lost", "This is not the answer to your login", _NOT_THEIRS)
            return
        if not self.server.accepts(params):
            self.send_error(404)
            return
        try:
            if params.get("code"):
                self._answer(200, "good", "You are logged in", _GO_BACK)
            else:
                reason = params.get("error_description") or params.get("error") or _NO_REASON
                self._answer(200, "bad", "The login did not succeed", sentence(reason))
        finally:  # even if the browser is gone
            self.server.finish()

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Answer requests that are no callback, with our page and headers."""
        self.close_connection = True
        self._answer(code, "lost", "Nothing to see here", _NOT_HERE)

    def _answer(self, status: int, outcome: str, title: str, message: str) -> None:
        page = self.server.template.safe_substitute(
            login_outcome=outcome,
            login_result=html.escape(title),
            post_login_message=html.escape(message),
        ).encode()
        self.send_response(status)
        for name, value in _HEADERS.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(page)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(page)

    def log_message(self, format: str, *args: t.Any) -> None:
        """Log nothing: the request line contains the code."""


def _parameters(target: str) -> dict[str, str] | None:
    """The query of the callback's path, without repeated parameters; None for any other path."""
    path, _, query = target.partition("?")
    if path != "/":
        return None
    parsed = parse_qs(query, keep_blank_values=True)
    return {name: values[0] for name, values in parsed.items() if len(values) == 1}
