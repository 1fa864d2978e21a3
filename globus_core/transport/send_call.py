"""
One call: attempts to send a request, with pauses, until one of them is the last.
"""

from __future__ import annotations

from globus_core import waiting
from globus_core._log import LazyLogger

from .deadline import attempt_deadline, call_deadline
from .default_retry_checks import may_have_arrived
from .instrumentation import tell_of_retry
from .limits import AttemptLimits
from .retry import RetryCheckRunner, RetryContext, is_pause
from .send_attempt import send_attempt
from .streamed_bodies import StreamedBody

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    import requests

    from .caller_info import RequestCallerInfo
    from .deadline import Deadline
    from .requests_transport import RequestsTransport

log = LazyLogger("globus_core.transport")


def send_call(
    transport: RequestsTransport,
    unprepared: requests.Request,
    caller: RequestCallerInfo,
    allow_redirects: bool,
    stream: bool,
) -> requests.Response:
    """
    Send a request, with retries as the caller's settings say.

    :param transport: the settings and the session
    :param unprepared: the request
    :param caller: authorizer and retry settings of the caller
    :param allow_redirects: follow redirects
    :param stream: do not read the body of a successful response yet
    :raises NetworkError: if no response came, after all retries
    :raises GlobusSDKUsageError: if the request cannot or must not be sent
    """
    with call_deadline(transport.total_timeout, caller.retry_config.max_total) as deadline:
        return _send_and_retry(transport, unprepared, caller, deadline, allow_redirects, stream)


def _send_and_retry(
    transport: RequestsTransport,
    unprepared: requests.Request,
    caller: RequestCallerInfo,
    deadline: Deadline,
    allow_redirects: bool,
    stream: bool,
) -> requests.Response:
    config = caller.retry_config
    runner = RetryCheckRunner(caller.checks())
    number = 0
    while True:
        context = RetryContext(number, caller_info=caller)
        limits = AttemptLimits(
            transport.http_timeout, attempt_deadline(deadline), transport.max_body_bytes, stream
        )
        send_attempt(transport, unprepared, context, limits, allow_redirects=allow_redirects)
        if number >= config.max_retries or (caller.single_use and may_have_arrived(context)):
            return _outcome(context)
        if not runner.should_retry(context) or _is_spent(unprepared.data):
            return _outcome(context)
        pause = min(_pause(config.backoff(context)), config.max_sleep)
        if not deadline.allows(pause):
            log.debug(
                "not trying again: the deadline of the call is %g s (%s)",
                deadline.seconds,
                deadline.setting,
            )
            return _outcome(context)
        if context.response is not None:
            context.response.close()
        tell_of_retry(context, unprepared.url, pause, most=config.max_retries + 1)
        if pause > 0:
            waiting.sleep(pause)
        number += 1


def _pause(seconds: float) -> float:
    if is_pause(seconds):
        return seconds
    from globus_core.exc.base import GlobusSDKUsageError

    raise GlobusSDKUsageError(f"the backoff must be seconds, 0 or more, not {seconds!r:.80}")


def _is_spent(body: t.Any) -> bool:
    """Whether a body was at least partly sent and cannot be rewound."""
    return isinstance(body, StreamedBody) and not body.can_be_sent


def _outcome(context: RetryContext) -> requests.Response:
    if context.response is not None:
        return context.response
    from globus_core.exc import convert_request_exception

    assert context.exception is not None
    error = convert_request_exception(context.exception)
    raise error from (None if error is context.exception else context.exception)
