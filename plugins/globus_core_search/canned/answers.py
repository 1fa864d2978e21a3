"""
Answers and refusals of Globus Search, put together to the sets of methods.
"""

from __future__ import annotations

from globus_core.testing import RegisteredResponse, ResponseList, ResponseSet

from .documents import INDEX_ID, REQUEST_ID

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    Document = dict[str, t.Any]

#: the path of the index that most methods are about
INDEX = f"/v1/index/{INDEX_ID}"

#: the refusals by the names of cases: status, code, what is wrong, more about it
_REFUSALS: dict[str, tuple[int, str, str, Document | None]] = {
    "already_open": (409, "Conflict.IncompatibleIndexStatus", "the index is open", None),
    "bad_offset": (
        400,
        "BadRequest.ValidationError",
        "the offset is too large",
        {"offset": ["must be less than 10000"]},
    ),
    "bad_query": (
        400,
        "BadRequest.ValidationError",
        "the query is not valid",
        {"filters": ["there is no filter of this type"]},
    ),
    "delete_pending": (
        409,
        "Conflict.IncompatibleIndexStatus",
        "the index is marked for deletion",
        None,
    ),
    "forbidden": (
        403,
        "Forbidden.Generic",
        "no role lets you do this",
        {"cause": "your roles on the index do not allow this operation"},
    ),
    "invalid": (
        400,
        "BadRequest.ValidationError",
        "the document is not valid",
        {"ingest_data": ["subject is missing"]},
    ),
    "no_such_entry": (404, "NotFound.Generic", "no such entry is visible to you", None),
    "no_such_index": (404, "NotFound.NoSuchIndex", "there is no index with this id", None),
    "no_such_role": (404, "NotFound.Generic", "there is no role with this id", None),
    "no_such_task": (404, "NotFound.Generic", "there is no task with this id", None),
    "too_large": (413, "RequestEntityTooLarge", "the document is larger than 10 MB", None),
    "trial_limit": (
        409,
        "Conflict.LimitExceeded",
        "you own as many trial indices as there may be",
        {"constraint": "an identity owns 3 trial indices at most"},
    ),
}


def refusal(method: str, path: str, kind: str, /, **told: t.Any) -> RegisteredResponse:
    """
    A refusal, which the metadata describe.

    :param method: the HTTP method
    :param path: the path
    :param kind: what is refused, as the case is named
    :param told: further metadata
    """
    status, code, message, error_data = _REFUSALS[kind]
    body = {
        "@datatype": "GError",
        "@version": "2017-09-01",
        "status": status,
        "code": code,
        "message": message,
        "request_id": REQUEST_ID,
    }
    if error_data is not None:
        body["error_data"] = error_data
    described = {
        "http_status": status,
        "code": code,
        "request_id": REQUEST_ID,
        "error_data": error_data,
        **told,
    }
    return _response(method, path, status, body, described)


def canned(
    method: str,
    path: str,
    body: t.Any,
    /,
    *refusals: str,
    args: Document,
    status: int = 200,
    cases: t.Mapping[str, t.Any] | None = None,
    **told: t.Any,
) -> ResponseSet:
    """
    The set of a method.

    :param method: the HTTP method
    :param path: the path
    :param body: the document of the default case
    :param refusals: the refusals that are cases too
    :param args: the arguments of the client's method that lead to this request
    :param status: the status of the default case
    :param cases: documents of further cases that are no refusals; several in a list are pages
    :param told: what tests want to know beside
    """
    described = {"args": args, **told}
    others: dict[str, t.Any] = {
        name: _pages(method, path, document, described)
        if isinstance(document, list)
        else _response(method, path, status, document, described)
        for name, document in (cases or {}).items()
    }
    others.update({name: refusal(method, path, name, args=args) for name in refusals})
    return ResponseSet(default=_response(method, path, status, body, described), **others)


def _pages(method: str, path: str, documents: t.Iterable[Document], told: Document) -> ResponseList:
    found = [_response(method, path, 200, document, told) for document in documents]
    return ResponseList(*found, metadata=told)


def _response(
    method: str, path: str, status: int, body: t.Any, told: Document
) -> RegisteredResponse:
    return RegisteredResponse(
        service="search", path=path, method=method, status=status, json=body, metadata=told
    )
