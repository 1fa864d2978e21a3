"""
Events and log lines about attempts and retries, and keeping queries out of urllib3's log lines.
"""

from __future__ import annotations

import logging
import time

from globus_core import compose
from globus_core._log import LazyLogger
from globus_core.origins import bare, origin, split_path
from globus_core.printable import printable

TYPE_CHECKING = False
if TYPE_CHECKING:
    import contextvars
    import typing as t

    import requests

    from globus_core.events import RequestEvent

    from .debug_lines import AttemptLines
    from .retry import RetryContext

log = LazyLogger("globus_core.transport")
#: its lines at level INFO are what a person who waits wants to know; commands show them
retries_log = LazyLogger("globus_core.transport.retries")

_BEFORE = compose.observer_hook("globus_before_request")
_AFTER = compose.observer_hook("globus_after_response")

#: loggers that log the target of every request
_LOGGERS = ("urllib3.connectionpool", "urllib3.connection", "urllib3.util.retry")


class AttemptTrace:
    """
    Reports the start and the end of an attempt; costs almost nothing when nobody listens.

    :param prepared: what is about to be sent
    :param context: the attempt
    """

    __slots__ = ("_event", "_lines", "_started")

    def __init__(self, prepared: requests.PreparedRequest, context: RetryContext) -> None:
        self._lines: AttemptLines | None = None
        self._event: RequestEvent | None = None
        self._started = time.perf_counter()
        if log.debugging:
            from .debug_lines import AttemptLines

            self._lines = AttemptLines(log, prepared, context)
        if not (_BEFORE.calls or _AFTER.calls):
            return
        if not (_BEFORE.is_observed() or _AFTER.is_observed()):
            return  # before reading the resource server, which may need a request
        from globus_core.events import RequestEvent

        url = bare(prepared.url or "")
        caller = context.caller_info
        storage = getattr(getattr(caller.client, "_app", None), "token_storage", None)
        self._event = RequestEvent(
            prepared.method or "",
            url,
            context.attempt,
            caller.resource_server,
            client=None if caller.client is None else type(caller.client).__name__,
            namespace=getattr(storage, "namespace", None),
        )
        _BEFORE.tell(self._event)

    def ended(self, context: RetryContext) -> None:
        """
        Report how it ended.

        :param context: the attempt, with its response or exception
        """
        if self._event is None and self._lines is None:
            return
        seconds = time.perf_counter() - self._started
        if self._lines is not None:
            self._lines.ended(context, seconds)
        if self._event is not None and _AFTER.calls:
            _tell_of_end(self._event, context, seconds)


def _tell_of_end(event: RequestEvent, context: RetryContext, seconds: float) -> None:
    from globus_core.events import ResponseEvent

    status = None if context.response is None else context.response.status_code
    error = None if context.exception is None else type(context.exception).__name__
    _AFTER.tell(ResponseEvent(event, status=status, error=error, seconds=seconds))


def tell_of_retry(context: RetryContext, url: str, pause: float, *, most: int) -> None:
    """
    Log that a request will be sent again, before the pause.

    :param context: the attempt that ended
    :param url: the URL of the request
    :param pause: seconds to wait
    :param most: the largest number of attempts
    """
    host = origin(url)
    said = f"no answer from {host}"
    if context.response is not None:
        said = f"{host} answered {context.response.status_code}"
    tell = retries_log.info if pause > 0 else retries_log.debug  # renewing a token takes no pause
    number = context.attempt + 2
    tell("%s; trying again in %.1f s (attempt %d of %d)", said, pause, number, most)


class _NoQueries(logging.Filter):
    """Removes queries from URLs in log records of our own requests."""

    def __init__(self, current: contextvars.ContextVar[t.Any]) -> None:
        super().__init__()
        self._current = current

    def filter(self, record: logging.LogRecord) -> bool:
        if self._current.get() is not None and isinstance(record.args, tuple):
            record.args = tuple(map(_without_query, record.args))
        return True


def _without_query(argument: object) -> object:
    text = argument if isinstance(argument, str) else None
    if isinstance(argument, BaseException):  # whose text may contain the URL
        text = str(argument)
    if text is None:
        return argument
    before, tail = split_path(text)
    if not tail and text.isprintable():
        return argument
    return printable(f"{before}?..." if tail else before)


_filter: _NoQueries | None = None


def hide_queries_in_log(current: contextvars.ContextVar[t.Any]) -> None:
    """
    Remove queries from urllib3's log lines for our requests; other users of urllib3 are unaffected.

    :param current: set while a request of ours is being sent
    """
    global _filter
    if _filter is None:
        _filter = _NoQueries(current)
    for name in _LOGGERS:
        logging.getLogger(name).addFilter(_filter)  # no effect the second time
