"""
Bodies in encodings that few servers use: they are read, in both modes of the transport.
"""

from __future__ import annotations

import gzip
import json
import pickle
import zlib

import pytest

from globus_core import GlobusAPIError, NetworkError
from globus_core.transport import RetryConfig
from tests.integration.transport.fixtures import MakeClient
from tests.integration.transport.scripted import Answer, ScriptedServer

NO_RETRIES = RetryConfig(max_retries=0)
VALUE = {"name": "Zoë 🎻", "n": [1, 2.5]}
TEXT = json.dumps(VALUE, ensure_ascii=False)
UNICODE = ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-be"]
JSON = "application/json"


@pytest.mark.parametrize("encoding", UNICODE)
@pytest.mark.parametrize(
    "content_type", [JSON, f"{JSON}; charset=utf-8", "text/plain", f"{JSON}; charset=utf-16"]
)
@pytest.mark.parametrize("stream", [False, True])
def test_json_is_read_in_any_encoding_of_unicode(
    server: ScriptedServer, make_client: MakeClient, encoding: str, content_type: str, stream: bool
) -> None:
    """By its first bytes, whatever the Content-Type says (RFC 8259 section 8.1)."""
    server.answer(Answer(200, TEXT.encode(encoding), {"Content-Type": content_type}))
    assert make_client(server.url).request("GET", "x", stream=stream).data == VALUE


def test_other_charsets_that_are_named_are_read(
    server: ScriptedServer, make_client: MakeClient
) -> None:
    """Though JSON has none."""
    body = json.dumps("Zoë", ensure_ascii=False).encode("latin-1")
    server.answer(Answer(200, body, {"Content-Type": f"{JSON}; charset=iso-8859-1"}))
    assert make_client(server.url).get("x").data == "Zoë"


@pytest.mark.parametrize("encoding", UNICODE)
def test_errors_are_read_in_any_encoding_of_unicode(
    server: ScriptedServer, make_client: MakeClient, encoding: str
) -> None:
    """So they have a code, and their secrets are found and hidden."""
    body = json.dumps({"code": "Bad", "message": "no Zoë", "access_token": "s3cr3t-text"})
    server.answer(Answer(400, body.encode(encoding), {"Content-Type": JSON}))
    with pytest.raises(GlobusAPIError) as caught:
        make_client(server.url).get("x")
    assert (caught.value.code, caught.value.message) == ("Bad", "no Zoë")
    elsewhere = pickle.loads(pickle.dumps(caught.value))
    assert "s3cr3t-text" in caught.value.text
    assert "s3cr3t-text" not in elsewhere.text
    assert elsewhere.code == "Bad"


@pytest.mark.parametrize("number", ["NaN", "Infinity", "1e400", "-1e+400"])
def test_a_body_with_what_is_no_number_is_no_json(
    server: ScriptedServer, make_client: MakeClient, number: str
) -> None:
    """Neither in a short body nor in a long one."""
    client = make_client(server.url)
    for padding in ("", "x" * 50_000):
        body = f'{{"padding": "{padding}", "n": {number}}}'.encode()
        server.answer(Answer(200, body, {"Content-Type": JSON}))
        response = client.get("x")
        assert response.data is None
        with pytest.raises(ValueError, match="not JSON"):
            response["n"]


def squeezed(body: bytes, codings: str) -> bytes:
    """The body with the codings applied in their order."""
    for coding in codings.lower().split(","):
        if "gzip" in coding:
            body = gzip.compress(body)
        elif "deflate" in coding:
            body = zlib.compress(body)
    return body


@pytest.mark.parametrize(
    "codings",
    [
        *("gzip", "gzip, gzip", "deflate, gzip", "gzip,deflate,GZIP", "x-gzip", "gzip,"),
        *("identity", "identity, gzip", ", gzip ,", "gzip, identity, gzip", "Identity", ""),
    ],
)
@pytest.mark.parametrize("stream", [False, True])
def test_stacked_codings_are_undone_in_turn(
    server: ScriptedServer, make_client: MakeClient, codings: str, stream: bool
) -> None:
    """Empty elements and ``identity`` change nothing (RFC 9110 sections 5.6.1 and 8.4)."""
    body = squeezed(TEXT.encode(), codings)
    server.answer(Answer(200, body, {"Content-Encoding": codings, "Content-Type": JSON}))
    client = make_client(server.url)
    response = client.request("GET", "x", stream=stream)
    assert response.data == VALUE
    assert response.headers["Content-Encoding"].strip() == codings.strip()
    assert client.get("x").data == VALUE
    assert server.connections == 1


@pytest.mark.parametrize("codings", ["gzip, foo", ", ".join(["gzip"] * 12)])
def test_codings_that_are_unknown_or_too_many_are_an_error(
    server: ScriptedServer, make_client: MakeClient, codings: str
) -> None:
    """As a body that is damaged."""
    body = squeezed(TEXT.encode(), codings)
    server.answer(Answer(200, body, {"Content-Encoding": codings, "Content-Type": JSON}))
    with pytest.raises(NetworkError, match="cannot be decompressed"):
        make_client(server.url, retry_config=NO_RETRIES).get("x")


def test_a_bomb_in_a_bomb_is_found(server: ScriptedServer, make_client: MakeClient) -> None:
    """Each coding multiplies the size that a few bytes can have."""
    bomb = gzip.compress(gzip.compress(b" " * 200_000_000, 9), 9)
    server.answer(Answer(200, bomb, {"Content-Encoding": "gzip, gzip", "Content-Type": JSON}))
    with pytest.raises(NetworkError, match="decompresses to more than"):
        make_client(server.url, retry_config=NO_RETRIES).get("x")


def test_null_with_a_byte_order_mark_is_null(
    server: ScriptedServer, make_client: MakeClient
) -> None:
    """Indexing it says so, and not that it is no JSON."""
    server.answer(Answer(200, "null".encode("utf-16"), {"Content-Type": JSON}))
    with pytest.raises(ValueError, match="NoneType"):
        make_client(server.url).get("x")["a"]
