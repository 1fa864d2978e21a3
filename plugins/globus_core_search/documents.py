"""
The documents of queries.
"""

from __future__ import annotations

from globus_core import MISSING
from globus_core.documents import Document

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from globus_core import MissingType

    Fields: t.TypeAlias = t.Mapping[str, t.Any] | None
    Objects: t.TypeAlias = t.Sequence[t.Mapping[str, t.Any]]


class SearchQueryV1(Document):
    """
    A query for ``post_search``, ``delete_by_query`` or ``search_all``.

    What is MISSING is left to Search.

    :param q: the words to search for; MISSING finds every subject
    :param limit: how many results at once
    :param offset: how many results to skip
    :param advanced: read ``q`` in the advanced syntax, with fields, ranges and operators
    :param filters: what results must have, such as
        ``{"type": "match_any", "field_name": "kind", "values": ["star"]}``
    :param facets: what to count, such as ``{"name": "kinds", "type": "terms", "field_name":
        "kind"}``
    :param post_facet_filters: filters of the results that the facets do not see
    :param boosts: fields that count for more or less: ``{"field_name": "title", "factor": 2}``
    :param sort: the order, first field first: ``{"field_name": "year", "order": "desc"}``; MISSING
        puts the best match first
    :param additional_fields: further fields, which win
    """

    def __init__(
        self,
        *,
        q: str | MissingType = MISSING,
        limit: int | MissingType = MISSING,
        offset: int | MissingType = MISSING,
        advanced: bool | MissingType = MISSING,
        filters: Objects | MissingType = MISSING,
        facets: Objects | MissingType = MISSING,
        post_facet_filters: Objects | MissingType = MISSING,
        boosts: Objects | MissingType = MISSING,
        sort: Objects | MissingType = MISSING,
        additional_fields: Fields = None,
    ) -> None:
        fields: dict[str, t.Any] = {
            "@version": "query#1.0.0",
            "q": q,
            "limit": limit,
            "offset": offset,
            "advanced": advanced,
            "filters": filters,
            "facets": facets,
            "post_facet_filters": post_facet_filters,
            "boosts": boosts,
            "sort": sort,
        }
        super().__init__(fields, additional_fields)


class SearchScrollQuery(Document):
    """
    A query for ``scroll``, which gives all results in no particular order.

    What is MISSING is left to Search.

    :param q: the words to search for; ``*`` finds every subject
    :param limit: how many results at once
    :param advanced: read ``q`` in the advanced syntax, with fields, ranges and operators
    :param marker: the ``marker`` of the page before; MISSING begins
    :param additional_fields: further fields such as ``filters``, which win
    """

    def __init__(
        self,
        q: str | MissingType = MISSING,
        *,
        limit: int | MissingType = MISSING,
        advanced: bool | MissingType = MISSING,
        marker: str | MissingType = MISSING,
        additional_fields: Fields = None,
    ) -> None:
        fields: dict[str, t.Any] = {
            "q": q,
            "limit": limit,
            "advanced": advanced,
            "marker": marker,
        }
        super().__init__(fields, additional_fields)
