"""
The client for the Search API, put together from its chapters.
"""

from __future__ import annotations

from globus_core import BaseClient
from globus_core.scopes import SearchScopes

from .entries import Entries
from .errors import SearchAPIError
from .indices import Indices
from .queries import Queries
from .roles import Roles
from .tasks import Tasks


class SearchClient(Indices, Queries, Entries, Tasks, Roles, BaseClient):
    """
    Indices of JSON documents, and the search in them.

    It asks an app for the scope ``search``, which is enough for searching. What changes an index
    needs ``all``, or ``ingest`` for its entries.
    """

    service_name = "search"
    error_class = SearchAPIError
    scopes = SearchScopes
    default_scope_requirements = [SearchScopes.search]  # pyright: ignore  # on the class too
