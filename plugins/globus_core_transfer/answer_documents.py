"""
What Transfer answers, field by field, for type checkers and editors.

Each is a plain dict when the program runs. Where Transfer may send null, the type says so. Times
are ISO 8601 unless a document says otherwise, sizes are in bytes.
"""

from __future__ import annotations

import typing as t


class _TaskEvent(t.TypedDict):
    DATA_TYPE: str
    code: str
    description: str
    details: str
    is_error: bool
    time: str


class TaskEvent(_TaskEvent, total=False):
    """
    Something that has happened to a task. ``details`` is text or JSON as text.
    """

    parent_task_id: str | None


class FatalError(t.TypedDict):
    """
    Why a task has failed.
    """

    code: str
    description: str


class TaskDocument(t.TypedDict):
    """
    A task, as Transfer describes it.

    ``status`` is ACTIVE, INACTIVE, SUCCEEDED or FAILED, ``type`` is TRANSFER or DELETE; a deletion
    has no destination. ``completion_time`` and ``fatal_error`` are None until the end.
    ``effective_bytes_per_second`` is the mean since the task was submitted.
    """

    DATA_TYPE: str
    task_id: str
    type: str
    status: str
    label: str | None
    owner_id: str
    username: str
    command: str
    request_time: str
    completion_time: str | None
    deadline: str
    source_endpoint: str | None
    source_endpoint_id: str | None
    source_endpoint_display_name: str | None
    destination_endpoint: str | None
    destination_endpoint_id: str | None
    destination_endpoint_display_name: str | None
    files: int
    directories: int
    symlinks: int
    files_skipped: int
    files_transferred: int
    bytes_transferred: int
    bytes_checksummed: int
    effective_bytes_per_second: int
    faults: int
    fatal_error: FatalError | None
    is_ok: bool | None
    is_paused: bool
    nice_status: str | None
    nice_status_details: str | None
    nice_status_short_description: str | None
    nice_status_expires_in: int | None
    subtasks_total: int
    subtasks_succeeded: int
    subtasks_pending: int
    subtasks_retrying: int
    subtasks_failed: int
    subtasks_canceled: int
    subtasks_expired: int
    subtasks_skipped_errors: int
    sync_level: int | None
    verify_checksum: bool
    encrypt_data: bool
    preserve_timestamp: bool
    skip_source_errors: bool
    fail_on_quota_errors: bool
    delete_destination_extra: bool
    recursive_symlinks: str
    filter_rules: list[dict[str, t.Any]] | None
    canceled_by_admin: str | None
    canceled_by_admin_message: str | None
    history_deleted: bool


class SuccessfulTransfer(t.TypedDict):
    """
    A file that was transferred.
    """

    DATA_TYPE: str
    source_path: str
    destination_path: str
    size: int
    checksum: str | None
    checksum_algorithm: str | None


class SkippedError(t.TypedDict):
    """
    A file that was skipped. ``error_details`` is text in which ``%`` escapes some characters.
    """

    DATA_TYPE: str
    source_path: str
    destination_path: str
    error_code: str
    error_details: str
    error_time: str
    is_directory: bool
    is_symlink: bool
    is_delete_destination_extra: bool
    external_checksum: str | None
    checksum_algorithm: str | None


class FileDocument(t.TypedDict):
    """
    A file, directory or link, as Transfer describes it.

    ``type`` is ``file``, ``dir``, ``invalid_symlink`` ...; times have a space instead of the ``T``.
    ``link_target`` and the other fields of links are None for what is no link.
    """

    DATA_TYPE: str
    name: str
    type: str
    size: int
    permissions: str
    user: str
    group: str
    last_modified: str
    link_target: str | None
    link_size: int | None
    link_user: str | None
    link_group: str | None
    link_last_modified: str | None


class _TransferEndpoint(t.TypedDict):
    DATA_TYPE: str
    id: str
    display_name: str
    canonical_name: str | None
    entity_type: str
    owner_id: str
    owner_string: str
    organization: str | None
    department: str | None
    description: str | None
    keywords: str | None
    contact_email: str | None
    contact_info: str | None
    info_link: str | None
    default_directory: str | None
    public: bool
    high_assurance: bool
    subscription_id: str | None
    gcs_manager_url: str | None
    gcs_version: str | None
    host_endpoint_id: str | None
    mapped_collection_id: str | None
    https_server: str | None
    tlsftp_server: str | None
    is_globus_connect: bool
    gcp_connected: bool | None
    gcp_paused: bool | None
    non_functional: bool
    my_effective_roles: list[str]
    acl_available: bool
    acl_editable: bool


class TransferEndpoint(_TransferEndpoint, total=False):
    """
    An endpoint or a collection, as Transfer describes it.

    ``host_endpoint_id`` and ``mapped_collection_id`` are those of a guest collection;
    ``https_server`` is the base of the URLs of its files. ``DATA`` has the servers of old
    endpoints.
    """

    DATA: list[dict[str, t.Any]]
    owner_set: bool
    user_message: str | None
    user_message_link: str | None
    force_encryption: bool
    disable_verify: bool
    host_endpoint: str | None
    host_path: str | None
    shareable: bool
    local_user_info_available: bool


class PauseRule(t.TypedDict):
    """
    Why tasks of a collection are paused, and which.
    """

    DATA_TYPE: str
    id: str
    message: str | None
    endpoint_id: str
    identity_id: str | None
    start_time: str | None
    modified_by_id: str
    created_by_host_manager: bool
    editable: bool
    pause_ls: bool
    pause_mkdir: bool
    pause_rename: bool
    pause_task_delete: bool
    pause_task_transfer_write: bool
    pause_task_transfer_read: bool


class _AccessRule(t.TypedDict):
    DATA_TYPE: str
    id: str
    principal_type: str
    principal: str
    path: str
    permissions: str
    role_id: str | None
    role_type: str | None


class AccessRule(_AccessRule, total=False):
    """
    Who may read (``r``) or also write (``rw``) below a path.
    """

    create_time: str | None
    expiration_date: str | None


class RoleDocument(t.TypedDict):
    """
    Who has a role on a collection.
    """

    DATA_TYPE: str
    id: str
    principal_type: str
    principal: str
    role: str


class BookmarkDocument(t.TypedDict):
    """
    A path that its owner has given a name.
    """

    DATA_TYPE: str
    id: str
    name: str
    endpoint_id: str
    path: str
    pinned: bool


class ResultDocument(t.TypedDict):
    """
    What has come of a request that changes something.
    """

    DATA_TYPE: str
    code: str
    message: str
    request_id: str
    resource: str


class SubmissionDocument(ResultDocument):
    """
    The task that a submission has become; ``code`` is Accepted, or Duplicate if it was known.
    """

    task_id: str
    submission_id: str
    task_link: dict[str, str]


class SubmissionIdDocument(t.TypedDict):
    """
    A new submission id.
    """

    value: str


class _List(t.TypedDict):
    DATA_TYPE: str


class TransferListFields(_List, total=False):
    """
    What stands beside a list of Transfer; which of them do depends on the list.
    """

    length: int
    limit: int
    offset: int
    total: int
    has_next_page: bool
    marker: str | int | None
    next_marker: str | int | None
    next_token: str | None
    last_key: str | None
    endpoint: str
    path: str
    absolute_path: str | None
    rename_supported: bool
    symlink_supported: bool
