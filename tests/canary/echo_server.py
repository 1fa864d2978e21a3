"""
A server that says back what it was told, secrets and all, in every style that servers have.
"""

from __future__ import annotations

import contextlib
import html
import json
import typing as t
from base64 import b64decode
from urllib.parse import parse_qsl, quote, unquote

from tests.integration.transport.scripted import Answer, Behaviour, Reset, Seen, running

if t.TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.integration.transport.scripted import ScriptedServer


def _received(seen: Seen) -> list[str]:
    """All that the request said: plainly, as it was sent, and taken apart."""
    body = seen.body.decode("utf-8", "replace")
    authorization = seen.headers.get("authorization", "")
    told = [seen.target, unquote(seen.target), body, authorization]
    if authorization.startswith("Basic "):
        told.append(b64decode(authorization[6:]).decode())
        told.append(told[-1].partition(":")[2])
    told.append(authorization.partition(" ")[2])
    if "form" in seen.headers.get("content-type", ""):
        told += [value for _, value in parse_qsl(body)]
    with contextlib.suppress(ValueError):
        told += [str(value) for value in json.loads(body).values()]
    return [text for text in told if text]


def _oauth2(seen: Seen, status: int) -> Behaviour:
    told = " and ".join(_received(seen))
    body = {"error": "invalid_grant", "error_description": f"not good: {told}", "seen": told}
    return Answer(status, body)


def _globus(seen: Seen, status: int) -> Behaviour:
    told = _received(seen)
    errors = [{"code": one, "detail": one, "title": one, "status": str(status)} for one in told]
    return Answer(status, {"code": told[-1], "message": told[-1], "errors": errors})


def _type_zero(seen: Seen, status: int) -> Behaviour:
    told = "; ".join(_received(seen))
    return Answer(status, {"code": told, "message": told, "request_id": told})


def _jsonapi(seen: Seen, status: int) -> Behaviour:
    told = _received(seen)
    errors = [{"code": one, "detail": one, "source": {"pointer": one}} for one in told]
    headers = {"Content-Type": "application/vnd.api+json"}
    return Answer(status, json.dumps({"errors": errors}).encode(), headers)


def _gare(seen: Seen, status: int) -> Behaviour:
    told = " ".join(_received(seen))
    parameters = {"session_message": told, "required_scopes": ["openid", told], "other": told}
    body = {"code": "ConsentRequired", "authorization_parameters": parameters, "more": told}
    return Answer(status, body)


def _page(seen: Seen, status: int) -> Behaviour:
    rows = "\n".join(f"<li>{html.escape(one)}</li>" for one in _received(seen))
    page = f"<html><title>{html.escape(seen.target)}</title><ul>{rows}</ul></html>"
    return Answer(status, page.encode(), {"Content-Type": "text/html; charset=utf-8"})


def _text(seen: Seen, status: int) -> Behaviour:
    lines = [*_received(seen), *map(quote, _received(seen)), *map(repr, _received(seen))]
    return Answer(status, "\n".join(lines).encode(), {"Content-Type": "text/plain"})


def _headers(seen: Seen, status: int) -> Behaviour:
    told = _received(seen)
    headers = {f"X-Told-{number}": quote(one) for number, one in enumerate(told)}
    last = " ".join(told[-1].split())
    headers |= {
        "WWW-Authenticate": f'Bearer error="invalid_token", error_description="{quote(last)}"',
        "X-Request-Id": last,
        "Retry-After": last,
        "Set-Cookie": f"session={quote(last)}",
        "Content-Type": f"text/plain; charset={quote(last)}",
    }
    return Answer(status, b"see the headers", headers)


def _reason(seen: Seen, status: int) -> Behaviour:
    told = " ".join(" ".join(_received(seen)).split())
    return Reset(f"HTTP/1.1 {status} {told}\r\nContent-Length: 0\r\n\r\n".encode())


def _broken_off(seen: Seen, status: int) -> Behaviour:
    told = json.dumps(_received(seen))
    head = f"HTTP/1.1 {status} No\r\nContent-Length: 99999\r\n\r\n"
    return Reset(f"{head}{told}".encode())


def _nonsense(seen: Seen, status: int) -> Behaviour:
    return Reset(f"{json.dumps(_received(seen))}\r\n\r\n".encode())


def _not_gzip(seen: Seen, status: int) -> Behaviour:
    body = json.dumps(_received(seen)).encode()
    return Answer(status, body, {"Content-Encoding": "gzip"})


STYLES: dict[str, Callable[[Seen, int], Behaviour]] = {
    "oauth2": _oauth2,
    "globus": _globus,
    "type zero": _type_zero,
    "jsonapi": _jsonapi,
    "gare": _gare,
    "page": _page,
    "text": _text,
    "headers": _headers,
    "reason": _reason,
    "broken off": _broken_off,
    "nonsense": _nonsense,
    "not gzip": _not_gzip,
}


class EchoServer:
    """
    The server; set ``style`` and ``status``, or ``fixed`` for one answer of your own.

    :param server: what listens
    """

    def __init__(self, server: ScriptedServer) -> None:
        self.url = server.url
        self.style = "oauth2"
        self.status = 400
        self.fixed: Behaviour | None = None

    def next(self, seen: Seen) -> Behaviour:
        """Answer a request."""
        return self.fixed or STYLES[self.style](seen, self.status)


@contextlib.contextmanager
def echoing() -> Iterator[EchoServer]:
    """
    Run the server for as long as the block lasts.
    """
    with running() as scripted:
        server = EchoServer(scripted)
        scripted._server.next = server.next  # type: ignore[method-assign]
        yield server
