"""
Errors of Globus Groups.
"""

from __future__ import annotations

from globus_core.exc import GlobusAPIError


class GroupsAPIError(GlobusAPIError):
    """
    An error response of Globus Groups.
    """
