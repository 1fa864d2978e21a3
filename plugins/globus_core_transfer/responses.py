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

    def _repr_html_(self) -> str:
        from .task_views import columns_of

        data: t.Any = self.data
        items = data.get(self.iter_key) if isinstance(data, dict) else None
        return self._html(columns_of(items))
