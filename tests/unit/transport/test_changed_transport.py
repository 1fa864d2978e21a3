"""
A transport that a program has changed: its session, its encoders, its JSON provider.
"""

from __future__ import annotations

import copy
import json
import typing as t
from unittest import mock

import pytest
import requests

from globus_core import AccessTokenAuthorizer, AuthClient, GlobusAPIError, GlobusSDKUsageError
from globus_core.transport import (
    FormRequestEncoder,
    JSONRequestEncoder,
    RequestEncoder,
    RequestsRepresentationProvider,
    RequestsTransport,
)
from globus_core.transport.representation_providers import (
    RequestsHttpFormProvider,
    RequestsJsonProvider,
    RequestsPlainTextProvider,
)

URL = "https://auth.example.org/things"


class Own(JSONRequestEncoder):
    """Adds a header to requests, and wraps what it reads."""

    def encode(self, *args: t.Any) -> requests.Request:
        request = super().encode(*args)
        request.headers = {**request.headers, "X-Own": "1"}
        return request

    def decode_body(self, response: requests.Response) -> t.Any:
        return {"own": super().decode_body(response)}


class Session:
    """Notes what it is to send, and answers each request alike."""

    def __init__(self, status: int = 200) -> None:
        self.sent: list[requests.PreparedRequest] = []
        self.status = status

    def send(self, request: requests.PreparedRequest, **options: t.Any) -> requests.Response:
        self.sent.append(request)
        response = requests.Response()
        response.status_code, response._content = self.status, b'{"a": 1}'
        response.headers["Content-Type"] = "application/json"
        response.request, response.url = request, URL
        return response

    def close(self) -> None:
        self.sent.clear()


def client_of(transport: RequestsTransport, session: t.Any) -> AuthClient:
    """A client whose requests go to a session."""
    transport.session = session
    client = AuthClient(transport=transport, authorizer=AccessTokenAuthorizer("made-up"))
    client.retry_config.max_retries = 0
    return client


def set_item(name: str) -> t.Callable[[], RequestsTransport]:
    """A transport whose table has another encoder."""

    def make() -> RequestsTransport:
        transport = RequestsTransport()
        getattr(transport, name)["json"] = Own()
        return transport

    return make


def set_on_object(name: str, value: t.Any) -> t.Callable[[], RequestsTransport]:
    """A transport with another attribute."""

    def make() -> RequestsTransport:
        transport = RequestsTransport()
        setattr(transport, name, value)
        return transport

    return make


def set_on_class(name: str, value: t.Any) -> t.Callable[[], RequestsTransport]:
    """A transport of a class with another attribute."""
    return lambda: type("OwnTransport", (RequestsTransport,), {name: value})()


CHANGES = {
    "item of encoders": set_item("encoders"),
    "item of representation_providers": set_item("representation_providers"),
    "encoders": set_on_object("encoders", {"json": Own()}),
    "representation_providers": set_on_object("representation_providers", {"json": Own()}),
    "json_provider": set_on_object("json_provider", Own()),
    "encoders of the class": set_on_class("encoders", {"json": Own()}),
    "providers of the class": set_on_class("representation_providers", {"json": Own()}),
    "json_provider of the class": set_on_class("json_provider", Own()),
    "a property": set_on_class("json_provider", property(lambda self: Own())),
}


@pytest.mark.parametrize("make", CHANGES.values(), ids=CHANGES.keys())
def test_an_own_encoder_is_used_for_requests_answers_and_errors(make: t.Any) -> None:
    """Wherever a program has put it; and other transports do not have it."""
    session = Session()
    answer = client_of(make(), session).post("/things", data={"q": 1})
    assert session.sent[0].headers["X-Own"] == "1"
    assert json.loads(session.sent[0].body or b"") == {"q": 1}
    assert answer.data == {"own": {"a": 1}}

    failing = client_of(make(), Session(404))
    with pytest.raises(GlobusAPIError) as caught:
        failing.get("/things")
    assert caught.value.raw_json == {"own": {"a": 1}}
    assert copy.copy(caught.value).raw_json == {"own": {"a": 1}}

    plain = client_of(RequestsTransport(), Session())
    assert plain.get("/things").data == {"a": 1}


def test_encoders_of_the_class_are_what_transports_begin_with() -> None:
    """A table made from it, or one that was added to it for a while."""
    with mock.patch.dict(RequestsTransport.encoders, lines=Own()):
        assert "lines" in RequestsTransport().encoders
    table = {**RequestsTransport.encoders, "json": Own()}
    transport = set_on_class("encoders", table)()
    assert sorted(transport.representation_providers) == ["form", "json", "text"]
    assert "lines" not in RequestsTransport().encoders


def test_an_error_that_an_own_provider_cannot_read_has_no_json() -> None:
    """The body stays there."""

    class Broken(Own):
        def decode_body(self, response: requests.Response) -> t.Any:
            raise ValueError("cannot be read")

    client = client_of(set_on_object("json_provider", Broken())(), Session(404))
    with pytest.raises(GlobusAPIError) as caught:
        client.get("/things")
    assert caught.value.raw_json is None and caught.value.text == '{"a": 1}'


def test_secrets_that_an_own_provider_reads_stay_out_of_the_error() -> None:
    """As those of any body; the copy has none at all."""

    class Leaking(Own):
        def decode_body(self, response: requests.Response) -> t.Any:
            return {"code": "X", "message": response.request.headers["Authorization"]}

    client = client_of(set_on_object("json_provider", Leaking())(), Session(404))
    client.authorizer = AccessTokenAuthorizer("canary-0123456789")
    with pytest.raises(GlobusAPIError) as caught:
        client.get("/things")
    assert "canary" not in str(caught.value) + str(caught.value.messages)
    assert "canary" not in str(copy.copy(caught.value).raw_json)


# the session


def test_a_session_that_is_set_sends_the_requests() -> None:
    """Until it is deleted; then the transport has its own again."""
    transport, session = RequestsTransport(), Session()
    own = transport.session
    client = client_of(transport, session)
    assert client.get("/things").data == {"a": 1}
    assert t.cast("t.Any", transport.session) is session and len(session.sent) == 1
    del transport.session
    assert transport.session is own


def test_a_session_that_is_patched_sends_the_requests() -> None:
    """On the object and on the class; the transport has its own afterwards."""
    transport = RequestsTransport()
    own = transport.session
    client = AuthClient(transport=transport)
    session = Session()
    with mock.patch.object(transport, "session", session):
        client.get("/things")
    with mock.patch.object(RequestsTransport, "session", session):
        client.get("/things")
    assert len(session.sent) == 2 and transport.session is own


def test_closing_a_transport_closes_the_session_that_was_set() -> None:
    """As with one of its own."""
    transport, session = RequestsTransport(), mock.Mock(spec=requests.Session)
    transport.session = session
    transport.close()
    session.close.assert_called_once_with()


# encoders as building blocks


def test_encoders_give_requests_that_can_be_read() -> None:
    """JSON as a value and as text, text and forms as they are."""
    encoded = JSONRequestEncoder().encode("POST", URL, {}, {"a": 1}, {})
    assert encoded.json == {"a": 1} and json.loads(encoded.data) == {"a": 1}
    assert RequestEncoder().encode("POST", URL, {}, "text", {}).data == "text"
    assert FormRequestEncoder().encode("POST", URL, {}, {"a": "1"}, {}).data == {"a": "1"}
    assert JSONRequestEncoder().encode("GET", URL, {}, None, {}).json is None


def sent_by(encoder: t.Any, data: t.Any = None) -> requests.PreparedRequest:
    """What is sent of a request that an encoder made."""
    session, transport = Session(), RequestsTransport()
    transport.encoders["own"] = encoder
    client_of(transport, session).post("/things", data=data, encoding="own")
    return session.sent[0]


def test_a_subclass_may_change_the_value_of_a_json_request() -> None:
    """In place, or by another one."""

    class Adding(JSONRequestEncoder):
        def encode(self, *args: t.Any) -> requests.Request:
            request = super().encode(*args)
            t.cast("t.Any", request.json)["b"] = 2
            return request

    class Replacing(JSONRequestEncoder):
        def encode(self, *args: t.Any) -> requests.Request:
            request = super().encode(*args)
            request.json = [1]
            return request

    assert json.loads(sent_by(Adding(), {"a": 1}).body or b"") == {"a": 1, "b": 2}
    assert json.loads(sent_by(Replacing(), {"a": 1}).body or b"") == [1]


def test_a_subclass_may_change_the_text_of_a_json_request() -> None:
    """Such as one that compresses it."""

    class Reversing(JSONRequestEncoder):
        def encode(self, *args: t.Any) -> requests.Request:
            request = super().encode(*args)
            request.data = request.data[::-1]
            return request

    assert (sent_by(Reversing(), [12]).body or b"")[::-1] == b"[12]"


def test_a_provider_may_leave_json_to_requests() -> None:
    """The Content-Type is added where the provider has not set one."""

    class Plain(RequestsRepresentationProvider):
        def encode(
            self, method: str, url: str, params: t.Any, data: t.Any, headers: t.Any
        ) -> requests.Request:
            return requests.Request(method, url, json=data, headers=dict(headers))

    sent = sent_by(Plain(), {"a": 1})
    assert json.loads(sent.body or b"") == {"a": 1}
    assert sent.headers["Content-Type"] == "application/json"


def test_text_is_sent_as_utf8() -> None:
    """Text that has no encoding is refused, without its value in the error."""
    assert sent_by(RequestEncoder(), "é").body == "é".encode()
    with pytest.raises(GlobusSDKUsageError, match="body") as caught:
        sent_by(RequestEncoder(), "secret\ud800")
    assert "secret" not in str(caught.value)


def test_encoders_have_the_names_of_globus_sdk_too() -> None:
    """The modules of globus-sdk have both."""
    assert RequestsJsonProvider is JSONRequestEncoder
    assert RequestsPlainTextProvider is RequestEncoder
    assert RequestsHttpFormProvider is FormRequestEncoder
