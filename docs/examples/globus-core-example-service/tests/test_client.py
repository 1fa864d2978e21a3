"""The client and its command, against the service in the sandbox."""

from __future__ import annotations

import io
import json

import pytest
from click.testing import CliRunner
from globus_core import ClientApp, client_class
from globus_core.testing import Sandbox

from globus_core_example_service import (
    ExampleAPIError,
    ExampleClient,
    ExampleScopes,
    ExampleThing,
)
from globus_core_example_service.commands import things


def test_the_client_is_found_by_the_name_of_its_service() -> None:
    """Its class knows whose tokens it needs."""
    assert client_class("example_service") is ExampleClient
    assert ExampleClient.resource_server == ExampleScopes.resource_server


def test_a_thing_is_created_and_fetched(client: ExampleClient) -> None:
    """Fields that are MISSING are not sent."""
    created = client.create_thing(ExampleThing("kite", tags="red"))
    assert client.get_thing(created["id"])["tags"] == ["red"]
    assert client.create_thing(ExampleThing("drum"))["tags"] == []


def test_all_pages_are_walked(client: ExampleClient) -> None:
    """By the marker that each page gives for the next."""
    for name in ("kite", "drum", "boat"):
        client.create_thing(ExampleThing(name, tags=["red", name]))
    assert [thing["name"] for thing in client.list_things(limit=1)] == ["kite"]
    listed = client.paginated.list_things(tags=["red"]).items()
    assert [thing["name"] for thing in listed] == ["kite", "drum", "boat"]


def test_a_picture_goes_and_comes_in_pieces(client: ExampleClient) -> None:
    """It is never in memory as a whole."""
    thing_id = client.create_thing(ExampleThing("kite"))["id"]
    client.put_picture(thing_id, io.BytesIO(b"picture" * 10_000))
    assert client.picture_size(thing_id) == 70_000
    with client.get_picture(thing_id) as picture:
        assert sum(map(len, picture.iter_bytes(4096))) == 70_000


def test_an_error_gives_its_hint(client: ExampleClient) -> None:
    """As an exception of the client's own."""
    with pytest.raises(ExampleAPIError) as caught:
        client.get_thing("9")
    assert (caught.value.code, caught.value.hint) == ("NotFound", "list the things")


def test_a_broken_thing_is_asked_for_once(client: ExampleClient, sandbox: Sandbox) -> None:
    """Other errors of that status are worth another attempt."""
    thing_id = client.create_thing(ExampleThing("kite"))["id"]
    path = f"/example_service/things/{thing_id}"
    sandbox.fail(path=path, status=502, headers={"Retry-After": "0"})
    client.get_thing(thing_id)
    assert sandbox.count(path=path) == 2
    sandbox.control("example_service", "break", thing_id=thing_id)
    with pytest.raises(ExampleAPIError, match="broken"):
        client.get_thing(thing_id)
    assert sandbox.count(path=path) == 3


def test_viewing_is_not_making(app: ClientApp) -> None:
    """A token for one scope is refused where another one is needed."""
    with ExampleClient(app=app, app_scopes=[ExampleScopes.view]) as client:
        assert list(client.list_things()) == []
        with pytest.raises(ExampleAPIError) as caught:
            client.create_thing(ExampleThing("kite"))
    assert caught.value.http_status == 403


def test_the_command_lists_things(
    client: ExampleClient, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With credentials from variables, as a job has them."""
    client.create_thing(ExampleThing("kite", tags="red"))
    monkeypatch.setenv("GLOBUS_CLIENT_ID", sandbox.confidential_client_id)
    monkeypatch.setenv("GLOBUS_CLIENT_SECRET", sandbox.confidential_client_secret)
    options = ["--token-storage", "memory", "--tag", "red", "--json"]
    result = CliRunner().invoke(things, options, catch_exceptions=False)
    assert [thing["name"] for thing in json.loads(result.output)] == ["kite"]
