"""
Endpoints and collections: their documents, the search for them, what is shared from them.
"""

from __future__ import annotations

from globus_core import MISSING, BaseClient, GlobusHTTPResponse
from globus_core.documents import flag, path, query
from globus_core.paging import HasNextPaginator, NextTokenPaginator, has_paginator

from .responses import IterableTransferResponse

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t
    import uuid

    from globus_core import MissingType

    from .answer_documents import PauseRule, TransferEndpoint
    from .answers import EndpointResponse, ResultResponse

    ID: t.TypeAlias = uuid.UUID | str
    Body: t.TypeAlias = t.Mapping[str, t.Any]
    Params: t.TypeAlias = t.Mapping[str, t.Any] | None
    EntityType: t.TypeAlias = t.Literal[
        "GCP_mapped_collection",
        "GCP_guest_collection",
        "GCSv5_endpoint",
        "GCSv5_mapped_collection",
        "GCSv5_guest_collection",
    ]


def _length(page: IterableTransferResponse) -> int:
    return len(page["DATA"])


class Endpoints(BaseClient):
    """
    The methods for endpoints and collections, which share their documents and paths.
    """

    service_name = "transfer"

    def get_endpoint(self, endpoint_id: ID, *, query_params: Params = None) -> EndpointResponse:
        """
        Fetch the document of an endpoint or a collection.

        :param endpoint_id: its id
        :param query_params: further query parameters, which win
        :raises TransferAPIError: if there is none with this id, or it is not visible to the caller
        """
        return self.get(path("/v0.10/endpoint/{}", endpoint_id), query_params=query(query_params))  # type: ignore[return-value]

    def update_endpoint(
        self, endpoint_id: ID, data: Body, *, query_params: Params = None
    ) -> ResultResponse:
        """
        Change fields of an endpoint or a collection.

        :param endpoint_id: its id
        :param data: the fields to change, such as ``{"display_name": "Lab"}``; others stay
        :param query_params: further query parameters, which win
        :raises TransferAPIError: if a field cannot be changed, or not by the caller
        """
        return self.put(  # type: ignore[return-value]
            path("/v0.10/endpoint/{}", endpoint_id), data=data, query_params=query(query_params)
        )

    def set_subscription_id(
        self, collection_id: ID, subscription_id: ID | t.Literal["DEFAULT"] | None
    ) -> ResultResponse:
        """
        Assign a mapped collection to a subscription, or to none.

        :param collection_id: the collection's id
        :param subscription_id: the subscription's id; ``DEFAULT`` takes the caller's, if there is
            exactly one; None takes the collection out of its subscription
        :raises TransferAPIError: if there is no such collection or subscription, or no default
        """
        return self.put(  # type: ignore[return-value]
            path("/v0.10/endpoint/{}/subscription", collection_id),
            data={"subscription_id": subscription_id},
        )

    def set_subscription_admin_verified(
        self, collection_id: ID, subscription_admin_verified: bool
    ) -> ResultResponse:
        """
        Say whether an administrator of the subscription has verified a collection.

        :param collection_id: the collection's id
        :param subscription_admin_verified: whether it is verified
        :raises TransferAPIError: if the caller does not manage the collection's subscription
        """
        return self.put(  # type: ignore[return-value]
            path("/v0.10/endpoint/{}/subscription_admin_verified", collection_id),
            data={"subscription_admin_verified": subscription_admin_verified},
        )

    def delete_endpoint(self, endpoint_id: ID) -> ResultResponse:
        """
        Delete an endpoint or a collection; its files stay where they are.

        :param endpoint_id: its id
        :raises TransferAPIError: if there is none with this id, or the caller must not delete it
        """
        return self.delete(path("/v0.10/endpoint/{}", endpoint_id))  # type: ignore[return-value]

    # finding them

    @has_paginator(
        HasNextPaginator,
        items_key="DATA",
        get_page_size=_length,
        max_total_results=1000,
        page_size=100,
    )
    def endpoint_search(
        self,
        filter_fulltext: str | MissingType = MISSING,
        *,
        filter_scope: str | MissingType = MISSING,
        filter_owner_id: ID | MissingType = MISSING,
        filter_host_endpoint: ID | MissingType = MISSING,
        filter_non_functional: bool | MissingType = MISSING,
        filter_entity_type: EntityType | MissingType = MISSING,
        limit: int | MissingType = MISSING,
        offset: int | MissingType = MISSING,
        query_params: Params = None,
    ) -> IterableTransferResponse[TransferEndpoint]:
        """
        Search endpoints and collections that are visible to the caller; 1000 results at most.

        :param filter_fulltext: words in names, descriptions and keywords; Transfer requires them
            if there is no other scope than ``all``
        :param filter_scope: ``all``, ``my-endpoints``, ``my-gcp-endpoints``, ``recently-used``,
            ``in-use``, ``shared-by-me``, ``shared-with-me`` or ``administered-by-me``; MISSING is
            ``all``
        :param filter_owner_id: only those of this identity
        :param filter_host_endpoint: only those that are hosted by this endpoint
        :param filter_non_functional: only those that work (False) or do not (True)
        :param filter_entity_type: only those of this kind
        :param limit: how many at once, 100 at most; MISSING leaves it to Transfer
        :param offset: how many to skip
        :param query_params: further query parameters, which win
        :raises TransferAPIError: if the filters cannot be combined
        """
        params = query(
            query_params,
            filter_scope=filter_scope,
            filter_fulltext=filter_fulltext,
            filter_owner_id=filter_owner_id,
            filter_host_endpoint=filter_host_endpoint,
            filter_non_functional=flag(filter_non_functional),
            filter_entity_type=filter_entity_type,
            limit=limit,
            offset=offset,
        )
        return IterableTransferResponse(self.get("/v0.10/endpoint_search", query_params=params))

    def my_effective_pause_rule_list(
        self, endpoint_id: ID, *, query_params: Params = None
    ) -> IterableTransferResponse[PauseRule]:
        """
        List the pause rules that concern the caller on an endpoint.

        :param endpoint_id: the endpoint's id
        :param query_params: further query parameters, which win
        :raises TransferAPIError: if there is no such endpoint
        """
        return IterableTransferResponse(
            self.get(
                path("/v0.10/endpoint/{}/my_effective_pause_rule_list", endpoint_id),
                query_params=query(query_params),
            )
        )

    # what is shared from them

    def my_shared_endpoint_list(
        self, endpoint_id: ID, *, query_params: Params = None
    ) -> IterableTransferResponse[TransferEndpoint]:
        """
        List the guest collections on an endpoint that the caller owns or manages.

        :param endpoint_id: the id of the endpoint that hosts them
        :param query_params: further query parameters, which win
        :raises TransferAPIError: if there is no such endpoint
        """
        return IterableTransferResponse(
            self.get(
                path("/v0.10/endpoint/{}/my_shared_endpoint_list", endpoint_id),
                query_params=query(query_params),
            )
        )

    @has_paginator(NextTokenPaginator, items_key="shared_endpoints")
    def get_shared_endpoint_list(
        self,
        endpoint_id: ID,
        *,
        max_results: int | MissingType = MISSING,
        next_token: str | MissingType = MISSING,
        query_params: Params = None,
    ) -> IterableTransferResponse:
        """
        List all guest collections on an endpoint, one page of them; for its managers.

        :param endpoint_id: the id of the endpoint that hosts them
        :param max_results: how many at once; MISSING leaves it to Transfer
        :param next_token: the ``next_token`` of the page before; MISSING begins
        :param query_params: further query parameters, which win
        :raises TransferAPIError: if the caller does not manage the endpoint
        """
        return IterableTransferResponse(
            self.get(
                path("/v0.10/endpoint/{}/shared_endpoint_list", endpoint_id),
                query_params=query(query_params, max_results=max_results, next_token=next_token),
            ),
            iter_key="shared_endpoints",
        )

    def create_shared_endpoint(self, data: Body) -> GlobusHTTPResponse:
        """
        Create a guest collection on an endpoint of Globus Connect Personal.

        :param data: the document, with ``DATA_TYPE`` (``shared_endpoint``), ``host_endpoint``,
            ``host_path`` and ``display_name``
        :raises TransferAPIError: if the caller must not share this path
        """
        return self.post("/v0.10/shared_endpoint", data=data)

    # their servers

    def endpoint_server_list(
        self, endpoint_id: ID, *, query_params: Params = None
    ) -> IterableTransferResponse:
        """
        List the servers of an endpoint.

        :param endpoint_id: the endpoint's id
        :param query_params: further query parameters, which win
        :raises TransferAPIError: if there is no such endpoint
        """
        return IterableTransferResponse(
            self.get(
                path("/v0.10/endpoint/{}/server_list", endpoint_id),
                query_params=query(query_params),
            )
        )

    def get_endpoint_server(
        self, endpoint_id: ID, server_id: int | str, *, query_params: Params = None
    ) -> GlobusHTTPResponse:
        """
        Fetch the document of a server.

        :param endpoint_id: the endpoint's id
        :param server_id: the server's id
        :param query_params: further query parameters, which win
        :raises TransferAPIError: if the endpoint has no such server
        """
        return self.get(
            path("/v0.10/endpoint/{}/server/{}", endpoint_id, server_id),
            query_params=query(query_params),
        )
