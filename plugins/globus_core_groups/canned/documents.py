"""
Made-up documents of Globus Groups, each in the shape in which it is answered.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    Document = dict[str, t.Any]

GROUP_ID = "4d7b1e90-c25a-4f38-96d1-0ae85f3c72b6"
CHILD_ID = "a8e03f5c-716d-4b92-8c4e-f19d20b6a537"
SUBSCRIBER_ID = "e15c8d72-0b94-4a6f-b3e7-25f7d9c01a84"
SUBSCRIPTION_ID = "9306fa2b-d48e-4c15-a7f0-6b1c3e85d92f"
IDENTITY_ID = "7a11c9d2-40be-4f1a-9c35-2b8e6d70f413"
OTHER_IDENTITY_ID = "c64f0b8e-92a7-4d53-b1e6-8f7d35a20c19"
CONNECTOR_ID = "fb656a17-0f69-4e59-95ff-d0a62ca7bdf5"

MEMBERSHIP: Document = {
    "group_id": GROUP_ID,
    "identity_id": IDENTITY_ID,
    "username": "ada@example.org",
    "role": "admin",
    "status": "active",
}
OTHER_MEMBERSHIP: Document = {
    **MEMBERSHIP,
    "identity_id": OTHER_IDENTITY_ID,
    "username": "grace@example.org",
    "role": "member",
}
POLICIES: Document = {
    "is_high_assurance": False,
    "authentication_assurance_timeout": 28800,
    "group_visibility": "private",
    "group_members_visibility": "managers",
    "join_requests": False,
    "signup_fields": ["institution"],
}
GROUP: Document = {
    "id": GROUP_ID,
    "name": "Observatory",
    "description": "Everybody who may use the telescope",
    "parent_id": None,
    "group_type": "regular",
    "enforce_session": False,
    "session_limit": 28800,
    "session_timeouts": {},
    "my_memberships": [MEMBERSHIP],
    "policies": POLICIES,
    "subscription_id": None,
    "subscription_info": None,
    "subscription_admin_verified_id": None,
    "terms_and_conditions": None,
}
CHILD: Document = {
    **GROUP,
    "id": CHILD_ID,
    "name": "Night shift",
    "description": None,
    "parent_id": GROUP_ID,
    "my_memberships": [{**MEMBERSHIP, "group_id": CHILD_ID}],
}
SUBSCRIPTION_INFO: Document = {
    "name": "Example University",
    "subscriber_name": "Example University",
    "is_high_assurance": True,
    "is_baa": False,
    "connectors": {CONNECTOR_ID: {"is_ha": True, "is_baa": False}},
}
SUBSCRIBER: Document = {
    **GROUP,
    "id": SUBSCRIBER_ID,
    "name": "Example University",
    "group_type": "plus",
    "enforce_session": True,
    "session_limit": 1800,
    "my_memberships": [{**MEMBERSHIP, "group_id": SUBSCRIBER_ID}],
    "subscription_id": SUBSCRIPTION_ID,
    "subscription_info": SUBSCRIPTION_INFO,
}
ADDED: Document = {"add": [OTHER_MEMBERSHIP]}
#: one action was done, another one was not
PARTLY: Document = {
    **ADDED,
    "errors": {
        "remove": [
            {
                "code": "NO_MEMBERSHIP",
                "detail": "the identity has no membership in the group",
                "identity_id": IDENTITY_ID,
            }
        ]
    },
}
