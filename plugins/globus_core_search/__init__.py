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
        "errors": ("IngestStoppedError", "SearchAPIError"),
        "ingest_results": ("FaultyEntry", "IngestResult"),
        "responses": ("IndexListResponse",),
        "typed_documents": ("ResultDocument", "ResultEntry", "TaskDocument"),
    },
)

_CORE = ("SearchAPIError", "SearchClient", "SearchQueryV1", "SearchScrollQuery")

_BEYOND = (
    "FaultyEntry",
    "IngestResult",
    "IngestStoppedError",
    "ResultDocument",
    "ResultEntry",
    "TaskDocument",
)

#: what namespaces of globus_core get of these names
NAMESPACES = {
    "": _CORE,
    "services.search": (*_CORE, "IndexListResponse", *_BEYOND),
}
