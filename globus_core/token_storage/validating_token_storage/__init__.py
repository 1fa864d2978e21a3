"""
A storage that checks tokens when they are stored and when they are read.
"""

from __future__ import annotations

from globus_core._lazy import attach

__getattr__, __dir__ = attach(
    __name__,
    {
        "context": ("TokenValidationContext",),
        "errors": (
            "ExpiredTokenError",
            "IdentityMismatchError",
            "IdentityValidationError",
            "MissingIdentityError",
            "MissingTokenError",
            "TokenValidationError",
            "UnmetScopeRequirementsError",
        ),
        "storage": ("ValidatingTokenStorage",),
        "validators": (
            "HasRefreshTokensValidator",
            "NotExpiredValidator",
            "ScopeRequirementsValidator",
            "TokenDataValidator",
            "UnchangingIdentityIDValidator",
        ),
    },
)
