"""
Records with made-up values, for tests of token storages.
"""

from __future__ import annotations

import typing as t

from globus_core.token_storage import TokenStorage, TokenStorageData

Factory = t.Callable[..., TokenStorage]

# An access token that may appear only where tokens are stored.
CANARY = "canary-Ag4kq0rT7"
NEWER = "access-newer"


def make_token(resource_server: str, **changes: t.Any) -> TokenStorageData:
    """
    A record with made-up values.

    :param resource_server: the resource server
    :param changes: fields with other values
    """
    fields: dict[str, t.Any] = {
        "resource_server": resource_server,
        "identity_id": "9d6a3b0e-5a5b-4f0c-8a53-6a40b1a7c2f1",
        "scope": f"urn:globus:auth:scope:{resource_server}:all",
        "access_token": f"access-{resource_server}",
        "refresh_token": f"refresh-{resource_server}",
        "expires_at_seconds": 1790172800,
        "token_type": "Bearer",
    }
    return TokenStorageData(**{**fields, **changes})
