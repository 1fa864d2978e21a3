"""
Who is behind an identity id or a username: IdentityMap, its resolver and its caches.
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

#: what namespaces of globus_core get of these names, where it is not all of them
NAMESPACES = {
    "": ("IdentityMap",),
    "identities": ("MemoryIdentityCache", "SQLiteIdentityCache"),
    "services.auth": ("IdentityMap",),
}
