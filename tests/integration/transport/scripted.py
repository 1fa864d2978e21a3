"""
An HTTP server on loopback that gives the answers it is told to give, and notes what it was asked.
"""

from __future__ import annotations

import contextlib
import http.server
import json
import socket
import ssl
import struct
import threading
import typing as t


class Seen(t.NamedTuple):
    """A request as the server saw it; the names of the headers are in lower case."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> t.Any:
        """The body, parsed."""
        return json.loads(self.body)


class Answer(t.NamedTuple):
    """What to answer: the body is bytes, or is sent as JSON."""

    status: int = 200
    body: t.Any = b""
    headers: t.Mapping[str, str] = {}


class Silence:
    """Read the request, and say nothing until the server ends."""


class Reset:
    """Cut the connection, after a first part of an answer if there is one."""

    def __init__(self, part: bytes = b"") -> None:
        self.part = part


class Drip:
    """Send a first part at once, and then a byte again and again while anybody listens."""

    def __init__(self, part: bytes, drop: bytes = b"x") -> None:
        self.part = part
        self.drop = drop


class Stall:
    """Send a first part, and then nothing until the server ends."""

    def __init__(self, part: bytes) -> None:
        self.part = part


class Pieces:
    """
    Send pieces one after another with pauses of 20 ms, and go on with the connection.

    :param pieces: the pieces
    :ivar sent: set when the last one is sent
    """

    def __init__(self, *pieces: bytes) -> None:
        self.pieces = pieces
        self.sent = threading.Event()


class Early(Pieces):
    """Send the pieces when the headers are there, and only then read the body."""


class Deaf:
    """
    Read the headers and not the body, and wait until the server ends.

    :param answer: what is said before the wait
    """

    def __init__(self, answer: bytes = b"") -> None:
        self.answer = answer


class Blocks:
    """Send a body of many blocks; ``sent`` counts those that are on their way."""

    def __init__(self, count: int, size: int) -> None:
        self.count = count
        self.size = size
        self.sent = 0


Behaviour = Answer | Silence | Reset | Drip | Stall | Pieces | Deaf | Blocks


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # or the body of a small answer waits 40 ms for the acknowledgement of its headers
    disable_nagle_algorithm = True

    @property
    def _script(self) -> _Server:
        assert isinstance(self.server, _Server)
        return self.server

    def handle_one_request(self) -> None:
        # a client may go away at any time
        with contextlib.suppress(OSError):
            super().handle_one_request()
            return
        self.close_connection = True

    def do_GET(self) -> None:
        self._answer()

    def do_HEAD(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        self._answer()

    def do_PUT(self) -> None:
        self._answer()

    def do_CONNECT(self) -> None:
        self._answer()

    def do_PATCH(self) -> None:
        self._answer()

    def __getattr__(self, name: str) -> t.Any:
        if name.startswith("do_"):  # any other method
            return self._answer
        raise AttributeError(name)

    def do_DELETE(self) -> None:
        self._answer()

    def _answer(self) -> None:
        upcoming = self._script.upcoming()
        if isinstance(upcoming, Deaf):
            self._stall(upcoming.answer)
            return
        headers = {name.lower(): value for name, value in self.headers.items()}
        if isinstance(upcoming, Early):
            self._script.next(Seen(self.command, self.path, headers, b""))
            self._pieces(upcoming)
            for _ in self._body():
                pass
            return
        body = b"".join(self._body())
        self._behave(self._script.next(Seen(self.command, self.path, headers, body)))

    def _behave(self, behaviour: Behaviour) -> None:
        if isinstance(behaviour, Silence):
            self._stall(b"")
        elif isinstance(behaviour, Reset):
            self._reset(behaviour.part)
        elif isinstance(behaviour, Drip):
            self._drip(behaviour)
        elif isinstance(behaviour, Stall):
            self._stall(behaviour.part)
        elif isinstance(behaviour, Blocks):
            self._blocks(behaviour)
        elif isinstance(behaviour, Pieces):
            self._pieces(behaviour)
        elif isinstance(behaviour, Deaf):
            raise AssertionError("the body was read")
        else:
            self._send(behaviour)

    def _stall(self, part: bytes) -> None:
        self.wfile.write(part)
        self._script.ended.wait(30)
        self.close_connection = True

    def _body(self) -> t.Iterator[bytes]:
        left = int(self.headers.get("Content-Length") or 0)
        if self.headers.get("Transfer-Encoding") != "chunked":
            while left > 0 and (block := self.rfile.read(min(left, 64 * 1024))):
                left -= len(block)
                self._script.received += len(block)
                yield block
            return
        while size := int(self.rfile.readline(), 16):
            self._script.received += size
            yield self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()

    def _pieces(self, pieces: Pieces) -> None:
        for piece in pieces.pieces:
            self.wfile.write(piece)
            self._script.ended.wait(0.02)
        pieces.sent.set()

    def _blocks(self, blocks: Blocks) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(blocks.count * blocks.size))
        self.end_headers()
        for _ in range(blocks.count):
            self.wfile.write(b"x" * blocks.size)
            blocks.sent += 1

    def _send(self, answer: Answer) -> None:
        is_json = not isinstance(answer.body, bytes)
        body = json.dumps(answer.body).encode() if is_json else answer.body
        self.send_response(answer.status)
        if is_json and "Content-Type" not in answer.headers:
            self.send_header("Content-Type", "application/json")
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def _reset(self, part: bytes) -> None:
        self.wfile.write(part)
        if not part:
            # so that closing sends a reset rather than an orderly end
            linger = struct.pack("ii", 1, 0)
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        self.close_connection = True

    def _drip(self, drip: Drip) -> None:
        self.wfile.write(drip.part)
        while not self._script.ended.wait(0.02):
            self.wfile.write(drip.drop)
        self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:
        """Stay silent."""


class _Server(http.server.ThreadingHTTPServer):
    daemon_threads = False
    block_on_close = True
    request_queue_size = 64

    def __init__(self, context: ssl.SSLContext | None) -> None:
        self.ended = threading.Event()
        self.answers: list[Behaviour] = []
        self.seen: list[Seen] = []
        self.received = 0
        self._lock = threading.Lock()
        self._connections: list[socket.socket] = []
        self._context = context
        super().__init__(("127.0.0.1", 0), _Handler)

    def get_request(self) -> tuple[socket.socket, t.Any]:
        connection, address = super().get_request()
        if self._context is not None:
            connection.settimeout(60)
            try:
                connection = self._context.wrap_socket(connection, server_side=True)
            except OSError:
                connection.close()
                raise
        with self._lock:
            self._connections.append(connection)
        return connection, address

    def next(self, seen: Seen) -> Behaviour:
        """Note a request and take the next answer; the last one is given again and again."""
        with self._lock:
            self.seen.append(seen)
            if not self.answers:
                return Answer(body={})
            return self.answers[0] if len(self.answers) == 1 else self.answers.pop(0)

    def upcoming(self) -> Behaviour | None:
        """The next answer, if one was told."""
        with self._lock:
            return self.answers[0] if self.answers else None

    @property
    def connections(self) -> int:
        """How many connections were made so far."""
        with self._lock:
            return len(self._connections)

    def end(self) -> None:
        """Close the listener and every connection, and wait for all threads."""
        self.ended.set()
        self.shutdown()
        with self._lock:
            for connection in self._connections:
                with contextlib.suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)
        self.server_close()


class ScriptedServer:
    """
    The server: set ``answers``, read ``seen``.

    :param server: what listens
    :param scheme: ``http`` or ``https``
    """

    def __init__(self, server: _Server, scheme: str) -> None:
        self._server = server
        self.url = f"{scheme}://127.0.0.1:{server.server_address[1]}"

    def answer(self, *answers: Behaviour) -> None:
        """Say what to answer next, one after another; the last one again and again."""
        self._server.answers[:] = answers

    @property
    def seen(self) -> list[Seen]:
        """The requests so far."""
        return self._server.seen

    @property
    def received(self) -> int:
        """How many bytes of bodies have come so far."""
        return self._server.received

    @property
    def connections(self) -> int:
        """How many connections were made so far."""
        return self._server.connections


@contextlib.contextmanager
def running(context: ssl.SSLContext | None = None) -> t.Iterator[ScriptedServer]:
    """
    Run a server for as long as the block lasts.

    :param context: speak TLS with it; None speaks plain HTTP
    """
    server = _Server(context)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.005})
    thread.start()
    try:
        yield ScriptedServer(server, "http" if context is None else "https")
    finally:
        server.end()
        thread.join()
