"""
A Transfer without a network, which gives the answers that it is told in turn.
"""

from __future__ import annotations

import json
import typing as t

import requests
from requests.adapters import BaseAdapter

from globus_core import AccessTokenAuthorizer
from globus_core.transport import RetryConfig


class Answering(BaseAdapter):
    """
    Gives one answer after the other, the last one forever, and remembers the requests.

    :param answers: each a document, or a status and a document; text is sent as it is
    """

    def __init__(self, *answers: t.Any) -> None:
        super().__init__()
        self.sent: list[requests.PreparedRequest] = []
        self._answers = list(answers)

    def send(self, request: requests.PreparedRequest, **options: t.Any) -> requests.Response:  # type: ignore[override]
        self.sent.append(request)
        answer = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        status, body = answer if isinstance(answer, tuple) else (200, answer)
        response = requests.Response()
        response.status_code = status
        response.request = request
        response.url = request.url or ""
        response._content = (body if isinstance(body, str) else json.dumps(body)).encode()
        response.headers["Content-Type"] = "application/json"
        return response

    def close(self) -> None:
        """There is nothing to close."""

    @property
    def paths(self) -> list[str]:
        """The paths of the requests."""
        return [request.path_url for request in self.sent]

    @property
    def bodies(self) -> list[t.Any]:
        """The bodies of the requests, those without one left out."""
        return [json.loads(request.body) for request in self.sent if request.body]


def answered(kind: t.Callable[..., t.Any], *answers: t.Any, **options: t.Any) -> t.Any:
    """
    A client that is answered, and its ``answering``; it tries again twice, without pauses.

    :param kind: the client's class
    :param answers: see :class:`Answering`
    :param options: further arguments of the client
    """
    if "app" not in options:
        options.setdefault("authorizer", AccessTokenAuthorizer("made-up"))
    retries = RetryConfig(max_retries=2, backoff=lambda _: 0.0)
    client = kind(base_url="https://transfer.example.org/", retry_config=retries, **options)
    client.answering = Answering(*answers)
    client.transport.session.mount("https://", client.answering)
    return client
