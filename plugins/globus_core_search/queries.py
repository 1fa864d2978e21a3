"""
Queries: one page of results, or all of them.
"""

from __future__ import annotations

from globus_core import MISSING, BaseClient, GlobusHTTPResponse
from globus_core.arguments import check_mappings
from globus_core.documents import path, query
from globus_core.paging import HasNextPaginator, MarkerPaginator, has_paginator

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t
    from collections.abc import Callable, Iterable

    from globus_core import MissingType

    from .indices import ID, Body, Params

#: the position of the last result that a search gives; ``scroll`` gives more
LAST_RESULT = 10_000
PAGE_SIZE = 100


def _count(page: GlobusHTTPResponse) -> int:
    return int(page["count"])


class QueryPaginator(HasNextPaginator[GlobusHTTPResponse]):
    """
    Pages of a query that may have a limit and an offset of its own.

    It has the parameters of HasNextPaginator.
    """

    def __init__(
        self,
        method: Callable[..., GlobusHTTPResponse],
        *,
        client_args: Iterable[t.Any],
        client_kwargs: dict[str, t.Any],
        **params: t.Any,
    ) -> None:
        client_args = tuple(client_args)
        data = client_kwargs.get("data", client_args[1] if len(client_args) > 1 else {})
        check_mappings(data=data)
        own = {name: data[name] for name in ("limit", "offset") if name in data}
        super().__init__(
            method, client_args=client_args, client_kwargs={**own, **client_kwargs}, **params
        )


class Queries(BaseClient):
    """
    The methods that search.
    """

    service_name = "search"

    @has_paginator(
        HasNextPaginator,
        items_key="gmeta",
        get_page_size=_count,
        max_total_results=LAST_RESULT,
        page_size=PAGE_SIZE,
    )
    def search(
        self,
        index_id: ID,
        q: str,
        *,
        offset: int | MissingType = MISSING,
        limit: int | MissingType = MISSING,
        advanced: bool | MissingType = MISSING,
        query_params: Params = None,
    ) -> GlobusHTTPResponse:
        """
        Search for words; the results are in ``gmeta``.

        :param index_id: the index's id
        :param q: the words
        :param offset: how many results to skip, less than 10,000
        :param limit: how many results at once; MISSING leaves it to Search
        :param advanced: read ``q`` in the advanced syntax; MISSING does not
        :param query_params: further query parameters, which win
        :raises SearchAPIError: if there is no such index, or the query is wrong
        """
        params = query(query_params, q=q, offset=offset, limit=limit, advanced=advanced)
        return self.get(path("/v1/index/{}/search", index_id), query_params=params)

    @has_paginator(
        QueryPaginator,
        items_key="gmeta",
        get_page_size=_count,
        max_total_results=LAST_RESULT,
        page_size=PAGE_SIZE,
    )
    def post_search(
        self,
        index_id: ID,
        data: Body,
        *,
        offset: int | MissingType = MISSING,
        limit: int | MissingType = MISSING,
    ) -> GlobusHTTPResponse:
        """
        Search by a query with filters, facets and so on; the results are in ``gmeta``.

        :param index_id: the index's id
        :param data: the query, such as a ``SearchQueryV1``; it is not changed
        :param offset: how many results to skip, less than 10,000; MISSING takes that of the query
        :param limit: how many results at once; MISSING takes that of the query
        :raises SearchAPIError: if there is no such index, or the query is wrong
        """
        return self.post(
            path("/v1/index/{}/search", index_id), data=_with(data, offset=offset, limit=limit)
        )

    @has_paginator(MarkerPaginator, items_key="gmeta")
    def scroll(
        self, index_id: ID, data: Body, *, marker: str | MissingType = MISSING
    ) -> GlobusHTTPResponse:
        """
        Fetch the next of all results, however many there are, in no particular order.

        :param index_id: the index's id
        :param data: the query, such as a ``SearchScrollQuery``; it is not changed
        :param marker: the ``marker`` of the page before; MISSING takes that of the query, or begins
        :raises SearchAPIError: if there is no such index, or the query or the marker is wrong
        """
        return self.post(path("/v1/index/{}/scroll", index_id), data=_with(data, marker=marker))


def _with(data: Body, **fields: t.Any) -> dict[str, t.Any]:
    """A copy of a query, with the fields that are not MISSING."""
    check_mappings(data=data)
    given = {name: value for name, value in fields.items() if value is not MISSING}
    return {**data, **given}
