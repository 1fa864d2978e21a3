"""The errors of the sandbox."""

from __future__ import annotations

from globus_core.exc import GlobusError


class SandboxError(GlobusError):
    """
    The sandbox cannot carry out a call.
    """


class SandboxStartError(SandboxError, OSError):
    """
    The sandbox cannot listen on the requested address.
    """
