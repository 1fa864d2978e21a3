"""
The standard retry checks of all clients: when a request is sent again.

They are asked by ``send_call``, which has the last word: it limits the number and the total time
of retries, and never repeats a request that works only once.
"""

from __future__ import annotations

from .retry import RetryCheckFlags, RetryCheckResult, set_retry_check_flags

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from globus_core.authorizers import GlobusAuthorizer

    from .retry import RetryCheck, RetryContext

YES = RetryCheckResult.do_retry
ASK_OTHERS = RetryCheckResult.no_decision


@set_retry_check_flags(RetryCheckFlags.RUN_ONCE)
def check_expired_authorization(ctx: RetryContext) -> RetryCheckResult:
    """
    After a 401, renew the refused token and retry at once; only once for each request.

    :param ctx: the attempt that ended
    """
    config, authorizer = ctx.caller_info.retry_config, ctx.caller_info.authorizer
    if ctx.response is None or authorizer is None:
        return ASK_OTHERS
    if ctx.response.status_code not in config.expired_authorization_status_codes:
        return ASK_OTHERS
    if ctx.response.history and "Authorization" not in ctx.response.request.headers:
        return ASK_OTHERS  # refused by another origin, which did not receive the header
    if not _repaired(authorizer, ctx.sent_authorization):
        return ASK_OTHERS
    ctx.backoff = 0.0
    return YES


def check_request_exception(ctx: RetryContext) -> RetryCheckResult:
    """
    Retry after a temporary network error; a wrong certificate or URL stays wrong.

    :param ctx: the attempt that ended
    """
    if ctx.exception is None:
        return ASK_OTHERS
    from globus_core.exc import convert_request_exception

    return YES if convert_request_exception(ctx.exception).retryable else ASK_OTHERS


def check_retry_after_header(ctx: RetryContext) -> RetryCheckResult:
    """
    Retry after a response with ``Retry-After``, waiting as long as it says.

    :param ctx: the attempt that ended
    """
    config = ctx.caller_info.retry_config
    if ctx.response is None or ctx.response.status_code not in config.retry_after_status_codes:
        return ASK_OTHERS
    from globus_core.exc import retry_after_seconds

    ctx.backoff = retry_after_seconds(ctx.response.headers)
    return YES


def check_transient_error(ctx: RetryContext) -> RetryCheckResult:
    """
    Retry after a temporary error status.

    :param ctx: the attempt that ended
    """
    config = ctx.caller_info.retry_config
    if ctx.response is None or ctx.response.status_code not in config.transient_error_status_codes:
        return ASK_OTHERS
    return YES


def may_have_arrived(ctx: RetryContext) -> bool:
    """
    Whether the request may have been acted upon, so that it must not be sent again.

    :param ctx: the attempt that ended
    """
    if ctx.response is not None:
        return not _turned_away(ctx.response.status_code, ctx.response.headers)
    return not _never_connected(ctx.exception)


def _turned_away(status: int, headers: t.Mapping[str, str]) -> bool:
    """Whether the server says that it did nothing and asks for a later retry."""
    # A 503 alone may come from a proxy that lost the server during the request.
    return status == 429 or (status == 503 and "Retry-After" in headers)


def _never_connected(exception: Exception | None) -> bool:
    import requests
    import urllib3

    if isinstance(exception, requests.ConnectTimeout):
        return True
    reason = getattr(exception.args[0], "reason", None) if exception and exception.args else None
    return isinstance(reason, urllib3.exceptions.NewConnectionError)


def _repaired(authorizer: GlobusAuthorizer, refused: str | None) -> bool:
    """Tell the authorizer which header was refused, if it can use that."""
    by_header = getattr(authorizer, "handle_refused_header", None)
    if by_header is not None and refused is not None:
        return bool(by_header(refused))
    return authorizer.handle_missing_authorization()


DEFAULT_RETRY_CHECKS: tuple[RetryCheck, ...] = (
    check_expired_authorization,
    check_request_exception,
    check_retry_after_header,
    check_transient_error,
)
