"""
Tokens and identities in Redis or Valkey, for programs on many hosts (extra ``redis``).
"""

from __future__ import annotations

from globus_core import lazy_exports

__getattr__, __all__ = lazy_exports(
    __name__,
    {
        "identity_cache": ("RedisIdentityCache",),
        "leases": ("RedisLease",),
        "errors": ("EvictionWarning",),
        "storage": ("RedisTokenStorage",),
    },
)

#: which of these names each namespace of globus_core gets
NAMESPACES = {
    "token_storage": ("EvictionWarning", "RedisTokenStorage"),
    "identities": ("RedisIdentityCache",),
}
