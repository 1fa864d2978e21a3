"""
Globus Auth Requirements Errors (GARE): what a login must satisfy so that a request can succeed.
"""

from __future__ import annotations

from globus_core._lazy import attach

__getattr__, __dir__ = attach(
    __name__,
    {
        "_convert": ("has_gares", "is_gare", "to_gare", "to_gares"),
        "_documents": ("GARE", "GlobusAuthorizationParameters"),
    },
)
