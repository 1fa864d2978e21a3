"""
One attempt to send a request: prepare it, send it, follow redirects, record the outcome.
"""

from __future__ import annotations

from globus_core.leases import confirm_lease
from globus_core.origins import origin

from .deadline import LEASE
from .instrumentation import AttemptTrace
from .limits import current_limits
from .prepare import authorize, prepare
from .settings import TOTAL_TIMEOUT_VAR
from .streamed_bodies import BodySourceError, StreamedBody

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    import requests

    from .deadline import Deadline
    from .limits import AttemptLimits
    from .requests_transport import RequestsTransport
    from .retry import RetryContext


def send_attempt(
    transport: RequestsTransport,
    unprepared: requests.Request,
    context: RetryContext,
    limits: AttemptLimits,
    *,
    allow_redirects: bool,
) -> None:
    """
    Send once and record the outcome on the context.

    :param transport: the settings and the session
    :param unprepared: the request
    :param context: the attempt
    :param limits: the limits of the attempt
    :param allow_redirects: follow redirects
    :raises GlobusSDKUsageError: if the request cannot or must not be sent
    """
    session, shortcut = transport.open()
    prepared = prepare(unprepared, shortcut)
    context.sent_authorization = authorize(prepared, context.caller_info)
    trace = AttemptTrace(prepared, context)
    outer = current_limits.set(limits)
    try:
        trusted = context.caller_info.trusted_origins
        context.response = _send_following(
            transport, session, prepared, limits, allow_redirects, trusted
        )
    except BodySourceError as error:
        cause = error.__cause__ or error
        raise cause from cause.__cause__
    except Exception as error:
        if not _is_of_the_network(error):
            raise
        context.exception = _by_its_limit(error, prepared, limits)
        # urllib3 says how long it waited for headers, but not how long it waited for the body.
        context.exception.allowed_seconds = limits.read  # type: ignore[attr-defined]
        limits.restart_deadline()  # after a streamed body that broke off
    finally:
        current_limits.reset(outer)
    trace.ended(context)


def _send_following(
    transport: RequestsTransport,
    session: requests.Session,
    prepared: requests.PreparedRequest,
    limits: AttemptLimits,
    allow_redirects: bool,
    trusted: t.Collection[str],
) -> requests.Response:
    response = _send(transport, session, prepared, limits)
    history: list[requests.Response] = []
    while allow_redirects and getattr(response, "is_redirect", None) is True:
        import requests

        from .redirects import MAX_REDIRECTS, redirected

        response.close()
        history.append(response)
        if len(history) > MAX_REDIRECTS:
            raise requests.TooManyRedirects("redirected in circles", request=prepared)
        prepared = redirected(session, prepared, response, trusted)
        response = _send(transport, session, prepared, limits)
    response.history = history
    if limits.stream and response.status_code < 400:
        limits.disable_deadline()
    return response


def _send(
    transport: RequestsTransport,
    session: requests.Session,
    prepared: requests.PreparedRequest,
    limits: AttemptLimits,
) -> requests.Response:
    proxies, verify = transport.environment.get(prepared.url or "", transport.verify_ssl)
    confirm_lease()
    return session.send(
        prepared,
        stream=limits.stream,
        timeout=limits.timeouts(),
        verify=verify,
        proxies=proxies,
        allow_redirects=False,
    )


def _is_of_the_network(error: Exception) -> bool:
    import urllib3

    from globus_core.exc import GlobusSDKUsageError, NetworkError, StorageError
    from globus_core.leases import LeaseLostError

    # of the caller and of the lock on a renewal, not of the request
    if isinstance(error, (GlobusSDKUsageError, LeaseLostError, StorageError)):
        return False
    # requests lets some exceptions of other libraries through
    foreign = (OSError, ValueError, urllib3.exceptions.HTTPError)
    return isinstance(error, (NetworkError, *foreign))


def _by_its_limit(
    error: Exception, prepared: requests.PreparedRequest, limits: AttemptLimits
) -> Exception:
    """The error, naming the limit if it is one that the HTTP libraries do not know."""
    body: t.Any = prepared.body
    stalled = isinstance(body, StreamedBody) and body.being_sent
    if not (limits.expired or stalled):
        return error
    from globus_core.exc import GlobusTimeoutError, convert_request_exception

    converted = convert_request_exception(error)
    host = origin(prepared.url or "")
    if limits.expired and isinstance(converted, GlobusTimeoutError):
        late = type(converted)(
            f"no complete response from {host} within {limits.deadline.seconds:g} seconds, "
            f"{_what(limits.deadline)}",
            error,
        )
        late.advice = f"allow more time with {_setting(limits.deadline)}"
        return late
    if stalled and type(converted) is GlobusTimeoutError:
        return GlobusTimeoutError(
            f"{host} accepted no more of the body for {limits.read:g} seconds", error
        )
    return error


def _what(deadline: Deadline) -> str:
    if deadline.setting == LEASE:
        return "the longest time for one attempt to renew a token that other hosts share"
    return "the total deadline of a call"


def _setting(deadline: Deadline) -> str:
    by_default = deadline.setting == "total_timeout"
    return f"total_timeout or {TOTAL_TIMEOUT_VAR}" if by_default else deadline.setting
