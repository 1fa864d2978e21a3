"""
The contract of error translators, as tests that authors of translators inherit.
"""

from __future__ import annotations

import json
import random
import typing as t

import pytest

from globus_core.exc import ErrorFacts, GlobusAPIError
from globus_core.testing.canary import CanarySecrets

Translator = t.Callable[..., t.Any]

_URL = "https://service.example.org/v1/things?of=mine"
_JSON = "application/json"
_ROUNDS = 200

#: error bodies of Globus services, which the default translator handles
_GLOBUS_BODIES: tuple[tuple[int, t.Any], ...] = (
    (400, {"error": "invalid_grant", "error_description": "the code has expired"}),
    (401, {"errors": [{"status": "401", "code": "UNAUTHENTICATED", "detail": "log in"}]}),
    (404, {"code": "NotFound", "message": "no such thing", "request_id": "made-up"}),
    (500, {}),
)

#: bodies that have broken programs before
_DIFFICULT: tuple[t.Any, ...] = (
    b"",
    b"\xff\xfe\x00",
    b"<html><title>502</title></html>",
    b'{"cut": "of',
    None,
    0,
    "text",
    [],
    [None, [], {}],
    {"error": None, "errors": None, "message": [], "code": {}},
    {"errors": [1, "a", None, {"detail": {}}]},
    {"message": "a\x00b\ud800", "error": {"error": {"error": {}}}},
)


def make_error(
    body: t.Any = b"",
    *,
    status: int = 400,
    headers: t.Mapping[str, str] | None = None,
    content_type: str = _JSON,
    url: str = _URL,
    authorization: str | None = None,
    error_class: type[GlobusAPIError] = GlobusAPIError,
) -> GlobusAPIError:
    """
    An error as a client builds it from a response, before it is translated.

    :param body: the response's body; anything but bytes is serialised as JSON
    :param status: its HTTP status
    :param headers: further headers
    :param content_type: the body's type
    :param url: the URL of the request, a GET
    :param authorization: the request's Authorization header, or None
    :param error_class: the client's error class
    """
    import requests

    response = requests.Response()
    response.status_code = status
    response._content = body if isinstance(body, bytes) else json.dumps(body).encode()
    response.headers.update({"Content-Type": content_type, **(headers or {})})
    sent = {} if authorization is None else {"Authorization": authorization}
    response.request = requests.Request("GET", url, headers=sent).prepare()
    response.url = url
    return error_class(response)


class ErrorTranslatorContract:
    """
    Tests for any translator. Subclass it in a test module and define two fixtures: ``translate``,
    the plugin's function ``globus_translate_error``, and ``known_errors``, a list of errors that it
    recognises, made by :func:`make_error`.

    A translator that also handles errors of Globus services overrides ``foreign_errors``.
    """

    @pytest.fixture
    def foreign_errors(self) -> list[GlobusAPIError]:
        """Errors that the translator must not handle."""
        return [make_error(body, status=status) for status, body in _GLOBUS_BODIES]

    def test_its_own_errors_are_translated(
        self, translate: Translator, known_errors: list[GlobusAPIError]
    ) -> None:
        """Each results in facts that are not empty, or a class to catch it by."""
        assert known_errors
        for error in known_errors:
            answer = translate(error=error)
            assert _is_class(answer) or (isinstance(answer, ErrorFacts) and answer.to_dict())

    def test_errors_of_others_are_left_alone(
        self, translate: Translator, foreign_errors: list[GlobusAPIError]
    ) -> None:
        """None means that the next translator is asked."""
        assert [translate(error=error) for error in foreign_errors] == [None] * len(foreign_errors)

    def test_no_body_makes_it_raise(self, translate: Translator) -> None:
        """Anything that a gateway may send: no JSON, truncated JSON, other types, other bytes."""
        chance = random.Random(20)  # noqa: S311 - the same noise each time
        noise: list[t.Any] = [chance.randbytes(chance.randrange(60)) for _ in range(_ROUNDS)]
        for body in [*_DIFFICULT, *noise]:
            for status in (400, 401, 403, 404, 429, 500, 503):
                for content_type in (_JSON, "text/html"):
                    error = make_error(body, status=status, content_type=content_type)
                    answer = translate(error=error)
                    assert answer is None or isinstance(answer, ErrorFacts) or _is_class(answer)

    def test_it_gives_the_same_answer_again(
        self, translate: Translator, known_errors: list[GlobusAPIError]
    ) -> None:
        """Nothing is kept from the first call, and the error is not changed."""
        for error in known_errors:
            before = (error.http_status, error.code, error.message, error.text)
            assert _comparable(translate(error=error)) == _comparable(translate(error=error))
            assert (error.http_status, error.code, error.message, error.text) == before

    def test_a_class_can_be_joined_with_the_clients(
        self, translate: Translator, known_errors: list[GlobusAPIError]
    ) -> None:
        """What is raised can be caught as the client's error and as the translator's."""
        from globus_core.exc.api import joined

        for error in known_errors:
            answer = translate(error=error)
            if _is_class(answer):
                both = joined(GlobusAPIError, answer)
                assert issubclass(both, GlobusAPIError) and issubclass(both, answer)

    def test_credentials_are_not_repeated(
        self, translate: Translator, known_errors: list[GlobusAPIError]
    ) -> None:
        """No fact contains the request's token, even if the server echoes it."""
        secrets = CanarySecrets()
        token = secrets.make("the request's token")
        for known in known_errors:
            body = {**(known.raw_json or {}), "authorization": token}
            for echoing in (known.binary_content, body):
                error = make_error(
                    echoing, status=known.http_status, authorization=f"Bearer {token}"
                )
                secrets.assert_hidden(_comparable(translate(error=error)))


def _is_class(answer: object) -> t.TypeGuard[type[Exception]]:
    return isinstance(answer, type) and issubclass(answer, Exception)


def _comparable(answer: t.Any) -> t.Any:
    return answer.to_dict() if isinstance(answer, ErrorFacts) else answer
