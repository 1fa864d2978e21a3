"""
Text that cannot be sent is refused before anything is sent, and not shown.
"""

from __future__ import annotations

import traceback
import typing as t

import pytest

from globus_core import (
    BaseClient,
    BasicAuthorizer,
    ConfidentialAppAuthClient,
    GlobusAPIError,
    GlobusSDKUsageError,
    NativeAppAuthClient,
)
from globus_core.transport import RetryConfig
from tests.integration.transport.fixtures import MakeClient
from tests.integration.transport.scripted import Answer, ScriptedServer

#: as text has that was decoded from bytes of another encoding, or was cut in the middle
LONE = "s3cret\ud800"
Call = t.Callable[[BaseClient], object]

CALLS: dict[str, tuple[Call, str]] = {
    "path": (lambda c: c.get(f"a/{LONE}"), "a path"),
    "absolute URL": (lambda c: c.get(f"{c.base_url}/{LONE}"), "the URL"),
    "value in a query": (lambda c: c.get("a", query_params={"q": LONE}), "query parameter 'q'"),
    "list in a query": (lambda c: c.get("a", query_params={"q": ["b", LONE]}), "parameter 'q'"),
    "name in a query": (lambda c: c.get("a", query_params={LONE: "b"}), "name of a query"),
    "value in a form": (
        lambda c: c.post("a", data={"password": LONE}, encoding="form"),
        "form field 'password'",
    ),
    "list in a form": (lambda c: c.post("a", data={"f": [LONE]}, encoding="form"), "field 'f'"),
    "name in a form": (lambda c: c.post("a", data={LONE: "b"}, encoding="form"), "name of a form"),
    "body": (lambda c: c.post("a", data=LONE), "the body"),
    "header": (lambda c: c.get("a", headers={"X-A": LONE}), "header 'X-A'"),
    "header beyond Latin-1": (lambda c: c.get("a", headers={"X-A": "s3cret €"}), "header 'X-A'"),
    "header with NUL": (lambda c: c.get("a", headers={"X-A": "s3cret\0"}), "header 'X-A'"),
    "header with a line break": (lambda c: c.get("a", headers={"X-A": "s3cret\n"}), "'X-A'"),
    "header that begins with a tab": (lambda c: c.get("a", headers={"X-A": "\ts3cret"}), "'X-A'"),
    "name of a header": (lambda c: c.get("a", headers={"X-\xfc": "s3cret"}), "header 'X-"),
    "name of a header with a space": (lambda c: c.get("a", headers={"X A": "s3cret"}), "'X A'"),
    "content type": (lambda c: c.post("a", data={}, headers={"Content-Type": LONE}), "'Content-"),
    "content length": (
        lambda c: c.post("a", data=iter([b"x"]), headers={"Content-Length": "ten"}),
        "Content-Length must be a number",
    ),
}


@pytest.mark.parametrize("part", CALLS)
def test_a_text_that_cannot_be_sent_is_a_usage_error(
    server: ScriptedServer, make_client: MakeClient, part: str
) -> None:
    """It names the part of the request, and shows its value nowhere."""
    call, named = CALLS[part]
    with pytest.raises(GlobusSDKUsageError) as caught:
        call(make_client(server.url))
    assert named in str(caught.value)
    assert (caught.value.__cause__, caught.value.__context__) == (None, None)
    assert server.seen == []


@pytest.mark.parametrize("method", ["G\ud800T", "G\xfcT", "GET /b HTTP/1.1\r\nX:", "", "GET "])
def test_a_method_that_is_no_token_is_a_usage_error(
    server: ScriptedServer, make_client: MakeClient, method: str
) -> None:
    """Nor can it hold more than the method."""
    with pytest.raises(GlobusSDKUsageError, match="not an HTTP method"):
        make_client(server.url).request(method, "a")
    assert server.seen == []


def test_a_base_url_that_cannot_be_sent_is_a_usage_error(make_client: MakeClient) -> None:
    """Its host and its path."""
    for url in ("https://ho\ud800st.example.org/", "https://a.example.org/\ud800"):
        with pytest.raises(GlobusSDKUsageError, match="the URL"):
            make_client(url).get("a")


@pytest.mark.parametrize("name", ["s3cret\ud800", "s3cret €", "s3cret\n"])
def test_a_name_of_the_program_that_no_header_can_have_is_a_usage_error(
    server: ScriptedServer, make_client: MakeClient, name: str
) -> None:
    """It is sent in a header with each request."""
    with pytest.raises(GlobusSDKUsageError, match="'User-Agent'"):
        make_client(server.url, app_name=name).get("a")
    client = make_client(server.url)
    client.transport.globus_client_info.add({"product": name, "version": "1"})
    with pytest.raises(GlobusSDKUsageError, match="'X-Globus-Client-Info'"):
        client.get("a")


def test_a_password_that_cannot_be_sent_is_a_usage_error(server: ScriptedServer) -> None:
    """As soon as it is given; so is a client's id or secret."""
    for pair in (("name", LONE), (LONE, "password")):
        for cls in (BasicAuthorizer, ConfidentialAppAuthClient):
            with pytest.raises(GlobusSDKUsageError, match="user name or the password") as caught:
                cls(*pair)
            assert caught.value.__context__ is None


def test_a_token_in_a_form_that_cannot_be_sent_is_a_usage_error(server: ScriptedServer) -> None:
    """It is shown nowhere."""
    with NativeAppAuthClient("id", base_url=server.url) as client:
        for call in (client.oauth2_refresh_token, client.oauth2_revoke_token):
            with pytest.raises(GlobusSDKUsageError, match="form field") as caught:
                call(LONE)
            lines = traceback.format_exception_only(caught.value)
            assert "s3cret" not in "".join(lines)
    assert server.seen == []


def test_what_can_be_sent_is_sent(server: ScriptedServer, make_client: MakeClient) -> None:
    """Latin-1 in headers, any character in the rest; JSON can write a lone surrogate."""
    server.answer(Answer(404))
    client = make_client(server.url, retry_config=RetryConfig(max_retries=0))
    with pytest.raises(GlobusAPIError):
        client.request(
            "PROP-FIND",
            "\U0001f600",
            query_params={"q": "€"},
            headers={"X-A": "\xfc\tx", "X-B": ""},
        )
    with pytest.raises(GlobusAPIError):
        client.post("a", data={"b": "\ud800", "c": "€"})
    first, second = server.seen
    assert (first.method, first.target) == ("PROP-FIND", "/%F0%9F%98%80?q=%E2%82%AC")
    assert first.headers["x-a"] == "\xfc\tx"
    assert second.json == {"b": "\ud800", "c": "€"}
