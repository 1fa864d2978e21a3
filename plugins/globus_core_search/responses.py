"""
Responses of Globus Search that hold a list.
"""

from __future__ import annotations

from globus_core.response import IterableResponse


class IndexListResponse(IterableResponse):
    """
    A list of indices, which is iterated over ``index_list``.
    """

    default_iter_key = "index_list"
