"""
Responses made by hand, as a transport would receive them.
"""

from __future__ import annotations

import json
import typing as t

import requests

URL = "https://auth.example.org/v2/api/thing"


def make_response(
    body: t.Any = b"",
    *,
    status: int = 400,
    content_type: str | None = "application/json",
    reason: str = "Bad Request",
    method: str = "GET",
    url: str = URL,
    authorization: str | None = "Bearer opaque-token-1",
    headers: t.Mapping[str, str] | None = None,
    data: t.Any = None,
) -> requests.Response:
    """
    A requests.Response; a body that is not bytes is sent as JSON.
    """
    response = requests.Response()
    response.status_code = status
    response.reason = reason
    response._content = body if isinstance(body, bytes) else json.dumps(body).encode()
    if content_type is not None:
        response.headers["Content-Type"] = content_type
    response.headers.update(headers or {})
    sent = {} if authorization is None else {"Authorization": authorization}
    response.request = requests.Request(method, url, headers=sent, data=data).prepare()
    response.url = response.request.url or ""
    return response
