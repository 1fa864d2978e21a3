"""
Operations on files that are done at once: list, stat, make a directory, rename.
"""

from __future__ import annotations

from globus_core import MISSING, BaseClient
from globus_core.documents import comma_joined, flag, path, query

from .responses import IterableTransferResponse

TYPE_CHECKING = False
if TYPE_CHECKING:
    from globus_core import MissingType

    from .answer_documents import FileDocument
    from .answers import FileResponse, ResultResponse
    from .endpoints import ID, Params
    from .filters import TransferFilterDict


class Operations(BaseClient):
    """
    The methods for files and directories of a collection, one at a time.
    """

    service_name = "transfer"

    def operation_ls(
        self,
        endpoint_id: ID,
        path: str | MissingType = MISSING,
        *,
        show_hidden: bool | MissingType = MISSING,
        orderby: str | list[str] | MissingType = MISSING,
        limit: int | MissingType = MISSING,
        offset: int | MissingType = MISSING,
        filter: (str | TransferFilterDict | list[str | TransferFilterDict] | MissingType) = MISSING,
        local_user: str | MissingType = MISSING,
        query_params: Params = None,
    ) -> IterableTransferResponse[FileDocument]:
        """
        List a directory of a collection.

        The collection lists the whole directory for each call, also for one with an offset.

        :param endpoint_id: the collection's id
        :param path: the directory; MISSING takes the collection's default, which ``path`` of the
            response says
        :param show_hidden: list names that begin with a dot; MISSING does
        :param orderby: a field such as ``size`` or ``last_modified DESC``, or several
        :param limit: how many at most; MISSING is 100,000, which is the maximum
        :param offset: how many to skip
        :param filter: which to list: ``{"name": "~*.txt", "type": "file"}``, the same as the text
            ``name:~*.txt/type:file``, or several filters, all of which have to match. A value
            begins with ``~`` (a pattern), ``!`` (not), ``!~`` or ``=`` (equal, as without it)
        :param local_user: the account on the system behind the collection, if the caller is mapped
            to several
        :param query_params: further query parameters, which win
        :raises GlobusSDKUsageError: if a value of a filter has a ``/``
        :raises TransferAPIError: if there is no such directory, the caller must not read it, or the
            collection cannot be reached
        """
        from .filters import filter_texts

        params = query(
            query_params,
            path=path,
            limit=limit,
            offset=offset,
            show_hidden=flag(show_hidden),
            orderby=comma_joined(orderby),
            filter=filter_texts(filter),
            local_user=local_user,
        )
        return IterableTransferResponse(
            self.get(_operation(endpoint_id, "ls"), query_params=params)
        )

    def operation_stat(
        self,
        endpoint_id: ID,
        path: str | MissingType = MISSING,
        *,
        local_user: str | MissingType = MISSING,
        query_params: Params = None,
    ) -> FileResponse:
        """
        Fetch the size, times and permissions of a file or directory.

        :param endpoint_id: the collection's id
        :param path: the file or directory; MISSING takes the collection's default directory
        :param local_user: see :meth:`operation_ls`
        :param query_params: further query parameters, which win
        :raises TransferAPIError: if there is nothing under this path, or it cannot be reached
        """
        return self.get(  # type: ignore[return-value]
            _operation(endpoint_id, "stat"),
            query_params=query(query_params, path=path, local_user=local_user),
        )

    def operation_mkdir(
        self,
        endpoint_id: ID,
        path: str,
        *,
        local_user: str | MissingType = MISSING,
        query_params: Params = None,
    ) -> ResultResponse:
        """
        Create a directory.

        :param endpoint_id: the collection's id
        :param path: the directory
        :param local_user: see :meth:`operation_ls`
        :param query_params: further query parameters, which win
        :raises TransferAPIError: if there is something under this path, or the caller must not
            write there
        """
        return self.post(  # type: ignore[return-value]
            _operation(endpoint_id, "mkdir"),
            data={"DATA_TYPE": "mkdir", "path": path, "local_user": local_user},
            query_params=query(query_params),
        )

    def operation_rename(
        self,
        endpoint_id: ID,
        oldpath: str,
        newpath: str,
        *,
        local_user: str | MissingType = MISSING,
        query_params: Params = None,
    ) -> ResultResponse:
        """
        Rename a file or directory, or move it within its collection.

        :param endpoint_id: the collection's id
        :param oldpath: where it is
        :param newpath: where it will be, with its name
        :param local_user: see :meth:`operation_ls`
        :param query_params: further query parameters, which win
        :raises TransferAPIError: if it does not exist, or ``newpath`` does
        """
        return self.post(  # type: ignore[return-value]
            _operation(endpoint_id, "rename"),
            data={
                "DATA_TYPE": "rename",
                "old_path": oldpath,
                "new_path": newpath,
                "local_user": local_user,
            },
            query_params=query(query_params),
        )


def _operation(endpoint_id: ID, name: str) -> str:
    # `path` is the name of an argument of the methods
    return path(f"/v0.10/operation/endpoint/{{}}/{name}", endpoint_id)
