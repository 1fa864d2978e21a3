"""
Iterating over paginated responses.

A client's method opts in with ``has_paginator``; ``client.paginated.<method>(...)`` then gives a
paginator instead of the first page. A page is fetched when it is asked for, no page is kept,
and each iteration starts at the first page.
"""

from __future__ import annotations

from globus_core._lazy import attach

__getattr__, __dir__ = attach(
    __name__,
    {
        "base": ("Paginator",),
        "cursor": (
            "LastKeyPaginator",
            "MarkerPaginator",
            "NextTokenPaginator",
            "NullableMarkerPaginator",
        ),
        "jsonapi": ("JSONAPIPaginator",),
        "offset": ("HasNextPaginator", "LimitOffsetTotalPaginator"),
        "table": ("PaginatorTable", "has_paginator"),
    },
)
