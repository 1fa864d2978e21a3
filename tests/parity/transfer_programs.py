"""
Programs for Transfer as people write them: each takes the SDK, a client and the service's answers.
"""

from __future__ import annotations

import collections
import typing as t

#: one program: the SDK (``globus_sdk`` or ``globus_core``) and a client that is answered
Program = t.Callable[[t.Any, t.Any], t.Any]

A, B = "10000000-0000-4000-8000-00000000000a", "10000000-0000-4000-8000-00000000000b"
TASK = "20000000-0000-4000-8000-00000000000c"


def synchronise_a_folder(sdk: t.Any, client: t.Any) -> t.Any:
    """Make the destination if it is not there, then transfer what has changed, and wait."""
    said = []
    try:
        client.operation_ls(B, path="/missing/")
    except sdk.TransferAPIError as error:
        said.append((error.http_status, error.code, error.message, error.request_id))
        client.operation_mkdir(B, path="/missing/")
    data = sdk.TransferData(
        source_endpoint=A, destination_endpoint=B, label="sync", sync_level="checksum"
    )
    data.add_item("/from/", "/missing/", recursive=True)
    data.add_filter_rule("*.tmp")
    task = client.submit_transfer(data)
    done = client.task_wait(task["task_id"], timeout=60, polling_interval=15)
    ended = client.get_task(task["task_id"])
    return said, task.data, done, ended["status"], ended["files"], str(ended), dict(data)


def list_all_files(sdk: t.Any, client: t.Any) -> t.Any:
    """Walk through a collection, breadth first."""
    found, waiting = [], collections.deque(["/"])
    while waiting:
        folder = waiting.popleft()
        for item in client.operation_ls(A, path=folder, orderby=["type", "name"]):
            path = folder + item["name"]
            found.append((path, item["size"]))
            if item["type"] == "dir":
                waiting.append(path + "/")
    only = client.operation_ls(
        A, "/", filter={"name": "~*.txt", "type": ["file"]}, show_hidden=False, limit=5
    )
    several = client.operation_ls(A, "/", filter=["name:a", {"type": "dir"}])
    return found, [item["name"] for item in only], len(list(several)), several["DATA"][0]


def submit_again_after_a_consent(sdk: t.Any, client: t.Any) -> t.Any:
    """The same document, so that there is one task."""
    data = sdk.TransferData(A, B, deadline="2030-01-01", notify_on_succeeded=False)
    data.add_item("/consent", "/b")
    scopes = []
    try:
        client.submit_transfer(data)
    except sdk.TransferAPIError as error:
        if not error.info.consent_required:
            raise
        scopes = error.info.consent_required.required_scopes
        data["DATA"][0]["source_path"] = "/a"
    again = client.submit_transfer(data)
    return scopes, again["code"], again["submission_id"] == data["submission_id"]


def share_a_folder(sdk: t.Any, client: t.Any) -> t.Any:
    """With rules of the guest collection."""
    rule = {
        "DATA_TYPE": "access",
        "principal_type": "identity",
        "principal": A,
        "path": "/shared/",
        "permissions": "r",
    }
    rule_id = client.add_endpoint_acl_rule(B, rule)["access_id"]
    client.update_endpoint_acl_rule(B, rule_id, {"permissions": "rw"})
    rules = {each["id"]: each["permissions"] for each in client.endpoint_acl_list(B)}
    one = client.get_endpoint_acl_rule(B, rule_id)
    gone = client.delete_endpoint_acl_rule(B, rule_id)
    refused = []
    try:
        client.add_endpoint_acl_rule(B, {**rule, "path": "/denied/"})
    except sdk.GlobusAPIError as error:
        refused = [error.http_status, error.code, [each.code for each in error.errors]]
    return rules, one.get("principal"), gone["code"], refused, "path" in one, bool(one)


def report_on_tasks(sdk: t.Any, client: t.Any) -> t.Any:
    """All pages of all lists."""
    tasks = list(client.paginated.task_list(filter="status:SUCCEEDED", orderby="label").items())
    files = [
        item["source_path"]
        for page in client.paginated.task_successful_transfers(TASK)
        for item in page["DATA"]
    ]
    events = list(client.paginated.task_event_list(TASK, query_params={"filter": "is_error:1"}))
    skipped = list(client.paginated.task_skipped_errors(TASK).items())
    return [task["task_id"] for task in tasks], files, len(events), skipped


def clean_up_as_a_manager(sdk: t.Any, client: t.Any) -> t.Any:
    """Cancel what others do on an endpoint."""
    pages = client.paginated.endpoint_manager_task_list(
        filter_status=("ACTIVE", "INACTIVE"),
        filter_endpoint=A,
        filter_endpoint_use="destination",
        filter_completion_time=("2026-01-01", "2026-02-01"),
    )
    ids = [task["task_id"] for task in pages.items()]
    cancel = client.endpoint_manager_cancel_tasks(ids, "maintenance")
    status = client.endpoint_manager_cancel_status(cancel["id"])
    rules = [rule["id"] for rule in client.endpoint_manager_pause_rule_list(filter_endpoint=A)]
    misuse = []
    try:
        client.endpoint_manager_task_list(filter_endpoint_use="source")
    except sdk.GlobusSDKUsageError as error:
        misuse = [base.__name__ for base in type(error).__mro__]
    return ids, status["done"], rules, misuse


def search_and_bookmark(sdk: t.Any, client: t.Any) -> t.Any:
    """Find collections, and keep the first."""
    found = client.endpoint_search("sky", filter_scope="shared-with-me", limit=2)
    every = list(client.paginated.endpoint_search("sky").items())
    first = next(iter(found))
    document = {"name": "sky", "endpoint_id": first["id"], "path": "/~/"}
    bookmark = client.create_bookmark(document)
    names = [each["name"] for each in client.bookmark_list()]
    changed = client.update_bookmark(bookmark["id"], {"name": "sky 2"})
    client.delete_bookmark(bookmark["id"])
    server = client.get_endpoint_server(first["id"], 5)
    return len(every), names, changed.http_status, server["hostname"], found["has_next_page"]


def delete_and_cancel(sdk: t.Any, client: t.Any) -> t.Any:
    """Delete a folder, look at the task, change it, cancel it."""
    data = sdk.DeleteData(
        A, recursive=True, label="old", ignore_missing=True, additional_fields={"x": 1}
    )
    data.add_item("/old/")
    task = client.submit_delete(data)
    client.update_task(task["task_id"], {"label": "older"})
    canceled = client.cancel_task(task["task_id"])
    pause = client.task_pause_info(task["task_id"], query_params={"x": "y"})
    items = list(data.iter_items())
    return task["task_id"], canceled["code"], pause.data, items, isinstance(data, dict)


def wrong_arguments(sdk: t.Any, client: t.Any) -> t.Any:
    """The errors that programs catch."""

    def kinds(call: t.Callable[[], t.Any]) -> list[str]:
        try:
            call()
        except Exception as error:
            return [
                each.__name__
                for each in (ValueError, sdk.GlobusError, TypeError)
                if isinstance(error, each)
            ]
        return ["no error"]

    return [
        kinds(lambda: client.task_wait(TASK, timeout=0)),
        kinds(lambda: client.task_wait(TASK, polling_interval=0)),
        kinds(lambda: client.create_tunnel({})),
        kinds(lambda: client.add_app_data_access_scope(A)),
        kinds(lambda: client.paginated.operation_ls(A)),
        "ValueError" in kinds(lambda: sdk.TransferData(A, B, sync_level="all")),
    ]


def open_a_tunnel(sdk: t.Any, client: t.Any) -> t.Any:
    """And close it."""
    from importlib import import_module

    data = import_module(f"{sdk.__name__}.services.transfer.data")
    tunnel = data.CreateTunnelData(A, B, label="live", submission_id=TASK, lifetime_mins=5)
    made = client.create_tunnel(tunnel)
    tunnel_id = made["data"]["id"]
    client.update_tunnel(tunnel_id, {"data": {"attributes": {"state": "STOPPING"}}})
    events = client.get_tunnel_events(tunnel_id)["data"]
    ids = [each["id"] for each in client.list_tunnels()]
    return tunnel_id, ids, events, client.delete_tunnel(tunnel_id).data


def ask_an_app_for_access(sdk: t.Any, client: t.Any) -> t.Any:
    """What the next login will ask for."""
    from importlib import import_module

    config = import_module(f"{sdk.__name__}.globus_app").GlobusAppConfig
    storage = import_module(f"{sdk.__name__}.token_storage").MemoryTokenStorage()
    app = sdk.UserApp("a-program", client_id=A, config=config(token_storage=storage))
    with_app = sdk.TransferClient(app=app)
    with_app.add_app_data_access_scope(A).add_app_data_access_scope([B])
    asked = app.scope_requirements[sdk.TransferClient.resource_server]
    parser = import_module(f"{sdk.__name__}.scopes").ScopeParser
    (scope,) = parser.merge_scopes(asked, [])
    needs = sorted(str(each) for each in scope.dependencies)
    return scope.scope_string, needs, sdk.TransferClient.default_scope_requirements != []


PROGRAMS: tuple[Program, ...] = (
    synchronise_a_folder,
    list_all_files,
    submit_again_after_a_consent,
    share_a_folder,
    report_on_tasks,
    clean_up_as_a_manager,
    search_and_bookmark,
    delete_and_cancel,
    wrong_arguments,
    open_a_tunnel,
    ask_an_app_for_access,
)
