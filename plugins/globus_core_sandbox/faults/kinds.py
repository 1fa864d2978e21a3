"""The predefined faults."""

from __future__ import annotations

import typing as t

_JSON = {"Content-Type": "application/json"}

_GATEWAY_PAGE = """\
<!DOCTYPE html> <html> <head><title>502 Bad Gateway</title></head> <body> <h1>Bad Gateway</h1>
<p>The proxy at gateway.example.org got no valid response from the upstream server.</p> </body>
</html>
"""

_PORTAL_PAGE = """\
<!DOCTYPE html>
<html>
<head><title>Guest network</title></head>
<body>
<h1>Welcome to the guest network</h1>
<form action="https://portal.example.org/accept"><button>Accept the terms</button></form>
</body>
</html>
"""


class FaultKind(t.NamedTuple):
    """
    A predefined fault.

    :param description: what it does, in one line
    :param fault: the arguments of :py:class:`Fault` that make it up
    """

    description: str
    fault: dict[str, t.Any]


KINDS = {
    "dropped": FaultKind("closes the connection without a response", {"drop": True}),
    "reset": FaultKind(
        "resets the connection without a response", {"drop": True, "cut_by": "reset"}
    ),
    "no-answer": FaultKind(
        "never answers, and keeps the connection open", {"drop": True, "cut_by": "silence"}
    ),
    "lost-answer": FaultKind(
        "processes the request, then closes the connection without a response", {"cut": "start"}
    ),
    "closed-in-headers": FaultKind(
        "closes the connection in the middle of the headers", {"cut": "headers"}
    ),
    "reset-in-headers": FaultKind(
        "resets the connection in the middle of the headers",
        {"cut": "headers", "cut_by": "reset"},
    ),
    "stalled-in-headers": FaultKind(
        "falls silent in the middle of the headers", {"cut": "headers", "cut_by": "silence"}
    ),
    "truncated-body": FaultKind(
        "closes the connection in the middle of the body, before its Content-Length",
        {"cut": "body"},
    ),
    "truncated-chunks": FaultKind(
        "closes the connection in the middle of a chunked body", {"cut": "body", "chunked": True}
    ),
    "reset-in-body": FaultKind(
        "resets the connection in the middle of the body", {"cut": "body", "cut_by": "reset"}
    ),
    "stalled-in-body": FaultKind(
        "falls silent in the middle of the body", {"cut": "body", "cut_by": "silence"}
    ),
    "truncated-json": FaultKind(
        "sends half of the body as if it were complete", {"cut": "body", "cut_by": "end"}
    ),
    "dripped-headers": FaultKind("sends the headers one byte at a time", {"drip": "headers"}),
    "dripped-body": FaultKind("sends the body one byte at a time", {"drip": "body"}),
    "endless-headers": FaultKind(
        "sends headers one byte at a time, without end", {"drip": "headers", "endless": True}
    ),
    "endless-body": FaultKind(
        "sends a chunked body one byte at a time, without end",
        {"drip": "body", "endless": True, "chunked": True},
    ),
    "502-page": FaultKind(
        "answers 502 with the HTML page of a proxy", {"status": 502, "body": _GATEWAY_PAGE}
    ),
    "portal-page": FaultKind(
        "answers 200 with the HTML page of a guest network", {"status": 200, "body": _PORTAL_PAGE}
    ),
    "empty-body": FaultKind(
        "answers 200 with an empty body, declared as JSON",
        {"status": 200, "body": "", "headers": _JSON},
    ),
    "no-content": FaultKind("answers 204", {"status": 204}),
    "wrong-content-type": FaultKind(
        "sends the real response as text/plain",
        {"status": None, "headers": {"Content-Type": "text/plain"}},
    ),
    "not-utf-8": FaultKind(
        "answers 200 with JSON in Latin-1 instead of UTF-8",
        {"status": 200, "body": b'{"name": "Andr\xe9"}', "headers": _JSON},
    ),
    "not-gzip": FaultKind(
        "sends the real response declared as gzip, which it is not",
        {"status": None, "headers": {"Content-Encoding": "gzip"}},
    ),
    "gzip-bomb": FaultKind(
        "answers 200 with a small body that inflates to 100 MB", {"inflates_to": 100_000_000}
    ),
    "redirect-loop": FaultKind(
        "redirects every request to itself", {"redirect_to": "{path}", "times": None}
    ),
    "redirect-to-other-host": FaultKind(
        "redirects to the same path of the sandbox under the name localhost",
        {"redirect_to": "http://localhost:{port}{path}"},
    ),
    "retry-after-seconds": FaultKind(
        "answers 429 with Retry-After: 2", {"status": 429, "retry_after": 2}
    ),
    "retry-after-fraction": FaultKind(
        "answers 429 with Retry-After: 0.5", {"status": 429, "retry_after": 0.5}
    ),
    "retry-after-zero": FaultKind(
        "answers 429 with Retry-After: 0", {"status": 429, "retry_after": 0}
    ),
    "retry-after-negative": FaultKind(
        "answers 429 with Retry-After: -5", {"status": 429, "retry_after": -5}
    ),
    "retry-after-huge": FaultKind(
        "answers 429 with Retry-After: 999999999999",
        {"status": 429, "retry_after": 999_999_999_999},
    ),
    "retry-after-nonsense": FaultKind(
        "answers 429 with Retry-After: soon", {"status": 429, "retry_after": "soon"}
    ),
    "retry-after-date": FaultKind(
        "answers 429 with a date as Retry-After, 2 seconds from now",
        {"status": 429, "retry_after_date": 2},
    ),
    "retry-after-past-date": FaultKind(
        "answers 429 with a date as Retry-After, an hour ago",
        {"status": 429, "retry_after_date": -3600},
    ),
}
