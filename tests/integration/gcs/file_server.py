"""
A server of files on loopback, as that of a collection, which cuts connections where it is told to.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import http.server
import re
import threading
import typing as t

_BLOCK = 64 * 1024
_RANGE = re.compile(r"bytes=(\d+)-(\d*)")


class Served:
    """
    A file of the server.

    :param body: its bytes
    :param etag: whether there is an ETag
    :param date: the Last-Modified header, or None
    :param digest: a Repr-Digest header, ``right`` or ``wrong``; None for none
    """

    def __init__(
        self,
        body: bytes,
        *,
        etag: bool = True,
        date: str | None = "Thu, 01 Oct 2026 10:00:00 GMT",
        digest: str | None = None,
    ) -> None:
        self.body = body
        self.date = date
        self.etag = etag
        self.digest = digest

    @property
    def headers(self) -> dict[str, str]:
        """What is said about the file."""
        found = {}
        checksum = hashlib.sha256(self.body).digest()
        if self.etag:
            found["ETag"] = f'"{checksum.hex()[:16]}"'
        if self.date:
            found["Last-Modified"] = self.date
        if self.digest:
            said = checksum if self.digest == "right" else bytes(32)
            found["Repr-Digest"] = f"sha-256=:{base64.b64encode(said).decode()}:"
        return found


class Request(t.NamedTuple):
    """A request as the server saw it."""

    method: str
    path: str
    range: str | None
    authorization: str | None


class FileServer(http.server.ThreadingHTTPServer):
    """
    The server: put into ``files``, read ``seen``.

    :ivar cuts: how many bytes of the next bodies are sent before the connection ends; an empty list
        cuts nothing
    :ivar upload_cuts: the same for bodies that are received
    :ivar ranges: whether Range is understood
    :ivar answers: statuses, headers and bodies to answer next instead of the file
    :ivar on_body: called before the body of each answer
    """

    daemon_threads = True
    block_on_close = False  # errors that a test has caught may keep their connection for a while
    request_queue_size = 64

    def __init__(self) -> None:
        self.files: dict[str, Served] = {}
        self.cuts: list[int] = []
        self.upload_cuts: list[int] = []
        self.ranges = True
        self.answers: list[tuple[int, dict[str, str], bytes]] = []
        self.seen: list[Request] = []
        self.on_body: t.Callable[[], object] = lambda: None
        self.lock = threading.Lock()
        super().__init__(("127.0.0.1", 0), _Handler)

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.server_address[1]}"

    def handle_error(self, request: t.Any, client_address: t.Any) -> None:
        """Stay silent: clients go away."""


@contextlib.contextmanager
def running_file_server() -> t.Iterator[FileServer]:
    """Run a server for a ``with`` block."""
    server = FileServer()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    timeout = 30
    server: FileServer  # pyright: ignore[reportIncompatibleVariableOverride]

    def do_GET(self) -> None:
        self._note()
        if not self._answered():
            self._send_file()

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_PUT(self) -> None:
        self._note()
        length = int(self.headers.get("Content-Length") or 0)
        if self._answered(unread=length):
            return
        body = bytearray()
        most = self.server.upload_cuts.pop(0) if self.server.upload_cuts else length
        while len(body) < most and (block := self.rfile.read(min(_BLOCK, most - len(body)))):
            body += block
        if len(body) < length:
            self.close_connection = True
            return
        self.server.files[self.path] = Served(bytes(body))
        self._say(201, {}, b"")

    def do_DELETE(self) -> None:
        self._note()
        if self._answered():
            return
        gone = self.server.files.pop(self.path, None)
        self._say(404 if gone is None else 204, {}, b"")

    def log_message(self, format: str, *args: object) -> None:
        """Stay silent."""

    def _note(self) -> None:
        headers = self.headers
        noted = Request(self.command, self.path, headers["Range"], headers["Authorization"])
        with self.server.lock:
            self.server.seen.append(noted)

    def _answered(self, unread: int = 0) -> bool:
        if not self.server.answers:
            return False
        self.rfile.read(unread)
        self._say(*self.server.answers.pop(0))
        return True

    def _send_file(self) -> None:
        served = self.server.files.get(self.path)
        if served is None:
            self._say(404, {"Content-Type": "application/json"}, b'{"code": "NotFound"}')
            return
        size = len(served.body)
        wanted = _RANGE.fullmatch(self.headers.get("Range") or "") if self.server.ranges else None
        if wanted is None:
            self._say(200, served.headers, served.body)
            return
        start, end = int(wanted[1]), min(int(wanted[2] or size - 1), size - 1)
        if start >= size:
            self._say(416, {"Content-Range": f"bytes */{size}"}, b"")
            return
        part = {"Content-Range": f"bytes {start}-{end}/{size}"}
        self._say(206, {**served.headers, **part}, served.body[start : end + 1])

    def _say(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if status != 204:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command == "HEAD":
            return
        self.server.on_body()
        most = self.server.cuts.pop(0) if self.server.cuts and status < 300 else len(body)
        view = memoryview(body)[:most]
        for start in range(0, len(view), _BLOCK):
            self.wfile.write(view[start : start + _BLOCK])
        self.close_connection = most < len(body)
