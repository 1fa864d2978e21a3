"""
What the commands need to know of a collection, and the client for the endpoint that manages it.
"""

from __future__ import annotations

import contextlib

from globus_core.exc import GlobusSDKUsageError
from globus_core.scopes import GCSCollectionScopes, GCSEndpointScopes
from globus_core.service_clients import client_class

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from globus_core.globus_app import GlobusApp

    from ..client import GCSClient

    Document: t.TypeAlias = dict[str, t.Any]


@contextlib.contextmanager
def transfer_client(app: GlobusApp) -> t.Iterator[t.Any]:
    """
    Transfer's client, from whichever plugin has it.

    :param app: the app
    :raises GlobusSDKUsageError: if no plugin has one
    """
    with client_class("transfer")(app=app) as client:
        yield client


def told_by_transfer(app: GlobusApp, identifier: str) -> Document:
    """
    Transfer's document of a collection or an endpoint.

    :param app: the app
    :param identifier: its id
    :raises TransferAPIError: if there is none with this id
    """
    with transfer_client(app) as client:
        found: Document = client.get_endpoint(identifier).data
        return found


@contextlib.contextmanager
def manager_of(
    app: GlobusApp, document: Document, *, data_access: bool = False
) -> t.Iterator[GCSClient]:
    """
    The client for the endpoint that manages a collection.

    :param app: the app
    :param document: Transfer's document of the collection, or of the endpoint
    :param data_access: ask for the collection's scope ``data_access`` at the same login, if it has
        one
    :raises GlobusSDKUsageError: if it is not on Globus Connect Server
    """
    from ..client import GCSClient
    from ..collection_client import needs_data_access

    identifier, kind = document.get("id"), document.get("entity_type")
    address = document.get("gcs_manager_url")
    if not address:
        raise GlobusSDKUsageError(f"{identifier} is not on Globus Connect Server: it is a {kind}")
    with GCSClient(address, environment=app.config.environment) as client:
        scope = GCSEndpointScopes(client.endpoint_client_id).manage_collections
        if data_access and needs_data_access(document):
            optional = GCSCollectionScopes(str(identifier)).data_access.with_optional(True)
            scope = scope.with_dependency(optional)
        client.attach_globus_app(app, app_scopes=[scope])
        yield client
