"""The client, against answers as the service gives them."""

import json

import pytest
import responses
from globus_core_example_service import ExampleAPIError, ExampleClient, ExampleScopes

from globus_core import AccessTokenAuthorizer, client_class

URL = "https://example-service.example.org/v1"


@pytest.fixture
def client():
    with (
        responses.RequestsMock() as wire,
        ExampleClient(authorizer=AccessTokenAuthorizer("made-up")) as client,
    ):
        client.wire = wire
        yield client


def test_the_token_is_sent(client):
    """And the answer is that of the service."""
    headers = {"Authorization": "Bearer made-up"}
    match = [responses.matchers.header_matcher(headers)]
    client.wire.get(f"{URL}/things/1", json={"id": "1", "name": "kite"}, match=match)
    assert client.get_thing("1")["name"] == "kite"


def test_a_thing_is_created(client):
    """From a JSON body."""
    client.wire.post(f"{URL}/things", json={"id": "2"}, status=201)
    assert client.create_thing("drum").http_status == 201
    assert json.loads(client.wire.calls[0].request.body) == {"name": "drum"}


def test_all_pages_are_walked(client):
    """By the marker that each page gives for the next."""
    first = {"things": [{"id": "1"}], "has_next_page": True, "marker": "m"}
    last = {"things": [{"id": "2"}], "has_next_page": False}
    client.wire.get(f"{URL}/things", json=first)
    client.wire.get(f"{URL}/things?marker=m", json=last)
    assert [thing["id"] for thing in client.paginated.list_things().items()] == ["1", "2"]


def test_an_error_gives_its_hint(client):
    """As an exception of the client's own."""
    body = {"code": "NotFound", "message": "no such thing", "hint": "list them"}
    client.wire.get(f"{URL}/things/9", json=body, status=404)
    with pytest.raises(ExampleAPIError) as caught:
        client.get_thing("9")
    assert (caught.value.code, caught.value.hint) == ("NotFound", "list them")


def test_the_client_is_found_by_the_name_of_its_service():
    """Which is what the hook is for."""
    assert client_class("example-service") is ExampleClient
    assert ExampleClient.scopes is ExampleScopes
