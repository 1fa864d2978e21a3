"""
Errors of scope strings and of merging scopes.
"""

from __future__ import annotations

from globus_core.exc.base import GlobusError


class ScopeParseError(GlobusError, ValueError):
    """
    A text is not a scope string, or scopes cannot be merged.
    """


class ScopeCycleError(ScopeParseError):
    """
    A scope depends on itself, directly or indirectly.
    """
