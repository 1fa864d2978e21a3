"""
The hook implementations of the plugin ``storage_postgres``.
"""

from __future__ import annotations

from globus_core import hookimpl

EXTRA = "postgres"


@hookimpl
def globus_token_storages() -> dict[str, str]:
    """
    Offer tokens in PostgreSQL: ``postgres``, ``postgresql://host/database``.
    """
    storage = "globus_core_storage_postgres.storage:PostgresTokenStorage"
    return {"postgres": storage, "postgresql": storage}
