"""A threaded HTTP/1.1 server for one WSGI application, built on the standard library."""

from __future__ import annotations

import contextlib
import socket
import socketserver
import ssl
import sys
import threading
import time
import typing as t
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler
from io import BytesIO
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

from werkzeug.exceptions import ClientDisconnected
from werkzeug.test import run_wsgi_app
from werkzeug.wsgi import LimitedStream

from .delivery import WIRE, Delivery, Wire

#: bytes; every body is kept in memory
LARGEST_BODY = 64 * 1024 * 1024
_GOODBYE = 5.0
_HANDSHAKE_SECONDS = 10.0
_MOST_DIGITS = 18


class _Handler(WSGIRequestHandler):
    """
    Serves one connection as long as the client keeps it open.
    """

    protocol_version = "HTTP/1.1"
    # Small responses in one packet and without delay, otherwise requests on kept connections are
    # slow.
    disable_nagle_algorithm = True
    wbufsize = 65536

    # wsgiref closes the connection after one request; its base class keeps it.
    handle = BaseHTTPRequestHandler.handle

    @property
    def _http(self) -> HttpServer:
        return t.cast("HttpServer", self.server)

    def finish(self) -> None:
        try:
            super().finish()
        except OSError:
            self.rfile.close()

    def handle_expect_100(self) -> bool:
        proceed = super().handle_expect_100()
        self.wfile.flush()
        return proceed

    def version_string(self) -> str:
        return "globus-core-sandbox"

    def date_time_string(self, timestamp: float | None = None) -> str:
        return formatdate(self._http.now() if timestamp is None else timestamp, usegmt=True)

    def log_message(self, format: str, *args: t.Any) -> None:
        pass

    def exchange(self) -> None:
        """
        Handle one request.
        """
        body = self._read_body()
        if body is None:
            self._refuse_body()
            return
        wire = Wire(self.connection, self._http.stopping)
        environ = self._environ(wire, BytesIO(body))
        try:
            chunks, status, headers = run_wsgi_app(
                t.cast("t.Any", self._http.get_app()), environ, buffered=True
            )
            if wire.delivery is None:
                self._write(b"".join(chunks), status, headers)
            else:
                self._deliver(wire, wire.delivery, b"".join(chunks), status, list(headers))
        except ConnectionError:
            self.close_connection = True

    def _environ(self, wire: Wire, body: t.Any) -> dict[str, t.Any]:
        return self.get_environ() | {
            WIRE: wire,
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.input": body,
            "wsgi.errors": sys.stderr,
            "wsgi.multithread": True,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
        }

    def __getattr__(self, name: str) -> t.Callable[[], None]:
        # The base class calls do_GET, do_POST and so on.
        if name.startswith("do_"):
            return self.exchange
        raise AttributeError(name)

    def _read_body(self) -> bytes | None:
        # The body is read first, so that the connection is at the next request afterwards.
        length = self._body_length()
        if length is None or length > LARGEST_BODY:
            return None
        body = self.rfile.read(length)
        if len(body) < length:
            raise ConnectionAbortedError("the client has disconnected")
        return body

    def _body_length(self) -> int | None:
        """The number of bytes in the body; None if the headers do not say one that can be."""
        length = self.headers.get("Content-Length", "0")
        if "Transfer-Encoding" in self.headers or not (length.isascii() and length.isdigit()):
            return None
        return int(length) if len(length) <= _MOST_DIGITS else None

    def _refuse_body(self) -> None:
        self.close_connection = True
        self.send_error(411 if "Transfer-Encoding" in self.headers else 413)

    def _write(self, body: bytes, status: str, headers: t.Any) -> None:
        code, _, reason = status.partition(" ")
        self.send_response(int(code), reason)
        names = {name.lower() for name, _ in headers}
        for name, value in headers:
            self.send_header(name, value)
        if "content-length" not in names and code not in ("204", "304"):
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)
        self.wfile.flush()

    def _deliver(
        self, wire: Wire, delivery: Delivery, body: bytes, status: str, headers: t.Any
    ) -> None:
        """
        Send a response in the way that a fault orders.
        """
        content = None
        if self.command != "HEAD" and status[:3] not in ("204", "304"):
            content = delivery.shorten(body)
            headers = delivery.frame(headers, content)
        if not delivery.send(wire, self._head(status, headers), content):
            self.close_connection = True
        if wire.reset:
            self._http.resets.add(self.connection)

    def _head(self, status: str, headers: t.Any) -> bytes:
        """
        Status line and headers, up to the empty line.
        """
        code, _, reason = status.partition(" ")
        kept, self.wfile = self.wfile, BytesIO()
        try:
            self.send_response(int(code), reason)
            for name, value in headers:
                self.send_header(name, value)
            self.end_headers()
            return self.wfile.getvalue()
        finally:
            self.wfile = kept


class StreamingHandler(_Handler):
    """
    Hands the body to the application as it arrives, and sends the response piece by piece.
    """

    def exchange(self) -> None:
        length = self._body_length()
        if length is None:
            self._refuse_body()
            return
        body = LimitedStream(t.cast("t.Any", self.rfile), length)
        wire = Wire(self.connection, self._http.stopping)
        environ = self._environ(wire, body) | {"wsgi.url_scheme": "https"}
        try:
            chunks, status, headers = run_wsgi_app(t.cast("t.Any", self._http.get_app()), environ)
            try:
                if wire.delivery is None:
                    self._stream(chunks, status, headers)
                else:
                    self._deliver(wire, wire.delivery, b"".join(chunks), status, list(headers))
            finally:
                getattr(chunks, "close", lambda: None)()
        except (ConnectionError, TimeoutError, ClientDisconnected):
            self.close_connection = True
        self._read_rest(body, length)

    def _read_rest(self, body: LimitedStream, length: int) -> None:
        """Read what the application has not, or closing would cut off its answer."""
        with contextlib.suppress(OSError, ClientDisconnected):
            while body.tell() < min(length, LARGEST_BODY) and body.read(65536):
                pass
        if body.tell() < length:
            self.close_connection = True

    def _stream(self, chunks: t.Iterable[bytes], status: str, headers: t.Any) -> None:
        promised = [int(value) for name, value in headers if name.lower() == "content-length"]
        if not promised:
            self._write(b"".join(chunks), status, headers)
            return
        self.wfile.write(self._head(status, headers))
        sent = 0
        if self.command != "HEAD":
            for chunk in chunks:
                sent += len(chunk)
                self.wfile.write(chunk)
            if sent < promised[0]:  # a file that has become shorter: the client must not wait
                self.close_connection = True
        self.wfile.flush()


class HttpServer(socketserver.ThreadingMixIn, WSGIServer):
    """
    The listening socket and the threads of its connections.

    :param host: address to listen on
    :param port: port to listen on, 0 for any free one
    :param now: returns the time for ``Date`` headers, in UTC epoch seconds
    :param handler: handles connections
    :param context: for TLS; None for plain HTTP
    """

    daemon_threads = True
    request_queue_size = 128

    def __init__(
        self,
        host: str,
        port: int,
        now: t.Callable[[], float],
        handler: type[_Handler] = _Handler,
        context: ssl.SSLContext | None = None,
    ) -> None:
        self.address_family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self.connections: set[socket.socket] = set()
        self.resets: set[socket.socket] = set()
        self.stopping = threading.Event()
        self.now = now
        self._thread: threading.Thread | None = None
        self._context = context
        super().__init__((host, port), handler)

    def server_bind(self) -> None:
        # The base class would look up the host name, which can take long.
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = self.server_address[:2]  # type: ignore[assignment]
        self.setup_environ()

    def finish_request(self, request: t.Any, client_address: t.Any) -> None:
        if self._context is None:
            super().finish_request(request, client_address)
            return
        secured = self._context.wrap_socket(
            request, server_side=True, do_handshake_on_connect=False
        )
        self.connections.discard(request)
        self.connections.add(secured)
        try:
            # here, in the thread of the connection, because a client may say nothing at all
            secured.settimeout(_HANDSHAKE_SECONDS)
            secured.do_handshake()
            secured.settimeout(None)
            super().finish_request(secured, client_address)
        finally:
            self.connections.discard(secured)
            if secured not in self.resets:
                with contextlib.suppress(OSError):
                    secured.shutdown(socket.SHUT_RDWR)
            self.resets.discard(secured)
            secured.close()

    def process_request(self, request: t.Any, client_address: t.Any) -> None:
        self.connections.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: t.Any) -> None:
        if request in self.resets:
            # The base class would shut the connection down properly before closing it.
            self.resets.discard(request)
            self.close_request(request)
        else:
            super().shutdown_request(request)
        self.connections.discard(request)

    def handle_error(self, request: t.Any, client_address: t.Any) -> None:
        # Clients that disconnect early are normal.
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)

    def start(self) -> None:
        """
        Serve in a separate thread.
        """
        self._thread = threading.Thread(
            target=self.serve_forever, args=(0.05,), name="globus-core-sandbox", daemon=True
        )
        self._thread.start()

    def stop(self) -> None:
        """
        Stop listening, close all connections, and wait for the threads.
        """
        self.stopping.set()
        if self._thread is not None:
            self.shutdown()
            self._thread.join(_GOODBYE)
        self.server_close()
        deadline = time.monotonic() + _GOODBYE
        while self.connections and time.monotonic() < deadline:
            self._hang_up()
            time.sleep(0.002)

    def _hang_up(self) -> None:
        for connection in list(self.connections):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
