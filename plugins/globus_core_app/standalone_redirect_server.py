"""
A minimal server for a login's redirect, for programs that run their own; not used by the flows.

It accepts the first callback, whatever its path and state. Use LocalServerLoginFlowManager
instead where possible, because it checks both.
"""

from __future__ import annotations

import html
import queue
import sys
import time
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qsl, urlsplit

from globus_core import waiting
from globus_core.printable import sentence

from .local_server_login_flow import LocalServerLoginError

TYPE_CHECKING = False
if TYPE_CHECKING:
    import string
    import typing as t

#: seconds between two checks of the waiting thread; on Windows, Ctrl-C has no effect before
_SLICE = 0.5


class RedirectHTTPServer(HTTPServer):
    """
    Passes on the code from the browser's callback.

    :param server_address: host and port to listen on; port 0 takes a free one
    :param handler_class: what answers requests, such as :class:`RedirectHandler`
    :param html_template: the page shown in the browser, with ``$login_result`` and
        ``$post_login_message``
    """

    #: how long :meth:`wait_for_code` waits
    WAIT_TIMEOUT = timedelta(minutes=15)

    def __init__(
        self,
        server_address: tuple[str, int],
        handler_class: type[BaseHTTPRequestHandler],
        html_template: string.Template,
    ) -> None:
        super().__init__(server_address, handler_class)
        self.html_template = html_template
        self._outcomes: queue.SimpleQueue[str | BaseException] = queue.SimpleQueue()

    def return_code(self, code: str | BaseException) -> None:
        """
        Pass on the outcome of the login.

        :param code: the code, or an exception
        """
        self._outcomes.put(code)

    def wait_for_code(self) -> str | BaseException:
        """
        Wait for the outcome of the login while another thread serves, and return it.

        :raises LocalServerLoginError: if there is none in time
        """
        end = time.monotonic() + self.WAIT_TIMEOUT.total_seconds()
        while (left := end - time.monotonic()) > 0:
            try:
                return waiting.blocking(self._outcomes.get, True, min(_SLICE, left))
            except queue.Empty:
                continue
        raise LocalServerLoginError(
            "the login in the browser was not completed within "
            f"{self.WAIT_TIMEOUT.total_seconds():g} seconds"
        )

    def handle_error(self, request: t.Any, client_address: t.Any) -> None:
        """
        Pass on an error that occurred while a request was handled.

        :param request: the connection
        :param client_address: the client's address
        """
        error = sys.exc_info()[1]
        if error is not None:
            self.return_code(error)


class RedirectHandler(BaseHTTPRequestHandler):
    """
    Answers a callback with the server's page and passes on its code.
    """

    server: RedirectHTTPServer  # pyright: ignore[reportIncompatibleVariableOverride]

    def do_GET(self) -> None:
        """
        Read the code or the error from the query.
        """
        parameters = dict(parse_qsl(urlsplit(self.path).query))
        if code := parameters.get("code"):
            self._show("You are logged in", "")
            self.server.return_code(code)
            return
        reason = parameters.get("error_description") or parameters.get("error")
        self._show("The login did not succeed", reason or "")
        self.server.return_code(LocalServerLoginError(reason))

    def _show(self, title: str, message: str) -> None:
        page = self.server.html_template.safe_substitute(
            login_result=title, post_login_message=html.escape(sentence(message))
        )
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(page.encode())

    def log_message(self, format: str, *args: t.Any) -> None:
        """Log nothing: the request line contains the code."""
