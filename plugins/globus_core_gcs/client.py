"""
The client for the manager of a Globus Connect Server endpoint, put together from its chapters.
"""

from __future__ import annotations

from globus_core import BaseClient
from globus_core.exc import GlobusError
from globus_core.scopes import GCSCollectionScopes, GCSEndpointScopes

from .addresses import manager_url
from .endpoint import Endpoint
from .errors import GCSAPIError
from .guest_collections import GuestCollections
from .roles import Roles

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t
    import uuid

    from globus_core import GlobusApp
    from globus_core.authorizers import GlobusAuthorizer
    from globus_core.scopes import Scope
    from globus_core.transport import RequestsTransport, RetryConfig


class _EndpointsClientID:
    """The endpoint's client id on an instance, and None on the class."""

    def __get__(self, client: GCSClient | None, owner: type) -> str | None:
        return None if client is None else client.endpoint_client_id


class GCSClient(Endpoint, GuestCollections, Roles, BaseClient):
    """
    The manager of one Globus Connect Server endpoint: its collections, storage gateways, roles and
    user credentials.

    It asks an app for the scope ``manage_collections`` of the endpoint. The endpoint says itself
    what its client id is, to which the scope belongs: attaching an app makes a request.

    :param gcs_address: the host name of the endpoint, or its URL with or without ``/api``; plain
        http only on this machine
    :param app: the app whose tokens authorize the requests
    :param app_scopes: the scopes to ask the app for; None takes the endpoint's
    :param environment: the Globus environment, see :class:`BaseClient`
    :param authorizer: provides the Authorization header; None sends none
    :param app_name: name for the User-Agent header; None takes the app's
    :param transport: sends the requests; None makes one that is closed with the client
    :param retry_config: when to retry; None takes the defaults
    :raises GlobusSDKUsageError: if settings contradict each other, or the address is none
    """

    service_name = "globus_connect_server"
    error_class = GCSAPIError
    #: the endpoint's client id; a request finds it out
    resource_server = _EndpointsClientID()  # pyright: ignore  # None on the class
    _endpoint_client_id: str | None = None

    def __init__(
        self,
        gcs_address: str,
        *,
        app: GlobusApp | None = None,
        app_scopes: t.Sequence[str | Scope] | None = None,
        environment: str | None = None,
        authorizer: GlobusAuthorizer | None = None,
        app_name: str | None = None,
        transport: RequestsTransport | None = None,
        retry_config: RetryConfig | None = None,
    ) -> None:
        super().__init__(
            base_url=manager_url(gcs_address),
            app=app,
            app_scopes=app_scopes,
            environment=environment,
            authorizer=authorizer,
            app_name=app_name,
            transport=transport,
            retry_config=retry_config,
        )

    @staticmethod
    def get_gcs_endpoint_scopes(endpoint_id: uuid.UUID | str) -> GCSEndpointScopes:
        """
        The scopes of an endpoint.

        :param endpoint_id: its client id
        """
        return GCSEndpointScopes(endpoint_id)

    @staticmethod
    def get_gcs_collection_scopes(collection_id: uuid.UUID | str) -> GCSCollectionScopes:
        """
        The scopes of a collection.

        :param collection_id: its id
        """
        return GCSCollectionScopes(collection_id)

    @property
    def endpoint_client_id(self) -> str:
        """
        The endpoint's client id, which is its resource server. The first use fetches it.

        :raises GCSAPIError: if the endpoint refuses to say it
        :raises GlobusError: if it answers something else
        """
        if self._endpoint_client_id is None:
            found: t.Any = self.get_gcs_info().get("client_id")
            if not isinstance(found, str) or not found:
                raise GlobusError(f"{self.base_url}info has no client_id, so this is no endpoint")
            self._endpoint_client_id = found
        return self._endpoint_client_id

    def _read_resource_server(self) -> str | None:
        # Whoever observes requests is told what is known: no request is sent for that. With an app
        # it is known since the app was attached.
        return self._endpoint_client_id

    @property
    def default_scope_requirements(self) -> list[Scope]:
        """The endpoint's scope ``manage_collections``."""
        return [GCSEndpointScopes(self.endpoint_client_id).manage_collections]
