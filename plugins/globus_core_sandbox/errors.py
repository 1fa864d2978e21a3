"""What can go wrong with a sandbox."""

from __future__ import annotations

from globus_core.exc import GlobusError


class SandboxError(GlobusError):
    """
    The sandbox cannot do what was asked of it.
    """


class SandboxStartError(SandboxError, OSError):
    """
    The sandbox cannot listen on the address that was asked for.
    """
