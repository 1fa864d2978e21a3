"""
A loopback HTTP server that answers quickly and always the same, in a process of its own.

It is as plain as it can be, so that both sides of a comparison wait for it equally long.
"""

from __future__ import annotations

import contextlib
import json
import selectors
import socket
import sys

from ._processes import serving

SMALL = {"id": "9d8c7b6a-0000-4000-8000-000000000001", "name": "Anna Example", "active": True}
PAGES = 1000
TASK = "0c1d2e3f-4a5b-4c6d-8e7f-90a1b2c3d4e5"
#: measure -> path of the first page, and the field and parameter that name the next page
WALKS = {
    "pages": ("/pages", "marker"),
    "task-pages": ("/v0.10/endpoint_manager/task_list", "last_key"),
}

Answers = dict[bytes, bytes]


def running() -> contextlib.AbstractContextManager[str]:
    """
    Run the server for a ``with`` block and give its base URL.
    """
    return serving(__name__)


def small_body() -> bytes:
    """
    A body of some hundred bytes, as most answers of an API are.
    """
    return json.dumps(SMALL).encode()


def large_body() -> bytes:
    """
    A body of 1 MB, a list of records.
    """
    record = {
        "path": "/project/run-0000/data/frame-000000.h5",
        "size": 1048576,
        "modified": "2024-05-01T12:00:00+00:00",
        "owner": SMALL["id"],
        "tags": ["raw", "checked"],
        "quality": 0.9371,
    }
    count = 1_000_000 // len(json.dumps(record)) + 1
    return json.dumps({"DATA": [{**record, "index": i} for i in range(count)]}).encode()


def page_body(number: int, cursor: str) -> bytes:
    """
    One of the pages, each of which holds ten records and names the next.

    :param number: 0 for the first page
    :param cursor: the field that names the next
    """
    page = {
        "DATA": [{**SMALL, "index": number * 10 + i} for i in range(10)],
        "has_next_page": number + 1 < PAGES,
        cursor: str(number + 1),
    }
    return json.dumps(page).encode()


def _answers() -> Answers:
    answers = {
        b"/small": _answer(small_body()),
        b"/v2/oauth2/userinfo": _answer(json.dumps({"sub": SMALL["id"], **SMALL}).encode()),
        b"/large": _answer(large_body()),
        f"/v0.10/task/{TASK}".encode(): _answer(json.dumps({"task_id": TASK}).encode()),
    }
    for path, cursor in WALKS.values():
        for number in range(PAGES):
            target = f"{path}?{cursor}={number}" if number else path
            answers[target.encode()] = _answer(page_body(number, cursor))
    return answers


def _answer(body: bytes) -> bytes:
    head = (
        "HTTP/1.1 200 OK\r\n"
        "Date: Wed, 01 May 2024 12:00:00 GMT\r\n"
        "Server: benchmark\r\n"
        "Content-Type: application/json\r\n"
        "X-Request-Id: 5f0c1d2e3\r\n"
        f"Content-Length: {len(body)}\r\n"
        "Connection: keep-alive\r\n\r\n"
    )
    return head.encode() + body


def _serve() -> None:
    answers = _answers()
    selector = selectors.DefaultSelector()
    listener = socket.create_server(("127.0.0.1", 0), backlog=512)
    selector.register(listener, selectors.EVENT_READ)
    selector.register(sys.stdin.fileno(), selectors.EVENT_READ)
    print(listener.getsockname()[1], flush=True)
    while True:
        for key, _ in selector.select():
            if key.fileobj is listener:
                connection, _ = listener.accept()
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                selector.register(connection, selectors.EVENT_READ)
            elif isinstance(key.fileobj, socket.socket):
                if not _answered(key.fileobj, answers):
                    selector.unregister(key.fileobj)
                    key.fileobj.close()
            else:
                return


def _answered(connection: socket.socket, answers: Answers) -> bool:
    """Answer one request; False where the other side has closed the connection."""
    request = b""
    while b"\r\n\r\n" not in request:
        try:
            piece = connection.recv(65536)
        except ConnectionError:
            return False
        if not piece:
            return False
        request += piece
    connection.sendall(answers[request.split(b" ", 2)[1]])
    return True


if __name__ == "__main__":
    _serve()
