"""
The DATA_TYPE of a document: the lowest version that knows all of its keys.
"""

from __future__ import annotations

import typing as t

from globus_core.documents import MISSING

Version = tuple[int, int, int]

_FIRST: Version = (1, 0, 0)
_LONG_MESSAGE = 64
#: kind of document -> key -> the second number of the version that brought it
_MINOR: dict[str, dict[str, int]] = {
    "endpoint": {"gridftp_control_channel_port": 1},
    "storage_gateway": {"require_mfa": 1},
    "collection": {
        "enable_https": 1,
        "user_message": 1,
        "user_message_link": 1,
        "sharing_users_allow": 2,
        "sharing_users_deny": 2,
        "force_verify": 4,
        "disable_anonymous_writes": 5,
        "guest_auth_policy_id": 6,
        "delete_protected": 8,
        "acl_expiration_mins": 10,
        "restrict_transfers_to_high_assurance": 12,
        "auto_delete_timeout": 13,
        "skip_auto_delete": 13,
        "activity_notification_policy": 14,
        "associated_flow_policy": 15,
    },
}


def data_type(kind: str, document: t.Mapping[str, t.Any]) -> str:
    """
    Return the DATA_TYPE for a document; a key that is None counts as present.

    :param kind: ``endpoint``, ``storage_gateway`` or ``collection``
    :param document: the keys of the document
    """
    minor = _MINOR[kind]
    needed = [_FIRST]
    needed += [(1, minor.get(key, 0), 0) for key, value in document.items() if value is not MISSING]
    if kind == "collection" and _is_long(document.get("user_message")):
        needed.append((1, 7, 0))
    return f"{kind}#{'.'.join(map(str, max(needed)))}"


def _is_long(message: object) -> bool:
    return isinstance(message, str) and len(message) > _LONG_MESSAGE
