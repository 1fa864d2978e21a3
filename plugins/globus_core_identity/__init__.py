"""
Looking up identities by id and username: IdentityMap, its resolver and its caches.
"""

from __future__ import annotations

from globus_core import lazy_exports

__getattr__, __all__ = lazy_exports(
    __name__,
    {
        "identity_map": ("IdentityMap",),
        "mapping": ("MappingIdentityCache",),
        "memory": ("MemoryIdentityCache",),
        "resolver": ("ChainResolver",),
        "sqlite": ("SQLiteIdentityCache",),
    },
)

#: which of these names each namespace of globus_core gets
NAMESPACES = {
    "": ("IdentityMap",),
    "identities": ("MemoryIdentityCache", "SQLiteIdentityCache"),
    "services.auth": ("IdentityMap",),
}
