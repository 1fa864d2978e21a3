"""
What Globus Search answers the client's methods, canned for unit tests: by method, then by case.
"""

from __future__ import annotations

from . import documents as doc
from .answers import INDEX, canned

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from globus_core.testing import ResponseSet

_IN_INDEX = {"index_id": doc.INDEX_ID}
_NEW_NAME = {"display_name": doc.INDEX["display_name"]}
_PAGES = [doc.found(doc.VEGA, total=2), doc.found(doc.ALTAIR, offset=1)]
_ACKNOWLEDGED = {"index_id": doc.INDEX_ID, "acknowledged": True}


def _in_index(method: str, path: str, body: t.Any, /, *refusals: str, **more: t.Any) -> ResponseSet:
    args = {**_IN_INDEX, **more.pop("args", {})}
    told = {**_IN_INDEX, **more}
    return canned(method, INDEX + path, body, "no_such_index", *refusals, args=args, **told)


RESPONSE_SETS: t.Mapping[str, ResponseSet] = {
    # indices
    "create_index": canned(
        "POST",
        "/v1/index",
        {**doc.INDEX, "num_subjects": 0, "num_entries": 0},
        "trial_limit",
        args={k: doc.INDEX[k] for k in ("display_name", "description")},
        index_id=doc.INDEX_ID,
    ),
    "update_index": _in_index("PATCH", "", doc.INDEX, "forbidden", args=_NEW_NAME, **_NEW_NAME),
    "delete_index": _in_index("DELETE", "", _ACKNOWLEDGED, "forbidden", "delete_pending"),
    "reopen_index": _in_index("POST", "/reopen", _ACKNOWLEDGED, "forbidden", "already_open"),
    "get_index": _in_index(
        "GET", "", doc.INDEX, cases={"delete_pending": {**doc.INDEX, "status": "delete_pending"}}
    ),
    "index_list": canned(
        "GET",
        "/v1/index_list",
        doc.INDEX_LIST,
        args={},
        cases={"empty": {"index_list": []}},
        index_ids=[doc.INDEX_ID, doc.OTHER_INDEX_ID],
        index_attributes={each["id"]: each for each in doc.INDEX_LIST["index_list"]},
    ),
    # queries
    "search": _in_index(
        "GET",
        "/search",
        doc.found(doc.VEGA),
        "bad_offset",
        args={"q": "vega"},
        cases={"empty": doc.found(), "paginated": _PAGES},
    ),
    "post_search": _in_index(
        "POST",
        "/search",
        doc.found(doc.VEGA),
        "bad_query",
        "bad_offset",
        args={"data": {"q": "vega"}},
        cases={
            "empty": doc.found(),
            "facets": doc.found(doc.VEGA, doc.ALTAIR, **doc.FACETS),
            "paginated": _PAGES,
        },
    ),
    "scroll": _in_index(
        "POST",
        "/scroll",
        doc.LAST_SCROLLED,
        "bad_query",
        args={"data": {"q": "*"}},
        cases={"paginated": [doc.SCROLLED, doc.LAST_SCROLLED]},
        marker=doc.MARKER,
    ),
    # entries
    "ingest": _in_index(
        "POST",
        "/ingest",
        doc.ACCEPTED,
        "forbidden",
        "invalid",
        "too_large",
        args={"data": doc.INGEST},
        status=202,
        task_id=doc.TASK_ID,
    ),
    "delete_by_query": _in_index(
        "POST",
        "/delete_by_query",
        {"task_id": doc.TASK_ID},
        "forbidden",
        "bad_query",
        args={"data": {"q": "vega"}},
        task_id=doc.TASK_ID,
    ),
    "batch_delete_by_subject": _in_index(
        "POST",
        "/batch_delete_by_subject",
        {"task_id": doc.TASK_ID},
        "forbidden",
        args={"subjects": [doc.SUBJECT, doc.OTHER_SUBJECT]},
        task_id=doc.TASK_ID,
    ),
    "get_subject": _in_index(
        "GET", "/subject", doc.VEGA, "no_such_entry", args={"subject": doc.SUBJECT}
    ),
    "delete_subject": _in_index(
        "DELETE",
        "/subject",
        {"task_id": doc.TASK_ID},
        "forbidden",
        args={"subject": doc.SUBJECT},
        task_id=doc.TASK_ID,
    ),
    "get_entry": _in_index(
        "GET", "/entry", doc.ENTRY, "no_such_entry", args={"subject": doc.SUBJECT}
    ),
    "delete_entry": _in_index(
        "DELETE",
        "/entry",
        {"task_id": doc.TASK_ID},
        "forbidden",
        args={"subject": doc.SUBJECT},
        task_id=doc.TASK_ID,
    ),
    # tasks
    "get_task": canned(
        "GET",
        f"/v1/task/{doc.TASK_ID}",
        doc.TASK,
        "no_such_task",
        args={"task_id": doc.TASK_ID},
        cases={"pending": doc.PENDING_TASK, "failed": doc.FAILED_TASK},
    ),
    "get_task_list": canned(
        "GET",
        f"/v1/task_list/{doc.INDEX_ID}",
        {"tasks": [doc.TASK, doc.PENDING_TASK], "index_id": doc.INDEX_ID},
        "no_such_index",
        "forbidden",
        args=_IN_INDEX,
    ),
    # roles
    "create_role": _in_index(
        "POST",
        "/role",
        doc.OTHER_ROLE,
        "forbidden",
        args={"data": {k: doc.OTHER_ROLE[k] for k in ("role_name", "principal")}},
        role_id=doc.OTHER_ROLE_ID,
        role_name=doc.OTHER_ROLE["role_name"],
        identity_id=doc.OTHER_IDENTITY_ID,
    ),
    "get_role_list": _in_index(
        "GET",
        "/role_list",
        {"role_list": [doc.ROLE, doc.OTHER_ROLE]},
        "forbidden",
        role_ids=[doc.ROLE_ID, doc.OTHER_ROLE_ID],
        identity_ids=[doc.IDENTITY_ID, doc.OTHER_IDENTITY_ID],
    ),
    "delete_role": _in_index(
        "DELETE",
        f"/role/{doc.OTHER_ROLE_ID}",
        {"deleted": doc.OTHER_ROLE, "success": True},
        "forbidden",
        "no_such_role",
        args={"role_id": doc.OTHER_ROLE_ID},
        role_id=doc.OTHER_ROLE_ID,
        identity_id=doc.OTHER_IDENTITY_ID,
    ),
}
