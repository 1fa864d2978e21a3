"""
Token storages: the contract, the record that is stored, and validation around a storage.

The storages themselves are provided by plugins, and their names are here too.
"""

from __future__ import annotations

from globus_core._lazy import attach

__getattr__, __dir__ = attach(
    __name__,
    {
        "base": ("StorageDescription", "TokenStorage"),
        "data": ("DamagedStorageWarning", "TokenStorageData"),
        "globus_core.exc.base": ("RenewalLockTimeoutError",),
        "validating_token_storage": (
            "HasRefreshTokensValidator",
            "NotExpiredValidator",
            "ScopeRequirementsValidator",
            "TokenDataValidator",
            "TokenValidationContext",
            "TokenValidationError",
            "UnchangingIdentityIDValidator",
            "ValidatingTokenStorage",
        ),
    },
    submodules=("legacy", "validating_token_storage"),
)
