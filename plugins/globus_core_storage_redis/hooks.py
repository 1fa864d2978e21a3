"""
The hook implementations of the plugin ``storage_redis``.
"""

from __future__ import annotations

from globus_core import hookimpl

EXTRA = "redis"


@hookimpl
def globus_token_storages() -> dict[str, str]:
    """
    Offer tokens in Redis or Valkey: ``redis``, ``redis://host``, over TLS ``rediss://host``.
    """
    storage = "globus_core_storage_redis.storage:RedisTokenStorage"
    return {"redis": storage, "rediss": storage}


@hookimpl
def globus_identity_caches() -> dict[str, str]:
    """
    Offer identities in Redis or Valkey, by the same names.
    """
    cache = "globus_core_storage_redis.identity_cache:RedisIdentityCache"
    return {"redis": cache, "rediss": cache}
