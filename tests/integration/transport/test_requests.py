"""
What goes over the wire, and what comes back.
"""

from __future__ import annotations

import enum
import json
import logging
import typing as t
import uuid

import pytest
import requests

from globus_core import (
    MISSING,
    AccessTokenAuthorizer,
    ArrayResponse,
    BaseClient,
    GlobusAPIError,
    IterableResponse,
    NetworkError,
    NullAuthorizer,
    __version__,
)
from globus_core.documents import file_path, path
from globus_core.transport import (
    RequestEncoder,
    RequestsTransport,
    RetryCheckResult,
    RetryContext,
)
from tests.integration.transport.fixtures import MakeClient
from tests.integration.transport.scripted import Answer, Reset, ScriptedServer

IDENTITY = uuid.UUID("7a11ed5e-0000-4000-8000-00000000beef")


class Colour(enum.Enum):
    """Some enum."""

    RED = "red"


class ExampleError(GlobusAPIError):
    """The error class of a client of these tests."""


class ExampleClient(BaseClient):
    """A client with an error class of its own."""

    error_class = ExampleError


@pytest.mark.parametrize(
    ("below", "path", "target"),
    [
        ("", "v2/thing", "/v2/thing"),
        ("", "/v2/thing", "/v2/thing"),
        ("/", "v2/thing", "/v2/thing"),
        ("/", "/v2/thing", "/v2/thing"),
        ("/api/", "thing", "/api/thing"),
        ("/api", "//thing/", "/api/thing/"),
        ("/api/", "", "/api/"),
        ("/api", "", "/api"),
        ("", "a b?c=%20/ü", "/a%20b%3Fc%3D%2520/%C3%BC"),
    ],
)
def test_base_and_path_are_joined_by_one_slash_and_the_path_is_quoted(
    server: ScriptedServer, make_client: MakeClient, below: str, path: str, target: str
) -> None:
    """However the slashes are written; a question mark in the path does not start a query."""
    make_client(server.url + below).get(path)
    assert server.seen[0].target == target


@pytest.mark.parametrize("below", ["/api", ""])
def test_a_path_made_of_ids_is_sent_as_it_is(
    server: ScriptedServer, make_client: MakeClient, below: str
) -> None:
    """Its ids stay one segment each on the wire."""
    client = make_client(server.url + below)
    client.delete(path("/things/{}/parts", "../x?a=b%2F#c;d"))
    client.get(file_path("/ä b/50%?.txt"))
    assert [seen.target for seen in server.seen] == [
        f"{below}/things/..%2Fx%3Fa%3Db%252F%23c%3Bd/parts",
        f"{below}/%C3%A4%20b/50%25%3F.txt",
    ]


def test_query_parameters_are_cleaned(server: ScriptedServer, make_client: MakeClient) -> None:
    """None and MISSING are left out; UUIDs, enums and booleans become text."""
    make_client(server.url).get(
        "x",
        query_params={
            "id": IDENTITY,
            "colour": Colour.RED,
            "yes": True,
            "no": None,
            "gone": MISSING,
            "several": ["a", "b"],
        },
    )
    assert server.seen[0].target == f"/x?id={IDENTITY}&colour=red&yes=True&several=a&several=b"


def test_json_is_cleaned_at_every_depth(server: ScriptedServer, make_client: MakeClient) -> None:
    """MISSING disappears, None stays null, tuples become lists."""
    make_client(server.url).post(
        "x",
        data={
            "a": MISSING,
            "b": [MISSING, {"c": MISSING, "d": IDENTITY, "e": None}],
            "f": (Colour.RED, 1, 2.5, True),
        },
    )
    assert server.seen[0].json == {
        "b": [{"d": str(IDENTITY), "e": None}],
        "f": ["red", 1, 2.5, True],
    }
    assert server.seen[0].headers["content-type"] == "application/json"


def test_json_of_any_depth_is_sent(server: ScriptedServer, make_client: MakeClient) -> None:
    """Nothing on the way to the wire looks into it by recursion."""
    value: t.Any = 1
    for _ in range(600):
        value = {"a": value}
    make_client(server.url).post("x", data=value)
    assert server.seen[0].body.replace(b" ", b"") == b'{"a":' * 600 + b"1" + b"}" * 600


@pytest.mark.parametrize("data", [None, MISSING])
def test_no_data_is_no_body(server: ScriptedServer, make_client: MakeClient, data: t.Any) -> None:
    """Without a body there is no Content-Type either."""
    make_client(server.url).post("x", data=data)
    assert server.seen[0].body == b""
    assert "content-type" not in server.seen[0].headers


def test_a_form_leaves_out_none_and_missing(
    server: ScriptedServer, make_client: MakeClient
) -> None:
    """Booleans become True and False, lists repeat the field."""
    data = {"a": None, "b": MISSING, "c": True, "d": ["x", "y"], "e": IDENTITY, "f": "ä&"}
    make_client(server.url).post("x", data=data, encoding="form")
    assert server.seen[0].body == f"c=True&d=x&d=y&e={IDENTITY}&f=%C3%A4%26".encode()
    assert server.seen[0].headers["content-type"] == "application/x-www-form-urlencoded"


@pytest.mark.parametrize("data", ["täxt", "täxt".encode()])
def test_text_is_sent_as_it_is(
    server: ScriptedServer, make_client: MakeClient, data: str | bytes
) -> None:
    """Strings and bytes are text unless another encoding is named; without a Content-Type."""
    make_client(server.url).put("x", data=data)
    assert server.seen[0].body == "täxt".encode()
    assert "content-type" not in server.seen[0].headers


@pytest.mark.parametrize(
    ("data", "encoding", "error"),
    [
        ("text", "form", TypeError),
        ([("a", "b")], "form", TypeError),
        ({"a": 1}, "text", TypeError),
        ({"a": 1}, "xml", ValueError),
    ],
)
def test_what_an_encoding_cannot_encode_is_refused(
    server: ScriptedServer,
    make_client: MakeClient,
    data: t.Any,
    encoding: str,
    error: type[Exception],
) -> None:
    """Nothing is sent."""
    with pytest.raises(error):
        make_client(server.url).post("x", data=data, encoding=encoding)
    assert server.seen == []


def test_a_transport_can_learn_an_encoding(server: ScriptedServer, make_client: MakeClient) -> None:
    """For itself alone."""

    class LinesEncoder(RequestEncoder):
        def encode(
            self, method: str, url: str, params: t.Any, data: t.Any, headers: t.Mapping[str, str]
        ) -> requests.Request:
            return super().encode(method, url, params, "\n".join(data), headers)

    client = make_client(server.url)
    client.transport.encoders["lines"] = LinesEncoder()
    client.post("x", data=["a", "b"], encoding="lines")
    assert server.seen[0].body == b"a\nb"
    assert "lines" not in RequestsTransport().encoders


@pytest.mark.parametrize("method", ["get", "post", "put", "patch", "delete"])
def test_each_verb_sends_its_method_and_headers(
    server: ScriptedServer, make_client: MakeClient, method: str
) -> None:
    """The headers that go with everything can be overruled; what is None is left out."""
    client = make_client(server.url)
    getattr(client, method)("x", headers={"accept": "text/plain", "X-One": "1", "X-None": None})
    (seen,) = server.seen
    assert seen.method == method.upper()
    assert seen.headers["accept"] == "text/plain"
    assert seen.headers["x-one"] == "1"
    assert "x-none" not in seen.headers


def test_a_content_type_of_the_caller_wins(server: ScriptedServer, make_client: MakeClient) -> None:
    """A JSON body may have a media type of its own."""
    media_type = "application/vnd.api+json"
    make_client(server.url).post("x", data={}, headers={"content-type": media_type})
    assert server.seen[0].headers["content-type"] == media_type


def test_every_request_says_who_asks(server: ScriptedServer, make_client: MakeClient) -> None:
    """User-Agent with the app's name, Accept, and the products."""
    client = make_client(server.url, app_name="Example Portal")
    client.transport.globus_client_info.add({"product": "portal", "version": "1"})
    client.get("x")
    client.transport.globus_client_info.clear()
    client.get("x")
    first, second = server.seen
    assert first.headers["accept"] == "application/json"
    assert first.headers["user-agent"] == f"globus-core-py-{__version__}/Example Portal"
    products = f"product=globus-core,version={__version__};product=portal,version=1"
    assert first.headers["x-globus-client-info"] == products
    assert "x-globus-client-info" not in second.headers
    assert "authorization" not in first.headers


def test_the_null_authorizer_takes_a_header_away(
    server: ScriptedServer, make_client: MakeClient
) -> None:
    """Even one that was set by hand; without an authorizer it is sent."""
    headers = {"Authorization": "Bearer by-hand"}
    make_client(server.url, authorizer=NullAuthorizer()).get("x", headers=headers)
    make_client(server.url).get("x", headers=headers)
    with_null, without = server.seen
    assert "authorization" not in with_null.headers
    assert without.headers["authorization"] == "Bearer by-hand"


def test_automatic_authorization_can_be_switched_off(
    server: ScriptedServer, make_client: MakeClient
) -> None:
    """For one request."""
    client = make_client(server.url, authorizer=AccessTokenAuthorizer("token-1"))
    client.get("x")
    client.get("x", automatic_authorization=False)
    assert server.seen[0].headers["authorization"] == "Bearer token-1"
    assert "authorization" not in server.seen[1].headers


@pytest.mark.parametrize("status", [200, 201, 202, 299, 304])
def test_success_and_redirection_are_responses(
    server: ScriptedServer, make_client: MakeClient, status: int
) -> None:
    """Status 200 to 399, where nothing is to be followed."""
    server.answer(Answer(status))
    assert make_client(server.url).get("x").http_status == status


@pytest.mark.parametrize("status", [400, 404, 418, 501])
def test_an_error_is_of_the_clients_error_class(
    server: ScriptedServer, make_client: MakeClient, status: int
) -> None:
    """And carries what the body says."""
    server.answer(Answer(status, {"code": "Nope", "message": "no such thing"}))
    with pytest.raises(ExampleError) as caught:
        make_client(server.url, cls=ExampleClient).get("x")
    assert (caught.value.http_status, caught.value.code) == (status, "Nope")
    assert caught.value.message == "no such thing"


def test_a_redirect_can_be_left_alone(server: ScriptedServer, make_client: MakeClient) -> None:
    """Then it is the response."""
    server.answer(Answer(302, headers={"Location": "/elsewhere"}))
    response = make_client(server.url).request("GET", "x", allow_redirects=False)
    assert response.http_status == 302
    assert len(server.seen) == 1


def test_a_response_gives_its_facts(server: ScriptedServer, make_client: MakeClient) -> None:
    """Status, reason, headers in any case, text, bytes and data."""
    server.answer(Answer(200, {"a": [1]}, {"X-Thing": "t"}))
    response = make_client(server.url).get("x")
    assert (response.http_status, response.http_reason) == (200, "OK")
    assert response.headers["x-thing"] == "t"
    assert response.content_type == "application/json"
    assert json.loads(response.text) == json.loads(response.binary_content) == {"a": [1]}
    assert response["a"] == [1]
    assert "a" in response
    assert response


def test_iterable_and_array_responses_iterate(
    server: ScriptedServer, make_client: MakeClient
) -> None:
    """The one over a key's list, the other over the body."""
    server.answer(Answer(200, {"things": [1, 2]}), Answer(200, [3, 4]))
    client = make_client(server.url)
    assert list(IterableResponse(client.get("x"), iter_key="things")) == [1, 2]
    array = ArrayResponse(client.get("x"))
    assert (list(array), len(array)) == ([3, 4], 2)


def test_a_stream_that_breaks_off_is_an_error_of_ours(
    server: ScriptedServer, make_client: MakeClient
) -> None:
    """The body of a streamed response is read when it is looked at."""
    server.answer(Reset(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"))
    response = make_client(server.url).request("GET", "x", stream=True)
    assert response.http_status == 200
    with pytest.raises(NetworkError):
        response.binary_content  # noqa: B018
    with pytest.raises(NetworkError):
        response.data  # noqa: B018


def test_connections_are_kept_alive(server: ScriptedServer, make_client: MakeClient) -> None:
    """Several requests and redirects go over one connection."""
    server.answer(Answer(302, headers={"Location": "/elsewhere"}), Answer(200, {}))
    client = make_client(server.url)
    for _ in range(3):
        client.get("x")
    assert len(server.seen) == 4
    assert server.connections == 1


def test_a_closed_transport_opens_new_connections(
    server: ScriptedServer, make_client: MakeClient
) -> None:
    """So a client that is used after its block still works."""
    with make_client(server.url) as client:
        client.get("x")
    client.get("x")
    assert server.connections == 2


def test_a_transport_that_was_passed_in_stays_open(
    server: ScriptedServer, make_client: MakeClient
) -> None:
    """Whoever made it closes it."""
    transport = RequestsTransport()
    first = make_client(server.url, transport=transport)
    first.get("x")
    first.close()
    make_client(server.url, transport=transport).get("x")
    assert server.connections == 1


def test_a_transport_is_current_while_it_sends(
    server: ScriptedServer, make_client: MakeClient
) -> None:
    """Retry checks can ask for it; outside of a request there is none."""
    seen: list[RequestsTransport] = []
    client = make_client(server.url)

    def check(ctx: RetryContext) -> RetryCheckResult:
        seen.append(RequestsTransport.get_current_transport())
        return RetryCheckResult.no_decision

    client.retry_config.checks.register_check(check)
    client.get("x")
    assert seen == [client.transport]
    with pytest.raises(LookupError):
        RequestsTransport.get_current_transport()


def test_debug_logs_hold_no_secret(
    server: ScriptedServer, make_client: MakeClient, caplog: pytest.LogCaptureFixture
) -> None:
    """Neither token nor body nor query nor the password of a URL is logged by us."""
    caplog.set_level(logging.DEBUG, logger="globus_core")
    client = make_client(
        server.url.replace("://", "://user:passw0rd@"),
        authorizer=AccessTokenAuthorizer("secret-token-1"),
    )
    form = {"code": "secret-code", "client_secret": "secret-client"}
    client.post("x", data=form, encoding="form", query_params={"q": "secret-query"})
    client.get(server.url + "/y?token=secret-path")
    text = "\n".join(record.getMessage() for record in caplog.records)
    assert "POST http://127.0.0.1" in text
    assert "secret" not in text
    assert "passw0rd" not in text + repr(client)


def test_debug_logs_of_urllib3_hold_no_query_of_ours(
    server: ScriptedServer,
    closed_port: int,
    make_client: MakeClient,
    caplog: pytest.LogCaptureFixture,
    pauses: list[float],
) -> None:
    """Its lines are there, without what may be a code or token; other users' are left alone."""
    caplog.set_level(logging.DEBUG)
    server.answer(
        Answer(302, headers={"Location": "/y?code=secret-code"}),
        Answer(200, {}),
        Reset(),
        Answer(200, {}),
    )
    client = make_client(server.url)
    for _ in range(3):
        client.get("x", query_params={"token": "secret-token"})
    with pytest.raises(NetworkError):
        make_client(f"http://127.0.0.1:{closed_port}").get("x", query_params={"q": "secret-query"})
    assert '"GET /x?... HTTP/1' in caplog.text
    assert "secret" not in caplog.text
    with requests.Session() as session:
        session.get(f"{server.url}/z?mine=1")
    assert '"GET /z?mine=1 HTTP/1' in caplog.text
