"""
Responses of Globus Transfer that hold a list.
"""

from __future__ import annotations

from globus_core.response import IterableResponse


class IterableTransferResponse(IterableResponse):
    """
    A list, which is iterated over ``DATA``.
    """

    default_iter_key = "DATA"
