"""
An API error in plain words.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .api import GlobusAPIError

_LONGEST_URL = 200


def explain(error: GlobusAPIError) -> str:
    """
    Say what happened, why, and what to do next; one line for each that is known.

    :param error: the error to explain
    """
    lines = [_what_happened(error), _why(error)]
    if error.advice:
        lines.append(f"What to do: {error.advice}.")
    if error.retryable:
        lines.append(_when(error.retry_after))
    if error.request_id:
        lines.append(f"Support can find this request by its id: {error.request_id}")
    return "\n".join(lines)


def _what_happened(error: GlobusAPIError) -> str:
    method, url, *_ = error.args
    request = f"{method} {shortened(url)}" if method and url else "The request"
    status = f"{error.http_status} {error.http_reason}".strip()
    return f"{request} was answered with {status}."


def _why(error: GlobusAPIError) -> str:
    known = [part for part in (error.code, error.message) if part]
    return f"Why: {': '.join(known)}" if known else "Why: the answer does not say."


def _when(seconds: float | None) -> str:
    if seconds is None:
        return "The same request may succeed when it is sent again later."
    unit = "second" if seconds == 1 else "seconds"
    return f"The same request may succeed when it is sent again after {seconds:g} {unit}."


def shortened(url: str | None) -> str | None:
    """
    A URL as messages show it: one with a hundred names in it would hide what went wrong.

    :param url: the URL, if it is known
    """
    return f"{url[:_LONGEST_URL]}..." if url and len(url) > _LONGEST_URL else url
