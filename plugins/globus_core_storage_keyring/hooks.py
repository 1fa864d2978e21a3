"""
The hook implementations of the plugin ``storage_keyring``.
"""

from __future__ import annotations

from globus_core import hookimpl

EXTRA = "keyring"
REQUIRES = ("storage", "storage_encrypted")


@hookimpl
def globus_token_storages() -> dict[str, str]:
    """
    Offer encrypted tokens with a key in the keyring: ``keyring``, ``keyring:///path``.
    """
    return {"keyring": "globus_core_storage_keyring.storage:KeyringTokenStorage"}
