"""
All results of a query, however many there are.
"""

from __future__ import annotations

from globus_core import MISSING
from globus_core.arguments import check_has
from globus_core.exc import GlobusSDKUsageError

from .queries import Queries

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from .indices import ID, Body
    from .typed_documents import ResultDocument

#: what a query cannot have if its results come in no order
_FOR_AN_ORDER = ("offset", "sort", "boosts", "facets", "post_facet_filters")


class SearchingAll(Queries):
    """
    The method for all results.
    """

    service_name = "search"

    def search_all(
        self, index_id: ID, query: str | Body, *, page_size: int = 1000
    ) -> t.Iterator[ResultDocument]:
        """
        Give all results of a query, also beyond the 10,000th, in no particular order.

        They are fetched page by page, by ``scroll``; no more than one page is kept.

        :param index_id: the index's id
        :param query: words, of which ``*`` finds everything; or a document such as a
            ``SearchQueryV1``, which has no ``sort``, ``offset``, ``boosts`` or facets
        :param page_size: how many results to fetch at once, unless the query has a ``limit``
        :return: an iterator, which sends a request when it needs the next page
        :raises GlobusSDKUsageError: at once, if the query has a field that it cannot have
        :raises SearchAPIError: if there is no such index, or the query is wrong
        """
        document = {"limit": page_size, **_document(query)}
        return self.paginated.scroll(index_id, document).items()


def _document(query: str | Body) -> dict[str, t.Any]:
    if isinstance(query, str):
        return {"q": query}
    check_has(query, "query", ("items", "__getitem__"), "a text or a dict")
    # the version is that of another kind of document
    given = {
        name: value
        for name, value in query.items()
        if value is not MISSING and value is not None and name != "@version"
    }
    for name in _FOR_AN_ORDER:
        if name in given:
            raise GlobusSDKUsageError(
                f"'query' cannot have {name!r}, as all results come in no order; "
                "post_search takes it"
            )
    return given
