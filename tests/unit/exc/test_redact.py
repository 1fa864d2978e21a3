from __future__ import annotations

import html
import json
import time
import typing as t
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from globus_core.exc._redact import Redactor, clean_text, clean_url, for_request
from tests.unit.exc.helpers import make_response


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ('{"access_token": "abc", "code": "X"}', '{"access_token": "***", "code": "X"}'),
        ("{'refresh_token': 'a\\'b', 'x': 1}", "{'refresh_token': '***', 'x': 1}"),
        (r'{"echo": "{\"client_secret\": \"abc\"}"}', r'{"echo": "{\"client_secret\": \"***\"}"}'),
        ("code=abc&state=d&x=1", "code=***&state=***&x=1"),
        ("GET /a%3Ftoken%3Dabc-._~d e", "GET /a%3Ftoken%3D*** e"),
        ("token%253dabc", "token%253d***"),
        ("Authorization: Bearer AgX8k2lmnop", "Authorization: Bearer ***"),
        ("basic aWQ6c2VjcmV0MTIz was sent", "basic *** was sent"),
        ("a eyJhbGciOiJSUzUxMiJ9.eyJpc3MiOiJ4In0.c2ln b", "a *** b"),
        ("Bearer authentication is needed", "Bearer authentication is needed"),
        (
            "invalid token: expired, error=invalid_grant",
            "invalid token: expired, error=invalid_grant",
        ),
        ("see redis://me:p-w@example.org/0", "see redis://***@example.org/0"),
        ("ask me@example.org at https://example.org", "ask me@example.org at https://example.org"),
        ('{"token_type": "Bearer"}', '{"token_type": "Bearer"}'),
    ],
)
def test_what_looks_like_a_credential_is_hidden(text: str, cleaned: str) -> None:
    """By its name in JSON and forms, or by its form."""
    assert clean_text(text) == cleaned


@pytest.mark.parametrize(
    ("url", "cleaned"),
    [
        ("https://example.org/a?c%6fde=1&x=2", "https://example.org/a?c%6fde=***&x=2"),
        ("https://example.org/a?next_token=1", "https://example.org/a?next_token=1"),
        (
            "https://example.org/a?X-Amz-Signature=1#x",
            "https://example.org/a?X-Amz-Signature=***#x",
        ),
        ("https://me:pw@example.org/a@b", "https://***@example.org/a@b"),
        ("/relative?flag", "/relative?flag"),
        ("/relative%3Ftoken%3D1", "/relative%3Ftoken%3D***"),
        (
            "https://a.example.org/b%3Ftoken%3D1/2%26c%3D3",
            "https://a.example.org/b%3Ftoken%3D***%26c%3D***",
        ),
        ("https://a.example.org/b%253ftoken%253d1", "https://a.example.org/b%253ftoken%253d***"),
        (
            "https://a.example.org/b;sid=1;c/d?token=2",
            "https://a.example.org/b;sid=***;c/d?token=***",
        ),
        ("https://a.example.org/b%23token=1", "https://a.example.org/b%23token=***"),
        ("https://a.example.org/b=1%3Fflag", "https://a.example.org/b=1%3Fflag"),
        ("", ""),
    ],
)
def test_urls_lose_the_values_of_their_secrets(url: str, cleaned: str) -> None:
    """Names stay, so that one can see what was sent."""
    assert clean_url(url) == cleaned


@pytest.mark.parametrize(
    ("request_parts", "secret"),
    [
        ({"authorization": "Bearer one-two-three"}, "one-two-three"),
        ({"authorization": "Basic aWQ6b25lLXR3by10aHJlZQ=="}, "one-two-three"),
        ({"authorization": "Basic %%%%%%"}, "%%%%%%"),
        ({"data": {"code_verifier": "one two+three"}}, "one two+three"),
        ({"data": b'{"password": "one-two-three"}'}, "one-two-three"),
        ({"data": b'{"a": [{"password": "one\\"two&three"}]}'}, 'one"two&three'),
        ({"data": b'{"password": "one-two-three", '}, "one-two-three"),
        ({"url": "https://example.org/?code=one-two-three"}, "one-two-three"),
        ({"url": "https://example.org/a%3Fcode%3Done-two-three"}, "one-two-three"),
        ({"url": "https://example.org/a%253Fcode%253Done%25252Ftwo"}, "one/two"),
        ({"url": "https://example.org/a;b;code=one-two-three"}, "one-two-three"),
    ],
)
def test_what_a_request_sent_is_hidden(request_parts: dict[str, t.Any], secret: str) -> None:
    """Wherever a server echoes it, in whatever spelling."""
    redactor = for_request(make_response(**request_parts).request)

    assert redactor.clean(f"<b>{secret}</b>") == "<b>***</b>"


@pytest.mark.parametrize("said", [str, repr, html.escape, quote, json.dumps])
@pytest.mark.parametrize("sent", [str, quote, quote_plus, json.dumps])
def test_what_was_sent_is_hidden_however_it_is_said_back(
    sent: t.Callable[[str], str], said: t.Callable[[str], str]
) -> None:
    """As it was sent, and as a server writes that in a page, a document or a header."""
    secret = "one-~+/%&='\"<two"
    redactor = for_request(make_response(data={"client_secret": secret}).request)
    cleaned = redactor.clean(said(sent(secret)))

    assert "one" not in cleaned
    assert "two" not in cleaned


def test_text_without_secrets_is_the_same_object() -> None:
    """So that callers see at once that there was nothing to hide."""
    text = "nothing here"

    assert Redactor(["something-else"]).clean(text) is text
    assert Redactor(["short"]).clean("a short text") == "a short text"


@settings(max_examples=50)
@given(st.text(max_size=200))
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    """The mask is nothing that would be masked again."""
    once = clean_text(text)

    assert clean_text(once) == once
    clean_url(text)


@pytest.mark.parametrize(
    "piece", ["a", "a-", '"', '\\"', "bearer ", "token=", "eyJaaaaaa.", '"token":']
)
def test_long_texts_take_linear_time(piece: str) -> None:
    """A hostile body must not keep the client busy; no pattern goes over it again and again."""
    text = piece * (200_000 // len(piece))
    begin = time.process_time()
    clean_text(text)

    assert time.process_time() - begin < 5
