"""
Responses of Globus Transfer that hold a list.
"""

from __future__ import annotations

from globus_core.response import IterableResponse

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from typing_extensions import TypeVar

    from .answers import TransferListResponse

    ItemT = TypeVar("ItemT", default=t.Any)
else:
    TransferListResponse = IterableResponse


class IterableTransferResponse(TransferListResponse["ItemT"]):
    """
    A list, which is iterated over ``DATA``.
    """

    default_iter_key = "DATA"
