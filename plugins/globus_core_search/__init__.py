"""
Globus Search: the client, the queries that it sends, and what it answers.
"""

from __future__ import annotations

from globus_core import lazy_exports

__getattr__, __all__ = lazy_exports(
    __name__,
    {
        "client": ("SearchClient",),
        "documents": ("SearchQueryV1", "SearchScrollQuery"),
        "errors": ("SearchAPIError",),
        "responses": ("IndexListResponse",),
    },
)

_CORE = ("SearchAPIError", "SearchClient", "SearchQueryV1", "SearchScrollQuery")

#: what namespaces of globus_core get of these names
NAMESPACES = {
    "": _CORE,
    "services.search": (*_CORE, "IndexListResponse"),
}
