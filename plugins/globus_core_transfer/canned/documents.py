"""
Made-up documents of Globus Transfer, each in the shape in which it is answered.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    Document = dict[str, t.Any]

COLLECTION_ID = "2c1f9be4-70d8-4a5b-9f36-e5a84d2b17c0"
DESTINATION_ID = "b6e07d52-1c4f-4893-a0de-57f2c938e614"
GUEST_ID = "8f53ca17-e2b0-46d9-b7c4-0d91fe6a3528"
ENDPOINT_ID = "d94a6b03-5e7c-4128-8fb1-c36d0e9f72a5"
IDENTITY_ID = "7a11c9d2-40be-4f1a-9c35-2b8e6d70f413"
SUBSCRIPTION_ID = "f07c3d81-96ae-4b52-8d14-a2e5b6907fc3"
OTHER_SUBSCRIPTION_ID = "41d8e6b9-3a05-4c7f-92be-6f1c0d5a83e7"
TASK_ID = "5be2a0c7-d413-4f86-9a5e-708c1fd6b294"
SUBMISSION_ID = "c3907fae-52b1-4d68-a3f7-1e6d84b05c29"
BOOKMARK_ID = "9a4f1d06-b7e3-4c25-80fa-d52c6e9b3178"
ROLE_ID = "e81b7c40-2d9f-4a63-b5c8-094f3e7da612"
RULE_ID = "06c5f29d-a847-4be1-93d0-5b7e1fa82c46"
PAUSE_RULE_ID = "b2d70e85-4f1a-49c6-8e3b-7ac9501fd8e4"
CANCEL_ID = "1f6a93c8-07de-4b25-a4f9-e83b50c7d261"
TUNNEL_ID = "70e4b1fd-8c92-4a57-b06e-3d1f9ac5e283"
ACCESS_POINT_ID = "a5d03e96-f7b8-4c14-9e2d-60b8c71f4da9"
OTHER_ACCESS_POINT_ID = "3e9c5b20-1a7d-4f68-8bc3-f40d92e6a715"
SERVER_ID = 1207
REQUEST_ID = "Kq3vTz81M"

COLLECTION: Document = {
    "DATA_TYPE": "endpoint",
    "id": COLLECTION_ID,
    "display_name": "Observatory",
    "canonical_name": None,
    "entity_type": "GCSv5_mapped_collection",
    "owner_id": ENDPOINT_ID,
    "owner_string": "ada@example.org",
    "organization": "Example University",
    "department": None,
    "description": "Images of the night sky",
    "keywords": "astronomy",
    "contact_email": "ada@example.org",
    "contact_info": None,
    "info_link": None,
    "default_directory": "/~/",
    "public": True,
    "high_assurance": False,
    "subscription_id": SUBSCRIPTION_ID,
    "gcs_manager_url": "https://a1b2.data.example.org",
    "gcs_version": "5.4.80",
    "host_endpoint_id": None,
    "mapped_collection_id": None,
    "https_server": "https://m-c3d4.a1b2.data.example.org",
    "tlsftp_server": "tlsftp://m-c3d4.a1b2.data.example.org:443",
    "is_globus_connect": False,
    "gcp_connected": None,
    "gcp_paused": None,
    "non_functional": False,
    "my_effective_roles": ["administrator"],
    "acl_available": False,
    "acl_editable": False,
    "DATA": [],
}
GUEST: Document = {
    **COLLECTION,
    "id": GUEST_ID,
    "display_name": "Images to share",
    "entity_type": "GCSv5_guest_collection",
    "owner_id": IDENTITY_ID,
    "host_endpoint_id": ENDPOINT_ID,
    "mapped_collection_id": COLLECTION_ID,
    "acl_available": True,
    "acl_editable": True,
}
SERVER: Document = {
    "DATA_TYPE": "server",
    "id": SERVER_ID,
    "hostname": "a1b2.data.example.org",
    "port": 443,
    "scheme": "gsiftp",
    "subject": None,
    "uri": "gsiftp://a1b2.data.example.org:443",
}
ROLE: Document = {
    "DATA_TYPE": "role",
    "id": ROLE_ID,
    "principal_type": "identity",
    "principal": IDENTITY_ID,
    "role": "access_manager",
}
RULE: Document = {
    "DATA_TYPE": "access",
    "id": RULE_ID,
    "principal_type": "identity",
    "principal": IDENTITY_ID,
    "path": "/nebulae/",
    "permissions": "r",
    "role_id": None,
    "role_type": None,
    "create_time": "2026-03-01T08:00:00+00:00",
    "expiration_date": None,
}
BOOKMARK: Document = {
    "DATA_TYPE": "bookmark",
    "id": BOOKMARK_ID,
    "name": "nebulae",
    "endpoint_id": COLLECTION_ID,
    "path": "/~/nebulae/",
    "pinned": False,
}
FILE: Document = {
    "DATA_TYPE": "file",
    "name": "orion.fits",
    "type": "file",
    "size": 2048,
    "permissions": "0644",
    "user": "ada",
    "group": "astronomers",
    "last_modified": "2026-03-01 08:30:00+00:00",
    "link_target": None,
    "link_size": None,
    "link_user": None,
    "link_group": None,
    "link_last_modified": None,
}
DIRECTORY: Document = {
    **FILE,
    "name": "nebulae",
    "type": "dir",
    "size": 4096,
    "permissions": "0755",
}
TASK: Document = {
    "DATA_TYPE": "task",
    "task_id": TASK_ID,
    "type": "TRANSFER",
    "status": "SUCCEEDED",
    "label": "the night of 1 March",
    "owner_id": IDENTITY_ID,
    "username": "u_pii4tusax5hruhdvfopw24hucm",
    "command": "API 0.10",
    "request_time": "2026-03-01T09:00:00+00:00",
    "completion_time": "2026-03-01T09:00:20+00:00",
    "deadline": "2026-03-02T09:00:00+00:00",
    "source_endpoint": "observatory",
    "source_endpoint_id": COLLECTION_ID,
    "source_endpoint_display_name": "Observatory",
    "destination_endpoint": "archive",
    "destination_endpoint_id": DESTINATION_ID,
    "destination_endpoint_display_name": "Archive",
    "files": 2,
    "directories": 1,
    "symlinks": 0,
    "files_skipped": 0,
    "files_transferred": 2,
    "bytes_transferred": 4096,
    "bytes_checksummed": 4096,
    "effective_bytes_per_second": 204,
    "faults": 0,
    "fatal_error": None,
    "is_ok": None,
    "is_paused": False,
    "nice_status": None,
    "nice_status_details": None,
    "nice_status_short_description": None,
    "nice_status_expires_in": None,
    "subtasks_total": 4,
    "subtasks_succeeded": 4,
    "subtasks_pending": 0,
    "subtasks_retrying": 0,
    "subtasks_failed": 0,
    "subtasks_canceled": 0,
    "subtasks_expired": 0,
    "subtasks_skipped_errors": 0,
    "sync_level": None,
    "verify_checksum": True,
    "encrypt_data": False,
    "preserve_timestamp": False,
    "skip_source_errors": False,
    "fail_on_quota_errors": False,
    "delete_destination_extra": False,
    "recursive_symlinks": "ignore",
    "filter_rules": None,
    "canceled_by_admin": None,
    "canceled_by_admin_message": None,
    "history_deleted": False,
}
_RUNNING: Document = {
    **TASK,
    "completion_time": None,
    "files_transferred": 1,
    "bytes_transferred": 2048,
    "bytes_checksummed": 2048,
    "subtasks_succeeded": 2,
    "subtasks_pending": 2,
}
ACTIVE: Document = {**_RUNNING, "status": "ACTIVE", "is_ok": True, "nice_status": "OK"}
RETRYING: Document = {
    **ACTIVE,
    "is_ok": False,
    "faults": 3,
    "nice_status": "FILE_NOT_FOUND",
    "nice_status_short_description": "file not found",
    "subtasks_retrying": 1,
    "subtasks_pending": 1,
}
INACTIVE: Document = {**_RUNNING, "status": "INACTIVE", "nice_status": "CONSENT_REQUIRED"}
FAILED: Document = {
    **TASK,
    "status": "FAILED",
    "fatal_error": {"code": "EXPIRED", "description": "the deadline is over"},
    "files_transferred": 1,
    "subtasks_succeeded": 3,
    "subtasks_expired": 1,
}
STARTED: Document = {
    "DATA_TYPE": "event",
    "code": "STARTED",
    "description": "started",
    "details": '{"type": "transfer"}',
    "is_error": False,
    "time": "2026-03-01T09:00:01+00:00",
}
SUCCEEDED: Document = {
    **STARTED,
    "code": "SUCCEEDED",
    "description": "succeeded",
    "details": '{"files_succeeded": 2}',
    "time": "2026-03-01T09:00:20+00:00",
}
TRANSFERRED: Document = {
    "DATA_TYPE": "successful_transfer",
    "source_path": "/~/nebulae/orion.fits",
    "destination_path": "/archive/nebulae/orion.fits",
    "size": 2048,
    "checksum": "0cc175b9c0f1b6a831c399e269772661",
    "checksum_algorithm": "MD5",
}
SKIPPED: Document = {
    "DATA_TYPE": "skipped_error",
    "source_path": "/~/nebulae/lost.fits",
    "destination_path": "/archive/nebulae/lost.fits",
    "error_code": "FILE_NOT_FOUND",
    "error_details": "No%20such%20file%20or%20directory",
    "error_time": "2026-03-01T09:00:10+00:00",
    "is_directory": False,
    "is_symlink": False,
    "is_delete_destination_extra": False,
    "external_checksum": None,
    "checksum_algorithm": None,
}
PAUSE_RULE: Document = {
    "DATA_TYPE": "pause_rule",
    "id": PAUSE_RULE_ID,
    "message": "the disks are being replaced",
    "endpoint_id": COLLECTION_ID,
    "identity_id": None,
    "start_time": None,
    "modified_by_id": IDENTITY_ID,
    "created_by_host_manager": False,
    "editable": True,
    "pause_ls": False,
    "pause_mkdir": False,
    "pause_rename": False,
    "pause_task_delete": True,
    "pause_task_transfer_write": True,
    "pause_task_transfer_read": True,
}
TUNNEL: Document = {
    "type": "Tunnel",
    "id": TUNNEL_ID,
    "attributes": {
        "created_time": "2026-03-01T09:00:00.000001",
        "initiator_ip_address": None,
        "initiator_port": None,
        "listener_ip_address": None,
        "listener_port": None,
        "label": "live images",
        "lifetime_mins": 60,
        "restartable": False,
        "state": "AWAITING_LISTENER",
        "status": "no listener is there yet",
        "submission_id": SUBMISSION_ID,
    },
    "relationships": {
        "initiator": {"data": {"type": "StreamAccessPoint", "id": ACCESS_POINT_ID}},
        "listener": {"data": {"type": "StreamAccessPoint", "id": OTHER_ACCESS_POINT_ID}},
        "owner": {"data": {"type": "Identity", "id": IDENTITY_ID}},
    },
}
TUNNEL_EVENT: Document = {
    "type": "TunnelEvent",
    "id": 310,
    "attributes": {
        "code": "STARTED",
        "is_error": False,
        "description": "started",
        "details": "the tunnel is being opened",
        "time": "2026-03-01T09:00:01.000001",
    },
}
ACCESS_POINT: Document = {
    "type": "StreamAccessPoint",
    "id": ACCESS_POINT_ID,
    "attributes": {
        "advertised_owner": "ada@example.org",
        "contact_email": None,
        "contact_info": None,
        "department": None,
        "description": None,
        "display_name": "Camera 1",
        "info_link": None,
        "keywords": None,
        "organization": None,
        "tlsftp_server": "tlsftp://s-e5f6.a1b2.data.example.org:443",
    },
    "relationships": {"host_endpoint": {"data": {"type": "Endpoint", "id": ENDPOINT_ID}}},
}
BOOKMARK_V2: Document = {
    "type": "Bookmark",
    "id": BOOKMARK_ID,
    "attributes": {"name": "nebulae", "path": "/~/nebulae/"},
    "relationships": {"collection": {"data": {"type": "Collection", "id": COLLECTION_ID}}},
}


def result(code: str, message: str, **more: t.Any) -> Document:
    """
    What is answered when something was done.

    :param code: what was done
    :param message: the same in words
    :param more: further fields, which win
    """
    return {
        "DATA_TYPE": "result",
        "code": code,
        "message": message,
        "request_id": REQUEST_ID,
        "resource": "/",
        **more,
    }


def listing(kind: str, *items: Document, **more: t.Any) -> Document:
    """
    A list of documents, or one page of it.

    :param kind: the ``DATA_TYPE``
    :param items: the documents
    :param more: further fields
    """
    return {"DATA_TYPE": kind, "DATA": list(items), **more}


def counted(kind: str, *items: Document, total: int | None = None, offset: int = 0) -> Document:
    """
    A page of a list whose elements are counted.

    :param kind: the ``DATA_TYPE``
    :param items: the documents
    :param total: how many there are on all pages; None is as many as here
    :param offset: how many are on the pages before
    """
    size = len(items)
    return listing(
        kind,
        *items,
        length=size,
        limit=1000,
        offset=offset,
        total=size if total is None else total,
    )


def jsonapi(data: t.Any, **more: t.Any) -> Document:
    """
    A document of the second version of the API (JSON:API).

    :param data: the resource, or a list of them
    :param more: further members
    """
    return {"data": data, "meta": {"request_id": REQUEST_ID}, **more}
