"""
The client for the second version of the Transfer API, which is experimental (JSON:API).
"""

from __future__ import annotations

from globus_core import BaseClient, GlobusHTTPResponse
from globus_core.documents import path, query
from globus_core.paging import JSONAPIPaginator, has_paginator
from globus_core.response import IterableJSONAPIResponse
from globus_core.scopes import TransferScopes

from .errors import TransferAPIError
from .retry_checks import TRANSFER_V2_DEFAULT_RETRY_CHECKS
from .tunnels import TunnelsOfBothVersions

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from .bookmark_documents import BookmarkCreateDocument, BookmarkUpdateDocument
    from .endpoints import ID, Body, Params
    from .tunnel_documents import TunnelCreateDocument


class TransferClientV2(TunnelsOfBothVersions, BaseClient):
    """
    Tunnels, stream access points and bookmarks.

    It asks an app for the scope ``all``.
    """

    service_name = "transfer"
    error_class = TransferAPIError
    scopes = TransferScopes
    default_scope_requirements = [TransferScopes.all]  # pyright: ignore  # on the class too
    retry_checks = TRANSFER_V2_DEFAULT_RETRY_CHECKS
    canned_responses = "transfer.v2"

    # tunnels

    def create_tunnel(self, data: dict[str, t.Any] | TunnelCreateDocument) -> GlobusHTTPResponse:
        """
        Create a tunnel.

        :param data: the tunnel; the same document can be sent again, after an error for example,
            without creating a second tunnel
        :raises TransferAPIError: if it is refused
        """
        return self.post("/v2/tunnels", data=data)

    def get_tunnel_events(
        self, tunnel_id: ID, *, query_params: Params = None
    ) -> IterableJSONAPIResponse:
        """
        List what has happened to a tunnel.

        :param tunnel_id: the tunnel's id
        :param query_params: further query parameters, which win
        :raises TransferAPIError: if the caller has no such tunnel
        """
        return IterableJSONAPIResponse(
            self.get(path("/v2/tunnels/{}/events", tunnel_id), query_params=query(query_params))
        )

    @has_paginator(JSONAPIPaginator)
    def list_stream_access_points(self, *, query_params: Params = None) -> IterableJSONAPIResponse:
        """
        List the stream access points that the caller may use, one page of them.

        :param query_params: further query parameters, which win
        """
        return IterableJSONAPIResponse(
            self.get("/v2/stream_access_points", query_params=query(query_params))
        )

    # bookmarks

    def create_bookmark(self, data: Body | BookmarkCreateDocument) -> GlobusHTTPResponse:
        """
        Create a bookmark.

        :param data: the bookmark
        :raises TransferAPIError: if the caller has a bookmark of this name already
        """
        return self.post("/v2/bookmarks", data=data)

    def update_bookmark(
        self, bookmark_id: ID, update_document: Body | BookmarkUpdateDocument
    ) -> GlobusHTTPResponse:
        """
        Change a bookmark.

        :param bookmark_id: the bookmark's id
        :param update_document: what to change
        :raises TransferAPIError: if the caller has no such bookmark, or another of this name
        """
        return self.patch(path("/v2/bookmarks/{}", bookmark_id), data=update_document)

    def get_bookmark(self, bookmark_id: ID, *, query_params: Params = None) -> GlobusHTTPResponse:
        """
        Fetch one bookmark.

        :param bookmark_id: the bookmark's id
        :param query_params: further query parameters, which win
        :raises TransferAPIError: if the caller has no such bookmark
        """
        return self.get(path("/v2/bookmarks/{}", bookmark_id), query_params=query(query_params))

    def delete_bookmark(self, bookmark_id: ID) -> GlobusHTTPResponse:
        """
        Delete a bookmark.

        :param bookmark_id: the bookmark's id
        :raises TransferAPIError: if the caller has no such bookmark
        """
        return self.delete(path("/v2/bookmarks/{}", bookmark_id))

    def list_bookmarks(self, *, query_params: Params = None) -> IterableJSONAPIResponse:
        """
        List the caller's bookmarks.

        :param query_params: further query parameters, which win
        """
        return IterableJSONAPIResponse(self.get("/v2/bookmarks", query_params=query(query_params)))
