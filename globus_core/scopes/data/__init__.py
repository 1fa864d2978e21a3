"""
The scopes of the Globus services.
"""

from __future__ import annotations

from ..collection import DynamicScopeCollection, StaticScopeCollection, _KnownScope

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t
    import uuid

__all__ = (
    "AuthScopes",
    "ComputeScopes",
    "FlowsScopes",
    "GCSCollectionScopes",
    "GCSEndpointScopes",
    "GroupsScopes",
    "NexusScopes",
    "SearchScopes",
    "SpecificFlowScopes",
    "TimersScopes",
    "TransferScopes",
)


def _bare(collection: t.Any, name: str) -> str:
    return name


def _urn(collection: t.Any, name: str) -> str:
    return f"urn:globus:auth:scope:{collection.resource_server}:{name}"


def _url(collection: t.Any, name: str) -> str:
    return f"https://auth.globus.org/scopes/{collection.resource_server}/{name}"


def _client_url(collection: t.Any, name: str) -> str:
    return f"https://auth.globus.org/scopes/{collection.client_id}/{name}"


def _flow_url(collection: t.Any, name: str) -> str:
    flow_id: str = collection.resource_server
    flow_name = flow_id.replace("-", "_")
    return f"https://auth.globus.org/scopes/{flow_id}/flow_{flow_name}_{name}"


class _AuthScopes(StaticScopeCollection):
    """
    Globus Auth: logins, identities and what developers manage there.
    """

    resource_server = "auth.globus.org"

    openid = _KnownScope(_bare)
    email = _KnownScope(_bare)
    profile = _KnownScope(_bare)
    manage_projects = _KnownScope(_urn)
    view_authentications = _KnownScope(_urn)
    view_clients = _KnownScope(_urn)
    view_clients_and_scopes = _KnownScope(_urn)
    view_consents = _KnownScope(_urn)
    view_identities = _KnownScope(_urn)
    view_identity_set = _KnownScope(_urn)


class _TransferScopes(StaticScopeCollection):
    """
    Globus Transfer.
    """

    resource_server = "transfer.api.globus.org"

    all = _KnownScope(_urn)
    gcp_install = _KnownScope(_urn)


class _GroupsScopes(StaticScopeCollection):
    """
    Globus Groups.
    """

    resource_server = "groups.api.globus.org"

    all = _KnownScope(_urn)
    view_my_groups_and_memberships = _KnownScope(_urn)


class _NexusScopes(StaticScopeCollection):
    """
    Nexus, which Globus Groups has replaced.
    """

    resource_server = "nexus.api.globus.org"

    groups = _KnownScope(_urn)


class _SearchScopes(StaticScopeCollection):
    """
    Globus Search.
    """

    resource_server = "search.api.globus.org"

    all = _KnownScope(_urn)
    globus_connect_server = _KnownScope(_urn)
    ingest = _KnownScope(_urn)
    search = _KnownScope(_urn)


class _FlowsScopes(StaticScopeCollection):
    """
    Globus Flows; the scope that runs one flow is in ``SpecificFlowScopes``.
    """

    resource_server = "flows.globus.org"
    client_id = "eec9b274-0c81-4334-bdc2-54e90e689b9a"

    all = _KnownScope(_client_url)
    manage_flows = _KnownScope(_client_url)
    view_flows = _KnownScope(_client_url)
    run = _KnownScope(_client_url)
    run_status = _KnownScope(_client_url)
    run_manage = _KnownScope(_client_url)


class _TimersScopes(StaticScopeCollection):
    """
    Globus Timers.
    """

    resource_server = "524230d7-ea86-4a52-8312-86065a9e0417"

    timer = _KnownScope(_url)


class _ComputeScopes(StaticScopeCollection):
    """
    Globus Compute.
    """

    resource_server = "funcx_service"
    client_id = "facd7ccc-c5f4-42aa-916b-a0e270e2c2a9"

    all = _KnownScope(_client_url)


class GCSEndpointScopes(DynamicScopeCollection):
    """
    The scopes of one Globus Connect Server endpoint.

    :param resource_server: The client id of the endpoint's manager.
    """

    manage_collections = _KnownScope(_urn)


class GCSCollectionScopes(DynamicScopeCollection):
    """
    The scopes of one collection of a Globus Connect Server.

    :param resource_server: The id of the collection.
    """

    data_access = _KnownScope(_url)
    https = _KnownScope(_url)


class SpecificFlowScopes(DynamicScopeCollection):
    """
    The scopes of one flow.

    :param flow_id: The id of the flow, which is its resource server as well.
    """

    user = _KnownScope(_flow_url)

    def __init__(self, flow_id: uuid.UUID | str) -> None:
        super().__init__(flow_id)


AuthScopes = _AuthScopes()
ComputeScopes = _ComputeScopes()
FlowsScopes = _FlowsScopes()
GroupsScopes = _GroupsScopes()
NexusScopes = _NexusScopes()
SearchScopes = _SearchScopes()
TimersScopes = _TimersScopes()
TransferScopes = _TransferScopes()
