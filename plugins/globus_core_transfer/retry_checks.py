"""
The retry checks of the clients of Transfer, in place of the standard ones.

A collection that cannot be reached, or an error on it, is reported with a status that is temporary
elsewhere. Sending the request again at once would not help.
"""

from __future__ import annotations

from globus_core.transport import RetryCheckResult
from globus_core.transport.default_retry_checks import DEFAULT_RETRY_CHECKS, check_transient_error

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from globus_core.transport import RetryCheck, RetryContext

_AT_THE_COLLECTION = ("ExternalError", "EndpointError")


def check_transfer_transient_error(ctx: RetryContext) -> RetryCheckResult:
    """
    Retry after a temporary error status, unless the error is that of a collection.

    :param ctx: the attempt that ended
    """
    result = check_transient_error(ctx)
    if result is not RetryCheckResult.do_retry:
        return result
    code = _field(_json_body(ctx), "code")
    if isinstance(code, str) and any(kind in code for kind in _AT_THE_COLLECTION):
        return RetryCheckResult.no_decision
    return result


def check_transfer_v2_transient_error(ctx: RetryContext) -> RetryCheckResult:
    """
    Retry after a temporary error status, unless one of the errors is that of a collection.

    :param ctx: the attempt that ended
    """
    result = check_transient_error(ctx)
    if result is not RetryCheckResult.do_retry:
        return result
    errors = _field(_json_body(ctx), "errors")
    if isinstance(errors, list) and any(_field(e, "code") in _AT_THE_COLLECTION for e in errors):
        return RetryCheckResult.no_decision
    return result


def _json_body(ctx: RetryContext) -> t.Any:
    """The body of the response as JSON, or None if it is not JSON."""
    if ctx.response is None:
        return None
    try:
        return ctx.response.json()
    except (ValueError, RecursionError):
        return None


def _field(value: t.Any, key: str) -> t.Any:
    return value.get(key) if isinstance(value, dict) else None


def _in_place_of_the_standard_check(check: RetryCheck) -> tuple[RetryCheck, ...]:
    return tuple(check if each is check_transient_error else each for each in DEFAULT_RETRY_CHECKS)


TRANSFER_DEFAULT_RETRY_CHECKS = _in_place_of_the_standard_check(check_transfer_transient_error)
TRANSFER_V2_DEFAULT_RETRY_CHECKS = _in_place_of_the_standard_check(
    check_transfer_v2_transient_error
)
