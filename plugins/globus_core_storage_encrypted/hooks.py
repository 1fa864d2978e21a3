"""
The hook implementations of the plugin ``storage_encrypted``.
"""

from __future__ import annotations

from globus_core import hookimpl

REQUIRES = ("storage",)


@hookimpl
def globus_token_storages() -> dict[str, str]:
    """
    Offer tokens in an encrypted file: ``encrypted``, ``encrypted:///path``.
    """
    return {"encrypted": "globus_core_storage_encrypted.storage:EncryptedTokenStorage"}
