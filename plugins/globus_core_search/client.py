"""
The client for the Search API, put together from its chapters.
"""

from __future__ import annotations

from globus_core import BaseClient
from globus_core.scopes import SearchScopes

from .errors import SearchAPIError
from .indices import Indices
from .ingesting_many import IngestingMany
from .roles import Roles
from .searching_all import SearchingAll


class SearchClient(Indices, SearchingAll, IngestingMany, Roles, BaseClient):
    """
    Indices of JSON documents, and the search in them.

    It asks an app for the scope ``search``, which is enough for searching. What changes an index
    needs ``all``, or ``ingest`` for its entries.
    """

    service_name = "search"
    error_class = SearchAPIError
    scopes = SearchScopes
    default_scope_requirements = [SearchScopes.search]  # pyright: ignore  # on the class too
