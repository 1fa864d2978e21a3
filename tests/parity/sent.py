"""
Requests as they go over the wire, noted on their way.
"""

from __future__ import annotations

import json
import typing as t
from urllib.parse import parse_qsl, urlsplit

import requests
from requests.adapters import HTTPAdapter


class Sent:
    """
    A request that was sent.

    :param request: the request
    """

    def __init__(self, request: requests.PreparedRequest) -> None:
        url = urlsplit(request.url or "")
        self.method = request.method
        self.path = url.path
        self.query = dict(parse_qsl(url.query, keep_blank_values=True))
        self.authorization = request.headers.get("Authorization")
        kind = request.headers.get("Content-Type", "")
        body = request.body or b""
        text = body.decode() if isinstance(body, bytes) else str(body)
        is_form = kind.startswith("application/x-www-form-urlencoded")
        self.form = dict(parse_qsl(text, keep_blank_values=True)) if is_form else {}
        self.json = json.loads(text) if kind.startswith("application/json") else None


class NotingAdapter(HTTPAdapter):
    """
    Sends as requests does, and remembers what was sent.
    """

    def __init__(self) -> None:
        super().__init__()
        self.sent: list[Sent] = []

    def send(
        self, request: requests.PreparedRequest, *args: t.Any, **kwargs: t.Any
    ) -> requests.Response:
        self.sent.append(Sent(request))
        return super().send(request, *args, **kwargs)


C = t.TypeVar("C")


def noted(client: C, adapter: NotingAdapter) -> C:
    """
    A client whose requests are noted.

    :param client: the client, of any SDK that sends with requests
    :param adapter: where they are noted
    """
    t.cast("t.Any", client).transport.session.mount("http://", adapter)
    return client
