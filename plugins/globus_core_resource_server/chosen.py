"""
The places that programs choose for what workers share, by objects or by URLs.
"""

from __future__ import annotations

import typing as t

from globus_core import compose, hookspecs
from globus_core.arguments import check_has
from globus_core.exc import GlobusSDKUsageError

if t.TYPE_CHECKING:
    from globus_core.identities import IdentityCache
    from globus_core.token_storage import TokenStorage

_CACHE = ("get_many", "put_many", "discard_many")
_STORAGE = ("get_token_data_by_resource_server", "store_token_data_by_resource_server")


def chosen_cache(cache: IdentityCache | str) -> IdentityCache:
    """
    The cache for the facts about callers.

    :param cache: a cache, or its name or URL
    :raises GlobusSDKUsageError: if it is none
    """
    if isinstance(cache, str):
        made: IdentityCache = compose.select_by_url(
            hookspecs.globus_identity_caches, cache, what="identity cache", methods=_CACHE
        )
        return made
    check_has(cache, "cache", _CACHE, "an identity cache")
    return cache


def chosen_storage(storage: TokenStorage | str) -> TokenStorage:
    """
    The storage for tokens of other services.

    :param storage: a storage, or its URL
    :raises GlobusSDKUsageError: if it is none
    """
    if isinstance(storage, str):
        if ":" not in storage:
            raise GlobusSDKUsageError(
                f"the name {storage!r} means the storage of an app; give a URL such as "
                f"'sqlite:///run/service/dependent.db', or a storage"
            )
        made: TokenStorage = compose.select_by_url(
            hookspecs.globus_token_storages,
            storage,
            what="token storage",
            methods=_STORAGE,
            namespace="DEFAULT",
        )
        return made
    check_has(storage, "token_storage", (*_STORAGE, "for_namespace"), "a TokenStorage")
    return storage
