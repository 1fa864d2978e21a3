"""
Tokens in PostgreSQL, for portals and programs on many hosts (extra ``postgres``).
"""

from __future__ import annotations

from globus_core import lazy_exports

__getattr__, __all__ = lazy_exports(
    __name__,
    {
        "leases": ("PostgresLease",),
        "schema": ("schema_sql",),
        "storage": ("PostgresTokenStorage",),
    },
)

#: which of these names each namespace of globus_core gets
NAMESPACES = {"token_storage": ("PostgresTokenStorage",)}
