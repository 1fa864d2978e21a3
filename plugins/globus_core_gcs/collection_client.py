"""
The client for the files of a collection over HTTPS.
"""

from __future__ import annotations

from globus_core.arguments import check_id
from globus_core.exc import GlobusSDKUsageError
from globus_core.scopes import GCSCollectionScopes, ScopeCollection

from .addresses import base_url
from .errors import GCSAPIError
from .files import Files

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t
    import uuid

    from typing_extensions import Self

    from globus_core import GlobusApp, GlobusHTTPResponse
    from globus_core.authorizers import GlobusAuthorizer
    from globus_core.scopes import Scope
    from globus_core.transport import RequestsTransport, RetryConfig

    Document: t.TypeAlias = t.Mapping[str, t.Any] | GlobusHTTPResponse


class _ScopesOfACollection(ScopeCollection):
    """Stands on the class, where it is not known which collection is meant."""

    @property
    def resource_server(self) -> str:
        raise AttributeError("the resource server is the collection's id: make a client for it")

    @property
    def https(self) -> Scope:
        raise AttributeError("each collection has scopes of its own: make a client for it")

    @property
    def data_access(self) -> Scope:
        raise AttributeError("each collection has scopes of its own: make a client for it")

    def __iter__(self) -> t.Iterator[Scope]:
        raise AttributeError("each collection has scopes of its own: make a client for it")

    def __repr__(self) -> str:
        return "<the scopes of a collection>"


def needs_data_access(document: Document) -> bool:
    """
    Whether a collection has the scope ``data_access``, which access to its files needs.

    :param document: Transfer's document of the collection
    """
    is_mapped = document.get("entity_type") == "GCSv5_mapped_collection"
    return is_mapped and not document.get("high_assurance")


def file_scopes(collection_id: str, document: Document) -> list[Scope]:
    """
    The scopes that access to the files of a collection needs.

    :param collection_id: the collection's id
    :param document: Transfer's document of the collection
    """
    scopes = GCSCollectionScopes(collection_id)
    return [scopes.https, scopes.data_access] if needs_data_access(document) else [scopes.https]


class GCSCollectionClient(Files):
    """
    The files of one collection over HTTPS.

    It asks an app for the collection's scope ``https``. A mapped collection without high assurance
    needs ``data_access`` as well.

    :param collection_id: the collection's id, which is its resource server as well
    :param collection_address: its host name or the URL of its HTTPS server; plain http only on
        this machine
    :param environment: the Globus environment, see :class:`BaseClient`
    :param app: the app whose tokens authorize the requests
    :param app_scopes: the scopes to ask the app for; None takes ``https``
    :param authorizer: provides the Authorization header; None sends none
    :param app_name: name for the User-Agent header; None takes the app's
    :param transport: sends the requests; None makes one that is closed with the client
    :param retry_config: when to retry; None takes the defaults
    :raises GlobusSDKUsageError: if settings contradict each other, or the address is none
    """

    error_class = GCSAPIError
    logs_in_for_consents = True
    scopes: ScopeCollection | None = _ScopesOfACollection()

    def __init__(
        self,
        collection_id: uuid.UUID | str,
        collection_address: str,
        *,
        environment: str | None = None,
        app: GlobusApp | None = None,
        app_scopes: t.Sequence[str | Scope] | None = None,
        authorizer: GlobusAuthorizer | None = None,
        app_name: str | None = None,
        transport: RequestsTransport | None = None,
        retry_config: RetryConfig | None = None,
    ) -> None:
        check_id(collection_id, "collection_id")
        #: the collection's id
        self.collection_id = str(collection_id)
        self.scopes = GCSCollectionScopes(collection_id)
        super().__init__(
            base_url=base_url(collection_address, "collection_address"),
            environment=environment,
            app=app,
            app_scopes=app_scopes,
            authorizer=authorizer,
            app_name=app_name,
            transport=transport,
            retry_config=retry_config,
        )

    @classmethod
    def of_collection(
        cls,
        document: Document,
        *,
        app: GlobusApp | None = None,
        authorizer: GlobusAuthorizer | None = None,
        transport: RequestsTransport | None = None,
    ) -> Self:
        """
        The client for a collection that Transfer has described; one login is enough for all that
        access to its files needs.

        :param document: what ``TransferClient.get_endpoint`` returns
        :param app: the app whose tokens authorize the requests
        :param authorizer: provides the Authorization header; None sends none
        :param transport: sends the requests; None makes one that is closed with the client
        :raises GlobusSDKUsageError: if the collection does not serve files over HTTPS
        """
        collection_id, address = str(document.get("id")), document.get("https_server")
        if not address:
            kind = document.get("entity_type")
            raise GlobusSDKUsageError(
                f"{collection_id} does not serve files over HTTPS: it is a {kind}"
            )
        return cls(
            collection_id,
            address,
            app=app,
            app_scopes=None if app is None else file_scopes(collection_id, document),
            authorizer=authorizer,
            transport=transport,
        )

    @property
    def default_scope_requirements(self) -> list[Scope]:
        """The collection's scope ``https``."""
        return [GCSCollectionScopes(self.collection_id).https]
