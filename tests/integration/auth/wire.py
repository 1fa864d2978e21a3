"""
What went over the wire for a response: for tests that compare requests with the specification.
"""

from __future__ import annotations

import json
import typing as t
from urllib.parse import parse_qsl, urlsplit

if t.TYPE_CHECKING:
    from globus_core import GlobusHTTPResponse

JSON = "application/json"
FORM = "application/x-www-form-urlencoded"


def sent(
    response: GlobusHTTPResponse,
    method: str,
    path: str,
    *,
    scheme: str | None = "Bearer",
    query: dict[str, str] | None = None,
    body: dict[str, t.Any] | None = None,
    form: dict[str, str] | None = None,
) -> None:
    """
    Check the request that a response answers, whole.

    :param scheme: of the Authorization header, None if there must be none
    :param query: the query, None if there must be none
    :param body: the JSON body, None if there must be none
    :param form: the form, None if there must be none
    """
    request = response._response.request
    assert request.url is not None
    url = urlsplit(request.url)
    assert (request.method, url.path) == (method, path)
    assert dict(parse_qsl(url.query, keep_blank_values=True)) == (query or {})
    authorization = request.headers.get("Authorization")
    assert (authorization.split()[0] if authorization else None) == scheme
    text = request.body.decode() if isinstance(request.body, bytes) else request.body or ""
    content_type = request.headers.get("Content-Type")
    if body is not None:
        assert (content_type, json.loads(text)) == (JSON, body)
    elif form is not None:
        assert (content_type, dict(parse_qsl(text, keep_blank_values=True))) == (FORM, form)
    else:
        assert (content_type, text) == (None, "")
    assert response.http_status == 200
    assert response.headers["Content-Type"].split(";")[0] == JSON
