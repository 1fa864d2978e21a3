"""
Too many requests, or a service that says when to retry.
"""

from __future__ import annotations

from globus_core.exc import ErrorFacts, retry_after_seconds

TYPE_CHECKING = False
if TYPE_CHECKING:
    from globus_core.exc import GlobusAPIError

TOO_MANY_REQUESTS = 429


def wait(error: GlobusAPIError) -> ErrorFacts | None:
    """Status 429, or a Retry-After header with any temporary status."""
    seconds = retry_after_seconds(error.headers)
    if error.http_status == TOO_MANY_REQUESTS:
        return ErrorFacts(
            advice="send fewer requests, and wait before the next one",
            retry_after=seconds,
            retryable=True,
        )
    if seconds is None or not error.retryable:
        return None
    return ErrorFacts(retry_after=seconds)
