"""
The documents in the answers of Globus Flows. All ids are made up.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    Document = dict[str, t.Any]

FLOW_ID = "a54f2c7e-08c1-4a7b-9d5c-6a1d3f7be204"
OTHER_FLOW_ID = "0c7f3a58-4f6e-4a0d-b6c5-98e3d1a2f741"
RUN_ID = "e9a3b6d0-51f8-4c92-8f0e-7d24c6ab1935"
WEB_INPUT_ID = "3f7d9a12-6b5c-4e8f-a1d0-c4b2e7f90836"
API_ID = "b81c5e0f-2d94-4763-9ae8-50f6d3c7a142"
APPROVE_ID = "71e4c0b9-8a3f-4d26-b5e7-1f90c2d8a653"
REJECT_ID = "d205f8e6-9c17-4b3a-8e41-a6c7b90d5f32"
SUBSCRIPTION_ID = "4c1e7a93-b058-4f2d-96ae-d3780f5b2c61"
POLICY_ID = "96b0d7e2-3f4a-4158-8c6d-e27a19f05b83"
SOURCE_ID = "2c1f9be4-70d8-4a5b-9f36-e5a84d2b17c0"
DESTINATION_ID = "b6e07d52-1c4f-4893-a0de-57f2c938e614"

_OWNER = "urn:globus:auth:identity:5f9c2d1e-77b3-4e08-a6f1-0c8d4e3b9a27"
_COLLEAGUE = "urn:globus:auth:identity:c8e71b40-2a9d-4f65-93be-6d0a5f1c7e38"
_GROUP = "urn:globus:groups:id:1d6a9f73-e2c5-4b80-b7f4-8e3c0a5d2916"
_FLOW_URL = f"https://flows.globus.org/flows/{FLOW_ID}"
_CREATED = "2026-03-01T09:30:00.000000+00:00"
_STARTED = "2026-03-02T10:00:00.000000+00:00"
_ENDED = "2026-03-02T10:04:30.000000+00:00"

DEFINITION: Document = {
    "Comment": "Copy the images of a night",
    "StartAt": "Copy",
    "States": {
        "Copy": {
            "Type": "Action",
            "ActionUrl": "https://transfer.actions.globus.org/transfer",
            "Parameters": {
                "source_endpoint": SOURCE_ID,
                "destination_endpoint": DESTINATION_ID,
                "DATA": [{"source_path.$": "$.path", "destination_path": "/archive/"}],
            },
            "ResultPath": "$.Copied",
            "End": True,
        }
    },
}
#: without ``End`` or ``Next``
INVALID_DEFINITION: Document = {
    **DEFINITION,
    "States": {
        "Copy": {key: value for key, value in DEFINITION["States"]["Copy"].items() if key != "End"}
    },
}
INPUT_SCHEMA: Document = {
    "type": "object",
    "properties": {"path": {"type": "string"}},
    "required": ["path"],
    "additionalProperties": False,
}
INPUT: Document = {"path": "/~/nebulae/"}
_TRANSFER_ALL = "urn:globus:auth:scope:transfer.api.globus.org:all"
VALID: Document = {"scopes": {"User": [_TRANSFER_ALL]}}

_ROLES: Document = {
    "flow_owner": _OWNER,
    "flow_viewers": ["public"],
    "flow_starters": ["all_authenticated_users"],
    "flow_administrators": [_COLLEAGUE],
    "run_managers": [],
    "run_monitors": [_GROUP],
    "visible_to": ["public"],
    "runnable_by": ["all_authenticated_users"],
    "administered_by": [_COLLEAGUE],
}
FLOW: Document = {
    "id": FLOW_ID,
    "title": "Archive a night",
    "subtitle": "From the telescope to the archive",
    "description": "",
    "keywords": ["images"],
    "definition": DEFINITION,
    "input_schema": INPUT_SCHEMA,
    "globus_auth_scope": (
        f"https://auth.globus.org/scopes/{FLOW_ID}/flow_{FLOW_ID.replace('-', '_')}_user"
    ),
    "globus_auth_username": f"{FLOW_ID}@clients.auth.globus.org",
    "principal_urn": f"urn:globus:auth:identity:{FLOW_ID}",
    "flow_url": _FLOW_URL,
    "action_url": _FLOW_URL,
    "synchronous": False,
    "log_supported": True,
    "types": ["Action"],
    "api_version": "1.0",
    "created_at": _CREATED,
    "updated_at": _CREATED,
    "created_by": _OWNER,
    "user_role": "flow_owner",
    "subscription_id": None,
    "authentication_policy_id": None,
    **_ROLES,
}
OTHER_FLOW: Document = {**FLOW, "id": OTHER_FLOW_ID, "title": "Archive a year"}
DELETED: Document = {**FLOW, "DELETED": True, "deleted_at": _ENDED}
#: what a caller sends to create the flow
NEW_FLOW: Document = {
    "title": FLOW["title"],
    "definition": DEFINITION,
    "input_schema": INPUT_SCHEMA,
    "subtitle": FLOW["subtitle"],
    "flow_viewers": ["public"],
    "flow_starters": ["all_authenticated_users"],
    "flow_administrators": [_COLLEAGUE],
}


def run(status: str, code: str, description: str, **details: t.Any) -> Document:
    """
    A run.

    :param status: its status
    :param code: the code of its details
    :param description: their text
    :param details: their further members
    """
    has_ended = status in {"SUCCEEDED", "FAILED"}
    return {
        "run_id": RUN_ID,
        "action_id": RUN_ID,
        "flow_id": FLOW_ID,
        "flow_title": FLOW["title"],
        "flow_last_updated": _CREATED,
        "start_time": _STARTED,
        "completion_time": _ENDED if has_ended else None,
        "status": status,
        "display_status": status,
        "details": {"code": code, "description": description, **details},
        "created_by": _OWNER,
        "run_owner": _OWNER,
        "run_managers": [_COLLEAGUE],
        "run_monitors": [_GROUP],
        "manage_by": [_COLLEAGUE],
        "monitor_by": [_GROUP],
        "user_role": "run_owner",
        "label": "the night of 1 March",
        "tags": ["nebulae"],
    }


STARTED = run("ACTIVE", "FlowStarting", "The flow is about to run", details={"input": INPUT})
SUCCEEDED = run("SUCCEEDED", "FlowSucceeded", "The flow has run", output={"input": INPUT})
CANCELED = run("FAILED", "FlowCanceled", "The run was canceled by a user", details={})
INACTIVE = run(
    "INACTIVE",
    "ConsentRequired",
    "A consent is missing; give it, and resume the run",
    authorization_parameters={
        "session_message": "the flow needs a consent",
        "required_scopes": [f"{FLOW['globus_auth_scope']}[{_TRANSFER_ALL}]"],
    },
)
RUN_OF_OTHER = {**SUCCEEDED, "flow_id": OTHER_FLOW_ID, "flow_title": OTHER_FLOW["title"]}
RUN_DEFINITION: Document = {
    "flow_id": FLOW_ID,
    "definition": DEFINITION,
    "input_schema": INPUT_SCHEMA,
}
WITH_DESCRIPTION: Document = {
    **SUCCEEDED,
    "flow_description": {
        name: FLOW[name]
        for name in ("title", "subtitle", "description", "keywords", "created_at", "updated_at")
    },
}


def entry(at: str, code: str, description: str, **details: t.Any) -> Document:
    """
    An entry of a run's log.

    :param at: its time, from minutes on
    :param code: its code
    :param description: its text
    :param details: its details
    """
    time = f"2026-03-02T10:{at}.000000+00:00"
    return {"time": time, "code": code, "description": description, "details": details}


_COPY = {"state_name": "Copy", "state_type": "Action"}
LOG = [
    entry("00:00", "FlowStarted", "The flow has started", input=INPUT),
    entry("00:01", "ActionStarted", "State Copy of type Action has started", **_COPY),
    entry("04:29", "ActionCompleted", "State Copy of type Action has ended", **_COPY),
    entry("04:30", "FlowSucceeded", "The flow has run", output={"input": INPUT}),
]

WEB_INPUT_SUMMARY: Document = {
    "id": WEB_INPUT_ID,
    "status": "open",
    "user_roles": ["viewer", "respondent"],
    "input_type": "selection",
    "title": "Are the images sharp?",
    "flow": {"id": FLOW_ID, "title": FLOW["title"]},
    "run": {"id": RUN_ID, "label": SUCCEEDED["label"]},
    "created_timestamp": _STARTED,
    "edited_timestamp": _STARTED,
    "closed_timestamp": None,
}
_OPTIONS = [
    {"option_id": APPROVE_ID, "label": "Yes", "description": "Go on"},
    {"option_id": REJECT_ID, "label": "No", "description": "Stop"},
]
WEB_INPUT: Document = {
    **{key: value for key, value in WEB_INPUT_SUMMARY.items() if key != "title"},
    "context": {
        "title": WEB_INPUT_SUMMARY["title"],
        "presentation_style": "text",
        "text": "All 40 images are there.",
    },
    "input_schema": {
        "type": "string",
        "oneOf": [
            {"const": one["option_id"], "title": one["label"], "description": one["description"]}
            for one in _OPTIONS
        ],
    },
    "options": _OPTIONS,
    "roles": {"viewer_urns": [_GROUP], "respondent_urns": [_OWNER]},
    "creator_urn": _OWNER,
}
CLOSED_WEB_INPUT: Document = {**WEB_INPUT, "status": "closed", "closed_timestamp": _ENDED}
TABLE_WEB_INPUT: Document = {
    **WEB_INPUT,
    "context": {
        "title": WEB_INPUT_SUMMARY["title"],
        "presentation_style": "table",
        "rows": [{"field": "orion.fits", "value": "sharp"}],
    },
}

API_SUMMARY: Document = {
    "id": API_ID,
    "name": "image-catalog",
    "description": "The catalog of all images",
    "created_timestamp": _CREATED,
    "updated_timestamp": _CREATED,
}
API: Document = {
    **API_SUMMARY,
    "roles": {"owners": [_OWNER], "administrators": [_COLLEAGUE], "viewers": []},
    "target": {
        "type": "openapi",
        "openapi_version": "3.1",
        "destination": {"method": "get", "url": "https://catalog.example.org/images/{image}"},
        "specification": {
            "summary": "An image",
            "parameters": [
                {"name": "image", "in": "path", "required": True, "schema": {"type": "string"}}
            ],
            "responses": {"200": {"description": "The image's record"}},
        },
        "transforms": None,
        "components": {"schemas": {}},
    },
    "data_templates": {
        "request": {"template": {"path": {"$T_ref": "$"}}},
        "response": {"2XX": {"template": {"$T_ref": "$.body"}, "type": "success"}},
    },
    "state_input_schema": {
        "type": "object",
        "properties": {"image": {"type": "string"}},
        "required": ["image"],
    },
    "status": "ACTIVE",
    "subscription_id": SUBSCRIPTION_ID,
    "edited_timestamp": None,
    "scheduled_deletion_timestamp": None,
}
