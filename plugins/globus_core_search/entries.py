"""
Subjects and their entries: ingested, fetched and deleted.
"""

from __future__ import annotations

from globus_core import MISSING, BaseClient, GlobusHTTPResponse
from globus_core.documents import listed, path, query

TYPE_CHECKING = False
if TYPE_CHECKING:
    from globus_core import MissingType
    from globus_core.documents import IDs

    from .indices import ID, Body, Params


class Entries(BaseClient):
    """
    The methods for what is in an index. Changes are tasks; ``task_id`` is in the response.
    """

    service_name = "search"

    def ingest(self, index_id: ID, data: Body) -> GlobusHTTPResponse:
        """
        Add entries, or replace those with the same subject and id, as one task.

        :param index_id: the index's id
        :param data: the document, 10 MB at most, with ``ingest_type`` and ``ingest_data``: a
            ``GMetaEntry``, or a ``GMetaList`` whose ``gmeta`` has several. An entry has
            ``subject``, ``visible_to``, ``content`` and perhaps ``id``
        :raises SearchAPIError: if the caller must not write to the index, or the document is wrong
            or too large
        """
        return self.post(path("/v1/index/{}/ingest", index_id), data=data)

    def delete_by_query(self, index_id: ID, data: Body) -> GlobusHTTPResponse:
        """
        Delete the subjects that a query finds, as one task.

        :param index_id: the index's id
        :param data: the query, such as ``{"q": "old"}``, without order, facets and limits
        :raises SearchAPIError: if the caller must not write to the index, or the query is wrong
        """
        return self.post(path("/v1/index/{}/delete_by_query", index_id), data=data)

    def batch_delete_by_subject(
        self, index_id: ID, subjects: IDs, additional_params: Params = None
    ) -> GlobusHTTPResponse:
        """
        Delete several subjects with all their entries, as one task.

        :param index_id: the index's id
        :param subjects: the subjects; a single one as it is, or several
        :param additional_params: further fields of the document, which win
        :raises SearchAPIError: if the caller must not write to the index
        """
        return self.post(
            path("/v1/index/{}/batch_delete_by_subject", index_id),
            data={"subjects": listed(subjects), **(additional_params or {})},
        )

    def get_subject(
        self, index_id: ID, subject: str, *, query_params: Params = None
    ) -> GlobusHTTPResponse:
        """
        Fetch a subject with those of its entries that are visible to the caller.

        :param index_id: the index's id
        :param subject: the subject
        :param query_params: further query parameters, which win
        :raises SearchAPIError: if no entry of such a subject is visible to the caller
        """
        return self.get(
            path("/v1/index/{}/subject", index_id),
            query_params=query(query_params, subject=subject),
        )

    def delete_subject(
        self, index_id: ID, subject: str, *, query_params: Params = None
    ) -> GlobusHTTPResponse:
        """
        Delete a subject with all its entries, as a task.

        :param index_id: the index's id
        :param subject: the subject
        :param query_params: further query parameters, which win
        :raises SearchAPIError: if the caller must not write to the index
        """
        return self.delete(
            path("/v1/index/{}/subject", index_id),
            query_params=query(query_params, subject=subject),
        )

    def get_entry(
        self,
        index_id: ID,
        subject: str,
        *,
        entry_id: str | MissingType = MISSING,
        query_params: Params = None,
    ) -> GlobusHTTPResponse:
        """
        Fetch one entry of a subject.

        :param index_id: the index's id
        :param subject: the subject
        :param entry_id: the entry's id; MISSING is the entry without an id
        :param query_params: further query parameters, which win
        :raises SearchAPIError: if no such entry is visible to the caller
        """
        return self.get(
            path("/v1/index/{}/entry", index_id),
            query_params=query(query_params, subject=subject, entry_id=entry_id),
        )

    def delete_entry(
        self,
        index_id: ID,
        subject: str,
        *,
        entry_id: str | MissingType = MISSING,
        query_params: Params = None,
    ) -> GlobusHTTPResponse:
        """
        Delete one entry of a subject, as a task.

        :param index_id: the index's id
        :param subject: the subject
        :param entry_id: the entry's id; MISSING is the entry without an id
        :param query_params: further query parameters, which win
        :raises SearchAPIError: if the caller must not write to the index
        """
        return self.delete(
            path("/v1/index/{}/entry", index_id),
            query_params=query(query_params, subject=subject, entry_id=entry_id),
        )
