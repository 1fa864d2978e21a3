"""
Records that are kept decoded, and handed out as copies.
"""

from __future__ import annotations

from globus_core.token_storage import TokenStorageData


def copy_of(data: TokenStorageData) -> TokenStorageData:
    """
    A record that its holder may change without changing the kept one.

    :param data: the record
    """
    extra = data.extra
    if extra:
        from copy import deepcopy

        extra = deepcopy(extra)
    return TokenStorageData(
        data.resource_server,
        data.identity_id,
        data.scope,
        data.access_token,
        data.refresh_token,
        data.expires_at_seconds,
        data.token_type,
        extra or None,
    )
