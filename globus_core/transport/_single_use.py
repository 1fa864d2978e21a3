"""
Requests that spend something that works once: a code, or a refresh token that rotates.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from .retry import RetryContext


def spent(ctx: RetryContext) -> bool:
    """
    Whether the request may have been acted upon, so that it must not be sent again.

    :param ctx: the attempt that ended
    """
    if ctx.response is not None:
        return not _turned_away(ctx.response.status_code, ctx.response.headers)
    return not _never_connected(ctx.exception)


def _turned_away(status: int, headers: t.Mapping[str, str]) -> bool:
    """Whether the server says that it did nothing and wants to be asked later."""
    # A 503 alone can be a proxy's that lost the server in the middle of the request.
    return status == 429 or (status == 503 and "Retry-After" in headers)


def _never_connected(exception: Exception | None) -> bool:
    import requests
    import urllib3

    if isinstance(exception, requests.ConnectTimeout):
        return True
    reason = getattr(exception.args[0], "reason", None) if exception and exception.args else None
    return isinstance(reason, urllib3.exceptions.NewConnectionError)
