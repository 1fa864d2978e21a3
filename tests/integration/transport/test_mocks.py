"""
Mocks and tracers that users know from requests: they hook in at the session and the adapter.
"""

from __future__ import annotations

import json

import pytest
import requests
import responses

from globus_core import AccessTokenAuthorizer, GlobusAPIError, GlobusConnectionError
from globus_core.transport import RequestsTransport
from tests.integration.transport.fixtures import MakeClient
from tests.integration.transport.scripted import ScriptedServer

HOME = "https://things.example.org"


def test_requests_are_answered_by_responses(make_client: MakeClient) -> None:
    """With query, body and headers to match upon; nothing is sent."""
    with responses.RequestsMock() as mock:
        mock.get(
            f"{HOME}/a",
            json={"fine": True},
            match=[
                responses.matchers.query_param_matcher({"x": "1"}),
                responses.matchers.header_matcher({"Authorization": "Bearer token-1"}),
                responses.matchers.request_kwargs_matcher({"stream": False, "timeout": 60.0}),
            ],
        )
        mock.post(f"{HOME}/b", match=[responses.matchers.json_params_matcher({"a": 1})], body=b"")
        client = make_client(HOME, authorizer=AccessTokenAuthorizer("token-1"))
        assert client.get("a", query_params={"x": 1})["fine"]
        assert client.post("b", data={"a": 1}).binary_content == b""
        assert json.loads(mock.calls[1].request.body or "") == {"a": 1}


def test_errors_and_redirects_of_responses_are_seen(
    make_client: MakeClient, pauses: list[float]
) -> None:
    """Retries, redirects and exceptions go the same way as real ones."""
    with responses.RequestsMock() as mock:
        mock.get(f"{HOME}/a", status=500)
        mock.get(f"{HOME}/a", status=302, headers={"Location": "/b"})
        mock.get(f"{HOME}/b", status=404, json={"code": "Gone"})
        mock.get(f"{HOME}/c", body=requests.ConnectionError("cut"))
        client = make_client(HOME)
        with pytest.raises(GlobusAPIError) as caught:
            client.get("a")
        assert caught.value.code == "Gone"
        with pytest.raises(GlobusConnectionError):
            client.get("c")
    assert len(pauses) == 6


def test_a_replaced_send_of_the_session_is_used(
    server: ScriptedServer, make_client: MakeClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As tracers replace it, once for all sessions."""
    seen: list[str | None] = []
    real = requests.Session.send

    def send(
        self: requests.Session, request: requests.PreparedRequest, **options: object
    ) -> object:
        seen.append(request.url)
        request.headers["Traceparent"] = "00-1-1-00"
        return real(self, request, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(requests.Session, "send", send)
    make_client(server.url).get("x")
    assert seen == [f"{server.url}/x"]
    assert server.seen[0].headers["traceparent"] == "00-1-1-00"


def test_an_adapter_of_the_users_own_can_be_mounted(server: ScriptedServer) -> None:
    """Then it is the way out."""
    transport = RequestsTransport()
    own = requests.adapters.HTTPAdapter()
    transport.session.mount(server.url, own)
    assert transport.session.get_adapter(f"{server.url}/x") is own
    transport.close()
