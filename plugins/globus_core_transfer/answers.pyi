# mypy: disable-error-code="override"
# pyright: reportIncompatibleMethodOverride=false

import typing as t

from typing_extensions import TypeVar

from globus_core.response import GlobusHTTPResponse, IterableResponse

from .answer_documents import (
    FatalError,
    FileDocument,
    ResultDocument,
    SubmissionDocument,
    SubmissionIdDocument,
    TaskDocument,
    TransferEndpoint,
    TransferListFields,
)

DefaultT = t.TypeVar("DefaultT")
ItemT = TypeVar("ItemT", default=t.Any)

class TransferList(TransferListFields, t.Generic[ItemT], total=False):
    DATA: list[ItemT]
    shared_endpoints: list[ItemT]

class TaskResponse(GlobusHTTPResponse[TaskDocument]):
    @t.overload
    def __getitem__(
        self,
        key: t.Literal[
            "DATA_TYPE",
            "task_id",
            "type",
            "status",
            "owner_id",
            "username",
            "command",
            "request_time",
            "deadline",
            "recursive_symlinks",
        ],
    ) -> str: ...
    @t.overload
    def __getitem__(
        self,
        key: t.Literal[
            "label",
            "completion_time",
            "source_endpoint",
            "source_endpoint_id",
            "source_endpoint_display_name",
            "destination_endpoint",
            "destination_endpoint_id",
            "destination_endpoint_display_name",
            "nice_status",
            "nice_status_details",
            "nice_status_short_description",
            "canceled_by_admin",
            "canceled_by_admin_message",
        ],
    ) -> str | None: ...
    @t.overload
    def __getitem__(
        self,
        key: t.Literal[
            "files",
            "directories",
            "symlinks",
            "files_skipped",
            "files_transferred",
            "bytes_transferred",
            "bytes_checksummed",
            "effective_bytes_per_second",
            "faults",
            "subtasks_total",
            "subtasks_succeeded",
            "subtasks_pending",
            "subtasks_retrying",
            "subtasks_failed",
            "subtasks_canceled",
            "subtasks_expired",
            "subtasks_skipped_errors",
        ],
    ) -> int: ...
    @t.overload
    def __getitem__(self, key: t.Literal["fatal_error"]) -> FatalError | None: ...
    @t.overload
    def __getitem__(self, key: t.Literal["is_ok"]) -> bool | None: ...
    @t.overload
    def __getitem__(
        self,
        key: t.Literal[
            "is_paused",
            "verify_checksum",
            "encrypt_data",
            "preserve_timestamp",
            "skip_source_errors",
            "fail_on_quota_errors",
            "delete_destination_extra",
            "history_deleted",
        ],
    ) -> bool: ...
    @t.overload
    def __getitem__(self, key: t.Literal["nice_status_expires_in", "sync_level"]) -> int | None: ...
    @t.overload
    def __getitem__(self, key: t.Literal["filter_rules"]) -> list[dict[str, t.Any]] | None: ...
    @t.overload
    def get(
        self,
        key: t.Literal[
            "DATA_TYPE",
            "task_id",
            "type",
            "status",
            "owner_id",
            "username",
            "command",
            "request_time",
            "deadline",
            "recursive_symlinks",
        ],
        default: None = None,
    ) -> str | None: ...
    @t.overload
    def get(
        self,
        key: t.Literal[
            "DATA_TYPE",
            "task_id",
            "type",
            "status",
            "owner_id",
            "username",
            "command",
            "request_time",
            "deadline",
            "recursive_symlinks",
        ],
        default: DefaultT,
    ) -> str | DefaultT: ...
    @t.overload
    def get(
        self,
        key: t.Literal[
            "label",
            "completion_time",
            "source_endpoint",
            "source_endpoint_id",
            "source_endpoint_display_name",
            "destination_endpoint",
            "destination_endpoint_id",
            "destination_endpoint_display_name",
            "nice_status",
            "nice_status_details",
            "nice_status_short_description",
            "canceled_by_admin",
            "canceled_by_admin_message",
        ],
        default: None = None,
    ) -> str | None: ...
    @t.overload
    def get(
        self,
        key: t.Literal[
            "label",
            "completion_time",
            "source_endpoint",
            "source_endpoint_id",
            "source_endpoint_display_name",
            "destination_endpoint",
            "destination_endpoint_id",
            "destination_endpoint_display_name",
            "nice_status",
            "nice_status_details",
            "nice_status_short_description",
            "canceled_by_admin",
            "canceled_by_admin_message",
        ],
        default: DefaultT,
    ) -> str | DefaultT | None: ...
    @t.overload
    def get(
        self,
        key: t.Literal[
            "files",
            "directories",
            "symlinks",
            "files_skipped",
            "files_transferred",
            "bytes_transferred",
            "bytes_checksummed",
            "effective_bytes_per_second",
            "faults",
            "subtasks_total",
            "subtasks_succeeded",
            "subtasks_pending",
            "subtasks_retrying",
            "subtasks_failed",
            "subtasks_canceled",
            "subtasks_expired",
            "subtasks_skipped_errors",
        ],
        default: None = None,
    ) -> int | None: ...
    @t.overload
    def get(
        self,
        key: t.Literal[
            "files",
            "directories",
            "symlinks",
            "files_skipped",
            "files_transferred",
            "bytes_transferred",
            "bytes_checksummed",
            "effective_bytes_per_second",
            "faults",
            "subtasks_total",
            "subtasks_succeeded",
            "subtasks_pending",
            "subtasks_retrying",
            "subtasks_failed",
            "subtasks_canceled",
            "subtasks_expired",
            "subtasks_skipped_errors",
        ],
        default: DefaultT,
    ) -> int | DefaultT: ...
    @t.overload
    def get(self, key: t.Literal["fatal_error"], default: None = None) -> FatalError | None: ...
    @t.overload
    def get(
        self, key: t.Literal["fatal_error"], default: DefaultT
    ) -> FatalError | DefaultT | None: ...
    @t.overload
    def get(self, key: t.Literal["is_ok"], default: None = None) -> bool | None: ...
    @t.overload
    def get(self, key: t.Literal["is_ok"], default: DefaultT) -> bool | DefaultT | None: ...
    @t.overload
    def get(
        self,
        key: t.Literal[
            "is_paused",
            "verify_checksum",
            "encrypt_data",
            "preserve_timestamp",
            "skip_source_errors",
            "fail_on_quota_errors",
            "delete_destination_extra",
            "history_deleted",
        ],
        default: None = None,
    ) -> bool | None: ...
    @t.overload
    def get(
        self,
        key: t.Literal[
            "is_paused",
            "verify_checksum",
            "encrypt_data",
            "preserve_timestamp",
            "skip_source_errors",
            "fail_on_quota_errors",
            "delete_destination_extra",
            "history_deleted",
        ],
        default: DefaultT,
    ) -> bool | DefaultT: ...
    @t.overload
    def get(
        self, key: t.Literal["nice_status_expires_in", "sync_level"], default: None = None
    ) -> int | None: ...
    @t.overload
    def get(
        self, key: t.Literal["nice_status_expires_in", "sync_level"], default: DefaultT
    ) -> int | DefaultT | None: ...
    @t.overload
    def get(
        self, key: t.Literal["filter_rules"], default: None = None
    ) -> list[dict[str, t.Any]] | None: ...
    @t.overload
    def get(
        self, key: t.Literal["filter_rules"], default: DefaultT
    ) -> list[dict[str, t.Any]] | DefaultT | None: ...

class EndpointResponse(GlobusHTTPResponse[TransferEndpoint]):
    @t.overload
    def __getitem__(
        self,
        key: t.Literal[
            "DATA_TYPE", "id", "display_name", "entity_type", "owner_id", "owner_string"
        ],
    ) -> str: ...
    @t.overload
    def __getitem__(
        self,
        key: t.Literal[
            "canonical_name",
            "organization",
            "department",
            "description",
            "keywords",
            "contact_email",
            "contact_info",
            "info_link",
            "default_directory",
            "subscription_id",
            "gcs_manager_url",
            "gcs_version",
            "host_endpoint_id",
            "mapped_collection_id",
            "https_server",
            "tlsftp_server",
            "user_message",
            "user_message_link",
            "host_endpoint",
            "host_path",
        ],
    ) -> str | None: ...
    @t.overload
    def __getitem__(
        self,
        key: t.Literal[
            "public",
            "high_assurance",
            "is_globus_connect",
            "non_functional",
            "acl_available",
            "acl_editable",
            "owner_set",
            "force_encryption",
            "disable_verify",
            "shareable",
            "local_user_info_available",
        ],
    ) -> bool: ...
    @t.overload
    def __getitem__(self, key: t.Literal["gcp_connected", "gcp_paused"]) -> bool | None: ...
    @t.overload
    def __getitem__(self, key: t.Literal["my_effective_roles"]) -> list[str]: ...
    @t.overload
    def __getitem__(self, key: t.Literal["DATA"]) -> list[dict[str, t.Any]]: ...
    @t.overload
    def get(
        self,
        key: t.Literal[
            "DATA_TYPE", "id", "display_name", "entity_type", "owner_id", "owner_string"
        ],
        default: None = None,
    ) -> str | None: ...
    @t.overload
    def get(
        self,
        key: t.Literal[
            "DATA_TYPE", "id", "display_name", "entity_type", "owner_id", "owner_string"
        ],
        default: DefaultT,
    ) -> str | DefaultT: ...
    @t.overload
    def get(
        self,
        key: t.Literal[
            "canonical_name",
            "organization",
            "department",
            "description",
            "keywords",
            "contact_email",
            "contact_info",
            "info_link",
            "default_directory",
            "subscription_id",
            "gcs_manager_url",
            "gcs_version",
            "host_endpoint_id",
            "mapped_collection_id",
            "https_server",
            "tlsftp_server",
            "user_message",
            "user_message_link",
            "host_endpoint",
            "host_path",
        ],
        default: None = None,
    ) -> str | None: ...
    @t.overload
    def get(
        self,
        key: t.Literal[
            "canonical_name",
            "organization",
            "department",
            "description",
            "keywords",
            "contact_email",
            "contact_info",
            "info_link",
            "default_directory",
            "subscription_id",
            "gcs_manager_url",
            "gcs_version",
            "host_endpoint_id",
            "mapped_collection_id",
            "https_server",
            "tlsftp_server",
            "user_message",
            "user_message_link",
            "host_endpoint",
            "host_path",
        ],
        default: DefaultT,
    ) -> str | DefaultT | None: ...
    @t.overload
    def get(
        self,
        key: t.Literal[
            "public",
            "high_assurance",
            "is_globus_connect",
            "non_functional",
            "acl_available",
            "acl_editable",
            "owner_set",
            "force_encryption",
            "disable_verify",
            "shareable",
            "local_user_info_available",
        ],
        default: None = None,
    ) -> bool | None: ...
    @t.overload
    def get(
        self,
        key: t.Literal[
            "public",
            "high_assurance",
            "is_globus_connect",
            "non_functional",
            "acl_available",
            "acl_editable",
            "owner_set",
            "force_encryption",
            "disable_verify",
            "shareable",
            "local_user_info_available",
        ],
        default: DefaultT,
    ) -> bool | DefaultT: ...
    @t.overload
    def get(
        self, key: t.Literal["gcp_connected", "gcp_paused"], default: None = None
    ) -> bool | None: ...
    @t.overload
    def get(
        self, key: t.Literal["gcp_connected", "gcp_paused"], default: DefaultT
    ) -> bool | DefaultT | None: ...
    @t.overload
    def get(
        self, key: t.Literal["my_effective_roles"], default: None = None
    ) -> list[str] | None: ...
    @t.overload
    def get(
        self, key: t.Literal["my_effective_roles"], default: DefaultT
    ) -> list[str] | DefaultT: ...
    @t.overload
    def get(
        self, key: t.Literal["DATA"], default: None = None
    ) -> list[dict[str, t.Any]] | None: ...
    @t.overload
    def get(
        self, key: t.Literal["DATA"], default: DefaultT
    ) -> list[dict[str, t.Any]] | DefaultT: ...

class FileResponse(GlobusHTTPResponse[FileDocument]):
    @t.overload
    def __getitem__(
        self,
        key: t.Literal[
            "DATA_TYPE", "name", "type", "permissions", "user", "group", "last_modified"
        ],
    ) -> str: ...
    @t.overload
    def __getitem__(self, key: t.Literal["size"]) -> int: ...
    @t.overload
    def __getitem__(
        self, key: t.Literal["link_target", "link_user", "link_group", "link_last_modified"]
    ) -> str | None: ...
    @t.overload
    def __getitem__(self, key: t.Literal["link_size"]) -> int | None: ...
    @t.overload
    def get(
        self,
        key: t.Literal[
            "DATA_TYPE", "name", "type", "permissions", "user", "group", "last_modified"
        ],
        default: None = None,
    ) -> str | None: ...
    @t.overload
    def get(
        self,
        key: t.Literal[
            "DATA_TYPE", "name", "type", "permissions", "user", "group", "last_modified"
        ],
        default: DefaultT,
    ) -> str | DefaultT: ...
    @t.overload
    def get(self, key: t.Literal["size"], default: None = None) -> int | None: ...
    @t.overload
    def get(self, key: t.Literal["size"], default: DefaultT) -> int | DefaultT: ...
    @t.overload
    def get(
        self,
        key: t.Literal["link_target", "link_user", "link_group", "link_last_modified"],
        default: None = None,
    ) -> str | None: ...
    @t.overload
    def get(
        self,
        key: t.Literal["link_target", "link_user", "link_group", "link_last_modified"],
        default: DefaultT,
    ) -> str | DefaultT | None: ...
    @t.overload
    def get(self, key: t.Literal["link_size"], default: None = None) -> int | None: ...
    @t.overload
    def get(self, key: t.Literal["link_size"], default: DefaultT) -> int | DefaultT | None: ...

class ResultResponse(GlobusHTTPResponse[ResultDocument]):
    def __getitem__(
        self, key: t.Literal["DATA_TYPE", "code", "message", "request_id", "resource"]
    ) -> str: ...
    @t.overload
    def get(
        self,
        key: t.Literal["DATA_TYPE", "code", "message", "request_id", "resource"],
        default: None = None,
    ) -> str | None: ...
    @t.overload
    def get(
        self,
        key: t.Literal["DATA_TYPE", "code", "message", "request_id", "resource"],
        default: DefaultT,
    ) -> str | DefaultT: ...

class SubmissionResponse(GlobusHTTPResponse[SubmissionDocument]):
    @t.overload
    def __getitem__(
        self,
        key: t.Literal[
            "DATA_TYPE", "code", "message", "request_id", "resource", "task_id", "submission_id"
        ],
    ) -> str: ...
    @t.overload
    def __getitem__(self, key: t.Literal["task_link"]) -> dict[str, str]: ...
    @t.overload
    def get(
        self,
        key: t.Literal[
            "DATA_TYPE", "code", "message", "request_id", "resource", "task_id", "submission_id"
        ],
        default: None = None,
    ) -> str | None: ...
    @t.overload
    def get(
        self,
        key: t.Literal[
            "DATA_TYPE", "code", "message", "request_id", "resource", "task_id", "submission_id"
        ],
        default: DefaultT,
    ) -> str | DefaultT: ...
    @t.overload
    def get(self, key: t.Literal["task_link"], default: None = None) -> dict[str, str] | None: ...
    @t.overload
    def get(self, key: t.Literal["task_link"], default: DefaultT) -> dict[str, str] | DefaultT: ...

class SubmissionIdResponse(GlobusHTTPResponse[SubmissionIdDocument]):
    def __getitem__(self, key: t.Literal["value"]) -> str: ...
    @t.overload
    def get(self, key: t.Literal["value"], default: None = None) -> str | None: ...
    @t.overload
    def get(self, key: t.Literal["value"], default: DefaultT) -> str | DefaultT: ...

class TransferListResponse(IterableResponse[ItemT, TransferList[ItemT]]):
    @t.overload
    def __getitem__(self, key: t.Literal["DATA_TYPE", "endpoint", "path"]) -> str: ...
    @t.overload
    def __getitem__(self, key: t.Literal["length", "limit", "offset", "total"]) -> int: ...
    @t.overload
    def __getitem__(
        self, key: t.Literal["has_next_page", "rename_supported", "symlink_supported"]
    ) -> bool: ...
    @t.overload
    def __getitem__(self, key: t.Literal["marker", "next_marker"]) -> str | int | None: ...
    @t.overload
    def __getitem__(
        self, key: t.Literal["next_token", "last_key", "absolute_path"]
    ) -> str | None: ...
    @t.overload
    def __getitem__(self, key: t.Literal["DATA", "shared_endpoints"]) -> list[ItemT]: ...
    @t.overload
    def get(
        self, key: t.Literal["DATA_TYPE", "endpoint", "path"], default: None = None
    ) -> str | None: ...
    @t.overload
    def get(
        self, key: t.Literal["DATA_TYPE", "endpoint", "path"], default: DefaultT
    ) -> str | DefaultT: ...
    @t.overload
    def get(
        self, key: t.Literal["length", "limit", "offset", "total"], default: None = None
    ) -> int | None: ...
    @t.overload
    def get(
        self, key: t.Literal["length", "limit", "offset", "total"], default: DefaultT
    ) -> int | DefaultT: ...
    @t.overload
    def get(
        self,
        key: t.Literal["has_next_page", "rename_supported", "symlink_supported"],
        default: None = None,
    ) -> bool | None: ...
    @t.overload
    def get(
        self,
        key: t.Literal["has_next_page", "rename_supported", "symlink_supported"],
        default: DefaultT,
    ) -> bool | DefaultT: ...
    @t.overload
    def get(
        self, key: t.Literal["marker", "next_marker"], default: None = None
    ) -> str | int | None: ...
    @t.overload
    def get(
        self, key: t.Literal["marker", "next_marker"], default: DefaultT
    ) -> str | int | DefaultT | None: ...
    @t.overload
    def get(
        self, key: t.Literal["next_token", "last_key", "absolute_path"], default: None = None
    ) -> str | None: ...
    @t.overload
    def get(
        self, key: t.Literal["next_token", "last_key", "absolute_path"], default: DefaultT
    ) -> str | DefaultT | None: ...
    @t.overload
    def get(
        self, key: t.Literal["DATA", "shared_endpoints"], default: None = None
    ) -> list[ItemT] | None: ...
    @t.overload
    def get(
        self, key: t.Literal["DATA", "shared_endpoints"], default: DefaultT
    ) -> list[ItemT] | DefaultT: ...
