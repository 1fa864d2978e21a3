"""
The loopback server that a browser comes back to (RFC 8252 section 7.3).

Only the callback of the login that waits counts: the right path with the right state. Anything
else, such as a favicon or a stray tab, is answered 404 and changes nothing.
"""

from __future__ import annotations

import hmac
import html
import os
import socketserver
import string
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

#: seconds that one connection may take to send its request
CONNECTION_SECONDS = 10
#: seconds that the server takes at the most to notice that it is to stop
_TICK = 0.05
#: seconds after which the waiting thread looks up; on Windows Ctrl-C has no effect before
_SLICE = 0.5

_HEADERS = {
    "Content-Type": "text/html; charset=utf-8",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cache-Control": "no-store",
}

DEFAULT_TEMPLATE = string.Template(
    """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>$login_result</title>
<style>
:root { color-scheme: light dark; --edge: #d5d9e0; --quiet: #5b6472; --card: #fff; --page: #f3f5f8 }
@media (prefers-color-scheme: dark) {
  :root { --edge: #333a45; --quiet: #9aa4b2; --card: #1b2028; --page: #12161c }
}
body { margin: 0; min-height: 100vh; display: grid; place-items: center; background: var(--page);
  font: 1rem/1.5 system-ui, sans-serif }
main { max-width: 26rem; margin: 1rem; padding: 2rem; border: 1px solid var(--edge);
  border-radius: .75rem; background: var(--card) }
h1 { margin: 0 0 .5rem; font-size: 1.25rem }
p { margin: 0; color: var(--quiet) }
</style>
</head>
<body><main><h1>$login_result</h1><p>$post_login_message</p></main></body>
</html>
"""
)


_GO_BACK = "You can close this window and go back to the program."
_NO_REASON = "No reason was given."
_NOT_HERE = "This address only serves a login that is under way."


class CallbackServer(ThreadingHTTPServer):
    """
    Waits for one callback.

    :param server_address: host and port to listen on; port 0 takes a free one
    :param template: the page shown in the browser
    :ivar state: the state that the callback must bring; set before the browser is opened
    """

    daemon_threads = True
    block_on_close = False
    #: on Windows the option would let another program listen on the same port
    allow_reuse_address = os.name == "posix"

    def __init__(self, server_address: tuple[str, int], template: string.Template) -> None:
        self.state = ""
        self.template = template
        self._callbacks: list[dict[str, str]] = []
        self._answered = threading.Event()
        super().__init__(server_address, _Handler)

    def server_bind(self) -> None:
        """Bind without the look-up of the host's full name, which can take long."""
        socketserver.TCPServer.server_bind(self)

    @property
    def redirect_uri(self) -> str:
        """Where the browser is sent back to; Globus lets native clients choose the port."""
        host, port = self.server_address[:2]
        return f"http://{host!s}:{port}"

    def wait(self, seconds: float) -> dict[str, str] | None:
        """
        Serve until the callback has come, and return its parameters.

        :param seconds: how long to wait at the most; then the answer is None
        """
        thread = threading.Thread(target=self.serve_forever, args=(_TICK,), daemon=True)
        thread.start()
        try:
            end = time.monotonic() + seconds
            while (left := end - time.monotonic()) > 0 and not self._answered.is_set():
                self._answered.wait(min(_SLICE, left))
        finally:
            self.shutdown()
            thread.join()
        return self._callbacks[0] if self._callbacks else None

    def accepts(self, callback: dict[str, str]) -> bool:
        """
        Take a callback, if it belongs to the login that waits and is the first that does.

        :param callback: the parameters that came
        """
        state = callback.get("state", "")
        if not self.state or not hmac.compare_digest(state.encode(), self.state.encode()):
            return False
        self._callbacks.append(callback)  # of two at once one is the first
        return self._callbacks[0] is callback

    def finish(self) -> None:
        """
        End the waiting.
        """
        self._answered.set()

    def handle_error(self, request: t.Any, client_address: t.Any) -> None:
        """A connection that breaks off is nothing to report: the browser may come again."""


class _Handler(BaseHTTPRequestHandler):
    server: CallbackServer  # pyright: ignore[reportIncompatibleVariableOverride]
    timeout = CONNECTION_SECONDS
    server_version = "globus-core"
    sys_version = ""

    def do_GET(self) -> None:
        params = _parameters(self.path)
        if params is None or not self.server.accepts(params):
            self.send_error(404)
            return
        try:
            if params.get("code"):
                self._answer(200, "You are logged in", _GO_BACK)
            else:
                reason = params.get("error_description") or params.get("error") or _NO_REASON
                self._answer(200, "The login did not succeed", reason)
        finally:  # the browser may be gone already
            self.server.finish()

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Answer what is no callback; with our page and headers instead of the library's."""
        self.close_connection = True
        self._answer(code, "Nothing to see here", _NOT_HERE)

    def _answer(self, status: int, title: str, message: str) -> None:
        page = self.server.template.safe_substitute(
            login_result=html.escape(title), post_login_message=html.escape(message)
        ).encode()
        self.send_response(status)
        for name, value in _HEADERS.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(page)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(page)

    def log_message(self, format: str, *args: t.Any) -> None:
        """Stay silent: a request line holds the code."""


def _parameters(target: str) -> dict[str, str] | None:
    """The query of the callback's path; None for any other path. What comes twice is left out."""
    path, _, query = target.partition("?")
    if path != "/":
        return None
    parsed = parse_qs(query, keep_blank_values=True)
    return {name: values[0] for name, values in parsed.items() if len(values) == 1}
