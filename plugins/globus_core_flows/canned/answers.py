"""
Answers and refusals of Globus Flows, put together to the sets of methods.
"""

from __future__ import annotations

from globus_core.testing import RegisteredResponse, ResponseList, ResponseSet

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    Document = dict[str, t.Any]
    Matchers = t.Sequence[t.Callable[..., tuple[bool, str]]]

DEBUG_ID = "5b0f6f0c-93a7-4a9e-8a43-2f1d8c6b7e15"


def refusal(
    method: str,
    path: str,
    status: int,
    code: str,
    detail: str | list[Document],
    /,
    message: str | None = None,
    root: Document | None = None,
    **told: t.Any,
) -> RegisteredResponse:
    """
    A refusal, which the metadata describe.

    :param method: the HTTP method
    :param path: the path
    :param status: the status
    :param code: the code
    :param detail: what is wrong, or a list with the places
    :param message: a sentence beside a list, or None
    :param root: members beside the error
    :param told: further metadata
    """
    error: Document = {"code": code, "detail": detail}
    if message is not None:
        error["message"] = message
    body = {**(root or {}), "error": error, "debug_id": DEBUG_ID}
    described = {"http_status": status, "code": code, "request_id": DEBUG_ID, **told}
    return response(method, path, body, status, **described)


def response(
    method: str,
    path: str,
    body: t.Any,
    status: int = 200,
    /,
    match: Matchers | None = None,
    **told: t.Any,
) -> RegisteredResponse:
    """
    One response.

    :param method: the HTTP method
    :param path: the path
    :param body: its document
    :param status: its status
    :param match: what the request must satisfy, or None
    :param told: the metadata
    """
    return RegisteredResponse(
        service="flows",
        path=path,
        method=method,
        status=status,
        json=body,
        match=match,
        metadata=told,
    )


def pages(path: str, key: str, items: list[t.Any], /, **told: t.Any) -> ResponseList:
    """
    A list in pages of one item each, which are returned in turn.

    :param path: the path
    :param key: where its items are
    :param items: the items
    :param told: the metadata
    """
    markers: list[str | None] = [f"marker-{at}" for at in range(1, len(items))]
    documents = [
        listed(key, item, marker=marker)
        for item, marker in zip(items, [*markers, None], strict=True)
    ]
    found = [response("GET", path, document, **told) for document in documents]
    return ResponseList(*found, metadata={"num_pages": len(items), **told})


def listed(key: str, *items: t.Any, marker: str | None = None) -> Document:
    """
    The document of a page.

    :param key: where its items are
    :param items: the items
    :param marker: the marker of the next page, or None
    """
    document: Document = {key: list(items), "marker": marker}
    if key != "web_input_summaries":
        document.update(limit=20, has_next_page=marker is not None)
    return document


def cases(default: RegisteredResponse | ResponseList, **others: t.Any) -> ResponseSet:
    """
    The set of a method.

    :param default: the default case
    :param others: further cases by name
    """
    return ResponseSet(default=default, **others)
