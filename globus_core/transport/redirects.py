"""
Following redirects: the next request, with credentials and bodies only for their own origin.
"""

from __future__ import annotations

from urllib.parse import urljoin

import requests

from globus_core.origins import origin

from .streamed_bodies import StreamedBody

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t
    from collections.abc import Collection

MAX_REDIRECTS = 10


def redirected(
    session: requests.Session,
    prepared: requests.PreparedRequest,
    response: requests.Response,
    trusted: Collection[str] = (),
) -> requests.PreparedRequest:
    """
    The request that follows a redirect.

    :param session: the session that sends it
    :param prepared: the request that was redirected
    :param response: the redirect
    :param trusted: other origins that may receive credentials and bodies
    :raises NetworkError: if a body would go to another origin
    """
    following = prepared.copy()
    target = session.get_redirect_target(response) or ""
    following.prepare_url(urljoin(prepared.url or "", target), None)
    session.rebuild_method(following, response)
    if following.method != prepared.method:
        following.body = None
        for name in ("Content-Length", "Content-Type", "Transfer-Encoding"):
            following.headers.pop(name, None)
    there = origin(following.url or "")
    if there != origin(prepared.url or "") and there not in trusted:
        following.headers.pop("Authorization", None)
        following.headers.pop("Cookie", None)
        if following.body is not None:
            raise _stray_body(prepared, following)
    body: t.Any = following.body
    if isinstance(body, StreamedBody) and not body.can_be_sent:
        raise _spent_body(prepared)
    return following


def _stray_body(
    prepared: requests.PreparedRequest, following: requests.PreparedRequest
) -> Exception:
    from globus_core.exc import NetworkError

    here, there = origin(prepared.url or ""), origin(following.url or "")
    error = NetworkError(
        f"{here} redirected a {prepared.method} to {there}, to which its body is not sent",
        requests.RequestException(f"redirect to {there}"),
    )
    error.retryable = False
    error.advice = "check the base URL of the client; if the service has moved, use its new one"
    return error


def _spent_body(prepared: requests.PreparedRequest) -> Exception:
    from globus_core.exc import NetworkError

    error = NetworkError(
        f"{origin(prepared.url or '')} redirected a {prepared.method} whose body was sent already",
        requests.RequestException("redirect"),
    )
    error.retryable = False
    error.advice = "send a file that can be rewound, or use the URL to which it was redirected"
    return error
