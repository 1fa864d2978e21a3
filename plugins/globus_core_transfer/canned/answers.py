"""
Answers and refusals of Globus Transfer, put together to the sets of methods.
"""

from __future__ import annotations

from globus_core.testing import RegisteredResponse, ResponseList, ResponseSet

from .documents import COLLECTION_ID, REQUEST_ID

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    Document = dict[str, t.Any]

#: the refusals by the names of cases: status, code, what is wrong, further fields
_REFUSALS: dict[str, tuple[int, str, str, Document]] = {
    "bad_request": (400, "BadRequest", "a field is missing or wrong", {}),
    "conflict": (409, "Conflict", "the task has ended already", {}),
    "consent_required": (
        403,
        "ConsentRequired",
        "a consent for the collection is missing",
        {
            "required_scopes": [
                "urn:globus:auth:scope:transfer.api.globus.org:all"
                f"[*https://auth.globus.org/scopes/{COLLECTION_ID}/data_access]"
            ]
        },
    ),
    "denied_by_endpoint": (403, "EndpointPermissionDenied", "the collection does not let you", {}),
    "disconnected": (
        502,
        "ExternalError.DirListingFailed.GCDisconnected",
        "the computer with the collection is not connected",
        {},
    ),
    "exists": (502, "ExternalError.MkdirFailed.Exists", "there is something at this path", {}),
    "no_items": (400, "ClientError.BadRequest.NoTransferItems", "there is nothing to do", {}),
    "no_such_endpoint": (404, "EndpointNotFound", "there is no endpoint with this id", {}),
    "no_such_path": (404, "ClientError.NotFound", "there is nothing at this path", {}),
    "not_found": (404, "NotFound", "there is nothing with this id", {}),
    "permission_denied": (403, "PermissionDenied", "you have no role that lets you", {}),
}


def refusal(method: str, path: str, kind: str, /, **told: t.Any) -> RegisteredResponse:
    """
    A refusal, which the metadata describe.

    :param method: the HTTP method
    :param path: the path
    :param kind: what is refused, as the case is usually named
    :param told: further metadata
    """
    status, code, message, more = _REFUSALS[kind]
    body = {"code": code, "message": message, "request_id": REQUEST_ID, "resource": path, **more}
    described = {"http_status": status, "code": code, "request_id": REQUEST_ID, **told}
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
        name: pages(path, document, described)
        if isinstance(document, list)
        else _response(method, path, status, document, described)
        for name, document in (cases or {}).items()
    }
    others.update({name: refusal(method, path, name, args=args) for name in refusals})
    return ResponseSet(default=_response(method, path, status, body, described), **others)


def pages(path: str, documents: t.Iterable[Document], told: Document) -> ResponseList:
    """
    The pages of a list, which are returned in turn.

    :param path: the path
    :param documents: the pages
    :param told: the metadata
    """
    found = [_response("GET", path, 200, document, told) for document in documents]
    return ResponseList(*found, metadata=told)


def _response(
    method: str, path: str, status: int, body: t.Any, told: Document
) -> RegisteredResponse:
    return RegisteredResponse(
        service="transfer", path=path, method=method, status=status, json=body, metadata=told
    )
