"""
Errors of Globus Compute.
"""

from __future__ import annotations

from globus_core.exc import GlobusAPIError


class ComputeAPIError(GlobusAPIError):
    """
    An error response of Globus Compute.
    """
