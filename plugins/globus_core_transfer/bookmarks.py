"""
Bookmarks: names that the caller gives to folders of collections.
"""

from __future__ import annotations

from globus_core import BaseClient, GlobusHTTPResponse
from globus_core.documents import path, query

from .responses import IterableTransferResponse

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .answer_documents import BookmarkDocument
    from .endpoints import ID, Body, Params


class Bookmarks(BaseClient):
    """
    The methods for bookmarks.
    """

    service_name = "transfer"

    def bookmark_list(
        self, *, query_params: Params = None
    ) -> IterableTransferResponse[BookmarkDocument]:
        """
        List the caller's bookmarks.

        :param query_params: further query parameters, which win
        """
        return IterableTransferResponse(
            self.get("/v0.10/bookmark_list", query_params=query(query_params))
        )

    def create_bookmark(self, bookmark_data: Body) -> GlobusHTTPResponse:
        """
        Create a bookmark.

        :param bookmark_data: the bookmark: ``name``, ``endpoint_id`` (of a collection) and
            ``path`` (which ends in ``/``)
        :raises TransferAPIError: if the caller has a bookmark of this name already
        """
        return self.post("/v0.10/bookmark", data=bookmark_data)

    def get_bookmark(self, bookmark_id: ID, *, query_params: Params = None) -> GlobusHTTPResponse:
        """
        Fetch one bookmark.

        :param bookmark_id: the bookmark's id
        :param query_params: further query parameters, which win
        :raises TransferAPIError: if the caller has no such bookmark
        """
        return self.get(path("/v0.10/bookmark/{}", bookmark_id), query_params=query(query_params))

    def update_bookmark(self, bookmark_id: ID, bookmark_data: Body) -> GlobusHTTPResponse:
        """
        Change a bookmark.

        :param bookmark_id: the bookmark's id
        :param bookmark_data: the fields to change, such as ``{"name": "results"}``
        :raises TransferAPIError: if the caller has no such bookmark, or another of this name
        """
        return self.put(path("/v0.10/bookmark/{}", bookmark_id), data=bookmark_data)

    def delete_bookmark(self, bookmark_id: ID) -> GlobusHTTPResponse:
        """
        Delete a bookmark.

        :param bookmark_id: the bookmark's id
        :raises TransferAPIError: if the caller has no such bookmark
        """
        return self.delete(path("/v0.10/bookmark/{}", bookmark_id))
