"""
Indices: their documents and their life.
"""

from __future__ import annotations

from globus_core import MISSING, BaseClient, GlobusHTTPResponse
from globus_core.documents import comma_joined, path, query

from .responses import IndexListResponse

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t
    import uuid

    from globus_core import MissingType

    ID: t.TypeAlias = uuid.UUID | str
    Body: t.TypeAlias = t.Mapping[str, t.Any]
    Params: t.TypeAlias = t.Mapping[str, t.Any] | None


class Indices(BaseClient):
    """
    The methods for indices as a whole.
    """

    service_name = "search"

    def create_index(self, display_name: str, description: str) -> GlobusHTTPResponse:
        """
        Create an index, which the caller owns. New indices are trial indices.

        :param display_name: its name for people
        :param description: what it holds
        :raises SearchAPIError: ``Conflict.LimitExceeded`` if the caller has as many trial indices
            as Search allows
        """
        return self.post(
            "/v1/index", data={"display_name": display_name, "description": description}
        )

    def update_index(
        self,
        index_id: ID,
        *,
        display_name: str | MissingType = MISSING,
        description: str | MissingType = MISSING,
    ) -> GlobusHTTPResponse:
        """
        Change the name or the description of an index.

        :param index_id: its id
        :param display_name: its new name; MISSING keeps the old one
        :param description: its new description; MISSING keeps the old one
        :raises SearchAPIError: if the caller does not administer the index
        """
        return self.patch(
            path("/v1/index/{}", index_id),
            data={"display_name": display_name, "description": description},
        )

    def delete_index(self, index_id: ID) -> GlobusHTTPResponse:
        """
        Mark an index for deletion: its status becomes ``delete_pending``. See ``reopen_index``.

        :param index_id: its id
        :raises SearchAPIError: if the caller does not own the index, or
            ``Conflict.IncompatibleIndexStatus`` if it is not open
        """
        return self.delete(path("/v1/index/{}", index_id))

    def reopen_index(self, index_id: ID) -> GlobusHTTPResponse:
        """
        Keep an index that was marked for deletion.

        :param index_id: its id
        :raises SearchAPIError: ``Conflict.IncompatibleIndexStatus`` if it is open
        """
        return self.post(path("/v1/index/{}/reopen", index_id))

    def get_index(self, index_id: ID, *, query_params: Params = None) -> GlobusHTTPResponse:
        """
        Fetch the document of an index: its name, status, size in MB and number of subjects.

        :param index_id: its id
        :param query_params: further query parameters, which win
        :raises SearchAPIError: ``NotFound.NoSuchIndex`` if there is none with this id
        """
        return self.get(path("/v1/index/{}", index_id), query_params=query(query_params))

    def index_list(
        self,
        filter_roles: str | t.Iterable[str] | MissingType = MISSING,
        *,
        query_params: Params = None,
    ) -> IndexListResponse:
        """
        List the indices on which the caller has a role.

        :param filter_roles: ``owner``, ``admin`` or ``writer``, or several of them; MISSING is any
        :param query_params: further query parameters, which win
        :raises SearchAPIError: if a role is not known
        """
        params = query(query_params, filter_roles=comma_joined(filter_roles))
        return IndexListResponse(self.get("/v1/index_list", query_params=params))
