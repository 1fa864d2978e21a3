"""
The arguments with which each method of the services' clients was called when
``services_calls.tsv`` was written.
"""

from __future__ import annotations

import copy
import datetime
import inspect
import typing as t

if t.TYPE_CHECKING:
    from collections.abc import Callable

#: what stands for the ids ``<1>``, ``<2>`` and ``<3>`` of the table
ONE = "10000000-0000-4000-8000-000000000001"
TWO = "20000000-0000-4000-8000-000000000002"
THREE = "30000000-0000-4000-8000-000000000003"

FIELDS = {"k": "v", "n": None}
ROLES = ["r1", "r2"]
LIST = ["name DESC", "type"]

#: by the parameter's name
VALUES: dict[str, t.Any] = {
    "actions": {"add": []},
    "activity_notification_policy": {"status": ["FAILED"]},
    "additional_fields": {"af": 1},
    "additional_params": {"p": 1},
    "advanced": True,
    "body": {"in": 1},
    "bookmark_data": {"k": "v"},
    "collection_data": {"k": "v"},
    "data": FIELDS,
    "definition": {"States": {}},
    "description": "E",
    "display_name": "D",
    "endpoint_data": {"k": "v"},
    "entry_id": "e1",
    "filter": {"name": ["a", "~b*"], "type": "dir"},
    "filter_completion_time": (datetime.datetime(2026, 1, 2, 3, 4, 5), ""),
    "filter_endpoint": ONE,
    "filter_endpoint_use": "source",
    "filter_entity_type": "GCP_mapped_collection",
    "filter_flow_id": [ONE, TWO],
    "filter_flow_ids": ONE,
    "filter_fulltext": "ft",
    "filter_host_endpoint": ONE,
    "filter_is_error": True,
    "filter_is_paused": True,
    "filter_local_user": "lu",
    "filter_min_faults": 1,
    "filter_non_functional": False,
    "filter_owner_id": ONE,
    "filter_roles": ROLES,
    "filter_run_ids": ONE,
    "filter_scope": "my-endpoints",
    "filter_states": "open",
    "filter_status": ["ACTIVE", "INACTIVE"],
    "filter_task_id": [ONE, TWO],
    "flow_administrators": ["u"],
    "flow_owner": "u",
    "flow_starters": ["all_authenticated_users"],
    "flow_viewers": ["public"],
    "include": ["memberships", "policies"],
    "include_flow_description": False,
    "input_schema": {},
    "keywords": ["k"],
    "label": "L",
    "last_key": "lk",
    "limit": 7,
    "local_user": "lu",
    "marker": "mk",
    "max_results": 9,
    "message": "msg",
    "newpath": "/b",
    "next_token": "nt",
    "offset": 3,
    "oldpath": "/a",
    "orderby": LIST,
    "page_size": 5,
    "path": "/~/a b/",
    "per_page": 4,
    "q": "query",
    "query_params": {"x": "y"},
    "reverse_order": True,
    "role": "any",
    "role_data": {"k": "v"},
    "role_id": "r1",
    "rule_data": {"k": "v"},
    "rule_id": "a1",
    "run_managers": ["u"],
    "run_monitors": ["u"],
    "server_id": 5,
    "service": "all",
    "show_hidden": True,
    "statuses": ["active", "invited"],
    "storage_gateway": ONE,
    "subject": "s/1 2",
    "subjects": ["s1", "s2"],
    "subscription_admin_verified": True,
    "subscription_id": TWO,
    "subtitle": "st",
    "tags": ["t"],
    "task_ids": [ONE, TWO],
    "timer": {"k": "v"},
    "title": "T",
    "update_credentials": True,
    "update_doc": {"data": {}},
    "update_document": {"data": {}},
    "value": {"a": 1},
}

#: where a client's parameter of this name takes something else
OTHER_VALUES: dict[str, t.Any] = {"GCSClient.filter": ["name", "type"]}

#: what a client is made with, beside the authorizer
CONSTRUCTORS: dict[str, dict[str, str]] = {
    "GCSClient": {"gcs_address": "abc.def.data.globus.org"},
    "SpecificFlowClient": {"flow_id": ONE},
}


def arguments(client: str, method: Callable[..., t.Any], which: str) -> dict[str, t.Any]:
    """
    The arguments of one call.

    :param client: the name of the client's class
    :param method: the client's method, bound
    :param which: ``required`` leaves out what has a default, ``all`` leaves out nothing
    """
    found = {}
    for name, parameter in inspect.signature(method).parameters.items():
        if which == "required" and parameter.default is not parameter.empty:
            continue
        value = OTHER_VALUES.get(f"{client}.{name}", VALUES.get(name, ONE))
        found[name] = copy.deepcopy(value)
    return found
