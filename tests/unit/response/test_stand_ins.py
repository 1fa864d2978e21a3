"""
Stand-in responses of users' tests: the body is read from whatever they have.
"""

from __future__ import annotations

import types
import typing as t
from unittest import mock

import pytest
import requests

from globus_core import (
    AccessTokenAuthorizer,
    ArrayResponse,
    AuthClient,
    GlobusAPIError,
    GlobusHTTPResponse,
    IterableResponse,
    OAuthTokenResponse,
    http_bodies,
)
from globus_core.token_storage import MemoryTokenStorage

BODY = {"a": 1}
TOKEN = {
    "access_token": "made-up",
    "resource_server": "auth.globus.org",
    "scope": "openid",
    "expires_in": 3600,
    "token_type": "Bearer",
}


def no_json() -> t.NoReturn:
    """What a response does whose body is not JSON."""
    raise ValueError("not JSON")


def stand_in(**attributes: t.Any) -> mock.Mock:
    """A Mock that has the attributes of a response."""
    return mock.Mock(spec=requests.Response, **attributes)


STAND_INS = {
    "bytes": stand_in(content=b'{"a": 1}'),
    "json": stand_in(**{"json.return_value": BODY}),
    "text": stand_in(text='{"a": 1}', **{"json.side_effect": ValueError}),
    "text without json": types.SimpleNamespace(text='{"a": 1}'),
    "json alone": types.SimpleNamespace(json=lambda: BODY),
    "any Mock": mock.Mock(**{"json.return_value": BODY}),
    "bytes first": stand_in(content=b'{"a": 1}', text="no", **{"json.return_value": {"b": 2}}),
    "json before text": stand_in(text='{"b": 2}', **{"json.return_value": BODY}),
}


@pytest.mark.parametrize("response", STAND_INS.values(), ids=STAND_INS.keys())
def test_the_body_of_a_stand_in_is_read(response: t.Any) -> None:
    """From ``content`` if that is bytes, else from ``json()``, else from ``text``."""
    made = GlobusHTTPResponse(response, mock.Mock())
    assert made.data == BODY
    assert made["a"] == 1 and "a" in made and made and made.get("a") == 1
    assert '"a": 1' in str(made)
    assert GlobusHTTPResponse(made).data == BODY


def test_an_empty_response_has_no_data() -> None:
    """As requests makes one before anything is received."""
    made = GlobusHTTPResponse(requests.Response(), mock.Mock())
    assert made.data is None and not made
    assert made.text == "" and made.binary_content == b"" and str(made) == ""
    assert made.content_type is None and list(made.urls) == [None]


@pytest.mark.parametrize("text", ["no JSON", ""])
def test_a_stand_in_whose_text_is_no_json_has_no_data(text: str) -> None:
    """Its text stays there."""
    made = GlobusHTTPResponse(types.SimpleNamespace(text=text, json=no_json), mock.Mock())  # type: ignore[arg-type]
    assert made.data is None
    assert made.text == text and made.binary_content == text.encode()


def test_a_stand_in_with_bytes_in_another_encoding_is_read() -> None:
    """UTF-16, without an attribute ``encoding``."""
    response = types.SimpleNamespace(content='{"a": 1}'.encode("utf-16"))
    assert GlobusHTTPResponse(response, mock.Mock()).data == BODY  # type: ignore[arg-type]


def test_lists_are_iterated() -> None:
    """An array, and the list under a key."""
    array = ArrayResponse(stand_in(**{"json.return_value": [1, 2]}), mock.Mock())
    assert list(array) == [1, 2] and len(array) == 2
    rows = stand_in(**{"json.return_value": {"rows": [3]}})
    assert list(IterableResponse(rows, mock.Mock(), iter_key="rows")) == [3]


@pytest.mark.parametrize("response", [stand_in(), mock.Mock()], ids=["spec", "any"])
def test_a_token_response_and_a_storage_take_a_stand_in(response: t.Any) -> None:
    """Whatever its headers are."""
    response.json.return_value = TOKEN
    tokens = OAuthTokenResponse(GlobusHTTPResponse(response, mock.Mock()))
    assert tokens.by_resource_server["auth.globus.org"]["access_token"] == "made-up"
    storage = MemoryTokenStorage()
    storage.store_token_response(tokens)
    stored = storage.get_token_data("auth.globus.org")
    assert stored is not None and stored.access_token == "made-up"


def test_a_stand_in_for_one_of_our_responses_is_wrapped() -> None:
    """By its ``data``, as it has no response of requests."""
    ours = mock.Mock(spec=GlobusHTTPResponse, data=TOKEN, headers={})
    assert OAuthTokenResponse(ours).by_resource_server["auth.globus.org"]["scope"] == "openid"


def sent_by(response: t.Any, status: int = 200, **attributes: t.Any) -> t.Any:
    """What a client gives when ``Session.send`` is patched."""
    client = AuthClient(authorizer=AccessTokenAuthorizer("made-up"))
    client.retry_config.max_retries = 0
    made = response(status_code=status, headers={}, **attributes)
    with mock.patch.object(requests.Session, "send", return_value=made) as send:
        result = client.get("/v2/api/things")
    send.assert_called_once()
    return result


@pytest.mark.parametrize("kind", [mock.Mock, stand_in, types.SimpleNamespace])
def test_a_client_takes_what_a_patched_session_gives(kind: t.Any) -> None:
    """A Mock, on which every attribute is true, is no redirect."""
    result = sent_by(kind, content=b'{"a": 1}')
    assert result.data == BODY and result.http_status == 200


@pytest.mark.parametrize("kind", [mock.Mock, stand_in, types.SimpleNamespace])
@pytest.mark.parametrize("status", [400, 404, 500])
def test_an_error_is_made_of_a_stand_in(kind: t.Any, status: int) -> None:
    """What the stand-in lacks is not in the error."""
    headers = {"Content-Type": "application/json"}
    body = b'{"code": "NotFound", "message": "no such thing"}'
    client = AuthClient(authorizer=AccessTokenAuthorizer("made-up"))
    client.retry_config.max_retries = 0
    made = kind(status_code=status, headers=headers, content=body)
    with (
        mock.patch.object(requests.Session, "send", return_value=made),
        pytest.raises(GlobusAPIError) as caught,
    ):
        client.get("/v2/api/things")
    assert (caught.value.code, caught.value.http_status) == ("NotFound", status)
    assert "Mock" not in str(caught.value)


def test_an_error_reads_the_json_of_a_stand_in() -> None:
    """As a response does."""
    headers = {"Content-Type": "application/json"}
    body = {"code": "NotFound", "message": "no such thing"}
    error = GlobusAPIError(
        stand_in(status_code=404, headers=headers, **{"json.return_value": body})
    )
    assert error.raw_json == body and error.message == "no such thing"


@pytest.mark.parametrize(
    ("attributes", "found"),
    [
        ({"content": "Zoë"}, ("Zoë".encode(), "Zoë")),
        ({"content": b"Zo\xc3\xab\xff"}, (b"Zo\xc3\xab\xff", "Zoë\ufffd")),
        ({"text": "Zoë"}, ("Zoë".encode(), "Zoë")),
        ({"json": dict}, (b"{}", "{}")),
        ({"json": object}, (b"", "")),
        ({}, (b"", "")),
    ],
)
def test_a_body_is_had_as_bytes_and_as_text(
    attributes: dict[str, t.Any], found: tuple[bytes, str]
) -> None:
    """From whichever of its attributes there is."""
    response = types.SimpleNamespace(**attributes)
    assert http_bodies.content(response) == found[0]
    if attributes != {"content": "Zoë"}:
        assert http_bodies.text(response) == found[1]
