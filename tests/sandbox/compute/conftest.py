"""Compute in a sandbox, and clients for it: globus-sdk's own and ours."""

from __future__ import annotations

import dataclasses
import typing as t
from collections.abc import Iterator

import globus_sdk
import pytest

import globus_core
from globus_core.scopes import ComputeScopes

if t.TYPE_CHECKING:
    from globus_core_sandbox import Sandbox


@dataclasses.dataclass
class Site:
    """
    A sandbox, and a client for each version of the API.
    """

    sandbox: Sandbox
    second: t.Any
    third: t.Any

    def close(self) -> None:
        """
        Close the clients.
        """
        self.second.close()
        self.third.close()

    def control(self, verb: str, **arguments: t.Any) -> dict[str, t.Any]:
        """
        Run a control verb of Compute.
        """
        return self.sandbox.control("compute", verb, **arguments)

    def endpoint(self) -> str:
        """
        Register an endpoint.
        """
        return str(self.third.register_endpoint({"endpoint_name": "here"})["endpoint_id"])

    def function(self) -> str:
        """
        Register a function.
        """
        document = {"function_name": "add", "function_code": "made up"}
        return str(self.third.register_function(document)["function_uuid"])


def token(sandbox: Sandbox, scope: str) -> str:
    """
    An access token of the confidential client.
    """
    auth = globus_sdk.ConfidentialAppAuthClient(
        sandbox.confidential_client_id, sandbox.confidential_client_secret
    )
    auth.base_url = sandbox.url
    answer = auth.oauth2_client_credentials_tokens(requested_scopes=scope)
    auth.close()
    return str(answer.by_resource_server["funcx_service"]["access_token"])


def site_of(sandbox: Sandbox, sdk: t.Any) -> Site:
    """
    The clients of one of the two for a sandbox.
    """
    access = token(sandbox, str(ComputeScopes.all))
    clients = [
        kind(authorizer=sdk.AccessTokenAuthorizer(access), base_url=sandbox.service_url("compute"))
        for kind in (sdk.ComputeClientV2, sdk.ComputeClientV3)
    ]
    return Site(sandbox, *clients)


@pytest.fixture(params=[globus_core, globus_sdk], ids=["ours", "globus-sdk's"])
def site(globus_sandbox: Sandbox, request: pytest.FixtureRequest) -> Iterator[Site]:
    """
    The sandbox with our clients, then with globus-sdk's.
    """
    made = site_of(globus_sandbox, request.param)
    yield made
    made.close()
