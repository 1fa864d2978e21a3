"""
Which cache a map uses.
"""

from __future__ import annotations

import typing as t

from globus_core import compose
from globus_core.exc import GlobusSDKUsageError
from globus_core.identities import IdentityCache

from .mapping import MappingIdentityCache, TableCache


def open_cache(cache: t.Any, table: dict[str, t.Any]) -> IdentityCache:
    """
    The cache that a caller means.

    :param cache: a cache, a mapping, the name or URL of a cache, or None
    :param table: where to keep records if the caller names no cache
    :raises GlobusSDKUsageError: if it is none of these, or there is no cache of that name
    :raises PluginUnavailableError: if the cache's plugin cannot be used; says what to install
    """
    if cache is None:
        return TableCache(table)
    if isinstance(cache, IdentityCache):
        return cache
    if isinstance(cache, str):
        return _by_name(cache)
    if hasattr(cache, "__getitem__") and hasattr(cache, "__setitem__"):
        return MappingIdentityCache(cache)
    raise GlobusSDKUsageError(
        "cache must be an IdentityCache, a mapping, or a cache's name or URL, not "
        f"{type(cache).__name__}"
    )


def _by_name(name: str) -> IdentityCache:
    scheme, colon, _ = name.partition(":")
    provider = compose.select("globus_identity_caches", scheme, what="identity cache")
    cache: IdentityCache = provider.from_url(name) if colon else provider()
    return cache
