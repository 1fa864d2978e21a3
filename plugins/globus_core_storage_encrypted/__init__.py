"""
Encrypted tokens: the envelope for records, and a storage in an encrypted file.
"""

from __future__ import annotations

from globus_core import lazy_exports

__getattr__, __all__ = lazy_exports(
    __name__,
    {
        "envelope": ("Envelope",),
        "errors": ("BrokenSealError", "StorageKeyError"),
        "storage": ("EncryptedTokenStorage",),
    },
)

#: which of these names each namespace of globus_core gets
NAMESPACES = {
    "token_storage": ("BrokenSealError", "EncryptedTokenStorage", "Envelope", "StorageKeyError")
}
