"""
What the clients of Compute are, and what the texts of their responses show.
"""

from __future__ import annotations

import typing as t

import pytest
from hypothesis import given
from hypothesis import strategies as st

from globus_core import (
    ComputeAPIError,
    ComputeClientV2,
    ComputeClientV3,
    GlobusSDKUsageError,
    client_class,
)
from globus_core.scopes import ComputeScopes
from tests.unit.transfer.answering import answered


@pytest.mark.parametrize("kind", [ComputeClientV2, ComputeClientV3])
def test_the_class_knows_its_server_and_scopes(kind: t.Any) -> None:
    """As an instance does."""
    for one in (kind, kind()):
        assert one.resource_server == "funcx_service"
        assert one.default_scope_requirements == [ComputeScopes.all]
        assert one.scopes is ComputeScopes
        assert one.error_class is ComputeAPIError
    assert kind().base_url == "https://compute.api.globus.org/"


def test_the_service_s_client_is_the_one_with_all_methods() -> None:
    """The third version of the API has six of them."""
    assert client_class("compute") is ComputeClientV2


@pytest.mark.parametrize("identifier", ["", ".", "..", None])
def test_an_id_stays_in_its_place(identifier: t.Any) -> None:
    """It cannot lead to another path."""
    client = answered(ComputeClientV2, {})

    with pytest.raises(GlobusSDKUsageError):
        client.delete_endpoint(identifier)
    client.delete_function("../endpoints/x")
    assert client.answering.paths == ["/v2/functions/..%2Fendpoints%2Fx"]


def test_one_task_id_is_a_list_of_one() -> None:
    """So that a text is not read as a list of letters."""
    client = answered(ComputeClientV2, {})

    client.get_task_batch("an-id")
    assert client.answering.bodies == [{"task_ids": ["an-id"]}]


def test_a_version_may_be_text() -> None:
    """The service answers with a JSON string, unless more is asked for."""
    assert answered(ComputeClientV2, '"1.40.2"').get_version().data == "1.40.2"


@pytest.mark.parametrize("call", ["v2", "v3", "update", "results"])
@given(password=st.text(min_size=4))
def test_no_text_of_a_response_has_a_password(call: str, password: str) -> None:
    """The values are there for who asks for them; repr, str and format hide them."""
    url = f"amqps://an-endpoint:<<{password}>>@queues.example.org/"
    body = {"connection_url": url, "task_queue_info": {"connection_url": url}, "more": [url]}
    second, third = answered(ComputeClientV2, body), answered(ComputeClientV3, body)
    calls: dict[str, t.Callable[[], t.Any]] = {
        "v2": lambda: second.register_endpoint({}),
        "v3": lambda: third.register_endpoint({}),
        "update": lambda: third.update_endpoint("an-id", {}),
        "results": lambda: second.get_result_amqp_url(),
    }
    response = calls[call]()

    assert response["connection_url"] == url
    for text in (repr(response), str(response), f"{response}"):
        assert "<<" not in text
        assert ">>" not in text
    assert str(response).count("amqps://***@queues.example.org/") == 3


def test_a_body_that_is_no_json_shows_no_password_either() -> None:
    """Text stays text."""
    client = answered(ComputeClientV2, "see amqps://a:b@queues.example.org")

    assert str(client.get_result_amqp_url()) == "see amqps://***@queues.example.org"
