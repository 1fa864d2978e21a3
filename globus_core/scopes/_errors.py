"""
Why a scope string cannot be read, or scopes cannot be put together.
"""

from __future__ import annotations

from globus_core.exc.base import GlobusError


class ScopeParseError(GlobusError, ValueError):
    """
    A text is not a scope string, or scopes cannot be put together.
    """


class ScopeCycleError(ScopeParseError):
    """
    A scope stands among its own dependencies, directly or further down.
    """
