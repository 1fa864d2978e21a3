"""
One attempt as observers and the debug log see it.
"""

from __future__ import annotations

import time

from globus_core import compose
from globus_core._log import LazyLogger

from ._urls import bare

TYPE_CHECKING = False
if TYPE_CHECKING:
    import requests

    from globus_core.events import RequestEvent

    from .retry import RetryContext

log = LazyLogger("globus_core.transport")

_BEFORE = compose.observer_hook("globus_before_request")
_AFTER = compose.observer_hook("globus_after_response")


class Observed:
    """
    Tells that an attempt begins, and how it ended; costs next to nothing where nobody listens.

    :param prepared: what is about to be sent
    :param context: the attempt
    """

    __slots__ = ("_event", "_started")

    def __init__(self, prepared: requests.PreparedRequest, context: RetryContext) -> None:
        self._event: RequestEvent | None = None
        self._started = time.perf_counter()
        if not (_BEFORE.calls or _AFTER.calls or log.debugging):
            return
        from globus_core.events import RequestEvent

        url = bare(prepared.url or "")
        method = prepared.method or ""
        server = context.caller_info.resource_server
        self._event = RequestEvent(method, url, context.attempt, server)
        log.debug("%s %s (attempt %d)", method, url, context.attempt)
        _BEFORE.tell(self._event)

    def ended(self, context: RetryContext) -> None:
        """
        Tell how it ended.

        :param context: the attempt, with its response or exception
        """
        if self._event is None:
            return
        from globus_core.events import ResponseEvent

        status = None if context.response is None else context.response.status_code
        error = None if context.exception is None else type(context.exception).__name__
        seconds = time.perf_counter() - self._started
        log.debug("%s after %.3f s", error if status is None else status, seconds)
        if _AFTER.calls:
            _AFTER.tell(ResponseEvent(self._event, status=status, error=error, seconds=seconds))
