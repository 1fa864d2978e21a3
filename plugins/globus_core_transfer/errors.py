"""
Errors of Globus Transfer.
"""

from __future__ import annotations

from globus_core.exc import GlobusAPIError


class TransferAPIError(GlobusAPIError):
    """
    An error response of Globus Transfer.

    ``code`` has parts, as in ``ClientError.NotFound``; ``ExternalError`` and ``EndpointError`` are
    errors of a collection, not of the service.
    """
