"""
globus-compute-sdk against the sandbox's Compute: a program that we did not write submits tasks.
"""

from __future__ import annotations

import typing as t
from importlib.util import find_spec

import pytest

from globus_core import ConfidentialAppAuthClient
from globus_core.scopes import ComputeScopes

if t.TYPE_CHECKING:
    from collections.abc import Iterator

    from globus_core_sandbox import Sandbox

pytestmark = [
    pytest.mark.full,
    pytest.mark.skipif(find_spec("globus_compute_sdk") is None, reason="needs the extra test-full"),
    pytest.mark.filterwarnings("default"),  # those of others
]


def add_one(number: int) -> int:
    """The function that nobody runs."""
    return number + 1


@pytest.fixture
def client(globus_sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> Iterator[t.Any]:
    """
    The program's client, with a token of the confidential client.
    """
    import globus_compute_sdk.sdk.client as compute  # type: ignore[import-not-found,unused-ignore]
    from globus_sdk import AccessTokenAuthorizer

    address = globus_sandbox.service_url("compute")
    monkeypatch.setattr(compute, "get_web_service_url", lambda *_: address)
    login = ConfidentialAppAuthClient(
        globus_sandbox.confidential_client_id, globus_sandbox.confidential_client_secret
    )
    login.base_url = globus_sandbox.url
    with login:
        tokens = login.oauth2_client_credentials_tokens(str(ComputeScopes.all))
    token = tokens.by_resource_server[ComputeScopes.resource_server]["access_token"]
    made = compute.Client(authorizer=AccessTokenAuthorizer(token), do_version_check=False)
    yield made
    for part in ("v2", "v3"):
        getattr(made._compute_web_client, part).close()


def test_it_submits_a_task_and_reads_its_result(globus_sandbox: Sandbox, client: t.Any) -> None:
    """The result is the one of the table, in the program's own form."""
    function = client.register_function(add_one)
    document = {"endpoint_name": "here"}
    endpoint = client._compute_web_client.v3.register_endpoint(document)["endpoint_id"]
    assert client.get_endpoint_status(endpoint)["status"] == "online"
    assert [found["uuid"] for found in client.get_endpoints()] == [endpoint]
    task = client.run(1, endpoint_id=endpoint, function_id=function)
    assert client.get_task(task)["pending"]
    two = client.fx_serializer.serialize(2)
    globus_sandbox.control("compute", "results/set", function_id=str(function), result=two)
    assert client.get_result(task) == 2
    assert client.get_batch_result([task])[task]["result"] == 2


def test_it_says_that_a_task_has_failed(globus_sandbox: Sandbox, client: t.Any) -> None:
    """With the text of the table."""
    function = client.register_function(add_one)
    document = {"endpoint_name": "here"}
    endpoint = client._compute_web_client.v3.register_endpoint(document)["endpoint_id"]
    globus_sandbox.control(
        "compute", "results/set", function_id=str(function), exception="it was too much"
    )
    task = client.run(1, endpoint_id=endpoint, function_id=function)
    with pytest.raises(Exception, match="it was too much") as caught:
        client.get_result(task)
    assert type(caught.value).__name__ == "TaskExecutionFailed"
