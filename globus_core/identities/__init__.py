"""
Identities: the record, the keys that name one, and the contracts of resolvers and caches.

What looks up identities (IdentityMap, the resolver, the caches) is provided by plugins.
"""

from __future__ import annotations

from globus_core._lazy import attach

__getattr__, __dir__ = attach(
    __name__,
    {
        "cache": ("IdentityCache", "IdentityCacheDescription"),
        "identity": ("CALLER", "GLOBUS", "Identity"),
        "keys": (
            "is_bare_name",
            "is_username",
            "key_problem",
            "normalize_key",
            "split_ids_and_usernames",
        ),
        "resolution": (
            "FAILED",
            "INVALID",
            "NOT_VISIBLE",
            "UNKNOWN",
            "Resolution",
            "Unresolved",
        ),
        "resolver": ("IdentityResolver",),
    },
)
