"""
What the debug log says of an attempt: three lines, without the values of queries and headers.

Only imported when somebody reads the lines.
"""

from __future__ import annotations

import re

from globus_core.exc._redact import HIDDEN, for_request
from globus_core.origins import bare

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    import requests

    from globus_core._log import LazyLogger

    from .retry import RetryContext

#: headers in which services name a request
_REQUEST_IDS = ("X-Request-Id", "X-Globus-Request-Id")
#: what a name in a query looks like; anything else may be a value
_NAME = re.compile(r"[\w.\[\]-]{1,60}")


class AttemptLines:
    """
    Logs the lines of one attempt.

    :param log: the logger, which is at level DEBUG
    :param prepared: what is about to be sent
    :param context: the attempt
    """

    __slots__ = ("_log", "_redactor")

    def __init__(
        self, log: LazyLogger, prepared: requests.PreparedRequest, context: RetryContext
    ) -> None:
        self._log = log
        self._redactor = for_request(prepared)
        if context.attempt == 0:  # the others are told of before their pause
            log.debug("attempt 1 of %d", context.caller_info.retry_config.max_retries + 1)
        log.debug(
            "%s %s; headers: %s; %s; authorizer: %s",
            prepared.method,
            self._clean(shown_url(prepared.url or "")),
            self._clean(", ".join(map(str, prepared.headers))),
            _size(prepared),
            _kind(context.caller_info.authorizer),
        )

    def ended(self, context: RetryContext, seconds: float) -> None:
        """
        Log how the attempt ended.

        :param context: the attempt, with its response or exception
        :param seconds: how long it took
        """
        if context.response is None:
            self._log.debug("%s after %.3f s", type(context.exception).__name__, seconds)
            return
        response = context.response
        shown = self._clean(_request_id(response))
        self._log.debug(
            "status %s after %.3f s; request id: %s", response.status_code, seconds, shown
        )

    def _clean(self, text: str) -> str:
        return self._redactor.clean(text)


def shown_url(url: str) -> str:
    """
    A URL for a log line: without a password, and of its query only the names.

    :param url: an absolute URL
    """
    query = url.partition("#")[0].partition("?")[2]
    if not query:
        return bare(url)
    return f"{bare(url)}?{'&'.join(map(_without_value, query.split('&')))}"


def _without_value(pair: str) -> str:
    name, equals, _ = pair.partition("=")
    return f"{name}={HIDDEN}" if equals and _NAME.fullmatch(name) else HIDDEN


def _size(prepared: requests.PreparedRequest) -> str:
    body: t.Any = prepared.body
    if body is None:
        return "no body"
    if isinstance(body, (str, bytes)):
        return f"body: {len(body.encode() if isinstance(body, str) else body)} bytes"
    length = prepared.headers.get("Content-Length")
    return f"body: {length} bytes" if str(length).isdecimal() else "body: a stream"


def _kind(authorizer: object) -> str:
    return "none" if authorizer is None else type(authorizer).__name__


def _request_id(response: requests.Response) -> str:
    from globus_core.printable import LONGEST_VALUE, one_line

    headers = getattr(response, "headers", None) or {}
    found = (headers.get(name) for name in _REQUEST_IDS)
    shown = next((one for one in found if isinstance(one, str) and one), None)
    return "none" if shown is None else one_line(shown, LONGEST_VALUE)
