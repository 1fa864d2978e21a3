"""
Globus Transfer: the client, the documents that it sends, and its experimental second version.
"""

from __future__ import annotations

from globus_core import lazy_exports

__getattr__, __all__ = lazy_exports(
    __name__,
    {
        "bookmark_documents": ("BookmarkCreateDocument", "BookmarkUpdateDocument"),
        "client": ("TransferClient",),
        "client_v2": ("TransferClientV2",),
        "delete_data": ("DeleteData",),
        "errors": ("TransferAPIError",),
        "filters": ("TransferFilterDict",),
        "responses": ("IterableTransferResponse",),
        "retry_checks": (
            "TRANSFER_DEFAULT_RETRY_CHECKS",
            "TRANSFER_V2_DEFAULT_RETRY_CHECKS",
            "check_transfer_transient_error",
            "check_transfer_v2_transient_error",
        ),
        "transfer_data": ("TransferData",),
        "tunnel_documents": ("CreateTunnelData", "TunnelCreateDocument", "TunnelUpdateDocument"),
    },
)

_V2 = (
    "BookmarkCreateDocument",
    "BookmarkUpdateDocument",
    "TransferClientV2",
    "TunnelCreateDocument",
    "TunnelUpdateDocument",
)

#: what namespaces of globus_core get of these names
NAMESPACES = {
    "": (
        "DeleteData",
        "IterableTransferResponse",
        "TransferAPIError",
        "TransferClient",
        "TransferData",
    ),
    "experimental": _V2,
    "experimental.transfer_v2": _V2,
    "services.transfer": (
        "CreateTunnelData",
        "DeleteData",
        "IterableTransferResponse",
        "TransferAPIError",
        "TransferClient",
        "TransferData",
    ),
}
