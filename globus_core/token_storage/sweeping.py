"""
Removing the tokens that nobody can use any more.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .base import TokenStorage
    from .data import TokenStorageData


def is_spent(data: TokenStorageData, unused_seconds: float) -> bool:
    """
    Whether nobody can use a record any more.

    :param data: the record
    :param unused_seconds: how long a refresh token is kept after the access token has expired
    """
    import time

    kept = 0.0 if data.refresh_token is None else unused_seconds
    return data.expires_at_seconds + kept < time.time()


def sweep(storage: TokenStorage, unused_seconds: float) -> int:
    """
    Remove the tokens of all namespaces that nobody can use any more, one by one, and return how
    many there were.

    :param storage: a storage that lists its namespaces
    :param unused_seconds: how long a refresh token is kept after the access token has expired
    :raises StorageError: if the storage cannot be read or written
    """
    removed = 0
    for namespace in storage.namespaces():
        one = storage.for_namespace(namespace)
        for server, data in one.get_token_data_by_resource_server().items():
            if is_spent(data, unused_seconds):
                removed += one.replace(server, data.revision, None)
    return removed
