"""
Globus Transfer: the client, the documents that it sends, and its experimental second version.
"""

from __future__ import annotations

from globus_core import lazy_exports

__getattr__, __all__ = lazy_exports(
    __name__,
    {
        "answer_documents": (
            "AccessRule",
            "BookmarkDocument",
            "FatalError",
            "FileDocument",
            "PauseRule",
            "ResultDocument",
            "RoleDocument",
            "SkippedError",
            "SubmissionDocument",
            "SubmissionIdDocument",
            "SuccessfulTransfer",
            "TaskDocument",
            "TaskEvent",
            "TransferEndpoint",
        ),
        "bookmark_documents": ("BookmarkCreateDocument", "BookmarkUpdateDocument"),
        "client": ("TransferClient",),
        "client_v2": ("TransferClientV2",),
        "delete_data": ("DeleteData",),
        "errors": (
            "SubmissionKeyError",
            "TaskConflictError",
            "TaskFaultError",
            "TransferAPIError",
            "UnknownPrincipalError",
            "WalkError",
        ),
        "filters": ("TransferFilterDict",),
        "many_items": ("TransferItem",),
        "many_states": ("ManyState", "ManyTask"),
        "planning": ("PlannedTask", "TransferPlan"),
        "principals": ("AccessGrant", "Principal"),
        "responses": ("IterableTransferResponse",),
        "retry_checks": (
            "TRANSFER_DEFAULT_RETRY_CHECKS",
            "TRANSFER_V2_DEFAULT_RETRY_CHECKS",
            "check_transfer_transient_error",
            "check_transfer_v2_transient_error",
        ),
        "submission_store": ("SubmissionStore",),
        "submissions": ("Submission",),
        "task_states": ("TaskOutcome", "TaskResult", "TaskState"),
        "transfer_data": ("TransferData",),
        "walks": ("WalkEntry",),
        "tunnel_documents": ("CreateTunnelData", "TunnelCreateDocument", "TunnelUpdateDocument"),
    },
)

_DATA = ("CreateTunnelData", "DeleteData", "TransferData")
_CORE = ("IterableTransferResponse", "TransferAPIError", "TransferClient")
_TASKS = (
    "TaskDocument",
    "TaskEvent",
    "TaskFaultError",
    "TaskOutcome",
    "TaskResult",
    "TaskState",
)
_MANY = (
    "ManyState",
    "ManyTask",
    "PlannedTask",
    "Submission",
    "SubmissionKeyError",
    "SubmissionStore",
    "TaskConflictError",
    "TransferItem",
    "TransferPlan",
)
_ANSWERS = (
    "AccessRule",
    "BookmarkDocument",
    "FatalError",
    "PauseRule",
    "ResultDocument",
    "RoleDocument",
    "SkippedError",
    "SubmissionDocument",
    "SubmissionIdDocument",
    "SuccessfulTransfer",
    "TransferEndpoint",
)
_SHARING = ("AccessGrant", "Principal", "UnknownPrincipalError")
_WALKS = ("FileDocument", "WalkEntry", "WalkError")
_V2_BOOKMARKS = ("BookmarkCreateDocument", "BookmarkUpdateDocument")
_V2_TUNNELS = ("TunnelCreateDocument", "TunnelUpdateDocument")
_V2 = ("TransferClientV2", *_V2_BOOKMARKS, *_V2_TUNNELS)

#: what namespaces of globus_core get of these names
NAMESPACES = {
    "": (*_CORE, "DeleteData", "TransferData"),
    "experimental": _V2,
    "experimental.transfer_v2": _V2,
    "experimental.transfer_v2.client": ("TransferClientV2",),
    "experimental.transfer_v2.data": (*_V2_BOOKMARKS, *_V2_TUNNELS),
    "experimental.transfer_v2.data.bookmark_documents": _V2_BOOKMARKS,
    "experimental.transfer_v2.data.tunnel_documents": _V2_TUNNELS,
    "experimental.transfer_v2.transport": (
        "TRANSFER_V2_DEFAULT_RETRY_CHECKS",
        "check_transfer_v2_transient_error",
    ),
    "services.transfer": (*_CORE, *_DATA, *_TASKS, *_MANY, *_WALKS, *_SHARING, *_ANSWERS),
    "services.transfer.client": ("TransferClient", "TransferFilterDict"),
    "services.transfer.data": _DATA,
    "services.transfer.data.delete_data": ("DeleteData",),
    "services.transfer.data.transfer_data": ("TransferData",),
    "services.transfer.data.tunnel_data": ("CreateTunnelData",),
    "services.transfer.errors": ("TransferAPIError",),
    "services.transfer.response": ("IterableTransferResponse",),
    "services.transfer.response.iterable": ("IterableTransferResponse",),
    "services.transfer.transport": (
        "TRANSFER_DEFAULT_RETRY_CHECKS",
        "check_transfer_transient_error",
    ),
}
