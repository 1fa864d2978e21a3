"""
Encrypted tokens whose key is in the keyring of the operating system (extra ``keyring``).
"""

from __future__ import annotations

from globus_core import lazy_exports

__getattr__, __all__ = lazy_exports(
    __name__,
    {
        "errors": ("KeyringError", "UnencryptedStorageWarning"),
        "storage": ("KeyringTokenStorage",),
    },
)

#: which of these names each namespace of globus_core gets
NAMESPACES = {"token_storage": ("KeyringError", "KeyringTokenStorage", "UnencryptedStorageWarning")}
